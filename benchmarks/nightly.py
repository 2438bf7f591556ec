"""What a night costs: `python benchmarks/nightly.py --leads 100000 --rounds 3`.

The example project over its leads, copied under new keys: the first night, a night in which 1 % of the leads have
changed with `qualification: when changed`, the same with `--full`, and a plain copy of the file through Polars. Each is
a process of its own; printed are seconds (median, range), ratios to the copy, and the journal's bytes a changed cell.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
COPY = "import polars, sys; polars.read_csv(sys.argv[1], infer_schema=False).write_csv(sys.argv[2])"


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = _project(Path(folder), asked.leads)
        source, other = root / "leads.csv", Path(folder) / "copy.csv"
        first = _timed(_run(root, "--run-id", "first"))
        figures = json.loads(_ledger(root, "first"))
        times: dict[str, list[float]] = {"copy": [], "1 % changed": [], "full": []}
        for number in range(asked.rounds):
            _change(source, number)
            times["copy"].append(_timed([sys.executable, "-c", COPY, str(source), str(other)]))
            times["1 % changed"].append(_timed(_run(root, "--run-id", f"some{number}")))
            times["full"].append(_timed(_run(root, "--run-id", f"full{number}", "--full")))
        size = sum(path.stat().st_size for path in (root / ".lustrum" / "runs" / "first").rglob("*.parquet"))
        _print(asked.leads, first, times, size, figures["changed_cells"])


def _project(folder: Path, leads: int) -> Path:
    generated = shutil.ignore_patterns("out", ".lustrum", "__pycache__")
    root = folder / "examples" / "nightly"
    shutil.copytree(REPOSITORY / "examples" / "nightly", root, ignore=generated)
    settings = root / "lustrum.yaml"
    settings.write_text(settings.read_text().replace("../../fixtures/leads.csv", "leads.csv"))
    campaign = root / "campaigns" / "nightly.yaml"
    campaign.write_text(
        campaign.read_text().replace("kind: batch\n", "kind: batch\nqualification: when changed\nholds: 90 days\n")
    )
    import polars as pl

    few = pl.read_csv(REPOSITORY / "fixtures" / "leads.csv", infer_schema=False).unique("id", maintain_order=True)
    copies = [few.with_columns(pl.col("id") + f"-{number}") for number in range(-(-leads // few.height))]
    pl.concat(copies).head(leads).write_csv(root / "leads.csv")
    return root


def _change(source: Path, number: int) -> None:
    """Change the city of every hundredth lead."""
    import polars as pl

    leads = pl.read_csv(source, infer_schema=False)
    row = pl.int_range(pl.len())
    city = pl.when(row % 100 == number).then(pl.lit(f"Town {number}")).otherwise(pl.col("City"))
    leads.with_columns(City=city).write_csv(source)


def _run(root: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "lustrum", "run", "--project", str(root), "--quiet", *options]


def _timed(command: Sequence[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own commands
    assert done.returncode in (0, 1), done.stdout + done.stderr  # noqa: S101  # a benchmark that fails measures nothing
    return time.perf_counter() - start


def _ledger(root: Path, run: str) -> str:
    import sqlite3

    with sqlite3.connect(root / ".lustrum" / "ledger.sqlite3") as ledger:
        return str(ledger.execute("SELECT summary FROM runs WHERE run = ?", [run]).fetchone()[0])


def _print(leads: int, first: float, times: dict[str, list[float]], size: int, cells: int) -> None:
    copy = statistics.median(times["copy"])
    lines = [
        f"{leads:,} leads, {cells:,} cells changed the first night: {first:.1f} s, "
        f"{size / cells:.1f} bytes of journal a changed cell"
    ]
    for name, seconds in times.items():
        middle = statistics.median(seconds)
        lines.append(
            f"{name:<12} {middle:6.2f} s ({min(seconds):.2f} to {max(seconds):.2f}), {middle / copy:.1f} x the copy"
        )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
