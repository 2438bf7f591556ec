"""What providers claim about a lead's fields, and which of it is written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lustrum import KEEP, Answer, Keep, Skip

Overwrite = Literal["always", "empty", "less_certain"]
Cells = Mapping[str, object]
"""The fields a step has read, by name."""
Written = Mapping[str, str | Keep | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a field should hold, who says so (`companies.csv:7`), and how certain that is, from 0 to 1."""

    value: str
    source: str
    certainty: float = 1.0


Claims = Mapping[str, Claim]


@dataclass(frozen=True, slots=True)
class Filling:
    """Which of the fields in `take` may be written.

    A filled field of `protect` never is. `certainties` names, by field, the field that holds how certain its value
    is; what is filled and has none is certain.
    """

    take: Sequence[str]
    overwrite: Overwrite = "always"
    protect: frozenset[str] = frozenset()
    certainties: Mapping[str, str] = field(default_factory=dict[str, str])

    def reads(self) -> list[str]:
        """Name the fields whose present value counts.

        >>> Filling(("industry", "city"), protect=frozenset({"city"})).reads()
        ['city']
        """
        counted = [name for name in self.take if self.overwrite != "always" or name in self.protect]
        held = [self.certainties[name] for name in self.take if name in self.certainties]
        return counted + (held if self.overwrite == "less_certain" else [])

    def writes(self) -> list[str]:
        """Name the fields that may be written."""
        return list(dict.fromkeys([*self.take, *self.certainties.values()]))

    def open_fields(self, cells: Cells, enough: float = 1.0) -> list[str]:
        """Name the fields that may be written, in which a value of certainty `enough` is not yet.

        >>> Filling(("industry", "city"), "empty").open_fields({"industry": "Energy", "city": None})
        ['city']
        """
        return [name for name in self.take if self._is_open(name, cells, enough)]

    def write(self, claims: Claims, cells: Cells) -> Answer[Written] | Skip:
        """Write what is claimed of the open fields; skip with `less_certain` where what is there is as certain."""
        may = self.open_fields(cells)
        chosen = {name: claims[name] for name in may if name in claims and self._is_better(claims[name], name, cells)}
        if not chosen and any(name in claims for name in may):
            return Skip("less_certain")
        written: dict[str, str | Keep | None] = dict.fromkeys(self.writes(), KEEP)
        for name, claim in chosen.items():
            written[name] = claim.value
            if name in self.certainties:
                written[self.certainties[name]] = f"{round(claim.certainty, 4):g}"
        least = min((claim.certainty for claim in chosen.values()), default=None)
        return Answer(written, reason=_reason(chosen), certainty=least)

    def _is_open(self, name: str, cells: Cells, enough: float) -> bool:
        if not _is_filled(cells.get(name)):
            return True
        if name in self.protect or self.overwrite == "empty":
            return False
        return self.overwrite == "always" or self._certainty(name, cells) < enough

    def _is_better(self, claim: Claim, name: str, cells: Cells) -> bool:
        weighed = self.overwrite == "less_certain" and _is_filled(cells.get(name))
        return not weighed or claim.certainty > self._certainty(name, cells)

    def _certainty(self, name: str, cells: Cells) -> float:
        held = cells.get(self.certainties.get(name, ""))
        try:
            weight = float(str(held)) if _is_filled(held) else 1.0
        except ValueError:
            return 1.0
        return weight if math.isfinite(weight) else 1.0


def _is_filled(cell: object) -> bool:
    return cell is not None and cell != ""


def _reason(chosen: Claims) -> str:
    """Say where the values come from: once where that is one place, else field by field."""
    sources = dict.fromkeys(claim.source for claim in chosen.values())
    if len(sources) <= 1:
        return next(iter(sources), "")
    return ", ".join(f"{source} ({_fields(chosen, source)})" for source in sources)


def _fields(chosen: Claims, source: str) -> str:
    return ", ".join(name for name, claim in chosen.items() if claim.source == source)


def best(claims: Iterable[Claims]) -> Claims:
    """Take the most certain claim for each field; among equals the first.

    >>> one, two = {"city": Claim("Rome", "a", 0.6)}, {"city": Claim("Roma", "b", 0.9)}
    >>> best([one, two])["city"].value
    'Roma'
    """
    found: dict[str, Claim] = {}
    for each in claims:
        for name, claim in each.items():
            if name not in found or claim.certainty > found[name].certainty:
                found[name] = claim
    return found
