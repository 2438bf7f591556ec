"""Where in a user's files something stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Name a file and, where there is one, the line in it (counted from 1).

    >>> str(Place("campaigns/nightly.yaml", 7))
    'campaigns/nightly.yaml:7'
    >>> str(Place("lustrum.yaml"))
    'lustrum.yaml'
    """

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"
