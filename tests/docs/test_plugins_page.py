"""docs/plugins.md names every hook with its exact arguments, and everything that is public."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

import lustrum
from lustrum import testing
from lustrum.contracts import hookspecs

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")
HOOKS = [name for name in vars(hookspecs) if name.startswith("lustrum_")]


def signature(function: object) -> str:
    """Write a signature as it stands in the source."""
    assert callable(function)
    return str(inspect.signature(function)).replace("'", "")


def test_every_hook_is_documented_with_its_exact_arguments_and_no_other() -> None:
    documented = re.findall(r"^### `(lustrum_.+)`$", PAGE, re.MULTILINE)
    assert documented == [f"{name}{signature(getattr(hookspecs, name))}" for name in HOOKS]


def test_every_public_name_is_listed_and_no_other() -> None:
    listed = PAGE[PAGE.index("`lustrum.__all__`:") : PAGE.index("and from `lustrum.testing`")]
    assert set(re.findall(r"`(\w+)`", listed)) == {name for name in lustrum.__all__ if name != "__version__"}


@pytest.mark.parametrize("name", testing.__all__)
def test_the_kit_is_described_with_its_arguments_or_attributes(name: str) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith((f"| `{name}(", f"| `{name}` |"))]
    member = getattr(testing, name)
    known = dataclasses.fields(member) if isinstance(member, type) else inspect.signature(member).parameters.values()
    missing = [part.name for part in known if not re.search(rf"\b{part.name}\b", row)]
    assert missing == []
