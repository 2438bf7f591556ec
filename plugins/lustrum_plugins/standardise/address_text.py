"""The text of a street field before anybody reads it: one line, and what it cannot be."""

from __future__ import annotations

import html
import re

from lustrum import Failed
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.place_text import is_placeholder

_LINES = re.compile(r"[\s,;]*[\r\n\u2028\u2029]+[\s,;]*")
_BEFORE_MARK = re.compile(r"\s+(?=[,;])")
_REPEATED = re.compile(r"([,;])(?:\s*[,;])+")
_TIGHT = re.compile(r"([,;])(?=[^\W\d_])")
_NET = re.compile(r"\S@\S|://|www\.", re.IGNORECASE)
_EDGES = ' ,;|*•_"“”„'
_LONGEST = 300


def plain_address(text: str) -> str:
    """Give an address in one line, its lines parted by commas, without what nobody sees.

    >>> plain_address(" 12  Elm St ,Apt 4\\n Salem,, MA; ")
    '12 Elm St, Apt 4, Salem, MA'
    """
    unescaped = html.unescape(text) if "&" in text else text
    return tidied(one_line(_LINES.sub(", ", unescaped.strip())))


def tidied(text: str) -> str:
    """Put commas behind words, one at a time, and take off what stands at the ends."""
    text = _REPEATED.sub(r"\1", _BEFORE_MARK.sub("", text))
    return " ".join(_TIGHT.sub(r"\1 ", text).split()).strip(_EDGES)


def no_address(text: str) -> Failed | None:
    """Say why a text cannot be an address, if it cannot.

    >>> no_address("n/a").code, no_address("jo@example.com").code, no_address("12 Elm St")
    ('placeholder', 'not_an_address', None)
    """
    if is_placeholder(text):
        return Failed("placeholder", "the text stands for an address not told")
    if _NET.search(text):
        return Failed("not_an_address", "this is an address of the net, not of a place")
    if len(text) > _LONGEST:
        return Failed("not_an_address", f"the text is longer than {_LONGEST} signs")
    return None


def needs_capitals(text: str) -> bool:
    """Say whether all letters of a text are large, or all are small.

    >>> needs_capitals("12 ELM ST"), needs_capitals("12 elm st"), needs_capitals("12 Elm St"), needs_capitals("12 B")
    (True, True, False, True)
    """
    return text.isupper() or text.islower()
