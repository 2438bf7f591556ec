"""Numbers as people write them, with their separators."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

MARKS = (".", ",")
"""The signs that may stand before decimals."""

_PLAIN = re.compile(r"\d+")
_BLANKS = re.compile(r"(\d{1,3})((?:[ '’‘`´]\d{3})+)([.,]\d+)?")
_BY_TEXT = (
    (",", re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")),
    (".", re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}")),
    (".", re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")),
)
_ONE_MARK = re.compile(r"(\d*)([.,])(\d+)")
_LONGEST = 30
_DIGITS = str.maketrans({"٫": ".", "٬": "'", "،": ","})


def plain_digits(text: str) -> str:
    """Write the digits of every script as 0 to 9, full-width and no-break forms as plain ones.

    >>> plain_digits("１.２３４"), plain_digits("٥٠٠")
    ('1.234', '500')
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text.translate(_DIGITS))
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)


def read_number(text: str, mark: str) -> Decimal | None:
    """Read a number, `mark` standing before decimals wherever the text itself does not say so.

    >>> read_number("1.234,56", "."), read_number("1'234", "."), read_number("1,5", ".")
    (Decimal('1234.56'), Decimal('1234'), Decimal('1.5'))
    >>> read_number("1.234", "."), read_number("1.234", ","), read_number("12.34.5", ".")
    (Decimal('1.234'), Decimal('1234'), None)
    """
    if len(text) > _LONGEST:
        return None
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if match := _BLANKS.fullmatch(text):
        return Decimal(match[1] + re.sub(r"\D", "", match[2]) + (match[3] or "").replace(",", "."))
    for decimals, form in _BY_TEXT:
        if form.fullmatch(text):
            return _decimal(text, decimals)
    return _one_mark(text, mark)


def written(value: Decimal) -> str:
    """Write a sum without separators, with no single decimal, such that it can be read in one way only.

    >>> written(Decimal("1234.5")), written(Decimal("5E6")), written(Decimal("1.234"))
    ('1234.50', '5000000', '1.2340')
    """
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    whole, _, decimals = text.lstrip("-").partition(".")
    thousand_like = len(decimals) == 3 and len(whole) < 4 and whole != "0"
    return f"{text}0" if len(decimals) == 1 or thousand_like else text


def _one_mark(text: str, mark: str) -> Decimal | None:
    match = _ONE_MARK.fullmatch(text)
    if not match:
        return None
    whole, sign, decimals = match.groups()
    grouped = len(decimals) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    if grouped and sign != mark:
        return Decimal(whole + decimals)
    return Decimal(f"{whole or '0'}.{decimals}")


def _decimal(text: str, mark: str) -> Decimal:
    return Decimal("".join("." if sign == mark else sign for sign in text if sign.isdigit() or sign == mark))
