"""`qualify.score`: score leads by rules, say whether they are qualified, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated, Any

import polars as pl
from pydantic import AfterValidator, Field, ValidationInfo

from lustrum import FieldName, step
from lustrum.contracts.options import HoldsConditions, OptionValues
from lustrum.words.fields import FieldType
from lustrum_plugins.qualify.conditions import field_types
from lustrum_plugins.qualify.flags import Flags
from lustrum_plugins.qualify.rules import Rule, Share, added_fields, compile_rules, shares
from lustrum_plugins.qualify.verdicts import Qualification, Verdict, compile_verdicts

_TYPES = {
    "field": FieldType.INTEGER,
    "fit": FieldType.INTEGER,
    "behaviour": FieldType.INTEGER,
    "reasons": FieldType.TEXT,
    "qualified": FieldType.BOOLEAN,
}
_ASKING = ("rules", "auto", "exclude")


def _written(options: OptionValues) -> dict[str, FieldType]:
    return {options[name]: kind for name, kind in _TYPES.items() if options.get(name)}


def _asked(options: OptionValues, *names: str) -> frozenset[str]:
    return frozenset[str]().union(*(rule.when.fields for name in names for rule in options.get(name) or ()))


def _read(options: OptionValues) -> dict[str, bool]:
    """Name the fields read: those of `exclude` are needed, so that nobody is qualified who may be excluded."""
    needed = _asked(options, "exclude")
    return {name: name in needed for name in sorted({*_asked(options, *_ASKING), *(options.get("add") or ())})}


def _written_once(name: str, info: ValidationInfo) -> str:
    if name in _written(info.data):
        raise ValueError(f"{name} is written by another option of this entry already")
    return name


def _not_below_minimum(maximum: int, info: ValidationInfo) -> int:
    minimum = info.data.get("minimum")
    if minimum is not None and maximum < minimum:
        raise ValueError(f"the maximum {maximum} is below the minimum {minimum}")
    return maximum


def _within_maximum(threshold: int, info: ValidationInfo) -> int:
    maximum = info.data.get("maximum")
    if maximum is not None and maximum < threshold:
        raise ValueError(f"the threshold {threshold} is above the maximum {maximum}, which no score exceeds")
    return threshold


def _from_nothing(rules: Any, info: ValidationInfo) -> Any:
    again = sorted(_asked({"rules": rules}, "rules") & {*_written(info.data)})
    if again:
        raise ValueError(f"a rule reads {again[0]}, which this entry writes; a score is computed from other fields")
    return rules


def _added_once(names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    for index, name in enumerate(names):
        if name in _written(info.data):
            raise ValueError(f"{name} is written by this entry; a score is computed from other fields")
        if name in names[:index]:
            raise ValueError(f"{name} is named twice, and would count twice")
    return names


def _scored(rules: tuple[Rule, ...], info: ValidationInfo) -> tuple[Rule, ...]:
    if not rules and not info.data.get("add"):
        raise ValueError("nothing gives points; write rules:, or name fields under add:")
    return rules


def _decided(rules: tuple[Rule, ...], info: ValidationInfo) -> tuple[Rule, ...]:
    given = [name for name in ("threshold", "auto", "exclude") if info.data.get(name)]
    if given and not info.data.get("qualified"):
        raise ValueError(f"{given[0]} decides who is qualified; name the field that says so, under qualified:")
    if info.data.get("qualified") and not {"threshold", "auto"} & {*given}:
        raise ValueError("nothing qualifies a lead; give a threshold:, or rules under auto:")
    return rules


OtherField = Annotated[FieldName, AfterValidator(_written_once)]
Maximum = Annotated[int, AfterValidator(_not_below_minimum)]
Threshold = Annotated[int, AfterValidator(_within_maximum)]
Verdicts = Annotated[tuple[Verdict, ...], AfterValidator(_from_nothing), HoldsConditions()]
Added = Annotated[tuple[FieldName, ...], AfterValidator(_added_once)]
Rules = Annotated[
    tuple[Rule, ...],
    Field(validate_default=True),
    AfterValidator(_scored),
    AfterValidator(_from_nothing),
    AfterValidator(_decided),
    HoldsConditions(),
]


@step("qualify.score", reads=_read, writes=_written)
def score(
    leads: pl.DataFrame,
    *,
    field: FieldName = "score",
    reasons: OtherField | None = None,
    fit: OtherField | None = None,
    behaviour: OtherField | None = None,
    qualified: OtherField | None = None,
    minimum: int | None = None,
    maximum: Maximum | None = None,
    fit_maximum: int | None = None,
    behaviour_maximum: int | None = None,
    threshold: Threshold | None = None,
    auto: Verdicts = (),
    exclude: Verdicts = (),
    add: Added = (),
    rules: Rules = (),
) -> pl.DataFrame:
    """Score leads by rules, computed from nothing each time, and say which are qualified.

    Options:

    * `rules`: a list; each rule has `when` (a condition in either spelling), `points` (`20`, `-10`), `reason` (a few
      words for sales) and, if wanted, `group`: `fit` (who the lead is) or `behaviour` (what the lead did). The points
      of all rules that hold are added up. A condition on an empty field does not hold, unless it asks for that.
    * `add`: fields of whole numbers whose values count as points beside those of the rules, such as a score that other
      campaigns raise; an empty one counts as 0. They may stand without any rule, and belong to no group.
    * `field`: the field that gets the score, an integer; `score` unless told otherwise.
    * `reasons`: a field that gets the reasons, in the order of the rules, then of the added fields: `+20 country
      in EMEA; -10 free mail; +45 behaviour_score`. Empty where no rule holds and nothing is added.
    * `fit`, `behaviour`: fields that get the points of one group alone.
    * `fit_maximum`, `behaviour_maximum`: the most that one group counts for, in its own field and in the score.
    * `minimum`, `maximum`: limits of the score (not of the groups).
    * `qualified`: a boolean field that says whether the lead is qualified: true or false for every lead.
    * `threshold`: the score that qualifies.
    * `auto`: rules with `when` and `reason` that qualify at once, whatever the score.
    * `exclude`: rules with `when` and `reason` that exclude a lead, whatever else holds. Its score stays visible.

    The reasons say all of that: `+70 senior title; fit limited to 60; qualified at once: asked for a demo`, `excluded:
    competitor`, `qualified: 100 reached`. The list of changes has them too, where no field is named for them as well.

    A score depends on other fields only: a rule may neither read a field this entry writes, nor ask for the time
    (`now()`, `in past`) or for failures (`failed(field)`); ask that in the `when:` or a choice of the entry. Times in a
    rule that name no zone are UTC.

    A field that is unsettled counts as empty, but while one that `exclude` asks for is, the lead is blocked: nobody is
    qualified who may be excluded.

    A condition that does not fit the types of the fields is found when the campaign is loaded.

    >>> options = score.options.validate({"reasons": "why", "qualified": "mql", "threshold": "30", "rules": [
    ...     {"when": "country IN ('DE', 'IT')", "points": "20", "reason": "country in EMEA"},
    ...     {"when": {"title": {"contains": "head"}}, "points": "10", "reason": "title"},
    ... ]})
    >>> leads = pl.DataFrame({"country": ["IT", None], "title": ["Head of IT", "Buyer"]})
    >>> score(leads, **options).select("score", "mql", "why").rows()
    [(30, True, '+20 country in EMEA; +10 title; qualified: 30 reached'), (0, False, None)]
    """
    types = field_types(leads.schema)
    flags = Flags()
    compiled = [replace(rule, holds=flags.of(rule.holds)) for rule in compile_rules(rules, types)]
    parts = shares(compiled, {"fit": fit_maximum, "behaviour": behaviour_maximum})
    added = added_fields(add, types)
    points = pl.sum_horizontal(*(part.points for part in parts.values()), *(each.points for each in added))
    limited = points.clip(minimum, maximum)
    verdicts = [
        [replace(one, holds=flags.of(one.holds)) for one in compile_verdicts(some, types)] for some in (auto, exclude)
    ]
    decision = Qualification(threshold, *verdicts)
    given = [*(rule.reason for rule in compiled), *(each.reason for each in added)]
    told = [*given, *_limits(parts.values(), points, limited), *decision.reasons(limited)]
    text = pl.concat_str(told, separator="; ", ignore_nulls=True)
    found = {field: limited, fit: parts["fit"].points, behaviour: parts["behaviour"].points}
    found |= {reasons: pl.when(text != "").then(text), qualified: decision.qualified(limited)}
    columns = {name: column for name, column in found.items() if name}
    columns["_reason"] = pl.when(text != "").then(text).otherwise(pl.lit("no rule holds"))
    return flags.spread(leads, add, columns)


def _limits(parts: Iterable[Share], points: pl.Expr, limited: pl.Expr) -> Iterator[pl.Expr]:
    yield from (part.reason for part in parts if part.maximum is not None)
    yield pl.when(points != limited).then(pl.format("limited to {}", limited))
