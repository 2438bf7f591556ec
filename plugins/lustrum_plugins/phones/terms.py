"""Patterns over decimal digits as terms, each kept once, and what is left of one when a digit was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

DIGITS = range(10)
ANY_DIGIT = (1 << 10) - 1


@dataclass(frozen=True, slots=True)
class Digit:
    """One digit of a set; bit 3 stands for the digit 3, no bit at all for what never matches."""

    mask: int


@dataclass(frozen=True, slots=True)
class Sign:
    """What reads no digit: nothing at all, the end of the text, or the mark behind a captured group."""

    name: str


@dataclass(frozen=True, slots=True)
class Chain:
    """One term, then another."""

    first: int
    rest: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several terms, the first that leads to a match."""

    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A term so many times, as often as possible; `most` is None without a bound."""

    term: int
    least: int
    most: int | None


Node = Digit | Sign | Chain | Choice | Repeat


class Terms:
    """The terms of some patterns; a term is a number, and equal terms have the same."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._numbers: dict[Node, int] = {}
        self._empty: dict[int, bool] = {}
        self._left: dict[tuple[int, int], int] = {}
        self.never = self._number(Digit(0))
        self.nothing = self._number(Sign("nothing"))
        self.end = self._number(Sign("end"))
        self.mark = self._number(Sign("mark"))

    def digit(self, mask: int) -> int:
        """Give the term of one digit of a set."""
        return self._number(Digit(mask))

    def chain(self, parts: Iterable[int]) -> int:
        """Give the term of one after the other."""
        return reduce(lambda rest, first: self._chained(first, rest), reversed(tuple(parts)), self.nothing)

    def choice(self, options: Iterable[int]) -> int:
        """Give the term of any of these, in order."""
        flat: dict[int, None] = {}
        for option in options:
            node = self.nodes[option]
            flat.update(dict.fromkeys(node.options if isinstance(node, Choice) else (option,)))
        flat.pop(self.never, None)
        return self._number(Choice(tuple(flat))) if len(flat) > 1 else next(iter(flat), self.never)

    def repeat(self, term: int, least: int, most: int | None) -> int:
        """Give the term of another so many times."""
        if most == 0 or term == self.nothing:
            return self.nothing
        return term if least == most == 1 else self._number(Repeat(term, least, most))

    def once_less(self, node: Repeat) -> int:
        """Give what is left of a repetition that was gone through once."""
        return self.repeat(node.term, max(node.least - 1, 0), None if node.most is None else node.most - 1)

    def is_empty(self, term: int) -> bool:
        """Say whether a term matches where no digit is left."""
        known = self._empty.get(term)
        if known is None:
            known = self._empty[term] = self._matches_nothing(term)
        return known

    def left(self, term: int, digit: int) -> int:
        """Give what must follow in a text that begins with a digit and matches as a whole (Brzozowski's derivative).

        >>> terms = Terms()
        >>> seven = terms.digit(1 << 7)
        >>> terms.left(terms.chain([seven, seven]), 7) == seven, terms.left(seven, 8) == terms.never
        (True, True)
        """
        known = self._left.get((term, digit))
        if known is None:
            known = self._left[term, digit] = self._derived(term, digit)
        return known

    def _number(self, node: Node) -> int:
        number = self._numbers.setdefault(node, len(self.nodes))
        if number == len(self.nodes):
            self.nodes.append(node)
        return number

    def _chained(self, first: int, rest: int) -> int:
        if first == self.nothing or rest == self.never:
            return rest
        if first == self.never or rest == self.nothing:
            return first
        node = self.nodes[first]
        if isinstance(node, Chain):
            return self._chained(node.first, self._chained(node.rest, rest))
        return self._number(Chain(first, rest))

    def _matches_nothing(self, term: int) -> bool:
        match self.nodes[term]:
            case Digit():
                return False
            case Sign():
                return True
            case Chain(first, rest):
                return self.is_empty(first) and self.is_empty(rest)
            case Choice(options):
                return any(map(self.is_empty, options))
            case Repeat(inner, least):
                return least == 0 or self.is_empty(inner)

    def _derived(self, term: int, digit: int) -> int:
        match self.nodes[term]:
            case Digit(mask):
                return self.nothing if mask >> digit & 1 else self.never
            case Sign():
                return self.never
            case Chain(first, rest):
                through = self._chained(self.left(first, digit), rest)
                return self._any(through, self.left(rest, digit)) if self.is_empty(first) else through
            case Choice(options):
                return self._any(*(self.left(option, digit) for option in options))
            case Repeat(inner) as node:
                return self._chained(self.left(inner, digit), self.once_less(node))

    def _any(self, *options: int) -> int:
        choice = self.choice(options)
        node = self.nodes[choice]
        return self._number(Choice(tuple(sorted(node.options)))) if isinstance(node, Choice) else choice
