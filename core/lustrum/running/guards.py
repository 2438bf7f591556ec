"""Guards: limits on what a run may do before it is applied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lustrum.files.limits import Limit
from lustrum.files.settings import ANY_FIELD, Guards
from lustrum.running.totals import Totals

SMALLEST = 100
"""A guard that is a share speaks only over at least so many leads."""

RAISED = Limit.parse("5%")
REJECTED = Limit.parse("20%")
ROWS = Limit.parse("-20%")


@dataclass(frozen=True, slots=True)
class Tripped:
    """A guard whose limit the run goes beyond, and by what."""

    name: str
    limit: Limit
    found: int
    of: int

    def __str__(self) -> str:
        share = f" ({self.found / self.of:.1%})" if self.of else ""
        return f"guard {self.name}: {self.found} of {self.of} leads{share}, and the limit is {self.limit}"


def tripped_guards(guards: Guards, totals: Totals, last_rows: int | None) -> list[Tripped]:
    """Give the guards that the run goes beyond; shares are of the leads read."""
    return [trip for trip in _measured(guards, totals, last_rows) if _trips(trip)]


def _trips(trip: Tripped) -> bool:
    if trip.limit.share and trip.of < SMALLEST:
        return False
    return trip.limit.exceeded(trip.found, of=trip.of)


def _measured(guards: Guards, totals: Totals, last_rows: int | None) -> Iterator[Tripped]:
    rejects = totals.rejects.total()
    yield Tripped("rejected", guards.rejected or REJECTED, rejects, totals.leads + rejects)
    yield Tripped("raised", guards.raised or RAISED, totals.raised, totals.leads)
    if guards.quarantined is not None:
        yield Tripped("quarantined", guards.quarantined, totals.quarantined, totals.leads)
    for name, limit in _changed(guards, totals).items():
        yield Tripped(f"changed.{name}", limit, totals.changed[name], totals.leads)
    if last_rows:
        yield Tripped("rows", guards.rows or ROWS, totals.leads + totals.beyond_limit - last_rows, last_rows)


def _changed(guards: Guards, totals: Totals) -> dict[str, Limit]:
    default = guards.changed.get(ANY_FIELD)
    everywhere: dict[str, Limit] = dict.fromkeys(totals.changed, default) if default else {}
    named = {name: limit for name, limit in guards.changed.items() if name != ANY_FIELD}
    return {**everywhere, **named}
