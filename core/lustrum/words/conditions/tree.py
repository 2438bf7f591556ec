"""The one tree both spellings of a condition become.

Comparisons are null when they meet an empty value, as in SQL; `IsTrue` makes any condition true or false.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lustrum.words.conditions.errors import Path
from lustrum.words.conditions.values import Value, quote

if TYPE_CHECKING:
    from lustrum.words.conditions.activities import ActivityFilter

DEEPEST: Final = 20
"""How deep brackets may be nested, and how many signs or NOTs may stand before one value."""


class Condition:
    """What may hold for a lead: frozen, hashable; its text is one line and says what will run."""

    __slots__ = ()

    @property
    def parts(self) -> tuple[Condition, ...]:
        """Give the conditions this one joins."""
        return ()

    @property
    def values(self) -> tuple[Value, ...]:
        """Give the values this condition itself looks at."""
        return ()

    @property
    def fields(self) -> frozenset[str]:
        """Name the fields whose value is read; those only asked by `failed()` are not among them."""
        within = (part.fields for part in self.parts)
        return frozenset[str]().union(*within, *(value.fields for value in self.values))

    @property
    def triggers(self) -> frozenset[str]:
        """Name the trigger tokens read, without their namespace; each is a text column, `trigger.name`."""
        within = (part.triggers for part in self.parts)
        return frozenset[str]().union(*within, *(value.triggers for value in self.values))

    @property
    def activities(self) -> frozenset[ActivityFilter]:
        """Give the activity filters asked; of each the compiled condition reads a column of counts."""
        return frozenset["ActivityFilter"]().union(*(part.activities for part in self.parts))

    @property
    def asked(self) -> frozenset[str]:
        """Name the fields asked about by `failed()`."""
        return frozenset[str]().union(*(part.asked for part in self.parts))

    @property
    def may_be_null(self) -> bool:
        """Say whether the condition may be neither true nor false for some lead."""
        return any(item.may_be_null for item in self.parts) or any(value.may_be_empty for value in self.values)

    @property
    def negated(self) -> str:
        """Write the negation as SQL does."""
        return f"NOT {_bracketed(self)}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say what was perhaps not meant, and where SQL's rules leave out leads that the reader may expect."""
        return tuple(dict.fromkeys((*self.doubts, *self.traps(self.tested))))

    @property
    def doubts(self) -> tuple[str, ...]:
        """Say what was perhaps not meant where the values were written."""
        of_parts = (doubt for part in self.parts for doubt in part.doubts)
        return (*of_parts, *(doubt for value in self.values for doubt in value.doubts))

    @property
    def tested(self) -> frozenset[str]:
        """Name the fields of which the condition asks whether they are empty."""
        return frozenset[str]().union(*(part.tested for part in self.parts))

    def traps(self, tested: frozenset[str]) -> Iterator[str]:
        """Warn of negations that are null for an empty field, unless the field is among those `tested`."""
        for part in self.parts:
            yield from part.traps(tested)


@dataclass(frozen=True, slots=True)
class Truth(Condition):
    """Holds for every lead or for none."""

    value: bool

    def __str__(self) -> str:
        return str(self.value).upper()


@dataclass(frozen=True, slots=True)
class And(Condition):
    """Holds when all parts hold."""

    joined: tuple[Condition, ...]

    def __str__(self) -> str:
        return " AND ".join(_bracketed(part) if isinstance(part, Or) else str(part) for part in self.joined)

    @property
    def parts(self) -> tuple[Condition, ...]:
        """Give the parts."""
        return self.joined


@dataclass(frozen=True, slots=True)
class Or(Condition):
    """Holds when any part holds."""

    joined: tuple[Condition, ...]

    def __str__(self) -> str:
        return " OR ".join(_bracketed(part) if isinstance(part, And) else str(part) for part in self.joined)

    @property
    def parts(self) -> tuple[Condition, ...]:
        """Give the parts."""
        return self.joined


@dataclass(frozen=True, slots=True)
class IsTrue(Condition):
    """Holds when its part is true; false, never null, otherwise."""

    part: Condition

    def __str__(self) -> str:
        return f"{_bracketed(self.part)} IS TRUE"

    @property
    def negated(self) -> str:
        """Write the negation."""
        return f"{_bracketed(self.part)} IS NOT TRUE"

    @property
    def parts(self) -> tuple[Condition, ...]:
        """Give the part."""
        return (self.part,)

    @property
    def may_be_null(self) -> bool:
        """Never null."""
        return False


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """Holds when its part is false."""

    part: Condition

    def __str__(self) -> str:
        return self.part.negated

    @property
    def parts(self) -> tuple[Condition, ...]:
        """Give the part."""
        return (self.part,)

    def traps(self, tested: frozenset[str]) -> Iterator[str]:
        """Warn of a negation that is null for an empty field."""
        if self.may_be_null and (open_fields := self.fields - tested):
            yield trap(self, open_fields)
        else:
            yield from self.part.traps(tested)


@dataclass(frozen=True, slots=True)
class Holds(Condition):
    """Holds when a boolean value is true."""

    operand: Value

    def __str__(self) -> str:
        return str(self.operand)

    @property
    def values(self) -> tuple[Value, ...]:
        """Give the value."""
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class HasFailed(Condition):
    """Holds while the field is unsettled for the lead; never null."""

    field: str

    def __str__(self) -> str:
        return f"failed({self.field})"

    @property
    def asked(self) -> frozenset[str]:
        """Name the field."""
        return frozenset({self.field})


@dataclass(frozen=True, slots=True)
class SmartListReference(Condition):
    """Holds for the members of a named smart list; `expand` puts the list's own condition in its place."""

    name: str
    path: Path = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"smart_list({quote(self.name)})"


def trap(condition: Condition, fields: frozenset[str]) -> str:
    """Warn that a condition is null for leads with one of the fields empty."""
    empty, asked = " or ".join(sorted(fields)), " OR ".join(f"{name} IS NULL" for name in sorted(fields))
    return f"{condition} leaves out leads whose {empty} is empty; to take them too, add OR {asked}"


def _bracketed(part: Condition) -> str:
    return str(part) if isinstance(part, Holds | HasFailed | Truth) else f"({part})"
