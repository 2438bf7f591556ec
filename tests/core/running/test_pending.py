"""Leads that wait for a busy provider go through again, and nobody can tell from what the run writes."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.engine.given import Batch
from lustrum.engine.result import PENDING_SCHEMA, Result
from lustrum.running.journal.batch_parts import Origin
from lustrum.running.journal.journal import Journal
from lustrum.running.pending import Pending
from lustrum.running.summary import Summary
from lustrum.testing import run_campaign
from lustrum.words.errors import RunInterrupted

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]
Rows = Callable[..., list[dict[str, str]]]

BUSY = '''
import json
from pathlib import Path
from lustrum import Transient

answers = json.loads((Path(__file__).parents[1] / "busy.json").read_text())
asked: dict[str, int] = {}


@step("probe.busy")
def busy(value: str) -> str | Failed:
    """Ask a provider that is busy at first: busy.json says how often it is, by value."""
    asked[value] = asked.get(value, 0) + 1
    if asked[value] <= answers.get(value, 0):
        raise Transient("busy", code="too_many_requests")
    return Failed("unclear") if "?" in value else value.lower()
'''
ENTRY = "{use: probe.busy, reads: {value: country}, retry: {transient: {attempts: 3, wait: [5m, 20m], deadline: 2h}}}"
FLOW = (
    "{use: change.value, id: first, with: {field: note, value: seen}}",
    ENTRY,
    '{use: moment.record, with: {type: Web, text: "from {{lead.country}}"}}',
    "{use: change.score, with: {change: +5}}",
)
LEADS = "id,country,note,score\n1,DE,,1\n2,FR,x,\n,IT,,\n3,A?,,3\n2,AT,,\n4,CH,,many\n5,ES,,5\n6,PT,,7\n"
SETTINGS = "fields: {score: integer}\n"


class Watch:
    """A clock that passes the time at once, and tells how long it was made to wait."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def elapsed(self) -> float:
        return self.now


def busy(answers: Mapping[str, int]) -> dict[str, Any]:
    """Give what a project with that provider is written with."""
    return {"steps": BUSY, "files": {"busy.json": json.dumps(answers)}}


def heard() -> dict[str, int]:
    asked: dict[str, int] = sys.modules["lustrum_project.probe"].asked
    return asked


ANSWERS = [
    pytest.param({"DE": 1}, [300.0], id="one lead"),
    pytest.param({"FR": 1, "A?": 1, "PT": 1}, [300.0], id="several, one of which fails"),
    pytest.param({"DE": 2, "CH": 1, "PT": 2}, [300.0, 1200.0], id="twice"),
    pytest.param(dict.fromkeys(("DE", "FR", "A?", "CH"), 1), [300.0], id="all but the last"),
]


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize(("answers", "waits"), ANSWERS)
def test_what_is_written_is_what_would_be_had_the_provider_answered_at_once(
    project: Project, run: Run, outputs: Outputs, size: int, answers: dict[str, int], waits: list[float]
) -> None:
    ends: list[tuple[dict[str, bytes], dict[str, Any], int]] = []
    for busy_at, expected in (({}, []), (answers, waits)):
        root = project(LEADS, *FLOW, settings=SETTINGS, **busy(busy_at))
        watch = Watch()
        summary = run(root, batch_size=size, clock=watch)
        figures = summary.totals.as_dict()
        ends.append((outputs(root), figures, figures.pop("put_off")))
        assert watch.waits == expected
        shutil.rmtree(root)
    assert (ends[0][0], ends[0][1]) == (ends[1][0], ends[1][1])
    assert (ends[0][2], ends[1][2]) == (0, len(answers))


def test_what_the_source_does_not_have_yet_is_not_lost_on_the_way(project: Project, run: Run, outputs: Outputs) -> None:
    """The score of the night before is in the output only, and goes on from there, also for those who wait."""
    written: list[bytes] = []
    for name, answers in (("r1", {}), ("r2", {"DE": 1, "PT": 2})):
        root = project(LEADS.replace("many", ""), *FLOW, settings=SETTINGS, **busy(answers))
        run(root, name, clock=Watch(), batch_size=5)
        written.append(outputs(root)["leads.csv"])
    assert written[0] == written[1]


