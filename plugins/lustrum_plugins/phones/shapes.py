"""Texts in which phonenumbers finds one number, and where in them it is."""

from __future__ import annotations

import polars as pl

MOST_SIGNS = 250
"""Longer texts are refused unread by phonenumbers; here they are counted in bytes."""
_PUNCTUATION = r" ().\-/\[\]\x{00a0}\x{2010}-\x{2015}\x{2212}"
_SIMPLE = rf"^[{_PUNCTUATION}']*\+*[{_PUNCTUATION}]*[0-9][0-9{_PUNCTUATION}]*$"
_LABEL = rf"[A-Za-z:'\t{_PUNCTUATION}]*?"
_EXTENSION = r"[ \x{00a0}]*(?i:;ext=|(?:e?xt(?:ensio)?n?|x)[.:]? *)([0-9]{1,7})"
_LABELLED = rf"^{_LABEL}(\+*)[{_PUNCTUATION}]*([0-9][0-9{_PUNCTUATION}]*?)(?:{_EXTENSION})?['\t\r\n{_PUNCTUATION}]*$"
_SPELT = rf"^[{_PUNCTUATION}']*\+*(?:[{_PUNCTUATION}]*[0-9]){{3}}[0-9A-Za-z{_PUNCTUATION}]*[A-Za-z][{_PUNCTUATION}]*$"
_FEWEST_LETTERS = 3
_KEYPAD = dict(zip("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999", strict=True))
PAIR = rf"^['{_PUNCTUATION}]*[0-9][0-9][{_PUNCTUATION}]*$"
"""Two digits and, at the ends, punctuation."""
_SECOND_NUMBER = r"[\\/] *[xX]"
_WIDE = {chr(0xFF10 + digit): str(digit) for digit in range(10)} | {"＋": "+"}
_IS_WIDE = "[\uff10-\uff19\uff0b]"
_WITHOUT_NUMBER = r"^[^0-9\x{0250}-\x{10ffff}]*$"
_CONTEXT = ";phone-context="


def shaped(texts: pl.Series) -> pl.DataFrame:
    """Give a row for each text that has the shape of one number: `row`, `number`, `has_plus` and `extension`.

    >>> shaped(pl.Series(["+49 (0)30 1234", "tel. 0301234 ext. 12", "030 1234 / 5678#", "1-800-LAMP"])).rows()
    [(0, '+49 (0)30 1234', True, None), (3, '1-800-5267', False, None), (1, '0301234', False, '12')]
    """
    cells = pl.DataFrame({"number": texts}).with_row_index("row").filter(pl.col("number").str.len_bytes() <= MOST_SIGNS)
    is_simple = cells.select(pl.col("number").str.contains(_SIMPLE)).to_series()
    plus = pl.col("number").str.contains("+", literal=True)
    simple = cells.filter(is_simple)
    others = cells.filter(~is_simple)
    is_spelt = others.select(_is_spelt(pl.col("number"))).to_series()
    spelt = others.filter(is_spelt).with_columns(pl.col("number").str.to_lowercase().str.replace_many(_KEYPAD))
    empty = pl.lit(None, pl.String)
    plain = pl.concat([simple, spelt]).with_columns(has_plus=plus, extension=empty)
    return pl.concat([plain, _labelled(others.filter(~is_spelt))])


def _is_spelt(text: pl.Expr) -> pl.Expr:
    """Say whether a text is read on the keypad: it begins with digits, ends with a letter, and has at least three."""
    has_letters = text.str.count_matches("[A-Za-z]") >= _FEWEST_LETTERS
    return text.str.contains(_SPELT) & has_letters & ~text.str.contains(_SECOND_NUMBER)


def _labelled(cells: pl.DataFrame) -> pl.DataFrame:
    is_wide = pl.col("number").str.contains(_IS_WIDE)
    narrow = pl.when("is_wide").then(pl.col("number").str.replace_many(_WIDE)).otherwise("number")
    found = (
        cells.with_columns(is_wide=is_wide)
        .with_columns(number=narrow)
        .filter(~pl.col("number").str.contains(_SECOND_NUMBER))
        .with_columns(parts=pl.col("number").str.extract_groups(_LABELLED))
    )
    plus, number, extension = (pl.col("parts").struct[place] for place in range(3))
    read = found.select("row", "is_wide", number=number, has_plus=plus != "", extension=extension)
    is_clear = pl.col("number").is_not_null() & ~(pl.col("is_wide") & pl.col("extension").is_not_null())
    return read.filter(is_clear).drop("is_wide")


def without_number(texts: pl.Series) -> pl.Series:
    """Say which texts hold no digit, so that they are no number.

    >>> without_number(pl.Series(["n/a", "", "+", "12", "٣"])).to_list()
    [True, True, True, False, False]
    """
    is_short = texts.str.len_bytes() <= MOST_SIGNS
    return texts.str.contains(_WITHOUT_NUMBER) & is_short & ~texts.str.contains(_CONTEXT, literal=True)
