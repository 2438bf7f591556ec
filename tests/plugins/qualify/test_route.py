"""The way of a lead through a lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.conditions import parse_condition
from lustrum_plugins.qualify.route import Lifecycle, Move
from lustrum_plugins.qualify.stages import Recycle, Stage

ANY = parse_condition("score > 0")
WAY = tuple(Stage(name, ANY) for name in ("Known", "Engaged", "MQL", "SQL"))


def recycled(to: str, *sources: str) -> Recycle:
    return Recycle(to, ANY, sources or None)


def way(*rules: Recycle) -> Lifecycle:
    return Lifecycle(WAY, rules)


def after(moves: Sequence[Move], stage: str | None = None) -> str | None:
    return moves[-1].after if moves else stage


def stops(lifecycle: Lifecycle, stage: str | None, held: str) -> list[str]:
    """Route a lead; `held` has one letter for each stage and rule: `1` where the condition holds."""
    return [move.after for move in lifecycle.moves(stage, [letter == "1" for letter in held])]


@pytest.mark.parametrize(
    ("stage", "held", "expected"),
    [
        (None, "1000", ["Known"]),
        (None, "0000", []),
        (None, "1110", ["Known", "Engaged", "MQL"]),
        ("Known", "1110", ["Engaged", "MQL"]),
        ("Known", "1100", ["Engaged"]),
        ("MQL", "1100", []),
        ("SQL", "1111", []),
        ("Engaged", "0001", ["SQL"]),
        (None, "1010", ["Known", "MQL"]),
        (None, "0010", ["MQL"]),
    ],
)
def test_a_lead_goes_forward_to_the_last_stage_whose_condition_holds(
    stage: str | None, held: str, expected: list[str]
) -> None:
    assert stops(way(), stage, held) == expected


@pytest.mark.parametrize(
    ("stage", "held", "expected"),
    [
        ("MQL", "11101", ["Nurture"]),
        ("Nurture", "11101", []),
        ("Engaged", "11101", []),
        ("Engaged", "11111", ["SQL"]),
        (None, "11101", ["Known", "Engaged"]),
        ("MQL", "11100", []),
        ("Nurture", "11100", ["MQL"]),
        ("Nurture", "11000", ["Engaged"]),
        ("Nurture", "00000", []),
    ],
)
def test_a_rule_takes_leads_from_its_stages_aside_and_holds_them_there(
    stage: str | None, held: str, expected: list[str]
) -> None:
    assert stops(way(recycled("Nurture", "MQL")), stage, held) == expected


@pytest.mark.parametrize("stage", [None, "Known", "MQL", "SQL"])
def test_a_rule_from_anywhere_takes_all_leads_aside(stage: str | None) -> None:
    assert stops(way(recycled("Disqualified")), stage, "11111") == ["Disqualified"]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [("SQL", ["Engaged"]), ("MQL", ["Engaged"]), ("Engaged", []), ("Known", ["Engaged"]), (None, ["Known", "Engaged"])],
)
def test_a_rule_back_to_a_stage_of_the_way_lets_nobody_beyond_it(stage: str | None, expected: list[str]) -> None:
    assert stops(way(recycled("Engaged")), stage, "11111") == expected


def test_a_lead_that_came_back_goes_forward_again_when_the_rule_lets_it_go() -> None:
    rules = way(recycled("Engaged", "MQL"))
    assert stops(rules, "MQL", "11101") == ["Engaged"]
    assert stops(rules, "Engaged", "11100") == ["MQL"]


def test_the_first_rule_that_concerns_a_lead_takes_it_and_one_before_it_may_take_it_on() -> None:
    rules = way(recycled("Disqualified", "Nurture"), recycled("Nurture", "MQL"))
    assert stops(rules, "MQL", "111111") == ["Nurture", "Disqualified"]
    assert stops(rules, "MQL", "111101") == ["Nurture"]
    assert stops(rules, "Disqualified", "111111") == []


def test_stages_are_known_by_name_whatever_the_case() -> None:
    rules = way(recycled("mql "), recycled("Side  Track"))
    assert rules.names == ("Known", "Engaged", "MQL", "SQL", "Side  Track")
    assert (rules.declared(" known"), rules.declared("side track"), rules.declared("Lost")) == (
        "Known",
        "Side  Track",
        None,
    )
    assert stops(rules, "SQL", "111110") == ["MQL"]


def test_a_lead_that_is_taken_to_a_stage_of_the_way_arrives_in_it_too() -> None:
    rule = recycled("Engaged")
    (move,) = way(rule).moves("SQL", [True] * 5)
    assert move.arrivals == (rule, WAY[1])
    assert str(move) == "SQL → Engaged: score > 0"
    assert str(way().moves(None, [True, False, False, False])[0]) == "(none) → Known: score > 0"


_NAMES = [stage.name for stage in WAY] + ["Nurture", "Lost"]
_RULES = st.lists(
    st.builds(
        recycled,
        st.sampled_from(_NAMES),
        st.sampled_from(_NAMES),
        st.sampled_from(_NAMES),
    )
    | st.builds(recycled, st.sampled_from(_NAMES)),
    max_size=5,
)


@given(rules=_RULES, stage=st.sampled_from(["", *_NAMES]), held=st.lists(st.booleans(), min_size=9, max_size=9))
def test_in_the_stage_it_comes_to_a_lead_makes_no_move(rules: list[Recycle], stage: str, held: list[bool]) -> None:
    lifecycle = way(*rules)
    holds = held[: len(WAY) + len(rules)]
    start = lifecycle.declared(stage) if stage else None
    moves = lifecycle.moves(start, holds)
    assert lifecycle.moves(after(moves, start), holds) == ()
    assert all(one.after == next_.before for one, next_ in pairwise(moves))


@given(stage=st.sampled_from(["", *_NAMES[:4]]), held=st.lists(st.booleans(), min_size=4, max_size=4))
def test_without_rules_nobody_goes_back(stage: str, held: list[bool]) -> None:
    start = stage or None
    assert way().place(after(way().moves(start, held), start)) >= way().place(start)
