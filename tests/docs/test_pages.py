"""The pages as a whole: the README's commands, links that lead somewhere, paths that exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from lustrum.cli.summary import summary_lines
from lustrum.running.summary import Summary
from lustrum.running.totals import Totals

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]

SET_UP = (
    "python3 -m venv --without-pip .venv && python3 -m pip --python .venv install -q -r constraints.txt && "
    "python3 -m pip --python .venv install -q --no-deps --no-build-isolation -e . && "
)


@pytest.mark.parametrize(
    ("marker", "command"),
    [
        ("example", f"{SET_UP}.venv/bin/lustrum run --project examples/nightly"),
        ("tests", f"{SET_UP}.venv/bin/python -m pytest -n 2 --dist worksteal --cov --cov-report="),
    ],
)
def test_the_readme_has_each_command_once_as_ci_takes_it(marker: str, command: str) -> None:
    (block,) = re.findall(rf"^<!-- {marker} -->\n```sh\n(.*?)\n```$", README, re.MULTILINE | re.DOTALL)
    assert README.count(f"<!-- {marker} -->") == 1
    assert re.sub(r"\s*\\\n\s*", " ", block) == command


def test_both_commands_stand_before_everything_else() -> None:
    assert README.index("<!-- example -->") < README.index("<!-- tests -->") < README.index("\n## ")


def test_the_readme_shows_the_lines_that_a_run_prints() -> None:
    totals = Totals(leads=1)
    totals.effects["moment"] = totals.unreadable["score"] = 1
    summary = Summary("r", "applied", ("nightly",), "leads.csv", "", totals, True, outputs={"leads": "", "changes": ""})
    printed = {line.split()[0] for line in summary_lines(summary)}
    (shown,) = re.findall(r"## What a run prints\n.*?```text\n(.*?)```", README, re.DOTALL)
    assert printed <= {line.split()[0] for line in shown.splitlines()}


def anchors(page: Path) -> set[str]:
    """Give what a link can lead to: the headings of a page, the functions of a test."""
    if page.suffix == ".py":
        return set(re.findall(r"^def (\w+)\(", page.read_text(encoding="utf-8"), re.MULTILINE))
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8")):
        linked = (page.parent / target).resolve() if target else page
        assert linked.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in anchors(linked), f"{page.name} links to {target}#{anchor}"


def test_every_path_in_the_architecture_exists() -> None:
    assert [
        path for path in re.findall(r"`((?:core|plugins)/[\w./]+)`", ARCHITECTURE) if not (ROOT / path).exists()
    ] == []


def test_every_file_named_beside_a_path_exists() -> None:
    known = {path.name for root in ("core", "plugins") for path in (ROOT / root).rglob("*.py")}
    assert set(re.findall(r"`(\w+\.py)`", ARCHITECTURE)) <= known


def test_the_floors_are_those_that_the_import_contracts_keep() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = [found["layers"] for found in project["tool"]["importlinter"]["contracts"] if "layers" in found]
    rows = re.findall(r"^\| (\w+) \| .*`core/lustrum/(\w+)`.* \| ([\w ]+) \|$", ARCHITECTURE, re.MULTILINE)
    assert [room for _, room, _ in reversed(rows)] == layers
    assert [below for *_, below in rows[1:]] == [floor for floor, *_ in rows[:-1]]


def test_the_changelog_speaks_of_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert f"## [{project['project']['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
