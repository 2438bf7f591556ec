"""The step that standardises a country."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import polars as pl

from lustrum import Answer, Attempt, Failed, step
from lustrum_plugins.standardise.answer_columns import told_of_each
from lustrum_plugins.standardise.country_codes import CountryFormat, countries, read_code, written_as
from lustrum_plugins.standardise.country_names import Codes, by_alias, by_name
from lustrum_plugins.standardise.country_phrases import by_phrase
from lustrum_plugins.standardise.country_typos import by_typo
from lustrum_plugins.standardise.place_text import is_placeholder, tidy

_LONGEST = 200
_REMEMBERED = 4096
_ANSWERS = 50_000
_STRATEGIES: dict[str, Callable[[str], Codes | None]] = {
    "code": lambda text: read_code(text) or None,
    "alias": by_alias,
    "names": lambda text: _first(text, by_name, by_phrase),
    "typo": by_typo,
}


def countries_at_once(
    inputs: pl.DataFrame,
    *,
    format: CountryFormat = "alpha_2",  # noqa: A002 - the option's name
    attempt: Attempt = Attempt(),  # noqa: B008 - an Attempt is frozen
) -> pl.DataFrame:
    """Say of many countries what `standardise.country` says of each."""
    return told_of_each(inputs["country"], lambda cell: _said(cell, format, attempt))


@step("standardise.country", strategies=("code", "alias", "names", "typo"), vectorised=countries_at_once)
def country(country: str, *, format: CountryFormat = "alpha_2", attempt: Attempt = Attempt()) -> Answer | Failed:  # noqa: A002, B008 - the option's name; an Attempt is frozen
    """Write a country as its ISO 3166-1 code.

    Reads codes, flags, English, everyday, formal and native names, and what stands beside them ("Wales, GB").
    Kosovo is `XK`; a part of a country stands for the country ("Bavaria").

    `format` writes `alpha_2` (IT), `alpha_3` (ITA) or the English `name` (Italy).

    Strategies: `code`, `alias` (own spellings), `names` (of the world's languages), `typo` (one slip in a longer
    English name, where no other country is as near).

    Fails with `placeholder` (stands for "not told"), `ambiguous` (candidates are named), `not_a_country`.

    >>> country("Deutschland").value, country("Korea, Republic of").value, country("Untied States").value
    ('DE', 'KR', 'US')
    >>> country("Congo").code, country("Congo").candidates
    ('ambiguous', ('CD', 'CG'))
    >>> country("Narnia").code
    'not_a_country'
    """
    return _said(country, format, attempt)


@lru_cache(_ANSWERS)
def _said(country: str, form: CountryFormat, attempt: Attempt) -> Answer[str] | Failed:
    text = tidy(country)
    if not text or (is_placeholder(text) and not read_code(text)):
        return Failed("placeholder", f"“{country}” stands for a country not told")
    for strategy, codes in _readings(text[:_LONGEST], attempt):
        if len(codes) == 1:
            (code,) = codes
            value = written_as(code, form)
            return Answer(value, reason="" if value == country else _REASONS[strategy])
        if codes:
            return Failed("ambiguous", _hesitation(country, codes), candidates=tuple(sorted(codes)))
        break
    return Failed("not_a_country", f"“{country}” is not a country we know; correct it or add it as an alias")


_REASONS = {
    "code": "ISO 3166-1 code",
    "alias": "known spelling",
    "names": "name of the country",
    "typo": "nearest name, no other is as near",
}


@lru_cache(_REMEMBERED)
def find_country(text: str | None) -> str | None:
    """Give the alpha-2 code that a text surely means, without guessing at typing errors.

    >>> find_country("Italia"), find_country("Congo"), find_country(None)
    ('IT', None, None)
    """
    codes = country_readings(text) if text else frozenset[str]()
    return next(iter(codes)) if len(codes) == 1 else None


def country_readings(text: str) -> Codes:
    """Give the alpha-2 codes that a text may mean, without guessing at typing errors."""
    sure = Attempt(1, ("code", "alias", "names"))
    return next((codes for _, codes in _readings(tidy(text)[:_LONGEST], sure)), frozenset[str]())


def _readings(text: str, attempt: Attempt) -> Iterator[tuple[str, Codes]]:
    for name in _STRATEGIES:
        if attempt.tries(name) and (found := _by(name, text)) is not None:
            yield name, found


@lru_cache(_ANSWERS)
def _by(strategy: str, text: str) -> Codes | None:
    return _STRATEGIES[strategy](text)


def _first(text: str, *ways: Callable[[str], Codes | None]) -> Codes | None:
    return next((found for way in ways if (found := way(text)) is not None), None)


def _hesitation(text: str, codes: Codes) -> str:
    names = " or ".join(countries()[code].name for code in sorted(codes))
    return f"“{text}” may be {names}"
