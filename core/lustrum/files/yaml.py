"""Reading YAML 1.2 so that text stays text and every part keeps its line."""

from __future__ import annotations

from pathlib import Path

from lustrum.files.events import YAMLError, parse
from lustrum.files.nodes import Data, Document, Lines
from lustrum.files.syntax import syntax_problem
from lustrum.files.tree import Tree
from lustrum.words.errors import Problem, ProjectError
from lustrum.words.places import Place


def read_yaml(text: str | bytes, file: str) -> Document:
    """Read the text of a file whose root is a mapping; `file` is how messages name it.

    An unquoted `~`, `null` or empty value is None, everything else stays the text that stands there. Raises
    `ProjectError` with all that can be known to be wrong.

    >>> document = read_yaml("country: NO\\nzip: [01234, +5]", "x.yaml")
    >>> document.data
    {'country': 'NO', 'zip': ['01234', '+5']}
    >>> str(document.place(["zip", 1]))
    'x.yaml:2'
    """
    tree = _grow(decode(text, file) if isinstance(text, bytes) else text, file)
    if not tree.problems:
        _check_root(tree, file)
    if tree.problems:
        raise ProjectError(dict.fromkeys(tree.problems))
    return Document(file, tree.root, tuple(tree.warnings))


def read_yaml_file(path: Path, file: str) -> Document:
    """Read a file from disk. Raises `ProjectError`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise ProjectError([Problem(Place(file), f"cannot read the file ({reason})")]) from error
    return read_yaml(content, file)


def read_value(text: str, place: Place) -> Data:
    """Read one YAML value that stands in another file, such as a list in a cell. Raises `ProjectError`.

    >>> read_value("[01234, {is: NO}]", Place("cases.csv", 2))
    ['01234', {'is': 'NO'}]
    """
    tree = _grow(text, place.file)
    if tree.problems:
        raise ProjectError(dict.fromkeys(Problem(place, problem.what, problem.remedy) for problem in tree.problems))
    return tree.root.data


def decode(content: bytes, file: str) -> str:
    """Decode a file as UTF-8, with or without its mark. Raises `ProjectError` with the line of the first bad byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        what = "the file is in UTF-16" if utf16 else f"the byte 0x{content[error.start]:02X} is not UTF-8"
        raise ProjectError([Problem(Place(file, line), what, "save the file as UTF-8")]) from error


def _grow(text: str, file: str) -> Tree:
    text = text.removeprefix("\ufeff")
    lines = Lines(text)
    tree = Tree(lines, file)
    try:
        for event in parse(text):
            if not tree.take(event):
                break
    except YAMLError as error:
        tree.problems.append(syntax_problem(error, lines, file))
    except (ValueError, OverflowError):
        tree.problems.append(
            Problem(Place(file, tree.line), "an escape here names no character", "write the text itself")
        )
    return tree


def _check_root(tree: Tree, file: str) -> None:
    if tree.root.data is None:
        tree.problems.append(Problem(Place(file, 1), "the file is empty", "write key: value lines"))
    elif not isinstance(tree.root.data, dict):
        tree.problems.append(
            Problem(Place(file, tree.root.line), "the file must be a mapping", "begin it with key: value lines")
        )
