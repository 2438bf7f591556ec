"""The retry loop of an entry: tenacity drives the rounds, each over the leads that are still open."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from tenacity import RetryCallState, Retrying, retry_if_result

from lustrum.engine.answers import with_columns_of
from lustrum.engine.budget import TransientBudget
from lustrum.engine.ending import UNTIL_NOT_MET
from lustrum.engine.replies import STEP_RAISED
from lustrum.engine.walk import Walk
from lustrum.planning.plan import Campaign, Entry

REPAIRS = 10
"""How often at most a lead is repaired in one loop."""

Ask = Callable[[pl.Series, int, pl.Series], pl.DataFrame]
"""Asks about rows, with the attempt's number and how often each row was asked: a frame with `row` and `status`."""

Repair = Callable[[Campaign, pl.Series], None]

_COUNTERS = {"attempt": 1, "tries": 0, "repairs": 0}
_COUNTED = ["row", *_COUNTERS, "transients", "waited"]
_HAPPENED = ["row", "status", "code", "message"]
_COUNTED_ONLY = ["attempt", "repairs", "transients", "waited"]
_OWN = [*_COUNTED_ONLY, "wait", "waiting", "pending", "transient", "retriable", "said"]


class RetryLoop:
    """One entry and batch. A lead is asked again while an attempt, its transient budget or a repair is a reason to.

    Leads that failed go round at once, those that failed transiently when nobody else is left to go first. With
    `once` what has been answered is never asked again: what adds up must happen once.
    """

    def __init__(
        self, walk: Walk, entry: Entry, reads: frozenset[str], ask: Ask, repair: Repair, once: bool = False
    ) -> None:
        self._walk = walk
        self._path = entry.path
        self._retry = entry.retry
        until = entry.retry.until
        self._reads = sorted(reads | (until.reads | until.asked if until else frozenset[str]()))
        self._budget = TransientBudget(walk.given, entry)
        self._ask = ask
        self._repair_with = repair
        self._once = once
        self._ended: list[pl.DataFrame] = []
        self._tried: list[pl.DataFrame] = []
        self._open = self._waiting = pl.DataFrame()

    def run(self, rows: pl.Series) -> pl.DataFrame:
        """Ask about the rows until none has reason to be asked again; give the last answer about each, in any order.

        Leads that have become pending are not among them. Of those that have their answer only what happened is told,
        unless it is for `once`.
        """
        counters = [pl.lit(start, pl.Int32).alias(name) for name, start in _COUNTERS.items()]
        self._open = self._budget.begin(rows, self._walk.state.batch.keys).with_columns(counters).select(_COUNTED)
        self._waiting = self._open.clear().with_columns(wait=pl.lit(0.0))
        Retrying(
            retry=retry_if_result(bool),
            wait=self._wait,
            before_sleep=self._prepare,
            sleep=self._walk.given.clock.sleep,
        )(self._round)
        if self._tried:
            self._walk.records.note("attempts", pl.concat(self._tried).sort("row", "tries"), {"path": self._path})
        ended = pl.concat(self._ended, how="diagonal")
        vars(self).clear()  # tenacity keeps the loop in a circle of references, and with it the whole batch
        return ended

    def _round(self) -> bool:
        asked = [self._ask_attempt(group) for group in self._open.partition_by("attempt", maintain_order=True)]
        self._open = self._open.clear()
        left = self._unfinished(self._present(pl.concat(asked))) if asked else self._open
        if len(left):
            self._part(self._judge(left))
        return not (self._open.is_empty() and self._waiting.is_empty())

    def _ask_attempt(self, group: pl.DataFrame) -> pl.DataFrame:
        counted = group.with_columns(pl.col("tries") + 1)
        answers = self._ask(counted["row"], int(group["attempt"][0]), counted["tries"])
        return with_columns_of(answers, counted)

    def _present(self, leads: pl.DataFrame) -> pl.DataFrame:
        """Leave out the leads that became pending further in."""
        return leads.filter(~pl.col("row").is_in(list(self._walk.gone))) if self._walk.gone else leads

    def _unfinished(self, answers: pl.DataFrame) -> pl.DataFrame:
        """Let the leads end that have their answer, where there is no goal to reach; give the others."""
        if self._retry.until is not None:
            return answers
        done = ~answers["status"].is_in(["failed", "transient"])
        finished = answers.drop(_COUNTED_ONLY) if self._once else answers.select(_HAPPENED)
        self._ended.append(finished.filter(done).with_columns(open=pl.lit(value=False)))
        return answers.filter(~done)

    def _judge(self, answers: pl.DataFrame) -> pl.DataFrame:
        failed = pl.col("status").is_in(["failed", "transient"])
        judged = answers.with_columns(
            (pl.col("status") == "transient").alias("transient"),
            self._is_open(answers).alias("open"),
            pl.when(failed).then(pl.col("code").fill_null("")).otherwise(pl.lit(UNTIL_NOT_MET)).alias("said"),
        )
        codes = self._retry.codes
        retriable = pl.lit(True) if codes is None else pl.col("said").is_in(sorted(codes))
        return self._budget.spend(judged.with_columns(retriable.alias("retriable")))

    def _is_open(self, answers: pl.DataFrame) -> pl.Series:
        if self._retry.until is None:
            return answers["status"].is_in(["failed", "transient"])
        left = answers.select((pl.col("status") != "failed") & self._removed()).to_series()
        return ~self._walk.holds(self._retry.until, answers["row"]) & ~left

    def _removed(self) -> pl.Expr:
        """Say who has left the flow further in, and so has no goal to reach any more."""
        return pl.col("row").is_in(list(self._walk.removed)) if self._walk.removed else pl.lit(False)

    def _part(self, answers: pl.DataFrame) -> None:
        """Part the answered leads into those that are done with, wait, are pending, or failed and may be mended."""
        again = answers["open"] & self._has_reason(answers)
        waiting = answers["waiting"]
        self._end(answers.filter(~again & ~waiting & ~answers["pending"]))
        self._put_aside(answers.filter("pending"))
        self._note_tries(answers.filter(waiting))
        self._waiting = pl.concat([self._waiting, answers.filter(waiting).select(*_COUNTED, "wait")])
        self._open = answers.filter(again)

    def _has_reason(self, answers: pl.DataFrame) -> pl.Series:
        raised = (pl.col("status") == "failed") & (pl.col("said") == STEP_RAISED)
        happened = pl.lit(self._once) & (pl.col("status") == "answered")
        more = pl.col("attempt") < self._retry.attempts
        repairable = pl.lit(self._retry.repair is not None) & (pl.col("repairs") < REPAIRS)
        may = pl.col("retriable") & ~pl.col("transient") & ~raised & ~happened & ~self._removed()
        return answers.select(may & (more | repairable)).to_series()

    def _end(self, answers: pl.DataFrame) -> None:
        self._note_tries(answers)
        self._ended.append(answers.drop(_OWN))

    def _put_aside(self, pending: pl.DataFrame) -> None:
        self._note_tries(pending)
        self._walk.records.note("pending", pending, {"path": self._path})
        self._walk.gone.update(pending["row"].to_list())

    def _note_tries(self, answers: pl.DataFrame) -> None:
        unanswered = answers.filter(pl.col("open") | (pl.col("said") != UNTIL_NOT_MET))
        self._tried.append(unanswered.select("row", "attempt", "tries", pl.col("said").alias("code"), "wait"))

    def _wait(self, state: RetryCallState) -> float:  # noqa: ARG002  # tenacity's signature of a wait
        longest = self._waiting["wait"].max() if self._open.is_empty() else 0
        return longest if isinstance(longest, float) else 0

    def _prepare(self, state: RetryCallState) -> None:  # noqa: ARG002  # tenacity's signature of before_sleep
        if self._open.is_empty():
            self._open, self._waiting = self._waiting.drop("wait").sort("row"), self._waiting.clear()
        else:
            self._open = self._mend(self._open)

    def _mend(self, failed: pl.DataFrame) -> pl.DataFrame:
        """Give the leads that are asked again: at their next attempt, or where none is left and a repair changed them.

        So a repair never overwrites what a later strategy would have read.
        """
        spent = failed["attempt"] >= self._retry.attempts
        can = spent & (failed["repairs"] < (REPAIRS if self._retry.repair else 0))
        changed = self._changed_by_repair(failed["row"].filter(can))
        more = pl.col("attempt") < self._retry.attempts
        asked = more | pl.col("row").is_in(changed.implode())
        failed = self._present(failed.with_columns(pl.col("repairs") + can.cast(pl.Int32)))
        self._end(failed.filter(~asked))
        again = failed.filter(asked)
        self._note_tries(again.with_columns(wait=pl.lit(0.0)))
        return again.select(_COUNTED).with_columns(pl.col("attempt") + more.cast(pl.Int32))

    def _changed_by_repair(self, rows: pl.Series) -> pl.Series:
        """Execute the repair; give the rows in which it changed or settled what the entry or its goal reads."""
        if self._retry.repair is None or not len(rows):
            return rows.clear()
        state = self._walk.state
        before = [(name, state.take(name, rows), state.is_unsettled(name, rows)) for name in self._reads]
        self._repair_with(self._retry.repair, rows)
        changed = pl.Series([False]).new_from_index(0, len(rows))
        for name, value, unsettled in before:
            settled = unsettled & ~state.is_unsettled(name, rows)
            changed = changed | settled | state.take(name, rows).ne_missing(value)
        return rows.filter(changed)
