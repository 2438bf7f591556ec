"""`enrich.lookup`: take fields of a lead from a reference table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator

from lustrum import KEEP, Answer, Attempt, Failed, FieldName, Keep, ProjectFile, Skip, step
from lustrum.contracts.options import OptionValues
from lustrum_plugins.enrich.claims import Filling
from lustrum_plugins.enrich.filling_options import Protected
from lustrum_plugins.enrich.folding import Fold
from lustrum_plugins.enrich.matching import STRATEGIES, Match, Nearness, disagreement, match, readings
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


def _one_column(name: str | None, info: ValidationInfo) -> str | None:
    if name is not None:
        _in_the_table({"aliases": name}, info)
    return name


def _said_as_a_word(told: object) -> object:
    """Read `true` and `false`, which say the same more shortly."""
    return {"true": "always", "false": "empty"}.get(str(told).lower(), told)


AliasColumn = Annotated[str | None, AfterValidator(_one_column)]
Likeness = Annotated[float, Field(ge=50, le=100)]
Overwrite = Annotated[Literal["always", "empty"], BeforeValidator(_said_as_a_word)]


def _filling(options: OptionValues) -> Filling:
    return Filling(tuple(options["take"]), options["overwrite"], frozenset(options["protect"]))


def _reads(options: OptionValues) -> dict[str, bool]:
    """Name the fields read: the key is needed, a field that must not be overwritten is not."""
    keys = dict.fromkeys(options["on"], True)
    return {**keys, **{name: False for name in _filling(options).reads() if name not in keys}}


@step("enrich.lookup", strategies=STRATEGIES, reads=_reads, writes=lambda options: list(options["take"]))
def lookup(
    *values: str | None,
    table: LookupTable,
    on: Columns,
    take: Columns,
    ignore_case: bool = True,
    ignore: tuple[Fold, ...] = (),
    aliases: AliasColumn = None,
    fuzzy: Likeness | None = None,
    margin: Annotated[float, Field(ge=0, le=50)] = 5,
    overwrite: Overwrite = "always",
    protect: Protected = (),
    missing: Literal["fail", "skip"] = "skip",
    attempt: Attempt = Attempt(),  # noqa: B008 - an Attempt is frozen
) -> Mapping[str, str | Keep | None] | Answer[Mapping[str, str | Keep | None]] | Skip | Failed:
    """Take fields of a lead from the row of a reference table that has the lead's key.

    Options:

    * `table`: a CSV, TSV or Parquet file of the project. CSV is UTF-8, its first line names the columns, and they are
      separated by comma, semicolon, tab or `|`. Cells are taken as text (leading zeros stay), without spaces around.
    * `on`: the key, as `field of the lead: column of the table`. With several, all must agree.
    * `take`: what is taken, as `field that is written: column of the table`. An empty cell of the table is taken as
      "not known": the field keeps what it has.
    * `ignore_case`: whether `ACME` finds `Acme` (`true`). Spaces around a key never count.
    * `ignore`: what else does not count in a key, of `width`, `accents`, `punctuation` and `spaces`.
    * `aliases`: a column of the table with other spellings of the first key, `;` between them.
    * `fuzzy`: how alike (50 to 100) the first field of the key must at least be; the others must agree. Off unless
      told. Keys of fewer than five letters, or with other digits, are never near.
    * `margin`: by how much the nearest must be ahead of the next that says something else (5).
    * `overwrite`: `empty` (or `false`) keeps the fields that are filled and fills the others; else `always`.
    * `protect`: fields that are never written over, where they are filled.
    * `missing`: whether a key that the table lacks is a `skip` (default) or a `fail`.

    Strategies: `exact`, then `alias`, then `fuzzy`. The reason names the table's line, and how the row was found where
    it was not exactly.

    Skips with `empty` (a part of the key is empty), `already_filled` (nothing left to fill) or `not_found`.

    Fails with `not_found` (with `missing: fail`, and while a strategy is left), `ambiguous` (several rows have the key
    and differ in what is taken, or several keys are about as near; rows that agree are fine) or `table_wrong` (the
    table changed since the project was loaded and cannot be read).

    An exact look-up takes some 15 µs in a table of any size, the nearest key 10 ms for every 100,000 rows.

    ```yaml
    - use: enrich.lookup
      with: {table: tables/companies.csv, on: {company: Name}, take: {industry: Industry, employees: Employees}}
    ```
    """
    filling = Filling(tuple(take), overwrite, protect=frozenset(protect))
    names = _reads({"on": on, "take": take, "overwrite": overwrite, "protect": protect})
    cells = dict(zip(names, values, strict=True))
    key = [(cells[name] or "").strip() for name in on]
    if not all(key):
        return Skip("empty")
    wanted = filling.open_fields(cells)
    if not wanted:
        return Skip("already_filled")
    ignored: tuple[Fold, ...] = (*(("case",) if ignore_case else ()), *ignore)
    found = open_table(table, Layout(tuple(on.values()), tuple(take.values()), ignored, aliases))
    if isinstance(found, TableWrong):
        return Failed("table_wrong", str(found))
    meant = match(found, key, Nearness(fuzzy, margin), attempt)
    if meant is None:
        left = (aliases is not None and not attempt.tries("alias")) or (
            fuzzy is not None and not attempt.tries("fuzzy")
        )
        return _missing(table, key, "fail" if left else missing)
    return _taken(table, meant, list(take), wanted, ", ".join(key))


def _missing(table: Path, key: list[str], missing: Literal["fail", "skip"]) -> Skip | Failed:
    if missing == "skip":
        return Skip("not_found")
    return Failed("not_found", f'{table.name} has no row for "{", ".join(key)}"')


def _taken(
    table: Path, found: Match, take: list[str], wanted: list[str], key: str
) -> Answer[Mapping[str, str | Keep | None]] | Failed:
    written: dict[str, str | Keep | None] = dict.fromkeys(take, KEEP)
    for column, name in enumerate(take):
        if name not in wanted:
            continue
        if failed := disagreement(found, name, column, f'{table.name} for "{key}"'):
            return failed
        written[name] = next(iter(readings(found, column)), KEEP)
    how = f", {found.how}" if found.how else ""
    lost = tuple(dict.fromkeys(", ".join(row.shown) for row in found.others))
    return Answer(written, reason=f"{table.name}:{found.rows[0].line}{how}", candidates=lost)
