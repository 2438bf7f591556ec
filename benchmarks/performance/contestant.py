"""Who is measured, and what was measured of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


def nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """One process that is measured: how it is started, over how many leads, and what is made ready before each time.

    A process that prints `{"leads": …, "seconds": …, "cpu": …}` is timed by its own clock, without imports; any other
    as a whole, from its start to its end. `parts` in what it prints are measured each by itself.
    """

    name: str
    group: str
    what: str
    command: Sequence[str]
    leads: int
    prepare: Callable[[], object] = nothing
    missing: str = ""
    """Why it cannot be measured here."""
    counted: Callable[[], int] | None = None
    """How many leads there are, where that is known only when it has been made ready."""
    project: Path | None = None
    """The project it leaves files in, which are measured too."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one process took: seconds on the clock and of the processor, and its largest memory in megabytes."""

    leads: int
    seconds: float
    cpu: float
    peak: float
    parts: Mapping[str, float] = field(default_factory=dict[str, float])
    journal: int = 0
    """Bytes of what the project remembers of its runs."""
    files: int = 0
    """Bytes of the leads and of the files beside them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The samples of a contestant, one a round."""

    contestant: Contestant
    samples: Sequence[Sample]

    @property
    def micros(self) -> list[float]:
        """Microseconds on the clock for a lead, round by round."""
        return [sample.seconds / sample.leads * 1e6 for sample in self.samples]

    @property
    def cpu(self) -> float:
        """Microseconds of the processor for a lead, the median."""
        return median(sample.cpu / sample.leads * 1e6 for sample in self.samples)

    @property
    def peak(self) -> float:
        """The largest memory in megabytes, the median."""
        return median(sample.peak for sample in self.samples)

    def times(self, other: Figures) -> float:
        """Say how many times as long as another this took for a lead: the median over the rounds.

        >>> one, two = (Figures(Contestant(*"nms", (), 1), [Sample(1, each, each, 1)]) for each in (3.0, 1.5))
        >>> one.times(two)
        2.0
        """
        return median(mine / others for mine, others in zip(self.micros, other.micros, strict=True))
