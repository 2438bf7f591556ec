from __future__ import annotations

from pathlib import Path

import pytest

from lustrum_plugins import standardise
from lustrum_plugins.standardise.word_tables import fold, rows, words

TABLES = sorted(table.stem for table in Path(standardise.__file__).with_name("data").glob("*.csv"))


@pytest.mark.parametrize("table", TABLES)
def test_every_row_names_a_public_source(table: str) -> None:
    assert rows(table)
    assert [row for row in rows(table) if not row["source"].startswith("https://")] == []


@pytest.mark.parametrize("table", TABLES)
def test_no_row_stands_twice(table: str) -> None:
    keys = [tuple(value for name, value in row.items() if name != "source") for row in rows(table)]
    assert len(keys) == len(set(keys))


def test_words_of_a_column_are_chosen_by_the_other_columns() -> None:
    assert "gmbh" not in words("company_words", "word")
    assert "bank" in words("company_words", "word", kind="organisation")
    assert "bank" not in words("company_words", "word", kind="small")


def test_folding_ignores_case_width_composition_and_blanks() -> None:
    assert fold(" Ｎ/Ａ ") == fold("n/a")
    assert fold("Cafe\u0301") == fold("CAFÉ")
