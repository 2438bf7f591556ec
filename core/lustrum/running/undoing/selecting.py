"""Which cells of a run are to be taken back: by step, field, version of a plugin, and a condition on the lead."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from lustrum.planning.campaign_tree import Entry
from lustrum.planning.plan import Plan
from lustrum.running.journal.batch_parts import NET, WHOLE_TRAIL
from lustrum.running.journal.journal import Journal
from lustrum.words.conditions import ConditionError, compile_condition, expand, parse_condition
from lustrum.words.errors import UsageError
from lustrum.words.nearest import did_you_mean

_WRITES = {"key": pl.String(), "field": pl.String(), "before": pl.String(), "after": pl.String(), "path": pl.String()}


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a run is meant; what is None says nothing. A `condition` is asked of the leads as they are now."""

    step: str | None = None
    field: str | None = None
    version: str | None = None
    condition: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether the whole run is meant."""
        return self == Selection()

    def check(self, plan: Plan) -> None:
        """See that there are the step and the field that are named. Raises `UsageError`."""
        steps = {call.name for entry in plan.entries() for call in entry.calls}
        for what, named, known in (("step", self.step, steps), ("field", self.field, set(plan.schema.types))):
            if named is not None and named not in known:
                hint = did_you_mean(named, known) or f"there are: {', '.join(sorted(known))}"
                raise UsageError(f"there is no {what} {named} in what the run's campaigns do; {hint}")

    def cells(self, journal: Journal) -> pl.DataFrame:
        """Give the cells that the selection wrote last: `key`, `field`, what they were before it, and after, `path`."""
        parts = zip(journal.read(NET), journal.read(WHOLE_TRAIL), strict=True)
        return pl.concat([pl.DataFrame(schema=_WRITES), *(self._cells(net, trail) for net, trail in parts)])

    def _cells(self, net: pl.DataFrame, trail: pl.DataFrame) -> pl.DataFrame:
        wanted = {"step": self.step, "field": self.field, "version": self.version}
        meant = [pl.col(name) == value for name, value in wanted.items() if value is not None]
        writes = trail.with_columns(meant=pl.all_horizontal(meant) if meant else pl.lit(value=True))
        ours = pl.col("meant").reverse().cast(pl.Int64).cum_prod().sum().cast(pl.Int64).alias("ours")
        last = (pl.col("before"), pl.col("path").last(), pl.len().cast(pl.Int64).alias("writes"), ours)
        found = writes.group_by("row", "field", maintain_order=True).agg(*last).filter(pl.col("ours") > 0)
        first = pl.col("before").list.get(pl.col("writes") - pl.col("ours"))
        cells = found.with_columns(before=first).join(net.select("row", "field", "key", "after"), on=["row", "field"])
        return cells.select(list(_WRITES))

    def effect_paths(self, plan: Plan, cells: pl.DataFrame) -> frozenset[str]:
        """Name the entries whose effects are meant: those of the step, that write the field, or wrote the cells."""
        written = frozenset(cells["path"].to_list())
        return frozenset(entry.path for entry in plan.entries() if self._means(entry, written))

    def _means(self, entry: Entry, written: frozenset[str]) -> bool:
        if self.version is not None and entry.path not in written:
            return False
        if self.step is not None and self.step not in {call.name for call in entry.calls}:
            return False
        return self.field is None or self.field in entry.fields_written

    def expression(self, plan: Plan, smart_lists: dict[str, object]) -> pl.Expr | None:
        """Compile the condition. Raises `UsageError` where it is none, or asks what a file does not tell."""
        if self.condition is None:
            return None
        try:
            condition = expand(parse_condition(self.condition), smart_lists)
            if condition.asked or condition.activities or condition.fields & plan.schema.kept:
                raise UsageError(f"{self.condition}: only the fields of the leads' file can be asked about here")
            return compile_condition(condition, plan.schema.types, plan.start)
        except ConditionError as error:
            remedy = f"; {error.remedy}" if error.remedy else ""
            raise UsageError(f"{self.condition}: {error.message}{remedy}") from error

    def __str__(self) -> str:
        """Say what is meant, for the reason that stands in the journal."""
        named = {"step": self.step, "field": self.field, "version": self.version, "where": self.condition}
        said = [f"{what} {value}" for what, value in named.items() if value is not None]
        return ", ".join(said) or "all of it"
