"""What stands in `lustrum` is what is importable, and what may be raised is one tree."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module

import pytest

import lustrum
import lustrum.testing
from lustrum.words import errors


def test_the_public_names_are_sorted_and_without_repeats() -> None:
    assert sorted(set(lustrum.__all__)) == sorted(lustrum.__all__)


@pytest.mark.parametrize("name", lustrum.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    namespace: dict[str, object] = {}
    exec(f"from lustrum import {name}", namespace)  # noqa: S102  # the import statement is under test
    assert namespace[name] is getattr(lustrum, name)


def test_a_star_import_brings_the_public_names_and_no_other() -> None:
    namespace: dict[str, object] = {}
    exec("from lustrum import *", namespace)  # noqa: S102  # the import statement is under test
    assert set(namespace) - {"__builtins__"} == set(lustrum.__all__)


def test_every_public_name_has_a_home_that_defines_it() -> None:
    homes: dict[str, str] = vars(lustrum)["_HOMES"]
    assert set(homes) == set(lustrum.__all__) - {"__version__"}
    for name, home in homes.items():
        assert name in vars(import_module(home))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'lustrum' has no attribute 'Stepp'"):
        _ = lustrum.Stepp
    assert not hasattr(lustrum, "nothing")


def test_every_public_class_and_function_is_documented() -> None:
    for name in set(lustrum.__all__) - {"__version__", "KEEP", "FieldName", "ProjectFile", "Template", "hookimpl"}:
        assert getattr(lustrum, name).__doc__, name


@pytest.mark.parametrize("name", lustrum.testing.__all__)
def test_the_kit_exports_what_it_says(name: str) -> None:
    assert getattr(lustrum.testing, name).__doc__


def test_lustrum_itself_loads_nothing_heavy() -> None:
    code = "import sys, lustrum; print(*sorted({'polars', 'pluggy', 'pydantic', 'click'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == ""


def raised() -> Iterator[type[errors.LustrumError]]:
    """Give every exception of lustrum, whichever module defines it."""
    for module in pkgutil.walk_packages(lustrum.__path__, "lustrum."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    open_ = [errors.LustrumError]
    while open_:
        found = open_.pop()
        open_.extend(found.__subclasses__())
        if found.__module__.startswith("lustrum."):
            yield found


def test_every_exception_stands_in_the_tree() -> None:
    assert errors.__doc__ is not None
    in_tree = set(re.findall(r"^(?:[│ ]*[├└]── )?(\w+)(?=\s{2,}|$)", errors.__doc__, re.MULTILINE))
    assert in_tree == {error.__name__ for error in raised()}


def test_the_tree_says_where_an_exception_is_that_stands_elsewhere() -> None:
    assert errors.__doc__ is not None
    for error in raised():
        if error.__module__ != errors.__name__:
            assert re.search(rf"── {error.__name__} .*\({error.__module__.removesuffix('.errors')}\)", errors.__doc__)
