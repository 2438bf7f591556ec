"""Outside calls are answered from the ledger if the run has made them before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lustrum.contracts.terms import BudgetSpent, Terms, on_terms
from lustrum.engine.given import NoCalls
from lustrum.running.calls import JournaledCalls
from lustrum.running.journal.ledger import Ledger
from lustrum.running.journal.records import RunRecord
from lustrum.running.summary import Summary

STEPS = """
@step("probe.ask")
def ask(value: str, *, calls: Calls) -> str:
    def send() -> str:
        heard.append(("sent", value))
        return "answer to " + value.lower()
    return calls.call(value.lower(), send)
"""


class Watch:
    """A clock that goes on only while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def elapsed(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Watch:
    return Watch()


@pytest.fixture
def calls(ledger: Ledger, clock: Watch) -> Callable[[str], JournaledCalls]:
    def of(run: str) -> JournaledCalls:
        if ledger.status(run) is None:
            ledger.begin(RunRecord(run, datetime(2026, 1, 31, tzinfo=UTC), (), "", "leads.csv", "", 1))
        return JournaledCalls(ledger, run, clock)

    return of


def test_the_same_call_is_not_sent_twice(calls: Callable[[str], JournaledCalls]) -> None:
    answers = iter(["first", "second"])
    assert [calls("r1").call("key", lambda: next(answers)) for _ in range(3)] == ["first"] * 3


def test_another_call_is_sent(calls: Callable[[str], JournaledCalls]) -> None:
    assert [calls("r1").call(key, lambda key=key: key.upper()) for key in ("a", "b")] == ["A", "B"]  # type: ignore[misc]  # mypy does not infer a default's type


def test_another_run_sends_again(calls: Callable[[str], JournaledCalls]) -> None:
    assert calls("r1").call("key", lambda: "first") == "first"
    assert calls("r2").call("key", lambda: "second") == "second"


def test_a_call_that_raises_is_not_kept(calls: Callable[[str], JournaledCalls]) -> None:
    def busy() -> str:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        calls("r1").call("key", busy)
    assert calls("r1").call("key", lambda: "answered") == "answered"


def test_an_empty_answer_is_an_answer(calls: Callable[[str], JournaledCalls]) -> None:
    assert calls("r1").call("key", lambda: "") == ""
    assert calls("r1").call("key", lambda: "other") == ""


def test_a_step_is_handed_the_calls_of_the_run(
    project: Callable[..., Path], run: Callable[..., Summary], rows: Callable[..., list[dict[str, str]]]
) -> None:
    """Two inputs with one key: across batches it is sent once."""
    import sys

    root = project("id,country\n1,DE\n2,de\n3,FR\n", "{use: probe.ask, reads: {value: country}}", steps=STEPS)
    run(root, batch_size=1)
    assert [row["country"] for row in rows(root)] == ["answer to de", "answer to de", "answer to fr"]
    assert sys.modules["lustrum_project.probe"].heard == [("sent", "DE"), ("sent", "FR")]


def test_on_terms_the_answer_of_an_earlier_run_counts(calls: Callable[[str], JournaledCalls]) -> None:
    terms = Terms("acme")
    assert calls("r1").on(terms).call("key", lambda: "first") == "first"
    assert calls("r2").on(terms).call("key", lambda: "second") == "first"


def test_an_answer_that_counts_no_more_is_asked_for_again(calls: Callable[[str], JournaledCalls]) -> None:
    never = Terms("acme", counts=lambda answer, age: answer != "first" or age < timedelta(0))
    assert calls("r1").on(never).call("key", lambda: "first") == "first"
    assert calls("r2").on(never).call("key", lambda: "second") == "second"


def test_a_budget_ends_the_calls_of_a_run_but_not_what_is_known(calls: Callable[[str], JournaledCalls]) -> None:
    run, terms = calls("r1"), Terms("acme", budget=1)
    assert run.on(terms).call("a", lambda: "A") == "A"
    with pytest.raises(BudgetSpent, match="this run has made its 1 calls to acme"):
        run.on(terms).call("b", lambda: "B")
    assert run.on(terms).call("a", lambda: "other") == "A"
    assert run.on(Terms("other", budget=1)).call("b", lambda: "B") == "B"


def test_a_budget_of_nothing_lets_only_what_is_kept_count(calls: Callable[[str], JournaledCalls]) -> None:
    calls("r1").on(Terms("acme")).call("a", lambda: "A")
    port = calls("r2").on(Terms("acme", budget=0))
    assert port.call("a", lambda: "other") == "A"
    with pytest.raises(BudgetSpent, match="acme is not to be called, and nothing is kept"):
        port.call("b", lambda: "B")


def test_calls_come_no_faster_than_the_rate(calls: Callable[[str], JournaledCalls], clock: Watch) -> None:
    port = calls("r1").on(Terms("acme", rate=2))
    for key in "abc":
        port.call(key, lambda: "answered")
    assert clock.now == 1.0


def test_a_port_that_keeps_nothing_has_no_terms() -> None:
    port = NoCalls()
    assert on_terms(port, Terms("acme", budget=0)) is port
