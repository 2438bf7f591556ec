"""Writes steps.md from the built-in steps: their docstrings, fields and options, and the entries of every_step.yaml.

Run `python docs/generate_steps.py` after a change of a step.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

from lustrum.planning.registry import Registry
from lustrum.report.catalogue import OptionSheet, StepSheet, describe_step, fields_text

FOLDER = Path(__file__).parent
TICK = "`"
OWN = "lustrum ("
"""How the source of a built-in plugin begins."""

INTRODUCTION = """\
# Steps

The steps that come with lustrum: what each reads, writes and takes, and how it fails. `lustrum steps` lists these and
those of other plugins; `lustrum steps NAME` shows one. The words used here are those of [campaigns.md](campaigns.md).

This page is written by `docs/generate_steps.py` from the steps themselves.
"""
_FENCED = re.compile(r"```yaml\n.*?```\n*", re.DOTALL)
_ENTRY = re.compile(r"^  - use: (\S+)\n(?:(?:    .*)?\n)*", re.MULTILINE)


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description="Write the page about the built-in steps.")
    parser.add_argument("--out", type=Path, default=FOLDER / "steps.md", help="write here instead")
    out: Path = parser.parse_args().out
    out.write_text("\n".join(page()), encoding="utf-8")


def page() -> Iterator[str]:
    """Give the lines of the page."""
    entries = example_entries((FOLDER / "every_step.yaml").read_text(encoding="utf-8"))
    sheets = [describe_step(offers[0]) for offers in Registry.load().steps.values()]
    own = [sheet for sheet in sheets if sheet.source.startswith(OWN)]
    yield INTRODUCTION
    yield from (f"* [{sheet.name}](#{sheet.name.replace('.', '')}): {sheet.summary}" for sheet in own)
    for sheet in own:
        yield from ("", *_section(sheet, entries[sheet.name]))
    yield ""


def example_entries(campaign: str) -> dict[str, str]:
    """Give the text of each entry of a campaign by its step.

    >>> example_entries("flow:\\n  - use: a.b\\n    with: {x: y}\\n\\n  - use: c.d\\n")
    {'a.b': '- use: a.b\\n  with: {x: y}', 'c.d': '- use: c.d'}
    """
    return {found[1]: found[0].rstrip().replace("\n  ", "\n")[2:] for found in _ENTRY.finditer(campaign)}


def _section(sheet: StepSheet, entry: str) -> Iterator[str]:
    text, shown = _parted(_FENCED.sub("", sheet.documentation))
    yield from (f"## {sheet.name}", "", text, "")
    yield from ("```yaml", entry, "```", "")
    yield from ("| | |", "|---|---|")
    yield f"| reads | {fields_text(sheet.reads, by_options=sheet.reads_by_options, quote=TICK)} |"
    yield f"| writes | {_writes(sheet)} |"
    if sheet.strategies:
        yield f"| strategies | {', '.join(sheet.strategies)}: one more with each attempt |"
    if sheet.options:
        yield from ("", "| option | type | default | lead tokens |", "|---|---|---|---|")
        yield from (_option(option) for option in sheet.options)
    if shown:
        yield from ("", "```text", shown, "```")


def _parted(documentation: str) -> tuple[str, str]:
    """Part a docstring from the doctest at its end."""
    text, prompt, rest = documentation.partition(">>> ")
    return text.rstrip(), (prompt + rest).rstrip()


def _writes(sheet: StepSheet) -> str:
    return sheet.writes_nothing or fields_text(sheet.writes, by_options=sheet.writes_by_options, quote=TICK)


def _option(option: OptionSheet) -> str:
    default = "needed" if option.required else "" if option.default is None else f"`{_value(option.default)}`"
    kind = option.type.replace(" | ", " \\| ")
    return f"| `{option.name}` | {kind} | {default} | {'yes' if option.tokens else ''} |"


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


if __name__ == "__main__":
    main()
