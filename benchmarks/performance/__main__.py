"""Measure what a lead costs: `python -m benchmarks.performance [--leads N] [--rounds N] [--only NAME] [--write FILE]`.

A million leads take hours where a step is slow; begin with fewer.
"""

from __future__ import annotations

import tempfile
from contextlib import nullcontext
from pathlib import Path

import click
from benchmarks.performance.contestants import GROUPS, contestants, most_leads
from benchmarks.performance.data import Data
from benchmarks.performance.measuring import measure
from benchmarks.performance.report import page
from benchmarks.performance.right_phones import told_phones


@click.command()
@click.option("--leads", default=1_000_000, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--sample", default=50_000, show_default=True, type=click.IntRange(min=1), help="Leads of slow contestants."
)
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(min=1))
@click.option("--only", "named", multiple=True, help="Measure this contestant or group only; repeatable.")
@click.option("--data", "folder", type=click.Path(file_okay=False, path_type=Path), help="Keep the made-up leads here.")
@click.option("--most", type=click.IntRange(min=1), help="Take so many leads through one run too, once.")
@click.option("--dataprep", metavar="PYTHON", help="A Python that has dataprep.")
@click.option("--write", "target", type=click.Path(path_type=Path), help="Write the page here instead of showing it.")
def main(
    leads: int,
    sample: int,
    rounds: int,
    named: tuple[str, ...],
    folder: Path | None,
    most: int | None,
    dataprep: str | None,
    target: Path | None,
) -> None:
    """Measure everybody over made-up leads, in turn."""
    with nullcontext(str(folder.resolve())) if folder else tempfile.TemporaryDirectory() as kept:
        everybody = list(contestants(Data(Path(kept), leads), sample, dataprep))
        chosen = [each for each in everybody if not named or each.name in named or each.group in named]
        if not chosen:
            names = ", ".join([*GROUPS, *(each.name for each in everybody)])
            raise click.UsageError(f"nobody is called {', '.join(named)}; there are {names}")
        figures = list(measure(chosen, rounds))
        if most:
            figures += measure([most_leads(Data(Path(kept), most))], 1)
        phones = list(told_phones(Data(Path(kept), leads), [each.contestant.name for each in figures]))
    missing = [each for each in chosen if each.missing]
    text = page(figures, missing, {"leads": leads, "rounds": rounds, "sample": min(sample, leads)}, phones)
    if target:
        target.write_text(text, encoding="utf-8")
    else:
        click.echo(text)


if __name__ == "__main__":
    main()
