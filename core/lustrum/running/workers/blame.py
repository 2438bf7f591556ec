"""Finding the leads over which workers end, where no single input can be named: the batch is halved on trial."""

from __future__ import annotations

from dataclasses import replace

from lustrum.running.workers.brief import WORKER_DIED, Lost, Order, Report
from lustrum.running.workers.pool import Pool

_MOST = 64
"""So many leads of a batch are looked for one by one; after that whatever workers end over is guilty as it stands."""


def without_guilty(pool: Pool, number: int, height: int) -> Report:
    """Take a batch through without the leads over which workers end; in pieces, where it is too much as a whole."""
    order = Order(0, number, guilty=_Search(pool, number).guilty(height))
    while order.pieces <= min(_MOST, height):
        answer = pool.at_once(order)
        if isinstance(answer, Report):
            return answer
        order = replace(order, pieces=order.pieces * 2)
    answer = pool.at_once(replace(order, guilty=dict.fromkeys(range(height), WORKER_DIED), pieces=1))
    if isinstance(answer, Lost):
        raise RuntimeError(f"batch {number} cannot be written: a worker {answer.how}")
    return answer


class _Search:
    def __init__(self, pool: Pool, number: int) -> None:
        self._pool = pool
        self._number = number
        self._guilty: dict[int, str] = {}

    def guilty(self, height: int) -> dict[int, str]:
        """Give the guilty leads by row, each with its code."""
        self._halve(0, height)
        return self._guilty

    def _halve(self, start: int, end: int) -> None:
        middle = (start + end) // 2
        for stretch in ((start, middle), (middle, end)):
            if stretch[0] < stretch[1]:
                self._try(*stretch)

    def _try(self, start: int, end: int) -> None:
        lost = self._trial(start, end)
        if lost and end - start == 1:
            lost = self._trial(start, end)  # a lead must not be guilty by chance
        if not lost:
            return
        if end - start == 1 or len(self._guilty) >= _MOST:
            self._guilty |= dict.fromkeys(range(start, end), lost.code)
        else:
            self._halve(start, end)

    def _trial(self, start: int, end: int) -> Lost | None:
        answer = self._pool.at_once(Order(0, self._number, stretch=(start, end)))
        return answer if isinstance(answer, Lost) else None
