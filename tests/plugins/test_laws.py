"""The laws of standardisation, held by every built-in step over its reviewed cases and over any text.

`LUSTRUM_EXAMPLES=500 pytest tests/plugins/test_laws.py` looks longer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lustrum.files.fixtures import load_fixtures
from lustrum.planning.registry import Registry
from lustrum.testing import broken_laws
from lustrum.testing.laws import LAWS
from lustrum.testing.leads import Row

ROOT = Path(__file__).parents[2]
STANDARDISING = ("standardise.", "enrich.", "qualify.consistency", "qualify.junk")
EXAMPLES = int(os.environ.get("LUSTRUM_EXAMPLES", "5"))
ASKING = {"enrich.http", "enrich.waterfall"}
"""Steps whose answers are a server's: see tests/plugins/enrich."""
FOLDERS = {path.name for path in (ROOT / "fixtures").iterdir() if path.is_dir()}
STEPS = sorted(name for name in FOLDERS - ASKING if name.startswith(STANDARDISING))


@dataclass(frozen=True)
class Group:
    """The cases of one step that share their options."""

    options: dict[str, Any]
    rows: list[Row]

    @property
    def laws(self) -> list[str]:
        """The laws it is held to: whoever asks for `repair: false` asks for the text as it stands, blanks included."""
        return [law for law in LAWS if law != "blanks" or self.options.get("repair") != "false"]


@cache
def registry() -> Registry:
    return Registry.load()


@cache
def groups(step: str) -> tuple[Group, ...]:
    return tuple(_groups(step))


def _groups(step: str) -> Iterator[Group]:
    found: dict[str, Group] = {}
    for table in load_fixtures(ROOT / "fixtures" / step, ROOT):
        for case in table.cases:
            group = found.setdefault(repr(sorted(case.options.items())), Group(dict(case.options), []))
            group.rows.append(case.given)
    return iter(found.values())


@pytest.mark.parametrize("name", STEPS)
def test_reviewed_cases_obey_the_laws(name: str) -> None:
    step = registry().find(name).step
    root = ROOT / "fixtures" / name
    broken = [
        line
        for group in groups(name)
        for line in broken_laws(step, group.rows, options=group.options, laws=group.laws, root=root)
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("name", STEPS)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_any_text_obeys_the_laws(name: str, data: st.DataObject) -> None:
    step = registry().find(name).step
    group = data.draw(st.sampled_from(groups(name)))
    fields = sorted({field for row in group.rows for field in row})
    cells = {field: st.none() | st.text(min_size=1, max_size=20) | _said(name, field) for field in fields}
    rows = data.draw(st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=20))
    root = ROOT / "fixtures" / name
    broken = broken_laws(step, rows, options=group.options, laws=group.laws, root=root)
    assert not broken, "\n".join(broken)


def _said(step: str, field: str) -> st.SearchStrategy[str | None]:
    """Give what the cases say of a field, so that texts meet in company they were not reviewed in."""
    return st.sampled_from([row.get(field) for group in groups(step) for row in group.rows])