def test_who_waits_longer_goes_through_later(project: Project, run: Run, rows: Rows) -> None:
    steps = """
from lustrum import Transient

asked: dict[str, int] = {}

@step("probe.busy")
def busy(value: str) -> str:
    asked[value] = asked.get(value, 0) + 1
    heard.append((value, asked[value]))
    if asked[value] == 1:
        raise Transient(retry_after={"DE": 900, "FR": 60, "IT": 900}[value])
    return value.lower()
"""
    entry = "{use: probe.busy, reads: {value: country}, retry: {transient: {attempts: 2, wait: 50s}}}"
    root = project("id,country\n1,DE\n2,FR\n3,IT\n", entry, steps=steps)
    watch = Watch()
    summary = run(root, clock=watch, batch_size=2)
    assert watch.waits == [60.0, 840.0]
    told: list[tuple[str, int]] = sys.modules["lustrum_project.probe"].heard
    assert told[3:] == [("FR", 2), ("DE", 2), ("IT", 2)]
    assert ([row["country"] for row in rows(root)], summary.totals.put_off) == (["de", "fr", "it"], 3)


def test_a_lead_that_has_waited_in_vain_is_in_quarantine_once(project: Project, run: Run, rows: Rows) -> None:
    root = project(LEADS, *FLOW, settings=SETTINGS, **busy({"DE": 9}))
    watch = Watch()
    summary = run(root, clock=watch)
    held = [row for row in rows(root, "quarantine") if row["key"] == "1"]
    assert [(row["code"], row["message"]) for row in held] == [("too_many_requests", "busy")]
    assert (heard()["DE"], watch.waits, summary.totals.leads) == (3, [300.0, 1200.0], 8)


def test_without_waiting_they_fail_at_once(project: Project, run: Run, rows: Rows) -> None:
    root = project(LEADS, *FLOW, settings=SETTINGS, **busy({"DE": 1}))
    watch = Watch()
    summary = run(root, clock=watch, no_wait=True)
    held = [row for row in rows(root, "quarantine") if row["key"] == "1"]
    assert [(row["code"], row["message"]) for row in held] == [("retry_later", "2026-01-31T03:05:00+00:00")]
    assert (watch.waits, summary.totals.put_off) == ([], 0)


def test_guards_and_the_next_run_count_each_lead_once(project: Project, run: Run) -> None:
    leads = "id,country\n" + "".join(f"{number},{'DE' if number % 2 else 'fr'}\n" for number in range(200))
    guards = "guards: {changed: {country: 50%}, rows: 0%}\n"
    for name in ("r1", "r2"):
        root = project(leads, ENTRY, settings=guards, **busy({"DE": 1}))
        summary = run(root, name, clock=Watch(), batch_size=30)
        assert (summary.status, summary.totals.leads, summary.totals.changed_leads) == ("applied", 200, 100)


def test_an_abort_of_those_who_waited_ends_the_run(project: Project, run: Run, outputs: Outputs) -> None:
    entry = ENTRY.replace("country}", "country}, on_fail: abort")
    root = project("id,country\n1,DE\n2,A?\n", entry, **busy({"A?": 1}))
    summary = run(root, clock=Watch(), batch_size=1)
    assert (summary.status, summary.exit_code, outputs(root)) == ("aborted", 3, {})
    assert (summary.aborted or "").endswith("gave up on 1 leads (unclear: no message)")


