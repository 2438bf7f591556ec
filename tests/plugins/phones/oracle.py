"""What phonenumbers itself says of a text, and where a column read at once says something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_possible_number_with_reason,
    number_type,
    parse,
    re_util,
    region_code_for_number,
)
from phonenumbers.phonenumberutil import ValidationResult

from lustrum_plugins.phones.numbers import Error
from lustrum_plugins.phones.plans import LOCAL_ONLY, POSSIBLE, TOO_LONG, TOO_SHORT, WRONG_LENGTH
from lustrum_plugins.phones.reader import read_phones

LENGTHS = {
    ValidationResult.IS_POSSIBLE: POSSIBLE,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: LOCAL_ONLY,
    ValidationResult.TOO_SHORT: TOO_SHORT,
    ValidationResult.TOO_LONG: TOO_LONG,
    ValidationResult.INVALID_LENGTH: WRONG_LENGTH,
}
Said = tuple[int | str | None, ...]


@dataclass(frozen=True)
class Mismatch:
    """A cell of which a column says something else than phonenumbers."""

    text: str
    region: str | None
    expected: Said
    got: Said


def phonenumbers_says(text: str, region: str | None) -> Said:
    """Give the error, or the number: E.164, region, type, length class and extension."""
    re_util.enable_pattern_cache()
    try:
        number = parse(text, region)
    except NumberParseException as refused:
        return refused.error_type, None, None, None, None, None
    e164 = format_number(number, PhoneNumberFormat.E164)
    length = LENGTHS[is_possible_number_with_reason(number)]
    kind = region_code_for_number(number), number_type(number)
    return Error.NONE, e164, *kind, length, number.extension


def read(cells: Sequence[tuple[str, str | None]]) -> pl.DataFrame:
    """Read cells at once."""
    frame = pl.DataFrame(cells, schema={"text": pl.String, "region": pl.String}, orient="row")
    return read_phones(frame["text"], frame["region"])


def mismatches(
    cells: Sequence[tuple[str, str | None]], got: pl.DataFrame, says: Iterable[Said] | None = None
) -> Iterator[Mismatch]:
    """Give the claimed cells that are not what phonenumbers says."""
    expected = says or (phonenumbers_says(*cell) for cell in cells)
    for (text, region), (claimed, *said), right in zip(cells, got.rows(), expected, strict=True):
        if claimed and tuple(said) != right:
            yield Mismatch(text, region, right, tuple(said))
