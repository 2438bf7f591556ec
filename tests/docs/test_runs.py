"""The examples of docs/campaigns.md that are run: leads in, leads, outcomes and files out.

`<!-- run: TIME FLAGS -->` stands before a table: plain columns are the source, `→ field` is what the field becomes,
`outcome` (of the only entry) or `outcome of ID` what the entry did. Without columns to go in, the source stays.
The project is what the section shows (`file:`, `fragment:`), the rest that of the section "The examples". Runs that
stand below one another share their journal. `<!-- writes: FILE -->` shows what a run wrote beside its leads,
`<!-- prints: … -->` lines of its summary (`…` stands for the rest of a line).
"""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from textwrap import indent

import pytest

from lustrum.cli.run import command
from lustrum.cli.summary import summary_lines
from lustrum.engine.execute import execute
from lustrum.engine.result import Result
from lustrum.files.campaign import CampaignFile
from lustrum.files.flow import Choice, Entry, Retry, Transient
from lustrum.files.project import load_project
from lustrum.files.settings import Activities, FieldSpec, Leads, ProjectSettings
from lustrum.files.validation import FileModel
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.running.runner import RunOptions, run_project
from lustrum.testing.campaigns import write_project
from lustrum.testing.steps import START, outcome_texts
from lustrum.words.tokens import parse_override

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "campaigns.md"
EXAMPLES = "## The examples"
KEY = "id"
PIECE = "a piece of lustrum.yaml"

_HEADING = re.compile(r"#{2,3} .+")
_MARK = re.compile(r"<!-- (file|fragment|run|writes|prints): (.+) -->")

CHILDREN = ("standardise", "standardise-us", "find-country")
STANDARDISE = "kind: executable\nflow:\n  - use: standardise.country\n"
PLUGIN = """
from collections import Counter
from dataclasses import dataclass

from lustrum import Step, Transient, hookimpl, step

asked = Counter()


@dataclass(frozen=True)
class Rating:
    rating: str


@step("acme.rating")
def rating(company: str) -> Rating:
    asked[company] += 1
    if company.startswith("Down") or (company.startswith("Busy") and asked[company] < 3):
        raise Transient("the server does not answer", code="timeout")
    return Rating("A")


@hookimpl
def lustrum_steps() -> list[Step]:
    return [rating]
"""
"""A step that asks a busy server; the page says what it does."""

AROUND = {
    "activities.csv": "id,lead,type,at\n",
    "plugins/acme.py": PLUGIN,
    **{f"campaigns/{name}.yaml": f"campaign: {name}\n{STANDARDISE}" for name in CHILDREN},
    "campaigns/nightly.yaml": f"campaign: nightly\n{STANDARDISE.replace('executable', 'batch')}",
}
"""What the examples name and do not show."""

TICKED = "flow:\n  - use: change.value\n    with: {field: taken, value: 'yes'}\n"


@dataclass
class Night:
    """One run: when, with which flags, and the cells of its table."""

    line: int
    start: str
    flags: list[str]
    header: list[str]
    rows: list[list[str]]
    written: dict[str, str] = field(default_factory=dict[str, str])
    printed: str = ""

    @property
    def source(self) -> list[dict[str, str]]:
        """The columns that go in, or nothing but the key."""
        names = [name for name in self.header if not name.startswith(("→", "outcome"))]
        return [{name: row[self.header.index(name)] for name in names} for row in self.rows]

    @property
    def expected(self) -> Iterator[tuple[str, str, str]]:
        """The key, the column and the cell of what comes out."""
        for source, row in zip(self.source, self.rows, strict=True):
            yield from (
                (source[KEY], name, cell) for name, cell in zip(self.header, row, strict=True) if name not in source
            )


@dataclass
class Story:
    """A project and its runs."""

    line: int
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    nights: list[Night] = field(default_factory=list[Night])

    def __str__(self) -> str:
        return f"{PAGE.name}:{self.line}"


