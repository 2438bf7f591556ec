"""Leaves beside fields: what happened to a lead, and what it is a member of.

A key that is a filter's phrase is a filter, also where a field of the project has that name; the field can still be
asked about in SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Final

from lustrum.words.activities import activity_type, filter_type, nearest_type
from lustrum.words.conditions import rewriting as make
from lustrum.words.conditions.activities import ActivityFilter, HadActivity
from lustrum.words.conditions.comparisons import IsEmpty
from lustrum.words.conditions.constraints import parse_constraints, parse_times
from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.leaves import is_list, is_mapping, parse_leaf, scalars, shown
from lustrum.words.conditions.operators import operator_name
from lustrum.words.conditions.tree import Condition, Holds, SmartListReference
from lustrum.words.conditions.values import Constant, Field
from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean

Read = Callable[[object, Path], Condition]

_NOT: Final = "not "
_ANY_TYPE: Final = "had activity"
_EXECUTED: Final = "campaign was executed"
_SHAPE: Final = "write `any`, or constraints as in `{date of activity: in past 30 days, times: at least 2}`"
_FIELD: Final = "a field of this name is asked about in SQL"


def parse_filter(key: str, written: object, path: Path) -> Condition | None:
    """Read a filter and what is asked of it; None if the key is no filter's phrase, with or without `not `.

    The result is true or false for every lead. Raises `ConditionError`.
    """
    phrase = operator_name(key)
    read = _reader(phrase)
    if read is None and phrase.startswith(_NOT):
        read = _reader(phrase.removeprefix(_NOT))
        return None if read is None else make.negate(make.is_true(read(written, path)))
    return None if read is None else make.is_true(read(written, path))


def nearest_filter(key: str) -> str:
    """Name the filter that was probably meant by a key which is none, or nothing."""
    phrase = operator_name(key)
    denied = _NOT if phrase.startswith(_NOT) else ""
    positive = phrase.removeprefix(denied)
    members = next(iter(get_close_matches(positive, list(_MEMBERS), n=1, cutoff=0.85)), "")
    near = members or nearest_type(positive)
    return near and denied + near


def _reader(phrase: str) -> Read | None:
    if kind := filter_type(phrase):
        return lambda written, path: _had(kind, _constraints(written, path), path)
    return _MEMBERS.get(phrase)


def _constraints(written: object, path: Path) -> Mapping[str, object]:
    if written is None or (isinstance(written, str) and written.strip().lower() in ("", "any")):
        return {}
    if not is_mapping(written):
        raise ConditionError(f"{shown(written)} is no constraint", f"{_SHAPE}; {_FIELD}", path)
    if strange := [key for key in written if not isinstance(key, str)]:
        raise ConditionError(f"the key {shown(strange[0])} is no text", _SHAPE, path)
    return {str(key): value for key, value in written.items()}


def _taken(word: str, constraints: Mapping[str, object]) -> tuple[str | None, Mapping[str, object]]:
    key = next((key for key in constraints if operator_name(key) == word), None)
    return key, {name: asked for name, asked in constraints.items() if name != key}


def _had(kind: str, constraints: Mapping[str, object], path: Path) -> Condition:
    times, others = _taken("times", constraints)
    where = parse_constraints(others, path)
    if times is None:
        return HadActivity(ActivityFilter(kind, where))
    return HadActivity(ActivityFilter(kind, where, *parse_times(constraints[times], (*path, times))))


def _had_any_type(written: object, path: Path) -> Condition:
    constraints = _constraints(written, path) if is_mapping(written) else {"activity": written}
    activity, others = _taken("activity", constraints)
    if activity is None:
        raise ConditionError("no activity is named", f"write `{_ANY_TYPE}: {{activity: visit webpage}}`", path)
    names = _names(constraints[activity], (*path, activity) if is_mapping(written) else path)
    return make.any_of(_had(activity_type(name), others, path) for name in names)


def _member_of_list(written: object, path: Path) -> Condition:
    hint = "name the list under lists: in lustrum.yaml"
    fields = (Field(field_name(f"list {name}"), path, hint) for name in _names(written, path))
    return make.any_of(make.is_true(Holds(field)) for field in fields)


def _member_of_program(written: object, path: Path) -> Condition:
    if not is_mapping(written):
        return make.any_of(_in_program(name, {}, path) for name in _names(written, path))
    constraints = _constraints(written, path)
    program, others = _taken("program", constraints)
    if program is None:
        raise ConditionError("no program is named", "write `member of program: {program: webinar, …}`", path)
    names = _names(constraints[program], (*path, program))
    return make.any_of(_in_program(name, others, path) for name in names)


def _in_program(name: str, asked: Mapping[str, object], path: Path) -> Condition:
    status, others = _taken("status", asked)
    if others:
        unknown = next(iter(others))
        remedy = did_you_mean(unknown, ("program", "status")) or "there are program and status"
        raise ConditionError(f'membership of a program has no "{unknown}"', remedy, (*path, unknown))
    field = Field(field_name(f"status {name}"), path, "name the program under programs: in lustrum.yaml")
    member = make.negate(IsEmpty(field))
    if status is None:
        return member
    return make.all_of([member, parse_leaf(field.name, asked[status], (*path, status), field.hint)])


def _member_of_campaign(written: object, path: Path) -> Condition:
    names = [Constant(name) for name in _names(written, path)]
    return HadActivity(ActivityFilter(_EXECUTED, make.is_true(make.among(Field("campaign", path), names, nocase=True))))


def _member_of_smart_list(written: object, path: Path) -> Condition:
    return make.any_of(SmartListReference(name, path) for name in _names(written, path))


def _names(written: object, path: Path) -> tuple[str, ...]:
    if not isinstance(written, str) and not is_list(written):
        raise ConditionError(f"{shown(written)} is no name", "write one name or a list of names", path)
    names = scalars(written, path)
    if not names or "" in names:
        raise ConditionError("a name is missing", "write one name or a list of names", path)
    if computed := [name for name in names if "{{" in name]:
        raise ConditionError(f'the name "{computed[0]}" has a token', "names stand as they are", path)
    return names


_MEMBERS: Final[Mapping[str, Read]] = {
    _ANY_TYPE: _had_any_type,
    "member of list": _member_of_list,
    "member of program": _member_of_program,
    "member of campaign": _member_of_campaign,
    "member of smart campaign": _member_of_campaign,
    "member of smart list": _member_of_smart_list,
}
