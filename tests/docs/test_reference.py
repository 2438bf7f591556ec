"""What the reference pages list is what the code has: keys, operators, codes, columns, guards, exit codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lustrum import cli
from lustrum.engine.effects import ALREADY_DONE
from lustrum.engine.ending import UNTIL_NOT_MET
from lustrum.engine.qualification import ALREADY_QUALIFIED
from lustrum.engine.replies import STEP_RAISED
from lustrum.files.campaign import CampaignFile
from lustrum.files.decisions import COLUMNS as DECISION_COLUMNS
from lustrum.files.flow import Choice, Entry, Retry
from lustrum.files.settings import Allow, Guards, Leads, Plugins, ProjectSettings
from lustrum.files.validation import FileModel
from lustrum.running.batches import KEY_MISSING, KEY_REPEATED
from lustrum.running.guards import RAISED, ROWS, SMALLEST
from lustrum.running.outputs import COLUMNS
from lustrum.words.conditions.operators import OPERATORS
from lustrum.words.errors import ProjectError, SinkError, SourceError, Transient, UsageError
from lustrum.words.fields import FieldType
from lustrum.words.tokens import NAMESPACES
from lustrum_plugins.connect import records, rows

DOCS = Path(__file__).parents[2] / "docs"
CAMPAIGNS = (DOCS / "campaigns.md").read_text(encoding="utf-8")
ERRORS = (DOCS / "errors.md").read_text(encoding="utf-8")
LATER = {"request", "wait", "on"}
"""Keys that are read to be refused."""


@pytest.mark.parametrize("model", [ProjectSettings, Leads, Plugins, Guards, Allow, CampaignFile, Entry, Retry, Choice])
def test_every_key_of_the_files_is_documented(model: type[FileModel]) -> None:
    keys = {field.alias or name for name, field in model.model_fields.items()} - LATER
    unknown = [key for key in keys if not re.search(rf"[`.]{key}`|\b{key}:", CAMPAIGNS)]
    assert unknown == []


def test_what_is_read_to_be_refused_is_shown() -> None:
    assert all(re.search(rf"^ *-? *{key}: |use: {key}", CAMPAIGNS, re.MULTILINE) for key in LATER)


def test_every_operator_is_in_the_table_and_no_other() -> None:
    table = CAMPAIGNS[CAMPAIGNS.index("| operator | takes |") : CAMPAIGNS.index("A leaf is true or false")]
    listed = [name for line in table.splitlines()[2:] for name in re.findall(r"`([a-z ]+)`", line.partition(" | ")[0])]
    assert sorted(listed) == sorted(OPERATORS)


def test_types_and_namespaces_of_tokens_are_named() -> None:
    assert all(f"`{kind.value}`" in CAMPAIGNS for kind in FieldType)
    assert all("{{" + name in CAMPAIGNS for name in NAMESPACES if name != "trigger")


@pytest.mark.parametrize("name", COLUMNS)
def test_the_columns_beside_the_output_are_these(name: str) -> None:
    assert f"| `leads.{name}.csv` | {', '.join(COLUMNS[name])} |" in CAMPAIGNS


def test_decisions_have_these_columns() -> None:
    assert f"```csv\n{','.join(DECISION_COLUMNS)}\n" in CAMPAIGNS


SKIPS = {"no_moment", "empty", "when", "no_choice", "nothing", "not_qualified", ALREADY_QUALIFIED, ALREADY_DONE}
CODES = {STEP_RAISED, "unreadable", UNTIL_NOT_MET, Transient().code, KEY_MISSING, KEY_REPEATED}
REJECTS = {
    *(rows.TOO_FEW_CELLS, rows.TOO_MANY_CELLS, rows.BLANK_LINE, rows.INVALID_BYTES),
    *(records.QUOTE_NOT_CLOSED, records.QUOTE_MISPLACED),
}


def first_cells(heading: str) -> str:
    section = ERRORS[ERRORS.index(f"## {heading}\n") :].partition("\n## ")[0]
    return "\n".join(line.split(" | ")[0] for line in section.splitlines() if line.startswith("| `"))


def test_every_reason_of_the_engine_is_listed_and_no_other() -> None:
    assert set(re.findall(r"skipped\((\w+)\)", first_cells("Outcomes of an entry"))) == SKIPS
    assert set(re.findall(r"`(\w+)`", first_cells("Codes of a lead in quarantine"))) == CODES
    assert set(re.findall(r"`(\w+)`", first_cells("Reasons of a reject"))) == REJECTS


def test_the_engine_has_no_other_reason_to_skip() -> None:
    engine = Path(cli.__file__).parents[1] / "engine"
    written = "\n".join(path.read_text(encoding="utf-8") for path in sorted(engine.glob("*.py")))
    assert set(re.findall(r'skip\([^)\n]*"(\w+)"', written)) <= SKIPS


def test_guards_and_their_limits_are_listed() -> None:
    listed = set(re.findall(r"`(\w+)", first_cells("Guards")))
    assert listed == set(Guards.model_fields)
    assert str(ROWS) in ERRORS
    assert str(RAISED) in ERRORS
    assert f"from {SMALLEST} leads on" in CAMPAIGNS


def test_the_exit_codes_are_these() -> None:
    section = ERRORS[ERRORS.index("## Exit codes\n") :].partition("\n## ")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)} == {
        *(0, 1, 3),
        *(error.exit_code for error in (ProjectError, UsageError, SourceError, SinkError)),
        *(cli.INTERRUPTED, cli.BUG),
    }
