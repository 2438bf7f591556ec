"""Job titles with a slip: each unknown word may stand for the one known word that is near."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from lustrum_plugins.standardise.title_words import Word, phrases

_SLIPS = ((10, 2), (6, 1))
_KINDS = frozenset({"title", "topic", "assistant"})


def mended(words: tuple[str, ...], read: tuple[Word, ...]) -> tuple[str, ...]:
    """Put the nearest known word for each unknown one, where all that are near say the same.

    >>> from lustrum_plugins.standardise.title_words import title_words
    >>> given = ("vice", "presidnet", "makreting")
    >>> mended(given, title_words(given))
    ('vice', 'president', 'marketing')
    """
    unknown = {word.text for word in read if word.kind == "unknown"}
    return tuple((nearest(token) or token) if token in unknown else token for token in words)


@lru_cache(maxsize=4096)
def nearest(word: str) -> str | None:
    """Give the known word that is a slip away (two, in a long word), if others that near say the same.

    >>> nearest("manger"), nearest("direcotr"), nearest("zookeeper")
    ('manager', 'director', None)
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = next((slips for length, slips in _SLIPS if len(word) >= length), 0)
    if not slips or not word.isascii():
        return None
    choices = [known for known in _known() if known[0] == word[0]]
    near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=slips + 1, limit=None)
    near.sort(key=lambda match: match[1])
    if not near or near[0][1] > slips:
        return None
    best = near[0][1]
    told = {_says(known) for known, distance, _ in near if distance <= best + (best > 1)}
    return str(near[0][0]) if len(told) == 1 else None


@lru_cache(maxsize=1)
def _known() -> tuple[str, ...]:
    return tuple(
        key[0]
        for key, _ in groupby(phrases())
        if len(key) == 1 and len(key[0]) >= 6 and key[0].isascii() and phrases()[key].kind in _KINDS
    )


def _says(known: str) -> tuple[str, str, str]:
    word = phrases()[(known,)]
    return word.kind, word.level, word.function
