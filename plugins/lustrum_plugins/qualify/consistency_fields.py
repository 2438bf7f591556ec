"""What one field says against a country: a sentence, nothing (it agrees), or None (it tells nothing)."""

from __future__ import annotations

from functools import cache, lru_cache

from lustrum_plugins.enrich.country_domains import host_of
from lustrum_plugins.enrich.country_evidence import (
    Evidence,
    fitting_postal_code,
    from_email,
    from_phone,
    from_postal_code,
    from_state,
    from_website,
    in_words,
    is_postal_code,
    is_told,
    read_number,
)
from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.country_names import parent_of
from lustrum_plugins.standardise.country_phrases import state_names
from lustrum_plugins.standardise.mail_domains import providers
from lustrum_plugins.standardise.place_text import fold, tidy
from lustrum_plugins.standardise.postal_formats import clean, format_of
from lustrum_plugins.standardise.state_text import by_name, by_parts

Countries = frozenset[str]

_AGREES = ""
_LOCAL_CODE = 3
_SPLIT = frozenset({1, 7})
"""Calling codes that countries share, each with area codes of its own; elsewhere who shares one shares numbers too."""


@cache
def _family(country: str) -> Countries:
    top = parent_of(country) or country
    return frozenset({top} | {code for code in countries() if parent_of(code) == top})


@lru_cache(maxsize=1024)
def related(codes: Countries) -> Countries:
    """Add to some countries those they belong to and those that belong to them.

    >>> "PR" in related(frozenset({"US"})), "AT" in related(frozenset({"DE"}))
    (True, False)
    """
    return frozenset[str]().union(*(_family(code) for code in codes))


def against_state(text: str, home: Countries) -> str | None:
    """Say what a state says against a country.

    >>> against_state("Ontario", frozenset({"US"})), against_state("Texas", frozenset({"US"}))
    ('state Ontario is in Canada, not United States', '')
    """
    if any(by_name(text, code) or by_parts(text, code) for code in home):
        return _AGREES
    found = from_state(text)
    if found is None or (len(fold(text)) <= _LOCAL_CODE and fold(text) not in state_names()):
        return None
    return _compared(found, home, "is in")


def against_postal_code(text: str, home: Countries) -> str | None:
    """Say what a postal code says against a country.

    >>> against_postal_code("SW1A 1AA", frozenset({"US"})), against_postal_code("???", frozenset({"US"}))
    ('postal code SW1A 1AA is of United Kingdom, not United States', None)
    """
    if fitting_postal_code(text, related(home)):
        return _AGREES
    if found := from_postal_code(text):
        return _compared(found, home, "is of")
    if not any(format_of(code) for code in home) or not is_postal_code(clean(text)):
        return None
    return f"postal code {tidy(text)} is not of {in_words(home)}"


def against_phone(text: str, home: Countries, *, mobile: bool = False) -> str | None:
    """Say what a phone number says against a country; a national number can only agree.

    >>> against_phone("+49 30 901820", frozenset({"US"})), against_phone("415 543 1234", frozenset({"US"}))
    ('phone +49 is of Germany, not United States', '')
    """
    if any(_is_number_of(text, code) for code in home):
        return _AGREES
    found = from_phone(text)
    said = _compared(found, home, "is of") if found else None
    return None if said and not mobile and is_mobile(text) else said


def against_email(text: str, home: Countries) -> str | None:
    """Say what an e-mail domain says against a country."""
    return _against_domain(from_email(text), text, home)


def against_website(text: str, home: Countries) -> str | None:
    """Say what a web domain says against a country."""
    return _against_domain(from_website(text), text, home)


def is_mailbox_provider(text: str) -> bool:
    """Say whether an address is at a large provider, whose customers live anywhere.

    >>> is_mailbox_provider("ann@gmx.de"), is_mailbox_provider("ann@example.de")
    (True, False)
    """
    return host_of(text) in providers()


def is_mobile(text: str) -> bool:
    """Say whether a number in international form is known to be mobile.

    >>> is_mobile("+49 151 23456789"), is_mobile("+1 415 543 1234")
    (True, False)
    """
    import phonenumbers

    number = read_number(text)
    return number is not None and phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


def _against_domain(found: Evidence | None, text: str, home: Countries) -> str | None:
    said = _compared(found, home, "is of") if found else None
    return None if said and is_mailbox_provider(text) else said


def _compared(found: Evidence, home: Countries, verb: str) -> str:
    if found.countries & related(home):
        return _AGREES
    return f"{found.label} {verb} {found.names}, not {in_words(home)}"


def fits(code: str, country: str) -> bool:
    """Say whether a country writes a postal code so."""
    return bool(fitting_postal_code(code, [country]))


@lru_cache(maxsize=4096)
def _is_number_of(text: str, country: str) -> bool:
    import phonenumbers

    number = read_number(text, country)
    if number is None:
        return False
    own = phonenumbers.region_code_for_number(number) if number.country_code not in _SPLIT else None
    shared = phonenumbers.region_codes_for_country_code(number.country_code or 0) if own else ()
    return country in shared or phonenumbers.is_valid_number_for_region(number, country)


def told(text: str | None) -> str:
    """Give a text that tells something, else nothing."""
    return text if text and is_told(text) else ""
