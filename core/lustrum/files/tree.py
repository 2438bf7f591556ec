"""Growing a tree of nodes from the events of the YAML parser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lustrum.files.events import Event, Kind
from lustrum.files.nodes import Data, Lines, Node
from lustrum.files.syntax import TOKEN
from lustrum.words.errors import Problem
from lustrum.words.places import Place

DEPTH = 100
"""How deep a file may nest."""

SIZE = 100_000
"""How many parts a file may have, those repeated by aliases included."""

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""The unquoted spellings of nothing (YAML 1.2 core schema)."""

QUOTABLE = frozenset({"when", "until", "smart_list", "on", "with", "my"})
"""The keys whose texts may hold a `#` that is not meant as a comment."""

_COMMENT = re.compile(r"[ \t]+#(.*)")


@dataclass(slots=True)
class _Branch:
    """A list or mapping whose parts are still to come."""

    line: int
    anchor: str | None
    mapping: bool
    children: dict[str | int, Node] = field(default_factory=dict["str | int", Node])
    key: Node | None = None

    def node(self) -> Node:
        parts = list(self.children.values())
        data: Data = (
            {str(key): part.data for key, part in self.children.items()}
            if self.mapping
            else [part.data for part in parts]
        )
        return Node(self.line, data, self.children, size=1 + sum(part.size for part in parts))


class Tree:
    """Takes parser events one by one; what is wrong is collected, and growing goes on where it can."""

    def __init__(self, lines: Lines, file: str) -> None:
        self.root = Node(1, None)
        self.line = 1
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._lines = lines
        self._file = file
        self._open: list[_Branch] = []
        self._anchors: dict[str, Node] = {}
        self._documents = 0

    def take(self, event: Event) -> bool:
        """Take an event; False says that going on is of no use."""
        self.line = self._lines.line(event.start)
        if event.kind is Kind.DOCUMENT:
            return self._start_document(event)
        if event.tag is not None:
            self._wrong(f'the tag "{event.tag}" is not read', "remove it; quote a text that begins with !")
        if event.kind in (Kind.MAPPING, Kind.SEQUENCE):
            return self._open_branch(event)
        if event.kind is Kind.END:
            branch = self._open.pop()
            return self._attach(branch.node(), branch.anchor)
        if event.kind is Kind.ALIAS:
            return self._take_alias(event)
        return event.kind is not Kind.SCALAR or self._attach(self._scalar(event), event.anchor)

    def _start_document(self, event: Event) -> bool:
        self._documents += 1
        if self._documents > 1:
            self._wrong("a second document begins here", "keep one document a file")
        for line in range(1, self.line) if event.explicit and self._documents == 1 else ():
            if self._lines.text(line).startswith("%"):
                self._wrong("directives (%YAML, %TAG) are not read", "remove the line; this is YAML 1.2", line=line)
        return self._documents == 1

    def _open_branch(self, event: Event) -> bool:
        if self._expects_key():
            token = self._lines.rest(max(event.start - 1, 0)).startswith("{{")
            self._wrong(*(TOKEN if token else ("a key must be a text", "write key: value")))
        self._open.append(_Branch(self.line, event.anchor, event.kind is Kind.MAPPING))
        if len(self._open) > DEPTH:
            self._wrong(f"this is nested deeper than {DEPTH} levels", "simplify it")
        return len(self._open) <= DEPTH

    def _take_alias(self, event: Event) -> bool:
        node = self._anchors.get(str(event.anchor))
        if node is None:
            self._wrong(f'"*{event.anchor}" repeats an anchor that does not stand before it', "quote the text")
            node = Node(self.line, None)
        return self._attach(Node(self.line, node.data, node.children, size=node.size))

    def _scalar(self, event: Event) -> Node:
        text = event.text
        if any("\ud800" <= char <= "\udfff" for char in text):
            self._wrong("an escape here names half a character", "write the character itself")
        if not event.plain:
            return Node(self.line, text)
        if self._expects_key():
            self._check_plain_key(text)
            return Node(self.line, text)
        self._check_comment(text, event)
        return Node(self.line, None if text in NULLS else text)

    def _attach(self, node: Node, anchor: str | None = None) -> bool:
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self.root = node
        elif not self._open[-1].mapping:
            children = self._open[-1].children
            children[len(children)] = node
        elif self._open[-1].key is None:
            self._open[-1].key = node
        else:
            self._attach_value(self._open[-1], self._open[-1].key, node)
        if node.size > SIZE:
            self._wrong(f"the file has more than {SIZE} parts", "write fewer aliases")
        return node.size <= SIZE

    def _attach_value(self, branch: _Branch, key: Node, node: Node) -> None:
        branch.key = None
        if not isinstance(key.data, str):
            return
        if key.data in branch.children:
            first = branch.children[key.data].key_line
            self._wrong(f'the key "{key.data}" stands here again (first on line {first})', "keep one", line=key.line)
        line = node.line if isinstance(node.data, str) else key.line
        branch.children[key.data] = Node(line, node.data, node.children, key.line, node.size)

    def _expects_key(self) -> bool:
        return bool(self._open) and self._open[-1].mapping and self._open[-1].key is None

    def _check_plain_key(self, text: str) -> None:
        if text == "<<":
            self._wrong("merge keys (<<) are not read", "write the keys out")
        elif not text:
            self._wrong("a key is missing before the colon", "write key: value")

    def _check_comment(self, text: str, event: Event) -> None:
        found = _COMMENT.match(self._lines.rest(event.end))
        keys = {branch.key.data for branch in self._open if branch.key and isinstance(branch.key.data, str)}
        if found and keys & QUOTABLE and _looks_cut(text, found[1]):
            what = f'everything after " #" is a comment: the text ends at "{text[-30:]}"'
            place = Place(self._file, self._lines.line(event.end))
            self.warnings.append(Problem(place, what, "quote the text, or put the comment on a line of its own"))

    def _wrong(self, what: str, remedy: str, *, line: int | None = None) -> None:
        self.problems.append(Problem(Place(self._file, line or self.line), what, remedy))


def _looks_cut(text: str, comment: str) -> bool:
    glued = bool(comment) and not comment[0].isspace() and comment[0] != "#"
    torn = any(text.count(quote) % 2 and comment.count(quote) % 2 for quote in "'\"")
    return glued or torn
