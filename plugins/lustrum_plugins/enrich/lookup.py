"""`enrich.lookup`: take fields of a lead from a reference table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator

from lustrum import KEEP, Failed, FieldName, Keep, ProjectFile, Skip, step
from lustrum.contracts.options import OptionValues
from lustrum_plugins.enrich.reference_table import Layout, open_table
from lustrum_plugins.enrich.table_file import SUFFIXES, TableWrong, check_columns


def _readable(table: Path) -> Path:
    if table.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{table.name} is no table; name a .csv, .tsv or .parquet file")
    return table


def _each_field_once(columns: Any, read: ValidatorFunctionWrapHandler) -> dict[str, str]:
    named: dict[str, str] = read(columns)
    if len(named) < len(columns):
        raise ValueError("a field stands there twice, in two spellings; keep one of them")
    return named


def _in_the_table(columns: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    table = info.data.get("table")
    try:
        if isinstance(table, Path):
            check_columns(table, list(columns.values()))
    except TableWrong as error:
        raise ValueError(str(error)) from error
    return columns


LookupTable = Annotated[ProjectFile, AfterValidator(_readable)]
Columns = Annotated[
    dict[FieldName, str], Field(min_length=1), WrapValidator(_each_field_once), AfterValidator(_in_the_table)
]


def _reads(options: OptionValues) -> dict[str, bool]:
    """Name the fields read: the key is needed, a field that must not be overwritten is not."""
    kept = () if options["overwrite"] else options["take"]
    keys = dict.fromkeys(options["on"], True)
    return {**keys, **{name: False for name in kept if name not in keys}}


@step("enrich.lookup", reads=_reads, writes=lambda options: list(options["take"]))
def lookup(
    *values: str | None,
    table: LookupTable,
    on: Columns,
    take: Columns,
    ignore_case: bool = True,
    overwrite: bool = True,
    missing: Literal["fail", "skip"] = "skip",
) -> Mapping[str, str | Keep | None] | Skip | Failed:
    """Take fields of a lead from the row of a reference table that has the lead's key.

    Options:

    * `table`: a CSV, TSV or Parquet file of the project. CSV is UTF-8, its first line names the columns, and they are
      separated by comma, semicolon, tab or `|`. Cells are taken as text (leading zeros stay), without spaces around.
    * `on`: the key, as `field of the lead: column of the table`. With several, all must agree.
    * `take`: what is taken, as `field that is written: column of the table`. An empty cell of the table is taken as
      "not known": the field keeps what it has.
    * `ignore_case`: whether `ACME` finds `Acme` (`true`). Spaces around a key never count; anything else must be equal.
    * `overwrite`: `false` keeps the fields that are filled and fills the others.
    * `missing`: whether a key that the table lacks is a `skip` (default) or a `fail`.

    Skips with `empty` (a part of the key is empty), `already_filled` (`overwrite: false` and nothing left to fill) or
    `not_found`.

    Fails with `not_found` (with `missing: fail`), `ambiguous` (several rows have the key and differ in what is taken;
    rows that agree are fine) or `table_wrong` (the table changed since the project was loaded and cannot be read).

    ```yaml
    - use: enrich.lookup
      with: {table: tables/companies.csv, on: {company: Name}, take: {industry: Industry, employees: Employees}}
    ```
    """
    cells = dict(zip(_reads({"on": on, "take": take, "overwrite": overwrite}), values, strict=True))
    key = [(cells[name] or "").strip() for name in on]
    if not all(key):
        return Skip("empty")
    wanted = [name for name in take if overwrite or not cells[name]]
    if not wanted:
        return Skip("already_filled")
    found = open_table(table, Layout(tuple(on.values()), tuple(take.values()), ignore_case))
    if isinstance(found, TableWrong):
        return Failed("table_wrong", str(found))
    readings = found.find(key)
    if readings is None:
        return _missing(table, key, missing)
    return _taken(dict(zip(take, readings, strict=True)), wanted, f'{table.name} for "{", ".join(key)}"')


def _missing(table: Path, key: list[str], missing: Literal["fail", "skip"]) -> Skip | Failed:
    if missing == "skip":
        return Skip("not_found")
    return Failed("not_found", f'{table.name} has no row for "{", ".join(key)}"')


def _taken(
    readings: Mapping[str, tuple[str, ...]], wanted: list[str], where: str
) -> Mapping[str, str | Keep | None] | Failed:
    for name in wanted:
        if len(readings[name]) > 1:
            return Failed("ambiguous", f"several rows of {where} differ in {name}", readings[name])
    return {name: readings[name][0] if name in wanted and readings[name] else KEEP for name in readings}
