"""Questions about what happened to a lead: how many of its activities are of a type and meet some constraints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2s
from typing import Final

from lustrum.words.activities import is_known, nearest_type
from lustrum.words.conditions.tree import Condition
from lustrum.words.conditions.values import quote

TYPE: Final = "type"
"""The column of a frame of activities that has the canonical name of their type."""

DATE_OF_ACTIVITY: Final = "date_of_activity"
"""The attribute, and the column, that every activity has: its time."""

_OWN: Final = frozenset({"id", "lead", TYPE, "at"})


def attribute_column(name: str) -> str:
    """Name the column of an attribute in a frame of activities: its field name, unless the activity itself has one.

    >>> attribute_column("description"), attribute_column("type")
    ('description', 'attribute:type')
    """
    return f"attribute:{name}" if name in _OWN else name


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Asks whether a lead has at least `low` and at most `high` activities of a type that meet the constraints.

    `type` is a canonical name, see `lustrum.words.activities`; in `where` stand attributes as fields.

    >>> print(ActivityFilter("had interesting moment", low=2))
    count('had interesting moment') >= 2
    """

    type: str
    where: Condition | None = None
    low: int = 1
    high: int | None = None

    def __str__(self) -> str:
        where = f" WHERE {self.where}" if self.where else ""
        return f"count({quote(self.type)}{where}) {self._times}"

    @property
    def column(self) -> str:
        """Name the column that has the number of such activities of each lead: unsigned, null for none."""
        return f"activity:{blake2s(str(self).encode(), digest_size=6).hexdigest()}"

    @property
    def attributes(self) -> frozenset[str]:
        """Name the attributes read, beside the date that every activity has."""
        return (self.where.fields if self.where else frozenset[str]()) - {DATE_OF_ACTIVITY}

    @property
    def _times(self) -> str:
        if self.high is None:
            return f">= {self.low}"
        if self.low in (0, self.high):
            return f"{'<' if self.low < self.high else ''}= {self.high}"
        return f"BETWEEN {self.low} AND {self.high}"


@dataclass(frozen=True, slots=True)
class HadActivity(Condition):
    """Holds for leads with as many such activities; never null."""

    filter: ActivityFilter

    def __str__(self) -> str:
        return str(self.filter)

    @property
    def activities(self) -> frozenset[ActivityFilter]:
        """Give the filter."""
        return frozenset({self.filter})

    @property
    def doubts(self) -> tuple[str, ...]:
        """Give those of the constraints."""
        return self.filter.where.doubts if self.filter.where else ()

    def traps(self, tested: frozenset[str]) -> Iterator[str]:  # noqa: ARG002  # no field decides it
        """Warn of a type that is nearly one of Marketo's."""
        name = self.filter.type
        if not is_known(name) and (near := nearest_type(name)):
            yield f'{quote(name)} is no activity of Marketo; if it is none of yours either, write "{near}"'
