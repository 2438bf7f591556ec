"""A project around the campaigns and steps of a test, with a few steps that every subject needs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from textwrap import dedent
from typing import Any

import pytest

from lustrum.testing import CampaignRun, run_campaign

STEPS = '''
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from lustrum import KEEP, Answer, Attempt, Failed, FieldName, Keep, Moment, Skip, Step, Template, Transient
from lustrum import hookimpl, step

calls: list[tuple[str, Any]] = []
"""Every call of a step: which, and with what."""


@step("probe.tidy")
def tidy(value: str) -> str | Failed:
    """Write in lower case; what holds a question mark cannot be read."""
    calls.append(("tidy", value))
    return Failed("unreadable", value + " cannot be read") if "?" in value else value.lower()


@step("probe.copy")
def copy(value: str) -> str:
    """Need the value."""
    calls.append(("copy", value))
    return value


@step("probe.view")
def view(value: str | None) -> str:
    """Do without the value if need be."""
    calls.append(("view", value))
    return "nothing" if value is None else "saw " + value
'''

OFFER = """

@hookimpl
def lustrum_steps() -> list[Step]:
    return [each for each in globals().values() if isinstance(each, Step)]
"""


def _run(
    nightly: str,
    rows: Sequence[Mapping[str, Any]],
    *campaigns: str,
    steps: str = "",
    children: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
    **options: Any,
) -> CampaignRun:
    """Run a batch campaign `nightly`, given without its first two lines, as are the executable campaigns it calls."""
    written = {"nightly": f"campaign: nightly\nkind: batch\n{dedent(nightly)}"}
    for name, text in (children or {}).items():
        written[name] = f"campaign: {name}\nkind: executable\n{dedent(text)}"
    project = {
        "plugins/probe.py": STEPS + dedent(steps) + OFFER,
        **{f"campaigns/{name}.yaml": text for name, text in written.items()},
        **(files or {}),
    }
    return run_campaign(project, rows, *(campaigns or ("nightly",)), **options)


@pytest.fixture
def run() -> Callable[..., CampaignRun]:
    return _run


@pytest.fixture
def calls() -> Callable[..., list[Any]]:
    """Give what a step of the last run was called with, in order; without a name, every call with its step."""

    def of(name: str | None = None) -> list[Any]:
        made: list[tuple[str, Any]] = sys.modules["lustrum_project.probe"].calls
        return [value for step, value in made if step == name] if name else made

    return of
