"""The activities that applied runs made themselves: what they changed, executed, requested and told people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from lustrum.engine.given import ACTIVITIES
from lustrum.engine.result import net_of
from lustrum.planning.campaign_tree import SEPARATOR
from lustrum.running.activities.attributes import write_attributes
from lustrum.running.activities.ids import digest_rows
from lustrum.running.journal.applied_parts import AppliedParts
from lustrum.words.fields import FieldType, field_name, parse_cells

VALUE: Final = "data value changed"
SCORE: Final = "score was changed"
ADDED, REMOVED = "was added to list", "was removed from list"
STATUS: Final = "program status was changed"
EXECUTED: Final = "campaign was executed"
OF_EFFECTS: Mapping[str, str] = {
    "moment": "had interesting moment",
    "alert": "alert was sent",
    "request": "campaign was requested",
    "call_webhook": "webhook is called",
}
"""What the effects of a kind are, as activities."""

SCORING = ("change.score", "qualify.score")
"""The steps whose changes are changes of a score."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the changed fields are about: lists and programs by their names, and integers, which scores may be."""

    lists: Mapping[str, str]
    programs: Mapping[str, str]
    integers: frozenset[str]

    @staticmethod
    def of(lists: Iterable[str], programs: Iterable[str], types: Mapping[str, FieldType]) -> Subjects:
        """Find the fields of a project's lists and programs, and those of the leads that are integers."""
        return Subjects(
            {field_name(f"list.{name}"): name for name in lists},
            {field_name(f"status.{name}"): name for name in programs},
            frozenset(name for name, kind in types.items() if kind is FieldType.INTEGER),
        )


class OwnActivities:
    """The activities of some types that the journals of applied runs tell of."""

    def __init__(self, parts: AppliedParts, subjects: Subjects, types: frozenset[str]) -> None:
        self._parts = parts
        self._subjects = subjects
        self._types = types

    def of(self, keys: pl.Series) -> pl.DataFrame:
        """Give the activities of some leads, laid out as `ACTIVITIES`."""
        made = [frame for frame in self._made(keys) if not frame.is_empty()]
        return pl.concat(made) if made else pl.DataFrame(schema=dict(ACTIVITIES))

    def _made(self, keys: pl.Series) -> Iterator[pl.DataFrame]:
        if self._types & {VALUE, ADDED, REMOVED, STATUS}:
            yield from self._of_net(_new(net_of(self._parts.of("trail", keys, "net")), "field"))
        if SCORE in self._types:
            yield self._scores(keys)
        if EXECUTED in self._types:
            executed = self._parts.of("executed", keys)
            yield _activities(EXECUTED, executed, ("campaign",), ("path", "campaign"))
        wanted = [kind for kind, name in OF_EFFECTS.items() if name in self._types]
        if wanted:
            effects = self._parts.of("effects", keys, f"kind IN {_ANY.format('kinds')}", kinds=wanted)
            yield from (_of_effects(kind, effects.filter(pl.col("kind") == kind)) for kind in wanted)

    def _of_net(self, net: pl.DataFrame) -> Iterator[pl.DataFrame]:
        lists, programs = self._subjects.lists, self._subjects.programs
        if VALUE in self._types:
            others = net.filter(~pl.col("field").is_in([*lists, *programs])).with_columns(attribute="field")
            yield _activities(VALUE, others.rename(_VALUES), ("attribute", "old_value", "new_value"), ("attribute",))
        if STATUS in self._types:
            moved = _named(net, programs, "program").rename(_STATUSES)
            yield _activities(STATUS, moved, ("program", "old_status", "new_status"), ("field",))
        listed = _named(net, lists, "list")
        was, is_now = (parse_cells(listed[name], FieldType.BOOLEAN).fill_null(False) for name in ("before", "after"))
        for kind, came in ((ADDED, ~was & is_now), (REMOVED, was & ~is_now)):
            if kind in self._types:
                yield _activities(kind, listed.filter(came), ("list",), ("field",))

    def _scores(self, keys: pl.Series) -> pl.DataFrame:
        """Give what each entry that scores did to a score in a run, where the score changed at all."""
        here = ["run", "key", "field"]
        scores = sorted(self._subjects.integers)
        scoring = f"step IN {_ANY.format('steps')} AND field IN {_ANY.format('fields')}"
        written = self._parts.of("trail", keys, f"net AND {scoring}", steps=SCORING, fields=scores)
        ends = (pl.col("started", "in_place", "before").first(), pl.col("after").last())
        changed = written.group_by(*here, "path", maintain_order=True).agg(ends)
        before, after = (pl.col(name).cast(pl.Int64, strict=False).fill_null(0) for name in ("before", "after"))
        found = (
            _new(changed, "path", "field")
            .filter(pl.col("before").ne_missing(pl.col("after")))
            .with_columns(pl.col("field").alias("attribute"), (after - before).cast(pl.String).alias("change"))
        )
        attributes = ("attribute", "old_value", "new_value", "change")
        return _activities(SCORE, found.rename(_VALUES), attributes, ("path", "field"))


