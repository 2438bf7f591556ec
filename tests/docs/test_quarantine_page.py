"""docs/quarantine.md has a section on every code that lustrum can give, each with an example that fails so."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lustrum.planning.registry import Registry
from lustrum.report.quarantined import PAGE, where_told
from lustrum.testing import run_step

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
SECTIONS = {
    name.removesuffix("…"): told
    for name, told in re.findall(r"^### (\S+)\n\n(.*?)(?=\n##|\Z)", TEXT, re.MULTILINE | re.DOTALL)
}
PAGE_OF_STEPS = (ROOT / "docs" / "steps.md").read_text(encoding="utf-8")
STEPS: dict[str, str] = dict(re.findall(r"^## (\S+)\n(.*?)(?=\n## |\Z)", PAGE_OF_STEPS, re.MULTILINE | re.DOTALL))
INWARD = {"empty"}
"""Codes that a step gives itself only, and makes a skip of."""
EXAMPLE = re.compile(r"^\* Example: `([\w.]+)` of `(\{.*?\})`(?: with `(\{.*?\})`)?$", re.MULTILINE)


def section(code: str) -> str:
    return where_told(code).partition("#")[2]


def codes_in(path: Path) -> Iterator[str]:
    """Give the codes that a module names as such: what `Failed` begins with, and what is called `code`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            named = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            first = node.args[:1] if getattr(node.func, "id", "") == "Failed" else []
            for value in [*named, *first]:
                yield from _texts(value, constants)
        elif isinstance(node, ast.Assign) and any(getattr(each, "id", "") == "code" for each in node.targets):
            yield from _texts(node.value, constants)


def _texts(value: ast.expr, constants: Mapping[str, object]) -> Iterator[str]:
    if isinstance(value, ast.Call) and getattr(value.func, "attr", "") == "lit":
        value = value.args[0]
    branches = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
    for branch in branches:
        found = constants.get(branch.id) if isinstance(branch, ast.Name) else getattr(branch, "value", None)
        if isinstance(found, str) and re.fullmatch(r"[a-z]\w+", found):
            yield found


def told_by(step: str) -> set[str]:
    """Give the codes that a step's documents say it fails with."""
    told = "".join(re.findall(r"Fails with(.*?)(?:Skips|\n\n|\Z)", STEPS[step], re.DOTALL))
    return {section(code) for code in re.findall(r"`([a-z]+_\w+|ambiguous|placeholder|disposable|other|un\w+)`", told)}


def reviewed(step: str) -> set[str]:
    """Give the codes that a step's reviewed examples fail with."""
    path = ROOT / "fixtures" / step / "cases.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        said = [row.get("expected.outcome") or "" for row in csv.DictReader(file)]
    return {section(outcome.partition(":")[2]) for outcome in said if outcome.startswith("failed:")}


PLUGINS = sorted((ROOT / "plugins" / "lustrum_plugins").rglob("*.py"))
ENGINE = sorted((ROOT / "core" / "lustrum" / "engine").glob("*.py"))


def test_the_code_base_is_read() -> None:
    found = {code for path in PLUGINS for code in codes_in(path)}
    assert {"not_a_country", "no_answer", "not_a_headcount", "timeout", "table_wrong"} <= found
    assert {"unreadable", "step_raised", "key_missing"} <= set(SECTIONS)


@pytest.mark.parametrize("path", [*PLUGINS, *ENGINE], ids=lambda path: path.stem)
def test_every_code_that_a_module_names_has_its_section(path: Path) -> None:
    assert {code for code in codes_in(path) if section(code) not in SECTIONS} <= INWARD | set(SKIPS)


SKIPS = frozenset({"empty", "skipped", "parked", "waiting", "already_done", "not_qualified", "no_date"})
"""What the engine names in the same way, and is no reason to stand in quarantine."""


@pytest.mark.parametrize("step", STEPS)
def test_every_code_of_a_step_names_it_in_its_section(step: str) -> None:
    codes = told_by(step) | reviewed(step)
    assert [code for code in codes if f"`{step}`" not in from_line(code)] == []


def from_line(code: str) -> str:
    (line,) = re.findall(r"^\* From: (.*)$", SECTIONS[code], re.MULTILINE)
    return str(line)


@pytest.mark.parametrize("code", SECTIONS)
def test_a_section_says_what_from_where_an_example_and_what_to_do(code: str) -> None:
    means, _, rest = SECTIONS[code].partition("\n\n")
    assert means.endswith(".")
    assert re.fullmatch(r"\* From: .+\n\* Example: .+\n\* What to do: .+", rest.strip())
    named = re.findall(r"`([a-z_]+\.[a-z_]+|call_webhook)`", from_line(code))
    assert [step for step in named if step in STEPS and code not in told_by(step) | reviewed(step) | PASSING] == []


PASSING = {"timeout", "no_connection", "wrong_type"}
"""Codes of calls that pass, which the steps describe in words."""
EXAMPLES = [(code, *found) for code, told in SECTIONS.items() for found in EXAMPLE.findall(told)]


def test_most_examples_can_be_tried() -> None:
    assert len(EXAMPLES) > len(SECTIONS) * 0.6


@pytest.mark.parametrize(("code", "step", "given", "options"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_an_example_fails_with_its_code(code: str, step: str, given: str, options: str) -> None:
    yaml: Any = YAML(typ="safe")
    lead = {name: str(text) for name, text in yaml.load(given).items()}
    (offer,) = Registry.load().steps[step]
    run = run_step(offer.step, [lead], options=yaml.load(options) if options else {})
    assert run.outcomes == [f"failed:{code}"]
