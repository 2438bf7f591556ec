"""`qualification: when changed`: a lead that is as it was is spared, and its row still gets what was written."""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.journal.batch_parts import WHOLE_TRAIL
from lustrum.running.journal.journal import Journal
from lustrum.running.summary import Summary
from lustrum.running.undoing.partial_undo import undo_part
from lustrum.running.undoing.selecting import Selection
from lustrum.words.errors import ProjectError, RunInterrupted

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]

WHEN_CHANGED = "qualification: when changed\n"
SCORED = "fields: {score: integer, note: text}\nlists: [hot]\n"
FLOW = (
    "{use: probe.tidy, reads: {value: country}}",
    '{use: change.value, with: {field: note, value: "from {{lead.country}}"}}',
    '{use: change.score, with: {change: "+5"}, when: "country = \'de\'"}',
    "{use: list.add, with: {list: hot}, when: \"country = 'it'\"}",
    '{use: moment.record, with: {type: Web, text: "{{lead.country}}"}}',
    "{use: change.value, id: late, with: {field: country, value: zz}, when: \"note = 'from fr' AND score > 2\"}",
)
"""Not in fixpoint after one night: the last entry writes what the second has read, scores and lists are read."""


@pytest.fixture
def nightly(project: Project) -> Callable[..., Path]:
    """Write a project whose campaign takes a lead when it has changed."""

    def write(leads: str, *flow: str, more: str = "", settings: str = SCORED) -> Path:
        root = project(leads, *flow, settings=settings)
        path = root / "campaigns" / "nightly.yaml"
        path.write_text(path.read_text() + WHEN_CHANGED + more)
        return root

    return write


def table(*rows: str) -> str:
    return "id,country,score\n" + "".join(f"{row}\n" for row in rows)


LEADS = table("1,DE,1", "2,IT,2", "3,no?,3", "4,FR,")


def test_a_lead_that_is_as_it_was_is_spared(nightly: Project, run: Run, outputs: Outputs) -> None:
    root = nightly(LEADS, *FLOW)
    assert run(root, "r1").totals.spared == 0
    written = outputs(root)["leads.csv"]
    assert run(root, "r2").totals.spared == 0, "their moments and scores have changed what is known of them"
    again = run(root, "r3")
    assert again.totals.spared == 3, "the lead in quarantine is due again"
    assert outputs(root)["leads.csv"] == written
    assert again.totals.outcomes["nightly > probe.tidy"] == {"failed": 1}


def test_only_what_changed_goes_through(nightly: Project, run: Run, rows: Callable[..., list[dict[str, str]]]) -> None:
    root = nightly(LEADS, *FLOW)
    run(root, "r1")
    run(root, "r2")
    (root / "leads.csv").write_text(LEADS.replace("4,FR", "4,AT"))
    assert run(root, "r3").totals.spared == 2
    assert [lead["country"] for lead in rows(root)] == ["de", "it", "no?", "at"]
    assert [change["key"] for change in rows(root, "changes") if change["field"] == "country"] == ["4"]
    with Journal.open_ledger(root) as ledger:
        told = [
            frame.filter(pl.col("field") == "country")["key"] for frame in Journal(root, "r3", ledger).read(WHOLE_TRAIL)
        ]
    assert sorted(pl.concat(told)) == ["1", "2", "4"], "of those that were spared an earlier trail tells"


def test_a_source_that_has_taken_the_answers_over_is_as_it_was(nightly: Project, run: Run) -> None:
    root = nightly(LEADS, *FLOW)
    own = str(root / "leads.csv")
    run(root, "r1", out=own)
    written = (root / "leads.csv").read_bytes()
    run(root, "r2", out=own)
    again = run(root, "r3", out=own)
    assert again.totals.spared == 3
    assert (root / "leads.csv").read_bytes() == written


