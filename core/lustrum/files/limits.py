"""Limits: how much of something may be, as a share or a count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Self

from pydantic import PlainSerializer, PlainValidator

from lustrum.files.validation import wrong

_LIMIT = re.compile(r"(?P<sign>[+-]?)(?P<number>\d+(?:\.\d+)?)\s*(?P<percent>%?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limit:
    """A share (`5%`) or a count (`12`); a negative one (`-20%`) limits how far something may fall.

    `amount` is the share as a fraction of 1, or the count; it is never negative, `falling` says the direction.
    """

    amount: Fraction
    share: bool = False
    falling: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a limit. Raises `ValueError` where the text is none.

        >>> Limit.parse("5%").exceeded(6, of=100), Limit.parse("12").exceeded(12, of=100)
        (True, False)
        >>> Limit.parse("-20%").exceeded(-21, of=100), Limit.parse("-20%").exceeded(50, of=100)
        (True, False)
        """
        found = _LIMIT.fullmatch(text.strip())
        if not found or (not found["percent"] and "." in found["number"]):
            raise ValueError(f'"{text}" is no limit: write a share such as 5% or a count such as 12')
        share = bool(found["percent"])
        amount = Fraction(found["number"]) / (100 if share else 1)
        return cls(amount, share, falling=found["sign"] == "-")

    def exceeded(self, amount: int, *, of: int) -> bool:
        """Say whether an amount, out of a whole, is more than the limit allows (of a fall: further down)."""
        bound = self.amount * of if self.share else self.amount
        return (-amount if self.falling else amount) > bound

    def __str__(self) -> str:
        number = self.amount * 100 if self.share else self.amount
        whole = number.denominator == 1
        return f"{'-' * self.falling}{number if whole else float(number)}{'%' * self.share}"


def _limit(value: object) -> Limit:
    if isinstance(value, Limit):
        return value
    if not isinstance(value, str):
        raise wrong("must be a share such as 5% or a count such as 12", subject=True)
    try:
        return Limit.parse(value)
    except ValueError as error:
        raise wrong(f'"{value}" is no limit', "write a share such as 5% or a count such as 12") from error


def _rising(value: object) -> Limit:
    limit = _limit(value)
    if limit.falling:
        raise wrong(f'the limit "{value}" cannot be negative', "remove the minus sign")
    return limit


_SCHEMA = str | int
_TEXT = PlainSerializer(str, return_type=str)

AnyLimit = Annotated[Limit, PlainValidator(_limit, json_schema_input_type=_SCHEMA), _TEXT]
"""A limit in a file, upwards or (with a minus sign) downwards."""

UpperLimit = Annotated[Limit, PlainValidator(_rising, json_schema_input_type=_SCHEMA), _TEXT]
"""A limit in a file, upwards only."""
