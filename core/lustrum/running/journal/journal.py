"""The journal of a run: for each batch a folder of Parquet parts, committed by sync, rename and ledger row.

`.lustrum/runs/RUN/batch-00000/` holds the parts of a `Result` (`PARTS`), each with the lead's key and its row in the
batch; `seen`, digests by which the next run knows a lead again; `cells`, what the cells became that differ in the end
(`.cells`); and `rejects` (line, reason, exact bytes). A part without rows is not written. The trails of leads that were
spared are linked (`.trails`). The leads of a further batch have been put aside in an earlier one: their rows are
counted there, and `taken` names them all.
`facts.json` has what steps learnt of the source before the first batch, `readings.json` of what the digests are.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from lustrum.contracts.sources import Reject
from lustrum.engine import result as results
from lustrum.engine.result import Result
from lustrum.files.locations import noted
from lustrum.running.disk import file_digest, lasting_file, rename_into_place, sync_folder
from lustrum.running.journal.batch_parts import CELLS, NET, WHOLE_TRAIL, Origin, note_rows, notes_of, parts_of
from lustrum.running.journal.folders import PREPARED, SPOOL, batch_folder, prepared_folder, project_folder, run_folder
from lustrum.running.journal.ledger import APPLIED, APPLYING, Ledger
from lustrum.running.journal.parts import read_part, write_part
from lustrum.running.journal.records import BatchRecord
from lustrum.running.journal.trails import Replay, told_by_trail, whole_trail
from lustrum.words.errors import SinkError

APPLIED_NOTE = "applied.json"
"""In the folder of a run: where its leads went, and by what they are known."""


class Journal:
    """The lasting record of one run."""

    def __init__(self, root: Path, run: str, ledger: Ledger) -> None:
        self.run = run
        self.root = root
        self.folder = run_folder(root, run)
        self.ledger = ledger

    @staticmethod
    def open_ledger(root: Path, *, read_only: bool = False) -> Ledger:
        """Open a project's ledger, making `.lustrum` at first use, readable by its owner only."""
        folder = project_folder(root)
        try:
            return Ledger(folder / "ledger.sqlite3", read_only=read_only)
        except (OSError, sqlite3.Error) as error:
            raise SinkError(
                f"{folder}: the journal cannot be opened ({error}); mend or move it and run again"
            ) from error

    def begin(self, *, again: bool = False) -> None:
        """Make the run's folder; a run that goes on `again` may have it, without what did not become part of it."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=again)
            self.discard_unpublished()
        except OSError as error:
            raise SinkError(
                f"{self.folder}: the run's journal cannot be begun ({error.strerror}); move it away"
            ) from error

    def note_facts(self, facts: Mapping[str, str]) -> None:
        """Keep what steps learnt of the source, for a run that goes on with this one."""
        with lasting_file(self.folder / "facts.json") as file:
            file.write(json.dumps(facts, ensure_ascii=False, indent=1).encode())

    def facts(self) -> dict[str, str] | None:
        """Give what steps learnt of the source, if that was noted."""
        path = self.folder / "facts.json"
        return dict(json.loads(path.read_bytes())) if path.is_file() else None

    def note_readings(self, readings: Mapping[str, Sequence[str]]) -> None:
        """Keep which fields the digests in `seen` were taken of, by what they were taken under."""
        with lasting_file(self.folder / "readings.json") as file:
            file.write(json.dumps({under: list(fields) for under, fields in readings.items()}).encode())

    def readings(self) -> dict[str, tuple[str, ...]]:
        """Give which fields the digests in `seen` were taken of; nothing where the run is older than that."""
        path = self.folder / "readings.json"
        found: dict[str, list[str]] = json.loads(path.read_bytes()) if path.is_file() else {}
        return {under: tuple(fields) for under, fields in found.items()}

    def commit(
        self,
        number: int,
        result: Result,
        rejects: Sequence[Reject],
        at: datetime,
        origin: Origin | None = None,
        figures: Mapping[str, Any] | None = None,
        seen: pl.DataFrame | None = None,
        replay: Replay | None = None,
    ) -> None:
        """Make a batch last, what was `seen` of its leads, what it adds to the run's figures: all or nothing.

        What leads were spared is in `replay`.
        """
        self.write(number, result, rejects, origin, seen, replay)
        come_from = origin.batch if origin else None
        record = BatchRecord(number, len(result.keys), len(rejects), come_from, figures=figures or {})
        self.publish(record, notes_of(result, at))

    def write(
        self,
        number: int,
        result: Result,
        rejects: Sequence[Reject],
        origin: Origin | None = None,
        seen: pl.DataFrame | None = None,
        replay: Replay | None = None,
    ) -> None:
        """Write the parts of a batch so that they last; they count for nothing before `publish`."""
        prepared = prepared_folder(batch_folder(self.root, self.run, number))
        shutil.rmtree(prepared, ignore_errors=True)
        prepared.mkdir(mode=0o700)
        replayed = replay or Replay.nothing()
        replayed.write(prepared)
        for name, frame in parts_of(result, rejects, origin, seen, replayed.cells):
            if not frame.is_empty():
                write_part(frame, prepared / f"{name}.parquet")
        sync_folder(prepared)

    def publish(self, record: BatchRecord, notes: Mapping[str, pl.DataFrame]) -> None:
        """Let the parts that were written of a batch count, with what the ledger notes (`notes_of`): all or nothing."""
        final = batch_folder(self.root, self.run, record.number)
        shutil.rmtree(final, ignore_errors=True)
        rename_into_place(prepared_folder(final), final)
        self.ledger.commit(self.run, record.with_notes({table: note_rows(frame) for table, frame in notes.items()}))

    def discard_unpublished(self) -> None:
        """Remove the parts of batches that were written and never published, and batches on their way to workers."""
        for prepared in (self.folder / SPOOL, *self.folder.glob(f"batch-*{PREPARED}")):
            shutil.rmtree(prepared, ignore_errors=True)

    def note_target(self, target: str, leads: Path, beside: Iterable[str]) -> None:
        """Note where the prepared leads are to go, by what they will be known, and which files stand beside them."""
        digest = file_digest(leads) if leads.is_file() else ""
        note = {"target": noted(self.root, target), "digest": digest, "prepared": leads.name, "beside": list(beside)}
        with lasting_file(self.folder / APPLIED_NOTE) as file:
            file.write(json.dumps(note).encode())

    def noted_digest(self) -> str:
        """Give by what the leads that are prepared are known."""
        return str(json.loads((self.folder / APPLIED_NOTE).read_bytes())["digest"])

    def applying(self) -> None:
        """Note that the prepared leads are about to get their name."""
        self.ledger.end(self.run, APPLYING, json.loads((self.folder / APPLIED_NOTE).read_bytes()))

    def applied(self) -> None:
        """Note that the leads have their name; from now on effects count."""
        self.ledger.end(self.run, APPLIED, {})

    def figures(self) -> dict[int, tuple[int | None, dict[str, Any]]]:
        """Give what every committed batch added to the run's figures, with the batch its leads came from, if any."""
        return self.ledger.figures(self.run)

    def still_pending(self, number: int) -> pl.DataFrame:
        """Give the leads of a batch that wait and were not taken again yet, laid out as `Result.pending`."""
        waiting = self.read_batch(number, "pending")
        for further in self.ledger.further_batches(self.run).get(number, ()):
            taken = self.read_batch(further, "taken")["row"]
            left = waiting.filter(~pl.col("row").is_in(taken.implode()))
            waiting = pl.concat([left, self.read_batch(further, "pending")])
        return waiting

    def read_numbered(self, part: str) -> Iterator[tuple[int, pl.DataFrame]]:
        """Give one part of every committed batch with its number, further batches by themselves."""
        for number in self.ledger.figures(self.run):
            yield number, self.read_batch(number, part)

    def read(self, part: str, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Give one part of every committed batch, in order, what further batches add to it among its rows.

        It may be asked for some columns only; with them it is read faster. The ledger is asked at once, in the thread
        of the caller; the parts are read one by one, in whatever thread.
        """
        further = self.ledger.further_batches(self.run)
        numbers = [[number, *further.get(number, ())] for number, _ in self.ledger.batches(self.run)]
        return (self._together(each, part, columns) for each in numbers)

    def _together(self, numbers: Sequence[int], part: str, columns: Sequence[str] | None) -> pl.DataFrame:
        together = pl.concat([self.read_batch(number, part, columns) for number in numbers], how="diagonal")
        return together.sort("row", maintain_order=True) if len(numbers) > 1 and "row" in together else together

    def read_batch(self, number: int, part: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Give one part of a batch; one that was not written is empty.

        Names are texts, but where columns are named: then they are the categories as which a trail has them.
        """
        folder = batch_folder(self.root, self.run, number)
        if part == NET:
            return results.net_of(whole_trail(folder))
        if part == WHOLE_TRAIL:
            return whole_trail(folder)
        if part == CELLS and not (folder / f"{part}.parquet").exists():
            return told_by_trail(folder)
        return read_part(folder / f"{part}.parquet", part, columns)

    def batch_sizes(self) -> list[int]:
        """Give the number of leads of every committed batch, those of further ones counted where they come from."""
        return [leads for _, leads in self.ledger.batches(self.run)]
