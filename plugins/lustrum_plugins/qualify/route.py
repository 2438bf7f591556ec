"""The way of a lead through a lifecycle: from the stage it is in and the conditions that hold to its moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lustrum_plugins.qualify.stages import Arrival, Recycle, Stage, folded


@dataclass(frozen=True, slots=True)
class Move:
    """A lead comes from a stage (None: from outside) into another; the arrivals say what that brings."""

    before: str | None
    after: str
    arrivals: tuple[Arrival, ...]

    def __str__(self) -> str:
        return f"{self.before or '(none)'} → {self.after}: {self.arrivals[0].said}"


class Lifecycle:
    """Stages in their order, and the rules of recycling in the order of their rank.

    Stages are known here by their names as declared. What holds is told as one truth value for each of `stages` and
    then each of `recycle`.
    """

    def __init__(self, stages: Sequence[Stage], recycle: Sequence[Recycle] = ()) -> None:
        self.stages = tuple(stages)
        self.recycle = tuple(recycle)
        self._places = {folded(stage.name): place for place, stage in enumerate(stages)}
        named = [stage.name for stage in stages] + [rule.to for rule in recycle]
        self._names: dict[str, str] = {}
        for name in named:
            self._names.setdefault(folded(name), name)

    @property
    def names(self) -> tuple[str, ...]:
        """All stages, those beside the way last."""
        return tuple(self._names.values())

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """Every stage of the way and every rule."""
        return (*self.stages, *self.recycle)

    def declared(self, name: str) -> str | None:
        """Give a stage's name as declared, None for one that nobody knows."""
        return self._names.get(folded(name))

    def place(self, name: str | None) -> int:
        """Give the place of a stage on the way, -1 for one beside it and for none."""
        return -1 if name is None else self._places.get(folded(name), -1)

    def moves(self, stage: str | None, holds: Sequence[bool]) -> tuple[Move, ...]:
        """Give the moves that a lead in a stage makes now; in the stage it comes to it would make none."""
        active = [rule for rule, held in zip(self.recycle, holds[len(self.stages) :], strict=True) if held]
        if any(self._holds_or_takes(rule, stage) for rule in active):
            return tuple(self._back(stage, active))
        return tuple(self._forward(stage, holds, active))

    def _back(self, stage: str | None, active: Sequence[Recycle]) -> Iterator[Move]:
        """Follow the rules: the first that concerns the stage takes the lead, and one of higher rank may go on."""
        while True:
            rule = next(rule for rule in active if self._holds_or_takes(rule, stage))
            after = self._names[folded(rule.to)]
            if stage == after:
                return
            place = self.place(after)
            yield Move(stage, after, (rule,) if place < 0 else (rule, self.stages[place]))
            stage = after

    def _forward(self, stage: str | None, holds: Sequence[bool], active: Sequence[Recycle]) -> Iterator[Move]:
        """Go to the last stage whose condition holds, through those before it; from beside the way straight there."""
        own = self.place(stage)
        ahead = [
            following
            for place, following in enumerate(self.stages)
            if place > own and holds[place] and not any(self._takes(rule, following.name) for rule in active)
        ]
        for following in ahead if own >= 0 or stage is None else ahead[-1:]:
            yield Move(stage, following.name, (following,))
            stage = following.name

    def _holds_or_takes(self, rule: Recycle, stage: str | None) -> bool:
        return self._is(rule.to, stage) or self._takes(rule, stage)

    def _takes(self, rule: Recycle, stage: str | None) -> bool:
        if self._is(rule.to, stage):
            return False
        if rule.from_ is not None:
            return stage is not None and folded(stage) in {folded(name) for name in rule.from_}
        back = self.place(rule.to)
        return back < 0 or (stage is not None and not 0 <= self.place(stage) < back)

    def _is(self, name: str, stage: str | None) -> bool:
        return stage is not None and folded(name) == folded(stage)
