"""What a cell of e-mail addresses holds beside them: links, names, brackets, notes, signs written out."""

from __future__ import annotations

import html
import re

from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.email_key import read_address

_LINK = re.compile(r"^(?:mailto|e-?mail|mail)\s*:\s*(?:mailto:)?", re.IGNORECASE)
_NAMED = re.compile(r"^[^<>@\[\]]*[<\[]\s*(?:mailto:)?([^<>\[\]]+?)\s*[>\]][\s.,;]*$", re.IGNORECASE)
_NOTED = re.compile(r"^([^\s()]+@[^\s()]+)\s*\([^()@]*\)$")
_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\{at\}|@)\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*(?:\(dot\)|\[dot\]|\{dot\})\s*", re.IGNORECASE)
_SPOKEN = re.compile(r"\S+ at [\w-]+(?: dot [\w-]+)+", re.IGNORECASE)
_SPACED_DOT = re.compile(r"(?<=[\w-])(?:\s+\.\s*|\.\s+)(?=[a-z]{2,6}$)", re.IGNORECASE)
_COMMA_ENDING = re.compile(r"(@[\w-]+(?:\.[\w-]+)*),(com|net|org|de|fr|uk|it|es|nl|ch|at|eu)$", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|lt|gt|amp|quot|commat|period);", re.IGNORECASE)
_WIDE = {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
_PAIRS = (("'", "'"), ('"', '"'), ("<", ">"), ("(", ")"), ("[", "]"), ("“", "”"), ("„", "“"), ("‘", "’"), ("«", "»"))
_ADDRESS = re.compile(r"[^\s<>,;:/|()\[\]\"@]+@[^\s<>,;:/|()\[\]\"@]+")


def plain_email(text: str) -> str:
    """Take off what surrounds an address, and write out its signs.

    >>> plain_email("Doe, Jo [mailto:jo@example.com]"), plain_email("jo (at) example (dot) com (private)")
    ('jo@example.com', 'jo@example.com')
    """
    before, text = "", one_line(text.translate(_WIDE))
    while text != before:
        before, text = text, _cleaned(text)
    return text


def addresses_in(text: str) -> tuple[str, ...]:
    """Give the different addresses of a text that holds more than one `@`; one alone only where all of them are it.

    >>> addresses_in("jo@example.com; Ann <ann@example.org>"), addresses_in("jo@example.com")
    (('jo@example.com', 'ann@example.org'), ())
    """
    if text.count("@") < 2:
        return ()
    pieces = [unwrapped(piece) for piece in _ADDRESS.findall(text)]
    found = [address for piece in pieces if isinstance(address := read_address(piece), str)]
    different = tuple({address.lower(): address for address in reversed(found)}.values())[::-1]
    return different if len(different) > 1 or len(found) == text.count("@") else ()


def unwrapped(text: str) -> str:
    """Take off quotes, brackets and closing punctuation around an address."""
    before = ""
    while text != before:
        before = text
        text = text.strip().rstrip(".,;:!").strip()
        text = text.rstrip(">)]") if "@" in text and not set(text) & set("<([") else text
        for left, right in _PAIRS:
            if text.startswith(left) and text.endswith(right) and len(text) > 1:
                text = text[1:-1]
    return text.removeprefix("'") if "'" not in text[1:] else text


def _cleaned(text: str) -> str:
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    link = _LINK.match(text)
    text = text[link.end() :].partition("?")[0] if link else text
    for surrounded in (_NAMED, _NOTED):
        inner = surrounded.match(text)
        text = inner[1] if inner else text
    text = _with_signs(unwrapped(text))
    return one_line(_SPACED_DOT.sub(".", _COMMA_ENDING.sub(r"\1.\2", text)) if text.count("@") == 1 else text)


def _with_signs(text: str) -> str:
    if "@" not in text:
        text = text.replace("%40", "@")
        text = text.replace(" at ", "@").replace(" dot ", ".") if _SPOKEN.fullmatch(text) else text
    return _DOT.sub(".", _AT.sub("@", text))
