"""`standardise.lead_source`: a closed list, whatever language the lead's source is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Attempt, Failed
from lustrum_plugins.standardise.lead_source import STRATEGIES, lead_source
from lustrum_plugins.standardise.source_words import bare, broader, concepts_of, usual_list
from lustrum_plugins.standardise.word_tables import rows

FIRST, SECOND = Attempt(1, STRATEGIES[:1]), Attempt(2, STRATEGIES[:2])


@pytest.mark.parametrize("value", usual_list())
def test_a_value_of_our_list_is_right_as_it_is(value: str) -> None:
    assert lead_source(value) == Answer(value, "")


@pytest.mark.parametrize("row", rows("source_words"), ids=lambda row: row["text"])
def test_every_word_means_its_concept_or_is_ambiguous(row: dict[str, str]) -> None:
    said = lead_source(row["text"])
    if isinstance(said, Failed):
        assert said.code == "ambiguous"
        assert set(row["concept"].split("|")) <= set(said.candidates)
    else:
        assert said.value == row["concept"]


def test_no_word_means_two_things() -> None:
    apart = {bare(row["text"]): row["concept"] for row in rows("source_words")}
    assert [row for row in rows("source_words") if apart[bare(row["text"])] != row["concept"]] == []


def test_each_attempt_reaches_further() -> None:
    said = [lead_source("Referal", attempt=attempt) for attempt in (FIRST, SECOND, Attempt())]
    assert [isinstance(each, Answer) for each in said] == [False, False, True]
    assert isinstance(lead_source("Messe", attempt=FIRST), Failed)
    assert isinstance(lead_source("Messe", attempt=SECOND), Answer)


def test_two_values_that_mean_the_same_are_both_candidates() -> None:
    said = lead_source("Messe", values=("Fair", "Expo", "Web"))
    assert isinstance(said, Failed)
    assert said.candidates == ("Fair", "Expo")


def test_a_slip_is_mended_in_a_value_only_your_list_has() -> None:
    said = lead_source("Acme Conect", values=("Acme Connect", "Web"))
    assert isinstance(said, Answer)
    assert (said.value, said.reason) == ("Acme Connect", "a slip in “Acme Connect”")


def test_a_slip_between_two_values_is_not_mended() -> None:
    assert isinstance(lead_source("Region East", values=("Region West", "Region Best")), Failed)


def test_a_detail_is_not_dropped() -> None:
    said = lead_source("Trade Show - Hanover 2024")
    assert isinstance(said, Failed)
    assert (said.code, said.candidates) == ("not_in_the_list", ("Trade Show",))


def test_what_is_broader_than_both_is_broader() -> None:
    assert broader(frozenset({"Paid Search", "Paid Social"})) == {"Advertising"}
    assert broader(frozenset()) == frozenset()


@given(st.text(max_size=30), st.sampled_from([(), ("Tradeshow", "Online", "Call")]))
def test_the_answer_is_always_a_value_of_the_list(text: str, values: tuple[str, ...]) -> None:
    said = lead_source(text, values=values)
    assert isinstance(said, Failed) or said.value in (values or usual_list())


def test_a_list_may_say_what_we_have_no_word_for() -> None:
    assert concepts_of("Acme Connect") == frozenset()
    assert isinstance(lead_source("acme-connect", values=("Acme Connect",)), Answer)
