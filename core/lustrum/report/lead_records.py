"""What the journals of runs have of one lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from lustrum.running.journal.ledger import Ledger
from lustrum.running.journal.parts import PARTS
from lustrum.running.journal.run_parts import RunParts, Value

Rows: TypeAlias = list[dict[str, Any]]
Records: TypeAlias = dict[str, Rows]
"""The rows about a lead in one run, by part of the journal; a part without any is left out."""

SUGGESTED = 2_000
"""How many keys at most are looked at for the one that was meant."""


def read_lead(root: Path, ledger: Ledger, key: str, runs: Iterable[str]) -> dict[str, Records]:
    """Give what the runs have of a lead; a run that has nothing of it is left out.

    A part that a run does not have, because it was made before there was such a part, counts as empty.
    """
    parts = _parts(root, ledger, runs)
    found: dict[str, Records] = {}
    for part in PARTS:
        for row in parts.rows(part, "key = $key", key=key).iter_rows(named=True):
            found.setdefault(row.pop("run"), {}).setdefault(part, []).append(row)
    return found


def nearest_keys(root: Path, ledger: Ledger, key: str, runs: Iterable[str]) -> list[str]:
    """Give keys of the runs that are written nearly like this one, beginning or ending like it."""
    parts = _parts(root, ledger, runs)
    stems = [max(1, length) for length in (len(key) - 1, len(key) // 2)]
    found = {name for part in PARTS for name in parts.distinct(part, "key", _PLAIN, SUGGESTED, key=key.strip())}
    for stem in stems:
        ends: dict[str, Value] = {"letters": len(key), "first": key[:stem], "last": key[-stem:]}
        found.update(name for part in PARTS for name in parts.distinct(part, "key", _ALIKE, SUGGESTED, **ends))
    return sorted(found)


def known_fields(root: Path, ledger: Ledger, runs: Iterable[str]) -> set[str]:
    """Name the fields that the runs wrote or could not settle."""
    parts = _parts(root, ledger, runs)
    return {name for part in ("trail", "quarantine") for name in parts.distinct(part, "field", "true", SUGGESTED)}


_PLAIN = "lower(trim(key)) = lower($key)"
_ALIKE = "abs(length(key) - $letters) <= 2 AND (starts_with(key, $first) OR ends_with(key, $last))"


def _parts(root: Path, ledger: Ledger, runs: Iterable[str]) -> RunParts:
    return RunParts(root, [(run, number) for run in runs for number in _batches(ledger, run)])


def _batches(ledger: Ledger, run: str) -> Iterator[int]:
    further = ledger.further_batches(run)
    for number, _ in ledger.batches(run):
        yield from (number, *further.get(number, ()))
