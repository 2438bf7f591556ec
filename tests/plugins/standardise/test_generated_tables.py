from __future__ import annotations

from pathlib import Path

import pytest

from lustrum_plugins.standardise import generated_tables
from lustrum_plugins.standardise.generated_tables import TABLES, written

DATA = Path(generated_tables.__file__).with_name("data")


@pytest.mark.parametrize("table", TABLES)
def test_generated_tables_are_those_of_the_installed_libraries(table: str) -> None:
    said = (DATA / f"{table}.csv").read_text(encoding="utf-8")
    assert written(TABLES[table]()) == said, "run: python -m lustrum_plugins.standardise.generated_tables"
