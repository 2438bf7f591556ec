"""The words for lead sources: what each means, in which language, and what is broader."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from lustrum_plugins.standardise.word_tables import fold, rows

Concepts = frozenset[str]

_MARKS = re.compile(r"[\W_]+")
_DETAIL = re.compile(r"\s*[:(|–—]|\s-\s|\s*-\s|\s\d")
_ANALYTICS = re.compile(r"\s*(.+?)\s*/\s*(.+?)\s*")
_SHORTEST = 6
_CUTOFF = 84
_MARGIN = 8
_BROADER = {
    "Webinar": "Event", "Trade Show": "Event", "Paid Search": "Advertising", "Paid Social": "Advertising",
    "Display": "Advertising", "Employee Referral": "Referral", "Customer Referral": "Referral",
    "Partner Referral": "Referral", "Cold Call": "Outbound", "Content Download": "Website",
}  # fmt: skip


def bare(text: str) -> str:
    """Give the letters and digits of a text, folded.

    >>> bare("Trade-Show"), bare("trade show")
    ('tradeshow', 'tradeshow')
    """
    return _MARKS.sub("", fold(text))


def usual_list() -> tuple[str, ...]:
    """Name the sources of our own list."""
    return tuple(dict.fromkeys(row["concept"] for row in rows("source_words") if "|" not in row["concept"]))


def concepts_of(text: str) -> Concepts:
    """Give what a text means; more than one concept where it may be any of them.

    >>> concepts_of("Empfehlung"), sorted(concepts_of("LinkedIn")), concepts_of("facebook / cpc"), concepts_of("sky")
    (frozenset({'Referral'}), ['Organic Social', 'Paid Social'], frozenset({'Paid Social'}), frozenset())
    """
    return _meanings().get(bare(text)) or _by_analytics(text)


def broader(concepts: Concepts) -> Concepts:
    """Give the broader concept that all of some concepts belong to, if there is one.

    >>> broader(frozenset({"Webinar"})), broader(frozenset({"Webinar", "Direct"}))
    (frozenset({'Event'}), frozenset())
    """
    above = {_BROADER.get(concept, "") for concept in concepts}
    return frozenset(above) if len(above) == 1 and "" not in above else frozenset()


def detail_apart(text: str) -> str:
    """Give what stands before a detail, or nothing.

    >>> detail_apart("Webinar: spring"), detail_apart("Trade Show 2024"), detail_apart("Web")
    ('Webinar', 'Trade Show', '')
    """
    found = _DETAIL.search(text)
    return text[: found.start()].strip() if found else ""


def meant_by_typo(text: str, values: tuple[str, ...]) -> str | None:
    """Find the only known word or value a slip away.

    >>> meant_by_typo("Referal", ()), meant_by_typo("Refuse", ()), meant_by_typo("Evnt", ())
    ('referral', None, None)
    """
    from rapidfuzz import fuzz, process

    word = bare(text)
    if len(word) < _SHORTEST:
        return None
    known = {spelled: value for value in values if len(spelled := bare(value)) >= _SHORTEST}
    known |= {spelled: spelled for spelled in _meanings() if len(spelled) >= _SHORTEST and spelled not in known}
    near = process.extract(word, known.keys(), scorer=fuzz.ratio, score_cutoff=_CUTOFF - _MARGIN, limit=8)
    if not near or near[0][1] < _CUTOFF:
        return None
    best = near[0][0]
    others = [each for each, score, _ in near[1:] if score > near[0][1] - _MARGIN and not _same(each, best)]
    return None if others else known[best]


def _same(one: str, other: str) -> bool:
    return bool(_meanings().get(one)) and _meanings().get(one) == _meanings().get(other)


def _by_analytics(text: str) -> Concepts:
    """Read what Google Analytics calls source / medium; paid clicks of a social network are paid social."""
    found = _ANALYTICS.fullmatch(text)
    medium = _mediums().get(bare(found[2])) if found else None
    if found is None or medium is None:
        return frozenset()
    social = "Paid Social" in _meanings().get(bare(found[1]), ())
    if social and medium in ("Paid Search", "Organic Search", "Referral"):
        return frozenset({"Paid Social" if medium == "Paid Search" else "Organic Social"})
    return frozenset({medium})


@cache
def _meanings() -> Mapping[str, Concepts]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows("source_words"):
        found[bare(row["text"])].update(row["concept"].split("|"))
    return {word: frozenset(concepts) for word, concepts in found.items()}


@cache
def _mediums() -> Mapping[str, str]:
    return {bare(row["text"]): row["concept"] for row in rows("source_mediums")}
