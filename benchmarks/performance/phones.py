"""Phone numbers alone: `python -m benchmarks.performance.phones WAY LEADS.csv`.

Ways: `library`, phonenumbers for every lead, as it is; `cached`, the same with its cache of compiled patterns; `step`,
lustrum's step for every distinct input, as the engine asks it. All parse, check and write E.164. It prints the leads
and the seconds, imports and reading not counted.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TypeAlias

import phonenumbers
import polars as pl

Inputs: TypeAlias = list[tuple[str, str]]
"""Phones with the country they are read in."""

E164 = phonenumbers.PhoneNumberFormat.E164


def inputs_of(source: str) -> Inputs:
    """Read the phones that are there; a lead whose country is no code is read in the United States."""
    leads = pl.read_csv(source, infer_schema=False).select("phone", "country").drop_nulls("phone")
    known = pl.col("country").str.contains("^[A-Z]{2}$").fill_null(value=False)
    return leads.with_columns(pl.when(known).then("country").otherwise(pl.lit("US"))).rows()


def by_library(inputs: Inputs) -> None:
    """Read every phone by phonenumbers."""
    for phone, country in inputs:
        try:
            number = phonenumbers.parse(phone, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            phonenumbers.format_number(number, E164)


def by_cached_library(inputs: Inputs) -> None:
    """Read every phone by phonenumbers, whose cache of patterns is on."""
    from phonenumbers.re_util import enable_pattern_cache

    enable_pattern_cache()
    by_library(inputs)


def by_step(inputs: Inputs) -> None:
    """Ask lustrum's step for the distinct inputs: all at once, and one by one for those it leaves open then."""
    from lustrum_plugins.standardise.phone import phone

    given = pl.DataFrame(inputs, schema={"phone": pl.String, "country": pl.String}, orient="row").unique()
    if phone.vectorised:
        given = given.filter(~phone.vectorised(given)["_claimed"])
    for one in given.iter_rows():
        phone(*one)


WAYS = {"library": by_library, "cached": by_cached_library, "step": by_step}


def main(way: str, source: str) -> None:
    """Go one way over the phones of a file."""
    inputs = inputs_of(source)
    WAYS[way](inputs[:100])
    begun, used = time.perf_counter(), time.process_time()
    WAYS[way](inputs)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    json.dump({"leads": len(inputs), "seconds": seconds, "cpu": cpu}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
