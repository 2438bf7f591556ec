"""The step that standardises a currency."""

from __future__ import annotations

import re

from lustrum import Answer, Failed, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.country_hint import country_hint
from lustrum_plugins.standardise.currency_names import (
    Codes,
    active,
    names,
    ranked,
    signs,
    successors,
    tender_of,
    usual,
    withdrawn,
)
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.word_tables import fold

_LONGEST = 80
_CODE = re.compile(r"[a-z]{3}")
_PARTS = re.compile(r"[()\[\]|:;,/]+|\s[-–—]\s|\s(?=\S{1,3}$)|(?<=^\S{3})\s")


@step("standardise.currency")
def currency(
    currency: str, country: str | None = None, *, default_country: str | None = None
) -> str | Answer[str] | Failed:
    """Write a currency as its ISO 4217 code.

    Reads `currency`, a code, a sign or a name in one of 29 languages, and `country`, which settles a sign that many
    countries share ($, kr, ¥): the currency in use there is taken if the sign may mean it.

    Options: `default_country` stands in where the lead tells no country.

    Fails with `placeholder`, `ambiguous` (a shared sign and no country that settles it; candidates are named),
    `withdrawn_currency` (DEM; the candidates are its successors), `not_a_currency`.

    >>> currency("€").value, currency("US dollars").value, currency("$", "Canada").value
    ('EUR', 'USD', 'CAD')
    >>> currency("kr").candidates, currency("DM").candidates
    (('SEK', 'NOK', 'DKK', 'ISK'), ('EUR',))
    """
    text = one_line(currency)[:_LONGEST]
    if text.upper() in active():
        return text.upper()
    codes, reason = _readings(text)
    if not codes:
        code = "placeholder" if is_placeholder(text) else "not_a_currency"
        return Failed(code, f"“{currency}” names no currency we know; write its ISO 4217 code")
    if len(codes) > 1:
        return settle(text, codes, country_hint(country, default_country))
    (code,) = codes
    return gone(code) if code in withdrawn() else Answer(code, reason)


def settle(text: str, codes: Codes, country: str | None) -> Answer[str] | Failed:
    """Choose among the currencies a sign may mean by the country, else by what the sign usually means.

    >>> settle("kr", frozenset({"SEK", "NOK"}), "SE").value, settle("£", frozenset({"GBP", "EGP"}), "DE").value
    ('SEK', 'GBP')
    """
    own = [code for code in tender_of(country) if code in codes] if country else []
    if len(own) == 1:
        return Answer(own[0], f"“{text}” in {country}")
    if not own and (code := usual().get(fold(text))):
        return Answer(code, f"what “{text}” usually means")
    listed = ranked(own or codes)
    some = ", ".join(listed[:4]) + (" …" if len(listed) > 4 else "")
    return Failed("ambiguous", f"“{text}” may be {some}; a country would settle it", candidates=listed)


def gone(code: str) -> Failed:
    """Say that a currency is no longer in use, and what came after it."""
    now = successors(code)
    after = f"; {' or '.join(now)} came after it" if now else ""
    return Failed("withdrawn_currency", f"{code} is no longer in use{after}", candidates=now)


def _readings(text: str) -> tuple[Codes, str]:
    if found := _whole(text):
        return found, "ISO 4217 code" if text.upper() in found else "known sign or name"
    parts = [known for part in _PARTS.split(text) if part.strip() and (known := _whole(part.strip()))]
    if not parts or not _all_told(text):
        return frozenset(), ""
    shared = parts[0].intersection(*parts[1:])
    return shared, "code and name agree" if len(parts) > 1 else "known sign or name"


def _all_told(text: str) -> bool:
    return all(_whole(part.strip()) for part in _PARTS.split(text) if part.strip())


def _whole(text: str) -> Codes:
    word = fold(text)
    for form in dict.fromkeys((word, word.rstrip("."))):
        if _CODE.fullmatch(form) and form.upper() in active() | withdrawn():
            return frozenset({form.upper()})
        if found := signs().get(form) or names().get(form):
            return found
    return frozenset()
