"""Where the time of a run goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


def _standing() -> float:
    return 0.0


class Costs:
    """Seconds by what they were spent on; what is inside another counts for itself. Without a clock time stands still.

    >>> ticks = iter([0.0, 1.0, 3.0, 4.0])
    >>> costs = Costs(lambda: next(ticks))
    >>> with costs.of("nightly"), costs.of("nightly > phone"):
    ...     pass
    >>> dict(costs.seconds)
    {'nightly > phone': 2.0, 'nightly': 2.0}
    """

    def __init__(self, now: Callable[[], float] = _standing) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._now = now
        self._inside = [0.0]

    @contextmanager
    def of(self, what: str) -> Generator[None]:
        """Count the time until the end of the block."""
        start = self._now()
        self._inside.append(0.0)
        try:
            yield
        finally:
            spent = self._now() - start
            self.seconds[what] += spent - self._inside.pop()
            self._inside[-1] += spent

    def of_each(self, what: str, things: Iterable[T]) -> Iterator[T]:
        """Count the time that it takes to get each of the things."""
        waiting = iter(things)
        while True:
            with self.of(what):
                try:
                    thing = next(waiting)
                except StopIteration:
                    return
            yield thing
