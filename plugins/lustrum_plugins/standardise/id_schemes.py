"""Schemes of tax and personal numbers by country, as python-stdnum checks them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.word_tables import fold, rows

Of = Literal["company", "person"]

_SIGNS = re.compile(r"[\s.\-/·_‐-―,:'’#°]+")
_NUMBER = re.compile(r"[A-Z0-9](?:[A-Z0-9./+-]{0,38}[A-Z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of number: its country, its name there, the module that checks it and the prefix it is written with."""

    country: str
    kind: str
    module: str
    prefix: str

    def read(self, text: str) -> str:
        """Write a number in its standard form, or raise stdnum's `ValidationError`."""
        checker = _module(self.module)
        bare = text.removeprefix(self.prefix) if self.prefix else text
        number = str(checker.validate(bare))
        return self.prefix + number.removeprefix(self.prefix) if self.prefix else number


@cache
def schemes(country: str, of: Of) -> tuple[Scheme, ...]:
    """Name the schemes of a country for companies or persons.

    >>> [scheme.kind for scheme in schemes("FR", "company")], [scheme.kind for scheme in schemes("US", "person")]
    (['tva', 'siren', 'siret'], ['ssn', 'itin'])
    """
    mine = (row for row in rows("id_schemes") if row["country"] == country and row["of"] == of)
    return tuple(Scheme(country, row["kind"], row["module"], row["prefix"]) for row in mine)


@cache
def by_prefix() -> Mapping[str, Scheme]:
    """Give the schemes whose numbers say their country: VAT numbers of Europe, by their prefix."""
    mine = (row for row in rows("id_schemes") if row["prefix"])
    return {row["prefix"]: Scheme(row["country"], row["kind"], row["module"], row["prefix"]) for row in mine}


def spellings(text: str) -> Iterator[str]:
    """Give what may be the number in a text, in capitals: without a label and with it, with its signs and without.

    >>> list(spellings("VAT no. DE 123.456"))
    ['DE123.456', 'DE123456', 'VATNO.DE123.456', 'VATNODE123456']
    """
    plain = unicodedata.normalize("NFKC", one_line(text))
    for each in dict.fromkeys((_unlabelled(plain), plain)):
        marked = "".join(each.split()).upper()
        for form in dict.fromkeys((marked, _SIGNS.sub("", marked))):
            if _NUMBER.fullmatch(form):
                yield form


def problem_of(scheme: Scheme, text: str) -> str | None:
    """Say what is wrong with a number: `checksum`, `form`, or nothing."""
    exceptions = _module("exceptions")
    try:
        scheme.read(text)
    except exceptions.InvalidChecksum:
        return "checksum"
    except exceptions.ValidationError:
        return "form"
    return None


def _unlabelled(text: str) -> str:
    found = _labels().match(fold(text))
    return fold(text)[found.end() :] if found else text


@cache
def _labels() -> re.Pattern[str]:
    known = sorted((re.escape(fold(row["label"])) for row in rows("id_labels")), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(known)})(?:[\s.:#=)-]+|(?=\d))")


@cache
def _module(name: str) -> Any:
    return import_module(f"stdnum.{name}")
