"""Countries by their nearest English name, where no other country is as near."""

from __future__ import annotations

from functools import cache

from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.country_names import Codes, aliases, english_names
from lustrum_plugins.standardise.country_phrases import state_names
from lustrum_plugins.standardise.place_text import fold

_ALSO = ("england", "scotland", "britain", "great britain", "united states of america", "holland", "ivory coast")
_SLIPS = ((6, 1), (9, 2), (14, 3))
_MARGIN = 2
_LONG = 8
_DECOY = 5
_FAR = 99


def by_typo(text: str) -> Codes | None:
    """Read an English name written with a slip or two.

    >>> by_typo("Untied States"), by_typo("Afghnistan"), by_typo("Austrla"), by_typo("Atlantis")
    (frozenset({'US'}), frozenset({'AF'}), None, None)
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    folded = fold(text)
    slips = max((slips for length, slips in _SLIPS if len(folded) >= length), default=0)
    if not slips:
        return None
    near: dict[Codes, int] = {}
    for name, distance, _ in process.extract(
        folded, tuple(_known()), scorer=OSA.distance, score_cutoff=slips + _MARGIN, limit=None
    ):
        near[_known()[name]] = min(int(distance), near.get(_known()[name], _FAR))
    winner = _clear_winner(near, slips, len(folded))
    return winner if winner and _spelt_nearly(folded, winner, slips) else None


def _spelt_nearly(folded: str, winner: Codes, slips: int) -> bool:
    from rapidfuzz.distance import OSA

    return any(
        OSA.distance(folded, name, score_cutoff=slips) <= slips for name in _plain_names() if _known()[name] == winner
    )


def _clear_winner(near: dict[Codes, int], slips: int, length: int) -> Codes | None:
    ranked = sorted(near.items(), key=lambda item: item[1])
    if not ranked or ranked[0][1] > slips or len(ranked[0][0]) != 1:
        return None
    margin = 1 if ranked[0][1] == 1 and length >= _LONG else _MARGIN
    if len(ranked) > 1 and ranked[1][1] - ranked[0][1] < margin:
        return None
    return ranked[0][0]


@cache
def _known() -> dict[str, Codes]:
    known = {**state_names(), **english_names(), **aliases()}
    return {name: codes for name, codes in known.items() if len(name) >= _DECOY and name.isascii()}


@cache
def _plain_names() -> tuple[str, ...]:
    names = [fold(country.name) for country in countries().values()]
    return tuple(name for name in (*names, *_ALSO) if name in _known())
