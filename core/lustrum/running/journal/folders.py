"""Where the journal lies: `.lustrum/` of a project, a folder in it for each run, and in that one for each batch."""

from __future__ import annotations

from pathlib import Path

from lustrum.words.errors import SinkError

FOLDER = ".lustrum"
SPOOL = "spool"
"""In the folder of a run: batches on their way to workers."""
PREPARED = ".part"
"""What the folder of a batch is called before it counts."""


def project_folder(root: Path) -> Path:
    """Give the folder of a project's journal, made at first use, readable by its owner only. Raises `SinkError`."""
    folder = root / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SinkError(f"{folder}: the journal cannot be opened ({error}); mend or move it and run again") from error
    return folder


def run_folder(root: Path, run: str) -> Path:
    """Name the folder of a run's journal."""
    return root / FOLDER / "runs" / run


def batch_folder(root: Path, run: str, number: int) -> Path:
    """Name the folder of a batch."""
    return run_folder(root, run) / f"batch-{number:05d}"


def prepared_folder(final: Path) -> Path:
    """Name the folder in which a batch is written before it counts."""
    return final.with_suffix(PREPARED)
