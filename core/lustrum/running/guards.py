"""Guards: limits on what a run may do before it is applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lustrum.files.guards import ANY_FIELD, CampaignGuards, Guards
from lustrum.files.limits import Limit
from lustrum.planning.plan import Plan
from lustrum.running.journal.past_runs import SMALLEST, PastRuns
from lustrum.running.totals import Totals

FEWEST_RUNS = 3
"""How many applied runs of at least `SMALLEST` leads it takes for a median to say anything."""

RAISED = Limit.parse("5%")
REJECTED = Limit.parse("20%")
ROWS = Limit.parse("-20%")
LOST_COLUMNS = Limit.parse("0")


@dataclass(frozen=True, slots=True)
class Tripped:
    """A guard whose limit the run goes beyond, and by what; `scope` is the campaign it is about, if it is about one.

    `by` names the entries behind it, the biggest first, with some of their leads.
    """

    name: str
    limit: Limit
    found: int
    of: int
    what: str = "leads"
    note: str = ""
    scope: str = ""
    by: tuple[str, ...] = ()

    def __str__(self) -> str:
        share = f" ({self.found / self.of:.1%})" if self.of else ""
        return (
            f"guard {self.name}: {self.found} of {self.of} {self.what}{share}, and the limit is {self.limit}{self.note}"
        )

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {"guard": self.name, "found": self.found, "of": self.of, "limit": str(self.limit), "by": list(self.by)}


@dataclass(frozen=True, slots=True)
class Watch:
    """What is to be compared with the limits: those of the project and of each campaign that has its own."""

    guards: Guards
    campaigns: Mapping[str, CampaignGuards]
    paths: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, guards: Guards, plan: Plan) -> Watch:
        """Watch a plan; a campaign is watched at all its places together."""
        guarded = [campaign for campaign in plan.tree if campaign.guards != CampaignGuards()]
        paths: dict[str, tuple[str, ...]] = {}
        for campaign in guarded:
            paths[campaign.name] = (*paths.get(campaign.name, ()), campaign.path)
        return cls(guards, {campaign.name: campaign.guards for campaign in guarded}, paths)

    def tripped(self, totals: Totals, past: PastRuns, columns: Iterable[str] = ()) -> list[Tripped]:
        """Give the guards that a run goes beyond; shares are of the leads read. `columns` are those it writes."""
        measured = [
            *_project(self.guards, totals, past, tuple(columns)),
            *(trip for name, guards in self.campaigns.items() for trip in _campaign(name, guards, totals)),
        ]
        return [trip for trip in measured if _trips(trip)]


def _trips(trip: Tripped) -> bool:
    if trip.limit.share and trip.of < SMALLEST:
        return False
    return trip.limit.exceeded(trip.found, of=trip.of)


def _project(guards: Guards, totals: Totals, past: PastRuns, columns: tuple[str, ...]) -> Iterator[Tripped]:
    rejects = totals.rejects.total()
    yield Tripped("rejected", guards.rejected or REJECTED, rejects, totals.leads + rejects)
    yield Tripped("raised", guards.raised or RAISED, totals.raised, totals.leads)
    yield from _counted(guards, totals.leads, totals.quarantined, totals.changed_leads, totals.changed, totals.emptied)
    yield from _above_median(guards.above_median, totals, past)
    if past.rows:
        yield Tripped("rows", guards.rows or ROWS, totals.leads + totals.beyond_limit - past.rows, past.rows)
    lost = [name for name in past.columns if name not in columns] if columns else []
    note = f"; lost: {', '.join(lost)}"
    yield Tripped("lost_columns", guards.lost_columns or LOST_COLUMNS, len(lost), len(past.columns), "columns", note)


def _counted(
    guards: CampaignGuards,
    leads: int,
    quarantined: int,
    changed_leads: int,
    changed: Counter[str],
    emptied: Counter[str],
) -> Iterator[Tripped]:
    if guards.quarantined is not None:
        yield Tripped("quarantined", guards.quarantined, quarantined, leads)
    if guards.changed_leads is not None:
        yield Tripped("changed_leads", guards.changed_leads, changed_leads, leads)
    for name, limit in _limits(guards.changed, changed):
        yield Tripped(f"changed.{name}", limit, changed[name], leads)
    for name, limit in _limits(guards.emptied, emptied):
        yield Tripped(f"emptied.{name}", limit, emptied[name], leads)


def _campaign(name: str, guards: CampaignGuards, totals: Totals) -> Iterator[Tripped]:
    found = totals.campaigns.get(name, Counter[str]())
    for trip in _counted(
        guards,
        totals.leads,
        found["quarantined"],
        found["changed_leads"],
        _of(found, "changed."),
        _of(found, "emptied."),
    ):
        yield Tripped(f"{name}.{trip.name}", trip.limit, trip.found, trip.of, scope=name)


def _of(found: Counter[str], prefix: str) -> Counter[str]:
    return Counter({name.removeprefix(prefix): count for name, count in found.items() if name.startswith(prefix)})


def _above_median(limits: Mapping[str, Limit], totals: Totals, past: PastRuns) -> Iterator[Tripped]:
    runs = len(past.telling)
    if runs < FEWEST_RUNS:
        return
    for name, limit in _limits(limits, totals.changed):
        usual = past.usual_share(name)
        beyond = totals.changed[name] - round(usual * totals.leads)
        note = f" above the median of the last {runs} runs, {usual:.1%}"
        yield Tripped(f"above_median.{name}", limit, beyond, totals.leads, note=note)


def _limits(limits: Mapping[str, Limit], counted: Mapping[str, int]) -> Iterator[tuple[str, Limit]]:
    """Give the limit of every field that has one, its own or that for all others."""
    default = limits.get(ANY_FIELD)
    everywhere: dict[str, Limit] = dict.fromkeys(counted, default) if default else {}
    yield from ({**everywhere, **{name: limit for name, limit in limits.items() if name != ANY_FIELD}}).items()
