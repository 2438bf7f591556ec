"""`standardise.utm`: one click, one spelling."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Failed, Skip
from lustrum.testing import run_step
from lustrum_plugins.standardise.utm import Utm, utm
from lustrum_plugins.standardise.utm_text import NAMES, plain_value

WORDS = st.from_regex(r"w[a-zé]{2,8}( [a-z]{2,8})?", fullmatch=True)


def told(said: Answer[Utm] | Failed | Skip) -> Utm:
    assert isinstance(said, Answer), said
    return said.value


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, WORDS)))
def test_what_an_address_says_is_what_the_fields_get(words: dict[str, str]) -> None:
    assert told(utm(landing_page=f"https://acme.com/?{urlencode(words)}")) == Utm(**words)


@given(WORDS)
def test_coded_once_twice_or_not_it_is_the_same_word(word: str) -> None:
    assert {plain_value(word), plain_value(quote(word)), plain_value(quote(quote(word)))} == {word}


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_read_and_what_was_written_stays(source: str, page: str) -> None:
    first = run_step(utm, [{"utm_source": source, "landing_page": f"?utm_medium={page}"}])
    again = run_step(utm, first.leads)
    assert again.leads == first.leads


def test_a_parameter_told_by_a_field_is_not_mixed_with_those_of_an_address() -> None:
    assert told(utm("bing", landing_page="?utm_source=google&utm_campaign=x")) == Utm("bing")


def test_first_and_last_touch_are_told_apart_by_the_fields_bound() -> None:
    lead = {"first_source": None, "last_source": "Bing", "first_page": "?utm_source=Google"}
    run = run_step(utm, [lead], reads={"utm_source": "first_source", "landing_page": "first_page"})
    assert run.leads[0]["first_source"] == "google"
    assert run.leads[0]["last_source"] == "Bing"
