"""What is written down while a batch goes through the flow: outcomes, details, the trail of changes, effects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

import polars as pl

from lustrum.engine.columns import constant, nowhere, shaped, where
from lustrum.engine.result import (
    ATTEMPT_SCHEMA,
    CHOICE_SCHEMA,
    CONSUMED_SCHEMA,
    DETAIL_SCHEMA,
    EFFECT_SCHEMA,
    EXECUTED_SCHEMA,
    PARKED_SCHEMA,
    PENDING_SCHEMA,
    QUALIFIED_SCHEMA,
    TRAIL_SCHEMA,
    WRITE_SCHEMA,
)
from lustrum.planning.campaign_tree import SEPARATOR
from lustrum.words.outcomes import Outcome

NOTES: Mapping[str, Mapping[str, pl.DataType]] = {
    "trail": WRITE_SCHEMA,
    "effects": EFFECT_SCHEMA,
    "attempts": ATTEMPT_SCHEMA,
    "choices": CHOICE_SCHEMA,
    "executed": EXECUTED_SCHEMA,
    "parked": PARKED_SCHEMA,
    "pending": PENDING_SCHEMA,
}
"""What is noted about rows beside their outcomes, by kind."""

OUTCOMES = pl.Enum([outcome.value for outcome in Outcome])
"""The type of a column of outcomes."""


class Records:
    """Collects, column by column, what the result will tell about the batch."""

    def __init__(self, height: int) -> None:
        self._height = height
        self._outcomes: dict[str, pl.Series] = {}
        self._details: dict[str, list[pl.DataFrame]] = {}
        self._notes: dict[str, list[pl.DataFrame]] = {kind: [] for kind in NOTES}
        self._qualified: list[pl.DataFrame] = []
        self._consumed: list[pl.DataFrame] = []
        self._executed: dict[str, pl.Series] = {}
        self.wave = 0
        self.effects_done: dict[str, datetime] = {}

    def outcome(self, path: str, rows: pl.Series, outcome: Outcome) -> None:
        """Note the same outcome of an entry for some rows."""
        self.outcomes(path, rows, constant(outcome.value, OUTCOMES, len(rows)))

    def outcomes(self, path: str, rows: pl.Series, outcomes: pl.Series) -> None:
        """Note the outcomes of an entry; a later note about the same lead counts."""
        known = self._outcomes.get(path)
        column = constant(None, OUTCOMES, self._height, path) if known is None else known
        self._outcomes[path] = column.clone().scatter(rows, outcomes)

    def details(self, path: str, outcome: Outcome, frame: pl.DataFrame) -> None:
        """Note why some rows (`row`, `code`, `message`) were skipped, failed or blocked, and that they were."""
        self.outcome(path, frame["row"], outcome)
        constants = {"path": path, "outcome": outcome.value}
        self._details.setdefault(path, []).append(shaped(frame, DETAIL_SCHEMA, constants))

    def skip(self, path: str, rows: pl.Series, code: str, message: str | None = None) -> None:
        """Note that rows were skipped, all for one reason."""
        if len(rows):
            texts = {"code": code, "message": message}
            told = [constant(text, pl.String(), len(rows), name) for name, text in texts.items()]
            frame = pl.DataFrame([rows.alias("row"), *told])
            self.details(path, Outcome.SKIPPED, frame)

    def noted(self, path: str, rows: pl.Series) -> pl.Series:
        """Say for which rows it was noted already that they were skipped at a path."""
        if path not in self._outcomes:
            return nowhere(len(rows))
        return (self._outcomes[path].gather(rows).cast(pl.String) == Outcome.SKIPPED.value).fill_null(False)

    def note(self, kind: str, frame: pl.DataFrame, constants: Mapping[str, object]) -> None:
        """Note something of one of the kinds in `NOTES` about rows, with what they have in common."""
        if not frame.is_empty():
            self._notes[kind].append(shaped(frame, NOTES[kind], constants))

    def executed(self, path: str, campaign: str, rows: pl.Series) -> None:
        """Note that rows went through a campaign at a path; who goes through it again stands there once."""
        known = self._executed.get(path)
        if known is not None:
            rows = rows.filter(~known.gather(rows))
        through = nowhere(self._height) if known is None else known.clone()
        self._executed[path] = through.scatter(rows, True)
        self.note("executed", pl.DataFrame([rows]), {"path": path, "campaign": campaign})

    def change(self, frame: pl.DataFrame, constants: Mapping[str, object]) -> None:
        """Note written cells (`row`, `before`, `after`, `attempt`, `reason`), with what they have in common."""
        self.note("trail", frame, constants)

    def effect(self, frame: pl.DataFrame, constants: Mapping[str, object]) -> None:
        """Note effects (`row`, `effect`, `at`, and what happened)."""
        self.note("effects", frame, constants)
        self.effects_done.update(zip(frame["effect"].to_list(), frame["at"].to_list(), strict=True))

    def qualified(self, path: str, campaign: str, rows: pl.Series) -> None:
        """Note leads that go through a campaign whose qualification counts."""
        noted = pl.DataFrame({"row": rows})
        self._qualified.append(noted.with_columns(campaign=pl.lit(campaign), path=pl.lit(path), wave=self.wave))

    def qualified_elsewhere(self, path: str, campaign: str) -> pl.Series:
        """Give the leads that went through a campaign at another place of this run, or in an earlier wave."""
        other = (pl.col("campaign") == campaign) & ((pl.col("path") != path) | (pl.col("wave") != self.wave))
        noted = [frame.filter(other) for frame in self._qualified]
        return pl.concat(noted)["row"] if noted else pl.Series("row", [], dtype=pl.UInt32)

    def qualified_frame(self, quarantine: pl.DataFrame) -> pl.DataFrame:
        """Give the leads that used up a qualification: not those the campaign left in quarantine."""
        return self._used_up(self._qualified, quarantine, QUALIFIED_SCHEMA)

    def consume(self, path: str, campaign: str, activities: pl.DataFrame) -> None:
        """Note activities (`row`, `activity`) that set off a trigger campaign."""
        self._consumed.append(activities.with_columns(campaign=pl.lit(campaign), path=pl.lit(path)))

    def consumed_frame(self, quarantine: pl.DataFrame) -> pl.DataFrame:
        """Give the activities that were taken for good: not those of leads the campaign left in quarantine.

        With one that waits for its time the lead goes on in a later run.
        """
        if not self._consumed:
            return _together([], CONSUMED_SCHEMA)
        parked = self.notes("parked").select("row", "activity")
        waiting = [shaped(frame.join(parked, on=["row", "activity"]), CONSUMED_SCHEMA) for frame in self._consumed]
        taken = self._used_up(self._consumed, quarantine, CONSUMED_SCHEMA)
        return pl.concat([taken, *waiting]).unique(maintain_order=True)

    def _used_up(
        self, noted: list[pl.DataFrame], quarantine: pl.DataFrame, schema: Mapping[str, pl.DataType]
    ) -> pl.DataFrame:
        if not noted:
            return _together([], schema)
        held = self.details_frame().filter(pl.col("outcome").is_in(["failed", "blocked"]))
        inside = held.join(quarantine, on="row", how="semi")
        kept = [shaped(_finished(frame, inside), schema) for frame in noted if not frame.is_empty()]
        return _together(kept, schema).unique(maintain_order=True)

    def notes(self, kind: str) -> pl.DataFrame:
        """Give what was noted of a kind, in the order of noting."""
        return _together(self._notes[kind], NOTES[kind])

    def trail_frame(self, differing: Mapping[str, pl.Series]) -> pl.DataFrame:
        """Give the writes; `differing` says of each field for which leads it differs from the source in the end."""
        written = [
            frame.with_columns(differing[frame["field"][0]].gather(frame["row"]).alias("net"))
            for frame in self._notes["trail"]
        ]
        return _together(written, TRAIL_SCHEMA)

    def effects_frame(self) -> pl.DataFrame:
        """Give the effects by lead, each lead's in the order of the flow."""
        return self.notes("effects").sort("row", maintain_order=True)

    def details_frame(self) -> pl.DataFrame:
        """Give the last detail of each lead and entry, where it is still the entry's outcome."""
        return _together([self._still(path, frames) for path, frames in self._details.items()], DETAIL_SCHEMA)

    def _still(self, path: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
        last = pl.concat(frames).unique("row", keep="last", maintain_order=True) if len(frames) > 1 else frames[0]
        is_still = self._outcomes[path][last["row"]].cast(pl.String) == last["outcome"]
        return last if is_still.all() else where(last, is_still)

    def outcomes_frame(self, paths: list[str]) -> pl.DataFrame:
        """Give one column an entry, in the order of `paths`, those that no lead reached included."""
        empty = constant(None, OUTCOMES, self._height)
        columns = {p: self._outcomes.get(p, empty).alias(p) for p in paths}
        return pl.DataFrame(columns) if columns else pl.DataFrame()


def _finished(frame: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Leave out the rows that were held up at or below the path of the frame."""
    inside = held.filter(pl.col("path").str.starts_with(frame["path"][0] + SEPARATOR))
    return frame.join(inside, on="row", how="anti")


def _together(frames: list[pl.DataFrame], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return pl.concat(frames, rechunk=False) if frames else _empty(tuple(schema.items()))


@cache
def _empty(columns: tuple[tuple[str, pl.DataType], ...]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(columns))
