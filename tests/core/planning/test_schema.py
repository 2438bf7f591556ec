"""The fields of the leads: columns of the source, declared ones, lists and programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from lustrum.files.project import load_project
from lustrum.planning.findings import Findings
from lustrum.planning.plan import Schema
from lustrum.planning.schema import make_schema
from lustrum.testing.campaigns import write_project
from lustrum.words.fields import FieldType

MEMBERSHIPS = "lists: [hot, Needs Review]\nprograms: {webinar: [Invited, Attended]}\n"
LEADS = "leads: {from: leads.csv, to: out.csv, key: id}\n"


def schema_of(root: Path, settings: str, header: Sequence[str], leads: str = LEADS) -> tuple[Schema, list[str]]:
    project = load_project(write_project(root, {"lustrum.yaml": leads + settings}))
    findings = Findings()
    schema = make_schema(project, header, "leads.csv", findings)
    return schema, [str(problem) for problem in findings.problems]


def test_lists_and_programs_the_source_lacks_are_kept(tmp_path: Path) -> None:
    schema, problems = schema_of(tmp_path, MEMBERSHIPS, ["id", "Name"])
    assert problems == []
    assert schema.kept == {"list_hot", "list_needs_review", "status_webinar"}
    assert schema.new == ("list_hot", "list_needs_review", "status_webinar")
    assert schema.types == {
        "id": FieldType.TEXT,
        "name": FieldType.TEXT,
        "list_hot": FieldType.BOOLEAN,
        "list_needs_review": FieldType.BOOLEAN,
        "status_webinar": FieldType.TEXT,
    }


def test_those_the_source_has_are_its_columns(tmp_path: Path) -> None:
    settings = f'{MEMBERSHIPS}fields: {{list_needs_review: {{column: "Review?"}}}}\n'
    schema, problems = schema_of(tmp_path, settings, ["id", "List: Hot", "Review?", "status.webinar"])
    assert (problems, schema.kept, schema.new) == ([], frozenset(), ())
    assert schema.column("list_hot") == "List: Hot"
    assert schema.types["list_hot"] is FieldType.BOOLEAN
    assert schema.types["list_needs_review"] is FieldType.TEXT


def test_one_that_is_declared_is_a_last_column(tmp_path: Path) -> None:
    settings = f"{MEMBERSHIPS}fields: {{list_hot: boolean, region: text}}\n"
    schema, _ = schema_of(tmp_path, settings, ["id", "status_webinar"])
    assert schema.new == ("list_hot", "region", "list_needs_review")
    assert schema.kept == {"list_needs_review"}


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (
            "lists:\n  - hot\n  - Hot!\n",
            "lustrum.yaml:4: the list Hot! and the list hot are both the field list_hot; rename one of them",
        ),
        (
            "programs:\n  web inar: [In]\n  web-inar: [In]\n",
            "lustrum.yaml:4: the program web-inar and the program web inar are both the field status_web_inar; "
            "rename one of them",
        ),
        ('lists: ["?"]\n', 'lustrum.yaml:2: "?" is no name of a list; use letters or digits'),
        ('programs: {"?": [In]}\n', 'lustrum.yaml:2: "?" is no name of a program; use letters or digits'),
    ],
)
def test_names_of_which_no_field_can_be_made_are_refused(tmp_path: Path, settings: str, problem: str) -> None:
    assert schema_of(tmp_path, settings, ["id"])[1] == [problem]


def test_what_is_kept_needs_a_key(tmp_path: Path) -> None:
    leads = "leads: {from: leads.csv, to: out.csv}\n"
    _, problems = schema_of(tmp_path, MEMBERSHIPS, ["id", "list_hot"], leads)
    found = (
        "lustrum.yaml:2: the source has no column list_needs_review, so the list Needs Review is kept",
        "lustrum.yaml:3: the source has no column status_webinar, so the program webinar is kept",
    )
    why = " by the key of its leads, and there is none; name the key in lustrum.yaml: leads: {key: id}"
    assert problems == [what + why for what in found]


@pytest.mark.parametrize(
    ("lines", "where"),
    [(None, "leads.csv:1"), ({"id": 1, "Id": 7}, "leads.csv:7"), ({"id": 1}, "leads.csv"), ({}, "leads.csv")],
)
def test_what_is_wrong_with_a_header_is_told_where_it_stands(
    tmp_path: Path, lines: dict[str, int] | None, where: str
) -> None:
    project, findings = load_project(write_project(tmp_path, {"lustrum.yaml": LEADS})), Findings()
    make_schema(project, ["id", "Id"], "leads.csv", findings, lines)
    (told,) = findings.problems
    assert str(told).startswith(f'{where}: the headers "id" and "Id" are both the field id')