@pytest.mark.parametrize(("step", "effect"), [("moment.record", "moment"), ("change.score", "change.score")])
def test_a_lead_of_which_something_older_was_undone_goes_through_again(
    nightly: Project, run: Run, outputs: Outputs, step: str, effect: str
) -> None:
    """What an undo lets happen again happens, although the last run left nothing of it in the lead's history."""
    root = nightly(LEADS, *FLOW)
    for run_id in ("r1", "r2", "r3"):
        run(root, run_id)
    project = load_project(root)
    undo_part(project, Registry.of_project(project), "r1", Selection(step=step, condition="id = '1'"))
    copy = Path(shutil.copytree(root, root.parent / "copy"))
    spared, full = run(root, "r4"), run(copy, "r4", full=True)
    assert spared.totals.effects == full.totals.effects == {effect: 1}
    assert spared.totals.spared == 2
    assert outputs(root)["leads.csv"] == outputs(copy)["leads.csv"]


def test_full_spares_nobody(nightly: Project, run: Run) -> None:
    root = nightly(LEADS, *FLOW)
    run(root, "r1")
    assert run(root, "r2", full=True).totals.spared == 0
    assert run(root, "r3", full=True).totals.spared == 0
    assert run(root, "r4").totals.spared == 3


@pytest.mark.parametrize("change", ["campaign", "plugin", "decision", "undone"])
def test_what_was_found_under_other_rules_does_not_count(nightly: Project, run: Run, change: str) -> None:
    root = nightly(LEADS, *FLOW)
    run(root, "r1")
    run(root, "r2", dry_run=change == "undone")
    match change:
        case "campaign":
            path = root / "campaigns" / "nightly.yaml"
            path.write_text(path.read_text() + "description: another\n")
        case "plugin":
            path = root / "plugins" / "probe.py"
            path.write_text(path.read_text() + "# another\n")
        case "decision":
            columns = "scope,key,field,before,after,verdict,until,who,when\n"
            (root / "decisions.csv").write_text(columns + "lead,2,country,,XX,always,,,\n")
        case _:
            pass
    assert run(root, "r3").totals.spared == 0


