"""Endings of domains and the countries they tell."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.place_text import tidy

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://")


def host_of(text: str) -> str:
    """Give the domain of an e-mail address or a web address.

    >>> host_of("Ann <ann@Example.de>"), host_of("https://www.example.co.uk:8080/about?x=1"), host_of("example.it/")
    ('example.de', 'www.example.co.uk', 'example.it')
    """
    address = _SCHEME.sub("", tidy(text).lower())
    host = re.split(r"[/?#]", address, maxsplit=1)[0].rpartition("@")[2]
    return host.partition(":")[0].strip("<> .")


def told_by_domain(host: str) -> tuple[str, str] | None:
    """Give the country a domain's ending stands for, with the ending; None where everybody uses it.

    >>> told_by_domain("example.co.uk"), told_by_domain("amt.berlin"), told_by_domain("example.io")
    (('GB', 'uk'), ('DE', 'berlin'), None)
    """
    ending = host.rpartition(".")[2]
    code = _special().get(ending, ending.upper())
    if "." not in host or code not in countries() or not _worldwide().isdisjoint({host, ending}):
        return None
    return code, ending


@cache
def _special() -> Mapping[str, str]:
    return {row["domain"]: row["country"] for row in _rows("country_domains")}


@cache
def _worldwide() -> frozenset[str]:
    return frozenset(row["domain"] for row in _rows("worldwide_domains"))


def _rows(table: str) -> Iterator[Mapping[str, str]]:
    text = files("lustrum_plugins.enrich").joinpath("data", f"{table}.csv").read_text("utf-8")
    yield from csv.DictReader(text.splitlines())
