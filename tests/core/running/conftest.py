"""A project in a temporary folder, run for real: source, engine, journal, guards, files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.clock import Timer
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.ledger import Ledger
from lustrum.running.runner import RunOptions, run_project
from lustrum.running.summary import Summary
from lustrum.testing.campaigns import write_project

NOW = "2026-01-31T03:00:00+00:00"

PLUGIN = '''
from collections.abc import Mapping

from lustrum import Calls, Failed, KEEP, Reject, Sink, Source, SourceBatch, Step, hookimpl, step

heard: list[tuple[object, ...]] = []


@step("probe.tidy")
def tidy(value: str) -> str | Failed:
    """Write in lower case; what holds a question mark cannot be read, and an exclamation mark is too much."""
    heard.append(("tidy", value))
    if "^C" in value:
        raise KeyboardInterrupt
    if "!" in value:
        raise ValueError("too loud")
    return Failed("unclear", value + " is a question") if "?" in value else value.lower()


@hookimpl
def lustrum_steps() -> list[Step]:
    return [each for each in globals().values() if isinstance(each, Step)]
'''
TIDY = "{use: probe.tidy, reads: {value: country}}"


@pytest.fixture(autouse=True)
def fixed_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUSTRUM_NOW", NOW)


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Write a project `nightly` of some entries, over leads with the key `id`."""

    def write(
        leads: str | bytes,
        *flow: str,
        settings: str = "",
        key: str = ", key: id",
        steps: str = "",
        files: Mapping[str, str] | None = None,
    ) -> Path:
        entries = "".join(f"  - {entry}\n" for entry in flow or (TIDY,))
        written = {
            "lustrum.yaml": f"leads: {{from: leads.csv, to: out/leads.csv{key}}}\nrun: nightly\n{dedent(settings)}",
            "campaigns/nightly.yaml": f"campaign: nightly\nkind: batch\nflow:\n{entries}",
            "plugins/probe.py": PLUGIN + dedent(steps),
        }
        root = write_project(tmp_path / "project", {**written, **(files or {})})
        (root / "leads.csv").write_bytes(leads if isinstance(leads, bytes) else leads.encode())
        return root

    return write


@pytest.fixture
def run() -> Callable[..., Summary]:
    """Run a project, its files and plugins read anew; what is given are `RunOptions`."""

    def go(
        root: Path,
        run_id: str = "r1",
        *,
        progress: Callable[[int], None] | None = None,
        clock: Timer | None = None,
        **given: Any,
    ) -> Summary:
        project = load_project(root)
        return run_project(project, Registry.of_project(project), RunOptions(run_id=run_id, **given), progress, clock)

    return go


@pytest.fixture
def rows() -> Callable[..., list[dict[str, str]]]:
    """Read a file a run has written: `rows(root, "changes")` those of `out/leads.changes.csv`."""

    def read(root: Path, side: str = "") -> list[dict[str, str]]:
        path = root / "out" / (f"leads.{side}.csv" if side else "leads.csv")
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture
def outputs() -> Callable[[Path], dict[str, bytes]]:
    """Give the bytes of every file in a project's `out`, by name."""

    def read(root: Path) -> dict[str, bytes]:
        folder = root / "out"
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.is_dir() else {}

    return read


@pytest.fixture
def status() -> Callable[..., str]:
    """Give a run's status in its project's ledger."""

    def ask(root: Path, run_id: str = "r1") -> str:
        with Journal.open_ledger(root) as ledger:
            known = ledger.run(run_id)
        assert known is not None
        return str(known["status"])

    return ask


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite3")


@pytest.fixture
def leads() -> Callable[..., str]:
    """Write a file of leads: one for each country, keys from 1."""

    def write(*countries: str | Sequence[str], times: int = 1) -> str:
        listed = [country for country in countries for _ in range(times)]
        return "id,country\n" + "".join(f"{number},{country}\n" for number, country in enumerate(listed, 1))

    return write
