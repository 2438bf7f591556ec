"""How far a pattern reaches from the start of a number, in the order in which a backtracking matcher would try."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lustrum_plugins.phones.states import Machine
from lustrum_plugins.phones.terms import Chain, Choice, Digit, Repeat, Terms

NO_MATCH = 0
MATCH = 1
MARKED_MATCH = 2
"""A match in which the last capturing group took part."""


@dataclass(frozen=True, slots=True)
class Thread:
    """One way on: the digits it takes, the term behind them, and whether it has passed the mark."""

    mask: int
    rest: int
    marked: bool


@dataclass(frozen=True, slots=True)
class Threads:
    """All ways on, the preferred first, and the match that ends here: in any case, or at the end of the number."""

    ways: tuple[Thread, ...]
    here: int = NO_MATCH
    at_end: int = NO_MATCH


def prefix_machine(terms: Terms) -> Machine[Threads]:
    """Make the automaton of a pattern's reach; a state says whether the best match so far ends there."""
    return Machine(
        left=lambda threads, digit: _after(terms, threads, digit),
        says=lambda threads, _: threads.here,
        is_over=lambda threads: threads == Threads(()),
        at_end=lambda threads: threads.at_end,
    )


def first_threads(terms: Terms, term: int) -> Threads:
    """Begin to match a term."""
    return _gathered(terms, [(term, False)])


def _after(terms: Terms, threads: Threads, digit: int) -> Threads:
    return _gathered(terms, ((way.rest, way.marked) for way in threads.ways if way.mask >> digit & 1))


def _gathered(terms: Terms, begun: Iterable[tuple[int, bool]]) -> Threads:
    ways: dict[Thread, None] = {}
    at_end = NO_MATCH
    for term, marked in begun:
        for way in _ways(terms, term, marked):
            match = MARKED_MATCH if way.marked else MATCH
            if way.rest == terms.nothing and not way.mask:
                return Threads(tuple(ways), match, at_end)
            if way.mask:
                ways[way] = None
            else:
                at_end = at_end or match
    return Threads(tuple(ways), NO_MATCH, at_end)


def _ways(terms: Terms, term: int, marked: bool) -> Iterator[Thread]:
    """Give the ways into a term in order; one without a mask ends it, at the end of the number if its rest is `$`."""
    node = terms.nodes[term]
    if term == terms.mark:
        yield Thread(0, terms.nothing, True)
    elif isinstance(node, Digit):
        yield Thread(node.mask, terms.nothing, marked)
    elif isinstance(node, Chain):
        yield from _chained(terms, node, marked)
    elif isinstance(node, Choice):
        for option in node.options:
            yield from _ways(terms, option, marked)
    elif isinstance(node, Repeat):
        yield from _repeated(terms, node, marked)
    else:
        yield Thread(0, term, marked)


def _chained(terms: Terms, node: Chain, marked: bool) -> Iterator[Thread]:
    for way in _ways(terms, node.first, marked):
        if way.mask:
            yield Thread(way.mask, terms.chain([way.rest, node.rest]), way.marked)
        elif way.rest == terms.nothing:
            yield from _ways(terms, node.rest, way.marked)
        else:
            yield from (Thread(0, terms.end, on.marked) for on in _ways(terms, node.rest, way.marked) if not on.mask)


def _repeated(terms: Terms, node: Repeat, marked: bool) -> Iterator[Thread]:
    again = terms.once_less(node)
    for way in _ways(terms, node.term, marked):
        yield Thread(way.mask, terms.chain([way.rest, again]), way.marked) if way.mask else way
    if not node.least or terms.is_empty(node.term):
        yield Thread(0, terms.nothing, marked)
