"""What a cell of phone numbers holds before anybody parses it: labels, extensions, letters, dates, placeholders."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache

from lustrum_plugins.standardise.characters import visible
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.word_tables import words

_LETTER = re.compile(r"[^\W\d_]")
_FLOAT = re.compile(r"(\+?\d{7,15})\.0+")
_DATE = re.compile(r"(\d{4}|\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{1,2})(?:[ T]+\d{1,2}[:.]\d{2}.*)?")
_URI = re.compile(r"tel:", re.IGNORECASE)
_EXTENSION = re.compile(r"[^\W\d_]*[^\w]*(\d{1,20})[^\w]*$")
_VANITY = re.compile(r"[+(]{0,2}\d[\d\s().-]{1,9}[A-Za-z][A-Za-z\s.-]+[A-Za-z]\.?[\d\s.-]{0,7}")
_STRAY = re.compile(r"(?<=\d)([\s.-]?)[ACDEGHJKMNPRTUVWYacdeghjkmnprtuvwy](?![^\W\d_])")
_SURE_SEPARATOR = re.compile(r"\s*[;|\n]\s*|\s+(?:or|and|oder|und|ou|et|o|y|e|или|и)\s+", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[/,&]\s*")
_RUN = "12345678901234567890"
_COUNTDOWNS = frozenset({"9876543210", "0987654321"})


def plain_phone(text: str) -> str:
    """Give a phone cell in plain digits, without invisible characters, labels, and what spreadsheets add.

    >>> plain_phone("Tel.: ０３０\u200b １２３４５６"), plain_phone("'4930123456.0"), plain_phone("(030) 1234 (Büro)")
    ('030 123456', '4930123456', '(030) 1234')
    """
    digits = (text if text.isascii() else _in_ascii_digits(text)).strip().lstrip("'=\"").rstrip("'\"")
    whole = _FLOAT.fullmatch(digits)
    text = whole[1] if whole else digits
    return text if _URI.match(text) else _unlabelled(text)


def _in_ascii_digits(text: str) -> str:
    folded = visible(unicodedata.normalize("NFKC", text))
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in folded)


def _unlabelled(text: str) -> str:
    if not _LETTER.search(text):
        return text
    before, after = _labels()
    return after.sub("", before.sub("", text)).strip()


@cache
def _labels() -> tuple[re.Pattern[str], re.Pattern[str]]:
    known = sorted(words("phone_labels", "label"), key=len, reverse=True)
    label = "|".join(re.escape(word) for word in known)
    before = rf"^(?:(?:{label})\b[\s.:()/-]*)+(?=[+(\d])|^[tmp][.:]\s*(?=[+(\d])"
    after = rf"[\s,(\[-]+(?:{label})\.?[\s)\]]*$"
    return re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE)


def is_date(text: str) -> bool:
    """Say whether digits in three groups are a date, in any usual order, and not a phone number.

    >>> is_date("3/10/1984"), is_date("2015-06-11 08:30 AM"), is_date("31.12.99"), is_date("555-12-3456")
    (True, True, True, False)
    """
    match = _DATE.fullmatch(text)
    if not match:
        return False
    first, second, third = match[1], match[3], match[4]
    year, days = (first, (second, third)) if len(first) == 4 else (third, (first, second))
    return len(year) in (2, 4) and (_is_day(year, *days) or _is_day(year, *reversed(days)))


def _is_day(year: str, month: str, day: str) -> bool:
    number = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        return 1900 <= date(number, int(month), int(day)).year < 2100
    except ValueError:
        return False


def is_junk(text: str) -> bool:
    """Say whether a phone only fills the field: words such as `n/a`, or one digit repeated.

    >>> is_junk("000-000-0000"), is_junk("none"), is_junk("0900 112233")
    (True, True, False)
    """
    digits = _digits(text)
    if not digits:
        return is_placeholder(text, "phone")
    american = digits[1:] if digits.startswith("1") and len(digits) == 11 else digits
    return len(set(american)) == 1 and len(american) >= 7


def is_run(text: str) -> bool:
    """Say whether the digits only count up or down, as of one who had to write something.

    >>> is_run("123-456-7890"), is_run("0123456789"), is_run("+1 234 567 890"), is_run("123456")
    (True, True, False, False)
    """
    digits = _digits(text)
    counted = digits in _COUNTDOWNS or _RUN.startswith(digits) or ("0" + _RUN).startswith(digits)
    return not text.startswith("+") and len(digits) >= 7 and counted


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def without_stray_letters(text: str) -> str:
    """Leave out one or two single Latin letters among the digits, none that look like a digit or hide one.

    >>> without_stray_letters("0900 332 600a5"), without_stray_letters("030 12o456"), without_stray_letters("12 ab 34")
    ('0900 332 6005', '030 12o456', '12 ab 34')
    """
    found = _STRAY.findall(text)
    stray = 1 <= len(found) <= 2 and len(_LETTER.findall(text)) == len(found)
    return _STRAY.sub(r"\1", text) if stray else text


def letters_left(text: str, extension: str | None) -> bool:
    """Say whether letters stand in the number itself, the word before an extension not counted.

    >>> letters_left("030 1234 ext. 5", "5"), letters_left("1-800-555-LAMP", None)
    (False, True)
    """
    if _URI.match(text) or not _LETTER.search(text):
        return False
    match = _EXTENSION.search(text) if extension else None
    number = text[: match.start()] if match and match[1] == extension else text
    return bool(_LETTER.search(number))


def is_vanity(text: str) -> bool:
    """Say whether a number holds a word to be typed on the keypad.

    >>> is_vanity("1-800-555-LAMP"), is_vanity("0800 LAMP 12"), is_vanity("2125550xxx"), is_vanity("0900 123 45a6")
    (True, True, False, False)
    """
    letters = [character.lower() for character in text if character.isalpha()]
    return bool(_VANITY.fullmatch(text)) and len(letters) >= 3 and len(set(letters)) > 1


def parts(text: str) -> list[str]:
    """Split a cell where a second number may begin.

    >>> parts("030 123456 / 0170 1234567")
    ['030 123456', '0170 1234567']
    """
    surely = _SURE_SEPARATOR.split(text)
    pieces = surely if len(surely) > 1 else _SEPARATOR.split(text)
    return [part for part in (_unlabelled(piece.strip()) for piece in pieces) if part]
