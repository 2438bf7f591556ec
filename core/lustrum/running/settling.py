"""Runs that ended while their leads got their name: whether they have it is found out, so that they count or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lustrum.contracts.sources import InPlaceSink
from lustrum.files.locations import located
from lustrum.planning.registry import Registry
from lustrum.running.disk import file_digest
from lustrum.running.journal.ledger import APPLIED, BROKEN, Ledger


def settle_unfinished(ledger: Ledger, registry: Registry) -> None:
    """Find out of runs that ended in the middle of being applied whether they are. Raises `SinkError`."""
    for run, note in ledger.unfinished():
        ledger.end(run, APPLIED if _stands(ledger.root, note, registry) else BROKEN, note)


def _stands(root: Path, note: dict[str, Any], registry: Registry) -> bool:
    target, digest = located(root, str(note.get("target", ""))), note.get("digest")
    if "://" in target:
        sink = registry.open_sink(target, {})
        return isinstance(sink, InPlaceSink) and sink.published(str(note.get("prepared", "")))
    path = Path(target)
    return bool(digest) and path.is_file() and file_digest(path) == digest
