"""The reviewed fixtures of `call_webhook`: the server says what the header `X-Answer` of each case tells it to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lustrum.files.fixtures import load_fixtures
from lustrum.planning.registry import Registry
from lustrum.testing import run_cases

ROOT = Path(__file__).parents[3]
LEAST = 40
TRAPS = 12

Server = Any
"""The fixture of `conftest.py`."""


def test_the_step_does_what_its_stewards_have_reviewed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.steered()
    monkeypatch.setenv("WEBHOOK_URL", server.url)
    tables = load_fixtures(ROOT / "fixtures" / "call_webhook", ROOT)
    runs = [run for table in tables for run in run_cases(table, Registry.load())]
    failed = [f"{run.case.place}: {run.outcome}, {dict(run.got)}: {run.case.note}" for run in runs if not run.passed]
    assert not failed, "\n".join(failed)
    assert len(runs) >= LEAST
    assert sum("trap" in run.case.note for run in runs) >= TRAPS
