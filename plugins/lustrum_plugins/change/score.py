"""`change.score`: add to a score, take from it, or set it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from lustrum import Answer, Failed, FieldName, Template, step
from lustrum.contracts.options import OptionValues
from lustrum_plugins.change.amount import Limits, ScoreChange, changed, is_absolute

_LARGEST = 2**63 - 1


def _above_minimum(maximum: int, info: ValidationInfo) -> int:
    minimum = info.data.get("minimum")
    if minimum is not None and maximum < minimum:
        raise ValueError(f"the maximum {maximum} is below the minimum {minimum}")
    return maximum


Maximum = Annotated[int, AfterValidator(_above_minimum)]


def _adds_up(options: OptionValues) -> bool:
    return not is_absolute(options["change"])


@step(
    "change.score",
    reads=lambda options: [options["field"]],
    writes=lambda options: [options["field"]],
    adds_up=_adds_up,
)
def score(
    *values: int | None,
    change: ScoreChange,
    field: FieldName = "score",
    minimum: int | None = None,
    maximum: Maximum | None = None,
    reason: Template | None = None,
) -> Answer[int] | Failed:
    """Add points to a score, take points from it, let it grow or decay, or set it.

    Options:

    * `change`: `+5` adds, `-5` takes away, `=5` and `=-5` set; at most nine digits, no decimals. `-10%` takes a tenth
      of the score away, `+5%` adds a twentieth to it. A share is rounded so that the score comes nearer to 0: with
      `-10%` time after time it ends there, and `+5%` does nothing to a score of less than 20. A token of the campaign
      may stand in its place (`"{{my.points}}"`), so that all points of a model are edited in one place.
    * `field`: the score field, an integer; `score` unless told otherwise.
    * `minimum`, `maximum`: how far the score may fall or rise. A change stops there, and its reason says so. A score
      that is beyond the limit already is not brought back: it stays where it is when the change leads further away,
      and comes back by as much as a change in the other direction says. `=` sets no value beyond them.
    * `reason`: what the points are for, in a few words. Tokens may stand in it.

    Every change carries a reason: `+5`, `+5: visited pricing`, or `+5, limited to 100: visited pricing`.

    An empty score counts as 0, and without a `minimum` a score may fall below 0. All but `=` add up: they happen once
    for a lead and a reason, however often the campaign runs (a token in `reason` makes each value it shows a reason of
    its own), also where a limit left nothing of the points. A score that decays from month to month says
    `repeat: every 30 days` in its entry. `=` writes the same value each time.

    Fails with `out_of_range` where the sum is larger than a 64-bit integer; the score stays as it is.

    >>> score(98, change="+5", maximum=100, reason="visited pricing")
    Answer(value=100, reason='+5, limited to 100: visited pricing', evidence={}, certainty=None)
    >>> score(95, change="-10%").value, score(None, change="-5").value, score(10, change="=-5").value
    (85, -5, -5)
    """
    del field  # the engine reads it into `values` and writes the result there
    before = sum(value or 0 for value in values)
    full = changed(before, change)
    limits = Limits(minimum, maximum)
    after = limits.clip(full) if is_absolute(change) else limits.keep(before, full)
    if abs(after) > _LARGEST:
        return Failed("out_of_range", f"{change} on {before} is larger than an integer field can hold")
    said = change if after == full else f"{change}, limited to {after}"
    words = " ".join((reason or "").split())
    return Answer(after, f"{said}: {words}" if words else said)
