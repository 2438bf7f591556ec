"""Taking a part of a run back: cells that still hold what it wrote get what they were before, others are conflicts.

Such an undo is a run of its own, and can be taken back in the same way: then what it took back is there again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from lustrum import __version__
from lustrum.contracts.sources import InPlaceSink
from lustrum.engine import result as results
from lustrum.engine.given import Batch
from lustrum.engine.result import Result
from lustrum.files.guards import Guards
from lustrum.files.locations import located
from lustrum.files.project import Project
from lustrum.planning.plan import Plan
from lustrum.planning.registry import Registry
from lustrum.running.clock import RealClock, new_run_id
from lustrum.running.job import Job
from lustrum.running.journal.folders import run_folder
from lustrum.running.journal.journal import APPLIED_NOTE, Journal
from lustrum.running.journal.ledger import APPLIED, UNDO, Ledger
from lustrum.running.journal.seen import Reading
from lustrum.running.lock import only_one
from lustrum.running.options import RunOptions
from lustrum.running.run import Run
from lustrum.running.runner import open_ends
from lustrum.running.settling import settle_unfinished
from lustrum.running.undoing.selecting import Selection
from lustrum.running.undoing.withdrawn import counting, read_withdrawn, settle
from lustrum.words.errors import UsageError

CHANGED_SINCE = "changed_since"
_NOW = {"row": pl.UInt32, "now": pl.String, "field": pl.String}


@dataclass(frozen=True, slots=True)
class PartlyUndone:
    """What taking a part of a run back did; `conflicts` are cells that somebody has changed since, by lead.

    `effects` count no longer, by kind, `again` those that an undo had withdrawn and that count again.
    """

    run: str
    undoes: str
    cells: int
    effects: dict[str, int]
    conflicts: tuple[tuple[str, str], ...]
    outputs: dict[str, str]
    again: dict[str, int] = field(default_factory=dict[str, int])


@dataclass
class CellsBack:
    """Gives leads their cells of before; what it met is in `chosen` (leads meant) and `conflicted` (leads)."""

    cells: pl.DataFrame
    reading: Reading
    reason: str
    path: str
    condition: pl.Expr | None
    chosen: set[str] = field(default_factory=set[str])
    conflicted: set[str] = field(default_factory=set[str])

    def __call__(self, batch: Batch) -> Result:
        """Take a batch back."""
        found = self._met(batch)
        back = found.filter(pl.col("now").eq_missing(pl.col("after")) & pl.col("now").ne_missing(pl.col("before")))
        told = pl.col("now").eq_missing(pl.col("after")) | pl.col("now").eq_missing(pl.col("before"))
        conflicts = found.filter(~told)
        self.conflicted.update(conflicts["key"])
        net = back.select("row", "field", pl.col("after").alias("was"), pl.col("before").alias("after"))
        return _result(batch, net.rename({"was": "before"}), self._writes(net), self._skipped(conflicts))

    def _met(self, batch: Batch) -> pl.DataFrame:
        """Find the cells that are meant in a batch: `row`, and what they are `now`, beside what is known of them."""
        rows = pl.DataFrame(
            [pl.int_range(batch.height, dtype=pl.UInt32, eager=True).alias("row"), batch.keys.alias("key")]
        )
        if self.condition is not None:
            rows = rows.filter(batch.frame.select(self.condition.fill_null(value=False)).to_series())
        rows = rows.filter(batch.trouble.gather(rows["row"]).is_null())
        self.chosen.update(rows["key"])
        texts = self.reading.texts(batch)
        now = pl.concat([pl.DataFrame(schema=_NOW), *(_cells_now(name, texts[name]) for name in self.reading.fields)])
        meant = self.cells.join(rows, on="key", how="inner", maintain_order="right")
        return meant.join(now, on=["row", "field"], how="inner", maintain_order="left")

    def _writes(self, net: pl.DataFrame) -> pl.DataFrame:
        written = {"step": UNDO, "plugin": "lustrum", "version": __version__, "path": self.path, "reason": self.reason}
        cells = net.select("row", "field", pl.col("was").alias("before"), "after")
        return cells.with_columns(attempt=pl.lit(1, pl.Int32), **{name: pl.lit(text) for name, text in written.items()})

    def _skipped(self, conflicts: pl.DataFrame) -> pl.DataFrame:
        is_now, wrote = (pl.col(name).fill_null("empty") for name in ("now", "after"))
        message = pl.format("{} is now {}, and the run wrote {}", "field", is_now, wrote)
        said = {"path": self.path, "outcome": "skipped", "code": CHANGED_SINCE}
        return conflicts.select("row", message.alias("message")).with_columns(
            **{name: pl.lit(text) for name, text in said.items()}
        )


def undo_part(project: Project, registry: Registry, run: str, selection: Selection) -> PartlyUndone:
    """Take what is selected of an applied run back, or of an undo of a part, in the file it wrote.

    It is a run of its own. Effects of what is selected count no longer, or again where an undo had withdrawn them,
    unless a cell of the lead is in conflict. Raises a `LustrumError`.
    """
    with only_one(project.root), Journal.open_ledger(project.root) as ledger:
        settle_unfinished(ledger, registry)
        taking = _Taking(project, registry, ledger, run, selection)
        return taking.go()


@dataclass(frozen=True)
class _Taking:
    project: Project
    registry: Registry
    ledger: Ledger
    run: str
    selection: Selection

    def go(self) -> PartlyUndone:
        options = RunOptions(campaigns=self._campaigns(), leads=self._target(), out=self._target(), undoes=self.run)
        plan, ends = open_ends(self.project, self.registry, options)
        if plan.schema.key is None:
            raise UsageError("without a key no lead is known again; undo the run as a whole")
        journal = Journal(self.project.root, self.run, self.ledger)
        self.selection.check(plan)
        cells = self.selection.cells(journal)
        back = self._back(plan, cells)
        own = Journal(self.project.root, new_run_id(plan.start), self.ledger)
        settings = self.project.model.model_copy(update={"guards": Guards()})
        job = Job(settings, self.registry, options, plan, ends, own, RealClock(), execute=back)
        summary = Run(job).go(lambda _: None)
        counted = self._counted(journal, back, plan)
        settle(self.ledger, own.folder, counted)
        self.ledger.end(own.run, UNDO, {**summary.as_dict(), "undoes": self.run})
        gone, again = (_kinds(counted.filter(pl.col("gone") == going)) for going in (True, False))
        put_back = summary.totals.changed_cells
        return PartlyUndone(own.run, self.run, put_back, gone, tuple(_conflicts(own)), summary.outputs, again)

    def _campaigns(self) -> tuple[str, ...]:
        found = self.ledger.run(self.run)
        if found is None or found["status"] not in (APPLIED, UNDO):
            status = found["status"] if found else "unknown"
            raise UsageError(f"run {self.run} is not applied, it is {status}; there is nothing to undo")
        if found["status"] == UNDO and not run_folder(self.project.root, self.run).is_dir():
            taken = json.loads(found["summary"]).get("undoes", "another run")
            raise UsageError(
                f"run {self.run} took {taken} back as a whole, and what it removed is not kept; "
                "`lustrum run` does it again"
            )
        return tuple(json.loads(found["campaigns"]))

    def _target(self) -> str:
        path = run_folder(self.project.root, self.run) / APPLIED_NOTE
        if not path.is_file():
            raise UsageError(f"the details of run {self.run} are not kept, so nothing can be taken back")
        target = located(self.project.root, json.loads(path.read_bytes())["target"])
        if "://" in target and not isinstance(self.registry.open_sink(target, {}), InPlaceSink):
            raise UsageError(f"the leads of run {self.run} went to {target}, where nothing can be put back")
        return target

    def _back(self, plan: Plan, cells: pl.DataFrame) -> CellsBack:
        fields = tuple(sorted(set(cells["field"].to_list()) & (plan.schema.types.keys() - plan.schema.kept)))
        reason = f"as before run {self.run} ({self.selection})"
        condition = self.selection.expression(plan, dict(self.project.model.smart_lists))
        return CellsBack(cells, Reading(fields, ""), reason, f"{UNDO} {self.run}", condition)

    def _counted(self, journal: Journal, back: CellsBack, plan: Plan) -> pl.DataFrame:
        """Find the effects and kept cells of what was taken back: they are to go, or to come again."""
        leads = pl.col("key").is_in(list(back.chosen - back.conflicted))
        if self.ledger.status(self.run) == UNDO:
            return read_withdrawn(journal.folder).filter(leads).with_columns(~pl.col("gone"))
        meant = leads & pl.col("path").is_in(list(self.selection.effect_paths(plan, back.cells)))
        effects = pl.concat([part.filter(meant).select("key", "effect") for part in journal.read("effects")])
        kept = back.cells.filter(leads).select("key", "field")
        return counting(self.ledger, self.run, effects.rows(), kept.rows())


def _cells_now(field: str, texts: pl.Series) -> pl.DataFrame:
    rows = pl.int_range(len(texts), dtype=pl.UInt32, eager=True).alias("row")
    return pl.DataFrame([rows, texts.alias("now")]).with_columns(field=pl.lit(field))


def _kinds(rows: pl.DataFrame) -> dict[str, int]:
    counted: Mapping[Any, Any] = dict(rows["kind"].drop_nulls().value_counts(sort=True).rows())
    return {str(kind): int(number) for kind, number in counted.items()}


def _conflicts(journal: Journal) -> Iterator[tuple[str, str]]:
    for details in journal.read("details"):
        yield from details.filter(pl.col("code") == CHANGED_SINCE).select("key", "message").iter_rows()


def _result(batch: Batch, net: pl.DataFrame, trail: pl.DataFrame, details: pl.DataFrame) -> Result:
    return Result(
        leads=batch.frame,
        keys=batch.keys,
        net=_laid_out(net, results.NET_SCHEMA),
        trail=_laid_out(trail.with_columns(net=pl.lit(value=True)), results.TRAIL_SCHEMA),
        outcomes=pl.DataFrame(),
        details=_laid_out(details, results.DETAIL_SCHEMA),
        effects=pl.DataFrame(schema=dict(results.EFFECT_SCHEMA)),
        quarantine=pl.DataFrame(schema=dict(results.QUARANTINE_SCHEMA)),
        qualified=pl.DataFrame(schema=dict(results.QUALIFIED_SCHEMA)),
        attempts=pl.DataFrame(schema=dict(results.ATTEMPT_SCHEMA)),
        choices=pl.DataFrame(schema=dict(results.CHOICE_SCHEMA)),
        executed=pl.DataFrame(schema=dict(results.EXECUTED_SCHEMA)),
        parked=pl.DataFrame(schema=dict(results.PARKED_SCHEMA)),
        consumed=pl.DataFrame(schema=dict(results.CONSUMED_SCHEMA)),
        pending=pl.DataFrame(schema=dict(results.PENDING_SCHEMA)),
        lasting=pl.DataFrame(schema=dict(results.LASTING_SCHEMA)),
    )


def _laid_out(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    known = set(frame.columns)
    return frame.select(
        pl.col(name).cast(dtype) if name in known else pl.lit(None, dtype).alias(name) for name, dtype in schema.items()
    )
