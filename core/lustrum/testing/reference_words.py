"""What the reference interpreter is told, and what it tells: plain descriptions, of one lead."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from lustrum.files.campaign import CampaignFile
from lustrum.files.flow import Defaults, Entry, Overrides, Retry
from lustrum.words.conditions import Condition, bind, parse_condition
from lustrum.words.fields import FieldType
from lustrum.words.outcomes import Attempt
from lustrum.words.tokens import parse_text, system_tokens

Fields = frozenset[str]
Options = Mapping[str, Any]
Key = tuple[object, ...]

NOTHING: Fields = frozenset()
_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


class Behaviour(NamedTuple):
    """A step. By its options: the parameters it reads (is each needed?), the results it writes, whether it adds up.

    `function` takes inputs by parameter, options and the attempt, and answers or raises as a step does; a mapping is
    several results. A result named like the first parameter goes where that comes from.
    """

    name: str
    function: Callable[[Options, Options, Attempt], object]
    binds: Callable[[Options], tuple[Mapping[str, bool], Sequence[str], bool]]
    strategies: tuple[str, ...] = ()


class Mark(NamedTuple):
    """Why a field is unsettled: the number of the give-up, the entry that gave up, its code."""

    number: int
    path: str
    code: str


class Try(NamedTuple):
    """An ask without answer; `wait` is the least number of seconds before the next one."""

    path: str
    attempt: int
    tries: int
    code: str
    wait: float | None


@dataclass(slots=True)
class Happened:
    """What happened to a lead; `marks` are the fields unsettled at the end, `chosen` the numbers of choices, from 1.

    `trail` has field, before, after, path, tries; `effects` kind, key (lead, path, what was read) and what was said.
    `done` says when each key last happened and, by `(campaign,)`, when a campaign took the lead: the next history.
    """

    fields: dict[str, Any]
    done: dict[Key, datetime]
    outcomes: dict[str, str] = field(default_factory=dict[str, str])
    trail: list[tuple[str, Any, Any, str, int]] = field(default_factory=list[tuple[str, Any, Any, str, int]])
    effects: list[tuple[str, Key, object]] = field(default_factory=list[tuple[str, Key, object]])
    tries: list[Try] = field(default_factory=list[Try])
    marks: dict[str, Mark] = field(default_factory=dict[str, Mark])
    chosen: dict[str, int] = field(default_factory=dict[str, int])
    removed: list[str] = field(default_factory=list[str])
    aborted: str = ""


class Scope(NamedTuple):
    """A campaign in its place, its tokens, and whether it runs inside a repair."""

    campaign: CampaignFile
    path: str
    tokens: Mapping[str, Mapping[str, str]]
    repair: bool = False

    def entries(self) -> Iterator[At]:
        """Give the entries of the flow, each with its path."""
        named = Counter[str]()
        for entry in self.campaign.flow:
            name = entry.id or entry.target
            named[name] += 1
            yield At(self, entry, f"{self.path} > {name}" + (f"-{named[name]}" if named[name] > 1 else ""))

    def condition(self, written: object) -> Condition:
        """Read a condition, its tokens filled in."""
        return bind(_parsed(json.dumps(written)), self.tokens)

    def reads(self, *written: object) -> Fields:
        """Name the fields that conditions read."""
        return joined(self.condition(each).fields for each in written if each is not None)

    def asks(self, *written: object) -> Fields:
        """Name the fields that conditions ask about with `failed()`."""
        return joined(self.condition(each).asked for each in written if each is not None)

    def needs(self, written: object) -> Fields:
        """Name the fields that block: none inside a repair, where conditions read an unsettled field as empty."""
        return NOTHING if self.repair else self.reads(written) - self.asks(written)


class At(NamedTuple):
    """An entry in its place."""

    scope: Scope
    entry: Entry
    path: str

    def choices(self) -> list[tuple[object, Overrides | None]]:
        """Give the choices in order, each with its condition; None is `otherwise: nothing`."""
        return [(each.when, each.overrides) for each in self.entry.choices] or [(None, Overrides())]

    def reads(self) -> Fields:
        """Name the fields that `when` and the choices read."""
        return self.scope.reads(self.entry.when, *(when for when, _ in self.choices()))


class Action(NamedTuple):
    """What an entry does once its choice is made; `other` is the campaign that it executes or requests.

    `own` are the fields that it was to write itself: what a repair further in writes is not among them.
    """

    needs: Fields = NOTHING
    reads: Fields = NOTHING
    writes: Fields = NOTHING
    own: Fields = NOTHING
    shown: Fields = NOTHING
    adds_up: bool = False
    other: Scope | None = None
    step: Behaviour | None = None
    options: Options = _EMPTY
    inputs: Mapping[str, tuple[str, bool]] = _EMPTY
    results: Mapping[str, str] = _EMPTY


class Rules(NamedTuple):
    """What holds for every lead; `types` names every field, `run` the campaigns in order."""

    campaigns: Mapping[str, CampaignFile]
    steps: Mapping[str, Behaviour]
    types: Mapping[str, FieldType]
    run: Sequence[str]
    my: Mapping[str, str]
    defaults: Defaults
    key: str = "id"
    start: datetime = datetime(2026, 1, 31, 3, tzinfo=UTC)

    def scope(self, name: str, path: str, caller: Scope | None = None, *, repair: bool = False) -> Scope:
        """Place a campaign; where there is a `caller` it sees that one's tokens."""
        model = self.campaigns[name]
        campaign = {"name": model.campaign, "description": model.description}
        own = {"my": {**self.my, **model.my}, "campaign": campaign, "system": system_tokens(self.start)}
        tokens = {space: {**own[space], **caller.tokens[space]} for space in own} if caller else own
        return Scope(model, path, tokens, repair)

    def retry(self, at: At) -> Retry:
        """Find how an entry is retried."""
        return at.entry.retry or at.scope.campaign.defaults.retry or self.defaults.retry or Retry()

    def touched(self, scope: Scope) -> tuple[Fields, Fields]:
        """Name the fields that a campaign reads and writes, its children and repairs included."""
        parts = [self.union(at) for at in scope.entries()]
        parts += [self.touched(self.scope(name, "")) for at in scope.entries() if (name := self.retry(at).repair)]
        gate = scope.reads(scope.campaign.smart_list)
        return gate | joined(reads for reads, _ in parts), joined(writes for _, writes in parts)

    def union(self, at: At) -> tuple[Fields, Fields]:
        """Name the fields that an entry reads and writes, whatever its choices."""
        actions = [self.action(at, chosen) for _, chosen in at.choices() if chosen]
        return at.reads() | joined(each.reads for each in actions), joined(each.writes for each in actions)

    def own(self, at: At) -> Fields:
        """Name the fields that an entry was to write itself, whatever its choices."""
        return joined(self.action(at, chosen).own for _, chosen in at.choices() if chosen)

    def action(self, at: At, chosen: Overrides) -> Action:
        """Work a choice into an entry."""
        scope, entry, path = at
        caller = scope if entry.tokens else None
        name = chosen.execute or chosen.request or entry.execute or entry.request
        if name:
            within = path if name in (entry.execute, entry.request) else f"{path} > {name}"
            child = self.scope(name, within, caller, repair=scope.repair and not entry.request)
            if entry.request:
                return Action(adds_up=True, other=child)
            needs = child.needs(child.campaign.smart_list)
            return Action(needs, *self.touched(child), joined(map(self.own, child.entries())), other=child)
        written = {"wait": entry.wait} if entry.wait else {**entry.with_, **chosen.with_}
        options = {n: str(parse_text(o).resolve(scope.tokens)) if isinstance(o, str) else o for n, o in written.items()}
        shown = joined(frozenset(parse_text(each).lead_fields) for each in options.values() if isinstance(each, str))
        step = self.steps.get(entry.use or "")
        if step is None:
            return Action(shown, shown, shown=shown, adds_up=bool(entry.wait), options=options)
        reads, results, adds_up = step.binds(options)
        rebound = {**entry.reads, **chosen.reads}
        inputs = {name: (rebound.get(name, name), needed) for name, needed in reads.items()}
        own = {name: field for name, (field, _) in [*inputs.items()][:1]} | entry.writes | chosen.writes
        bound = {name: own.get(name, name) for name in results}
        needs = shown.union(read for read, needed in inputs.values() if needed)
        read = shown.union(read for read, _ in inputs.values())
        writes = frozenset(bound.values())
        return Action(needs, read, writes, writes, shown, adds_up, None, step, options, inputs, bound)


def joined(parts: Iterable[Fields]) -> Fields:
    """Join sets of fields."""
    return NOTHING.union(*parts)


@lru_cache(10_000)
def _parsed(written: str) -> Condition:
    return parse_condition(json.loads(written))
