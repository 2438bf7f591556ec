"""The order in which a lead meets the paths of a run."""

from __future__ import annotations

from collections.abc import Sequence

from lustrum.planning.campaign_tree import SEPARATOR

Rank = tuple[int, int, int, int]


def is_below(path: str, above: str) -> bool:
    """Say whether a path leads through another one.

    >>> is_below("a > b > c", "a > b"), is_below("a > bc", "a > b"), is_below("a", "a")
    (True, False, False)
    """
    return path.startswith(above + SEPARATOR)


class FlowOrder:
    """Sorts paths: `entries` are those of the plan in its order, `requests` those at which a request was made.

    A campaign stands before its entries; what was requested comes after the root flow, in the order of the requests.
    """

    def __init__(self, entries: Sequence[str], requests: Sequence[str]) -> None:
        self._first: dict[str, int] = {}
        for number, path in enumerate(entries):
            ids = path.split(SEPARATOR)
            for depth in range(1, len(ids) + 1):
                self._first.setdefault(SEPARATOR.join(ids[:depth]), number)
        self._requests = list(dict.fromkeys(requests))

    def rank(self, path: str) -> Rank:
        """Give what to sort a path by."""
        root = path.partition(SEPARATOR)[0]
        return (self._position(root), self._request(path), self._position(path), path.count(SEPARATOR))

    def _position(self, path: str) -> int:
        return self._first.get(path, len(self._first))

    def _request(self, path: str) -> int:
        """Give the place in the queue of the request that a path belongs to: the innermost one, 0 for none."""
        around = [(len(request), number) for number, request in enumerate(self._requests, 1) if is_below(path, request)]
        return max(around, default=(0, 0))[1]
