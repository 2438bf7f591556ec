"""Telling which kind of number a text is, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lustrum import Failed
from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.id_schemes import Of, Scheme, by_prefix, problem_of, schemes

_LEI = Scheme("", "lei", "lei", "")
_NORTHERN_IRELAND = "XI"


@dataclass(frozen=True, slots=True)
class Number:
    """A number in its standard form, its kind, and the country that gives it (none for an LEI)."""

    value: str
    kind: str
    country: str


def numbers(texts: Sequence[str], home: str | None, of: Of) -> list[Number]:
    """Give all that a text is: what its prefix says, else what the country's own schemes say.

    >>> numbers(["FR40303265045"], "DE", "company")
    [Number(value='FR40303265045', kind='tva', country='FR')]
    """
    for text in texts:
        if found := list(_by_itself(text)) if of == "company" else []:
            return found
        if home and (found := _without_twins(list(_of_country(text, home, of)))):
            return found
    return []


def refused(texts: Sequence[str], found: Sequence[Number], home: str | None, of: Of) -> Failed:
    """Say why a text is no number, or which kinds it may be; the number itself is never repeated."""
    what = "tax" if of == "company" else "personal"
    if found:
        kinds = tuple(sorted({number.kind for number in found}))
        return Failed("ambiguous", f"the number may be any of {', '.join(kinds)}", kinds)
    told = [scheme for text in texts for scheme in _told_by(text)] if of == "company" else []
    if not told and home is None:
        return Failed("country_unknown", f"a {what} number cannot be checked without its country")
    tried = told or schemes(home or "", of)
    if not tried:
        return Failed("no_scheme", f"we know of no {what} numbers of {countries()[home or ''].name}")
    if any(problem_of(scheme, text) == "checksum" for text in texts for scheme in tried):
        return Failed("wrong_checksum", "a digit is wrong: the checksum does not agree")
    names = ", ".join(scheme.kind for scheme in tried)
    return Failed(f"not_a_{'tax' if of == 'company' else 'national'}_id", f"not written as any of: {names}")


def _by_itself(text: str) -> Iterator[Number]:
    for scheme in _told_by(text):
        if problem_of(scheme, text) is None:
            yield Number(scheme.read(text), scheme.kind, scheme.country)


def _told_by(text: str) -> Iterator[Scheme]:
    """Name the schemes that a text says itself: by the prefix of its country, or the length of an LEI."""
    prefix = {"GR": "EL", _NORTHERN_IRELAND: "GB"}.get(text[:2], text[:2])
    scheme = by_prefix().get(prefix)
    if scheme and any(sign.isdigit() for sign in text):
        yield Scheme(scheme.country, scheme.kind, scheme.module, text[:2] if text[:2] == _NORTHERN_IRELAND else prefix)
    if len(text) == len("724500PMK2A2M1SQQ228"):
        yield _LEI


def _of_country(text: str, home: str, of: Of) -> Iterator[Number]:
    for scheme in schemes(home, of):
        if problem_of(scheme, text) is None:
            yield Number(scheme.read(text), scheme.kind, home)


def _without_twins(found: list[Number]) -> list[Number]:
    """Leave out a VAT number read without its prefix where another number of the country is written so too."""
    prefixes = {scheme.kind for scheme in by_prefix().values()}
    others = [number for number in found if number.kind not in prefixes]
    return others or found
