"""Constraints: what is asked of an activity's attributes, and how often it is to have happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lustrum.words.conditions import rewriting as make
from lustrum.words.conditions.comparisons import Compare, In
from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.leaves import is_list, is_mapping, parse_leaf, shown
from lustrum.words.conditions.tree import Condition
from lustrum.words.conditions.values import Constant, Value, read_tokens
from lustrum.words.fields import field_name

_TIMES = re.compile(r"(?:(at least|at most|exactly|is|between) )?(\d{1,9})(?: and (\d{1,9}))?(?: times?)?", re.ASCII)
_REMEDY = "write `at least 2`, `at most 2`, `exactly 2` or `between 2 and 4`"


def parse_constraints(written: Mapping[str, object], path: Path = ()) -> Condition | None:
    """Read what is asked of attributes, all of which must hold: attribute by attribute, as of fields; None if nothing.

    In the condition attributes are fields. The value of `attribute`, which is a field's name, may stand in either
    spelling. Tokens of the lead and the trigger are refused: an activity knows nothing of them. Raises
    `ConditionError`.

    >>> print(parse_constraints({"Attribute": "is Lead Source", "new value": "is not empty"}))
    (attribute COLLATE NOCASE IN ('Lead Source', 'lead_source')) IS TRUE AND new_value IS NOT NULL
    """
    parts = [_constraint(name, asked, (*path, name)) for name, asked in written.items()]
    return make.all_of(parts) if parts else None


def parse_times(written: object, path: Path) -> tuple[int, int | None]:
    """Read how often something is to have happened: at least, and at most (None: any number). `2` means exactly twice.

    >>> parse_times("at least 2", ()), parse_times("at most 2", ()), parse_times({"between": [2, 4]}, ())
    ((2, None), (0, 2), (2, 4))
    """
    text = " ".join(_times_text(written).lower().split())
    found = _TIMES.fullmatch(text)
    if not found or (found[1] == "between") != (found[3] is not None):
        raise ConditionError(f"{shown(written)} is no number of times", _REMEDY, path)
    number, last = int(found[2]), int(found[3] or found[2])
    if number > last:
        raise ConditionError(f"nothing happens {text} times", f"write `between {last} and {number}`", path)
    return (0 if found[1] == "at most" else number), (None if found[1] == "at least" else last)


def _times_text(written: object) -> str:
    if is_mapping(written) and len(written) == 1:
        ((word, value),) = written.items()
        return f"{word} {' and '.join(map(str, value)) if is_list(value) else value}"
    return str(written)


def _constraint(name: str, asked: object, path: Path) -> Condition:
    for text in _texts(asked):
        if foreign := [token for token in read_tokens(text, path).tokens if token.namespace in ("lead", "trigger")]:
            what = f"{foreign[0]} has no value where an activity of the past is looked at"
            raise ConditionError(what, "here stand my, campaign and system tokens", path)
    condition = parse_leaf(name, asked, path)
    return make.each_leaf(condition, _in_either_spelling) if field_name(name) == "attribute" else condition


def _texts(asked: object) -> Iterator[str]:
    if isinstance(asked, str):
        yield asked
    elif is_list(asked) or is_mapping(asked):
        for item in asked.values() if is_mapping(asked) else asked:
            yield from _texts(item)


def _in_either_spelling(leaf: Condition) -> Condition:
    match leaf:
        case Compare("=", operand, Constant() as name, nocase):
            return make.among(operand, _spellings(name), nocase)
        case In(operand, names, nocase):
            return make.among(operand, [each for name in names for each in _spellings(name)], nocase)
        case _:
            return leaf


def _spellings(name: Value) -> list[Value]:
    if not isinstance(name, Constant):
        return [name]
    canonical = field_name(name.text)
    return [name] if canonical == name.text.lower() else [name, Constant(canonical)]
