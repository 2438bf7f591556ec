"""The kit's `run_cases`: reviewed cases held against what came out."""

from __future__ import annotations

from pathlib import Path

import pytest

from lustrum.files.fixtures import FixtureTable, load_fixtures, write_fixtures
from lustrum.planning.registry import Registry
from lustrum.testing import CaseRun, run_cases
from lustrum.testing.campaigns import write_project
from lustrum.words.errors import LustrumError, ProjectError

NIGHTLY = """
campaign: nightly
kind: batch
flow:
  - {use: change.value, when: "city = 'Rome'", with: {field: region, value: EMEA}}
  - {use: moment.record, when: "region = 'EMEA'", with: {type: Milestone, text: "{{lead.city}}"}}
  - {use: probe.fail, when: "city = '?'", reads: {value: city}}
"""
PLUGIN = """
from lustrum import Failed, Step, hookimpl, step

@step("probe.fail")
def fail(value: str) -> str | Failed:
    return Failed("unclear", value)

@hookimpl
def lustrum_steps() -> list[Step]:
    return [fail]
"""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def table(folder: Path, subject: str, content: str) -> FixtureTable:
    path = folder / "fixtures" / subject / "cases.csv"
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    return load_fixtures(path.parent)[0]


def failures(runs: list[CaseRun]) -> list[bool]:
    return [run.passed for run in runs]


VALUES = """given.note,with.field,with.value,expected.note,expected.outcome
,note,hello,hello,changed
hello,note,hello,hello,unchanged
old,note,hello,hullo,changed
old,note,hello,hello,unchanged
old,note,NULL,,changed
old,note,hello,hello,
"""


def test_the_cases_of_a_step_are_run_with_their_options(tmp_path: Path, registry: Registry) -> None:
    runs = run_cases(table(tmp_path, "change.value", VALUES), registry)
    assert [run.outcome for run in runs] == ["changed", "unchanged", "changed", "changed", "changed", "changed"]
    assert [run.got["note"] for run in runs] == ["hello", "hello", "hello", "hello", None, "hello"]


def test_a_case_passes_where_fields_and_outcome_are_as_expected(tmp_path: Path, registry: Registry) -> None:
    runs = run_cases(table(tmp_path, "change.value", VALUES), registry)
    assert [run.passed for run in runs] == [True, True, False, False, True, True]
    assert [run.wrong_fields for run in runs] == [[], [], ["note"], [], [], []]


def test_what_came_out_can_be_accepted(tmp_path: Path, registry: Registry) -> None:
    read = table(tmp_path, "change.value", VALUES)
    accepted = [run.accepted() for run in run_cases(read, registry)]
    assert [case.expected["note"] for case in accepted] == ["hello", "hello", "hello", "hello", None, "hello"]
    assert [str(case.outcome) for case in accepted] == ["changed", "unchanged", "changed", "changed", "changed", "None"]
    write_fixtures(read, accepted)
    again = run_cases(load_fixtures(read.path.parent)[0], registry)
    assert all(run.passed for run in again)
    assert read.path.read_text(encoding="utf-8") == VALUES.replace("hullo", "hello").replace(
        "old,note,hello,hello,unchanged", "old,note,hello,hello,changed"
    )


SCORES = """given.score,with.change,expected.score,expected.outcome
7,+5,12,changed
9223372036854775807,+5,,failed:out_of_range
9223372036854775807,+5,,failed
9223372036854775807,+5,,failed:other
9223372036854775807,+5,,skipped
,+5,5,changed
"""


def test_an_outcome_may_be_expected_with_or_without_its_code(tmp_path: Path, registry: Registry) -> None:
    runs = run_cases(table(tmp_path, "change.score", SCORES), registry)
    assert [run.outcome for run in runs] == ["changed", *["failed:out_of_range"] * 4, "changed"]
    assert [run.passed for run in runs] == [True, True, True, False, False, True]
    assert [str(run.accepted().outcome) for run in runs][1:3] == ["failed:out_of_range"] * 2


MOMENTS = """given.city,with.type,with.text,expected.moment_type,expected.moment_text,expected.outcome
Rome,Web,saw {{lead.city}},Web,saw Rome,unchanged
,Web,{{lead.city}},,,skipped:empty
Rome,Email,saw {{lead.city}},Web,saw Rome,unchanged
"""


def test_the_moment_of_a_step_is_compared(tmp_path: Path, registry: Registry) -> None:
    runs = run_cases(table(tmp_path, "moment.record", MOMENTS), registry)
    assert [run.passed for run in runs] == [True, True, False]
    assert runs[2].wrong_fields == ["moment_type"]


