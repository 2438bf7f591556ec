from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lustrum import Answer, Failed
from lustrum.testing import run_step
from lustrum.words.fields import FieldType
from lustrum_plugins.change.score import score


def after(before: int | None, change: str, minimum: int | None = None, maximum: int | None = None) -> int:
    return answer(before, change, minimum, maximum).value


def answer(
    before: int | None,
    change: str,
    minimum: int | None = None,
    maximum: int | None = None,
    reason: str | None = None,
) -> Answer[int]:
    said = score(before, change=change, minimum=minimum, maximum=maximum, reason=reason)
    assert isinstance(said, Answer)
    return said


@pytest.mark.parametrize(
    ("before", "change", "left"),
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
def test_a_change_adds_takes_away_or_sets(before: int | None, change: str, left: int) -> None:
    assert after(before, change) == left


@pytest.mark.parametrize(
    ("before", "change", "left"),
    [
        (100, "-10%", 90),
        (95, "-10%", 85),
        (1, "-10%", 0),
        (-95, "-10%", -85),
        (-1, "-10%", 0),
        (0, "-10%", 0),
        (None, "-10%", 0),
        (80, "-100%", 0),
        (80, "-0%", 80),
        (100, "+5%", 105),
        (50, "+5%", 52),
        (-50, "+5%", -52),
        (19, "+5%", 19),
        (10, "+250%", 35),
    ],
)
def test_a_share_of_the_score_is_rounded_towards_nothing(before: int | None, change: str, left: int) -> None:
    assert after(before, change) == left


@given(before=st.integers(-1000, 1000), percent=st.integers(1, 100))
def test_a_score_that_decays_time_after_time_ends_at_0(before: int, percent: int) -> None:
    steps = 0
    while before:
        decayed = after(before, f"-{percent}%")
        assert abs(decayed) < abs(before)
        assert decayed * before >= 0
        before, steps = decayed, steps + 1
    assert steps <= 1000


@pytest.mark.parametrize(
    ("before", "change", "minimum", "maximum", "left"),
    [
        (98, "+5", None, 100, 100),
        (100, "+5", None, 100, 100),
        (120, "+5", None, 100, 120),
        (120, "-5", None, 100, 115),
        (120, "-30", None, 100, 90),
        (3, "-5", 0, None, 0),
        (-10, "-5", 0, None, -10),
        (-10, "+5", 0, None, -5),
        (-10, "+500", 0, 100, 100),
        (150, "-10%", 0, 100, 135),
        (90, "+50%", 0, 100, 100),
        (-90, "+50%", -100, 100, -100),
        (None, "+5", 0, 3, 3),
        (50, "=150", 0, 100, 100),
        (50, "=-5", 0, 100, 0),
        (50, "=70", 0, 100, 70),
    ],
)
def test_a_change_stops_at_a_limit_and_brings_nobody_back(
    before: int | None, change: str, minimum: int | None, maximum: int | None, left: int
) -> None:
    assert after(before, change, minimum, maximum) == left


@given(
    before=st.integers(-300, 300),
    change=st.integers(-300, 300),
    limits=st.tuples(st.integers(-200, 200), st.integers(-200, 200)).map(sorted),
)
def test_a_limit_never_turns_a_change_round(before: int, change: int, limits: list[int]) -> None:
    minimum, maximum = limits
    left = after(before, f"{change:+d}", minimum, maximum)
    assert min(before, before + change) <= left <= max(before, before + change)
    assert minimum <= left <= maximum or abs(left - before) in (0, abs(change))


@pytest.mark.parametrize(
    ("change", "reason", "said"),
    [
        ("+5", None, "+5"),
        ("+5", "visited pricing", "+5: visited pricing"),
        ("+5", "  ", "+5"),
        ("+5", "visited\n pricing ", "+5: visited pricing"),
        ("-10%", "three months without a visit", "-10%: three months without a visit"),
        ("=0", "sent back", "=0: sent back"),
        ("+50", "trial", "+50, limited to 100: trial"),
        ("=150", None, "=150, limited to 100"),
    ],
)
def test_every_change_carries_its_reason(change: str, reason: str | None, said: str) -> None:
    assert answer(70, change, maximum=100, reason=reason).reason == said


def test_the_reason_stands_in_the_list_of_changes_and_tokens_in_it() -> None:
    leads: list[dict[str, Any]] = [{"score": 10, "page": "pricing"}, {"score": 10, "page": None}]
    run = run_step(score, leads, change="+5", reason="visited {{lead.page:default=us}}")
    assert run.result.trail["reason"].to_list() == ["+5: visited pricing", "+5: visited us"]
    assert score.options.templates == {"reason"}


@given(before=st.integers(-(10**12), 10**12), points=st.integers(0, 10**9 - 1))
def test_taking_away_undoes_adding(before: int, points: int) -> None:
    assert after(after(before, f"+{points}"), f"-{points}") == before


@pytest.mark.parametrize(("before", "change"), [(2**63 - 1, "+1"), (-(2**63), "-1")])
def test_a_sum_beyond_an_integer_field_is_a_failure(before: int, change: str) -> None:
    said = score(before, change=change)
    assert isinstance(said, Failed)
    assert said.code == "out_of_range"


def test_a_limit_keeps_a_sum_within_an_integer_field() -> None:
    assert after(2**63 - 1, "+1", maximum=2**63 - 1) == 2**63 - 1


@pytest.mark.parametrize("change", ["+5", "-5", "=5", "=-5", "+0", "+999999999", " +5 ", "-10%", "+5%"])
def test_the_spellings_of_marketo_are_taken(change: str) -> None:
    assert score.options.validate({"change": change})["change"] == change.strip()


@pytest.mark.parametrize(
    "change", ["5", "", "+", "=", "+-5", "--5", "=+5", "+5.5", "+5 points", "+٥", "+1000000000", "−5", "10%", "=5%"]
)
def test_any_other_spelling_is_refused_with_the_right_ones(change: str) -> None:
    with pytest.raises(ValidationError, match=r"is no change of a score; write \+5 to add, -5 to take away, =5 or =-5"):
        score.options.validate({"change": change})


@pytest.mark.parametrize(
    ("change", "adds_up"),
    [("+5", True), ("-5", True), ("+0", True), ("-10%", True), ("+5%", True), ("=5", False), ("=-5", False)],
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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"change": "-101%"}, '"-101%" is more than the 100% a score can change by'),
        ({"change": "+1000%"}, '"+1000%" is more than the 999% a score can change by'),
        ({"change": "+5", "minimum": "10", "maximum": "5"}, "the maximum 5 is below the minimum 10"),
        ({"change": "+5", "maximum": "many"}, "valid integer"),
    ],
)
def test_changes_and_limits_that_cannot_be_are_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        score.options.validate(options)
    assert message in str(caught.value)
