"""The case of a person's name: repaired where somebody typed all of it in capitals or all of it in small letters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from lustrum_plugins.standardise.word_tables import rows

Case = Literal["repair", "keep", "force"]
"""Which case to repair: of names typed in one case only, none, or all."""

_APOSTROPHES = re.compile("(['’ʼ])")
_VOWEL = re.compile("[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœ]", re.IGNORECASE)
_SHORT = frozenset({"ng", "dr", "mr", "ms", "mrs", "st", "jr", "sr", "hr", "fr", "md", "phd"})


def cased(text: str, case: Case, *, family: bool = False, shouted: bool = False) -> str:
    """Write a name in the case asked for; `shouted` says that it is part of a text typed in one case.

    >>> cased("ANN", "repair"), cased("ANN", "keep"), cased("Ann Maclean", "repair"), cased("Ann Maclean", "force")
    ('Ann', 'ANN', 'Ann Maclean', 'Ann MacLean')
    """
    return text if case == "keep" else repair_case(text, family=family, force=shouted or case == "force")


def repair_case(text: str, *, family: bool = False, force: bool = False) -> str:
    """Give a name its usual case if it is all in capitals or all in small letters; leave every other name.

    `family` says that the text is a family name alone, which may begin with a particle. `force` repairs mixed case.

    >>> repair_case("ANN MCDONALD III"), repair_case("maria de la cruz"), repair_case("Ann Maclean")
    ('Ann McDonald III', 'Maria de la Cruz', 'Ann Maclean')
    >>> repair_case("VAN DER BERG", family=True), repair_case("o'neill-smith"), repair_case("JP")
    ('van der Berg', "O'Neill-Smith", 'JP')
    """
    if not (force or text.isupper() or text.islower()):
        return text
    words = text.split(" ")
    return " ".join(_cased(words, place, family) for place in range(len(words)))


def capitalised(word: str) -> str:
    """Write one word with a capital, with a second one after Mc, O' and the like.

    >>> capitalised("MCLUMEN"), capitalised("d'angelo"), capitalised("ng'ang'a"), capitalised("MACHADO")
    ('McLumen', "D'Angelo", "Ng'ang'a", 'Machado')
    """
    return "-".join(_apostrophes(part) for part in word.split("-"))


def _cased(words: list[str], place: int, family: bool) -> str:
    word = _lowered(words[place])
    bare, tail = word.rstrip(","), word[len(word.rstrip(",")) :]
    first, last = place == 0 and not family, place == len(words) - 1
    after_name = place > 1 or (place == 1 and (last or words[0].endswith(",")))
    if after_name and bare in _written("credential", "generation"):
        return _written("credential", "generation")[bare] + tail
    if not first and not last and _is_particle(words, place, bare):
        return word
    if first and _is_initials(bare):
        return word.upper()
    return capitalised(words[place])


def _is_particle(words: list[str], place: int, word: str) -> bool:
    if word == "y":
        return place >= 2
    before = words[place - 1].lower() if place else ""
    return word in _written("particle") or (word in _written("article") and before == "de")


def _is_initials(word: str) -> bool:
    return word.isalpha() and len(word) == 2 and not _VOWEL.search(word) and word.isascii() and word not in _SHORT


def _apostrophes(word: str) -> str:
    pieces = _APOSTROPHES.split(word)
    raised = pieces[0].lower() in _written("prefix")
    return _plain(pieces[0]) + "".join(
        _plain(piece) if raised and place == 1 and len(piece) > 1 else piece.lower()
        for place, piece in enumerate(pieces[1:])
    )


def _plain(word: str) -> str:
    lower = _lowered(word)
    if lower in _written("mac"):
        return _written("mac")[lower]
    if lower.startswith("mc") and len(lower) > 3:
        return "Mc" + _raised(lower[2:])
    return "İ" + lower[1:] if word.startswith("İ") else _raised(lower)


def _lowered(word: str) -> str:
    turkish = "İ" in word or "Ğ" in word
    return (word.replace("I", "ı") if turkish else word).lower().replace("i̇", "i")


def _raised(word: str) -> str:
    place = next((index for index, letter in enumerate(word) if letter.isalpha()), 0)
    letter = word[place : place + 1]
    return word[:place] + (letter.upper() if len(letter.upper()) == 1 else letter) + word[place + 1 :]


@cache
def _written(*kinds: str) -> Mapping[str, str]:
    return {row["word"]: row["written"] for row in rows("name_words") if row["kind"] in kinds}
