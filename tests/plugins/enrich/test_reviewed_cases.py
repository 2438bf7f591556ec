"""The reviewed fixtures of steps that ask a server, which says what the header `X-Answer` of each case tells it to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lustrum.files.fixtures import load_fixtures
from lustrum.planning.registry import Registry
from lustrum.testing import run_cases

ROOT = Path(__file__).parents[3]
LEAST = 40
TRAPS = 12
HOST = "https://api.acme.example"

Server = Any
"""The fixture of `conftest.py`."""


def told(options: Mapping[str, Any], server: Server) -> dict[str, Any]:
    """Let the options of a case name the server of the test."""
    here: dict[str, Any] = json.loads(json.dumps(options).replace(HOST, server.url.removesuffix("/leads")))
    return here


@pytest.mark.parametrize("step", ["enrich.http", "enrich.waterfall"])
def test_the_step_does_what_its_stewards_have_reviewed(server: Server, step: str) -> None:
    server.steered()
    tables = [
        replace(table, cases=tuple(replace(case, options=told(case.options, server)) for case in table.cases))
        for table in load_fixtures(ROOT / "fixtures" / step, ROOT)
    ]
    runs = [run for table in tables for run in run_cases(table, Registry.load())]
    failed = [f"{run.case.place}: {run.outcome}, {dict(run.got)}: {run.case.note}" for run in runs if not run.passed]
    assert not failed, "\n".join(failed)
    assert len(runs) >= LEAST
    assert sum("trap" in run.case.note for run in runs) >= TRAPS