def test_the_journal_counts_their_rows_where_they_come_from(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n2,FR\n3,IT\n4,AT\n", ENTRY, **busy({"FR": 1, "IT": 1, "AT": 2}))
    run(root, clock=Watch(), batch_size=2)
    with Journal.open_ledger(root) as ledger:
        journal = Journal(root, "r1", ledger)
        assert (ledger.batches("r1"), ledger.further_batches("r1")) == ([(0, 2), (1, 2)], {0: [2], 1: [3, 4]})
        assert journal.batch_sizes() == [2, 2]
        nets = [net.select("row", "key", "after").rows() for net in journal.read("net")]
    assert nets == [[(0, "1", "de"), (1, "2", "fr")], [(0, "3", "it"), (1, "4", "at")]]


def test_some_leads_of_a_batch_are_a_batch() -> None:
    numbers = pl.Series("n", [1, None, 3])
    batch = Batch(
        pl.DataFrame([numbers]), pl.Series("key", list("abc")), pl.Series([None, "key_missing", None]), {"n": numbers}
    )
    some = batch.gather(pl.Series([2, 1], dtype=pl.UInt32))
    assert (some.keys.to_list(), some.trouble.to_list()) == (["c", "b"], [None, "key_missing"])
    assert (some.frame["n"].to_list(), some.raw["n"].to_list()) == ([3, None], [3, None])


NOTHING = "campaign: nightly\nkind: batch\nflow:\n  - {use: change.value, with: {field: note, value: x}}\n"


@pytest.fixture
def result() -> Result:
    return run_campaign({"campaigns/nightly.yaml": NOTHING}, [{"id": key, "note": ""} for key in "abcd"]).result


def test_what_each_lead_has_used_up_is_remembered_at_every_entry(result: Result) -> None:
    batch = Batch(pl.DataFrame({"id": list("abcd")}), result.keys, pl.Series([None] * 4, dtype=pl.String))
    watch, rows = Watch(), pl.Series([10, 11, 12, 13], dtype=pl.UInt32)
    pending = Pending(watch)
    told = [(3, "one", 1, 50.0, 50.0), (1, "one", 2, 90.0, 40.0)]
    frame = pl.DataFrame(told, schema=dict(PENDING_SCHEMA), orient="row")
    pending.put_aside(batch, frame, Origin(7, rows))
    due = pending.due()
    first = next(due)
    assert (first.batch.keys.to_list(), first.origin.batch, first.origin.rows.to_list()) == (["b"], 7, [11])
    one = replace(
        result,
        keys=first.batch.keys,
        pending=pl.DataFrame([(0, "two", 1, 30.0, 10.0)], dict(PENDING_SCHEMA), orient="row"),
    )
    pending.put_aside(first.batch, one.pending, first.origin)
    both = next(due)
    assert (both.batch.keys.to_list(), both.origin.rows.to_list()) == (["b", "d"], [11, 13])
    assert pending.budgets == {("d", "one"): (1, 50.0), ("b", "one"): (2, 90.0), ("b", "two"): (1, 30.0)}
    assert (list(due), watch.waits) == ([], [40.0, 10.0])


def test_time_that_has_passed_meanwhile_is_not_waited_for(result: Result) -> None:
    batch = Batch(pl.DataFrame({"id": list("abcd")}), result.keys, pl.Series([None] * 4, dtype=pl.String))
    watch = Watch()
    pending = Pending(watch)
    frame = pl.DataFrame([(0, "one", 1, 50.0, 50.0)], schema=dict(PENDING_SCHEMA), orient="row")
    pending.put_aside(batch, frame, Origin(0, pl.Series([0, 1, 2, 3], dtype=pl.UInt32)))
    watch.now += 70
    assert [aside.batch.keys.to_list() for aside in pending.due()] == [["a"]]
    assert watch.waits == []


class Killed(Watch):
    """A clock in which a run is interrupted at its nth wait."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._at = at

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if len(self.waits) == self._at:
            raise KeyboardInterrupt


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_run_that_is_interrupted_while_leads_wait_ends_as_an_undisturbed_one(
    project: Project, run: Run, outputs: Outputs, at: int, size: int
) -> None:
    """The provider is as busy as it was, whoever asks: busy.json is counted down by what was asked."""
    answers = {"DE": 2, "CH": 1, "PT": 2}
    root = project(LEADS, *FLOW, settings=SETTINGS, **busy(answers))
    calm = run(root, batch_size=size, clock=Watch())
    wanted = outputs(root)
    shutil.rmtree(root)
    root = project(LEADS, *FLOW, settings=SETTINGS, **busy(answers))
    with pytest.raises(RunInterrupted):
        run(root, batch_size=size, clock=Killed(at))
    left = {value: max(0, times - heard().get(value, 0)) for value, times in answers.items()}
    (root / "busy.json").write_text(json.dumps(left))
    resumed = run(root, batch_size=size, clock=Watch(), resume=True)
    assert outputs(root) == wanted
    assert resumed.totals == calm.totals
