"""The kit's `run_campaign`: a project's campaigns over some leads, without journal or files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lustrum.engine.given import Given, NoWait
from lustrum.planning.registry import Registry
from lustrum.testing import run_campaign
from lustrum.testing.campaigns import MINIMAL, write_project
from lustrum.testing.leads import Row
from lustrum.words.errors import ProjectError

NIGHTLY = """
campaign: nightly
kind: batch
flow:
  - {use: change.value, with: {field: note, value: "{{lead.city}} on {{system.date}}"}}
  - {execute: mark}
"""
MARK = """
campaign: mark
kind: executable
smart_list: "city IS NOT NULL"
flow:
  - {use: moment.record, with: {type: Web, text: "saw {{lead.city}}"}}
"""
FAIL = """
campaign: fail
kind: batch
flow:
  - {use: probe.fail, reads: {value: city}}
"""
FAILING = """
from lustrum import Failed, Step, Transient, hookimpl, step

@step("probe.fail")
def fail(value: str) -> str | Failed:
    if value == "busy":
        raise Transient("busy", retry_after=7)
    return Failed("unclear", value)

@hookimpl
def lustrum_steps() -> list[Step]:
    return [fail]
"""
FILES = {"campaigns/nightly.yaml": NIGHTLY, "campaigns/mark.yaml": MARK}
ROWS = [{"id": "1", "city": "Rome", "note": None}, {"id": "2", "city": None, "note": None}]


def test_a_project_may_be_given_as_texts() -> None:
    run = run_campaign(FILES, ROWS)
    assert run.leads == [
        {"id": "1", "city": "Rome", "note": "Rome on 2026-01-31"},
        {"id": "2", "city": None, "note": " on 2026-01-31"},
    ]
    assert run.outcomes["nightly > change.value"] == ["changed", "changed"]
    assert run.outcomes["nightly > mark"][1] == "skipped:not_qualified"
    assert run.outcomes["nightly > mark > moment.record"] == ["unchanged", ""]


def test_a_project_may_be_a_folder(tmp_path: Path) -> None:
    run = run_campaign(write_project(tmp_path, FILES), ROWS)
    assert run.leads == run_campaign(FILES, ROWS).leads
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["campaigns", "lustrum.yaml"]


def test_the_projects_own_campaigns_run_unless_others_are_named() -> None:
    files = {**FILES, "campaigns/fail.yaml": FAIL, "plugins/probe.py": FAILING}
    assert {campaign.name for campaign in run_campaign(files, ROWS).plan.campaigns} == {"nightly", "fail"}
    named = {**files, "lustrum.yaml": MINIMAL + "run: nightly\n"}
    assert [campaign.name for campaign in run_campaign(named, ROWS).plan.campaigns] == ["nightly"]
    assert [campaign.name for campaign in run_campaign(named, ROWS, "fail").plan.campaigns] == ["fail"]


def test_an_executable_campaign_may_be_run_by_itself() -> None:
    run = run_campaign(FILES, ROWS, "mark")
    assert run.moments == [{"key": "1", "type": "Web", "text": "saw Rome", "path": "mark > moment.record"}]


def test_moments_quarantine_and_changes_have_their_lead() -> None:
    files = {**FILES, "campaigns/fail.yaml": FAIL, "plugins/probe.py": FAILING}
    run = run_campaign(files, ROWS, "nightly", "fail")
    assert [(row["key"], row["text"]) for row in run.moments] == [("1", "saw Rome")]
    assert [(row["key"], row["code"], row["field"]) for row in run.quarantine] == [("1", "unclear", "city")]
    assert [(row["key"], row["field"], row["after"]) for row in run.changes] == [
        ("1", "note", "Rome on 2026-01-31"),
        ("2", "note", " on 2026-01-31"),
    ]
    assert all("row" not in row for row in (*run.quarantine, *run.changes))


@pytest.mark.parametrize("size", [1, 2, 3, None])
def test_the_batch_size_changes_nothing(size: int | None) -> None:
    rows: list[Row] = [{"id": str(number), "city": "Rome" if number % 2 else None, "note": None} for number in range(5)]
    run, whole = run_campaign(FILES, rows, batch_size=size), run_campaign(FILES, rows)
    assert (run.leads, run.outcomes, run.moments, run.quarantine, run.changes) == (
        whole.leads,
        whole.outcomes,
        whole.moments,
        whole.quarantine,
        whole.changes,
    )
    assert run.result.net["row"].to_list() == [0, 1, 2, 3, 4]


def test_an_abort_in_a_later_batch_is_told() -> None:
    files = {"campaigns/fail.yaml": FAIL.replace("}}", "}, on_fail: abort}"), "plugins/probe.py": FAILING}
    rows: list[Row] = [{"id": "1", "city": None}, {"id": "2", "city": "Rome"}]
    assert "gave up on 1 leads" in (run_campaign(files, rows, batch_size=1).result.aborted or "")


def test_the_run_starts_when_it_is_told_to() -> None:
    run = run_campaign(FILES, ROWS, start=datetime(2027, 3, 1, tzinfo=UTC))
    assert run.leads[0]["note"] == "Rome on 2027-03-01"


def test_waits_are_counted_and_not_waited() -> None:
    files = {"campaigns/fail.yaml": FAIL, "plugins/probe.py": FAILING}
    run = run_campaign(files, [{"id": "1", "city": "busy"}])
    assert len(run.waits) >= 1
    assert min(run.waits) >= 7
    assert run.outcomes["fail > probe.fail"] == ["failed:transient"]


def test_what_is_given_reaches_the_engine() -> None:
    clock = NoWait()
    files = {"campaigns/fail.yaml": FAIL, "plugins/probe.py": FAILING}
    given = Given("mine", datetime(2026, 1, 31, tzinfo=UTC), clock=clock)
    run_campaign(files, [{"id": "1", "city": "busy"}], given=given)
    assert clock.waits


def test_a_header_may_have_columns_the_rows_lack() -> None:
    header = ["Id", "City", "Note", "Phone Number"]
    leads = run_campaign(FILES, ROWS, header=header).leads
    assert leads[0] == {"id": "1", "city": "Rome", "note": "Rome on 2026-01-31", "phone_number": None}


def test_a_registry_may_be_handed_in() -> None:
    with pytest.raises(ProjectError, match=r"there is no step change\.value"):
        run_campaign(FILES, ROWS, registry=Registry([]))


def test_plugins_the_project_disables_are_not_loaded() -> None:
    files = {**FILES, "lustrum.yaml": MINIMAL + "plugins: {disabled: [change]}\n"}
    with pytest.raises(ProjectError, match=r"there is no step change\.value"):
        run_campaign(files, ROWS)


def test_everything_wrong_is_reported_with_its_line() -> None:
    files = {"campaigns/nightly.yaml": NIGHTLY.replace("note,", "nte,"), "campaigns/mark.yaml": MARK}
    with pytest.raises(ProjectError, match=r"campaigns/nightly\.yaml:5: change.value writes the field nte"):
        run_campaign(files, ROWS)


def test_write_project_adds_a_project_file_only_where_there_is_none(tmp_path: Path) -> None:
    own = "leads: {from: mine.csv, to: out.csv}\n"
    assert (write_project(tmp_path / "a", {}) / "lustrum.yaml").read_text(encoding="utf-8") == MINIMAL
    written = write_project(tmp_path / "b", {"lustrum.yaml": own, "tables/x/y.csv": "ä\n"})
    assert (written / "lustrum.yaml").read_text(encoding="utf-8") == own
    assert (written / "tables" / "x" / "y.csv").read_bytes() == "ä\n".encode()
