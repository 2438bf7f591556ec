"""A case that did not come out as expected, as text."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lustrum.cli.aligned import align, shown
from lustrum.testing.cases import CaseRun

HEADER = ("", "field", "given", "expected", "got")
WRONG = "✗"


def case_lines(run: CaseRun) -> Iterator[str]:
    """Give the lines about a case: where it stands and what it is about, then field by field."""
    case = run.case
    yield f"FAILED {case.place}{f': {case.note}' if case.note else ''}"
    if case.options:
        yield f"  with {'; '.join(f'{name}: {_plain(value)}' for name, value in case.options.items())}"
    yield from align([HEADER, *_rows(run)], indent="  ")


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _rows(run: CaseRun) -> Iterator[tuple[str, str, str, str, str]]:
    case, wrong = run.case, run.wrong_fields
    for name in dict.fromkeys([*case.given, *case.expected]):
        given = shown(case.given[name]) if name in case.given else ""
        expected = shown(case.expected[name]) if name in case.expected else ""
        yield WRONG if name in wrong else "", name, given, expected, shown(run.got.get(name))
    expected = str(case.outcome) if case.outcome else ""
    yield WRONG if not wrong else "", "outcome", "", expected, run.outcome or "not reached"
