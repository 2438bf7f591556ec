"""The words that stand in dates: months and days of the week as the CLDR writes them, and what may stand between."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lustrum_plugins.standardise.word_tables import fold

LANGUAGES = tuple(
    """en de fr es it pt nl da sv nb fi is pl cs sk sl hr sr bs hu ro bg ru uk be lt lv et el tr az ca eu gl ga cy sq mk
    id ms vi sw af fil th hi bn ar he fa ko ja zh ka hy""".split()  # noqa: SIM905 - a list of words reads as words
)
_FILLERS = frozenset(
    """st nd rd th er re ere ème eme º ª o de del d' di du of the le el am den der dem il la l' på i г г. года р р.
    року rok roku r r. năm ngày ngay""".split()  # noqa: SIM905 - a list of words reads as words
)


@cache
def months() -> dict[str, frozenset[int]]:
    """Give the months that a word may name; a few name two (`listopad` is October or November).

    >>> months()["märz"], sorted(months()["listopad"])
    (frozenset({3}), [10, 11])
    """
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for number, name in _month_names(language):
            if len(word := _word(name)) > 1 and not any(sign.isdigit() for sign in word):
                found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


@cache
def idle_words() -> frozenset[str]:
    """Name the words that tell nothing about a date: days of the week, articles, ordinal endings."""
    days = {_word(name) for language in LANGUAGES for name in _day_names(language)}
    return frozenset(days | _FILLERS) - months().keys()


def _month_names(language: str) -> Iterator[tuple[int, str]]:
    from babel.dates import get_month_names

    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            yield from get_month_names(width, context, language).items()


def _day_names(language: str) -> Iterator[str]:
    from babel.dates import get_day_names

    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            yield from get_day_names(width, context, language).values()


def _word(name: str) -> str:
    return fold(name).removeprefix("de ").removeprefix("d’").removeprefix("d'").rstrip(".")
