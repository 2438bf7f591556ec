"""The step that standardises a postal code."""

from __future__ import annotations

from lustrum import Answer, Failed, step
from lustrum_plugins.standardise.country import find_country
from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.place_text import is_placeholder
from lustrum_plugins.standardise.postal_formats import PostalFormat, clean, format_of, told_by

_LONGEST = 40


@step("standardise.postal_code")
def postal_code(postal_code: str, country: str | None = None, *, restore_zeros: bool = True) -> Answer | Failed:
    """Write a postal code the way its country does.

    Sets case, spaces and hyphens, removes a country prefix ("D-10115"). Without a country (a code or a name), only a
    code that no other country writes is taken.

    `restore_zeros` puts back leading zeros a spreadsheet dropped, where the length tells (US 2139 becomes 02139).

    Fails with `placeholder`, `country_unknown`, `format_unknown` (we know of no postal codes there),
    `invalid_for_country`.

    >>> postal_code("sw1a1aa", "GB").value, postal_code("2139", "US").value, postal_code("1234ab", "NL").value
    ('SW1A 1AA', '02139', '1234 AB')
    >>> postal_code("SW1A 1AA", "US").code, postal_code("10115").code
    ('invalid_for_country', 'country_unknown')
    """
    if is_placeholder(postal_code):
        return Failed("placeholder", f"“{postal_code}” stands for a postal code not told")
    text = clean(postal_code)[:_LONGEST]
    home = find_country(country) or _told_for_good(text)
    if home is None:
        return Failed("country_unknown", f"“{postal_code}” cannot be checked without its country")
    known = format_of(home)
    if known is None:
        return Failed("format_unknown", f"we know of no postal codes in {countries()[home].name}")
    return _spelt(postal_code, text, known, restore_zeros) or Failed("invalid_for_country", _misfit(postal_code, home))


def _spelt(given: str, text: str, known: PostalFormat, restore_zeros: bool) -> Answer | None:
    if (spelt := known.spell(text)) is not None:
        return Answer(spelt, reason="" if spelt == given else "written as in its country")
    repaired = known.repair(text, restore_zeros=restore_zeros)
    return Answer(repaired[0], reason=repaired[1]) if repaired else None


def _told_for_good(text: str) -> str | None:
    """Name the only country that writes a code so, where the code alone, without a prefix, still tells it."""
    home = _only(text)
    known = format_of(home) if home else None
    spelt = known.spell(text) if known else None
    return home if spelt and _only(spelt) == home else None


def _only(text: str) -> str | None:
    found = told_by(text)
    return next(iter(found)) if len(found) == 1 else None


def _misfit(given: str, country: str) -> str:
    other = _only(given)
    hint = f"; it looks like one of {countries()[other].name}: check the country" if other else ""
    return f"“{given}” is not a postal code of {countries()[country].name}{hint}"
