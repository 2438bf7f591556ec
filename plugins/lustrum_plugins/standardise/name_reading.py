"""A person's name in its parts, read by nameparser, and the doubts about the reading."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

from lustrum_plugins.standardise.word_tables import fold, words

if TYPE_CHECKING:
    from nameparser import ParsedName, Parser

_EAST = ("chinese", "vietnamese", "korean", "japanese", "hungarian")
_IDEOGRAPHS = re.compile("[\u3400-\u9fff]")
_PLAIN = re.compile(r"([A-Za-zÀ-ÖØ-öø-ſ]{2,}) ([A-Za-zÀ-ÖØ-öø-ſ]{2,})")
_ORDER = frozenset({"particle-or-given", "given-or-family", "order"})
_STRUCTURE = _ORDER | {"title-or-name", "segmentation"}


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of a person's name as they are written; `doubts` are the other readings it may have.

    A doubt is `First | Last` in the other reading, or the word in question.
    """

    title: str = ""
    first: str = ""
    middle: str = ""
    last: str = ""
    suffix: str = ""
    nickname: str = ""
    doubts: tuple[str, ...] = ()


def read_name(text: str, *, given_first: bool = False) -> NameParts:
    """Read a whole name, in either order round a comma; `given_first` says that no name begins with its last name.

    >>> name = read_name("de la Torre, Dr. Rosa M. III")
    >>> name.title, name.first, name.middle, name.last, name.suffix
    ('Dr.', 'Rosa', 'M.', 'de la Torre', 'III')
    >>> read_name("Van Morris").doubts, read_name("Tanaka Hanako").doubts
    (('Van Morris',), ('Hanako | Tanaka',))
    """
    if plain := _PLAIN.fullmatch(text):
        first, last = plain.groups()
        if fold(first) not in _told_words() and fold(last) not in _told_words():
            return NameParts(first=first, last=last)
    parsed = _parser().parse(text)
    return NameParts(
        parsed.title,
        parsed.given,
        parsed.middle,
        parsed.family,
        _suffix(parsed),
        parsed.nickname,
        tuple(
            dict.fromkeys(
                [*_forks(parsed, given_first), *_orders(text, parsed, given_first), *_structure(text, parsed)]
            )
        ),
    )


def _suffix(parsed: ParsedName) -> str:
    entries: list[str] = []
    for token in parsed.tokens_for("suffix"):
        if entries and "joined" in token.tags and "vocab:suffix" not in token.tags:
            entries[-1] += f" {token.text}"
        else:
            entries.append(token.text)
    return ", ".join(entry.rstrip(",") for entry in entries)


def _forks(parsed: ParsedName, given_first: bool) -> list[str]:
    structure = _STRUCTURE - _ORDER if given_first else _STRUCTURE
    if _is_stray_dot(parsed):
        return [parsed.original.strip()]
    names = len(parsed.tokens_for("given") + parsed.tokens_for("middle") + parsed.tokens_for("family"))
    doubts: list[str] = []
    for ambiguity in parsed.ambiguities:
        kind = str(ambiguity.kind)
        if kind in structure or (kind in ("suffix-or-name", "conjunction-or-initial") and names > 3):
            doubts.append(parsed.original.strip())
    return doubts


def _is_stray_dot(parsed: ParsedName) -> bool:
    given = parsed.tokens_for("given")
    unknown = [token for token in parsed.tokens_for("title") if not token.tags & {"vocab:title", "conjunction"}]
    return bool(unknown and given and "initial" in given[0].tags)


def _orders(text: str, parsed: ParsedName, given_first: bool) -> list[str]:
    if "," in text or not (parsed.given and parsed.family) or _IDEOGRAPHS.search(text):
        return []
    given = [*parsed.given.split(), *parsed.middle.split()]
    if not given_first and fold(given[0]) in _family_names(*_EAST):
        return [f"{' '.join([*given[1:], parsed.family])} | {given[0]}"]
    spanish = _family_names("spanish")
    if len(given) > 1 and fold(given[-1]) in spanish and fold(parsed.family) in spanish:
        return [f"{' '.join(given[:-1])} | {given[-1]} {parsed.family}"]
    return []


def _structure(text: str, parsed: ParsedName) -> list[str]:
    if _IDEOGRAPHS.search(text) and " " not in text.strip():
        return [text.strip()]
    head, comma, tail = (part.strip() for part in text.partition(","))
    plain = [len(re.findall(r"[^\W\d_]{2,}", part)) for part in (head, tail)]
    if comma and min(plain) > 1 and head == parsed.family and not parsed.family_particles and not parsed.suffix:
        return [] if parsed.title else [f"{tail} | {head}", f"{head} / {tail}"]
    return []


@cache
def _told_words() -> frozenset[str]:
    """Give the words that tell more than a name: titles, particles, suffixes, family names that may stand first."""
    from nameparser import Lexicon

    lexicon = Lexicon.default()
    sets = [getattr(lexicon, field.name) for field in fields(lexicon)]
    known = frozenset(fold(word) for known in sets for word in known if isinstance(word, str))
    return known | _family_names(*_EAST)


@cache
def _family_names(*traditions: str) -> frozenset[str]:
    return frozenset(name for tradition in traditions for name in words("family_names", "name", tradition=tradition))


@cache
def _parser() -> Parser:
    from nameparser import Parser, PatronymicRule, Policy

    return Parser(policy=Policy(patronymic_rules=frozenset(PatronymicRule)))
