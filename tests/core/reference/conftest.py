"""The engine and the reference interpreter side by side."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from tests.core.reference.side_by_side import (
    Files,
    Lead,
    Report,
    Shown,
    behaviour,
    given_after,
    hold,
    interpreted,
    rules_of,
    yaml_text,
)

from lustrum.planning.registry import Registry
from lustrum.testing import run_campaign
from lustrum.testing.campaigns import write_project
from lustrum.testing.reference import interpret

PROBES = Path(__file__).with_name("probes.py")


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Load the built-in steps and the probes."""
    root = tmp_path_factory.mktemp("probes")
    (root / "plugins").mkdir()
    shutil.copy(PROBES, root / "plugins" / "probes.py")
    return Registry.load(root)


@pytest.fixture
def compare(registry: Registry, tmp_path: Path) -> Callable[..., list[Shown]]:
    """Hold what the engine says of some leads against what the interpreter says of each alone, and give that."""
    behaviours = {name: behaviour(registry.find(name).step) for name in registry.steps}
    asked = registry.find("probe.flaky").step.function.__globals__["asked"]
    numbers = count()

    def side_by_side(
        files: Files, leads: Sequence[Lead], size: int | None, later: timedelta | None = None
    ) -> list[Shown]:
        texts = {name: file if isinstance(file, str) else yaml_text(file) for name, file in files.items()}
        rows = [{"id": str(number), **lead} for number, lead in enumerate(leads, 1)]
        root = write_project(tmp_path / str(next(numbers)), texts)
        rules = rules_of(root, behaviours)
        asked.clear()
        alone = [interpret(rules, row, {}) for row in rows]
        asked.clear()
        run = run_campaign(root, rows, registry=registry, batch_size=size)
        hold(run, rows, alone, Report(texts, size))
        if later and not run.result.aborted:
            rules = rules._replace(start=rules.start + later)
            asked.clear()
            alone = [interpret(rules, row, said.done) for row, said in zip(run.leads, alone, strict=True)]
            asked.clear()
            again = run_campaign(
                root,
                run.leads,
                registry=registry,
                batch_size=size,
                given=given_after(run, rules.start),
                start=rules.start,
            )
            hold(again, run.leads, alone, Report(texts, size, later))
        shutil.rmtree(root)
        return [interpreted(said) for said in alone]

    return side_by_side
