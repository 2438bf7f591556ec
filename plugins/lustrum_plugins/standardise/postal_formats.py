"""How each country writes its postal codes: patterns, spacing, what can be repaired."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.place_text import tidy
from lustrum_plugins.standardise.postal_data import postal_data
from lustrum_plugins.standardise.word_tables import rows

_SEPARATORS = re.compile(r"[\s‐-―−-]+")
_SPREADSHEET = re.compile(r"(?<=\d)\.0$")
_GENERAL = frozenset({"GB", "US"})
_SIGNS = "〒#'\"`.,;: "

Substitution = tuple[re.Pattern[str], str]


@dataclass(frozen=True, slots=True)
class PostalFormat:
    """One country's way of writing: what is valid and the substitutions that lead there."""

    valid: re.Pattern[str]
    refused: tuple[re.Pattern[str], ...]
    prefix: re.Pattern[str]
    written: tuple[Substitution, ...]
    repaired: tuple[Substitution, ...]
    zeros: tuple[Substitution, ...]

    def spell(self, text: str) -> str | None:
        """Write a code the country's way, or None where it is not one of its codes."""
        compact = _SEPARATORS.sub("", text)
        forms = (*_substituted(self.written, compact), "".join(text.split()), text)
        return next((form for form in forms if self._accepts(form)), None)

    def repair(self, text: str, *, restore_zeros: bool = True) -> tuple[str, str] | None:
        """Write a damaged code the country's way, with the reason."""
        compact = _SEPARATORS.sub("", text)
        tries = [
            ("country prefix removed", self.prefix.sub("", text)),
            *(("letter O read as zero", form) for form in _substituted(self.repaired, compact)),
            *(("leading zero restored", form) for form in _substituted(self.zeros if restore_zeros else (), compact)),
        ]
        spelt = ((reason, self.spell(form)) for reason, form in tries if form != text)
        return next(((form, reason) for reason, form in spelt if form), None)

    def _accepts(self, form: str) -> bool:
        return bool(self.valid.fullmatch(form)) and not any(refused.fullmatch(form) for refused in self.refused)


@cache
def format_of(country: str) -> PostalFormat | None:
    """Give a country's format, or None where we know of none."""
    mine = _rules(country)
    only = next((row["pattern"] for row in mine if row["kind"] == "only"), None) or _pattern(country)
    if only is None:
        return None
    accepted = "|".join(f"(?:{row['pattern']})" for row in mine if row["kind"] == "accepts")
    before = "|".join([rf"{country}[- ]*", *(row["pattern"] for row in mine if row["kind"] == "prefix")])
    return PostalFormat(
        valid=re.compile(f"(?:{only})|{accepted}" if accepted else only),
        refused=tuple(re.compile(row["pattern"]) for row in mine if row["kind"] == "refuses"),
        prefix=re.compile(rf"^(?:{before})(?=\d)"),
        written=_substitutions(mine, "written"),
        repaired=_substitutions(mine, "repaired"),
        zeros=_substitutions(mine, "zeros"),
    )


def clean(text: str) -> str:
    """Take away what surrounds a code: signs, lower case, a spreadsheet's decimals.

    >>> clean(" 〒100-0001 "), clean("2139.0"), clean("sw1a1aa")
    ('100-0001', '2139', 'SW1A1AA')
    """
    return _SPREADSHEET.sub("", tidy(text).upper()).strip(_SIGNS)


@lru_cache(maxsize=4096)
def told_by(text: str) -> frozenset[str]:
    """Give the countries whose way of writing this is, if letters or a hyphen tell at all.

    >>> sorted(told_by("SW1A 1AA")), sorted(told_by("12345-678")), sorted(told_by("10115"))
    (['GB'], ['BR'], [])
    """
    code = clean(text)
    if not re.search(r"[A-Z]|\d-\d", code) or not any(c.isdigit() for c in code):
        return frozenset()
    found = frozenset(country for country in countries() if (known := format_of(country)) and _is_own(known, code))
    return found - _GENERAL or found


def _is_own(known: PostalFormat, code: str) -> bool:
    bare = known.prefix.sub("", code)
    spelt = known.spell(code)
    return (spelt is not None and (code == spelt or "-" not in code)) or (
        bare != code and known.spell(bare) is not None
    )


def _substituted(substitutions: tuple[Substitution, ...], text: str) -> Iterator[str]:
    for pattern, written in substitutions:
        if found := pattern.fullmatch(text):
            yield found.expand(written)


def _substitutions(mine: list[Mapping[str, str]], kind: str) -> tuple[Substitution, ...]:
    return tuple((re.compile(row["pattern"]), row["written"]) for row in mine if row["kind"] == kind)


def _rules(country: str) -> list[Mapping[str, str]]:
    return [row for row in rows("postal_rules") if row["country"] == country]


def _pattern(country: str) -> str | None:
    return postal_data(country).get(country, {}).get("zip")
