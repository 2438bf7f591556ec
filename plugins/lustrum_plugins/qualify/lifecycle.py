"""`qualify.lifecycle`: move leads through the stages of a lifecycle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import polars as pl
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from lustrum import FieldName, step
from lustrum.contracts.options import HoldsConditions, OptionValues
from lustrum.words.fields import FieldType
from lustrum_plugins.qualify.conditions import NO_TIME, compile_when, field_types
from lustrum_plugins.qualify.journeys import AFTER, ARRIVALS, journeys
from lustrum_plugins.qualify.route import Lifecycle
from lustrum_plugins.qualify.route_checks import check_lifecycle
from lustrum_plugins.qualify.stages import Arrival, Recycle, Role, Stage, fields_by_role

_TYPES: dict[Role, FieldType] = {"stamp": FieldType.DATETIME, "first": FieldType.DATETIME, "counter": FieldType.INTEGER}


def _read_time(written: object) -> datetime:
    try:
        time = written if isinstance(written, datetime) else datetime.fromisoformat(str(written).strip())
    except ValueError as error:
        raise ValueError(f'"{written}" is no time; write at: "{{{{system.date_time}}}}"') from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _checked(stages: tuple[Stage, ...], info: ValidationInfo) -> tuple[Stage, ...]:
    check_lifecycle(Lifecycle(stages), info.data)
    return stages


def _checked_together(recycle: tuple[Recycle, ...], info: ValidationInfo) -> tuple[Recycle, ...]:
    if "stages" in info.data:
        check_lifecycle(Lifecycle(info.data["stages"], recycle), info.data)
    return recycle


def _written(options: OptionValues) -> dict[str, FieldType]:
    named = fields_by_role(_lifecycle(options).arrivals)
    return {options["field"]: FieldType.TEXT} | {name: _TYPES[role] for role in named for name in named[role]}


def _read(options: OptionValues) -> dict[str, bool]:
    """Name the fields read: those of the conditions are needed, so that nobody moves on a value that is unsettled."""
    conditions = [arrival.condition for arrival in _lifecycle(options).arrivals]
    asked = frozenset[str]().union(*(condition.fields for condition in conditions if condition))
    return dict.fromkeys([*_written(options), *sorted(asked)], True)


def _lifecycle(options: OptionValues) -> Lifecycle:
    return Lifecycle(options["stages"], options["recycle"])


At = Annotated[datetime, BeforeValidator(_read_time)]
Stages = Annotated[tuple[Stage, ...], Field(min_length=1), AfterValidator(_checked), HoldsConditions()]
Recycling = Annotated[tuple[Recycle, ...], AfterValidator(_checked_together), HoldsConditions()]


@step("qualify.lifecycle", reads=_read, writes=_written, remembers=True)
def lifecycle(
    leads: pl.DataFrame,
    *,
    field: FieldName = "stage",
    at: At | None = None,
    stages: Stages,
    recycle: Recycling = (),
) -> pl.DataFrame:
    """Move leads forward through the stages of a lifecycle, and back only where a rule says so.

    Options:

    * `field`: the field that holds the stage; `stage` unless told otherwise.
    * `stages`: the way, a list in order. A stage has a `name`; `when`, the condition to come into it (the first stage
      may have none); `reason`, a few words for it (left out, the condition itself is shown); and, if wanted, `stamp`, a
      field that gets the time at each arrival, `first`, a field that gets the time of the first arrival and then keeps
      it, and `counter`, an integer field that is raised by 1 at each arrival.
    * `recycle`: rules that take a lead back or aside, a list in the order of their rank. A rule has `to`, an earlier
      stage or one beside the way (any name that is none of `stages`); `when`; if wanted `from`, the stages it takes
      leads from; and `reason`, `stamp`, `first`, `counter` as a stage has. Without `from`, a rule `to` a stage of the
      way takes the leads that are beyond it or beside the way; a rule to a stage beside the way takes all leads, those
      that have no stage yet among them.
    * `at`: the time to write into the fields, `"{{system.date_time}}"`. Needed where a stage or rule has a `stamp` or
      `first`, and where a condition asks for the time (`in past 90 days`). Without a zone it is UTC.

    Fields named under `stamp` and `first` are datetimes. Several stages may share such a field, or a counter.

    How a lead moves:

    * Forward only. It goes to the last stage whose condition holds, and on its way comes into each stage between whose
      condition holds too, with its stamps and counters. A stage is a gate that holds nobody: one whose condition does
      not hold is passed over, and writes nothing.
    * While the condition of a rule holds, the leads in the stage it leads `to` stay there, and no lead goes forward
      into a stage that the rule takes leads from. Where several rules concern a lead, the first of the list does.
    * From a stage beside the way a lead comes back once no rule holds it any more: straight to the last stage whose
      condition holds.
    * A lead that a rule takes to a stage of the way arrives in it, with what the stage and the rule write.

    So the step changes nothing on its own output. Where leads do not go back to where they came from, a lead goes on
    from the stage, stamps and counters of the last run, unless the source says otherwise by now.

    A condition may not read a field that this entry writes, nor ask for failures (`failed(field)`). The lead is blocked
    while a field that a condition reads is unsettled: nobody is in the funnel before processing has finished. Stages
    compare ignoring case and spaces around; they are written as declared.

    Every move has its reason in the list of changes: `Known → MQL: score at least 100`.

    Fails with `unknown_stage` where the field holds something that is no stage of this lifecycle.

    >>> options = lifecycle.options.validate({"at": "2026-01-31T03:00:00Z", "stages": [
    ...     {"name": "Known"},
    ...     {"name": "MQL", "when": "score >= 100", "reason": "score at least 100", "counter": "mqls"},
    ... ]})
    >>> leads = pl.DataFrame({"stage": ["Known", "MQL"], "mqls": [None, 1], "score": [120, 40]})
    >>> lifecycle(leads, **options).select("stage", "mqls", "_reason").rows()
    [('MQL', 1, 'Known → MQL: score at least 100'), ('MQL', 1, None)]
    """
    way = Lifecycle(stages, recycle)
    told = journeys(way, _asked(way, leads, field, at or NO_TIME))
    columns = {field: pl.col(AFTER), **_marks(way, at)}
    return pl.concat([leads, told], how="horizontal").select("_code", "_message", "_reason", **columns)


def _asked(way: Lifecycle, leads: pl.DataFrame, field: str, now: datetime) -> pl.DataFrame:
    types = field_types(leads.schema)
    holds = {f"holds:{number}": _holds(arrival, types, now) for number, arrival in enumerate(way.arrivals)}
    return leads.with_columns(**holds).select(field, *holds)


def _holds(arrival: Arrival, types: Mapping[str, FieldType], now: datetime) -> pl.Expr:
    if arrival.condition is None:
        return pl.lit(value=True)
    return compile_when(arrival.condition, f'stage "{arrival.name}"', types, now)


def _marks(way: Lifecycle, at: datetime | None) -> dict[str, pl.Expr]:
    """Give what is written beside the stage, by field: each keeps what it has where nobody arrives."""
    time = pl.lit(at.astimezone(UTC) if at else None, FieldType.DATETIME.dtype)
    named = fields_by_role(way.arrivals)
    made = {name: _mark(name, time) for name in named["stamp"]}
    made |= {name: pl.coalesce(pl.col(name), _mark(name, time)) for name in named["first"]}
    return made | {name: _mark(name, pl.col(name).fill_null(0) + _arrived(name)) for name in named["counter"]}


def _arrived(name: str) -> pl.Expr:
    return pl.col(f"{ARRIVALS}{name}")


def _mark(name: str, value: pl.Expr) -> pl.Expr:
    return pl.when(_arrived(name) > 0).then(value).otherwise(pl.col(name))
