from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lustrum.files.aliases import AliasFile, load_aliases, read_aliases
from lustrum.words.errors import ProjectError


def aliases(text: str, file: str = "aliases/country.csv") -> AliasFile:
    return read_aliases(text.encode(), file)


def test_a_table_is_of_the_field_it_is_named_by_and_keeps_its_order() -> None:
    table = aliases("alias,value\nBella Italia,Italy\nHolland,NL\n", "aliases/Country Code.csv")
    assert table.field == "country_code"
    assert [(alias.alias, alias.value, str(alias.place)) for alias in table.aliases] == [
        ("Bella Italia", "Italy", "aliases/Country Code.csv:2"),
        ("Holland", "NL", "aliases/Country Code.csv:3"),
    ]


def test_a_spelling_counts_up_to_and_with_its_last_day() -> None:
    spelling, lasting = aliases("alias,value,until,note\nOldland,DE,2026-03-01,renamed\nNeuland,DE,,\n").aliases
    assert not spelling.expired(date(2026, 3, 1))
    assert spelling.expired(date(2026, 3, 2))
    assert not lasting.expired(date.max)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("alias\nx\n", 'aliases/country.csv:1: missing column "value"'),
        ("alias,value,scop\nx,DE,\n", 'unknown column "scop"; did you mean "scope"?'),
        ("alias,value\n,DE\n", "aliases/country.csv:2: alias is empty"),
        ("alias,value\nx,\n", "aliases/country.csv:2: value is empty"),
        ("alias,value,until\nx,DE,soon\n", 'until is "soon", which is no date; write it as 2030-12-31'),
        ("alias,value\nx,3.93E+11\n", "a spreadsheet has damaged the table"),
        ("alias,value\nx,DE\n X ,AT\n", 'aliases/country.csv:3: " X " stands in line 2 too'),
        ("alias,value\nx,DE\nDE,Germany\n", '"DE" is an alias itself, so the next run would change it again'),
    ],
)
def test_what_is_wrong_in_a_table_is_said_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ProjectError) as caught:
        aliases(text)
    assert message in str(caught.value)


def test_an_alias_may_stand_once_a_scope_and_change_only_its_case() -> None:
    table = aliases("alias,value,scope\nGA,Gabon,city = 'Libreville'\nGA,US,\nibm,IBM,\n")
    assert [alias.scope for alias in table.aliases] == ["city = 'Libreville'", "", ""]


def test_a_project_has_one_table_a_field_and_every_problem_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "aliases"
    folder.mkdir()
    (folder / "city.csv").write_text("alias,value\nnyc,New York\n")
    assert [table.field for table in load_aliases(tmp_path)] == ["city"]
    (folder / "City .csv").write_text("alias,value\nla,Los Angeles\n")
    (folder / "state.csv").write_text("alias\nx\n")
    with pytest.raises(ProjectError) as caught:
        load_aliases(tmp_path)
    assert "a table of the field city too" in str(caught.value)
    assert 'missing column "value"' in str(caught.value)


def test_a_project_without_the_folder_has_no_aliases(tmp_path: Path) -> None:
    assert load_aliases(tmp_path) == ()
