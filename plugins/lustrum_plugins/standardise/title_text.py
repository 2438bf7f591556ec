"""The text of a job title: what typing leaves round it, and its case."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache

from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.company_text import unquoted
from lustrum_plugins.standardise.name_case import capitalised
from lustrum_plugins.standardise.word_tables import fold, rows

_EDGES = re.compile(r"^[\s,;:*•·|_/–—-]+|[\s,;:*•·|_/–—-]+$")
_COMMA = re.compile(r"\s+(?=[,;])")
_PIECE = re.compile(r"([^\W_]+(?:&[^\W_]+)*)")
_ROUNDS = 4
_SHORT = 3
_APOSTROPHES = ("'", "’")
_ENDING = 2


def plain_title(text: str) -> str:
    """Clean a title: blanks, stray signs at its ends, quotes round it, and its case where all of it has one case.

    >>> plain_title('  "vp  of sales ,emea" '), plain_title("Head of iOS"), plain_title("GESCHÄFTSFÜHRER")
    ('VP of Sales, EMEA', 'Head of iOS', 'Geschäftsführer')
    """
    text = one_line(html.unescape(text) if "&" in text and ";" in text else text)
    for _ in range(_ROUNDS):
        before, text = text, repair_title_case(one_line(unquoted(_EDGES.sub("", _commas(text)))))
        if text == before:
            break
    return text


def repair_title_case(title: str) -> str:
    """Give a title its usual case where somebody typed all of it in capitals or in small letters.

    >>> repair_title_case("CEO & FOUNDER"), repair_title_case("directeur de l'it"), repair_title_case("R&D MANAGER")
    ('CEO & Founder', "Directeur de l'IT", 'R&D Manager')
    """
    if not (title.isupper() or title.islower()):
        return title
    pieces = _PIECE.split(title)
    shouted = title.isupper()
    for place in range(1, len(pieces), 2):
        beside = {pieces[place - 1][-1:], pieces[place + 1][:1]}
        elided = len(pieces[place]) <= _ENDING and not beside.isdisjoint(_APOSTROPHES)
        pieces[place] = _cased(pieces[place], small=place > 1, elided=elided, shouted=shouted)
    return "".join(pieces)


def _commas(text: str) -> str:
    return re.sub(r",(?=[^\W\d_])", ", ", _COMMA.sub("", text))


def _cased(word: str, *, small: bool, elided: bool, shouted: bool) -> str:
    folded = fold(word)
    if written := _written("acronym").get(folded):
        return written
    if small and (elided or folded in _written("small")):
        return word.lower()
    if shouted and len(word) <= _SHORT and word.isascii() and folded not in _written("small"):
        return word
    return capitalised(word)


@cache
def _written(kind: str) -> Mapping[str, str]:
    return {fold(row["word"]): row["written"] for row in rows("title_case") if row["kind"] == kind}
