"""The times of activities: ISO 8601 and nothing else, so that no day is taken for a month."""

from __future__ import annotations

import polars as pl

_SHAPE = r"^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:[.,]\d{1,9})?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$"
_ZONED = "%Y-%m-%dT%H:%M:%S%.f%#z"
_NAIVE = "%Y-%m-%dT%H:%M:%S%.f"


def parse_times(texts: pl.Series, zone: str) -> pl.Series:
    """Read times, in UTC; one without an offset is that of the zone. What is no such time becomes null.

    A date alone is the start of its day. Of an hour that comes twice the first is meant, one that is left out is none.

    >>> texts = pl.Series(["2024-03-01T02:00:00Z", "2024-03-01 02:00", "2024-03-01", "01.03.2024"])
    >>> [time and time.isoformat() for time in parse_times(texts, "Europe/Rome").to_list()]
    ['2024-03-01T02:00:00+00:00', '2024-03-01T01:00:00+00:00', '2024-02-29T23:00:00+00:00', None]
    """
    frame = pl.DataFrame({"text": texts.str.strip_chars()})
    day, minute, second, offset = (pl.col("text").str.extract(_SHAPE, group) for group in (1, 2, 3, 4))
    seconds = pl.coalesce(second, pl.lit(":00")).str.replace(",", ".", literal=True)
    spelled = pl.concat_str(day, pl.lit("T"), pl.coalesce(minute, pl.lit("00:00")), seconds)
    zoned = (spelled + offset).str.to_datetime(_ZONED, strict=False, time_unit="us", time_zone="UTC")
    local = spelled.str.to_datetime(_NAIVE, strict=False, time_unit="us")
    here = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
    sixty = pl.coalesce(second, pl.lit("")).str.starts_with(":60")
    return frame.select(pl.when(~sixty).then(pl.coalesce(zoned, pl.when(offset.is_null()).then(here)))).to_series()
