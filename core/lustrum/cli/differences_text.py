"""What a run changed, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lustrum.cli.aligned import align, shortened, shown
from lustrum.cli.past_runs import status_text
from lustrum.report.differences import Differences, EntryChange, PatternChange, QuarantineGroup

MOST_LINES = 12
"""How many patterns of an entry and field are listed."""

WIDTH = 40


def difference_lines(run: Mapping[str, Any], found: Differences) -> Iterator[str]:
    """Give the lines that say what a run changed."""
    yield f"run {run['run']}: {', '.join(run['campaigns'])}: {status_text(run['status'])}"
    yield f"started      {run['started']}"
    yield f"source       {run['source']}"
    yield f"changed      {found.leads:,} leads, {found.cells:,} cells{_by(found.fields)}"
    yield f"quarantine   {found.quarantined:,} leads"
    if found.effects:
        yield f"effects      {sum(found.effects.values()):,}{_by(found.effects)}"
    if found.rejects:
        yield f"rejects      {found.rejects:,} records"
    for change in found.changes:
        yield ""
        yield from _change(change)
    if found.quarantine:
        yield ""
        yield from _quarantine(found.quarantine)


def _by(counts: Mapping[str, int]) -> str:
    named = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    return f": {named}" if named else ""


def _change(change: EntryChange) -> Iterator[str]:
    yield f"{change.path or change.step}: {change.field}: {_cells(change.cells)}"
    listed, others = change.patterns[:MOST_LINES], change.patterns[MOST_LINES:]
    yield from align([_pattern(pattern) for pattern in listed], indent="  ")
    if others:
        rest = sum(pattern.cells for pattern in others)
        yield f"  … and {len(others):,} other patterns: {_cells(rest)}"


def _cells(count: int) -> str:
    return f"{count:,} cell" if count == 1 else f"{count:,} cells"


def _pattern(pattern: PatternChange) -> tuple[str, str, str]:
    change = f"{_visible(pattern.before)} → {_visible(pattern.after)}"
    example = f"{_value(pattern.value_before)} → {_value(pattern.value_after)}"
    return f"{pattern.cells:>7,}", change, f"e.g. {example} (lead {pattern.key})"


def _visible(pattern: str) -> str:
    """Give a pattern, in quotes where it begins or ends with a space."""
    text = shortened(pattern, WIDTH)
    return text if text == text.strip() else f'"{text}"'


def _value(value: str | None) -> str:
    return shown(value if value is None else shortened(value, WIDTH))


def _quarantine(groups: tuple[QuarantineGroup, ...]) -> Iterator[str]:
    yield "in quarantine"
    rows = [(f"{group.leads:>7,}", group.code, group.path or "-", _example(group)) for group in groups]
    yield from align(rows, indent="  ")


def _example(group: QuarantineGroup) -> str:
    said = f": {shortened(group.message, 2 * WIDTH)}" if group.message else ""
    return f"e.g. lead {group.key or '(no key)'}{said}"
