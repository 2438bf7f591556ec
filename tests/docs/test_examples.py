"""The examples in the documents: campaigns are planned, Python is run, what is shown of a file stands in it.

A comment before a fenced block says what it is: `from: PATH` a piece of that file, `file: PATH` a file of the project
that its section shows, `fragment: KIND` a piece of one, `refused: TEXT` a campaign that is answered so. Those of
docs/campaigns.md are planned and run in test_runs.py.
"""

from __future__ import annotations

import csv
import doctest
import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from lustrum.files.fixtures import load_fixtures
from lustrum.files.project import load_project
from lustrum.planning.plan import Plan
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.testing import CampaignRun, run_campaign, run_cases
from lustrum.testing.campaigns import write_project
from lustrum.words.errors import ProjectError

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *(page for page in sorted((ROOT / "docs").glob("*.md")) if page.name != "steps.md"),  # that one is generated
]
START = datetime(2026, 1, 31, 3, tzinfo=UTC)

_LINE = re.compile(r"(?P<heading>##? .*)|<!-- (?P<mark>[a-z]+): (?P<what>.+) -->|```(?P<language>\w+)")

PROJECT = """
leads: {from: leads.csv, to: out/leads.csv, key: id}
run: nightly
fields:
  score: integer
  created_at: {column: Created At, type: datetime}
  country_code: text
  territory: text
  region: text
  phone_e164: text
  fit_score: integer
  fit_reasons: text
"""
CHILD = "kind: executable\nflow:\n  - use: standardise.country\n"
STUBS = {
    "lustrum.yaml": PROJECT,
    "campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow:\n  - use: standardise.country\n",
    "tables/regions.csv": "Code,Region\nDE,EMEA\n",
    **{f"campaigns/{name}.yaml": f"campaign: {name}\n{CHILD}" for name in ("standardise", "standardise-us")},
    "campaigns/untangle-phones.yaml": f"campaign: untangle-phones\n{CHILD}",
}
"""What stands around a fragment."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, where it stands, and what the comment before it says of it."""

    page: Path
    line: int
    section: str
    language: str
    text: str
    mark: str = ""
    what: str = ""

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    lines = page.read_text(encoding="utf-8").splitlines()
    section, mark, number = "", ("", ""), 0
    while number < len(lines):
        found = _LINE.fullmatch(lines[number].strip())
        number += 1
        if found and found["language"]:
            end = lines.index("```", number)
            text = "\n".join(lines[number:end]) + "\n"
            yield Block(page, number, section, found["language"], text, *mark)
            mark, number = ("", ""), end + 1
        elif found:
            section = found["heading"] or section
            mark = (found["mark"], found["what"]) if found["mark"] else ("", "")


BLOCKS = [block for page in PAGES for block in blocks(page)]


def chosen(language: str | None = None, *marks: str) -> list[Block]:
    found = [block for block in BLOCKS if language in (None, block.language)]
    return [block for block in found if block.mark in marks] if marks else found


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="module")
def header() -> list[str]:
    with (ROOT / "fixtures" / "leads.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def plan(root: Path, files: Mapping[str, str], registry: Registry, header: list[str], *names: str) -> Plan:
    project = load_project(write_project(root, files))
    return make_plan(project, registry, Request(START, header, "leads.csv", names, any_kind=True))


def test_fragments_stand_on_pages_that_are_read() -> None:
    assert {block.page.name for block in chosen("yaml", "fragment")} == {"campaigns.md", "nightly.md"}


def test_every_yaml_block_says_what_it_is() -> None:
    assert [str(block) for block in chosen("yaml", "")] == []


@pytest.mark.parametrize("block", chosen("yaml", "refused"), ids=str)
def test_what_is_refused_is_refused_in_these_words(
    block: Block, tmp_path: Path, registry: Registry, header: list[str]
) -> None:
    with pytest.raises(ProjectError, match=re.escape(block.what)):
        plan(tmp_path, {**STUBS, "campaigns/nightly.yaml": block.text}, registry, header, "nightly")


def projects() -> dict[str, dict[str, str]]:
    """Give the files that each section shows; where it shows its leads too, it is complete."""
    found: dict[str, dict[str, str]] = {}
    for block in chosen(None, "file"):
        found.setdefault(f"{block.page.name} {block.section}", {})[block.what] = block.text
    return {section: files if "leads.csv" in files else {**STUBS, **files} for section, files in found.items()}


@pytest.mark.parametrize("section", [section for section in projects() if not section.startswith("campaigns.md")])
def test_the_files_of_a_section_make_a_project(section: str, tmp_path: Path, header: list[str]) -> None:
    files = projects()[section]
    columns = files["leads.csv"].splitlines()[0].split(",") if "leads.csv" in files else header
    root = write_project(tmp_path, files)
    registry = Registry.load(root)
    batches = re.findall(r"^campaign: (.+)\nkind: batch", "\n".join(files.values()), re.MULTILINE)
    assert plan(tmp_path, files, registry, columns, *batches).campaigns
    for table in (root / "fixtures").glob("*/"):
        runs = [run for cases in load_fixtures(table) for run in run_cases(cases, registry, root)]
        assert [(run.case.place, run.wrong_fields, run.outcome) for run in runs if not run.passed] == []


@pytest.mark.parametrize("block", chosen(None, "from"), ids=str)
def test_what_is_shown_of_a_file_stands_in_it(block: Block) -> None:
    assert block.text in (ROOT / block.what).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def worked() -> CampaignRun:
    files = projects()["campaigns.md ## When an entry gives up"]
    leads = csv.DictReader(io.StringIO(files["leads.csv"]))
    return run_campaign(files, [{name: cell or None for name, cell in lead.items()} for lead in leads])


def table(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def shown(outcome: str) -> str:
    return re.sub(r"^(\w+):(.+)$", r"\1(\2)", outcome)


def test_the_worked_example_ends_as_its_outcomes_say(worked: CampaignRun) -> None:
    outcomes = table([f"`{path}`", *map(shown, texts)] for path, texts in worked.outcomes.items())
    assert outcomes in (ROOT / "docs" / "campaigns.md").read_text(encoding="utf-8")


def test_the_worked_example_ends_with_the_quarantine_shown(worked: CampaignRun) -> None:
    held = table([row["key"], f"`{row['field']}`", row["code"], f"`{row['path']}`"] for row in worked.quarantine)
    assert held in (ROOT / "docs" / "campaigns.md").read_text(encoding="utf-8")


def python_sections() -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {}
    for block in chosen("python", "", "file"):
        found.setdefault(f"{block.page.name} {block.section}", []).append(block)
    return found


@pytest.mark.parametrize("section", python_sections())
def test_python_runs_with_its_doctests_and_tests(section: str) -> None:
    module = ModuleType("lustrum_documents")
    sys.modules[module.__name__] = module
    for block in python_sections()[section]:
        code = compile(block.text, str(block.page), "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102  # running the documents is what this is for
    assert doctest.testmod(module).failed == 0
    for test in [value for name, value in vars(module).items() if name.startswith("test_")]:
        test()
