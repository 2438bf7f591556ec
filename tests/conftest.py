"""What holds for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.pop(
    "PYTHONDONTWRITEBYTECODE", None
)  # what the programs that tests start have compiled, the next one need not

settings.register_profile("explore", deadline=None, print_blob=True)
settings.register_profile("repeat", deadline=None, derandomize=True, database=None)
settings.load_profile("repeat" if os.environ.get("CI") else "explore")

UNCOUNTED = ("plugins", "fixtures", "examples", "test_example.py")
"""Tests of what uses core/: its coverage is that of its own tests, and counting lines makes them far slower."""


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Count no lines in tests whose coverage has no limit."""
    for item in items:
        if any(item.path.is_relative_to(Path(__file__).with_name(name)) for name in UNCOUNTED):
            item.add_marker("no_cover")


@pytest.fixture(scope="session", autouse=True)
def unsynced() -> Iterator[None]:
    """Let the disk take its time: no test outlives the machine; `tests/faults` kills processes of its own."""

    def written(handle: int) -> None:
        os.fstat(handle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", written)
        yield
