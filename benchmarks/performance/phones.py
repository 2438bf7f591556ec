"""Phone numbers alone: `python -m benchmarks.performance.phones WAY LEADS.csv`.

Ways: `library`, phonenumbers for every lead, as it is; `cached`, the same with its cache of compiled patterns; `step`,
lustrum's step for every distinct input, as the engine asks it. All parse, check and write E.164, and are given the
phones as they take them, rows or columns. It prints the leads and the seconds, imports and reading not counted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import phonenumbers
import polars as pl

from lustrum_plugins.standardise.country import find_country

E164 = phonenumbers.PhoneNumberFormat.E164


def inputs_of(source: str) -> pl.DataFrame:
    """Read the phones that are there, each with the country of its lead: the United States, where that is unknown."""
    leads = pl.read_csv(source, infer_schema=False).select("phone", "country").drop_nulls("phone")
    codes = {country: find_country(country) for country in leads["country"].drop_nulls().unique()}
    return leads.with_columns(pl.col("country").replace_strict(codes, default=None).fill_null("US"))


def by_library(inputs: Iterable[tuple[str, str]]) -> None:
    """Read every phone by phonenumbers."""
    for phone, country in inputs:
        try:
            number = phonenumbers.parse(phone, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            phonenumbers.format_number(number, E164)


def by_cached_library(inputs: Iterable[tuple[str, str]]) -> None:
    """Read every phone by phonenumbers, whose cache of patterns is on."""
    from phonenumbers.re_util import enable_pattern_cache

    enable_pattern_cache()
    by_library(inputs)


def by_step(inputs: pl.DataFrame) -> None:
    """Ask lustrum's step for the distinct inputs: all at once, and one by one for those it leaves open then."""
    from lustrum_plugins.standardise.phone import phone

    given = inputs.unique()
    if phone.vectorised:
        given = given.filter(~phone.vectorised(given)["_claimed"])
    for one in given.iter_rows():
        phone(*one)


WAYS: Mapping[str, Callable[[Any], None]] = {"library": by_library, "cached": by_cached_library, "step": by_step}


def main(way: str, source: str) -> None:
    """Go one way over the phones of a file."""
    columns = inputs_of(source)
    inputs = columns if way == "step" else columns.rows()
    WAYS[way](inputs[:100])
    begun, used = time.perf_counter(), time.process_time()
    WAYS[way](inputs)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    json.dump({"leads": columns.height, "seconds": seconds, "cpu": cpu}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
