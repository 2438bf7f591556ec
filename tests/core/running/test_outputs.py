"""What stands beside the leads: changes, moments, quarantine, rejects."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lustrum import Reject
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.ledger import Ledger
from lustrum.running.journal.records import RunRecord
from lustrum.running.outputs import COLUMNS, side_files
from lustrum.running.summary import Summary
from lustrum.testing import run_campaign

Project = Callable[..., Path]
Run = Callable[..., Summary]
Rows = Callable[..., list[dict[str, str]]]
Outputs = Callable[[Path], dict[str, bytes]]

START = datetime(2026, 1, 31, 3, tzinfo=UTC)
NOTHING = """
campaign: nightly
kind: batch
flow:
  - {use: change.value, with: {field: country, value: DE}}
"""
DESIGNED = {
    "changes": "run,key,field,before,after,step,plugin,version,path,attempt,reason",
    "moments": "run,key,type,text,at,path",
    "alerts": "run,key,to,subject,text,at,path",
    "quarantine": "run,key,step,path,code,message,attempts,field,inputs",
    "rejects": "line,reason,text",
}
ALWAYS = [name for name in DESIGNED if name != "alerts"]
MOMENT = '{use: moment.record, with: {type: Web, text: "{{lead.country}}"}}'
REASONED = """
from lustrum import Answer, Attempt

@step("probe.reasoned", strategies=("one", "two"))
def reasoned(value: str, *, attempt: Attempt) -> Answer[str] | Failed:
    if not attempt.tries("two"):
        return Failed("early")
    return Answer(value.lower(), "lower case", {"from": "a, b"})
