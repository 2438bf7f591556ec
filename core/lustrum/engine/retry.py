"""The retry loop of an entry: tenacity drives the rounds, each over the leads that are still open."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from tenacity import RetryCallState, Retrying, retry_if_result, wait_exponential

from lustrum.engine.replies import STEP_RAISED
from lustrum.engine.walk import Walk
from lustrum.planning.plan import Campaign, Entry

REPAIRS = 10
"""How often at most a lead is repaired in one loop."""

Ask = Callable[[pl.Series, int, pl.Series], pl.DataFrame]
"""Asks about rows, with the attempt's number and how often each row was asked: a frame with `row` and `status`."""

Repair = Callable[[Campaign, pl.Series], None]


class RetryLoop:
    """One entry and batch. A lead is asked again while an attempt, its transient budget or a repair is a reason to.

    With `once` an answer is final, whatever `until` says: what adds up must not be done again.
    """

    def __init__(
        self, walk: Walk, entry: Entry, reads: frozenset[str], ask: Ask, repair: Repair, once: bool = False
    ) -> None:
        self._walk = walk
        self._entry = entry
        self._retry = entry.retry
        until = entry.retry.until
        self._reads = sorted(reads | (until.reads if until else frozenset[str]()))
        self._ask = ask
        self._repair_with = repair
        self._once = once
        self._finished: list[pl.DataFrame] = []
        self._open = pl.DataFrame()

    def run(self, rows: pl.Series) -> pl.DataFrame:
        """Ask about the rows until none has reason to be asked again; give the last answer about each."""
        counters = [pl.lit(start, pl.Int32).alias(name) for name, start in _COUNTERS.items()]
        self._open = pl.DataFrame({"row": rows}).with_columns(counters)
        low, high = (wait.total_seconds() for wait in self._retry.wait)
        self._backoff = wait_exponential(multiplier=low, max=high)
        Retrying(
            retry=retry_if_result(bool),
            wait=self._wait,
            before_sleep=self._repair,
            sleep=self._walk.given.clock.sleep,
        )(self._round)
        return pl.concat(self._finished).sort("row")

    def _round(self) -> bool:
        asked = [self._ask_attempt(group) for _, group in self._open.group_by("attempt", maintain_order=True)]
        if not asked:
            return False
        answers = self._judge(pl.concat(asked).with_columns(pl.col("tries") + 1))
        again = answers["open"] & self._has_reason(answers)
        self._finish(answers.filter(~again))
        self._open = answers.filter(again)
        return not self._open.is_empty()

    def _ask_attempt(self, group: pl.DataFrame) -> pl.DataFrame:
        answers = self._ask(group["row"], int(group["attempt"][0]), group["tries"] + 1)
        return answers.join(group.select("row", *_COUNTERS), on="row", maintain_order="left")

    def _judge(self, answers: pl.DataFrame) -> pl.DataFrame:
        transient = pl.col("status") == "transient"
        counted = answers.with_columns(pl.col("transients") + transient.cast(pl.Int32))
        too_long = pl.col("retry_after").fill_null(0) > self._retry.wait[1].total_seconds()
        spent = transient & ((pl.col("transients") >= self._retry.transient_attempts) | too_long)
        judged = counted.with_columns(
            pl.when(spent).then(pl.lit("failed")).otherwise("status").alias("status"),
            (transient & ~spent).alias("waiting"),
        )
        return judged.with_columns(self._is_open(judged).alias("open"))

    def _is_open(self, answers: pl.DataFrame) -> pl.Series:
        if self._retry.until is None:
            return answers["status"].is_in(["failed", "transient"])
        unmet = ~self._walk.holds(self._retry.until, answers["row"])
        return unmet & (answers["status"] != "answered") if self._once else unmet

    def _has_reason(self, answers: pl.DataFrame) -> pl.Series:
        raised = (pl.col("status") == "failed") & (pl.col("code").fill_null("") == STEP_RAISED)
        more = pl.col("attempt") < self._retry.attempts
        repairable = pl.lit(self._retry.repair is not None) & (pl.col("repairs") < REPAIRS)
        return answers.select(pl.col("waiting") | (~raised & (more | repairable))).to_series()

    def _finish(self, answers: pl.DataFrame) -> None:
        self._finished.append(answers.drop("waiting", "attempt", "transients", "repairs"))

    def _wait(self, state: RetryCallState) -> float:
        waiting = self._open.filter("waiting")
        if waiting.is_empty():
            return 0
        asked_for = waiting["retry_after"].max()
        return max(self._backoff(state), asked_for if isinstance(asked_for, float) else 0)

    def _repair(self, state: RetryCallState) -> None:  # noqa: ARG002  # tenacity's signature of before_sleep
        waiting, failed = self._open.filter("waiting"), self._open.filter(~pl.col("waiting"))
        changed = self._changed_by_repair(failed)
        more = failed["attempt"] < self._retry.attempts
        self._finish(failed.filter(~(more | changed)))
        counted = failed.with_columns(pl.col("attempt") + more.cast(pl.Int32), pl.col("repairs") + 1)
        again = counted.filter(more | changed)
        self._open = pl.concat([waiting, again]).select("row", *_COUNTERS).sort("row")

    def _changed_by_repair(self, failed: pl.DataFrame) -> pl.Series:
        nothing = pl.Series([False]).new_from_index(0, failed.height)
        if self._retry.repair is None or failed.is_empty():
            return nothing
        rows = failed["row"]
        state = self._walk.state
        before = [(name, state.take(name, rows), state.is_unsettled(name, rows)) for name in self._reads]
        self._repair_with(self._retry.repair, rows)
        changed = nothing
        for name, value, unsettled in before:
            settled = unsettled & ~state.is_unsettled(name, rows)
            changed = changed | settled | state.take(name, rows).ne_missing(value)
        return changed


_COUNTERS = {"attempt": 1, "tries": 0, "transients": 0, "repairs": 0}
