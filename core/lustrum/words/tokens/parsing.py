"""Finding the tokens of a text."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from lustrum.words.durations import DurationError, parse_duration
from lustrum.words.nearest import did_you_mean
from lustrum.words.tokens.dates import LONGEST
from lustrum.words.tokens.text import TokenText, joined
from lustrum.words.tokens.token import NAMESPACES, Token, TokenError, canonical_name

_PIECE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_BRACES = re.compile(r"\{\{|\}\}")
_SHIFT = re.compile(r"([+-])\s*([0-9]+(?:\.[0-9]+)?\s*[a-z]+)$", re.IGNORECASE)

_NO_TOKEN = "a token looks like {{lead.first_name}}; put a space between the braces if none is meant"  # noqa: S105  # no secret
_ELSEWHERE: Final = {
    "company": "write {{{{lead.{name}}}}}: company fields are fields of the lead",
    "program": "write {{{{campaign.name}}}} for the campaign's name, or define {{{{my.program_{name}}}}} under my:",
    "member": "write {{{{lead.status_webinar}}}} for the status in the program webinar; a member's other fields are "
    "fields of the lead: {{{{lead.{name}}}}}",
}
"""What to write instead of tokens that Marketo has in other namespaces."""


def parse_text(text: str) -> TokenText:
    """Find the tokens of a text. Raises `TokenError` for any other use of double braces.

    >>> [str(token) for token in parse_text("{{lead.First Name:default=there}} {{lead.Trial End - 2 weeks}}").tokens]
    ['{{lead.first_name:default=there}}', '{{lead.trial_end - 14d}}']
    """
    parts: list[str | Token] = []
    end = 0
    for piece in _PIECE.finditer(text):
        parts += [_plain(text[end : piece.start()]), _token(piece[1], piece[0])]
        end = piece.end()
    return joined([*parts, _plain(text[end:])])


def _token(inner: str, piece: str) -> Token:
    written, colon, rest = inner.partition(":")
    namespace, dot, spelt = (part.strip() for part in written.partition("."))
    if not dot or "{{" in inner:
        raise TokenError(f"{piece} is no token", _NO_TOKEN)
    if namespace not in NAMESPACES:
        raise TokenError(f"{piece}: there is no namespace {namespace}", _instead(namespace, spelt))
    name, shift = _shift(namespace, spelt, piece)
    if not name:
        raise TokenError(f"{piece} names nothing after the dot", _NO_TOKEN)
    return Token(namespace, name, _default(rest, piece) if colon else None, shift)


def _shift(namespace: str, spelt: str, piece: str) -> tuple[str, timedelta | None]:
    """Part a name from the length of time added to it; without a space before its sign it may be part of the name."""
    found = _SHIFT.search(spelt)
    whole = canonical_name(namespace, spelt)
    if not found or not (before := spelt[: found.start()]):
        return whole, None
    named = f"for the value named so write {{{{{namespace}.{whole}}}}}"
    try:
        length = parse_duration(found[2])
    except DurationError as error:
        if before == before.rstrip():
            return whole, None
        raise TokenError(f"{piece}: {error}", named) from error
    if before == before.rstrip():
        raise TokenError(f"{piece} adds a time without a space", f"put one on each side of {found[1]}; {named}")
    name = canonical_name(namespace, before)
    _check_shift(piece, before, length, f"{namespace}.{name}")
    return name, -length if found[1] == "-" else length


def _check_shift(piece: str, before: str, length: timedelta, name: str) -> None:
    if _SHIFT.search(before.strip()):
        raise TokenError(f"{piece} adds more than one length of time", "write their sum")
    if length > LONGEST:
        raise TokenError(f"{piece} leaves the calendar", "shift it by less")
    if name == "system.time":
        raise TokenError(f"{piece}: a time of day cannot be shifted", "shift {{system.date_time}} instead")


def _default(rest: str, piece: str) -> str:
    word, equals, default = rest.partition("=")
    if word.strip() != "default" or not equals:
        raise TokenError(f"{piece} is no token", "after the colon stands a default, as in :default=there")
    return default.strip()


def _instead(namespace: str, spelt: str) -> str:
    if advice := _ELSEWHERE.get(namespace.lower()):
        return advice.format(name=canonical_name("my", spelt) or "name")
    return did_you_mean(namespace, NAMESPACES) or f"there are {', '.join(NAMESPACES)}"


def _plain(text: str) -> str:
    if found := _BRACES.search(text):
        around = text[max(0, found.start() - 10) : found.end() + 20].strip()
        raise TokenError(f'the braces {found[0]} in "{around}" are no token', _NO_TOKEN)
    return text
