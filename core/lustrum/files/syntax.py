"""What is wrong with a file that is no YAML, in the words of somebody who writes campaigns."""

from __future__ import annotations

import re

from lustrum.files.events import YAMLError, trouble
from lustrum.files.nodes import Lines
from lustrum.words.errors import Problem
from lustrum.words.places import Place

TOKEN = ("a token {{…}} without quotes is not text to YAML", 'put it in quotes: "{{…}}"')

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_COLON = "quote the text, or begin the line in the same column as its neighbours"
_INDENT = "begin the line in the same column as its neighbours, or quote the text that goes on"
_CLOSE = "close it, or quote the text if the bracket belongs to it"
_EXPLANATIONS: tuple[tuple[str, str, str], ...] = (
    (r"special characters are not allowed", "a character here cannot stand in a YAML file", "remove it"),
    (r"mapping values are not allowed", "a second colon in one value, or a wrong indentation", _COLON),
    (r"character '\\t'", "a tab cannot indent a line", "use spaces"),
    (r"character '(.)' that cannot start", 'a text cannot begin with "{}"', "quote the text"),
    (r"unexpected end of stream", "a quote is opened and never closed", "close it"),
    (r"could not find expected ':'", "this line has no colon after its key", "write key: value"),
    (r"unknown escape character '(.)'", "\\{} means nothing between double quotes", "use single quotes"),
    (r"expected ',' or '[]}]'", "a bracket is opened and not closed", _CLOSE),
    (r"expected <block end>", "a wrong indentation, or a text that goes on after its quotes", _INDENT),
    (r"expected alphabetic or numeric", "a text cannot begin with * or &", "quote the text"),
)


def syntax_problem(error: YAMLError, lines: Lines, file: str) -> Problem:
    """Explain an error of the YAML reader: where it begins, what it is, what to do."""
    words, position = trouble(error)
    line = lines.line(position)
    bare = "{{" in _QUOTED.sub("", lines.text(line))
    return Problem(Place(file, line), *(TOKEN if bare else _explained(words)))


def _explained(words: str) -> tuple[str, str]:
    for pattern, what, remedy in _EXPLANATIONS:
        if found := re.search(pattern, words):
            return what.format(*found.groups()), remedy
    return f"this is not valid YAML ({words})", "quote the text, or look at the lines above"
