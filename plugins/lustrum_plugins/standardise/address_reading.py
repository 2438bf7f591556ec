"""Reading an American address with usaddress: which part each word belongs to, and how sure that is."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from itertools import groupby, pairwise
from typing import Any

from lustrum_plugins.standardise.address_text import tidied
from lustrum_plugins.standardise.state_text import by_name

_PARTS: Mapping[str, str] = {
    "AddressNumberPrefix": "house_number",
    "AddressNumber": "house_number",
    "AddressNumberSuffix": "house_number",
    "StreetNamePreModifier": "road",
    "StreetNamePreDirectional": "road",
    "StreetNamePreType": "road",
    "StreetName": "road",
    "StreetNamePostType": "road",
    "StreetNamePostDirectional": "road",
    "StreetNamePostModifier": "road",
    "OccupancyType": "unit",
    "OccupancyIdentifier": "unit",
    "USPSBoxType": "po_box",
    "USPSBoxID": "po_box",
    "BuildingName": "landmark",
    "LandmarkName": "landmark",
    "PlaceName": "city",
    "StateName": "state",
    "ZipCode": "postal_code",
    "ZipPlus4": "postal_code",
    "CountryName": "country",
}
_ONCE = frozenset({"house_number", "road", "unit", "po_box", "city", "state", "postal_code"})
_ZIP = re.compile(r"\d{5}(?:[- ]?\d{4})?")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)
_LEAST = 0.35
_own = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    """One word of an address: where it stands in the text, its label, and the part that label belongs to."""

    text: str
    label: str
    start: int

    @property
    def part(self) -> str:
        """The part of the address: `road`, `unit`, …; empty for what none of them takes."""
        return _PARTS.get(self.label, "")

    @property
    def end(self) -> int:
        """Where the word ends in the text."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Reading:
    """An address read: its words, and how probable the model finds that, from 0 to 1."""

    text: str
    words: tuple[Word, ...]
    certainty: float

    @property
    def is_crossing(self) -> bool:
        """Whether it names the crossing of two roads."""
        return any(word.label == "IntersectionSeparator" for word in self.words)

    def part(self, name: str) -> str:
        """Give the words of a part as they are written, without marks round them.

        >>> read_address("12 Elm St, Apt 4, Salem, MA").part("city")
        'Salem'
        """
        return self.shown(lambda word: word.part == name)

    def shown(self, keep: Callable[[Word], bool], write: Callable[[Word, str], str] | None = None) -> str:
        """Write the words to be kept; `write` gives a word from itself and the one before it."""
        pieces: list[str] = []
        last: Word | None = None
        for before, word in pairwise((None, *self.words)):
            if word is None or not keep(word):
                continue
            gap = ", " if last is None or last is not before else self.text[last.end : word.start]
            pieces += [gap, write(word, before.text if before else "") if write else word.text]
            last = word
        return tidied("".join(pieces[1:]))

    def doubt(self) -> str:
        """Say why the reading cannot be trusted; empty where nothing speaks against it."""
        runs = Counter(part for part, _ in groupby(word.part for word in self.words))
        repeated = sorted(part for part in _ONCE if runs[part] > 1 and not (part == "road" and self.is_crossing))
        if repeated:
            return f"it names more than one {repeated[0].replace('_', ' ')}"
        if self.certainty < _LEAST:
            return "its parts cannot be told apart"
        return next(self._misfits(), "")

    def _misfits(self) -> Iterator[str]:
        state, code, number = self.part("state"), self.part("postal_code"), self.part("house_number")
        if state and not by_name(state, "US"):
            yield f"“{state}” is no state of the United States"
        if code and not _ZIP.fullmatch(code):
            yield f"“{code}” is no ZIP code"
        if _ORDINAL.fullmatch(number):
            yield f"“{number}” is no house number"


@lru_cache(maxsize=8192)
def read_address(text: str) -> Reading:
    """Tell what each word of an American address is.

    >>> [word.part for word in read_address("12 Elm St, Apt 4, Salem, MA").words]
    ['house_number', 'road', 'road', 'unit', 'unit', 'city', 'state']
    """
    import usaddress  # type: ignore[import-untyped]  # the library has no types

    tokens: list[str] = usaddress.tokenize(text)
    if not tokens:
        return Reading(text, (), 0.0)
    tagger = _tagger()
    labels: list[str] = tagger.tag(usaddress.tokens2features(tokens))
    certainty = float(tagger.probability(labels))
    return Reading(text, tuple(_placed(text, tokens, labels)), round(certainty, 3))


def _placed(text: str, tokens: list[str], labels: list[str]) -> Iterator[Word]:
    at = 0
    for token, label in zip(tokens, labels, strict=True):
        at = text.index(token, at)
        yield Word(token, label, at)
        at += len(token)


def _tagger() -> Any:
    if not hasattr(_own, "tagger"):
        crf, usaddress = _untyped("pycrfsuite"), _untyped("usaddress")
        _own.tagger = crf.Tagger()
        _own.tagger.open(usaddress.MODEL_PATH)
    tagger: Any = _own.tagger
    return tagger


def _untyped(library: str) -> Any:
    return import_module(library)
