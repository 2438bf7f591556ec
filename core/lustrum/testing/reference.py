"""The rules of campaigns told a second time, slowly: one lead, one entry at a time, no batches and no plan.

It is the judge of the engine in property tests. It reads campaigns that are known to be valid, calls steps described by
`Behaviour`, and says what must have happened to a lead. Left out: parked waits and waits beyond `hold`, providers that
are down, triggers, activities and decisions.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import polars as pl

from lustrum.files.campaign import CampaignFile
from lustrum.files.flow import Defaults, Entry, Overrides, Retry
from lustrum.words.conditions import Condition, bind, compile_condition, failed_column, parse_condition
from lustrum.words.durations import DurationError, parse_duration, parse_waits
from lustrum.words.errors import Transient
from lustrum.words.fields import FieldType
from lustrum.words.outcomes import KEEP, Alert, Answer, Attempt, Failed, Moment, Skip
from lustrum.words.tokens import TokenText, parse_text, system_tokens

Tokens = Mapping[str, Mapping[str, str]]
Fields = frozenset[str]
Options = Mapping[str, Any]
Key = tuple[object, ...]

_NONE: Fields = frozenset()
_REPAIRS = 10
_KINDS: Mapping[type, str] = {Moment: "moment", Alert: "alert"}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A step: by its options, the parameters it reads (and whether each is needed), the results it writes.

    `function` takes inputs by parameter, options and the attempt, and answers or raises as a step does; a mapping is
    several results. A result named like the first parameter goes where that comes from.
    """

    name: str
    function: Callable[[Options, Options, Attempt], object]
    reads: Callable[[Options], Mapping[str, bool]] = lambda _: {}
    writes: Callable[[Options], Sequence[str]] = lambda _: ()
    adds_up: Callable[[Options], bool] = lambda _: False
    strategies: tuple[str, ...] = ()


class Effect(NamedTuple):
    """What happened once: `key` is what it is known by, `said` what the step said."""

    kind: str
    path: str
    key: Key
    said: object = None


class Try(NamedTuple):
    """An ask that was not answered; `wait` is the least number of seconds before the next ask."""

    path: str
    attempt: int
    tries: int
    code: str
    wait: float | None


class Mark(NamedTuple):
    """Why a field is unsettled: the number of the give-up, the entry that gave up, and its code."""

    number: int
    path: str
    code: str


@dataclass(frozen=True, slots=True)
class History:
    """What earlier applied runs did to the lead: when an effect last happened, when a campaign last took it."""

    effects: Mapping[Key, datetime] = field(default_factory=dict[Key, datetime])
    qualified: Mapping[str, datetime] = field(default_factory=dict[str, datetime])


