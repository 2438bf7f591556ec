"""The trails of a batch: its own, and those of earlier batches that still tell of leads which were spared in it.

The trail of a lead that is spared is that of the batch in which it last went through: this file is linked into the
folder of the new batch, as `trail-1.parquet` and so on, and costs nothing. `seen` says in which of them (`trail`), and
at which row of it (`place`), a lead stands; what else a linked file has is of leads that have gone through since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lustrum.engine.columns import constant, where
from lustrum.engine.result import net_of, texts
from lustrum.running.disk import link_or_copy
from lustrum.running.journal.cells import only, wide
from lustrum.running.journal.parts import empty_part, read_part, write_part

PLACES: Mapping[str, pl.DataType] = {"row": pl.UInt32(), "trail": pl.UInt16(), "place": pl.UInt32()}
"""Where leads (`row`) stand in linked trails; one of which no trail tells has neither `trail` nor `place`."""
_MOST, _KEPT = 8, 4
"""Of more linked trails than that, all but those that tell most become one."""


def trail_path(folder: Path, number: int) -> Path:
    """Name the file of a trail of a batch; its own is number 0."""
    return folder / (f"trail-{number}.parquet" if number else "trail.parquet")


@dataclass(frozen=True, slots=True)
class Replay:
    """What earlier batches did to leads that are spared: their `cells` (wide), and where the `trails` tell of them."""

    cells: pl.DataFrame
    places: pl.DataFrame
    trails: Mapping[int, Path | pl.DataFrame]

    @staticmethod
    def nothing() -> Replay:
        """Give what is replayed where no lead is spared."""
        return Replay(pl.DataFrame(schema={"row": pl.UInt32()}), pl.DataFrame(schema=dict(PLACES)), {})

    @staticmethod
    def of(cells: pl.DataFrame, leads: pl.DataFrame, folders: Mapping[int, Path]) -> Replay:
        """Find the trails of leads by where they stand in batches of an earlier run: `row`, `batch`, `trail`, `place`.

        `folders` are those of its batches. Leads and cells stand by row, ascending.
        """
        groups = leads.partition_by("batch", "trail", as_dict=True, maintain_order=True)
        told = [(trail_path(folders[batch], number), group) for (batch, number), group in groups.items()]
        found = sorted(((path, group) for path, group in told if path.is_file()), key=lambda each: -each[1].height)
        linked, others = (found, []) if len(found) <= _MOST else (found[:_KEPT], found[_KEPT:])
        places = [_numbered(group, number) for number, (_, group) in enumerate(linked, 1)]
        trails: dict[int, Path | pl.DataFrame] = {number: path for number, (path, _) in enumerate(linked, 1)}
        if others:
            last = len(linked) + 1
            trails[last] = pl.concat([moved(read_part(path, "trail"), group) for path, group in others])
            places.extend(_numbered(group.with_columns(place="row"), last) for _, group in others)
        known = pl.concat([pl.DataFrame(schema=dict(PLACES)), *places])
        return Replay(cells, leads.select("row").join(known, on="row", how="left", maintain_order="left"), trails)

    def only(self, fields: frozenset[str]) -> Replay:
        """Tell of no other fields than these; where there are others, what is left is no linked trail but a new one."""
        cells = only(self.cells, fields)
        if cells is self.cells:
            return self
        trail = self.trail()
        places = self.places.with_columns(trail=pl.lit(1, pl.UInt16), place=pl.col("row"))
        return Replay(cells, places, {1: trail.filter(trail["field"].is_in(fields))})

    def trail(self) -> pl.DataFrame:
        """Give all that the trails tell of these leads, at their rows of today, names as texts."""
        parts = [moved(_read(trail), _told(self.places, number)) for number, trail in self.trails.items()]
        return pl.concat([texts(empty_part("trail")), *parts])

    def write(self, folder: Path) -> None:
        """Link the trails into the folder of a batch, or copy them where they cannot be linked."""
        for number, trail in self.trails.items():
            path = trail_path(folder, number)
            if isinstance(trail, Path):
                link_or_copy(trail, path)
            else:
                write_part(trail, path)


def whole_trail(folder: Path) -> pl.DataFrame:
    """Read what is told of all leads of a batch, spared or not, with their keys, names as texts."""
    own = read_part(trail_path(folder, 0), "trail")
    linked = linked_trails(folder)
    if not linked:
        return own
    places = places_of(folder)
    return pl.concat([own, *(moved(read_part(path, "trail"), _told(places, n)) for n, path in linked.items())])


def told_by_trail(folder: Path) -> pl.DataFrame:
    """Give the cells of a batch that differ in the end, wide, where an older lustrum has made them no part of it."""
    net = net_of(read_part(trail_path(folder, 0), "trail"))
    return wide(net, 1 + highest(net["row"]))


def linked_trails(folder: Path) -> dict[int, Path]:
    """Find the trails that are linked into the folder of a batch, by number."""
    found = {int(path.stem.rpartition("-")[2]): path for path in folder.glob("trail-*.parquet")}
    return dict(sorted(found.items()))


def places_of(folder: Path) -> pl.DataFrame:
    """Give where the leads of a batch stand in the trails linked into its folder, laid out as `PLACES`."""
    return read_part(folder / "seen.parquet", "seen").select(list(PLACES)).drop_nulls("trail")


def moved(part: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """Give what a part tells of the leads that stand at each `place` of it, at their `row`."""
    size = 1 + max(highest(part["row"]), highest(leads["place"]))
    today = constant(None, pl.UInt32(), size).scatter(leads["place"], leads["row"])
    rows = today.gather(part["row"])
    here = part.with_columns(rows.alias("row"))
    return where(here, rows.is_not_null()) if rows.null_count() else here


def _told(places: pl.DataFrame, number: int) -> pl.DataFrame:
    return places.filter(places["trail"] == number)


def _numbered(leads: pl.DataFrame, number: int) -> pl.DataFrame:
    return leads.select("row", pl.lit(number, pl.UInt16).alias("trail"), pl.col("place").cast(pl.UInt32))


def _read(trail: Path | pl.DataFrame) -> pl.DataFrame:
    return read_part(trail, "trail") if isinstance(trail, Path) else trail


def highest(rows: pl.Series) -> int:
    """Give the highest of some row numbers, 0 where there are none."""
    return int(rows.to_numpy().max(initial=0))
