"""One leaf of a structured condition: a field and what is asked of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from typing import Final, TypeGuard

from lustrum.words.conditions import rewriting as make
from lustrum.words.conditions.doubts import one_or_several
from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.operators import (
    OPERATORS,
    SYMBOLS,
    Operator,
    Takes,
    Texts,
    find_operator,
    operator_name,
)
from lustrum.words.conditions.tree import Condition
from lustrum.words.conditions.values import Field
from lustrum.words.durations import DurationError
from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean

_ITEM = re.compile(r"""\s*("[^"]*"|'[^']*'|[^,]+)""")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_LISTS: Final = (Takes.MANY, Takes.FRAME)
_SOUNDS_LIKE: Final = ("is", "is not")


def is_list(written: object) -> TypeGuard[Sequence[object]]:
    """Say whether something is a list; text is none."""
    return isinstance(written, Sequence) and not isinstance(written, str | bytes | bytearray)


def is_mapping(written: object) -> TypeGuard[Mapping[object, object]]:
    """Say whether something is a mapping."""
    return isinstance(written, Mapping)


def shown(written: object) -> str:
    """Show what is written, shortened, for a message."""
    text = "nothing" if written is None else repr(written)
    return text if len(text) <= 60 else f"{text[:59]}…"


def parse_leaf(key: str, written: object, path: Path, hint: str = "") -> Condition:
    """Read what is asked of the field `key`: one line of text, or a mapping of operators to values.

    `hint` is what to say if the leads have no such field.
    """
    name = field_name(key)
    if not name:
        raise ConditionError(f'"{key}" names no field', path=path)
    if isinstance(written, str):
        return _one_line(Field(name, path, hint), written)
    if is_mapping(written) and written:
        return make.all_of([_operator(Field(name, path, hint), word, value) for word, value in written.items()])
    raise ConditionError(f'"{key}" is followed by {shown(written)}', f"write `{key}: is …` or another operator", path)


def _one_line(field: Field, text: str) -> Condition:
    found = find_operator(text)
    if not found:
        raise ConditionError(f'"{text}" starts with no operator', _nearest_start(text), field.path)
    name, rest = found
    operator = OPERATORS[name]
    if operator.takes is Takes.NOTHING and rest:
        raise ConditionError(
            f'"{name}" takes no value', f'if the text is meant, write is "{text[3:].strip()}"', field.path
        )
    if name in _SOUNDS_LIKE and (inner := find_operator(rest)):
        remedy = f'write "{inner[0]} {inner[1]}" without it, or quote the text: {name} "{rest}"'
        raise ConditionError(f'after "{name}" stands the operator "{inner[0]}"', remedy, field.path)
    texts = _texts(name, operator, rest)
    doubt = one_or_several(name, rest, in_mapping=False) if texts == (rest,) else ""
    return _asked(operator, name, replace(field, doubt=doubt), texts)


def _texts(name: str, operator: Operator, rest: str) -> Texts:
    if not rest:
        return ()
    if operator.takes is Takes.TWO:
        return tuple(map(_unquoted, _AND.split(rest)))
    split = name in ("in", "not in") or operator.takes is Takes.FRAME
    listed = rest[0] + rest[-1] == "[]" or (split and rest[0] + rest[-1] == "()")
    if operator.takes in _LISTS and (listed or split):
        return tuple(_unquoted(item.strip()) for item in _ITEM.findall(rest[1:-1] if listed else rest))
    return (_unquoted(rest),)


def _operator(field: Field, word: object, value: object) -> Condition:
    if not isinstance(word, str):
        raise ConditionError(f"the operator {shown(word)} is no text", "write an operator such as is", field.path)
    here, operator = (*field.path, word), operator_name(word)
    if operator not in OPERATORS:
        remedy = _nearest_start(word) if word.strip() in SYMBOLS else did_you_mean(operator, OPERATORS)
        raise ConditionError(f'there is no operator "{word}"', remedy or _KNOWN, here)
    texts = scalars(value, here)
    if operator in _SOUNDS_LIKE and len(texts) == 1 and f"{operator} {texts[0].lower()}" in _EMPTINESS:
        operator, texts = f"{operator} {texts[0].lower()}", ()
    doubt = "" if is_list(value) else "".join(one_or_several(operator, text, in_mapping=True) for text in texts)
    return _asked(OPERATORS[operator], operator, replace(field, path=here, doubt=doubt), texts)


def _asked(operator: Operator, name: str, field: Field, texts: Texts) -> Condition:
    if not _fits(operator.takes, len(texts)):
        remedy = f"write `{field}: {name}`" if operator.takes is Takes.NOTHING else f"{len(texts)} stand here"
        raise ConditionError(f'"{name}" takes {operator.takes.value}', remedy, field.path)
    try:
        return operator.condition(field, texts)
    except DurationError as error:
        raise ConditionError(str(error), path=field.path) from error


def _fits(takes: Takes, number: int) -> bool:
    if takes is Takes.PERHAPS:
        return number <= 1
    return number >= 1 if takes in _LISTS else number == {Takes.NOTHING: 0, Takes.TWO: 2}.get(takes, 1)


def scalars(value: object, path: Path) -> Texts:
    """Write a value, or each of a list of values, as text. Raises `ConditionError` for what is no value."""
    if is_list(value):
        return tuple(_scalar(item, (*path, index)) for index, item in enumerate(value))
    return (_scalar(value, path),)


def _scalar(value: object, path: Path) -> str:
    match value:
        case str():
            return value
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            raise ConditionError(f"{shown(value)} is no value", "write text, a number or a date", path)


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else text


def _nearest_start(text: str) -> str:
    symbol, _, rest = text.strip().partition(" ")
    if symbol in SYMBOLS:
        return f'write "{SYMBOLS[symbol]} {rest or "…"}"'
    words = operator_name(text).split(" ")
    starts = [" ".join(words[:length]) for length in (3, 2, 1)]
    near = next((found[0] for start in starts if (found := get_close_matches(start, OPERATORS, n=1, cutoff=0.75))), "")
    return f'did you mean "{near}"?' if near else f'write "is {text}" or another operator'


_EMPTINESS: Final = ("is empty", "is not empty")
_KNOWN: Final = f"there are {', '.join(OPERATORS)}"
