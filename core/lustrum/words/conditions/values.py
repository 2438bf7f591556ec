"""The values a condition compares: fields, constants, the run's start, functions, texts with tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.fields import FieldType
from lustrum.words.tokens import Token, TokenError, TokenText, parse_text

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_UNITS: Final = {"DAY": timedelta(days=1), "HOUR": timedelta(hours=1), "MINUTE": timedelta(minutes=1)}


class Value:
    """Anything that can stand on a side of a comparison."""

    __slots__ = ()

    @property
    def operands(self) -> tuple[Value, ...]:
        """Give the values this one is made of."""
        return ()

    @property
    def fields(self) -> frozenset[str]:
        """Name the fields read."""
        return frozenset[str]().union(*(operand.fields for operand in self.operands))

    @property
    def triggers(self) -> frozenset[str]:
        """Name the trigger tokens read."""
        return frozenset[str]().union(*(operand.triggers for operand in self.operands))

    @property
    def may_be_empty(self) -> bool:
        """Say whether the value may be null."""
        return any(operand.may_be_empty for operand in self.operands)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Say what was perhaps not meant where the value was written."""
        return tuple(doubt for operand in self.operands for doubt in operand.doubts)

    @property
    def where(self) -> Path:
        """Say where in the structured form the value stands, as far as known."""
        return next((operand.where for operand in self.operands if operand.where), ())


@dataclass(frozen=True, slots=True)
class Field(Value):
    """A field of the lead; empty text counts as null.

    `hint` is what to say if there is no such field, `doubt` what was perhaps not meant in what is asked of it.
    """

    name: str
    path: Path = field(default=(), compare=False)
    hint: str = field(default="", compare=False)
    doubt: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.name

    @property
    def doubts(self) -> tuple[str, ...]:
        """Give the doubt."""
        return (self.doubt,) if self.doubt else ()

    @property
    def where(self) -> Path:
        """Give the path."""
        return self.path

    @property
    def fields(self) -> frozenset[str]:
        """Name the field."""
        return frozenset({self.name})

    @property
    def may_be_empty(self) -> bool:
        """Any field may be empty."""
        return True


@dataclass(frozen=True, slots=True)
class Constant(Value):
    """A fixed value as its text; one without a type takes that of what it is compared with."""

    text: str
    type: FieldType | None = None

    def __str__(self) -> str:
        match self.type:
            case FieldType.TEXT:
                return quote(self.text)
            case FieldType.DATE:
                return f"DATE {quote(self.text)}"
            case FieldType.DATETIME:
                return f"TIMESTAMP {quote(self.text)}"
            case None:
                return self.text if _NUMBER.fullmatch(self.text) else quote(self.text)
            case _:
                return self.text.upper()

    @property
    def is_empty(self) -> bool:
        """Say whether this is the empty text, which to conditions is no value."""
        return not self.text and self.type in (None, FieldType.TEXT)


EMPTY: Final = Constant("", FieldType.TEXT)
"""NULL and the empty text, which are one thing to conditions."""


@dataclass(frozen=True, slots=True)
class Now(Value):
    """The run's start, shifted by `offset`."""

    offset: timedelta = timedelta()

    def __str__(self) -> str:
        if not self.offset:
            return "now()"
        length = abs(self.offset)
        fitting = ((unit, length // size) for unit, size in _UNITS.items() if not length % size)
        unit, number = next(fitting, ("SECOND", length.total_seconds()))
        return f"now() {'-' if self.offset < timedelta() else '+'} INTERVAL {number:.15g} {unit}"


@dataclass(frozen=True, slots=True)
class Call(Value):
    """A function of values: LOWER, UPPER, TRIM, LENGTH or COALESCE."""

    function: str
    arguments: tuple[Value, ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"

    @property
    def operands(self) -> tuple[Value, ...]:
        """Give the arguments."""
        return self.arguments

    @property
    def may_be_empty(self) -> bool:
        """COALESCE is empty only if each argument may be."""
        judged = all if self.function == "COALESCE" else any
        return judged(argument.may_be_empty for argument in self.arguments)


@dataclass(frozen=True, slots=True)
class Template(Value):
    """A text whose tokens are not all resolved, or that shows fields of the lead among other text."""

    text: TokenText
    path: Path = field(default=(), compare=False)

    def __str__(self) -> str:
        return quote(str(self.text))

    @property
    def where(self) -> Path:
        """Give the path."""
        return self.path

    @property
    def fields(self) -> frozenset[str]:
        """Name the fields the text shows."""
        return frozenset(self.text.lead_fields)

    @property
    def triggers(self) -> frozenset[str]:
        """Name the trigger tokens the text shows."""
        return frozenset(self.text.trigger_fields)

    @property
    def is_one_token(self) -> bool:
        """Say whether this is a token and nothing else: it is read as the type of what it is compared with."""
        return len(self.text.parts) == 1

    @property
    def may_be_empty(self) -> bool:
        """A text that shows nothing else than empty fields is empty."""
        return True


def quote(text: str) -> str:
    """Write a text as SQL does.

    >>> quote("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def read_tokens(text: str, path: Path = ()) -> TokenText:
    """Find the tokens in a value's text; bad ones raise `ConditionError`."""
    try:
        return parse_text(text)
    except TokenError as error:
        raise ConditionError(str(error), path=path) from error


def value_of(text: TokenText, kind: FieldType | None = None, path: Path = ()) -> Value:
    """Make a value of a text: a constant of that kind, a field where the text is one lead token, else a template."""
    if text.literal is not None:
        return Constant(text.literal, kind)
    token: Token = text.tokens[0]
    if len(text.parts) > 1 or token.namespace != "lead" or token.shift is not None:
        return Template(text, path)
    shown = Field(token.name, path)
    return shown if token.default is None else Call("COALESCE", (shown, Constant(token.default)))


def text_value(text: str, path: Path = ()) -> Value:
    """Make a value of a text in quotes, whose tokens show what they stand for."""
    read = read_tokens(text, path)
    return value_of(read, FieldType.TEXT if read.literal is not None else None, path)


def number_value(text: str) -> Constant:
    """Make a constant of a number's digits, without needless zeros where it is whole.

    >>> str(number_value("-007")), number_value("1.50").type
    ('-7', <FieldType.DECIMAL: 'decimal'>)
    """
    digits = text.removeprefix("-")
    if not digits.isdigit():
        return Constant(text, FieldType.DECIMAL)
    return Constant(text.removesuffix(digits) + (digits.lstrip("0") or "0"), FieldType.INTEGER)
