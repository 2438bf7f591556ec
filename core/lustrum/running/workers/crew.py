"""The batches of a run, taken through by workers beside each other and given back in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lustrum.running.batches import Incoming
from lustrum.running.job import Job
from lustrum.running.taking import Taking
from lustrum.running.workers.blame import without_guilty
from lustrum.running.workers.brief import Brief, Lost, Report
from lustrum.running.workers.pool import Pool
from lustrum.running.workers.process import Patience
from lustrum.running.workers.spool import Spool


@dataclass(frozen=True, slots=True)
class _UnderWay:
    number: int
    ticket: int
    height: int


class Crew:
    """Takes batches in and gives them back in order; `is_full` when one more than there are workers is under way."""

    def __init__(self, brief: Brief, size: int, patience: Patience, run_folder: Path) -> None:
        self.spool = Spool.of(run_folder)
        self._size = size
        self._pool = Pool(brief, size, patience, self.spool.folder)
        self._under_way: deque[_UnderWay] = deque()
        self.spool.open()

    @classmethod
    def of(cls, job: Job, taking: Taking, size: int) -> Crew:
        """Give so many workers that take batches of a job through as `taking` would; none is started yet."""
        last, options = taking.incremental.last, job.options
        brief = Brief(
            root=job.journal.root,
            run=job.id,
            start=job.plan.start,
            header=tuple(job.ends.source.header),
            source=job.ends.source.location,
            campaigns=options.campaigns,
            tokens=options.tokens,
            digest=job.plan.digest,
            in_place=job.ends.in_place,
            no_wait=options.no_wait,
            only_quarantined=options.only_quarantined,
            before=last.run if last else None,
            facts=taking.lookup.facts,
            watched=taking.watched,
            pulse=job.journal.folder,
        )
        return cls(brief, size, Patience(*job.settings.limits.seconds), job.journal.folder)

    @property
    def is_full(self) -> bool:
        """Whether a batch must be taken back before another is handed over."""
        return len(self._under_way) > self._size

    @property
    def is_busy(self) -> bool:
        """Whether there is a batch to be taken back."""
        return bool(self._under_way)

    def mishaps(self) -> list[str]:
        """Give how workers ended that should not have, since this was last asked."""
        told, self._pool.mishaps = self._pool.mishaps, []
        return told

    def hand_over(self, number: int, incoming: Incoming) -> None:
        """Have a batch taken through. Raises `Unsplittable`."""
        self.spool.put(number, incoming)
        self._under_way.append(_UnderWay(number, self._pool.order(number), incoming.batch.height))
        self._pool.attend()

    def take_back(self) -> tuple[int, Report]:
        """Wait for the next batch, in their order; its parts are written. Raises `Unsplittable`."""
        first = self._under_way[0]
        ended = self._pool.ended(first.ticket)
        report = without_guilty(self._pool, first.number, first.height) if isinstance(ended, Lost) else ended
        self._under_way.popleft()
        return first.number, report

    def left(self) -> Iterator[tuple[int, Incoming]]:
        """Give the batches back that were handed over and not taken back."""
        for each in self._under_way:
            yield each.number, self.spool.get(each.number)

    def end_work(self) -> None:
        """End the workers; what was handed over stays."""
        self._pool.close()

    def close(self) -> None:
        """End the workers and forget what was handed over; parts that were written stay."""
        self._pool.close()
        self.spool.close()
