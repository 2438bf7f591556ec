"""`standardise.language`: BCP 47 tags, and a detail is a country, a script or another language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Failed
from lustrum_plugins.standardise.language import language
from lustrum_plugins.standardise.language_names import aliases, by_name
from lustrum_plugins.standardise.language_tags import Tag, read_tag, usual_script

TAGS = st.builds(
    Tag,
    st.sampled_from(["de", "en", "zh", "sr", "pt", "es", "yue"]),
    st.sampled_from(["", "Latn", "Hant"]),
    st.sampled_from(["", "US", "CH", "419"]),
)
CODES = {"placeholder", "ambiguous", "not_a_language"}


def value(said: str | Answer[str] | Failed) -> str:
    assert not isinstance(said, Failed), said
    return said.value if isinstance(said, Answer) else said


@given(TAGS)
def test_a_tag_is_right_as_it_is_in_any_case_and_with_any_mark(tag: Tag) -> None:
    assert language(str(tag)) == str(tag)
    assert {value(language(form)) for form in (str(tag).upper(), str(tag).replace("-", "_"))} == {str(tag)}


@given(st.sampled_from(sorted(aliases())))
def test_every_spelling_of_ours_means_its_languages(name: str) -> None:
    said = language(name)
    meant = {str(tag) for tag in by_name(name)}
    if isinstance(said, Failed):
        assert said.code in ("ambiguous", "placeholder")
        assert set(said.candidates) <= meant
    else:
        assert value(said) in meant | {name}


@given(st.text(max_size=30) | st.text("aedghrmnEn ,/()-_;q=0.5", max_size=20), st.sampled_from(["keep", "drop"]))
def test_any_text_is_answered_and_a_second_pass_changes_nothing(text: str, region: str) -> None:
    said = language(text, region="drop" if region == "drop" else "keep")
    if isinstance(said, Failed):
        assert said.code in CODES
    else:
        assert language(value(said)) == value(said)


@pytest.mark.parametrize("joined", ["{} / {}", "{}, {}", "{} and {}", "{}/{}", "{} ({})", "{} - {}"])
def test_two_languages_are_never_one_with_a_detail(joined: str) -> None:
    said = language(joined.format("English", "German"))
    assert isinstance(said, Failed)
    assert said.candidates == ("de", "en")


def test_a_countrys_code_offers_its_languages() -> None:
    said = language("JP")
    assert isinstance(said, Failed)
    assert said.candidates == ("ja",)


def test_a_region_that_is_gone_is_no_tag() -> None:
    assert read_tag("de-XQ") is None
    assert read_tag("de-Xyzw") is None
    assert usual_script("xx") == ""
