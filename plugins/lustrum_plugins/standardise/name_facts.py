"""What a first or a last name says by itself, whatever the other is."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from lustrum_plugins.standardise.legal_forms import may_begin_form, may_close_form
from lustrum_plugins.standardise.name_fields import Given, Name, Way, from_fields, plain_name, untitled
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.word_tables import fold

NEUTRAL = "Öqvist"
"""A name that changes nothing beside another: no filler, part of no legal form, not in capitals, not ASCII."""
NEUTRAL_SHORT = "ÖQ"
"""Initials that keep their case, unless the last name beside them is in capitals too."""

_SHORT = 3
"""The length from which a first name is written the same beside any last name."""
_REMEMBERED = 50_000


class FirstFacts(NamedTuple):
    """What a first name says: how it is written beside any last name, and beside one in capitals (`shouted`).

    `titled` is all of the name, folded; the other facts are of the name without its title: `folded`, whether it may be
    a `filler`, and whether a legal form may `begin` within it. All are empty where the last name may matter otherwise.
    """

    first_name: str
    first_plain: str | None = None
    first_titled: str | None = None
    first_folded: str | None = None
    first_written: str | None = None
    first_shouted: str | None = None
    first_filler: bool | None = None
    form_begins: bool | None = None
    salutation: str | None = None
    reason: str | None = None


class LastFacts(NamedTuple):
    """What a last name says: how it is written, whether it is `loud` (in capitals), may fill or `close` a legal form.

    All are empty where the first name may matter otherwise.
    """

    last_name: str
    last_plain: str | None = None
    last_folded: str | None = None
    last_written: str | None = None
    last_loud: bool | None = None
    last_filler: bool | None = None
    form_closes: bool | None = None


@lru_cache(_REMEMBERED)
def first_facts(text: str, way: Way) -> FirstFacts:
    """Say what a first name gives beside any last name.

    >>> facts = first_facts(" DR. ED ", Way(("first_name", "last_name"), False, "repair", False))
    >>> facts.first_written, facts.first_shouted, facts.salutation, facts.reason
    ('ED', 'Ed', 'Dr.', "title 'DR.' taken off the first name")
    """
    plain = plain_name(text)
    title, bare = untitled(plain)
    titled, folded = fold(plain), fold(bare)
    name = from_fields(Given(plain, NEUTRAL, ""), way)
    shouted = from_fields(Given(plain, NEUTRAL.upper(), ""), way) if len(bare) < _SHORT else name
    if isinstance(name, Name) and isinstance(shouted, Name):
        written, loud = name.parts["first_name"], shouted.parts["first_name"]
        alike = folded == fold(written) == fold(loud) == (folded if title else titled)
        if alike and _is_regular(bare, folded) and not name.parts["middle_name"]:
            facts = (is_placeholder(bare, "person"), may_begin_form(bare))
            told = (name.parts["salutation"] or None, name.reason or None)
            return FirstFacts(text, plain, titled, folded, written, loud, *facts, *told)
    return FirstFacts(text)


@lru_cache(_REMEMBERED)
def last_facts(text: str, way: Way) -> LastFacts:
    """Say what a last name gives beside any first name.

    >>> facts = last_facts("VAN DER BERG;", Way(("first_name", "last_name"), False, "repair", False))
    >>> facts.last_plain, facts.last_written, facts.last_loud
    ('VAN DER BERG', 'van der Berg', True)
    """
    plain = plain_name(text)
    folded = fold(plain)
    name = from_fields(Given(NEUTRAL_SHORT, plain, ""), way)
    sound = isinstance(name, Name) and fold(name.parts["last_name"]) == folded and not name.parts["suffix"]
    if isinstance(name, Name) and sound and _is_regular(plain, folded):
        facts = (name.parts["first_name"] != NEUTRAL_SHORT, is_placeholder(plain, "person"), may_close_form(plain))
        return LastFacts(text, plain, folded, name.parts["last_name"], *facts)
    return LastFacts(text)


def _is_regular(plain: str, folded: str) -> bool:
    """Say whether cleaning a name again changes nothing, and its words stand where its folded words do."""
    return plain == plain_name(plain) and folded == " ".join(folded.split()) != ""
