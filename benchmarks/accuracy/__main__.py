"""Measure the steps: `python -m benchmarks.accuracy FOLDER [--table NAME] [--misses] [--write FILE]`.

The exit code is 1 where a goal is missed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from benchmarks.accuracy import addresses, companies, countries, emails, names, phones, postal_codes, states
from benchmarks.accuracy.contest import Table
from benchmarks.accuracy.report import page
from benchmarks.accuracy.score import Verdicts, contend
from benchmarks.accuracy.times import times

TABLES: tuple[Table, ...] = (
    *phones.TABLES,
    *countries.TABLES,
    *states.TABLES,
    *emails.TABLES,
    *names.TABLES,
    *companies.TABLES,
    *postal_codes.TABLES,
    *addresses.TABLES,
)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--table", "named", multiple=True, help="Only this table.")
@click.option("--misses", is_flag=True, help="Show what lustrum missed, but for the rows left out.")
@click.option("--write", "target", type=click.Path(path_type=Path), help="Write the page here instead of showing it.")
def main(folder: Path, named: tuple[str, ...], misses: bool, target: Path | None) -> None:
    """Score every step over the tables of FOLDER."""
    results = list(_results(folder, named))
    if misses:
        _show_misses(results)
    elif target:
        target.write_text(page(results, times()), encoding="utf-8")
    else:
        click.echo(page(results, () if named else times()))
    reached = all(verdicts[0].score(goal.slices).reaches(goal) for table, verdicts in results for goal in table.goals)
    sys.exit(0 if reached else 1)


def _results(folder: Path, named: tuple[str, ...]) -> Iterator[tuple[Table, list[Verdicts]]]:
    for table in TABLES:
        if not named or table.name in named:
            yield table, contend(table, table.cases(folder))


def _show_misses(results: list[tuple[Table, list[Verdicts]]]) -> None:
    for table, verdicts in results:
        for case, verdict in verdicts[0].misses():
            click.echo(f"{table.name}\t{verdict}\t{case.id}\t{dict(case.given)}\texpected {case.expected}")


if __name__ == "__main__":
    main()
