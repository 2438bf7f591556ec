"""The rules of campaigns told a second time, slowly: one lead, one entry at a time, no batches and no plan.

It is the judge of the engine in property tests, and takes campaigns known to be valid.
Left out: waits beyond `hold` and until a date, providers that are down, triggers, activities, decisions, missing keys.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, cast

import polars as pl

from lustrum.files.flow import Retry
from lustrum.testing.reference_words import (
    NOTHING,
    Action,
    At,
    Fields,
    Happened,
    Key,
    Mark,
    Options,
    Rules,
    Scope,
    Try,
    joined,
)
from lustrum.words.conditions import compile_condition, failed_column
from lustrum.words.durations import DurationError, parse_duration, parse_waits
from lustrum.words.errors import Transient
from lustrum.words.outcomes import KEEP, Alert, Answer, Attempt, Failed, Moment, Skip
from lustrum.words.tokens import parse_text

_KINDS: Mapping[type, str] = {Moment: "moment", Alert: "alert"}
_REPAIRS = 10


def interpret(rules: Rules, lead: Mapping[str, Any], history: Mapping[Key, datetime]) -> Happened:
    """Say what the campaigns do to one lead."""
    way = _Way(dict(lead), dict(history), rules=rules, history=history)
    try:
        for name in rules.run:
            way.requests.append(("", rules.scope(name, name)))
            while way.requests:
                way.enter(*way.requests.popleft())
    except _Aborted as aborted:
        way.aborted = str(aborted)
    left = [path for path, name in way.left if name in way.marks]
    kept = {path for path in way.taken if any(each.startswith(f"{path} > ") for each in left)}
    way.done |= {(name,): rules.start for path, name in way.taken.items() if path not in kept}
    return way


class _Aborted(Exception):
    pass


@dataclass(slots=True, kw_only=True)
class _Way(Happened):
    """One lead on its way."""

    rules: Rules
    history: Mapping[Key, datetime]
    taken: dict[str, str] = field(default_factory=dict[str, str])
    requests: deque[tuple[str, Scope]] = field(default_factory=deque[tuple[str, Scope]])
    left: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    given_up: int = 0
    out: bool = False

    def enter(self, path: str, scope: Scope) -> None:
        """Run a root, a request or a repair: who is removed there is removed there only."""
        before, self.out = self.out, False
        writes = joined(map(self.rules.own, scope.entries()))
        said = self.blocked(scope, scope.path, scope.needs(scope.campaign.smart_list), writes) or self.through(scope)
        self.outcomes |= {path: said} if said and path else {}
        self.out = before

    def through(self, scope: Scope) -> str:
        name = scope.campaign.campaign
        if not self.holds(scope, scope.campaign.smart_list):
            return "skipped:not_qualified"
        elsewhere = any(name == other and path != scope.path for path, other in self.taken.items())
        last = self.rules.start if elsewhere else self.history.get((name,))
        if not self.free(scope.campaign.qualification, last):
            return "skipped:already_qualified"
        self.taken[scope.path] = name
        for at in scope.entries():
            if not self.out:
                self.outcomes[at.path] = self.entry(at)
        return ""

    def free(self, rule: str, last: datetime | None) -> bool:
        if last is None or rule in ("every time", "always"):
            return True
        span = rule.rpartition("every ")[2].rpartition("per ")[2]
        return span != "once" and self.rules.start - last >= parse_duration(span)

    def frame(self, empty: Iterable[str] = ()) -> pl.DataFrame:
        types, cells = self.rules.types, {**self.fields, **dict.fromkeys(empty)}
        values = [pl.Series(name, [cells[name]], dtype=kind.dtype) for name, kind in types.items()]
        return pl.DataFrame([*values, *(pl.Series(failed_column(name), [name in self.marks]) for name in types)])

    def holds(self, scope: Scope, written: object) -> bool:
        if written is None:
            return True
        asked = compile_condition(scope.condition(written), self.rules.types, self.rules.start)
        return self.frame(self.marks if scope.repair else ()).select(asked).item() is True

    def entry(self, at: At) -> str:
        writes = self.rules.own(at)
        asked = at.scope.asks(at.entry.when)
        if said := self.blocked(at.scope, at.path, at.scope.needs(at.entry.when), writes):
            return said
        if not self.holds(at.scope, at.entry.when):
            return "skipped:when"
        for number, (when, chosen) in enumerate(at.choices(), 1):
            if said := self.blocked(at.scope, at.path, at.scope.needs(when) - asked, writes):
                return said
            if self.holds(at.scope, when):
                self.chosen |= {at.path: number} if at.entry.choices else {}
                asked |= at.scope.asks(when)
                return self.act(at, self.rules.action(at, chosen), asked) if chosen else "skipped:nothing"
        return "skipped:no_choice"

    def act(self, at: At, action: Action, asked: Fields) -> str:
        others = [other for other in at.scope.entries() if other.path.rpartition(" > ")[2] in at.entry.needs]
        needs = action.needs | joined(map(self.rules.own, others))
        if said := self.blocked(at.scope, at.path, needs - asked, action.own):
            return said
        rule = at.entry.repeat or "once"
        read = NOTHING if "per" in rule else at.reads() | action.shown
        cells = ((name, self.fields[name]) for name in sorted(read - action.writes))
        key = (self.fields[self.rules.key], at.path, *cells)
        if action.adds_up and not self.free(rule, self.done.get(key)):
            return "skipped:already_done"
        outcome, effect = self.do(at, action)
        if action.adds_up and effect is not None:
            name = action.step.name if action.step else at.entry.verb
            self.effects.append((_KINDS.get(type(effect), name), key, effect))
            self.done[key] = self.rules.start
        return outcome

    def do(self, at: At, action: Action) -> tuple[str, object]:
        """Give the outcome, and what was said where it adds up."""
        if at.entry.wait:
            return self.wait(self.rendered(action)["wait"])
        if action.step or at.entry.execute:
            return self.loop(at, action)
        if action.other is None:
            return self.remove(at.path), None
        self.requests.append((at.path, action.other))
        return "unchanged", action.other.campaign.campaign

    def wait(self, text: str) -> tuple[str, object]:
        try:
            long = parse_duration(text or "0s") > timedelta(seconds=30)
        except DurationError:
            return "failed:no_date", None
        if long:
            raise NotImplementedError("leads are not parked here")
        return ("unchanged", text) if text else ("skipped:empty", None)

    def remove(self, path: str) -> str:
        self.removed.append(path)
        self.out = True
        return "unchanged"

    def loop(self, at: At, action: Action) -> tuple[str, object]:
        """Ask until the lead is no longer open or nothing is left to try."""
        retry, before, unsettled = self.rules.retry(at), dict(self.fields), dict(self.marks)
        strategies = max(1, len(action.step.strategies)) if action.step else retry.attempts or 1
        most, marks, said, gone = min(retry.attempts or strategies, strategies), dict(unsettled), None, False
        attempt, transients, repairs, waited = 1, 0, 0, timedelta()
        for tries in count(1):
            reply = self.ask(at, action, (attempt, tries), marks)
            code = reply.code if isinstance(reply, Failed | Transient) else ""
            said = reply if action.adds_up and not isinstance(reply, Failed | Transient | Skip) else said
            gone = gone or (action.step is None and not isinstance(reply, Skip))
            met = not code and (self.out or retry.until is None)
            met = met or (retry.until is not None and self.holds(at.scope, retry.until))
            wait: timedelta | None = None if met or self.out or said is not None else timedelta()
            asked, again = attempt, wait is not None and code != "step_raised" and (not retry.on or code in retry.on)
            if again and isinstance(reply, Transient):
                wait, transients = _patience(retry, transients + 1, waited, reply), transients + 1
                again, waited = wait is not None, waited + (wait or timedelta())
            elif again and attempt < most:
                attempt += 1
            elif again:
                again, repairs = repairs < _REPAIRS and self.repaired(at, action, retry, marks), repairs + 1
            if not met or code not in ("", "until_not_met"):
                seconds = wait.total_seconds() if wait is not None and again else None
                self.tries.append(Try(at.path, asked, tries, code or "until_not_met", seconds))
            if met:
                return self.outcome(action, before, None if gone else reply), said
            if not again:
                return self.give_up(at, action, reply, unsettled), said
        raise AssertionError

    def outcome(self, action: Action, before: Options, reply: object) -> str:
        if isinstance(reply, Skip):
            return f"skipped:{reply.reason}"
        return "changed" if any(self.fields[name] != before[name] for name in action.writes) else "unchanged"

    def repaired(self, at: At, action: Action, retry: Retry, marks: dict[str, Mark]) -> bool:
        """Run the repair, and say whether it changed or settled a field the entry or its goal reads."""
        if not retry.repair:
            return False
        before, unsettled = dict(self.fields), set(self.marks)
        self.enter("", self.rules.scope(retry.repair, f"{at.path} > {retry.repair}", repair=True))
        settled = unsettled - set(self.marks)
        for name in settled & set(marks):
            del marks[name]
        read = action.reads | at.scope.reads(retry.until) | at.scope.asks(retry.until)
        return any(self.fields[name] != before[name] or name in settled for name in read)

    def ask(self, at: At, action: Action, number: tuple[int, int], marks: Mapping[str, Mark]) -> object:
        if action.step is None:
            return self.execute(action.other or at.scope, marks)
        inputs: dict[str, Any] = {}
        for name, (read, needed) in action.inputs.items():
            inputs[name] = None if read in self.marks and not needed else self.fields[read]
            if needed and inputs[name] in (None, ""):
                return Skip("empty")
        tried = Attempt(number[0], action.step.strategies[: number[0]])
        try:
            reply = action.step.function(inputs, self.rendered(action), tried)
        except Transient as error:
            return error
        except Exception as error:  # noqa: BLE001  # whatever a step raises is an outcome
            return Failed("step_raised", str(error))
        if not isinstance(reply, Failed | Skip | Moment | Alert):
            self.write(at, action, reply, number[1])
        return reply

    def execute(self, child: Scope, marks: Mapping[str, Mark]) -> object:
        """Run a child with the marks it had before; it has failed where it gave up and left a field unsettled."""
        self.marks, started = dict(marks), self.given_up
        if said := self.through(child):
            return Skip(said.partition(":")[2])
        own = [mark for mark in self.marks.values() if mark.number > started]
        return Failed(max(own).code) if own else None

    def rendered(self, action: Action) -> Options:
        def text(option: str) -> str:
            return str(self.frame().select(parse_text(option).expression(self.rules.types)).item())

        return {name: text(each) if isinstance(each, str) else each for name, each in action.options.items()}

    def write(self, at: At, action: Action, reply: object, tries: int) -> None:
        answer: Any = cast("Answer[object]", reply).value if isinstance(reply, Answer) else reply
        several = isinstance(answer, Mapping)
        values = cast("Mapping[str, object]", answer) if several else dict.fromkeys(action.results, answer)
        for name, after in ((name, values.get(result, KEEP)) for result, name in action.results.items()):
            if after is not KEEP:
                before, self.fields[name] = self.fields[name], None if after == "" else after
                self.marks.pop(name, None)
                if self.fields[name] != before:
                    self.trail.append((name, before, self.fields[name], at.path, tries))

    def blocked(self, scope: Scope, path: str, needs: Fields, writes: Fields) -> str:
        """Block the lead if a field is unsettled: pass the first cause on to the fields that are not written."""
        causes = [self.marks[name] for name in needs - writes if name in self.marks]
        if not causes:
            return ""
        if not scope.repair:
            self.left |= {(path, name) for name in writes}
            self.marks = dict.fromkeys(writes, min(causes)) | self.marks
        return f"blocked:{min(causes).path}"

    def give_up(self, at: At, action: Action, reply: object, before: Mapping[str, Mark]) -> str:
        on_fail = at.entry.on_fail or at.scope.campaign.defaults.on_fail or self.rules.defaults.on_fail
        code = reply.code if isinstance(reply, Failed | Transient) else ""
        cause = Mark(self.given_up + 1, at.path, code or "until_not_met")
        self.given_up = cause.number
        if on_fail == "abort" and not at.scope.repair:
            raise _Aborted(at.path)
        wrote = action.writes if not at.scope.repair and (action.step or not code) else NOTHING
        self.left |= {(at.path, name) for name in wrote}
        self.marks |= dict.fromkeys(wrote, cause)
        if on_fail == "continue":
            self.marks = {name: before[name] for name in self.marks if name in before}
        if on_fail == "stop":
            self.remove(at.path)
        return f"failed:{cause.code}"


def _patience(retry: Retry, transients: int, waited: timedelta, reply: Transient) -> timedelta | None:
    """Give the wait after the so many-eth transient failure, None where the budget is spent."""
    wait = max(parse_waits(retry.transient.wait).of(transients), timedelta(seconds=reply.retry_after or 0))
    late = waited + wait > parse_duration(retry.transient.deadline or "1000 years")
    return None if late or transients >= retry.transient.attempts else wait
