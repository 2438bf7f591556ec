"""The commands in the documents: all of them, with all their options, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from lustrum import cli
from lustrum.cli.program import program

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS_SECTION = re.compile(r"## Commands\n(.*?)\n## ", re.DOTALL)
OWN = {"--help", "--project"}
"""Options that the reference says once, for all commands."""


def commands() -> dict[str, set[str]]:
    """Give the options of every command by what is written behind `lustrum`."""
    with click.Context(program) as context:
        return dict(_options(program, context, ""))


def _options(group: click.Group, context: click.Context, before: str) -> list[tuple[str, set[str]]]:
    found: list[tuple[str, set[str]]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            found += _options(command, context, f"{before}{name} ")
        elif command is not None:
            options = {flag for option in command.params for flag in option.opts if flag.startswith("--")}
            found.append((f"{before}{name}", options))
    return found


COMMANDS = commands()
REFERENCE = [
    line.split(" | ")
    for found in COMMANDS_SECTION.findall((ROOT / "docs" / "campaigns.md").read_text(encoding="utf-8"))
    for line in found.splitlines()
    if line.startswith("| `lustrum")
]


def _named(text: str) -> str | None:
    """Find the command that a text calls."""
    words = re.findall(r"[a-z]+", text.partition("lustrum ")[2])
    return next((name for name in (" ".join(words[:2]), *words[:1]) if name in COMMANDS), None)


def test_the_reference_has_every_command() -> None:
    assert {_named(row[0]) for row in REFERENCE} == set(COMMANDS)


@pytest.mark.parametrize("row", REFERENCE, ids=lambda row: row[0])
def test_the_reference_has_every_option_of_a_command_and_no_other(row: list[str]) -> None:
    assert set(re.findall(r"--[a-z-]+", row[2])) == COMMANDS[_named(row[0]) or ""] - OWN


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_a_page_exists_with_its_options(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    inline = re.findall(r"`lustrum [a-z]+[^`\n]*`", text)
    shell = "".join(re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    for call in [*inline, *re.findall(r"\blustrum [a-z].*", shell)]:
        name = _named(call)
        assert name, f"{page.name}: {call}"
        assert set(re.findall(r" (--[a-z-]+)", call.partition("#")[0])) <= COMMANDS[name] | {"--debug"}, call


def test_the_output_of_a_failing_fixture_is_real(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "fixtures.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    folder = tmp_path / "fixtures" / "standardise.country"
    folder.mkdir(parents=True)
    (folder / "cases.csv").write_text(table.replace(",Italy,", ",Italie,"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli.call(["test", "fixtures"]) == 1
    assert f"```text\n{capsys.readouterr().out}```" in page
