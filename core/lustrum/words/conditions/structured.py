"""The structured spelling of a condition: `all` / `any` / `none` around leaves, each a field and what is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from lustrum.words.conditions import rewriting as make
from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.filters import nearest_filter, parse_filter
from lustrum.words.conditions.leaves import is_list, is_mapping, parse_leaf, shown
from lustrum.words.conditions.operators import OPERATORS, find_operator, operator_name
from lustrum.words.conditions.plain import parse_sql_text
from lustrum.words.conditions.tree import DEEPEST, Condition, HasFailed
from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean

_JOINS: Final[dict[str, Callable[[Iterable[Condition]], Condition]]] = {
    "all": make.all_of,
    "any": make.any_of,
    "none": lambda parts: make.negate(make.any_of(parts)),
}
_SHAPE: Final = "write a list under all / any / none, a field with a question as in `country: is not empty`, or SQL"
_NUMBERED: Final = "conditions have no numbers; join them under all: or any:, one in the other for (1 and 2) or 3"
_WORDS: Final = re.compile(r"(\w+)\s+([a-z].*)", re.DOTALL)
_EMPTY: Final = "there is no condition here"


def parse_structured(written: object, path: Path = ()) -> Condition:
    """Read a condition given as lists, mappings and text; text inside a list is SQL.

    The result is true or false for every lead, never null. Raises `ConditionError` whose `path` leads to the wrong
    piece.
    """
    if len(path) > 2 * DEEPEST:
        raise ConditionError(f"the condition is nested more than {DEEPEST} deep", "split it", path)
    if isinstance(written, str):
        return make.is_true(parse_sql_text(written, path))
    if is_mapping(written):
        return _mapping(written, path)
    if is_list(written):
        return _list(make.all_of, written, path)
    raise ConditionError(f"{shown(written)} is no condition", _SHAPE, path)


def _mapping(written: Mapping[object, object], path: Path) -> Condition:
    if not written:
        raise ConditionError(_EMPTY, _SHAPE, path)
    return make.all_of([_entry(key, value, path) for key, value in written.items()])


def _entry(key: object, value: object, path: Path) -> Condition:
    if not isinstance(key, str):
        raise ConditionError(f"the key {shown(key)} is no text", _NUMBERED if isinstance(key, int) else _SHAPE, path)
    here, word = (*path, key), key.strip().lower()
    if word.isdecimal() and not _asks(value):
        raise ConditionError(f'the key "{key}" is a number', _NUMBERED, here)
    if word in _JOINS:
        return _list(_JOINS[word], value, here)
    if word == "failed":
        return _failed(value, here)
    if (asked := parse_filter(key, value, here)) is not None:
        return asked
    if is_list(value):
        remedy = did_you_mean(word, _JOINS) or f"write `{key}: {{in: […]}}`"
        raise ConditionError(f'"{key}" is followed by a list without an operator', remedy, here)
    return _field(key, value, here)


def _field(key: str, value: object, path: Path) -> Condition:
    meant = nearest_filter(key)
    hint = f'is the filter "{meant}" meant?' if meant else ""
    try:
        return parse_leaf(key, value, path, hint)
    except ConditionError as error:
        raise ConditionError(error.message, "; ".join(filter(None, (hint, error.remedy))), error.path) from error


def _list(join: Callable[[Iterable[Condition]], Condition], written: object, path: Path) -> Condition:
    if not is_list(written):
        raise ConditionError(f"here stands a list of conditions, not {shown(written)}", _SHAPE, path)
    if not written:
        raise ConditionError(_EMPTY, _SHAPE, path)
    return join([_item(item, (*path, index)) for index, item in enumerate(written)])


def _item(written: object, path: Path) -> Condition:
    try:
        return parse_structured(written, path)
    except ConditionError as error:
        found = _WORDS.fullmatch(written.strip()) if isinstance(written, str) else None
        if not found or not find_operator(found[2]):
            raise
        remedy = f"text in a list is SQL; in words it goes under all: or any:, as in all: [{{{found[1]}: {found[2]}}}]"
        raise ConditionError(error.message, remedy, error.path) from error


def _asks(value: object) -> bool:
    if is_mapping(value):
        return any(isinstance(word, str) and operator_name(word) in OPERATORS for word in value)
    return isinstance(value, str)


def _failed(value: object, path: Path) -> Condition:
    if not isinstance(value, str) or not field_name(value):
        raise ConditionError(f"failed names one field, not {shown(value)}", "write `failed: country`", path)
    return HasFailed(field_name(value))
