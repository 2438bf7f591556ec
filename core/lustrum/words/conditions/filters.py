"""Leaves beside fields: what happened to a lead, and of which lists, programs, campaigns and smart lists it is a member.

A key that is a filter's phrase is a filter, also where a field of the project has that name; the field can still be
asked about in SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from lustrum.words.activities import activity_type, filter_type
from lustrum.words.conditions import rewriting as make
from lustrum.words.conditions.activities import ActivityFilter, HadActivity
from lustrum.words.conditions.comparisons import IsEmpty
from lustrum.words.conditions.constraints import parse_constraints, parse_times
from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.leaves import is_list, is_mapping, parse_leaf, parse_names, shown
from lustrum.words.conditions.operators import operator_name
from lustrum.words.conditions.references import SmartListReference
from lustrum.words.conditions.tree import Condition, Holds
from lustrum.words.conditions.values import Constant, Field
from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean

Read = Callable[[object, Path], Condition]

_NOT: Final = "not "
_ANY_TYPE: Final = "had activity"
_EXECUTED: Final = "campaign was executed"
_SHAPE: Final = "write `any`, or constraints as in `{date of activity: in past 30 days, times: at least 2}`"


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


def _reader(phrase: str) -> Read | None:
    if kind := filter_type(phrase):
        return lambda written, path: _had(kind, _constraints(written, path), path)
    return _MEMBERS.get(phrase)


def _constraints(written: object, path: Path) -> Mapping[str, object]:
    if written is None or (isinstance(written, str) and written.strip().lower() in ("", "any")):
        return {}
    if not is_mapping(written):
        raise ConditionError(f"{shown(written)} is no constraint", _SHAPE, path)
    if strange := [key for key in written if not isinstance(key, str)]:
        raise ConditionError(f"the key {shown(strange[0])} is no text", _SHAPE, path)
    return {operator_name(str(key)): value for key, value in written.items()}


def _had(kind: str, constraints: Mapping[str, object], path: Path) -> Condition:
    where = parse_constraints({name: asked for name, asked in constraints.items() if name != "times"}, path)
    if "times" not in constraints:
        return HadActivity(ActivityFilter(kind, where))
    low, high = parse_times(constraints["times"], (*path, "times"))
    return HadActivity(ActivityFilter(kind, where, low, high))


def _had_any_type(written: object, path: Path) -> Condition:
    constraints = {"activity": written} if isinstance(written, str) or is_list(written) else _constraints(written, path)
    if "activity" not in constraints:
        remedy = f"write `{_ANY_TYPE}: {{activity: visit webpage}}`"
        raise ConditionError("there stands no activity", remedy, path)
    names = parse_names(constraints["activity"], (*path, "activity"))
    others = {name: asked for name, asked in constraints.items() if name != "activity"}
    return make.any_of(_had(activity_type(name), others, path) for name in names)


def _member_of_list(written: object, path: Path) -> Condition:
    fields = (_kept("list", name, path) for name in parse_names(written, path))
    return make.any_of(make.is_true(Holds(field)) for field in fields)


def _member_of_program(written: object, path: Path) -> Condition:
    asked = _constraints(written, path) if is_mapping(written) else {"program": written}
    if strange := [name for name in asked if name not in ("program", "status")]:
        remedy = did_you_mean(strange[0], ("program", "status")) or "there are program and status"
        raise ConditionError(f'a program has no "{strange[0]}"', remedy, path)
    if "program" not in asked:
        raise ConditionError("there stands no program", "write `member of program: {program: webinar, …}`", path)
    fields = [_kept("status", name, path) for name in parse_names(asked["program"], (*path, "program"))]
    return make.any_of(_in_program(field, asked, path) for field in fields)


def _in_program(field: Field, asked: Mapping[str, object], path: Path) -> Condition:
    member = make.negate(IsEmpty(field))
    if "status" not in asked:
        return member
    return make.all_of([member, parse_leaf(field.name, asked["status"], (*path, "status"))])


def _member_of_campaign(written: object, path: Path) -> Condition:
    names = [Constant(name) for name in parse_names(written, path)]
    return HadActivity(ActivityFilter(_EXECUTED, make.is_true(make.among(Field("campaign", path), names, nocase=True))))


def _member_of_smart_list(written: object, path: Path) -> Condition:
    return make.any_of(SmartListReference(name, path) for name in parse_names(written, path))


def _kept(what: str, name: str, path: Path) -> Field:
    return Field(field_name(f"{what} {name}"), path, f"name it under {what}s: in lustrum.yaml")


_MEMBERS: Final[Mapping[str, Read]] = {
    _ANY_TYPE: _had_any_type,
    "member of list": _member_of_list,
    "member of program": _member_of_program,
    "member of campaign": _member_of_campaign,
    "member of smart campaign": _member_of_campaign,
    "member of smart list": _member_of_smart_list,
}
PHRASES: Final = tuple(_MEMBERS)
