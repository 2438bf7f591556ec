"""What a lead may spend on failures that may pass by themselves: how often it is asked again, and after which wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

import polars as pl

from lustrum.engine.columns import constant, nowhere
from lustrum.engine.given import Given
from lustrum.planning.campaign_tree import Entry

RETRY_LATER = "retry_later"
_LONGEST = timedelta(days=366).total_seconds()
"""No wait is longer, whatever the other side asks for."""
_ROUNDING = 1e-6


class TransientBudget:
    """The budget of one entry. What is spent depends on the lead alone, never on those it goes round with.

    The deadline and `hold` count waits without their jitter, so that no outcome depends on a run's name.
    """

    def __init__(self, given: Given, entry: Entry) -> None:
        self._given = given
        self._path = entry.path
        self._retry = entry.retry
        deadline = entry.retry.deadline
        self._deadline = float("inf") if deadline is None else deadline.total_seconds() + _ROUNDING

    def begin(self, rows: pl.Series, keys: pl.Series) -> pl.DataFrame:
        """Give `row`, `transients` and `waited` (in seconds): a lead that was pending here goes on from there."""
        spent = [(key, *spent) for (key, path), spent in self._given.budgets.items() if path == self._path]
        if not spent:
            nothing = constant(0, pl.Int32(), len(rows), "transients"), constant(0.0, pl.Float64(), len(rows), "waited")
            return pl.DataFrame([rows.alias("row"), *nothing])
        schema = {"key": pl.String(), "transients": pl.Int32(), "waited": pl.Float64()}
        known = pl.DataFrame(spent, schema=schema, orient="row")
        leads = pl.DataFrame([rows.alias("row"), keys.gather(rows).alias("key")])
        joined = leads.join(known, on="key", how="left", maintain_order="left").drop("key")
        return joined.with_columns(pl.col("transients", "waited").fill_null(0))

    def spend(self, answers: pl.DataFrame) -> pl.DataFrame:
        """Count the `transient` failures of `answers`, and tell who is asked again after how many seconds (`wait`).

        `waiting` leads sleep so long; for `pending` ones it is too long to be slept. The others have failed for good.
        `waited` counts the wait to come.
        """
        if not answers["transient"].any():
            return answers.hstack(_no_wait(answers.height))
        counted = answers.with_columns(pl.col("transients") + pl.col("transient").cast(pl.Int32))
        timed = counted.with_columns(*self._lengths(counted))
        passing = pl.col("transient") & pl.col("open") & pl.col("retriable")
        within = pl.col("transients") < self._retry.transient_attempts
        in_time = pl.col("waited") + pl.col("plain") <= self._deadline
        again = timed.select(passing & within & in_time).to_series()
        long = timed["plain"] > self._retry.hold.total_seconds()
        late = again & long & self._given.no_wait
        parted = timed.with_columns((again & ~long).alias("waiting"), (again & long & ~late).alias("pending"))
        return self._refuse(_settled(parted), late).drop("plain", "jittered")

    def _lengths(self, answers: pl.DataFrame) -> list[pl.Expr]:
        """Give the seconds to wait for each lead, without jitter and with it; the other side may ask for more."""
        known = answers["transients"].unique().to_list()
        plain = [self._retry.waits.of(max(1, number)).total_seconds() for number in known]
        jittered = [length * self._jitter(number) for number, length in zip(known, plain, strict=True)]
        asked_for = pl.when(pl.col("retry_after").is_finite()).then("retry_after").fill_null(0)
        own = {"plain": plain, "jittered": jittered}
        return [
            pl.max_horizontal(pl.col("transients").replace_strict(known, lengths, return_dtype=pl.Float64), asked_for)
            .clip(0, _LONGEST)
            .alias(name)
            for name, lengths in own.items()
        ]

    def _jitter(self, number: int) -> float:
        """Give by what factor the n-th wait is longer, up to a tenth: always the same in a run and at an entry."""
        if not self._retry.waits.jittered:
            return 1
        seed = f"{self._given.run}\0{self._path}\0{number}".encode()
        return 1 + int.from_bytes(blake2b(seed, digest_size=8).digest()) / 2**64 / 10

    def _refuse(self, answers: pl.DataFrame, late: pl.Series) -> pl.DataFrame:
        """Let the leads whose wait is too long fail, where nobody may wait: the message says when to try again."""
        if not late.any():
            return answers
        seconds = answers.select(pl.col("waited") + pl.col("plain")).to_series()
        known = seconds.filter(late).unique().to_list()
        times = [_time_after(self._given.start, each) for each in known]
        messages = seconds.replace_strict(known, times, default=None, return_dtype=pl.String)
        return answers.with_columns(
            pl.when(late).then(pl.lit(RETRY_LATER)).otherwise("code").alias("code"),
            pl.when(late).then(messages).otherwise("message").alias("message"),
        )


def _no_wait(height: int) -> list[pl.Series]:
    """Give what `spend` tells of leads none of which failed transiently."""
    return [nowhere(height, "waiting"), nowhere(height, "pending"), constant(None, pl.Float64(), height, "wait")]


def _settled(answers: pl.DataFrame) -> pl.DataFrame:
    """Let those fail whose budget is spent, and count the wait of the others."""
    waiting, pending = pl.col("waiting"), pl.col("pending")
    spent = pl.col("transient") & ~waiting & ~pending
    return answers.with_columns(
        pl.when(spent).then(pl.lit("failed")).otherwise("status").alias("status"),
        pl.when(waiting).then("jittered").when(pending).then("plain").alias("wait"),
        (pl.col("waited") + pl.when(waiting | pending).then("plain").otherwise(0.0)).alias("waited"),
    )


def _time_after(start: datetime, seconds: float) -> str:
    moment = start + timedelta(seconds=seconds)
    whole = moment.replace(microsecond=0)
    return (whole if whole == moment else whole + timedelta(seconds=1)).isoformat()
