"""What stands below the attributes of a model, read when a JSON Schema is made: no run needs it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from textwrap import dedent


def descriptions(kind: type) -> dict[str, str]:
    """Give the docstring of each attribute of a class, those it inherits included.

    >>> from lustrum.files.settings import FieldSpec
    >>> descriptions(FieldSpec)["type"]
    'What its cells are.'
    """
    return {name: text for owner in reversed(kind.__mro__[:-1]) for name, text in _own(owner)}


def _own(kind: type) -> Iterator[tuple[str, str]]:
    if not inspect.get_annotations(kind):
        return
    (written,) = ast.parse(dedent(inspect.getsource(kind))).body
    for attribute, below in pairwise(written.body if isinstance(written, ast.ClassDef) else []):
        match attribute, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, inspect.cleandoc(text)
            case _:
                pass
