"""A YAML file as a small tree: the text that stands in the file, and the line of every part of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from lustrum.words.errors import Problem
from lustrum.words.places import Place

Data: TypeAlias = str | list["Data"] | dict[str, "Data"] | None
"""What a file says: text, nothing, a list or a mapping. No number, date or truth value is guessed."""

Path: TypeAlias = Sequence[str | int]
"""The keys and positions that lead from the root to a part of the file."""

_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Node:
    """One part of a file: its line, what it says, its parts, and the line of the key it stands under.

    `size` counts the parts, those an alias repeats included.
    """

    line: int
    data: Data
    children: Mapping[str | int, Node] = field(default_factory=dict["str | int", "Node"])
    key_line: int | None = None
    size: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """One file that was read: what it says, where each part stands, and what looks like a slip."""

    file: str
    root: Node = field(repr=False)
    warnings: tuple[Problem, ...] = ()

    @property
    def data(self) -> dict[str, Data]:
        """The file as plain dictionaries, lists, text and None."""
        return self.root.data if isinstance(self.root.data, dict) else {}

    def place(self, path: Path = (), *, key: bool = False) -> Place:
        """Find the line of the deepest part that exists on the path; with `key`, the line of its key."""
        node = self.root
        for step in path:
            if step not in node.children:
                return Place(self.file, node.line)
            node = node.children[step]
        return Place(self.file, node.key_line if key and node.key_line else node.line)


class Lines:
    """Turn positions in a text into line numbers, counted from 1.

    >>> lines = Lines("a\\r\\nb\\nc")
    >>> lines.line(0), lines.line(3), lines.line(5), lines.text(2)
    (1, 2, 3, 'b')
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def line(self, position: int) -> int:
        """Give the line in which a position stands."""
        return bisect_right(self._starts, position)

    def text(self, line: int) -> str:
        """Give a line without its end."""
        return self.rest(self._starts[line - 1])

    def rest(self, position: int) -> str:
        """Give what stands between a position and the end of its line."""
        line = self.line(position)
        end = self._starts[line] if line < len(self._starts) else len(self._text)
        return self._text[position:end].rstrip("\r\n")