_ANY = "(SELECT unnest(CAST(${} AS VARCHAR[])))"
_VALUES = {"before": "old_value", "after": "new_value"}
_STATUSES = {"before": "old_status", "after": "new_status"}


def _new(changes: pl.DataFrame, *place: str) -> pl.DataFrame:
    """Leave out what a run did only because the source does not have yet what an earlier one did there."""
    repeated = [pl.col(name).eq_missing(pl.col(name).shift().over("key", *place)) for name in ("before", "after")]
    first = pl.int_range(pl.len()).over("key", *place) == 0
    return changes.filter(pl.col("in_place") | first | ~pl.all_horizontal(repeated))


def _named(net: pl.DataFrame, names: Mapping[str, str], subject: str) -> pl.DataFrame:
    """Give the changes of the fields named, with the names."""
    name = pl.col("field").replace_strict(names, default=None, return_dtype=pl.String)
    return net.with_columns(name.alias(subject)).filter(pl.col(subject).is_not_null())


def _of_effects(kind: str, effects: pl.DataFrame) -> pl.DataFrame:
    """Lay out effects of a kind; the effect's key and time tell them apart, for one may happen again within a run."""
    last = pl.col("path").str.split(SEPARATOR).list.last()
    told = effects.with_columns(
        pl.col("at").dt.epoch("us").cast(pl.String).alias("time"),
        *(pl.col(column).alias(name) for column, name in _ATTRIBUTES[kind].items() if column),
        pl.coalesce("type", last).alias("campaign"),
        last.alias("webhook"),
    )
    names = tuple(_ATTRIBUTES[kind].values())
    return _activities(OF_EFFECTS[kind], told, names, ("path", "effect", "time"))


_ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "moment": {"type": "type", "text": "description"},
    "alert": {"subject": "subject", "type": "to"},
    "request": {"": "campaign"},
    "call_webhook": {"": "webhook"},
}
"""Which columns of an effect of each kind are its attributes, the primary one first."""


def _activities(kind: str, frame: pl.DataFrame, attributes: Sequence[str], marks: Sequence[str]) -> pl.DataFrame:
    """Lay activities out with some columns as attributes, the first of which is the primary one.

    `marks` are the columns that tell those of one lead and run apart.
    """
    rows = frame.select(attributes).iter_rows(named=True)
    texts = [write_attributes({name: value for name, value in row.items() if value is not None}) for row in rows]
    said = frame.select("run", "key", pl.lit(kind), *marks)
    return pl.DataFrame(
        [
            frame["key"],
            digest_rows(said.iter_rows()),
            pl.Series("type", [kind], dtype=pl.String).new_from_index(0, frame.height),
            frame["started"].alias("date_of_activity"),
            frame[attributes[0]].alias("name"),
            pl.Series("attributes", texts, dtype=pl.String),
        ]
    )
