from __future__ import annotations

import pytest

from lustrum.files.cases import Case, Expectation
from lustrum.words.outcomes import Outcome


@pytest.mark.parametrize(
    "text", ["changed", "unchanged", "skipped", "skipped:empty", "failed", "failed:no_reading", "blocked"]
)
def test_an_outcome_is_printed_as_it_was_written(text: str) -> None:
    assert str(Expectation.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chnaged", 'unknown outcome "chnaged"; did you mean "changed"?'),
        ("ok", 'unknown outcome "ok"; write one of: changed, unchanged, skipped, failed, blocked'),
        ("changed:why", '"changed:why" is no outcome'),
        ("failed:", '"failed:" is no outcome'),
    ],
)
def test_what_is_no_outcome_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        Expectation.parse(text)


def test_a_code_must_be_met_and_no_code_is_met_by_any() -> None:
    assert Expectation.parse("failed").met_by(Outcome.FAILED, "anything")
    assert Expectation.parse("failed: a").met_by(Outcome.FAILED, "a")
    assert not Expectation.parse("failed:a").met_by(Outcome.FAILED, "b")
    assert not Expectation.parse("failed").met_by(Outcome.SKIPPED)


def test_a_case_knows_its_place() -> None:
    assert str(Case("a/x.csv", 3).place) == "a/x.csv:3"
