"""Plain text in the shape of a tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FACT_WIDTH = 10
"""The width of the words before facts."""

Facts = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a tree: its title, facts about it (a word and what it says), the branches below it."""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    branches: Sequence[Branch] = ()


def draw(branch: Branch) -> Iterator[str]:
    """Give the lines of a tree.

    >>> first = Branch("first", [("when", "x")])
    >>> print(*draw(Branch("flow", [("kind", "batch")], [first, Branch("last")])), sep=chr(10))
    flow
    │ kind       batch
    ├─ first
    │    when       x
    └─ last
    """
    yield branch.title
    yield from _below(branch)


def _below(branch: Branch) -> Iterator[str]:
    stem = "│ " if branch.branches else "  "
    for word, text in branch.facts:
        yield f"{stem}{word:<{FACT_WIDTH}} {text}"
    for position, below in enumerate(branch.branches):
        last = position + 1 == len(branch.branches)
        yield f"{'└─' if last else '├─'} {below.title}"
        for line in _below(below):
            yield f"{'   ' if last else '│  '}{line}"
