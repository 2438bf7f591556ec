"""Counts and sums as people write them: exact, "about", "at least", "from … to", with words for millions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import product

from lustrum_plugins.standardise.currency_names import Codes, active, signs, withdrawn
from lustrum_plugins.standardise.number_text import MARKS, plain_digits, read_number
from lustrum_plugins.standardise.word_tables import fold, rows

_LONGEST = 120
_FARTHEST = 18
_EXACTEST = 6
_NUMBER = re.compile(r"\d{1,3}(?:[ '’‘`´]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*|[.,]\d+")
_GLUED = re.compile(r"(?<![^\W\d_])(k|t|m|mn|mio|mln|mrd|mld|bn|b)(?=(?:eur|usd|chf|gbp|sek|nok|dkk|pln)(?![^\W\d_]))")
_ACCOUNTING = re.compile(r"(?<![^\W\d_])t(?=€|eur(?![^\W\d_]))")
_WESTERN = re.compile(r"[^\W\d_]$")
_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]$")
_YEAR = re.compile(r"\((?:fy ?|in )?(?:19|20)\d\d\)|\b(?:fy ?|in )(?:19|20)\d\d\b")
_SCIENTIFIC = re.compile(r"\de[+-]?\d")
_LIMITS = frozenset({"at_least", "more_than", "at_most", "less_than"})
_ABOUT = frozenset({"about"})
_SILENT = frozenset({"filler", "between"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """One reading: both bounds (equal where the number is exact, None where it is open) and the currencies named.

    `open_low` says that the lower bound itself is not meant ("more than 5"), `open_high` the same of the upper one.
    """

    low: Decimal | None
    high: Decimal | None
    currencies: Codes = frozenset()
    sign: str = ""
    about: bool = False
    open_low: bool = False
    open_high: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    kinds: frozenset[str] = frozenset({"number"})
    powers: tuple[int, ...] = ()
    codes: Codes = frozenset()


def quantities(
    text: str, noun: str, marks: tuple[str, ...] = MARKS, languages: tuple[str, ...] = ()
) -> frozenset[Quantity]:
    """Give all readings of a text; none where it is no count or sum. `noun` is what may be counted: people or money.

    `marks` are the signs that may stand before decimals where the text leaves it open, `languages` those of the lead:
    they settle words that mean different things (`mil`).

    >>> [str(one.low) for one in quantities("5,2 Mio", "money")], len(quantities("1.234", "money"))
    (['5.2E+6'], 2)
    >>> [(str(one.low), one.high, one.open_low) for one in quantities("mehr als 1000 Mitarbeiter", "people")]
    [('1000', None, True)]
    """
    plain = _tidy(text)
    tokens = [] if _SCIENTIFIC.search(plain) else _tokens(plain, noun, languages)
    if not tokens:
        return frozenset()
    marks = marks if any(_is_marked(token.text) for token in tokens) else marks[:1]
    ambiguous = [token.powers for token in tokens if len(token.powers) > 1]
    choices = product(*ambiguous) if ambiguous else iter([()])
    found = (_read(tokens, mark, choice) for choice in choices for mark in marks)
    return frozenset(one for one in found if one is not None)


def _is_marked(number: str) -> bool:
    """Say whether a number may be read in two ways: one mark, and three digits behind it."""
    return number[-4:-3] in MARKS


def _tidy(text: str) -> str:
    text = _YEAR.sub(" ", fold(plain_digits(text))[:_LONGEST])
    return _GLUED.sub(r"\1 ", _ACCOUNTING.sub("tsd ", text)).strip(" .;:")


@cache
def _terms() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows("quantity_words"):
        found[fold(row["word"])].add(row["kind"])
    for row in rows("magnitudes"):
        found[fold(row["word"])].add("magnitude")
    for name in [*signs(), *(code.casefold() for code in active() | withdrawn())]:
        found[name].add("currency")
    return {word: frozenset(kinds) for word, kinds in found.items()}


@cache
def _powers() -> dict[str, dict[int, frozenset[str]]]:
    found: defaultdict[str, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows("magnitudes"):
        found[fold(row["word"])][int(row["power"])].update(row["languages"].split())
    return {word: {power: frozenset(spoken) for power, spoken in powers.items()} for word, powers in found.items()}


@cache
def _term() -> re.Pattern[str]:
    return re.compile("|".join(_bounded(word) for word in sorted(_terms(), key=len, reverse=True)))


def _bounded(word: str) -> str:
    western = _WESTERN.search(word) and not _ASIAN.search(word)
    return re.escape(word) + (r"(?![^\W\d_])\.?" if western else "")


def _tokens(text: str, noun: str, languages: tuple[str, ...]) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    while place < len(text):
        match = _NUMBER.match(text, place) or _term().match(text, place)
        if match:
            found.append(_token(match[0], languages))
        elif text[place] not in " ,()/":
            return []
        place = match.end() if match else place + 1
    other = {"money", "currency"} if noun == "people" else {"people"}
    kept = [token for token in found if not token.kinds <= {noun}]
    return [] if any(token.kinds <= other for token in kept) or len(kept) > 12 else kept


@lru_cache(maxsize=8192)
def _token(text: str, languages: tuple[str, ...]) -> _Token:
    if text[0].isdigit() or text[-1].isdigit():
        return _Token(text)
    word = text if text in _terms() else text.rstrip(".")
    powers = _powers().get(word, {})
    own = tuple(power for power, spoken in powers.items() if spoken & set(languages))
    named = frozenset({word.upper()}) if word.upper() in active() | withdrawn() else signs().get(word, frozenset())
    return _Token(word, _terms()[word], own or tuple(powers), named)


def _read(tokens: list[_Token], mark: str, choice: tuple[int, ...]) -> Quantity | None:
    named = {token.text: token.codes for token in tokens if "currency" in token.kinds and not token.powers}
    if len(set(named.values())) > 1:
        return None
    rest = [token for token in tokens if token.text not in named and not token.kinds <= _SILENT]
    about = [
        token for place, token in enumerate(rest) if "about" in token.kinds and (not place or token.kinds == _ABOUT)
    ]
    rest = [token for token in rest if token not in about]
    bounds = _bounds(rest, mark, list(choice))
    if bounds is None:
        return None
    low, high, open_low, open_high = bounds
    sign, codes = next(iter(named.items()), ("", frozenset[str]()))
    return Quantity(low, high, codes, sign, bool(about), open_low, open_high)


_Bounds = tuple[Decimal | None, Decimal | None, bool, bool]


def _bounds(tokens: list[_Token], mark: str, choice: list[int]) -> _Bounds | None:
    shape, numbers = _shape(tokens, mark, choice)
    if shape == "n":
        return numbers[0], numbers[0], False, False
    if shape == "ntn":
        low, high = numbers
        return (low, high, False, False) if low < high else None
    kind = next((kind for kind in _LIMITS if shape in _LIMIT_SHAPES[kind]), None)
    if kind is None:
        return None
    at_low = kind in ("at_least", "more_than")
    bound = numbers[0]
    return (bound, None, kind == "more_than", False) if at_low else (None, bound, False, kind == "less_than")


_LETTERS = {"at_least": "g", "more_than": "o", "at_most": "m", "less_than": "l", "to": "t", "and": "t"}
_LIMIT_SHAPES = {"at_least": {"gn", "ng"}, "more_than": {"on"}, "at_most": {"mn", "nm"}, "less_than": {"ln"}}


def _shape(tokens: list[_Token], mark: str, choice: list[int]) -> tuple[str, list[Decimal]]:
    shape = ""
    ahead = 0
    values: list[tuple[Decimal, int]] = []
    for token in tokens:
        if "number" in token.kinds:
            value = read_number(token.text, mark)
            if value is None:
                return "", []
            values.append((value, ahead))
            shape += "n"
        elif token.powers and shape.endswith("n"):
            values[-1] = (values[-1][0], values[-1][1] + _power(token, choice))
        elif token.powers and not shape and not ahead:
            ahead = _power(token, choice)
        else:
            shape += _letter(token, shape)
    numbers = list(_scaled(values))
    return (shape, numbers) if all(_sensible(number) for number in numbers) else ("", [])


def _power(token: _Token, choice: list[int]) -> int:
    return choice.pop(0) if len(token.powers) > 1 else next(iter(token.powers))


def _letter(token: _Token, before: str) -> str:
    if before.endswith("n") and token.kinds & {"to", "and"}:
        return "t"
    return next((_LETTERS[kind] for kind in sorted(token.kinds) if kind in _LIMITS), "?")


def _scaled(values: list[tuple[Decimal, int]]) -> Iterator[Decimal]:
    last = values[-1][1] if values else 0
    for value, power in values:
        yield value.scaleb(min(power or last, _FARTHEST))


def _sensible(number: Decimal) -> bool:
    """Say whether there may be so much money or so many people, told so exactly."""
    return number.adjusted() < _FARTHEST and -int(number.as_tuple().exponent) <= _EXACTEST