@dataclass(slots=True)
class Happened:
    """What happened to a lead: outcomes by path (`skipped:when`, `blocked:PATH`), writes (field, before, after, path, attempt)."""

    fields: dict[str, Any]
    outcomes: dict[str, str] = field(default_factory=dict[str, str])
    trail: list[tuple[str, Any, Any, str, int]] = field(default_factory=list[tuple[str, Any, Any, str, int]])
    effects: list[Effect] = field(default_factory=list[Effect])
    unsettled: dict[str, Mark] = field(default_factory=dict[str, Mark])
    removed: list[str] = field(default_factory=list[str])
    tries: list[Try] = field(default_factory=list[Try])
    qualified: set[str] = field(default_factory=set[str])
    aborted: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every lead; `types` names every field, `run` the campaigns in order."""

    campaigns: Mapping[str, CampaignFile]
    steps: Mapping[str, Behaviour]
    types: Mapping[str, FieldType]
    run: Sequence[str]
    key: str = "id"
    start: datetime = datetime(2026, 1, 31, 3, tzinfo=UTC)
    my: Mapping[str, str] = field(default_factory=dict[str, str])
    defaults: Defaults = Defaults()


def interpret(rules: Rules, lead: Mapping[str, Any], history: History | None = None) -> Happened:
    """Say what the campaigns do to one lead."""
    history = history or History()
    way = _Way(rules, history, Happened(dict(lead)), done=dict(history.effects))
    try:
        for name in rules.run:
            way.start(way.scope(name, name))
    except _Aborted as aborted:
        way.now.aborted = str(aborted)
    way.now.unsettled = way.marks
    quarantined = {mark.path for mark in way.marks.values()}
    held = {path for path in way.passed for root in quarantined if root.startswith(f"{path} > ")}
    way.now.qualified = {name for path, name in way.passed.items() if path not in held}
    return way.now


class _Aborted(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Scope:
    """A campaign in its place, its tokens, and whether it runs inside a repair."""

    campaign: CampaignFile
    path: str
    tokens: Tokens
    repair: bool = False

    def entries(self) -> Iterator[tuple[Entry, str]]:
        named = Counter[str]()
        for entry in self.campaign.flow:
            name = entry.id or entry.target
            named[name] += 1
            yield entry, f"{self.path} > {name}" + (f"-{named[name]}" if named[name] > 1 else "")

    def fields(self, *written: object) -> Fields:
        """Name the fields that conditions read."""
        return _NONE.union(*(_bound(each, self.tokens).fields for each in written if each is not None))

    def barrier(self, *written: object) -> Fields:
        """Name the fields that conditions need: none inside a repair, where they read an unsettled field as empty."""
        return _NONE if self.repair else self.fields(*written)


@dataclass(frozen=True, slots=True)
class _Action:
    """What an entry does once its choice is made: a step's or a child's needs, reads and writes are fields."""

    path: str
    step: Behaviour | None = None
    child: _Scope | None = None
    requested: _Scope | None = None
    options: Options = field(default_factory=dict[str, Any])
    inputs: Mapping[str, tuple[str, bool]] = field(default_factory=dict[str, tuple[str, bool]])
    results: Mapping[str, str] = field(default_factory=dict[str, str])
    needs: Fields = _NONE
    reads: Fields = _NONE
    writes: Fields = _NONE

    @property
    def shown(self) -> Fields:
        return _NONE.union(*(text.lead_fields for text in self.options.values() if isinstance(text, TokenText)))


@dataclass(slots=True)
class _Budget:
    """What a lead has used up in one entry."""

    retry: Retry
    most: int
    attempt: int = 1
    tries: int = 0
    transients: int = 0
    repairs: int = 0
    waited: float = 0

    def wait(self, asked: float | None) -> float | None:
        """Give the seconds to wait after a transient failure, None where the budget is spent."""
        self.transients += 1
        wait = max(parse_waits(self.retry.transient.wait).of(self.transients).total_seconds(), asked or 0)
        deadline = self.retry.transient.deadline
        late = deadline is not None and self.waited + wait > parse_duration(deadline).total_seconds()
        if late or self.transients >= self.retry.transient.attempts:
            return None
        self.waited += wait
        return wait


@dataclass(slots=True)
class _Way:
    """One lead on its way."""

    rules: Rules
    history: History
    now: Happened
    marks: dict[str, Mark] = field(default_factory=dict[str, Mark])
    passed: dict[str, str] = field(default_factory=dict[str, str])
    requests: deque[_Scope] = field(default_factory=deque[_Scope])
    done: dict[Key, datetime] = field(default_factory=dict[Key, datetime])
    given_up: int = 0
    out: bool = False

    def scope(
        self, name: str, path: str, caller: _Scope | None = None, *, parent: bool = False, repair: bool = False
    ) -> _Scope:
        model = self.rules.campaigns[name]
        own: dict[str, dict[str, str]] = {
            "my": {**self.rules.my, **model.my},
            "campaign": {"name": model.campaign, "description": model.description},
            "system": system_tokens(self.rules.start),
        }
        tokens = {space: {**own[space], **caller.tokens[space]} for space in own} if parent and caller else own
        return _Scope(model, path, tokens, repair)

    def start(self, root: _Scope) -> None:
        self.requests.append(root)
        while self.requests:
            self.enter(self.requests.popleft())

    def enter(self, scope: _Scope) -> None:
        """Run a root, a request or a repair: who is removed there is removed there only."""
        before, self.out = self.out, False
        _, writes = self.touched(scope)
        gate = scope.barrier(scope.campaign.smart_list) - writes
        said = self.blocked(scope, gate, writes) or self.through(scope)
        if said and not scope.repair and " > " in scope.path:
            self.now.outcomes[scope.path] = said
        self.out = before

    def through(self, scope: _Scope) -> str:
        campaign = scope.campaign
        if not self.holds(scope, campaign.smart_list):
            return "skipped:not_qualified"
        if not self.free(campaign.qualification, self.history.qualified.get(campaign.campaign)):
            return "skipped:already_qualified"
        self.passed[scope.path] = campaign.campaign
        for entry, path in scope.entries():
            if not self.out:
                self.now.outcomes[path] = self.entry(scope, entry, path)
        return ""

    def free(self, rule: str, last: datetime | None) -> bool:
        if last is None or rule in ("every time", "always"):
            return True
        found = [rule.removeprefix(word) for word in ("once every ", "once per ", "every ") if rule.startswith(word)]
        return bool(found) and self.rules.start - last >= parse_duration(found[0])

    def holds(self, scope: _Scope, written: object) -> bool:
        if written is None:
            return True
        empty = self.marks if scope.repair else ()
        cells = {name: None if name in empty else value for name, value in self.now.fields.items()}
        expression = _compiled(_bound(written, scope.tokens), tuple(self.rules.types.items()), self.rules.start)
        return self.frame(cells).select(expression).item() is True

    def frame(self, cells: Mapping[str, Any]) -> pl.DataFrame:
        columns = [pl.Series(name, [cells[name]], dtype=kind.dtype) for name, kind in self.rules.types.items()]
        failed = [pl.Series(failed_column(name), [name in self.marks]) for name in self.rules.types]
        return pl.DataFrame([*columns, *failed])

    def touched(self, scope: _Scope) -> tuple[Fields, Fields]:
        """Name the fields that a campaign reads and writes, its children included."""
        both = [self.union(scope, entry, path) for entry, path in scope.entries()]
        gate = scope.fields(scope.campaign.smart_list)
        return gate.union(*(reads for reads, _ in both)), _NONE.union(*(writes for _, writes in both))

    def union(self, scope: _Scope, entry: Entry, path: str) -> tuple[Fields, Fields]:
        """Name the fields that an entry reads and writes, whatever its choices."""
        chosen = [choice.overrides for choice in entry.choices] if entry.choices else [Overrides()]
        actions = [self.action(scope, entry, path, each) for each in chosen if each]
        asked = scope.fields(entry.when, *(choice.when for choice in entry.choices))
        return asked.union(*(each.reads for each in actions)), _NONE.union(*(each.writes for each in actions))

    def action(self, scope: _Scope, entry: Entry, path: str, chosen: Overrides) -> _Action:
        if name := chosen.execute or entry.execute:
            within = path if name == entry.execute else f"{path} > {name}"
            child = self.scope(name, within, scope, parent=entry.tokens is not None, repair=scope.repair)
            reads, writes = self.touched(child)
            return _Action(
                path, child=child, needs=child.barrier(child.campaign.smart_list), reads=reads, writes=writes
            )
        if name := chosen.request or entry.request:
            return _Action(path, requested=self.scope(name, path, scope, parent=entry.tokens is not None))
        texts = {"wait": entry.wait} if entry.wait else {**entry.with_, **chosen.with_}
        options = {name: _resolved(value, scope.tokens) for name, value in texts.items()}
        step = self.rules.steps.get(entry.use or "")
        plain = _plain(options)
        fields, rebound = {**entry.reads, **chosen.reads}, {**entry.writes, **chosen.writes}
        read = step.reads(plain).items() if step else ()
        inputs = {name: (fields.get(name, name), needed) for name, needed in read}
        first = next(iter(inputs), None)
        written = step.writes(plain) if step else ()
        results = {name: rebound.get(name, inputs[name][0] if name == first else name) for name in written}
        shown = _Action(path, options=options).shown
        needs = shown.union(name for name, needed in inputs.values() if needed)
        reads = shown.union(name for name, _ in inputs.values())
        return _Action(path, step, None, None, options, inputs, results, needs, reads, frozenset(results.values()))

    def entry(self, scope: _Scope, entry: Entry, path: str) -> str:
        _, writes = self.union(scope, entry, path)
        if said := self.blocked(scope, scope.barrier(entry.when) - writes, writes):
            return said
        if not self.holds(scope, entry.when):
            return "skipped:when"
        for choice in entry.choices:
            if said := self.blocked(scope, scope.barrier(choice.when) - writes, writes):
                return said
            if self.holds(scope, choice.when):
                chosen = choice.overrides
                return self.act(scope, entry, self.action(scope, entry, path, chosen)) if chosen else "skipped:nothing"
        return (
            "skipped:no_choice"
            if entry.choices
            else self.act(scope, entry, self.action(scope, entry, path, Overrides()))
        )

    def act(self, scope: _Scope, entry: Entry, action: _Action) -> str:
        others = [(other, path) for other, path in scope.entries() if path.rpartition(" > ")[2] in entry.needs]
        needs = action.needs.union(*(self.union(scope, other, path)[1] for other, path in others)) - action.writes
        if said := self.blocked(scope, needs, action.writes):
            return said
        read = scope.fields(entry.when, *(choice.when for choice in entry.choices)) | action.shown
        known = () if (entry.repeat or "").startswith("once per") else sorted(read - action.writes)
        key = (self.now.fields[self.rules.key], action.path, *((name, self.now.fields[name]) for name in known))
        adds_up = action.requested or entry.wait or (action.step and action.step.adds_up(_plain(action.options)))
        if adds_up and not self.free(entry.repeat or "once", self.done.get(key)):
            return "skipped:already_done"
        said, effect = self.do(scope, entry, action)
        if adds_up and effect:
            self.now.effects.append(Effect(effect[0], action.path, key, effect[1]))
            self.done[key] = self.rules.start
        return said

    def do(self, scope: _Scope, entry: Entry, action: _Action) -> tuple[str, tuple[str, object] | None]:
        """Give the outcome, and the effect it had: its kind, and what was said."""
        if action.requested:
            self.requests.append(action.requested)
            return "unchanged", ("request", action.requested.campaign.campaign)
        if entry.wait:
            return self.wait(str(self.rendered(action)["wait"]))
        if entry.use == "remove_from_flow":
            return self.remove(action.path), None
        return self.loop(scope, entry, action)

    def wait(self, until: str) -> tuple[str, tuple[str, object] | None]:
        if not until:
            return "skipped:empty", None
        try:
            waited = parse_duration(until)
        except DurationError:
            try:
                day = datetime.fromisoformat(until)
            except ValueError:
                return "failed:no_date", None
            waited = (day if day.tzinfo else day.replace(tzinfo=self.rules.start.tzinfo)) - self.rules.start
        if waited > timedelta(seconds=30):
            raise NotImplementedError("leads are not parked here")
        return "unchanged", ("wait", until)

    def remove(self, path: str) -> str:
        self.now.removed.append(path)
        self.out = True
        return "unchanged"

    def loop(self, scope: _Scope, entry: Entry, action: _Action) -> tuple[str, tuple[str, object] | None]:
        """Ask until the lead is no longer open, or its budgets are spent."""
        retry = entry.retry or scope.campaign.defaults.retry or self.rules.defaults.retry or Retry()
        budget = _Budget(retry, retry.attempts or max(1, len(action.step.strategies if action.step else ())))
        before, marks = dict(self.now.fields), dict(self.marks)
        effect: tuple[str, object] | None = None
        while True:
            reply = self.ask(action, action.step, budget.attempt) if action.step else self.execute(action.child, marks)
            if action.step and not isinstance(reply, Skip | Failed | Transient):
                effect = (_KINDS.get(type(reply), action.step.name), reply)
            code = self.open(scope, retry, reply)
            if code is None:
                return self.outcome(action, before, reply), effect
            if not self.again(scope, action, budget, reply, marks, happened=effect is not None):
                return self.give_up(scope, entry, action, code, marks), effect

    def open(self, scope: _Scope, retry: Retry, reply: object) -> str | None:
        """Say with which code the lead is open."""
        code = reply.code if isinstance(reply, Failed | Transient) else None
        if retry.until is None:
            return code
        return None if self.holds(scope, retry.until) else code or "until_not_met"

    def outcome(self, action: _Action, before: Options, reply: object) -> str:
        if isinstance(reply, Skip):
            return f"skipped:{reply.reason}"
        return "changed" if any(self.now.fields[name] != before[name] for name in action.writes) else "unchanged"

    def again(
        self, scope: _Scope, action: _Action, budget: _Budget, reply: object, marks: dict[str, Mark], *, happened: bool
    ) -> bool:
        """Spend a budget on one more ask, if one is left; `marks` are those of before the entry."""
        budget.tries += 1
        code = reply.code if isinstance(reply, Failed | Transient) else ""
        attempt, wait, again = budget.attempt, None, False
        if self.out or happened or code == "step_raised" or (budget.retry.on and code not in budget.retry.on):
            pass
        elif isinstance(reply, Transient):
            wait = budget.wait(reply.retry_after)
            again = wait is not None
        else:
            again = self.repaired(scope, action, budget, marks) or budget.attempt < budget.most
            budget.attempt = min(budget.attempt + 1, budget.most)
        if code:
            self.now.tries.append(Try(action.path, attempt, budget.tries, code, wait))
        return again

    def repaired(self, scope: _Scope, action: _Action, budget: _Budget, marks: dict[str, Mark]) -> bool:
        """Run the repair, and say whether it changed or settled a field the entry or its goal reads."""
        name = budget.retry.repair
        if not name or budget.repairs == _REPAIRS:
            return False
        budget.repairs += 1
        read = action.reads | scope.fields(budget.retry.until)
        before, unsettled = dict(self.now.fields), set(self.marks)
        self.enter(self.scope(name, f"{action.path} > {name}", repair=True))
        settled = unsettled - set(self.marks)
        for field_settled in settled & set(marks):
            del marks[field_settled]
        return any(self.now.fields[each] != before[each] or each in settled for each in read)

    def execute(self, child: _Scope, marks: Mapping[str, Mark]) -> object:
        """Run a child with the marks it had before; it has failed where it gave up and left a field unsettled."""
        self.marks, started = dict(marks), self.given_up
        if said := self.through(child):
            return Skip(said.partition(":")[2])
        own = [mark for mark in self.marks.values() if mark.number > started]
        return Failed(max(own).code) if own else None

    def ask(self, action: _Action, step: Behaviour, attempt: int) -> object:
        inputs: dict[str, Any] = {}
        for name, (read, needed) in action.inputs.items():
            inputs[name] = None if read in self.marks and not needed else self.now.fields[read]
            if needed and inputs[name] in (None, ""):
                return Skip("empty")
        try:
            reply = step.function(inputs, self.rendered(action), Attempt(attempt, step.strategies[:attempt]))
        except Transient as error:
            return error
        except Exception as error:  # noqa: BLE001  # whatever a step raises is an outcome
            return Failed("step_raised", str(error))
        reply = reply.value if isinstance(reply, Answer) else reply
        if not isinstance(reply, Skip | Failed | Moment | Alert):
            self.write(action, reply, attempt)
        return reply

    def rendered(self, action: _Action) -> Options:
        frame, types = self.frame(self.now.fields), self.rules.types
        return {
            name: frame.select(value.expression(types)).item() if isinstance(value, TokenText) else value
            for name, value in action.options.items()
        }

    def write(self, action: _Action, reply: object, attempt: int) -> None:
        values = reply if isinstance(reply, Mapping) else dict.fromkeys(action.results, reply)
        for result, name in action.results.items():
            after = values.get(result, KEEP)
            if after is KEEP:
                continue
            before, after = self.now.fields[name], None if after == "" else after
            self.marks.pop(name, None)
            self.now.fields[name] = after
            if after != before:
                self.now.trail.append((name, before, after, action.path, attempt))

    def blocked(self, scope: _Scope, needs: Fields, writes: Fields) -> str:
        """Block the lead if a field is unsettled: pass its first cause on to the fields that are not written."""
        causes = [self.marks[name] for name in needs if name in self.marks]
        if not causes:
            return ""
        self.unsettle(scope, writes, min(causes))
        return f"blocked:{min(causes).path}"

    def unsettle(self, scope: _Scope, writes: Fields, cause: Mark) -> None:
        for name in () if scope.repair else writes:
            self.marks[name] = cause

    def give_up(self, scope: _Scope, entry: Entry, action: _Action, code: str, marks: Mapping[str, Mark]) -> str:
        on_fail = entry.on_fail or scope.campaign.defaults.on_fail or self.rules.defaults.on_fail
        self.given_up += 1
        if on_fail == "abort":
            raise _Aborted(action.path)
        if on_fail == "continue":
            self.marks = {name: marks[name] for name in self.marks if name in marks}
        elif action.step or code == "until_not_met":
            self.unsettle(scope, action.writes, Mark(self.given_up, action.path, code))
        if on_fail == "stop":
            self.remove(action.path)
        return f"failed:{code}"


@lru_cache(10_000)
def _parsed(written: str) -> Condition:
    return parse_condition(json.loads(written))


def _bound(written: object, tokens: Tokens) -> Condition:
    return bind(_parsed(json.dumps(written)), tokens)


@lru_cache(10_000)
def _compiled(condition: Condition, types: tuple[tuple[str, FieldType], ...], now: datetime) -> pl.Expr:
    return compile_condition(condition, dict(types), now)


def _plain(options: Options) -> Options:
    return {name: str(value) if isinstance(value, TokenText) else value for name, value in options.items()}


def _resolved(value: object, tokens: Tokens) -> object:
    return parse_text(value).resolve(tokens) if isinstance(value, str) else value
