"""From conditions as they are written to compiled checks, every complaint with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from lustrum.planning.bindings import Check
from lustrum.planning.findings import Findings
from lustrum.planning.names import check_names
from lustrum.planning.plan import Schema
from lustrum.words.conditions import (
    Condition,
    ConditionError,
    activity_matches,
    bind,
    compile_condition,
    expand,
    parse_condition,
)
from lustrum.words.fields import FieldType
from lustrum.words.places import Place
from lustrum.words.tokens import TokenError

TokenValues = Mapping[str, Mapping[str, str]]
PlaceOf = Callable[..., Place]


@dataclass(frozen=True, slots=True)
class Checks:
    """Compiles the conditions of a project against its fields."""

    schema: Schema
    start: datetime
    findings: Findings
    smart_lists: Mapping[str, object] = field(default_factory=dict[str, object])
    attributes: Mapping[str, FieldType] = field(default_factory=dict[str, FieldType])
    programs: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    campaigns: frozenset[str] = frozenset()

    def compile(self, written: object, values: TokenValues, place_of: PlaceOf, *path: str | int) -> Check | None:
        """Compile a condition that stands at a path of a file; a problem is noted with its line and gives None."""
        if written is None:
            return None
        try:
            condition = bind(expand(parse_condition(written), self.smart_lists), values)
            expression = self._expression(condition)
        except ConditionError as error:
            self.findings.wrong(place_of(*path, *error.path), error.message, error.remedy)
            return None
        except TokenError as error:
            self.findings.wrong(place_of(*path), str(error))
            return None
        for warning in condition.warnings:
            self.findings.warn(place_of(*path), warning)
        for what, hint in check_names(condition, self.programs, self.campaigns):
            self.findings.warn(place_of(*path), what, hint)
        return Check(
            expression, condition.fields, condition.asked, str(condition), condition.triggers, condition.activities
        )

    def check(self, written: object) -> None:
        """Check a condition whose tokens have no values yet. Raises `ConditionError`."""
        condition = expand(parse_condition(written), self.smart_lists)
        if not _has_tokens(condition):
            self._expression(condition)

    def _expression(self, condition: Condition) -> pl.Expr:
        for asked in condition.activities:
            activity_matches(asked, self.attributes, self.start)
        return compile_condition(condition, self.schema.types, self.start)


def _has_tokens(condition: Condition) -> bool:
    return "{{" in str(condition)
