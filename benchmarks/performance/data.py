"""The files that are measured: made once, kept in a folder, never committed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from benchmarks.performance.leads import frames

PROJECT = Path(__file__).with_name("project")
WHEN_CHANGED = "kind: batch\nqualification: when changed\nholds: 90 days\n"


@dataclass(frozen=True, slots=True)
class Data:
    """The leads as files of a folder, and projects over them."""

    folder: Path
    leads: int

    def file(self, suffix: str, leads: int | None = None) -> Path:
        """Give the file of all leads, or of the first ones; the suffix says in which format. It is made if needed."""
        count = self.leads if leads is None else min(leads, self.leads)
        path = self.folder / f"leads-{count}{suffix}"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            making = path.with_name(f"making-{path.name}")
            _write(pl.concat(frames(count)), suffix, making)
            making.rename(path)
        return path

    def target(self, name: str, suffix: str) -> Path:
        """Give where a contestant writes."""
        folder = self.folder / "out"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}{suffix}"

    def project(self, name: str) -> Path:
        """Give the folder of a contestant's project."""
        return self.folder / "projects" / name

    def fresh_project(self, name: str, source: str, *, incremental: bool = False, run: str = "nightly") -> Path:
        """Lay out the project anew over a file of leads that it names; nothing is left of earlier runs.

        `run` is the campaign that is run.
        """
        root = self.project(name)
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(PROJECT, root)
        settings, campaign = root / "lustrum.yaml", root / "campaigns" / "nightly.yaml"
        target = f"out/leads{Path(source).suffix}"
        text = settings.read_text().replace("from: leads.csv", f"from: {source}").replace("out/leads.csv", target)
        text = text.replace("run: nightly", f"run: {run}")
        settings.write_text(text)
        if incremental:
            campaign.write_text(campaign.read_text().replace("kind: batch\n", WHEN_CHANGED))
        return root


def _write(leads: pl.DataFrame, suffix: str, path: Path) -> None:
    if suffix == ".csv":
        leads.write_csv(path)
        return
    typed = leads.with_columns(pl.col(pl.String).replace("", None)).with_columns(pl.col("score").cast(pl.Int64))
    if suffix == ".parquet":
        typed.write_parquet(path, row_group_size=100_000)
    else:
        typed.write_ndjson(path)
