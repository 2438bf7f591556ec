"""The leaves of a condition that compare values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lustrum.words.conditions.tree import Condition, trap
from lustrum.words.conditions.values import Value

Comparison = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Compare(Condition):
    """A comparison of two values. With `nocase` text compares ignoring case, and has no order."""

    operator: Comparison
    left: Value
    right: Value
    nocase: bool = False

    def __str__(self) -> str:
        shown = self.nocase and self.operator in ("=", "<>")
        return f"{_collated(self.left, shown)} {self.operator} {self.right}"

    @property
    def values(self) -> tuple[Value, ...]:
        """Give both sides."""
        return (self.left, self.right)

    def traps(self, tested: frozenset[str]) -> Iterator[str]:
        """Warn of `<>`, which is null for an empty field."""
        if self.operator == "<>" and self.may_be_null and (open_fields := self.fields - tested):
            yield trap(self, open_fields)


@dataclass(frozen=True, slots=True)
class Same(Condition):
    """Holds when two values are equal or both empty: `IS NOT DISTINCT FROM`, never null."""

    left: Value
    right: Value

    def __str__(self) -> str:
        return f"{self.left} IS NOT DISTINCT FROM {self.right}"

    @property
    def negated(self) -> str:
        """Write the negation."""
        return f"{self.left} IS DISTINCT FROM {self.right}"

    @property
    def values(self) -> tuple[Value, ...]:
        """Give both sides."""
        return (self.left, self.right)

    @property
    def may_be_null(self) -> bool:
        """Never null."""
        return False


@dataclass(frozen=True, slots=True)
class IsEmpty(Condition):
    """Holds when the value is null or the empty text; never null."""

    operand: Value

    def __str__(self) -> str:
        return f"{self.operand} IS NULL"

    @property
    def negated(self) -> str:
        """Write the negation."""
        return f"{self.operand} IS NOT NULL"

    @property
    def values(self) -> tuple[Value, ...]:
        """Give the value."""
        return (self.operand,)

    @property
    def may_be_null(self) -> bool:
        """Never null."""
        return False

    @property
    def tested(self) -> frozenset[str]:
        """Name the fields of the value."""
        return self.operand.fields


@dataclass(frozen=True, slots=True)
class In(Condition):
    """Holds when the operand equals one of the choices."""

    operand: Value
    choices: tuple[Value, ...]
    nocase: bool = False

    def __str__(self) -> str:
        return f"{_collated(self.operand, self.nocase)} IN ({', '.join(map(str, self.choices))})"

    @property
    def values(self) -> tuple[Value, ...]:
        """Give the operand and the choices."""
        return (self.operand, *self.choices)


@dataclass(frozen=True, slots=True)
class Between(Condition):
    """Holds from `low` to `high`, both included. With `nocase` text is refused: it has no order."""

    operand: Value
    low: Value
    high: Value
    nocase: bool = False

    def __str__(self) -> str:
        return f"{self.operand} BETWEEN {self.low} AND {self.high}"

    @property
    def values(self) -> tuple[Value, ...]:
        """Give the operand and both limits."""
        return (self.operand, self.low, self.high)


def _collated(value: Value, nocase: bool) -> str:
    return f"{value} COLLATE NOCASE" if nocase else str(value)
