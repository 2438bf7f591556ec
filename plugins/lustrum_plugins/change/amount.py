"""How a score is changed: by points, by a share of itself, or to a value; and how far a change may take it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

_CHANGE = re.compile(r"(?P<sign>[+-]|=-?)(?P<number>[0-9]{1,9})(?P<percent>%?)")
_MOST_PERCENT = 999


def _is_change(change: str) -> str:
    written = change.strip()
    found = _CHANGE.fullmatch(written)
    if not found or (found["percent"] and "=" in found["sign"]):
        raise ValueError(
            f'"{change}" is no change of a score; write +5 to add, -5 to take away, =5 or =-5 to set, '
            "-10% or +5% for a share of the score"
        )
    most = 100 if found["sign"] == "-" else _MOST_PERCENT
    if found["percent"] and int(found["number"]) > most:
        raise ValueError(f'"{change}" is more than the {most}% a score can change by')
    return written


ScoreChange = Annotated[str, AfterValidator(_is_change), Field(examples=["+5", "-5", "=5", "=-5", "-10%", "+5%"])]


def is_absolute(change: str) -> bool:
    """Say whether a change sets the score, whatever it was.

    >>> is_absolute("=5"), is_absolute("+5")
    (True, False)
    """
    return change.startswith("=")


def changed(score: int, change: str) -> int:
    """Apply a change to a score. A share is rounded so that the score comes nearer to 0.

    >>> changed(95, "-10%"), changed(1, "-10%"), changed(-50, "+5%")
    (85, 0, -52)
    """
    if is_absolute(change):
        return int(change[1:])
    if not change.endswith("%"):
        return score + int(change)
    size = abs(score) * (100 + int(change[:-1])) // 100
    return size if score >= 0 else -size


@dataclass(frozen=True, slots=True)
class Limits:
    """How far changes may take a score."""

    minimum: int | None = None
    maximum: int | None = None

    def keep(self, before: int, after: int) -> int:
        """Stop a change at the limit it runs into; a score that was beyond it stays where it was.

        >>> Limits(maximum=100).keep(98, 103), Limits(maximum=100).keep(120, 125), Limits(maximum=100).keep(120, 115)
        (100, 120, 115)
        """
        if after > before and self.maximum is not None:
            return min(after, max(before, self.maximum))
        if after < before and self.minimum is not None:
            return max(after, min(before, self.minimum))
        return after

    def clip(self, value: int) -> int:
        """Give the value, or the limit it is beyond.

        >>> Limits(0, 100).clip(150), Limits(0).clip(150)
        (100, 150)
        """
        lifted = value if self.minimum is None else max(value, self.minimum)
        return lifted if self.maximum is None else min(lifted, self.maximum)
