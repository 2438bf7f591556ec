"""Steps whose worker shows when they are asked, and which are not asked again what a worker has broken over."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import wraps
from hashlib import blake2b
from typing import Any

import polars as pl

from lustrum.contracts.step_at import StepAt
from lustrum.contracts.steps import Step, Vectorised
from lustrum.planning.registry import Registry
from lustrum.running.workers.brief import EVERYTHING, STEP_TIMED_OUT, Asked, Poisons
from lustrum.running.workers.pulse import Pulse
from lustrum.words.outcomes import Failed

_TIMED_OUT = "the step had not answered when its time was over"
_DIED = "the process ended while the step was asked"


@dataclass(slots=True)
class Watch:
    """Where steps show that they are asked; changed by each order."""

    pulse: Pulse
    tracing: bool = False
    poisons: Poisons = field(default_factory=dict[Asked, str])
    _worker: int = field(default_factory=os.getpid)
    _poisoned: frozenset[str] = frozenset()

    def begin(self, tracing: bool, poisons: Poisons) -> None:
        """Begin an order."""
        self.tracing, self.poisons = tracing, poisons
        self._poisoned = frozenset(name for name, _ in poisons)

    def end(self) -> None:
        """Show that a step answered. A copy of the worker that a step has forked and that comes back ends here."""
        if os.getpid() != self._worker:
            os._exit(0)
        self.pulse.end()

    def is_close(self, step: str) -> bool:
        """Say whether every input of a step is to be looked at."""
        return self.tracing or step in self._poisoned

    def refusal(self, step: str, digest: bytes) -> Failed | None:
        """Say how an input fails that the step must not be asked about, and show any other."""
        code = self.poisons.get((step, digest), self.poisons.get((step, EVERYTHING)))
        if code is None:
            self.pulse.trace(digest)
            return None
        return Failed(code, _TIMED_OUT if code == STEP_TIMED_OUT else _DIED)


class WatchedStep(Step[..., object]):
    """A step that is asked as another one is, with its number in the pulse."""

    def __init__(self, step: Step[..., object], number: int, watch: Watch) -> None:
        vars(self).update(vars(step))
        self._number = number
        self._watch = watch
        if step.vectorised is not None:
            self.vectorised = self._watched(step.vectorised)

    def __call__(self, *args: Any, **kwargs: Any) -> object:
        """Ask the step, unless a worker has broken over just that."""
        watch, leads = self._watch, len(args[0]) if self.signature.batch else 1
        if watch.is_close(self.name) and not self.signature.batch:
            refusal = watch.refusal(self.name, _digest(args, kwargs))
            if refusal is not None:
                return refusal
        watch.pulse.begin(self._number, leads)
        try:
            return self.function(*args, **kwargs)
        finally:
            watch.end()

    def _watched(self, vectorised: Vectorised) -> Vectorised:
        @wraps(vectorised)
        def watched(inputs: pl.DataFrame, **options: Any) -> pl.DataFrame:
            if self._watch.is_close(self.name):
                return pl.DataFrame({"_claimed": pl.repeat(False, inputs.height, eager=True)})
            self._watch.pulse.begin(self._number, inputs.height)
            try:
                return vectorised(inputs, **options)
            finally:
                self._watch.end()

        return watched


@dataclass(frozen=True, slots=True)
class WatchedAt(StepAt):
    """A step that is imported when a campaign uses it, and watched from then on."""

    number: int
    watch: Watch

    def load(self) -> Step:
        """Import the step. Raises as `StepAt.load` does."""
        return WatchedStep(StepAt.load(self), self.number, self.watch)


def _digest(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    return blake2b(repr((args, sorted(kwargs.items()))).encode(errors="replace"), digest_size=16).digest()


def watched(registry: Registry, watch: Watch) -> Registry:
    """Give a registry whose steps are watched; their numbers are those of `registry.plugins`, all steps in order."""
    numbers = iter(range(sum(len(plugin.steps) for plugin in registry.plugins)))
    return Registry(
        [
            replace(plugin, steps=tuple(_watched(each, next(numbers), watch) for each in plugin.steps))
            for plugin in registry.plugins
        ]
    )


def _watched(step: Step | StepAt, number: int, watch: Watch) -> Step | StepAt:
    if isinstance(step, StepAt):
        return WatchedAt(step.name, step.where, number, watch)
    return WatchedStep(step, number, watch)


def step_names(registry: Registry) -> tuple[str, ...]:
    """Name the steps of a registry, by their numbers."""
    return tuple(step.name for plugin in registry.plugins for step in plugin.steps)
