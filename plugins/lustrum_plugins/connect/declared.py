"""What a project may declare about a delimited file; what it does not declare is found out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from lustrum.words.errors import SinkError, SourceError
from lustrum.words.nearest import did_you_mean
from lustrum_plugins.connect.encoding import declared_encoding

SUFFIXES = (".csv", ".tsv", ".txt")
COMPRESSED = (".gz", ".bz2")
_SPELLED = {"tab": "\t", r"\t": "\t"}
_NAMES = ("encoding", "delimiter", "quote")


@dataclass(frozen=True, slots=True)
class Declared:
    """The declared encoding, delimiter and quote; None where nothing is declared."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None


def is_delimited(location: str) -> bool:
    """Say whether a location is the local path of a delimited file, compressed or not.

    >>> is_delimited("in/Leads.CSV"), is_delimited("leads.txt.gz"), is_delimited("s3://b/leads.csv")
    (True, True, False)
    """
    path = PurePath(location.lower())
    suffix = PurePath(path.stem).suffix if path.suffix in COMPRESSED else path.suffix
    return suffix in SUFFIXES and "://" not in location


def is_compressed(location: str) -> bool:
    """Say whether the file is compressed, by its suffix."""
    return PurePath(location.lower()).suffix in COMPRESSED


def read_options(location: str, options: Mapping[str, Any], error: type[SourceError | SinkError]) -> Declared:
    """Check what is declared about the file at `location`. Raises `error`."""
    for name in options:
        if name not in _NAMES:
            remedy = did_you_mean(name, _NAMES) or f"known are {', '.join(_NAMES)}"
            raise error(f'{location}: unknown option "{name}" for a delimited file; {remedy}')
    declared = {name: _SPELLED.get(str(value), str(value)) for name, value in options.items() if value is not None}
    try:
        _check(declared)
    except ValueError as problem:
        raise error(f"{location}: {problem}") from None
    return Declared(**declared)


def _check(declared: Mapping[str, str]) -> None:
    for name in ("delimiter", "quote"):
        sign = declared.get(name, "x")
        if len(sign) != 1 or sign in "\r\n":
            raise ValueError(f"{name} {sign!r} is not one character; declare one, such as {_EXAMPLES[name]}")
    if declared.get("quote", '"').isalnum():
        raise ValueError(
            f"quote {declared['quote']!r} is a letter or digit; declare {_EXAMPLES['quote']} or leave it out"
        )
    if "delimiter" in declared and declared["delimiter"] == declared.get("quote"):
        raise ValueError(f"delimiter and quote are both {declared['quote']!r}; declare two different characters")
    if "encoding" in declared:
        _check_encoding(declared["encoding"])


def _check_encoding(name: str) -> None:
    try:
        declared_encoding(name, b"")
    except LookupError:
        raise ValueError(f'encoding "{name}" is unknown; declare one such as utf-8 or windows-1252') from None
    except ValueError:
        raise ValueError(f'encoding "{name}" cannot be copied byte by byte; convert the file to utf-8') from None


_EXAMPLES = {"delimiter": '"," or tab', "quote": "'\"'"}