def pieces(page: Path) -> Iterator[tuple[int, str, str, str]]:
    """Give the headings, and what follows each mark: line, mark, what it says, text."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if found := _MARK.fullmatch(line.strip()):
            yield number + 1, found[1], found[2], "\n".join(_below(lines[number + 1 :]))
        elif _HEADING.fullmatch(line):
            yield number + 1, "heading", line, ""


def _below(lines: Sequence[str]) -> Iterator[str]:
    fenced = lines[0].startswith("```")
    for line in lines[1:] if fenced else lines:
        if line == "```" if fenced else not line.startswith("|"):
            return
        yield line


def stories() -> Iterator[Story]:
    """Give the projects of the page, each with its runs; a heading begins anew, and so does a piece shown again."""
    told = Story(0)
    for line, mark, what, text in [*pieces(PAGE), (0, "heading", "", "")]:
        shown = {what: f"{text}\n"} if mark == "file" else wrapped(what, text) if mark == "fragment" else {}
        if mark == "heading" or (shown and (told.nights or told.files.keys() & shown)):
            if told.files:
                yield told
            told = Story(line, told.files if mark == "file" else {})
        if shown:
            told = Story(line, {**told.files, **shown})
        elif mark == "run":
            told.nights.append(night(line, what, text))
        elif mark == "writes":
            told.nights[-1].written[what] = text
        elif mark == "prints":
            told.nights[-1].printed = text


def wrapped(kind: str, text: str) -> dict[str, str]:
    within = indent(text, "  ")
    flow = {"flow": f"flow:\n{within}\n", "condition": f"smart_list:\n{within}\n{TICKED}"}
    if kind == "project":
        return {PIECE: text}
    return {"campaigns/nightly.yaml": f"campaign: nightly\nkind: batch\n{flow[kind]}"}


def night(line: int, what: str, table: str) -> Night:
    header, _, *rows = [
        [cell.strip().replace("`", "") for cell in row.strip("|").split("|")] for row in table.splitlines()
    ]
    start, *flags = shlex.split(what)
    return Night(line, start, flags, header, rows)


def project_of_examples() -> dict[str, str]:
    section = ""
    found: dict[str, str] = {}
    for _, mark, what, text in pieces(PAGE):
        section = what if mark == "heading" else section
        if section == EXAMPLES and mark == "file":
            found[what] = f"{text}\n"
    return found


STORIES = list(stories())
RUN = [story for story in STORIES if story.nights]
PLANNED = [story for story in STORIES if not story.nights]


class Still:
    """A clock that does not wait."""

    def __init__(self) -> None:
        self.passed = 0.0

    def sleep(self, seconds: float) -> None:
        self.passed += seconds

    def elapsed(self) -> float:
        return self.passed


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """Collect the outcomes of the run that follows, by key and path."""
    found: dict[tuple[str, str], str] = {}

    def listening(*arguments: object) -> Result:
        result = run(*arguments)
        for path in result.outcomes.columns:
            texts = zip(result.keys.to_list(), outcome_texts(result, path), strict=True)
            found.update({(key, path): text for key, text in texts if text})
        skipped = result.details.filter(result.details["outcome"] == "skipped").select("row", "path", "code")
        found.update({(result.keys[row], path): f"skipped:{code}" for row, path, code in skipped.iter_rows()})
        return result

    run: Callable[..., Result] = execute
    monkeypatch.setattr("lustrum.running.work.execute", listening)
    return found


def options(flags: list[str]) -> RunOptions:
    given = command.make_context("run", flags).params
    return RunOptions(
        campaigns=given["campaigns"], no_wait=given["no_wait"], tokens=dict(map(parse_override, given["tokens"]))
    )


def complete(files: Mapping[str, str]) -> dict[str, str]:
    """Add what a section does not show: the project of the examples, and campaigns that it only names."""
    own = dict(files)
    piece = own.pop(PIECE, "")
    base = {**AROUND, **({} if "lustrum.yaml" in own else project_of_examples())}
    if piece:
        keys = re.findall(r"^(\w+):", piece, re.MULTILINE)
        kept = re.sub(rf"^(?:{'|'.join(keys)}):.*\n(?:[ #].*\n)*", "", base["lustrum.yaml"], flags=re.MULTILINE)
        base["lustrum.yaml"] = f"{kept}{piece}\n"
    return {**base, **own}


@pytest.mark.parametrize("story", PLANNED, ids=str)
def test_an_example_that_is_not_run_is_planned(story: Story, tmp_path: Path) -> None:
    project = load_project(write_project(tmp_path, complete(story.files)))
    registry = Registry.of_project(project)
    leads = tmp_path / "leads.csv" if "leads.csv" in story.files else ROOT / "fixtures" / "leads.csv"
    header = next(csv.reader(leads.read_text(encoding="utf-8").splitlines()))
    assert make_plan(project, registry, Request(START, header, "leads.csv")).campaigns


@pytest.mark.parametrize("story", RUN, ids=str)
def test_an_example_comes_out_as_its_tables_say(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: dict[tuple[str, str], str]
) -> None:
    root = write_project(tmp_path, complete(story.files))
    for each in story.nights:
        told.clear()
        if len(each.source[0]) > 1 or not (root / "leads.csv").exists():
            write_leads(root / "leads.csv", each.source)
        monkeypatch.setenv("LUSTRUM_NOW", each.start)
        project = load_project(root)
        summary = run_project(project, Registry.of_project(project), options(each.flags), clock=Still())
        leads = {lead[KEY]: lead for lead in read(root / project.model.leads.to)} if summary.outputs else {}
        got = partial(come_out, leads, told)
        wrong = [(key, name, cell, got(key, name)) for key, name, cell in each.expected if got(key, name) != cell]
        assert wrong == [], f"{PAGE.name}:{each.line}: key, column, what it says, what came"
        for name, text in each.written.items():
            compare(name, text, read(root / "out" / name))
        lines = list(summary_lines(summary))
        assert [line for line in each.printed.splitlines() if not is_among(line, lines)] == [], lines


def write_leads(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def come_out(leads: Mapping[str, Mapping[str, str]], told: Mapping[tuple[str, str], str], key: str, name: str) -> str:
    """Give what a column of the table is about, as the table writes it."""
    if name.startswith("→"):
        return leads[key].get(name.removeprefix("→").strip(), "no such column")
    end = name.removeprefix("outcome").removeprefix(" of").strip()
    found = [
        text
        for (lead, path), text in told.items()
        if lead == key and (path == end or path.endswith(f"> {end}") or not end)
    ]
    assert len(found) <= 1, f"{name}: {found}"
    return re.sub(r"^(\w+):(.+)$", r"\1(\2)", found[0]) if found else ""


def compare(name: str, text: str, rows: Sequence[Mapping[str, str]]) -> None:
    shown = list(csv.DictReader(text.splitlines()))
    assert [{column: row[column] for column in shown[0]} for row in rows] == shown, name


def is_among(shown: str, lines: Iterable[str]) -> bool:
    start, more, _ = shown.partition("…")
    return any(line.startswith(start) if more else line == shown for line in lines)


def test_most_examples_are_run() -> None:
    assert len(RUN) > 5 * len(PLANNED)


MODELS = (ProjectSettings, Leads, FieldSpec, Activities, CampaignFile, Entry, Choice, Retry, Transient)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_in_an_example_that_is_run(model: type[FileModel]) -> None:
    files = [item for story in RUN for item in complete(story.files).items()]
    text = "\n".join(text for name, text in files if name.endswith(".yaml"))
    keys = [spec.alias or name for name, spec in model.model_fields.items()]
    assert [key for key in keys if not re.search(rf"\b{key}:", text)] == []
