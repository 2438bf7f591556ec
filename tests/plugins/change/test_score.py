from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lustrum import Failed
from lustrum.words.fields import FieldType
from lustrum_plugins.change.score import score


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        (10, "+5", 15),
        (10, "-5", 5),
        (3, "-5", -2),
        (10, "=5", 5),
        (10, "=-5", -5),
        (10, "=0", 0),
        (None, "+5", 5),
        (None, "-5", -5),
        (None, "=5", 5),
        (0, "+0", 0),
    ],
)
def test_a_change_adds_takes_away_or_sets(before: int | None, change: str, after: int) -> None:
    assert score(before, change=change) == after


@given(before=st.integers(-(10**12), 10**12), points=st.integers(0, 10**9 - 1))
def test_taking_away_undoes_adding(before: int, points: int) -> None:
    added = score(before, change=f"+{points}")
    assert isinstance(added, int)
    assert score(added, change=f"-{points}") == before


@pytest.mark.parametrize(("before", "change"), [(2**63 - 1, "+1"), (-(2**63), "-1")])
def test_a_sum_beyond_an_integer_field_is_a_failure(before: int, change: str) -> None:
    said = score(before, change=change)
    assert isinstance(said, Failed)
    assert said.code == "out_of_range"


@pytest.mark.parametrize("change", ["+5", "-5", "=5", "=-5", "+0", "+999999999", " +5 "])
def test_the_spellings_of_marketo_are_taken(change: str) -> None:
    assert score.options.validate({"change": change})["change"] == change.strip()


@pytest.mark.parametrize(
    "change", ["5", "", "+", "=", "+-5", "--5", "=+5", "+5.5", "+5 points", "+٥", "+1000000000", "−5"]
)
def test_any_other_spelling_is_refused_with_the_right_ones(change: str) -> None:
    with pytest.raises(ValidationError, match=r"is no change of a score; write \+5 to add, -5 to take away, =5 or =-5"):
        score.options.validate({"change": change})


@pytest.mark.parametrize(
    ("change", "adds_up"), [("+5", True), ("-5", True), ("+0", True), ("=5", False), ("=-5", False)]
)
def test_only_what_depends_on_the_score_before_adds_up(change: str, adds_up: bool) -> None:
    assert score.adds_up(score.options.validate({"change": change})) is adds_up


def test_it_reads_and_writes_the_score_unless_told_otherwise() -> None:
    usual = score.options.validate({"change": "+5"})
    named = score.options.validate({"change": "+5", "field": "Behaviour Score"})
    assert (score.fields_read(usual), score.fields_written(usual)) == ({"score": False}, {"score": FieldType.INTEGER})
    assert (score.fields_read(named), score.fields_written(named)) == (
        {"behaviour_score": False},
        {"behaviour_score": FieldType.INTEGER},
    )
