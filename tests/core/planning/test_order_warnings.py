"""Rule 13: what is lawful but probably not meant is a warning of the plan, with its place."""

from __future__ import annotations

from typing import Any

from lustrum.testing import run_campaign

ROWS: list[dict[str, Any]] = [{"id": "1", "country": "US", "code": None, "note": None}]
STEPS = """
from lustrum import Step, hookimpl, step

@step("mine.tidy")
def tidy(value: str) -> str:
    return value.lower()

@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy]
"""
READS = "{use: mine.tidy, id: reads, reads: {value: country}, writes: {value: code}}"
TIDIES = "{use: mine.tidy, id: tidies, reads: {value: country}}"


def warnings(*entries: str, head: str = "", **children: str) -> list[str]:
    files = {name: f"campaign: {name}\nkind: executable\nflow: [{entry}]" for name, entry in children.items()}
    flow = "".join(f"  - {entry}\n" for entry in entries)
    files["nightly"] = f"campaign: nightly\nkind: batch\n{head}flow:\n{flow}"
    project = {"plugins/mine.py": STEPS, **{f"campaigns/{name}.yaml": text for name, text in files.items()}}
    return [str(warning) for warning in run_campaign(project, ROWS, "nightly").plan.warnings]


def test_a_field_read_before_the_entry_that_standardises_it_is_warned_of() -> None:
    (warning,) = warnings(READS, TIDIES)
    assert warning.startswith("campaigns/nightly.yaml:4: ")
    assert "country" in warning


def test_a_field_read_after_it_is_not() -> None:
    assert warnings(TIDIES, READS) == []


def test_a_second_pass_over_its_own_field_is_not() -> None:
    assert warnings(TIDIES, READS, TIDIES.replace("tidies", "again")) == []


def test_a_condition_and_a_token_read_too() -> None:
    write = "{use: change.value, when: country IS NULL, with: {field: note, value: x}}"
    assert len(warnings(write, TIDIES)) == 1
    shown = "{use: change.value, with: {field: note, value: '{{lead.country}}'}}"
    assert len(warnings(shown, TIDIES)) == 1


def test_reading_and_standardising_in_two_children_is_warned_of_too() -> None:
    (warning,) = warnings("execute: first", "execute: second", first=READS, second=TIDIES)
    assert "country" in warning


def test_a_negation_in_sql_on_a_field_that_may_be_empty_is_warned_of() -> None:
    (warning,) = warnings(TIDIES, head="smart_list: code <> 'x'\n")
    assert warning.startswith("campaigns/nightly.yaml:3: ")
    assert "IS NULL" in warning


def test_a_file_in_the_folder_of_campaigns_that_is_none_is_noted() -> None:
    project = {
        "plugins/mine.py": STEPS,
        "campaigns/nightly.yaml": f"campaign: nightly\nkind: batch\nflow: [{TIDIES}]",
        "campaigns/notes.txt": "remember the milk",
    }
    assert any("campaigns/notes.txt" in str(note) for note in run_campaign(project, ROWS).plan.warnings)
