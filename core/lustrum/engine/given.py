"""What the engine is handed beside the plan: the leads, what the runner looked up for them, a memo and two ports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

import polars as pl

from lustrum.contracts.ports import Calls, Clock
from lustrum.engine.costs import Costs
from lustrum.engine.providers import Providers
from lustrum.engine.replies import Reply

MEMO_CAP = 200_000
"""Answers remembered in all; beyond it a step's oldest are forgotten, which changes times and no answer."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some leads: one typed column a field, the key of each, and why a lead must be left alone (`key_missing` …).

    `raw` holds the source's text of the typed fields, so that a cell nobody can read is not forgotten. `carried` holds,
    for some fields, what the last run wrote and the source does not have: `before`, what the source said then, `after`,
    and `known`, false where there is no such thing.
    """

    frame: pl.DataFrame
    keys: pl.Series
    trouble: pl.Series
    raw: Mapping[str, pl.Series] = field(default_factory=dict[str, pl.Series])
    carried: Mapping[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])

    @property
    def height(self) -> int:
        """The number of leads."""
        return len(self.keys)

    def slice(self, start: int, height: int) -> Batch:
        """Give some consecutive leads."""
        return self.gather(pl.int_range(start, min(start + height, self.height), dtype=pl.UInt32, eager=True))

    def gather(self, rows: pl.Series) -> Batch:
        """Give some of the leads, in the order of `rows`."""
        raw = {name: column.gather(rows) for name, column in self.raw.items()}
        carried = {name: frame[rows] for name, frame in self.carried.items()}
        return Batch(self.frame[rows], self.keys.gather(rows), self.trouble.gather(rows), raw, carried)


class Memo:
    """Answers of value steps by step, options and input, kept across batches; never a transient one or a crash."""

    def __init__(self, cap: int = MEMO_CAP) -> None:
        self._cap = cap
        self._held = 0
        self._answers: dict[tuple[str, int], dict[tuple[object, ...], Reply]] = {}

    def answer(
        self, call: str, attempt: int, values: tuple[object, ...], ask: Callable[[tuple[object, ...]], Reply]
    ) -> Reply:
        """Give the remembered reply, or ask and remember it where it is one that lasts."""
        known = self._answers.setdefault((call, attempt), {})
        typed = tuple((type(value), value) for value in values)
        reply = known.get(typed)
        if reply is None:
            reply = ask(values)
            if reply.lasts:
                self._remember(known, typed, reply)
        return reply

    def _remember(self, known: dict[tuple[object, ...], Reply], values: tuple[object, ...], reply: Reply) -> None:
        if self._held >= self._cap:
            largest = max(self._answers.values(), key=len)
            largest.pop(next(iter(largest)))
            self._held -= 1
        known[values] = reply
        self._held += 1


Budget: TypeAlias = tuple[int, float]
"""Transient failures so far, and the seconds waited for them."""

ACTIVITIES: Mapping[str, pl.DataType] = {
    "key": pl.String(),
    "id": pl.String(),
    "type": pl.String(),
    "date_of_activity": pl.Datetime("us", "UTC"),
    "name": pl.String(),
    "attributes": pl.String(),
}
KEYED_PARKED: Mapping[str, pl.DataType] = {
    "key": pl.String(),
    "path": pl.String(),
    "effect": pl.String(),
    "due": pl.Datetime("us", "UTC"),
    "activity": pl.String(),
}


class NoCalls:
    """A calls port that asks each time and keeps nothing, for tests and runs without a journal."""

    def call(self, key: str, send: Callable[[], str]) -> str:  # noqa: ARG002  # the port's signature
        """Answer by `send`."""
        return send()


class NoWait:
    """A clock port that does not wait, and remembers how long it was asked to."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Return at once."""
        self.waits.append(seconds)


@dataclass(frozen=True, slots=True)
class Given:
    """What the runner looked up for these leads before the call.

    `effects` maps the key of each effect of these leads that counts (from applied runs) to when it happened,
    `qualified` each campaign and lead key to when the lead last went through it. `parked` has who waits at which entry
    (`key`, `path`, `effect`, `due`, `activity`), `activities` what is known of the leads' past (`key`, `id`, `type`,
    `date_of_activity`, `name`, and `attributes` as a JSON object), `consumed` the activities that trigger campaigns
    took already (campaign, id). `budgets` says, for a lead that was pending at an entry (key, path), how often it
    failed transiently and how long it has waited; with `no_wait` no lead becomes pending. `facts` has what
    steps learnt of the source, by lesson; `providers` knows who is down, `costs` where the time went. Of fewer inputs
    than `at_once_from` no step is asked at once: its function is quicker.
    """

    run: str
    start: datetime
    source: str = ""
    effects: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    qualified: Mapping[tuple[str, str], datetime] = field(default_factory=dict[tuple[str, str], datetime])
    parked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=KEYED_PARKED))
    activities: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ACTIVITIES))
    consumed: frozenset[tuple[str, str]] = frozenset()
    budgets: Mapping[tuple[str, str], tuple[int, float]] = field(default_factory=dict[tuple[str, str], "Budget"])
    no_wait: bool = False

    @property
    def start_utc(self) -> datetime:
        """The run's start in UTC, as the times of effects and waits are kept."""
        return self.start.astimezone(UTC)

    at_once_from: int = 400
    memo: Memo = field(default_factory=Memo)
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    providers: Providers = field(default_factory=Providers)
    costs: Costs = field(default_factory=Costs)
    clock: Clock = field(default_factory=NoWait)
    calls: Calls = field(default_factory=NoCalls)
