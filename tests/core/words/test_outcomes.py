"""What a step may say about a lead."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

from lustrum.words.outcomes import KEEP, Answer, Attempt, Failed, Keep, Moment, Outcome, Skip


def test_keep_is_one_thing_wherever_it_goes() -> None:
    assert pickle.loads(pickle.dumps(KEEP)) is copy.deepcopy(KEEP) is KEEP is Keep.KEEP  # noqa: S301  # our own bytes
    assert repr(KEEP) == "KEEP"


def test_an_answer_is_a_value_and_why_it_is_right() -> None:
    answer = Answer("Rome", "alias", {"from": "Roma"}, 0.9)
    assert (answer.value, answer.reason, answer.evidence, answer.certainty) == ("Rome", "alias", {"from": "Roma"}, 0.9)
    assert Answer("Rome") == Answer("Rome", "", {}, None)


def test_answers_do_not_share_their_evidence() -> None:
    assert Answer("a").evidence is not Answer("b").evidence


@pytest.mark.parametrize("said", [Answer("x"), Skip("empty"), Failed("unclear"), Attempt(), Moment("Web", "x")])
def test_what_a_step_says_cannot_be_changed(said: object) -> None:
    assert is_dataclass(said)
    with pytest.raises(FrozenInstanceError):
        setattr(said, fields(said)[0].name, "else")


def test_a_failure_may_name_the_readings_it_hesitates_between() -> None:
    assert Failed("ambiguous", candidates=("IT", "AT")).candidates == ("IT", "AT")
    assert Failed("unclear") == Failed("unclear", "", ())


@pytest.mark.parametrize(
    ("attempt", "tried"),
    [
        (Attempt(1, ("exact",)), [True, False]),
        (Attempt(2, ("exact", "typo")), [True, True]),
        (Attempt(), [True, True]),
        (Attempt(1, ()), [False, False]),
    ],
)
def test_an_attempt_knows_what_it_may_try(attempt: Attempt, tried: list[bool]) -> None:
    assert [attempt.tries(strategy) for strategy in ("exact", "typo")] == tried


def test_the_outcomes_are_these() -> None:
    assert [outcome.value for outcome in Outcome] == ["changed", "unchanged", "skipped", "failed", "blocked"]
