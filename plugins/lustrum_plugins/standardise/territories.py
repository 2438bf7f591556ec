"""Countries, parts of them and what was one once, by the names people give them: the table of rigour.

Building it takes seconds, so it is kept as `data/territories.csv`, which `generated_tables` writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lustrum_plugins.standardise.word_tables import rows

SEPARATOR = "|"
"""What stands between the codes, names and places of a row."""

_SKIPPED = ".()[],;:_-/'"
_ASCII_KEYS = str.maketrans(
    {sign: "" if sign in _SKIPPED else " " for sign in map(chr, range(128)) if not sign.isalnum()}
)


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory: its code in small letters, that of what it is part of, and the places that tell it."""

    code: str
    parent: str | None
    places: tuple[str, ...]


def find_territory(text: str) -> Territory | None:
    """Find a territory by a code, a name in any language or the name of a place within it.

    >>> find_territory("Kalifornien"), find_territory("Atlantis")
    (Territory(code='us-ca', parent='us', places=()), None)
    """
    code = _by_code().get(text.lower().replace("_", "-").strip()) or _by_name().get(name_key(text))
    return territories()[code] if code else None


def name_key(text: str) -> str:
    """Give what rigour compares of a name.

    >>> name_key("  St. Kitts & Nevis"), name_key("Москва")
    ('st kitts nevis', 'moskva')
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII_KEYS).casefold().split())
    from rigour.territories.util import normalize_territory_name

    return normalize_territory_name(text)


@cache
def territories() -> Mapping[str, Territory]:
    """Give all territories by their codes in small letters."""
    return {
        row["code"]: Territory(row["code"], row["parent"] or None, _split(row["places"])) for row in rows("territories")
    }


@cache
def _by_code() -> Mapping[str, str]:
    return _by("codes")


@cache
def _by_name() -> Mapping[str, str]:
    return _by("names")


def _by(column: str) -> Mapping[str, str]:
    said = ((row["code"], row[column]) for row in rows("territories"))
    return {word: code for code, cell in said for word in _split(cell)}


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(SEPARATOR)) if cell else ()
