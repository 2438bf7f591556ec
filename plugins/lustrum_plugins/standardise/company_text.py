"""The text of a company's name: what typing leaves round it, and the trading name behind d/b/a."""

from __future__ import annotations

import html
import re

from lustrum import Failed
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.legal_forms import is_form
from lustrum_plugins.standardise.placeholders import is_placeholder

_TRADING = re.compile(r"(?:[\s,(]+(?:d/?b/?a/?|d\.b\.a\.|t/a|doing business as|trading as))+[\s:]+", re.IGNORECASE)
_EDGES = re.compile(r"^[\s,;:*•·|_-]+|[\s,;:*•·|_–-]+$")
_PAIRS = (('"', '"'), ("'", "'"), ("“", "”"), ("„", "“"), ("«", "»"), ("‘", "’"))
_LEFT = tuple(left for left, _ in _PAIRS)
_WEB = re.compile(r"\S+@\S+\.\S+|(?:https?://|www\.)\S+", re.IGNORECASE)


def plain_company(text: str) -> str:
    """Take off what typing leaves round a company's name: blanks, stray commas, quotes round all of it, HTML.

    >>> plain_company(' "Blue  Lamp ,Inc." ; '), plain_company("Blue &amp; Green")
    ('Blue Lamp, Inc.', 'Blue & Green')
    """
    text = one_line(html.unescape(text) if "&" in text and ";" in text else text)
    text = _with_commas_in_place(text) if "," in text or ";" in text else text
    before = ""
    while text != before:
        before, text = text, unquoted(_EDGES.sub("", text))
    return text


def _with_commas_in_place(text: str) -> str:
    text = re.sub(r"\s+([,;])", r"\1", re.sub(r",(?=[^\W\d_])", ", ", text))
    return re.sub(r"([,;])[,;\s]*(?=[,;])", "", text)


def unquoted(text: str) -> str:
    """Take off one pair of quotes round the whole text.

    >>> unquoted("«Лампа»"), unquoted('Lamps "R" Us')
    ('Лампа', 'Lamps "R" Us')
    """
    if not text.startswith(_LEFT):
        return text
    for left, right in _PAIRS:
        inner = text[1:-1]
        if (
            len(text) > 2
            and text.startswith(left)
            and text.endswith(right)
            and left not in inner
            and right not in inner
        ):
            return inner.strip()
    return text


def split_trading_name(text: str) -> tuple[str, str]:
    """Split a name from the trading name behind d/b/a, which is empty where there is none.

    >>> split_trading_name("Blue Lamp LLC (DBA Lumen)"), split_trading_name("Blue Lamp")
    (('Blue Lamp LLC', 'Lumen'), ('Blue Lamp', ''))
    """
    legal, *rest = _TRADING.split(text, maxsplit=1)
    trading = rest[0].rstrip(")") if rest and "(" in text and "(" not in rest[0] else "".join(rest)
    return (legal, trading) if legal and trading else (text, "")


def no_company(text: str) -> Failed | None:
    """Say why a cleaned text names no company, or nothing.

    >>> no_company("n/a").code, no_company("info@example.com").code, no_company("Inc.").code, no_company("Blue Lamp")
    ('placeholder', 'not_a_company', 'not_a_company', None)
    """
    if is_placeholder(text, "company"):
        return Failed("placeholder", "the text names no company")
    if _WEB.fullmatch(text) or (text.isdecimal() and len(text) > 4):
        return Failed("not_a_company", "this is an address or a number, not the name of a company")
    if is_form(text):
        return Failed("not_a_company", "this is a legal form without the name of a company")
    return None
