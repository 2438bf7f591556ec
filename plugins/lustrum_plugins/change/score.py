"""`change.score`: add to a score, take from it, or set it."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from lustrum import Failed, FieldName, step
from lustrum.contracts.options import OptionValues

_CHANGE = re.compile(r"([+-]|=-?)[0-9]{1,9}")
_LARGEST = 2**63 - 1


def _is_change(change: str) -> str:
    written = change.strip()
    if not _CHANGE.fullmatch(written):
        raise ValueError(f'"{change}" is no change of a score; write +5 to add, -5 to take away, =5 or =-5 to set')
    return written


ScoreChange = Annotated[str, AfterValidator(_is_change), Field(examples=["+5", "-5", "=5", "=-5"])]


def _adds_up(options: OptionValues) -> bool:
    return not options["change"].startswith("=")


@step(
    "change.score",
    reads=lambda options: [options["field"]],
    writes=lambda options: [options["field"]],
    adds_up=_adds_up,
)
def score(*values: int | None, change: ScoreChange, field: FieldName = "score") -> int | Failed:
    """Add points to a score, take points from it, or set it.

    Options:

    * `change`: `+5` adds, `-5` takes away, `=5` and `=-5` set. At most nine digits, no decimals. A token of the
      campaign may stand in its place (`"{{my.points}}"`), so that all points of a model are edited in one place.
    * `field`: the score field, an integer; `score` unless told otherwise.

    An empty score counts as 0, and a score may fall below 0. `+` and `-` add up: they happen once for a lead and a
    reason, however often the campaign runs; `=` writes the same value each time.

    Fails with `out_of_range` where the sum is larger than a 64-bit integer; the score stays as it is.

    >>> score(10, change="+5"), score(None, change="-5"), score(10, change="=-5")
    (15, -5, -5)
    """
    del field  # the engine reads it into `values` and writes the result there
    if change.startswith("="):
        return int(change[1:])
    total = sum(value or 0 for value in values) + int(change)
    if abs(total) > _LARGEST:
        return Failed("out_of_range", f"{change} on {values[0]} is larger than an integer field can hold")
    return total
