"""Putting named smart lists in the place of their names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from lustrum.words.conditions import rewriting as make
from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.structured import parse_structured
from lustrum.words.conditions.tree import Condition, SmartListReference
from lustrum.words.nearest import did_you_mean


def expand(condition: Condition, named: Mapping[str, object]) -> Condition:
    """Put the conditions of named smart lists, as they are written, where they are referred to, to any depth.

    Tokens in a list are bound afterwards, with the values of whoever refers to it. A list is true or false for every
    lead, in either spelling. Raises `ConditionError` for a name that is not in `named`, for lists that refer to each
    other in a circle, and for what is wrong in a list; its `path` leads to the reference.
    """
    return make.each_leaf(condition, partial(_put_in, named=named, within=(), path=None))


def _put_in(leaf: Condition, *, named: Mapping[str, object], within: tuple[str, ...], path: Path | None) -> Condition:
    if not isinstance(leaf, SmartListReference):
        return leaf
    here = leaf.path if path is None else path
    name = _known(leaf.name, named, within, here)
    if name in within:
        circle = " > ".join([*within[within.index(name) :], name])
        raise ConditionError(f"smart lists refer to each other in a circle: {circle}", "take one out", here)
    inner = _parsed(name, named, here)
    return make.each_leaf(inner, partial(_put_in, named=named, within=(*within, name), path=here))


def _known(name: str, named: Mapping[str, object], within: tuple[str, ...], path: Path) -> str:
    if name in named:
        return name
    if same := [known for known in named if known.lower() == name.lower()]:
        return same[0]
    where = f'smart list "{within[-1]}": ' if within else ""
    remedy = did_you_mean(name, named) or "name it under smart_lists: in lustrum.yaml"
    raise ConditionError(f'{where}there is no smart list "{name}"', remedy, path)


def _parsed(name: str, named: Mapping[str, object], path: Path) -> Condition:
    try:
        return parse_structured(named[name], path)
    except ConditionError as error:
        raise ConditionError(f'smart list "{name}": {error.message}', error.remedy, path) from error
