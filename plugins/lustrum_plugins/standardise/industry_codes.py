"""Which segments a code of NAICS, SIC, NACE or ISIC may stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Literal, cast

from lustrum_plugins.standardise.word_tables import rows

Segments = frozenset[str]
Scheme = Literal["naics", "sic", "nace", "isic"]

_SCHEMES: tuple[Scheme, ...] = ("naics", "sic", "nace", "isic")
_REVISIONS = ("2.0", "2.1")
_NAMED = r"(?:us |uk )?(naics|sic|nace|isic)(?:[ -]*(?:rev\.? ?[0-9][0-9.]*|20[0-9]{2}))?(?: code)?[ :#.-]*"
_DOTTED = r"[a-v]? ?[0-9]{2}\.[0-9]{1,2}(?:\.?[0-9]{1,2})?[a-z]?"
_CODE = re.compile(
    rf"(?:{_NAMED})?({_DOTTED}|[a-v] ?[0-9]{{2,4}}|[0-9]{{2,6}}|31-33|44-45|48-49|(?<=[ :#.-])[a-v]|^[a-v]$)"
    r"(?:(?: ?[-–:|] ?| )(?P<label>[^\W\d].*))?"
)


def code_parts(text: str) -> tuple[Scheme | None, str, str] | None:
    """Part a folded text into the scheme it names, the code, and what stands behind it; None if it is no code.

    >>> code_parts("naics 541511 - custom programming"), code_parts("j62.01"), code_parts("software")
    (('naics', '541511', 'custom programming'), (None, 'j62.01', ''), None)
    """
    found = _CODE.fullmatch(text)
    if found is None or (found[2].isalpha() and found["label"] and not found[1]):
        return None
    return cast("Scheme | None", found[1]), found[2], found["label"] or ""


def code_segments(code: str, scheme: Scheme | None) -> Mapping[str, Segments]:
    """Give the segments a code may stand for in each scheme that has it.

    >>> dict(code_segments("7372", None)), dict(code_segments("62", "naics"))
    ({'sic': frozenset({'TEC'})}, {'naics': frozenset({'HEA'})})
    """
    chosen = (scheme,) if scheme else ("nace", "isic") if re.search(r"[a-z.]\d|\d[.]", code) else _SCHEMES
    return {name: found for name in chosen if (found := _READERS[name](code))}


def _naics(code: str) -> Segments:
    digits = code.split("-")[0]
    known = digits.isdecimal() and (len(digits) == 2 or digits[:3] in _table("naics"))
    return _longest("naics", digits) if known else frozenset()


def _sic(code: str) -> Segments:
    if len(code) == 1:
        return _table("sic_division").get(code.upper(), frozenset())
    digits = code.replace(".", "")
    if len(digits) == 5:
        return _nace(code)
    return _longest("sic", digits) if digits.isdecimal() and len(digits) <= 4 else frozenset()


def _nace(code: str) -> Segments:
    if len(code) == 1:
        each = [_table(f"nace_{revision}").get(code.upper(), frozenset[str]()) for revision in _REVISIONS]
        return frozenset[str]().union(*each)
    digits = re.sub(r"[^0-9]", "", code)
    if len(digits) > 5 and "." not in code:
        return frozenset()
    return _longest("nace", digits[:4]) if _is_nace(digits[:4], _section(code)) else frozenset()


def _isic(code: str) -> Segments:
    if len(code) == 1:
        return _table("nace_2.0").get(code.upper(), frozenset())
    digits = re.sub(r"[^0-9]", "", code)
    known = digits in _isic_codes() and _is_nace(digits[:2], _section(code))
    return _longest("isic", digits) if known else frozenset()


_READERS = {"naics": _naics, "sic": _sic, "nace": _nace, "isic": _isic}


def _section(code: str) -> str:
    return code[0].upper() if code[0].isalpha() else ""


def _is_nace(digits: str, section: str) -> bool:
    nace: Any = import_module("stdnum.eu.nace")
    for revision in _REVISIONS:
        if nace.is_valid(digits, revision=revision):
            told = str(nace.info(digits, revision=revision).get("section", ""))
            if section in {"", told}:
                return True
    return False


@cache
def nace_labels() -> Mapping[str, Segments]:
    """Give the English labels of all classes of NACE, of both revisions, with their segments."""
    return {label: segments for label, _, segments in _nace_entries()}


@cache
def _isic_codes() -> frozenset[str]:
    found = {isic for _, isic, _ in _nace_entries() if isic}
    return frozenset(code[:length] for code in found for length in (2, 3, 4))


@cache
def _nace_entries() -> tuple[tuple[str, str, Segments], ...]:
    return tuple(_entries())


def _entries() -> Iterator[tuple[str, str, Segments]]:
    nace: Any = import_module("stdnum.eu.nace")
    for revision in _REVISIONS:
        for code in _valid(nace, revision):
            told = nace.info(code, revision=revision)
            isic = str(told.get("isic", "")) if revision == "2.0" else ""
            yield str(told["label"]), isic, _longest("nace", code)


def _valid(nace: Any, revision: str) -> Iterator[str]:
    divisions = [f"{number:02d}" for number in range(1, 100) if nace.is_valid(f"{number:02d}", revision=revision)]
    for division in divisions:
        yield division
        for group in range(10):
            if nace.is_valid(f"{division}{group}", revision=revision):
                yield f"{division}{group}"
                classes = (f"{division}{group}{last}" for last in range(10))
                yield from (code for code in classes if nace.is_valid(code, revision=revision))


def _longest(scheme: str, digits: str) -> Segments:
    table = _table(scheme)
    known = (table[digits[:length]] for length in range(len(digits), 1, -1) if digits[:length] in table)
    return next(known, frozenset[str]())


@cache
def _table(scheme: str) -> Mapping[str, Segments]:
    return {
        row["prefix"]: frozenset(row["segments"].split()) for row in rows("industry_codes") if row["scheme"] == scheme
    }
