"""The operators of the structured spelling, in the words of Marketo."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from lustrum.words.conditions import rewriting as make
from lustrum.words.conditions.comparisons import Comparison, IsEmpty
from lustrum.words.conditions.time_frames import FrameDay, parse_frame
from lustrum.words.conditions.tree import Condition, Holds
from lustrum.words.conditions.values import Constant, Field, Now, Template, Value, read_tokens, value_of
from lustrum.words.conditions.whole_words import has_word
from lustrum.words.durations import parse_duration


class Takes(Enum):
    """What stands after an operator."""

    NOTHING = "no value"
    ONE = "one value"
    MANY = "one value or a list"
    TWO = "two values"
    DURATION = "a duration, such as 30 days"
    PERHAPS = "no value, or a duration such as 30 days"
    FRAME = "a time frame, such as last week, or a list"


Texts = tuple[str, ...]
Build = Callable[[Field, Texts], Condition]


@dataclass(frozen=True, slots=True)
class Operator:
    """What an operator takes, and the condition it makes; a negative one holds where its opposite does not."""

    takes: Takes
    build: Build
    negative: bool = False

    def condition(self, field: Field, texts: Texts) -> Condition:
        """Ask this of a field: true or false for every lead, never null."""
        asked = make.is_true(self.build(field, texts))
        return make.negate(asked) if self.negative else asked


def find_operator(text: str) -> tuple[str, str] | None:
    """Split a text into the longest operator it starts with and the rest, or None if it starts with none.

    >>> find_operator("is not empty"), find_operator("Is  not Antarctica"), find_operator("Germany")
    (('is not empty', ''), ('is not', 'Antarctica'), None)
    """
    found = _WORDS.match(text.strip())
    return (operator_name(found[1]), (found[2] or "").strip()) if found else None


def operator_name(written: str) -> str:
    """Write an operator's name in lower case with single spaces.

    >>> operator_name("Is_Not")
    'is not'
    """
    return re.sub(r"[\s_-]+", " ", written).strip().lower()


def _value(text: str, field: Field) -> Value:
    return value_of(read_tokens(text, field.path), path=field.path)


def _equals(field: Field, texts: Texts) -> Condition:
    return make.among(field, [_value(text, field) for text in texts], nocase=True)


def _ordered(operator: Comparison) -> Build:
    def build(field: Field, texts: Texts) -> Condition:
        return make.compare(operator, field, _value(texts[0], field), nocase=True)

    return build


def _matches(*, start: bool = False, end: bool = False) -> Build:
    def build(field: Field, texts: Texts) -> Condition:
        patterns = [tuple(read_tokens(text, field.path).parts) for text in texts]
        return make.any_of(make.containing(field, pattern, start, end) for pattern in patterns)

    return build


def _has_word(field: Field, texts: Texts) -> Condition:
    shown = [read_tokens(text, field.path) for text in texts]
    phrases = [Template(text, field.path) if text.literal is None else Constant(text.literal) for text in shown]
    return make.any_of(has_word(field, phrase) for phrase in phrases)


def _between(field: Field, texts: Texts) -> Condition:
    return make.between(field, _value(texts[0], field), _value(texts[1], field), nocase=True)


def _in_past(field: Field, texts: Texts) -> Condition:
    return make.between(field, Now(-parse_duration(texts[0])), Now())


def _in_past_before(field: Field, texts: Texts) -> Condition:
    return make.compare("<", field, Now(-parse_duration(texts[0])))


def _in_future(field: Field, texts: Texts) -> Condition:
    ahead = make.compare(">", field, Now())
    return make.all_of([ahead, *(make.compare("<=", field, Now(parse_duration(text))) for text in texts)])


def _in_future_after(field: Field, texts: Texts) -> Condition:
    return make.compare(">", field, Now(parse_duration(texts[0])))


def _in_time_frame(field: Field, texts: Texts) -> Condition:
    frames = [parse_frame(text, field.path) for text in texts]
    return make.any_of(
        make.between(field, FrameDay(frame=frame), FrameDay(frame=frame, is_last=True)) for frame in frames
    )


def _is_empty(field: Field, _texts: Texts) -> Condition:
    return IsEmpty(field)


def _holds(field: Field, _texts: Texts) -> Condition:
    return Holds(field)


def _fails_to_hold(field: Field, _texts: Texts) -> Condition:
    return make.is_false(Holds(field))


OPERATORS: Final[dict[str, Operator]] = {
    "is": Operator(Takes.MANY, _equals),
    "is not": Operator(Takes.MANY, _equals, negative=True),
    "in": Operator(Takes.MANY, _equals),
    "not in": Operator(Takes.MANY, _equals, negative=True),
    "contains": Operator(Takes.MANY, _matches()),
    "not contains": Operator(Takes.MANY, _matches(), negative=True),
    "has word": Operator(Takes.MANY, _has_word),
    "not has word": Operator(Takes.MANY, _has_word, negative=True),
    "starts with": Operator(Takes.MANY, _matches(start=True)),
    "not starts with": Operator(Takes.MANY, _matches(start=True), negative=True),
    "ends with": Operator(Takes.MANY, _matches(end=True)),
    "not ends with": Operator(Takes.MANY, _matches(end=True), negative=True),
    "greater than": Operator(Takes.ONE, _ordered(">")),
    "less than": Operator(Takes.ONE, _ordered("<")),
    "at least": Operator(Takes.ONE, _ordered(">=")),
    "at most": Operator(Takes.ONE, _ordered("<=")),
    "after": Operator(Takes.ONE, _ordered(">")),
    "before": Operator(Takes.ONE, _ordered("<")),
    "on or after": Operator(Takes.ONE, _ordered(">=")),
    "on or before": Operator(Takes.ONE, _ordered("<=")),
    "between": Operator(Takes.TWO, _between),
    "not between": Operator(Takes.TWO, _between, negative=True),
    "in past": Operator(Takes.DURATION, _in_past),
    "not in past": Operator(Takes.DURATION, _in_past, negative=True),
    "in past before": Operator(Takes.DURATION, _in_past_before),
    "in future": Operator(Takes.PERHAPS, _in_future),
    "not in future": Operator(Takes.PERHAPS, _in_future, negative=True),
    "in future after": Operator(Takes.DURATION, _in_future_after),
    "in time frame": Operator(Takes.FRAME, _in_time_frame),
    "not in time frame": Operator(Takes.FRAME, _in_time_frame, negative=True),
    "is empty": Operator(Takes.NOTHING, _is_empty),
    "is not empty": Operator(Takes.NOTHING, _is_empty, negative=True),
    "is true": Operator(Takes.NOTHING, _holds),
    "is false": Operator(Takes.NOTHING, _fails_to_hold),
}

SYMBOLS: Final[dict[str, str]] = {
    "=": "is",
    "==": "is",
    "!=": "is not",
    "<>": "is not",
    ">": "greater than",
    ">=": "at least",
    "<": "less than",
    "<=": "at most",
}
"""What to write for an operator of programming languages."""

_LONGEST_FIRST = sorted(OPERATORS, key=len, reverse=True)
_NAMES = "|".join(name.replace(" ", r"\s+") for name in _LONGEST_FIRST)
_WORDS = re.compile(rf"({_NAMES})(?:\s+(.+)|\s*$)", re.IGNORECASE | re.DOTALL)
