"""What the reference pages list is what the code has: keys, operators, codes, columns, guards, exit codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import polars as pl
import pytest

from lustrum import cli
from lustrum.engine.budget import RETRY_LATER
from lustrum.engine.effects import ALREADY_DONE
from lustrum.engine.ending import UNTIL_NOT_MET
from lustrum.engine.providers import PROVIDER_DOWN
from lustrum.engine.qualification import ALREADY_QUALIFIED
from lustrum.engine.replies import STEP_RAISED, WRONG_TYPE
from lustrum.engine.waiting import NO_DATE, PARKED, WAITING
from lustrum.files.campaign import CampaignFile
from lustrum.files.decisions import COLUMNS as DECISION_COLUMNS
from lustrum.files.flow import VERBS
from lustrum.files.guards import Guards
from lustrum.files.settings import ProjectSettings
from lustrum.files.validation import FileModel
from lustrum.running.activities.own_activities import ADDED, EXECUTED, OF_EFFECTS, REMOVED, SCORE, STATUS, VALUE
from lustrum.running.batches import KEY_MISSING, KEY_REPEATED
from lustrum.running.guards import RAISED, ROWS
from lustrum.running.journal.past_runs import SMALLEST
from lustrum.running.outputs import COLUMNS
from lustrum.running.workers.brief import STEP_TIMED_OUT, WORKER_DIED
from lustrum.words.conditions import compile_condition, parse_condition
from lustrum.words.conditions.operators import OPERATORS, find_operator
from lustrum.words.errors import ProjectError, SinkError, SourceError, Transient, UsageError
from lustrum.words.fields import FieldType, parse_cells
from lustrum.words.tokens import NAMESPACES, TokenType
from lustrum_plugins.connect import records, rows
from lustrum_plugins.typed_files import json_records

DOCS = Path(__file__).parents[2] / "docs"
CAMPAIGNS = (DOCS / "campaigns.md").read_text(encoding="utf-8")
ERRORS = (DOCS / "errors.md").read_text(encoding="utf-8")
EXAMPLES = "".join(re.findall(r"^```yaml\n(.*?)^```", CAMPAIGNS, re.MULTILINE | re.DOTALL))
CELLS = "".join(re.findall(r"^\| `.*", CAMPAIGNS, re.MULTILINE))


def models(model: type[FileModel]) -> Iterator[type[FileModel]]:
    """Give a model and all that stand in it."""
    yield model
    for inner in (inner for spec in model.model_fields.values() for inner in _models_in(spec.annotation)):
        yield from models(inner)


def _models_in(annotation: object) -> Iterator[type[FileModel]]:
    if isinstance(annotation, type) and issubclass(annotation, FileModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


MODELS = list(dict.fromkeys([*models(ProjectSettings), *models(CampaignFile)]))


def keys(model: type[FileModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_of_the_files_is_in_a_table_of_the_page(model: type[FileModel]) -> None:
    assert [key for key in keys(model) if not re.search(rf"[`.]{key}[`.]", CELLS)] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_of_the_files_is_in_an_example_of_the_page(model: type[FileModel]) -> None:
    assert [key for key in keys(model) if not re.search(rf"\b{key}:", EXAMPLES)] == []


def test_everything_an_entry_can_do_is_shown() -> None:
    assert [verb for verb in VERBS if not re.search(rf"^ *- (?:id: .*\n *)?{verb}: ", EXAMPLES, re.MULTILINE)] == []
    assert "use: remove_from_flow" in EXAMPLES


NOW = datetime(2026, 1, 31, 3, tzinfo=UTC)
TYPES = {
    "country": FieldType.TEXT,
    "company": FieldType.TEXT,
    "phone": FieldType.TEXT,
    "email": FieldType.TEXT,
    "consent": FieldType.BOOLEAN,
    "score": FieldType.INTEGER,
    "trial_end": FieldType.DATE,
    "created_at": FieldType.DATETIME,
}
OPERATOR_ROWS = [
    [re.findall(r"`([^`]+)`", cell) for cell in row.split(" | ")]
    for row in CAMPAIGNS[CAMPAIGNS.index("| operator | takes |") :].partition("\n\n")[0].splitlines()[2:]
]


def test_every_operator_is_in_the_table_and_no_other() -> None:
    assert sorted(name for row in OPERATOR_ROWS for name in row[0]) == sorted(OPERATORS)


@pytest.mark.parametrize("row", OPERATOR_ROWS, ids=lambda row: row[0][0])
def test_an_operator_holds_for_what_the_table_says(row: list[list[str]]) -> None:
    names, _, asked, holds, fails = row
    assert {(find_operator(each.partition(": ")[2]) or each)[0] for each in asked} == set(names)
    told = {(text, text in holds) for text in (*holds, *fails)}
    for each in asked:
        field, _, question = each.partition(": ")
        fitting = [(text, held) for text, held in sorted(told) if fits(text, TYPES[field])]
        got = [(text, taken(field, question, text)) for text, _ in fitting]
        assert got == fitting
        assert {held for _, held in fitting} == {True, False}


def fits(text: str, kind: FieldType) -> bool:
    return text == "(empty)" or parse_cells(pl.Series([text]), kind)[0] is not None


def taken(field: str, question: str, text: str) -> bool:
    column = parse_cells(pl.Series(field, [None if text == "(empty)" else text], dtype=pl.String), TYPES[field])
    condition = compile_condition(parse_condition({field: question}), TYPES, NOW)
    return bool(pl.DataFrame([column.alias(field)]).select(condition)[0, 0])


def test_types_and_namespaces_of_tokens_are_named() -> None:
    assert all(f"`{kind.value}`" in CAMPAIGNS for kind in FieldType)
    assert all("{{" + name in CAMPAIGNS for name in NAMESPACES)
    assert all(f"type: {kind.value}," in EXAMPLES for kind in TokenType if kind is not TokenType.TEXT)


def test_every_own_activity_is_listed_with_its_attributes() -> None:
    table = CAMPAIGNS[CAMPAIGNS.index("| type | attributes, the primary one first |") :].partition("\n\n")[0]
    listed = {name for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])}
    assert listed == {*OF_EFFECTS.values(), VALUE, SCORE, ADDED, REMOVED, STATUS, EXECUTED}


@pytest.mark.parametrize("name", COLUMNS)
def test_the_columns_beside_the_output_are_these(name: str) -> None:
    assert f"| `leads.{name}.csv` | {', '.join(COLUMNS[name])} |" in CAMPAIGNS


def test_decisions_have_these_columns() -> None:
    assert f"```csv\n{','.join(DECISION_COLUMNS)}\n" in CAMPAIGNS


SKIPS = {
    *("no_moment", "no_alert", "empty", "when", "no_choice", "nothing", "not_qualified"),
    *(ALREADY_QUALIFIED, ALREADY_DONE, PARKED, WAITING),
}
CODES = {
    *(STEP_RAISED, WRONG_TYPE, "unreadable", UNTIL_NOT_MET, Transient().code, PROVIDER_DOWN, RETRY_LATER),
    *(KEY_MISSING, KEY_REPEATED, "no_trigger_value", STEP_TIMED_OUT, WORKER_DIED),
}
REJECTS = {
    *(rows.TOO_FEW_CELLS, rows.TOO_MANY_CELLS, rows.BLANK_LINE, rows.INVALID_BYTES),
    *(records.QUOTE_NOT_CLOSED, records.QUOTE_MISPLACED),
    *(json_records.NOT_JSON, json_records.NO_OBJECT, json_records.REPEATED_NAME, json_records.INVALID_BYTES),
}


def first_cells(heading: str) -> str:
    section = ERRORS[ERRORS.index(f"## {heading}\n") :].partition("\n## ")[0]
    return "\n".join(line.split(" | ")[0] for line in section.splitlines() if line.startswith("| `"))


def test_every_reason_of_the_engine_is_listed_and_no_other() -> None:
    assert set(re.findall(r"skipped\((\w+)\)", first_cells("Outcomes of an entry"))) == SKIPS
    assert set(re.findall(r"`(\w+)`", first_cells("Codes of a lead in quarantine"))) == CODES
    assert set(re.findall(r"`(\w+)`", first_cells("Reasons of a reject"))) == REJECTS


def test_a_wait_whose_text_is_no_date_is_listed_as_an_outcome_only() -> None:
    assert f"`failed({NO_DATE})`" in first_cells("Outcomes of an entry")


def test_the_engine_has_no_other_reason_to_skip() -> None:
    engine = Path(cli.__file__).parents[1] / "engine"
    written = "\n".join(path.read_text(encoding="utf-8") for path in sorted(engine.glob("*.py")))
    assert set(re.findall(r'\.skip\([^\n]*, "(\w+)"\)', written)) <= SKIPS


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
        *(cli.INTERRUPTED, cli.BUG, cli.UNHEARD),
    }
