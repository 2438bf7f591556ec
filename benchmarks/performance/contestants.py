"""Everybody who is measured, by group."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

from benchmarks.performance.contestant import Contestant
from benchmarks.performance.data import Data
from benchmarks.performance.night import nights, run_command

GROUPS = {
    "naive": "One lead at a time",
    "pandas": "Three columns (country, phone, e-mail)",
    "copy": "Copying and doing nothing",
    "run": "`lustrum run`: source, engine, journal, guards, apply",
    "engine": "The engine alone, in process",
    "phones": "Phones alone",
    "night": "A night in which little changed",
    "most": "As many leads as there may be",
    "start": "Starting",
}


def contestants(data: Data, sample: int, dataprep: str | None = None) -> Iterator[Contestant]:
    """Give all contestants over these leads; the slow ones go over a sample."""
    few = min(sample, data.leads)
    yield from _naive(data, few)
    yield from _pandas(data, few, dataprep)
    yield from _copies(data)
    yield from _runs(data)
    yield from _engine(data)
    yield from _phones(data)
    yield from nights(data)
    yield from _starts(data)


def _module(name: str, *arguments: object) -> Sequence[str]:
    return (sys.executable, "-m", f"benchmarks.performance.{name}", *map(str, arguments))


def _naive(data: Data, few: int) -> Iterator[Contestant]:
    source, target, log = data.file(".csv", few), data.target("naive", ".csv"), data.target("naive-changes", ".csv")
    for way, what in (("retrying", "tenacity around each call"), ("plain", "`try` around each call")):
        yield Contestant(f"naive-{way}", "naive", what, _module("naive", way, source, target, log), few)


def _pandas(data: Data, few: int, dataprep: str | None) -> Iterator[Contestant]:
    source, target = data.file(".csv", few), data.target("pandas", ".csv")
    missing = "" if find_spec("pandas") else "pandas is not installed"
    for way in ("apply", "comprehension"):
        command = _module("pandas_columns", way, source, target)
        yield Contestant(f"pandas-{way}", "pandas", f"pandas, {way}", command, few, missing=missing)
    script = Path(__file__).with_name("dataprep_columns.py")
    old = (dataprep or sys.executable, str(script), str(data.file(".csv")), str(data.target("dataprep", ".csv")))
    missing = "" if dataprep else "`--dataprep PYTHON` was not given"
    yield Contestant("dataprep", "pandas", "dataprep, whole process", old, data.leads, missing=missing)
    yield _run(
        data, "run-three-columns", ".csv", ("--workers", "2"), "`lustrum run`, whole process, 2 workers", "three"
    )


def _copies(data: Data) -> Iterator[Contestant]:
    for way, suffix in (("polars-parquet", ".parquet"), ("polars-csv", ".csv"), ("duckdb-csv", ".csv")):
        command = _module("copying", way, data.file(suffix), data.target(f"copy-{way}", suffix))
        yield Contestant(f"copy-{way}", "copy", way.replace("-", ", "), command, data.leads)


def _runs(data: Data) -> Iterator[Contestant]:
    alone = ("--workers", "0") if "--workers" in _run_help() else ()
    settings: list[tuple[str, str, Sequence[str], str]] = [
        ("run-csv", ".csv", alone, "batches of 100,000"),
        ("run-csv-small-batches", ".csv", ("--batch-size", "25000", *alone), "batches of 25,000"),
        ("run-csv-two-workers", ".csv", ("--workers", "2"), "2 workers"),
        ("run-parquet", ".parquet", alone, "batches of 100,000"),
        ("run-parquet-two-workers", ".parquet", ("--workers", "2"), "2 workers"),
        ("run-ndjson", ".ndjson", alone, "batches of 100,000"),
    ]
    for name, suffix, options, how in settings:
        format_name = {".csv": "CSV", ".parquet": "Parquet", ".ndjson": "NDJSON"}[suffix]
        yield _run(data, name, suffix, options, f"{format_name} → {format_name}, {how}")


def _run(
    data: Data, name: str, suffix: str, options: Sequence[str], what: str, campaign: str = "nightly"
) -> Contestant:
    source, root = data.file(suffix), data.project(name)
    prepare = partial(data.fresh_project, name, str(source), run=campaign)
    group = "run" if campaign == "nightly" else "pandas"
    command = run_command(root, *options)
    return Contestant(name, group, what, command, data.leads, prepare, _missing(source, options), project=root)


def most_leads(data: Data) -> Contestant:
    """Give a whole run over very many leads, which is measured once: what counts is its memory."""
    one = _run(data, "run-most", ".csv", ("--workers", "2"), "CSV → CSV, 2 workers")
    return replace(one, group="most")


def _missing(source: Path, options: Sequence[str]) -> str:
    lacking = [option for option in options if option.startswith("--") and option not in _run_help()]
    if lacking:
        return f"`lustrum run` has no {lacking[0]}"
    return _unreadable(source)


@cache
def _run_help() -> str:
    command = (sys.executable, "-m", "lustrum", "run", "--help")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603  # our own command


@cache
def _unreadable(source: Path) -> str:
    """Say why no plugin reads a file, or nothing where one does."""
    from lustrum.planning.registry import Registry
    from lustrum.words.errors import LustrumError

    try:
        Registry.load().open_source(str(source), {})
    except LustrumError as error:
        return str(error).removeprefix(f"{source}: ")
    return ""


def _engine(data: Data) -> Iterator[Contestant]:
    source, target = data.file(".parquet"), data.target("engine", ".parquet")
    whats = {
        "whole": "all steps",
        "unlogged": "all steps, no changes noted",
        "steps": "one step after the other",
    }
    for way, size in (("whole", 100_000), ("whole", 25_000), ("unlogged", 100_000), ("steps", 100_000)):
        name = f"engine-{way}" + ("" if size == 100_000 else "-small-batches")
        what = f"{whats[way]}, batches of {size:,}"
        yield Contestant(name, "engine", what, _module("engine", way, source, target, size), data.leads)


def _phones(data: Data) -> Iterator[Contestant]:
    ways = {
        "library": "phonenumbers",
        "cached": "phonenumbers, patterns cached",
        "step": "lustrum's step, distinct inputs",
    }
    for way, what in ways.items():
        yield Contestant(f"phones-{way}", "phones", what, _module("phones", way, data.file(".csv")), data.leads)


def _starts(data: Data) -> Iterator[Contestant]:
    yield Contestant("start-python", "start", "bare Python", (sys.executable, "-c", "pass"), 1)
    for option in ("version", "help"):
        asked = (sys.executable, "-m", "lustrum", f"--{option}")
        yield Contestant(f"start-{option}", "start", f"`lustrum --{option}`", asked, 1)
    name, prepare = "start-one-lead", partial(data.fresh_project, "start-one-lead", str(data.file(".csv", 1)))
    command = run_command(data.project(name))
    yield Contestant(name, "start", "`lustrum run` over one lead", command, 1, prepare)