def test_an_answer_counts_as_long_as_it_holds(nightly: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    flow = '{use: change.value, with: {field: note, value: "{{system.date}}"}}'
    root = nightly(LEADS, flow, more="holds: 36 hours\n")
    spared: list[int] = []
    for day in ("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"):
        monkeypatch.setenv("LUSTRUM_NOW", f"{day}T03:00:00+00:00")
        spared.append(run(root, day).totals.spared)
    assert spared == [0, 4, 0, 4]


def edited(text: str, chance: random.Random, night: int) -> str:
    """Edit a file of leads as a night may find it: cells changed, rows added, removed and moved."""
    table = list(csv.DictReader(text.splitlines()))
    for lead in chance.sample(table, 4):
        lead["country"] = chance.choice(["DE", "de", "IT", "no?", "FR", "XX", ""])
    table.pop(chance.randrange(len(table)))
    table.append({**dict.fromkeys(table[0], ""), "id": str(100 + night), "country": "AT", "score": "7"})
    chance.shuffle(table)
    written = io.StringIO()
    writer = csv.DictWriter(written, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return written.getvalue()


@pytest.mark.parametrize("seed", range(int(os.environ.get("LUSTRUM_EXAMPLES", "120")) // 40))
@pytest.mark.parametrize("in_place", [False, True])
def test_the_leads_are_those_of_a_full_run_byte_for_byte(nightly: Project, run: Run, seed: int, in_place: bool) -> None:
    """Whatever is edited between the nights, and at any batch size; `LUSTRUM_EXAMPLES=1200` tries ten times as much."""
    chance = random.Random(seed)  # noqa: S311  # edits are no secrets
    countries = [chance.choice(["DE", "IT", "no?", "FR", ""]) for _ in range(20)]
    root = nightly(table(*(f"{key},{country},{key}" for key, country in enumerate(countries))), *FLOW)
    twin = root.with_name("twin")
    shutil.copytree(root, twin)
    spared = 0
    for night in range(8):
        source = edited((root / "leads.csv").read_text(), chance, night)
        written: list[bytes] = []
        for folder in (root, twin):
            (folder / "leads.csv").write_text(source)
            out = folder / ("leads.csv" if in_place else "out/leads.csv")
            size = chance.choice([1, 3, 100])
            summary = run(folder, f"r{night}", full=folder == twin, batch_size=size, out=str(out))
            spared += summary.totals.spared
            written.append(out.read_bytes())
        assert written[0] == written[1], f"night {night}"
    assert spared > 20


@pytest.mark.parametrize(
    ("flow", "more", "says"),
    [
        ('{use: change.value, with: {field: note, value: "{{system.date}}"}}', "", "reads the clock"),
        ('{use: change.value, with: {field: note, value: x}, when: "seen < now()"}', "", "reads the clock"),
        ("{wait: 3 days}", "", "waits"),
        ("{use: moment.record, with: {type: Web, text: x}, repeat: every 3 days}", "", "happens again after a time"),
        ("{execute: child}", "", "here nightly calls it"),
        ("{use: probe.tidy, reads: {value: country}}", "smart_list: {seen: in past 3 days}\n", "reads the clock"),
    ],
)
def test_what_the_source_does_not_tell_is_refused(nightly: Project, run: Run, flow: str, more: str, says: str) -> None:
    root = nightly(LEADS, flow, more=more, settings="fields: {note: text, seen: date}\n")
    if "child" in flow:
        child = "campaign: child\nkind: executable\nflow: [{use: probe.tidy, reads: {value: country}}]\n"
        (root / "campaigns" / "child.yaml").write_text(child + WHEN_CHANGED)
    with pytest.raises(ProjectError, match=says):
        run(root)


def test_how_long_an_answer_holds_needs_a_campaign_that_waits_for_a_change(project: Project, run: Run) -> None:
    root = project(LEADS, files={}, settings=SCORED)
    path = root / "campaigns" / "nightly.yaml"
    path.write_text(path.read_text() + "holds: 1 day\n")
    with pytest.raises(ProjectError, match='"holds" means nothing with qualification: every time'):
        run(root)


def test_a_run_that_was_killed_spares_the_same_leads(nightly: Project, run: Run) -> None:
    root = nightly(LEADS, *FLOW)
    run(root, "r1")
    run(root, "r2")
    (root / "leads.csv").write_text(LEADS.replace("4,FR", "4,AT").replace("1,DE", "1,^C"))
    with pytest.raises(RunInterrupted):
        run(root, "r3", batch_size=2)
    (root / "leads.csv").write_text(LEADS.replace("4,FR", "4,AT"))
    assert run(root, "r4", batch_size=2).totals.spared == 2


@pytest.fixture
def settled(nightly: Project, run: Run) -> Path:
    """Run a project until its leads are spared."""
    root = nightly(LEADS, *FLOW, settings=SCORED + "guards: {rows: -2}\n")
    for name in ("r1", "r2", "r3"):
        run(root, name)
    return root


@pytest.mark.parametrize("moved", [False, True])
def test_leads_are_spared_in_a_copy_of_the_project_and_where_it_was_moved_to(
    settled: Path, run: Run, outputs: Outputs, moved: bool
) -> None:
    written = outputs(settled)["leads.csv"]
    copy = settled.with_name("copy")
    (shutil.move if moved else shutil.copytree)(settled, copy)
    assert run(copy, "r4").totals.spared == 3
    assert outputs(copy)["leads.csv"] == written


def test_a_copy_of_the_project_knows_how_many_rows_there_were(settled: Path, run: Run) -> None:
    copy = settled.with_name("copy")
    shutil.copytree(settled, copy)
    (copy / "leads.csv").write_text(table("1,DE,1"))
    assert [trip.name for trip in run(copy, "r4").tripped] == ["rows"]


def test_runs_that_were_noted_by_their_whole_path_are_found(settled: Path, run: Run) -> None:
    with sqlite3.connect(settled / ".lustrum" / "ledger.sqlite3") as ledger:
        assert {source for (source,) in ledger.execute("SELECT source FROM runs")} == {"leads.csv"}
        ledger.execute("UPDATE runs SET source = ?", [str(settled / "leads.csv")])
    ledger.close()
    assert run(settled, "r4").totals.spared == 3
    with Journal.open_ledger(settled) as opened:
        assert opened.applied_runs.sources() == [str(settled / "leads.csv")]
        assert [name for name, _ in opened.applied_runs.over(str(settled / "leads.csv"))] == ["r4", "r3", "r2", "r1"]


def test_names_that_an_earlier_journal_told_as_texts_are_read(settled: Path, run: Run) -> None:
    for trail in (settled / ".lustrum" / "runs").glob("*/batch-*/trail.parquet"):
        pl.read_parquet(trail).with_columns(pl.col(pl.Categorical).cast(pl.String)).write_parquet(trail)
    assert run(settled, "r9").totals.spared == 3


def test_a_source_elsewhere_is_another_one(settled: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(LEADS)
    assert run(settled, "r4", leads=str(tmp_path / "leads.csv")).totals.spared == 0
    assert run(settled, "r5").totals.spared == 3


def full_twin(root: Path) -> Path:
    """Copy a project, journal and all."""
    return Path(shutil.copytree(root, root.with_name("twin")))


PLUS = "{use: change.score, with: {change: '+5'}, when: \"country = 'DE'\"}"


@pytest.mark.parametrize("night", [{"out": "leads.csv"}, {}])
def test_where_the_leads_go_is_part_of_what_counts(nightly: Project, run: Run, night: dict[str, str]) -> None:
    """In place the source has what was written; elsewhere it is carried."""
    root = nightly(table("1,DE,1", "2,IT,2"), PLUS, settings="fields: {score: integer}\n")
    source = root / "leads.csv"
    others: dict[str, str] = {} if night else {"out": str(source)}
    written = source.read_bytes()
    for name in ("r1", "r2"):
        run(root, name, **others)
        source.write_bytes(written)
    twin = full_twin(root)
    here = {name: str(root / path) for name, path in night.items()}
    there = {name: str(twin / path) for name, path in night.items()}
    run(root, "r3", **here)
    run(twin, "r3", full=True, **there)
    file = night.get("out", "out/leads.csv")
    assert (root / file).read_bytes() == (twin / file).read_bytes()


def test_a_lead_that_another_source_has_told_more_of_is_due(nightly: Project, run: Run, outputs: Outputs) -> None:
    root = nightly(table("1,DE,1", "2,IT,2"), PLUS, settings="fields: {score: integer}\n")
    (root / "other.csv").write_text(table("1,DE,10"))
    run(root, "r1")
    run(root, "r2")
    run(root, "r3", leads=str(root / "other.csv"), out=str(root / "out" / "other.csv"))
    twin = full_twin(root)
    assert run(root, "r4").totals.spared == 1
    run(twin, "r4", full=True)
    assert outputs(root)["leads.csv"] == outputs(twin)["leads.csv"]


def test_new_keys_of_a_line_stand_in_one_order_whoever_went_through(nightly: Project, run: Run) -> None:
    first = "{use: change.value, id: one, with: {field: a, value: x}, when: \"country = 'DE'\"}"
    second = "{use: change.value, id: two, with: {field: b, value: y}}"
    root = nightly("", first, second, settings="fields: {a: text, b: text}\n")
    lines = '{"id": "1", "country": "DE"}\n{"id": "2", "country": "IT"}\n'
    source, out = root / "leads.ndjson", root / "out.ndjson"
    source.write_text(lines)
    run(root, "r1", leads=str(source), out=str(out))
    source.write_text(lines.replace("IT", "FR"))
    assert run(root, "r2", leads=str(source), out=str(out)).totals.spared == 1
    spared = out.read_bytes()
    run(root, "r3", leads=str(source), out=str(out), full=True)
    assert out.read_bytes() == spared


def test_what_is_replayed_tells_of_no_field_that_is_gone(nightly: Project, run: Run) -> None:
    """Also where only the quarantine is taken through, whatever has changed in the project."""
    note = '{use: change.value, with: {field: note, value: "x {{lead.country}}"}}'
    root = nightly("id,country,note\n1,DE,\n2,no?,\n", "{use: probe.tidy, reads: {value: country}}", note, settings="")
    run(root, "r1")
    (root / "leads.csv").write_text("id,country\n1,DE\n2,IT\n")
    campaign = root / "campaigns" / "nightly.yaml"
    campaign.write_text(campaign.read_text().replace(f"  - {note}\n", ""))
    assert run(root, "r2", only_quarantined=True, full=False).totals.changed == {"country": 2}
    with Journal.open_ledger(root) as ledger:
        trail = pl.concat(Journal(root, "r2", ledger).read(WHOLE_TRAIL))
    assert trail.select("key", "field", "after").rows() == [("2", "country", "it"), ("1", "country", "de")]