ALERTS = """given.city,with.to,with.subject,with.text,expected.alert_to,expected.alert_subject,expected.alert_text
Rome,sales,saw {{lead.city}},now,sales,saw Rome,now
,{{lead.city}},saw,,,,
Rome,sales,saw {{lead.city}},now,sales,saw Oslo,now
"""


def test_the_alert_of_a_step_is_compared(tmp_path: Path, registry: Registry) -> None:
    runs = run_cases(table(tmp_path, "send.alert", ALERTS), registry)
    assert [run.passed for run in runs] == [True, True, False]
    assert runs[2].wrong_fields == ["alert_subject"]
    assert runs[2].accepted().expected["alert_subject"] == "saw Rome"


STATUSES = """given.status_web,with.program,with.status,expected.status_web,expected.outcome
Invited,"{web: [Invited, Attended]}",attended,Attended,changed
Attended,"{web: [Invited, Attended]}",Invited,,skipped:already_past
"""


def test_a_case_of_a_step_declares_the_program_it_is_about(tmp_path: Path, registry: Registry) -> None:
    assert all(run.passed for run in run_cases(table(tmp_path, "change.status", STATUSES), registry))


@pytest.mark.parametrize("program", ["web", '"{web: [A], list: [B]}"', '"[Invited]"'])
def test_a_program_that_nobody_declares_is_refused(tmp_path: Path, registry: Registry, program: str) -> None:
    content = f"given.status_web,with.program,with.status,expected.outcome\n,{program},Invited,changed\n"
    with pytest.raises(ProjectError, match="there is no program"):
        run_cases(table(tmp_path, "change.status", content), registry)


LOOKUP = """given.code,with.table,with.on,with.take,expected.name,expected.outcome
DE,tables/countries.csv,{code: code},{name: name},Germany,changed
XX,tables/countries.csv,{code: code},{name: name},,failed
"""


def test_tables_stand_in_the_folder_of_the_cases(tmp_path: Path, registry: Registry) -> None:
    read = table(tmp_path, "enrich.lookup", LOOKUP)
    (read.path.parent / "tables").mkdir()
    (read.path.parent / "tables" / "countries.csv").write_text("code,name\nDE,Germany\n", encoding="utf-8")
    assert [run.got["name"] for run in run_cases(read, registry)] == ["Germany", None]


CAMPAIGN = """given.city,given.id,expected.region,expected.moment_text,expected.outcome
Rome,,EMEA,Rome,changed
Oslo,,,,unchanged
?,,,,failed
Rome,,APAC,Rome,changed
Rome,,EMEA,Rome,unchanged
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    settings = "leads: {from: leads.csv, to: out/leads.csv, key: lead_id}\nfields: {region: text}\n"
    files = {"lustrum.yaml": settings, "campaigns/nightly.yaml": NIGHTLY, "plugins/probe.py": PLUGIN}
    root = write_project(tmp_path / "project", files)
    (root / "leads.csv").write_text("Lead Id,City,Id\n", encoding="utf-8")
    return root


def test_the_cases_of_a_campaign_are_run_through_its_project(project: Path) -> None:
    runs = run_cases(table(project, "nightly", CAMPAIGN), Registry.load(project), project)
    assert [run.outcome for run in runs] == ["changed", "unchanged", "failed", "changed", "changed"]
    assert [run.passed for run in runs] == [True, True, True, False, False]
    assert [run.got["moment_text"] for run in runs] == ["Rome", None, None, "Rome", "Rome"]
    assert runs[3].wrong_fields == ["region"]


def test_the_cases_of_a_campaign_do_not_know_each_other(project: Path) -> None:
    """Two cases of one key are two leads: the kit gives each a key of its own."""
    content = "given.city,given.lead_id,expected.region\nRome,7,EMEA\nRome,7,EMEA\n"
    runs = run_cases(table(project, "nightly", content), Registry.load(project), project)
    assert [run.passed for run in runs] == [True, True]


def test_without_a_project_a_campaign_cannot_be_found(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(LustrumError) as error:
        run_cases(table(tmp_path, "nightly", CAMPAIGN), registry)
    assert str(error.value) == (
        "nightly/cases.csv: there is no step nightly, and no project that could have such a campaign"
    )


def test_a_case_may_name_a_program_of_the_project(project: Path) -> None:
    settings = project / "lustrum.yaml"
    settings.write_text(
        f"{settings.read_text(encoding='utf-8')}programs: {{Web 24: [Invited, Attended]}}\n", encoding="utf-8"
    )
    content = "given.status_web_24,with.program,with.status,expected.status_web_24\nInvited,web_24,Attended,Attended\n"
    runs = run_cases(table(project, "change.status", content), Registry.load(project), project)
    assert [run.passed for run in runs] == [True]
