"""Reading campaign parameters out of addresses and cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, unquote_plus

from lustrum_plugins.standardise.characters import one_line

NAMES = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_CLICK_IDS = frozenset({"gclid", "gbraid", "wbraid", "dclid", "fbclid", "msclkid", "ttclid", "li_fat_id", "twclid"})
_LONGEST = 8192
_DECODINGS = 2
_CODED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNFILLED = re.compile(r"\{\{.*\}\}|\{[^{}]*\}|%%.*%%|\$\{.*\}|\[\[.*\]\]|__\w+__", re.DOTALL)
_NOTHING = frozenset(
    {"(not set)", "(not provided)", "not set", "not provided", "undefined", "null", "nan", "n/a", "na", "-", "(null)"}
)


def in_address(text: str) -> dict[str, list[str]]:
    """Give the campaign parameters of an address, each with all that it says.

    >>> in_address("https://acme.com/?a=1?UTM-Source=x&amp;utm_medium=y#utm_term=z")
    {'utm_source': ['x'], 'utm_medium': ['y'], 'utm_term': ['z']}
    """
    found: dict[str, list[str]] = {}
    for name, value in _parameters(text):
        if name in NAMES and value.strip():
            found.setdefault(name, []).append(value)
    return found


def has_click_id(text: str) -> bool:
    """Say whether an address carries the mark of an advertisement's click.

    >>> has_click_id("https://acme.com/?gclid=abc"), has_click_id("https://acme.com/?gclid=")
    (True, False)
    """
    return any(name in _CLICK_IDS and value for name, value in _parameters(text))


def plain_value(text: str, *, lower: bool = True) -> str | None:
    """Decode a value, once or twice as it was coded; None where it stands for nothing.

    >>> plain_value("Spring%2520Sale"), plain_value("100%"), plain_value("{keyword}"), plain_value("ID7", lower=False)
    ('spring sale', '100%', None, 'ID7')
    """
    for _ in range(_DECODINGS):
        text = unquote_plus(text) if _CODED.search(text) else text
    value = one_line(text)
    if value.casefold() in _NOTHING or _UNFILLED.fullmatch(value):
        return None
    return (one_line(value.lower()) if lower else value) or None


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    for each in re.split(r"[?#&]", unescape(one_line(text)[:_LONGEST]))[1:]:
        name, _, value = each.partition("=")
        yield unquote(name).strip().lower().replace("-", "_"), value.replace("+", " ")
