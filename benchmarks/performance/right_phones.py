"""Which of the phone numbers that somebody wrote are wrong, by the word of phonenumbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import phonenumbers
import polars as pl
from benchmarks.performance.data import Data

from lustrum_plugins.standardise.country import find_country

WRITTEN = {"run-three-columns": "phone", "dataprep": "phone_clean"}
"""Who writes E.164, and in which column."""


def told_phones(data: Data, names: Sequence[str]) -> Iterator[str]:
    """Say, for those of the contestants who were measured, how many numbers in E.164 they wrote, and how many wrong."""
    files = {
        "run-three-columns": data.project("run-three-columns") / "out" / "leads.csv",
        "dataprep": data.target("dataprep", ".csv"),
    }
    for name, file in files.items():
        if name in names and file.exists():
            written, wrong = count(data.file(".csv"), file, WRITTEN[name], file.with_name("leads.quarantine.csv"))
            yield f"{name} wrote {written:,} numbers in E.164, {wrong:,} of them wrong."


def count(source: Path, target: Path, column: str, quarantine: Path) -> tuple[int, int]:
    """Count the numbers written as E.164, and the wrong ones; what stands in the quarantine was left as it was.

    Wrong is what is no valid number, or another than phonenumbers reads in the cell, in the country of the lead.
    """
    before = pl.read_csv(source, infer_schema=False).select("id", "phone", "country")
    after = pl.read_csv(target, infer_schema=False)[column].alias("written")
    both = before.hstack([after]).filter(pl.col("written").str.contains(r"^\+[0-9]+$"))
    if quarantine.exists():
        left = pl.read_csv(quarantine, infer_schema=False).filter(pl.col("field") == "phone")
        both = both.join(left, left_on="id", right_on="key", how="anti")
    both = both.select("phone", "country", "written")
    countries = {country: find_country(country) for country in both["country"].drop_nulls().unique()}
    cells = both.with_columns(pl.col("country").replace_strict(countries, default=None)).rows()
    return len(cells), sum(_is_wrong(*cell) for cell in cells)


def _is_wrong(phone: str, country: str | None, written: str) -> bool:
    number = _read(written, None)
    if number is None:
        return True
    meant = _read(phone, country)
    return meant is not None and meant != number


def _read(phone: str, country: str | None) -> str | None:
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return None
    e164 = phonenumbers.PhoneNumberFormat.E164
    return phonenumbers.format_number(number, e164) if phonenumbers.is_valid_number(number) else None
