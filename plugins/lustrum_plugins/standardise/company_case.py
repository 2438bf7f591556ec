"""The case of a company's name: repaired only where somebody typed all of it in capitals or in small letters."""

from __future__ import annotations

import re
from functools import lru_cache

from lustrum_plugins.standardise.legal_forms import find_form
from lustrum_plugins.standardise.name_case import capitalised
from lustrum_plugins.standardise.word_tables import words

_VOWEL = re.compile("[aeiouyäöüàáâãåæèéêëìíîïòóôõøùúû]", re.IGNORECASE)
_CLUSTER = re.compile("[bcdfghjklmnpqrstvwxz]{3}|^([b-z])\\1", re.IGNORECASE)
_INITIALS = re.compile(r"(?:\w{1,2}&)+\w{1,2}|(?:\w\.)+\w?\.?", re.IGNORECASE)


def repair_company_case(name: str) -> str:
    """Give a company's name its usual case, keeping acronyms and short words nobody can be sure of.

    >>> repair_company_case("BLUE LAMP SOFTWARE GMBH"), repair_company_case("lamp & sons ltd.")
    ('Blue Lamp Software GmbH', 'Lamp & Sons Ltd.')
    >>> repair_company_case("IBM"), repair_company_case("KPMG ADVISORY"), repair_company_case("eBay")
    ('IBM', 'KPMG Advisory', 'eBay')
    """
    if not (name.isupper() or name.islower()):
        return name
    name = " ".join(name.split())
    form = find_form(name)
    if form is None or form.where == "middle":
        return _cased(name)
    place = name.rindex(form.text) if form.where == "end" else name.index(form.text)
    before, after = name[:place], name[place + len(form.text) :]
    return _cased(before) + _form_cased(form.text, form.display) + _cased(after)


def _form_cased(text: str, display: str) -> str:
    letters = iter([sign for sign in display if sign.isalnum()])
    if [sign.casefold() for sign in text if sign.isalnum()] != [s.casefold() for s in display if s.isalnum()]:
        return " ".join(capitalised(word) for word in text.split(" "))
    return "".join(next(letters) if sign.isalnum() else sign for sign in text)


def _cased(text: str) -> str:
    pieces = text.split(" ")
    several = sum(any(sign.isalpha() for sign in piece) for piece in pieces) > 1
    return " ".join(cased_word(piece, first=place == 0, several=several) for place, piece in enumerate(pieces))


@lru_cache(maxsize=1 << 15)
def cased_word(word: str, *, first: bool, several: bool) -> str:
    """Write one word of a name typed in one case; `several` says that there are more.

    >>> cased_word("LAMP", first=True, several=True), cased_word("AND", first=False, several=True)
    ('Lamp', 'and')
    """
    bare = word.strip(".,()\"'").casefold()
    if bare in words("company_words", "word", kind="acronym") or _INITIALS.fullmatch(word.strip(",()")):
        return word.upper()
    if not first and bare in words("company_words", "word", kind="small"):
        return word.lower()
    if "." in bare or any(sign.isdigit() for sign in bare):
        return word
    if word.isupper():
        return capitalised(word) if _is_word(bare, several) else word
    return word.upper() if _is_acronym(bare) else capitalised(word)


def _is_word(word: str, several: bool) -> bool:
    if not word.isascii():
        return True
    if len(word) <= 3 or (len(word) == 4 and _CLUSTER.search(word)):
        return word in words("company_words", "word", kind="short") | words("company_words", "word", kind="small")
    return bool(_VOWEL.search(word)) and (several or len(word) >= 7)


def _is_acronym(word: str) -> bool:
    return word.isascii() and word.isalpha() and 2 <= len(word) <= 4 and not _VOWEL.search(word)
