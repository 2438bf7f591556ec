"""Names of lists, programs, campaigns and activities where a filter takes one or several."""

from __future__ import annotations

from typing import Final

from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.leaves import is_list, line_texts, scalars, shown
from lustrum.words.conditions.operators import find_operator

_POSITIVE: Final = ("is", "in")
_NEGATIVE: Final = ("is not", "not in")


def parse_names(written: object, path: Path) -> tuple[str, ...]:
    """Read one name or a list of them; `is` and `in` may stand before. Raises `ConditionError`.

    >>> parse_names("in hot, 'needs review'", ()), parse_names(["a", "b"], ()), parse_names("Island", ())
    (('hot', 'needs review'), ('a', 'b'), ('Island',))
    """
    if not isinstance(written, str) and not is_list(written):
        raise ConditionError(f"{shown(written)} is no name", "write one name or a list of names", path)
    names = _one_line(written, path) if isinstance(written, str) else scalars(written, path)
    if not names or "" in names:
        raise ConditionError("a name is missing", "write one name or a list of names", path)
    if computed := [name for name in names if "{{" in name]:
        raise ConditionError(f'the name "{computed[0]}" has a token', "names stand as they are", path)
    return names


def _one_line(text: str, path: Path) -> tuple[str, ...]:
    found = find_operator(text)
    if found and found[0] in _NEGATIVE:
        raise ConditionError(f'"{found[0]}" does not stand before a name', 'put "not " before the key', path)
    return line_texts(*found) if found and found[0] in _POSITIVE else line_texts("is", text.strip())
