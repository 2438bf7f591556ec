"""Columns of phone cells in plain digits, and which of them look like anything but one number."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.word_tables import words

_PLAIN = r"^[ -~\x{00a0}\x{2010}-\x{2015}\x{ff10}-\x{ff19}\x{ff0b}]*$"
_IN_ASCII = {chr(0xFF10 + digit): str(digit) for digit in range(10)} | {"＋": "+", "\u00a0": " ", "\u2011": "\u2010"}
_FLOAT = r"^(\+?[0-9]{7,15})\.0+$"
_LETTER = "[A-Za-z]"
_DIGIT_OR_PLUS = "[0-9+]"
_ODD = "[A-Za-z;|,&]"
_SEPARATOR = r"\s*/\s*"
_SHORT_ENDING = r"\s*/\s*[0-9]{1,3}$"
_URI = "(?i)^tel:[^A-Za-z/]*$"
_EXTENSION = (
    r"^[^A-Za-z/;|,&]*[0-9][^A-Za-z/;|,&]*(?i:;ext=|(?:e?xt(?:ensio)?n?|x)[.:]? *)[0-9]{1,7}[^A-Za-z0-9/;|,&]*$"
)
_ABROAD = r"\(?(?:00|011)[\s().-]*([1-9])"


def _gapped(digits: str) -> str:
    return "".join(f"{digit}[^0-9]*" for digit in digits)


_RUNS = "|".join(_gapped(begun) for begun in ("1234567", "0123456", "9876543", "0987654"))
_YEAR_OR_DAY = "(?:(?:19|20)[0-9]{2}|[0-9]{1,2})"
_DATES = "|".join(rf"{_YEAR_OR_DAY}{sign}[0-9]{{1,2}}{sign}{_YEAR_OR_DAY}(?:[ T].*)?$" for sign in ("-", "/", r"\."))
_SAME = "|".join(rf"(?:{_gapped(digit)}){{7,}}" for digit in "0123456789")
_SUSPECT = rf"^[^0-9]*(?:{_RUNS}|{_DATES}|(?:1[^0-9]*)?(?:{_SAME}))"
_FILLING = "|".join(rf"(?:1[^0-9]*)?(?:{_gapped(digit)}){{10}}$|(?:{_gapped(digit)}){{7,}}$" for digit in "0123456789")
_FILLER = rf"^[^0-9]*(?:{_FILLING})"


def plain_phones(cells: pl.Series) -> pl.Series:
    """Give cells as `plain_phone` does; none where that is better asked.

    >>> plain_phones(pl.Series(["Tel.: 030 １２３４５６", "'4930123456.0", "(030) 1234 (Office)", "é"])).to_list()
    ['030 123456', '4930123456', '(030) 1234', None]
    """
    cells = _only(cells, cells.str.contains(_PLAIN))
    wide = (cells.str.len_bytes() != cells.str.len_chars()).arg_true()
    cells = cells.scatter(wide, cells.gather(wide).str.replace_many(_IN_ASCII))
    cells = cells.str.strip_chars().str.strip_chars_start("'=\"").str.strip_chars_end("'\"")
    round_ones = cells.str.ends_with("0").arg_true()
    cells = cells.scatter(round_ones, cells.gather(round_ones).str.replace(_FLOAT, "${1}"))
    lettered = cells.str.contains(_LETTER).arg_true()
    return cells.scatter(lettered, _unlabelled(cells.gather(lettered)))


def _unlabelled(cells: pl.Series) -> pl.Series:
    before, after = _labels()
    bare = cells.str.replace(before, "${1}").str.replace(after, "").str.strip_chars()
    return bare.zip_with(~cells.str.contains("(?i)^tel:"), cells)


def is_one_number(cells: pl.Series) -> pl.Series:
    """Say which plain cells can be read as one number: no list, no date, no letters but those of an extension.

    >>> is_one_number(pl.Series(["030 1234 ext. 5", "030 1234, 5678", "3/10/1984", "030/1234"])).to_list()
    [True, False, False, True]
    """
    is_odd = cells.str.contains(_ODD)
    odd = is_odd.arg_true()
    some = cells.gather(odd)
    is_worded = some.str.contains(_EXTENSION) | some.str.contains(_URI)
    may_be = cells.str.contains("[0-9]") & ~cells.str.contains(_SUSPECT)
    return may_be & (~is_odd).scatter(odd, is_worded)


def shapes_of(cells: pl.Series) -> pl.DataFrame:
    """Say which plain cells can be told, as one number or as none at all (`is_told`), and which only fill the field.

    >>> shapes_of(pl.Series(["030 1234", "see notes", "030 1234, 5678", "n/a", "000-000-0000"])).rows()
    [(True, False), (True, False), (False, False), (True, True), (False, True)]
    """
    told = is_one_number(cells)
    others = (~told).arg_true()
    some = cells.gather(others)
    filled = pl.repeat(value=False, n=len(cells), dtype=pl.Boolean, eager=True).scatter(others, is_filler(some))
    return pl.DataFrame({"is_told": told.scatter(others, ~some.str.contains(_DIGIT_OR_PLUS)), "is_filler": filled})


def is_filler(cells: pl.Series) -> pl.Series:
    """Say which plain cells only fill the field: no letters and one digit repeated, or a word that says nothing.

    >>> is_filler(pl.Series(["000-000-0000", "1 (888) 888-8888", "888-888-8889", "n/a"])).to_list()
    [True, True, False, True]
    """
    wordless = ~cells.str.contains(_DIGIT_OR_PLUS)
    told = {text for text in cells.filter(wordless).unique() if is_placeholder(text, "phone")}
    repeated = cells.str.contains(_FILLER) & ~cells.str.contains(_LETTER)
    return repeated | (wordless & cells.is_in(told))


def parts_of(cells: pl.Series) -> pl.DataFrame:
    """Give the parts between slashes, where there are several: `row`, `part`; `ended` is what a short ending follows.

    >>> parts_of(pl.Series(["030/1234567", "030/1/3", "030 1234"])).rows()
    [(0, '030', False), (0, '1234567', False), (1, '030', False), (1, '1', False), (1, '3', False), (1, '030/1', True)]
    """
    evened = pl.col("part").str.replace_all(_SEPARATOR, "/").str.strip_chars("/").str.replace_all("/+", "/")
    rows = pl.DataFrame({"part": cells}, schema={"part": pl.String}).with_row_index("row")
    listed = rows.filter(pl.col("part").str.contains("/", literal=True)).with_columns(ended=False)
    pieces = listed.with_columns(evened.str.split("/")).filter(pl.col("part").list.len() > 1)
    ended = listed.filter(pl.col("part").str.contains(_SHORT_ENDING))
    before = ended.with_columns(pl.col("part").str.replace(_SHORT_ENDING, ""), ended=True)
    return pl.concat([pieces.explode("part"), before]).select("row", "part", "ended")


def halves_of(cells: pl.Series) -> pl.DataFrame:
    """Give the two halves of cells at each of their blanks: `row`, `left` and `right`.

    >>> halves_of(pl.Series(["030 12  34", "56"])).rows()
    [(0, '030', '12 34'), (0, '030 12', '34')]
    """
    words = pl.col("words").str.replace_all(" +", " ").str.split(" ")
    rows = pl.DataFrame({"words": cells}, schema={"words": pl.String}).with_row_index("row").with_columns(words)
    at = rows.with_columns(at=pl.int_ranges(1, pl.col("words").list.len())).explode("at", empty_as_null=False)
    left, right = pl.col("words").list.head("at"), pl.col("words").list.slice("at")
    return at.select("row", left=left.list.join(" "), right=right.list.join(" "))


def from_abroad(cells: pl.Series) -> pl.Series:
    """Read a prefix for calls abroad as `+`.

    >>> from_abroad(pl.Series(["0049 30 1234", "(011) 44 20", "030 1234"])).to_list()
    ['+49 30 1234', '+44 20', '030 1234']
    """
    return cells.str.replace(_ABROAD, "+${1}")


def _only(cells: pl.Series, those: pl.Series) -> pl.Series:
    return pl.select(pl.when(those).then(cells)).to_series()


@cache
def _labels() -> tuple[str, str]:
    known = sorted(words("phone_labels", "label"), key=len, reverse=True)
    label = "|".join(re.escape(word).replace("\\ ", " ") for word in known)
    before = rf"(?i)^(?:(?:(?:{label})\b[\s.:()/-]*)+|[tmp][.:]\s*)([+(0-9])"
    return before, rf"(?i)[\s,(\[-]+(?:{label})\.?[\s)\]]*$"
