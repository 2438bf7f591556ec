"""Outside calls are answered from the ledger if the run has made them before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lustrum.running.calls import JournaledCalls
from lustrum.running.ledger import Ledger, RunRecord
from lustrum.running.summary import Summary

STEPS = """
@step("probe.ask")
def ask(value: str, *, calls: Calls) -> str:
    def send() -> str:
        heard.append(("sent", value))
        return "answer to " + value.lower()
    return calls.call(value.lower(), send)
"""


@pytest.fixture
def calls(ledger: Ledger) -> Callable[[str], JournaledCalls]:
    def of(run: str) -> JournaledCalls:
        if ledger.status(run) is None:
            ledger.begin(RunRecord(run, datetime(2026, 1, 31, tzinfo=UTC), (), "", "leads.csv", "", 1))
        return JournaledCalls(ledger, run)

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
