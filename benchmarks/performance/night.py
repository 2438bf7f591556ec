"""Nights: the whole run over CSV files, and the night in which one lead of a hundred has changed."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
from benchmarks.performance.contestant import Contestant
from benchmarks.performance.data import Data
from benchmarks.performance.measuring import sample

NAME = "night-one-percent"


def incremental_night(data: Data) -> Contestant:
    """Give the night in which 1 % of the leads have changed since the last, with `qualification: when changed`."""
    root = data.project(NAME)
    source = data.file(".csv").with_name(f"night-{data.leads}.csv")
    command = run_command(root)
    return Contestant(
        NAME,
        "night",
        "`lustrum run`, 1 % of the leads changed",
        command,
        data.leads,
        _changer(data, source, command),
    )


def run_command(root: Path, *options: str) -> Sequence[str]:
    """Give the command of a run."""
    return (sys.executable, "-m", "lustrum", "run", "--project", str(root), "--quiet", *options)


def _changer(data: Data, source: Path, command: Sequence[str]) -> Callable[[], None]:
    """Give what makes a night ready: before the first a whole run, before each other leads."""
    numbers = itertools.count()

    def prepare() -> None:
        number = next(numbers)
        if number == 0:
            source.write_bytes(data.file(".csv").read_bytes())
            data.fresh_project(NAME, str(source), incremental=True)
            sample(Contestant("the first night", "night", "", command, data.leads))
        _change(source, number)

    return prepare


def _change(source: Path, number: int) -> None:
    """Change the company of every hundredth lead, which the campaigns read."""
    leads = pl.read_csv(source, infer_schema=False)
    is_due = pl.int_range(pl.len()) % 100 == number % 100
    leads.with_columns(company=pl.when(is_due).then(pl.lit(f"Town {number} Ltd")).otherwise("company")).write_csv(
        source
    )
