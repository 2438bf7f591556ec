"""Nights: the whole run over CSV files, and the night in which one lead of a hundred has changed."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import polars as pl
from benchmarks.performance.contestant import Contestant
from benchmarks.performance.data import Data
from benchmarks.performance.measuring import sample

NAME, SOUND = "night-one-percent", "night-sound-leads"


def nights(data: Data) -> Iterator[Contestant]:
    """Give nights in which 1 % of the leads have changed since the last, with `qualification: when changed`.

    A lead in quarantine is due every night; so there is a night too over leads none of which went there.
    """
    for name, what in ((NAME, "1 % of the leads changed"), (SOUND, "the same, over leads that can be put right")):
        root, source = data.project(name), data.file(".csv").with_name(f"{name}-{data.leads}.csv")
        yield Contestant(
            name,
            "night",
            f"`lustrum run`, {what}",
            run_command(root),
            data.leads,
            _changer(data, name, source),
            counted=partial(_count, source),
            project=root,
        )


def run_command(root: Path, *options: str) -> Sequence[str]:
    """Give the command of a run."""
    return (sys.executable, "-m", "lustrum", "run", "--project", str(root), "--quiet", *options)


def _changer(data: Data, name: str, source: Path) -> Callable[[], None]:
    """Give what makes a night ready: before the first a whole run, before each other leads."""
    numbers = itertools.count()

    def prepare() -> None:
        number = next(numbers)
        if number == 0:
            source.write_bytes(data.file(".csv").read_bytes())
            root = _first_night(data, name, source)
            if name == SOUND:
                _leave_out(source, root / "out" / "leads.quarantine.csv")
                _first_night(data, name, source)
        _change(source, number)

    return prepare


def _first_night(data: Data, name: str, source: Path) -> Path:
    root = data.fresh_project(name, str(source), incremental=True)
    sample(Contestant("the first night", "night", "", run_command(root), data.leads))
    return root


def _leave_out(source: Path, quarantine: Path) -> None:
    left = pl.read_csv(quarantine, infer_schema=False)
    pl.read_csv(source, infer_schema=False).join(left, left_on="id", right_on="key", how="anti").write_csv(source)


def _count(source: Path) -> int:
    return int(pl.scan_csv(source, infer_schema=False).select(pl.len()).collect().item())


def _change(source: Path, number: int) -> None:
    """Change the company of every hundredth lead, which the campaigns read."""
    leads = pl.read_csv(source, infer_schema=False)
    is_due = pl.int_range(pl.len()) % 100 == number % 100
    leads.with_columns(company=pl.when(is_due).then(pl.lit(f"Town {number} Ltd")).otherwise("company")).write_csv(
        source
    )