"""


def test_the_columns_are_those_of_the_design() -> None:
    assert {name: ",".join(columns) for name, columns in COLUMNS.items()} == DESIGNED


@pytest.mark.parametrize("content", ["id,country\n", "id,country\n1,de\n"])
def test_every_side_file_but_alerts_is_written_even_if_it_has_only_a_header(
    project: Project, run: Run, outputs: Outputs, content: str
) -> None:
    root = project(content)
    run(root)
    sides = {f"leads.{name}.csv": f"{DESIGNED[name]}\n".encode() for name in ALWAYS}
    assert outputs(root) == {"leads.csv": content.encode(), **sides}


def test_side_files_are_of_the_last_run_alone(project: Project, run: Run, rows: Rows) -> None:
    root = project("id,country\n1,DE\n2,no?\n3,FR,too many\n", MOMENT, "{use: probe.tidy, reads: {value: country}}")
    run(root, "r1")
    assert [len(rows(root, name)) for name in ALWAYS] == [1, 2, 1, 1]
    (root / "leads.csv").write_text("id,country\n1,de\n", encoding="utf-8")
    run(root, "r2")
    assert [len(rows(root, name)) for name in ALWAYS] == [0, 1, 0, 0]
    assert {row["run"] for row in rows(root, "moments")} == {"r2"}


def test_a_change_says_who_changed_what_and_why(project: Project, run: Run, rows: Rows) -> None:
    root = project(
        "Id,Land\n1,DE\n",
        "{use: probe.reasoned, id: calm, reads: {value: country}}",
        settings="fields: {country: {column: Land}}\n",
        steps=REASONED,
    )
    run(root)
    (change,) = rows(root, "changes")
    assert len(change.pop("version")) == 8
    assert change == {
        "run": "r1",
        "key": "1",
        "field": "country",
        "before": "DE",
        "after": "de",
        "step": "probe.reasoned",
        "plugin": "probe",
        "path": "nightly > calm",
        "attempt": "2",
        "reason": "lower case (from: a, b)",
    }


def test_every_write_to_a_cell_that_differs_in_the_end_is_listed_lead_by_lead(
    project: Project, run: Run, rows: Rows
) -> None:
    root = project(
        "id,country,city\n1,A,x\n2,B,x\n3,C,\n",
        "{use: change.value, id: first, with: {field: country, value: via}}",
        "{use: change.value, id: other, with: {field: city, value: y}}",
        "{use: change.value, id: second, with: {field: country, value: B}}",
    )
    run(root, batch_size=2)
    listed = [
        (row["key"], row["field"], row["before"], row["after"], row["path"][10:]) for row in rows(root, "changes")
    ]
    assert listed == [
        ("1", "country", "A", "via", "first"),
        ("1", "city", "x", "y", "other"),
        ("1", "country", "via", "B", "second"),
        ("2", "city", "x", "y", "other"),
        ("3", "country", "C", "via", "first"),
        ("3", "city", "", "y", "other"),
        ("3", "country", "via", "B", "second"),
    ]


def test_what_was_written_back_is_no_change(project: Project, run: Run, rows: Rows) -> None:
    root = project(
        "id,country\n1,DE\n",
        "{use: change.value, with: {field: country, value: FR}}",
        "{use: change.value, with: {field: country, value: DE}}",
    )
    summary = run(root)
    assert rows(root, "changes") == []
    assert summary.totals.changed_cells == 0


def test_an_emptied_cell_is_listed_empty(project: Project, run: Run, rows: Rows) -> None:
    root = project("id,country\n1,DE\n", "{use: change.value, with: {field: country}}")
    run(root)
    (change,) = rows(root, "changes")
    assert (change["before"], change["after"]) == ("DE", "")
    assert rows(root) == [{"id": "1", "country": ""}]


def test_a_moment_has_the_start_of_the_run(project: Project, run: Run, rows: Rows) -> None:
    root = project('id,country\n1,"a ""b"", c"\n', MOMENT, settings="timezone: Europe/Berlin\n")
    run(root)
    assert rows(root, "moments") == [
        {
            "run": "r1",
            "key": "1",
            "type": "Web",
            "text": 'a "b", c',
            "at": "2026-01-31T04:00:00+01:00",
            "path": "nightly > moment.record",
        }
    ]


def test_an_effect_that_is_no_moment_is_not_listed(project: Project, run: Run, rows: Rows) -> None:
    root = project(
        "id,score\n1,5\n", '{use: change.score, with: {change: "+5"}}', settings="fields: {score: integer}\n"
    )
    summary = run(root)
    assert rows(root, "moments") == []
    assert summary.totals.effects == {"change.score": 1}


def test_the_quarantine_says_what_could_not_be_finished(project: Project, run: Run, rows: Rows) -> None:
    root = project("id,country\n1,Wo?\n")
    run(root)
    assert rows(root, "quarantine") == [
        {
            "run": "r1",
            "key": "1",
            "step": "probe.tidy",
            "path": "nightly > probe.tidy",
            "code": "unclear",
            "message": "Wo? is a question",
            "attempts": "1",
            "field": "country",
            "inputs": '{"country":"Wo?"}',
        }
    ]
    assert rows(root) == [{"id": "1", "country": "Wo?"}]


def test_rejects_keep_their_line_and_exact_bytes(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(b'id,country\n1,DE\n2,FR,"x ""y"""\n3,\n4\n')
    summary = run(root)
    listed = outputs(root)["leads.rejects.csv"]
    table = list(csv.DictReader(io.StringIO(listed.decode())))
    assert [(row["line"], row["text"]) for row in table] == [("3", '2,FR,"x ""y"""'), ("5", "4")]
    assert all(row["reason"] for row in table)
    assert outputs(root)["leads.csv"] == b"id,country\n1,de\n3,\n"
    assert (summary.totals.leads, summary.totals.rejects.total()) == (2, 2)


def test_the_bytes_of_a_reject_are_not_read_as_text(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(b"\xef\xbb\xbfid,country\r\n1,D\xff\r\n2,FR,\xfe\r\n3,IT\r\n")
    run(root)
    assert b'2,FR,\xfe"' in outputs(root)["leads.rejects.csv"]


def test_a_new_field_becomes_a_last_column(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(
        "id,country\n1,DE\n2,FR\n",
        "{use: change.value, when: \"country = 'FR'\", with: {field: region, value: EMEA}}",
        settings="fields: {region: text}\n",
    )
    run(root, batch_size=1)
    assert outputs(root)["leads.csv"] == b"id,country,region\n1,DE,\n2,FR,EMEA\n"


def test_a_reason_of_any_source_is_one_cell(tmp_path: Path, ledger: Ledger) -> None:
    ledger.begin(RunRecord("r1", START, (), "", "leads.csv", "", 1))
    journal = Journal(tmp_path, "r1", ledger)
    journal.begin()
    result = run_campaign({"campaigns/nightly.yaml": NOTHING}, [{"id": "1", "country": "DE"}]).result
    journal.commit(0, result, [Reject(7, 'cells: 3, not "2"', b"a,b,c")], START)
    (rejects,) = side_files(journal, START.isoformat(), ["rejects"])
    written = rejects.write(tmp_path).read_text(encoding="utf-8")
    assert list(csv.reader(io.StringIO(written)))[1] == ["7", 'cells: 3, not "2"', "a,b,c"]
