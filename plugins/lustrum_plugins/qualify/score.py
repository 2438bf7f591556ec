"""`qualify.score`: score leads by rules, and say why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import polars as pl
from pydantic import AfterValidator, Field, ValidationInfo

from lustrum import FieldName, step
from lustrum.contracts.options import HoldsConditions, OptionValues
from lustrum.words.fields import FieldType
from lustrum_plugins.qualify.rules import CompiledRule, Group, Rule, compile_rules, total

_NUMBERS = ("field", "fit", "behaviour")


def _written(options: OptionValues) -> dict[str, FieldType]:
    numbers = {options[name]: FieldType.INTEGER for name in _NUMBERS if options.get(name)}
    return numbers | ({options["reasons"]: FieldType.TEXT} if options.get("reasons") else {})


def _read(options: OptionValues) -> list[str]:
    return sorted(frozenset[str]().union(*(rule.when.fields for rule in options["rules"])))


def _written_once(name: str, info: ValidationInfo) -> str:
    if name in _written(info.data):
        raise ValueError(f"{name} is written by another option of this entry already")
    return name


def _not_below_minimum(maximum: int, info: ValidationInfo) -> int:
    minimum = info.data.get("minimum")
    if minimum is not None and maximum < minimum:
        raise ValueError(f"the maximum {maximum} is below the minimum {minimum}")
    return maximum


def _from_nothing(rules: list[Rule], info: ValidationInfo) -> list[Rule]:
    again = sorted({*_read({"rules": rules})} & {*_written(info.data)})
    if again:
        raise ValueError(f"a rule reads {again[0]}, which this entry writes; a score is computed from other fields")
    return rules


OtherField = Annotated[FieldName, AfterValidator(_written_once)]
Maximum = Annotated[int, AfterValidator(_not_below_minimum)]
Rules = Annotated[list[Rule], Field(min_length=1), AfterValidator(_from_nothing), HoldsConditions()]


@step("qualify.score", reads=_read, writes=_written)
def score(
    leads: pl.DataFrame,
    *,
    field: FieldName = "score",
    reasons: OtherField | None = None,
    fit: OtherField | None = None,
    behaviour: OtherField | None = None,
    minimum: int | None = None,
    maximum: Maximum | None = None,
    rules: Rules,
) -> pl.DataFrame:
    """Score leads by rules, computed from nothing each time.

    Options:

    * `rules`: a list; each rule has `when` (a condition in either spelling), `points` (`20`, `-10`), `reason` (a few
      words for sales) and, if wanted, `group`: `fit` (who the lead is) or `behaviour` (what the lead did). The points
      of all rules that hold are added up. A condition on an empty field does not hold, unless it asks for that.
    * `field`: the field that gets the score, an integer; `score` unless told otherwise.
    * `reasons`: a field that gets the reasons, in the order of the rules: `+20 country in EMEA; -10 free mail`. Empty
      where no rule holds.
    * `fit`, `behaviour`: fields that get the points of one group alone.
    * `minimum`, `maximum`: limits of the score (not of the groups); a score that reached one says so in its reasons.

    A score depends on other fields only: a rule may neither read a field this entry writes, nor ask for the time
    (`now()`, `in past`) or for failures (`failed(field)`); ask that in the `when:` or a choice of the entry. Times in a
    rule that name no zone are UTC.

    A condition that does not fit the types of the fields is found when the campaign is loaded.

    >>> options = score.options.validate({"reasons": "why", "rules": [
    ...     {"when": "country IN ('DE', 'IT')", "points": "20", "reason": "country in EMEA"},
    ...     {"when": {"title": {"contains": "head"}}, "points": "10", "reason": "title"},
    ... ]})
    >>> score(pl.DataFrame({"country": ["IT", None], "title": ["Head of IT", "Buyer"]}), **options).rows()
    [(30, '+20 country in EMEA; +10 title'), (0, None)]
    """
    names = [*_written({"field": field, "reasons": reasons, "fit": fit, "behaviour": behaviour})]
    compiled = compile_rules(rules, leads.schema)
    points = total(compiled)
    limited = points.clip(minimum, maximum)
    groups: dict[str | None, Group] = {fit: "fit", behaviour: "behaviour"}
    columns = {name: total(_of_group(compiled, group)) for name, group in groups.items() if name}
    columns |= {field: limited} | ({reasons: _reasons(compiled, points, limited)} if reasons else {})
    return leads.with_columns(**columns).select(names)


def _of_group(rules: Sequence[CompiledRule], group: Group) -> list[CompiledRule]:
    return [rule for rule in rules if rule.rule.group == group]


def _reasons(rules: Sequence[CompiledRule], points: pl.Expr, limited: pl.Expr) -> pl.Expr:
    limit = pl.when(points != limited).then(pl.format("limited to {}", limited))
    text = pl.concat_str([*(rule.reason for rule in rules), limit], separator="; ", ignore_nulls=True)
    return pl.when(text != "").then(text)
