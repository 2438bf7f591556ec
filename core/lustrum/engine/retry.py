"""The retry loop of an entry: tenacity drives the rounds, each over the leads that are still open."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from tenacity import RetryCallState, Retrying, retry_if_result

from lustrum.engine.answers import is_failing, with_columns_of
from lustrum.engine.budget import TransientBudget
from lustrum.engine.columns import FLAG, constant, nowhere, parts_of, where, without
from lustrum.engine.ending import HAPPENED, UNTIL_NOT_MET, Ended
from lustrum.engine.replies import STEP_RAISED
from lustrum.engine.walk import Walk
from lustrum.planning.campaign_tree import Campaign, Entry

REPAIRS = 10
"""How often at most a lead is repaired in one loop."""

Ask = Callable[[pl.Series, int, pl.Series], pl.DataFrame]
"""Asks about rows, with the attempt's number and how often each row was asked: a frame with `row` and `status`."""

Repair = Callable[[Campaign, pl.Series], None]

_COUNTERS = {"attempt": 1, "tries": 0, "repairs": 0}
_COUNTED = ["row", *_COUNTERS, "transients", "waited"]
_COUNTED_ONLY = ["attempt", "repairs", "transients", "waited"]
_OWN = [*_COUNTED_ONLY, "wait", "waiting", "pending", "transient", "retriable", "said", "open"]


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
        self._done: list[pl.DataFrame] = []
        self._given_up: list[pl.DataFrame] = []
        self._tried: list[pl.DataFrame] = []
        self._open = self._waiting = pl.DataFrame()

    def run(self, rows: pl.Series) -> Ended:
        """Ask about the rows until none has reason to be asked again; give the last answer about each, in any order.

        Leads that have become pending are not among them. Of those that have their answer only what happened is told,
        unless it is for `once`.
        """
        counters = [constant(start, pl.Int32(), len(rows), name) for name, start in _COUNTERS.items()]
        self._open = self._budget.begin(rows, self._walk.state.batch.keys).hstack(counters)[_COUNTED]
        self._waiting = self._open.clear().hstack([constant(None, pl.Float64(), 0, "wait")])
        Retrying(
            retry=retry_if_result(bool),
            wait=self._wait,
            before_sleep=self._prepare,
            sleep=self._walk.given.clock.sleep,
        )(self._round)
        if self._tried:
            self._walk.records.note("attempts", pl.concat(self._tried).sort("row", "tries"), {"path": self._path})
        ended = Ended(self._done, self._given_up)
        vars(self).clear()  # tenacity keeps the loop in a circle of references, and with it the whole batch
        return ended

    def _round(self) -> bool:
        asked = [self._ask_attempt(group) for group in _by_attempt(self._open)]
        self._open = self._open.clear()
        left = self._unfinished(self._present(parts_of(asked))) if asked else self._open
        if len(left):
            self._part(self._judge(left))
        return not (self._open.is_empty() and self._waiting.is_empty())

    def _ask_attempt(self, group: pl.DataFrame) -> pl.DataFrame:
        counted = group.with_columns(group["tries"] + 1)
        answers = self._ask(counted["row"], int(group["attempt"][0]), counted["tries"])
        return with_columns_of(answers, counted)

    def _present(self, leads: pl.DataFrame) -> pl.DataFrame:
        """Leave out the leads that became pending further in."""
        return leads.filter(~pl.col("row").is_in(list(self._walk.gone))) if self._walk.gone else leads

    def _unfinished(self, answers: pl.DataFrame) -> pl.DataFrame:
        """Let the leads end that have their answer, where there is no goal to reach; give the others."""
        if self._retry.until is not None:
            return answers
        failing = is_failing(answers["status"])
        finished = without(answers, _COUNTED_ONLY) if self._once else answers[HAPPENED]
        if not failing.any():
            self._done.append(finished)
            return answers.clear()
        self._done.append(where(finished, ~failing))
        return where(answers, failing)

    def _judge(self, answers: pl.DataFrame) -> pl.DataFrame:
        said = _said(answers)
        marks = [said, self._retriable(said), (answers["status"] == "transient").alias("transient")]
        return self._budget.spend(answers.hstack([*marks, self._is_open(answers).alias("open")]))

    def _retriable(self, said: pl.Series) -> pl.Series:
        codes = self._retry.codes
        known = constant(True, FLAG, len(said)) if codes is None else said.is_in(sorted(codes))
        return known.alias("retriable")

    def _is_open(self, answers: pl.DataFrame) -> pl.Series:
        if self._retry.until is None:
            return is_failing(answers["status"])
        left = (answers["status"] != "failed") & self._removed(answers["row"])
        return ~self._walk.holds(self._retry.until, answers["row"]) & ~left

    def _removed(self, rows: pl.Series) -> pl.Series:
        """Say who has left the flow further in, and so has no goal to reach any more."""
        return rows.is_in(list(self._walk.removed)) if self._walk.removed else nowhere(len(rows))

    def _part(self, answers: pl.DataFrame) -> None:
        """Part the answered leads into those that are done with, wait, are pending, or failed and may be mended."""
        again = answers["open"] & self._has_reason(answers)
        waiting, pending = answers["waiting"], answers["pending"]
        self._end(where(answers, ~again & ~waiting & ~pending))
        if pending.any():
            self._put_aside(where(answers, pending))
        if waiting.any():
            asleep = where(answers, waiting)
            self._note_tries(asleep)
            self._waiting = pl.concat([self._waiting, asleep[[*_COUNTED, "wait"]]])
        self._open = where(answers, again)

    def _has_reason(self, answers: pl.DataFrame) -> pl.Series:
        may = answers["retriable"] & ~answers["transient"] & ~self._removed(answers["row"])
        may &= ~((answers["status"] == "failed") & (answers["said"] == STEP_RAISED))
        if self._once:
            may &= answers["status"] != "answered"
        more = answers["attempt"] < self._retry.attempts
        if self._retry.repair is not None:
            more |= answers["repairs"] < REPAIRS
        return may & more

    def _end(self, answers: pl.DataFrame) -> None:
        self._note_tries(answers)
        told, failed = without(answers, _OWN), answers["open"]
        if failed.any():
            self._given_up.append(where(told, failed))
        self._done.append(where(told if self._once else told[HAPPENED], ~failed))

    def _put_aside(self, pending: pl.DataFrame) -> None:
        self._note_tries(pending)
        self._walk.records.note("pending", pending, {"path": self._path})
        self._walk.gone.update(pending["row"].to_list())

    def _note_tries(self, answers: pl.DataFrame) -> None:
        unanswered = where(answers, answers["open"] | (answers["said"] != UNTIL_NOT_MET))
        if len(unanswered):
            codes = unanswered["said"].alias("code")
            self._tried.append(unanswered[["row", "attempt", "tries", "wait"]].insert_column(3, codes))

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
        failed = self._present(failed.with_columns(failed["repairs"] + can.cast(pl.Int32)))
        self._end(failed.filter(~asked))
        again = failed.filter(asked)
        self._note_tries(again.with_columns(constant(0.0, pl.Float64(), again.height, "wait")))
        return again[_COUNTED].with_columns(pl.col("attempt") + more.cast(pl.Int32))

    def _changed_by_repair(self, rows: pl.Series) -> pl.Series:
        """Execute the repair; give the rows in which it changed or settled what the entry or its goal reads."""
        if self._retry.repair is None or not len(rows):
            return rows.clear()
        state = self._walk.state
        before = [(name, state.take(name, rows), state.is_unsettled(name, rows)) for name in self._reads]
        self._repair_with(self._retry.repair, rows)
        changed = nowhere(len(rows))
        for name, value, unsettled in before:
            settled = unsettled & ~state.is_unsettled(name, rows)
            changed = changed | settled | state.take(name, rows).ne_missing(value)
        return rows.filter(changed)


def _said(answers: pl.DataFrame) -> pl.Series:
    """Give the code of each failure; of the others, that they have not reached their goal."""
    failing, codes = is_failing(answers["status"]), answers["code"]
    if codes.null_count():
        codes = codes.fill_null("")
    goal = constant(UNTIL_NOT_MET, pl.String(), answers.height)
    return (codes if failing.all() else codes.zip_with(failing, goal)).alias("said")


def _by_attempt(leads: pl.DataFrame) -> list[pl.DataFrame]:
    """Part the leads by the number of their attempt; mostly it is the same for all."""
    if leads["attempt"].n_unique() > 1:
        return leads.partition_by("attempt", maintain_order=True)
    return [leads] if len(leads) else []
