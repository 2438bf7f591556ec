from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum_plugins.connect.csv_source import CsvSource
from lustrum_plugins.connect.declared import Declared

LeadsFile = Callable[..., CsvSource]


@pytest.fixture
def leads(tmp_path: Path) -> LeadsFile:
    """Write bytes as a file of leads and open it."""

    def open_leads(content: bytes, *, name: str = "leads.csv", **declared: str) -> CsvSource:
        path = tmp_path / name
        path.write_bytes(content)
        return CsvSource(str(path), Declared(**declared))

    return open_leads
