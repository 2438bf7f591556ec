"""The project's own spellings: a step that standardises a field reads what the alias stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lustrum.testing import CampaignRun
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]

FLOW = """
flow:
  - {use: probe.tidy, reads: {value: country}}
"""


def spelled(run: Run, table: str, *leads: dict[str, Any], flow: str = FLOW, **options: Any) -> CampaignRun:
    rows = [{"id": str(number), **lead} for number, lead in enumerate(leads, 1)]
    return run(flow, rows, files={"aliases/country.csv": table}, **options)


def countries(done: CampaignRun) -> list[str | None]:
    return [lead["country"] for lead in done.leads]


@pytest.mark.parametrize("cell", ["Bella Italia", "BELLA  ITALIA", " bella italia ", "Ｂella Italia"])
def test_case_width_and_spaces_make_no_difference(run: Run, cell: str) -> None:
    assert countries(spelled(run, "alias,value\nBella Italia,Italy\n", {"country": cell})) == ["italy"]


def test_the_step_standardises_what_the_alias_stands_for_and_the_change_says_both(run: Run) -> None:
    done = spelled(run, "alias,value\nLa Bota,ITALY\n", {"country": "la bota"}, {"country": "Oslo"})
    assert countries(done) == ["italy", "oslo"]
    assert done.result.trail["reason"].to_list() == ["read as “ITALY” (aliases/country.csv:2)", None]


def test_an_alias_the_step_cannot_read_is_named_in_the_failure(run: Run) -> None:
    done = spelled(run, "alias,value\nx,who?\n", {"country": "X"})
    (lead,) = done.quarantine
    assert lead["message"] == "read as “who?” (aliases/country.csv:2): who? cannot be read"


def test_the_first_row_whose_scope_holds_counts_then_the_one_without_scope(run: Run) -> None:
    table = "alias,value,scope\nGA,USA,\nGA,Gabon,city = 'Libreville'\nGA,Georgia,city IS NOT NULL\n"
    cities = ["Libreville", "Tbilisi", None]
    done = spelled(run, table, *({"country": "GA", "city": city} for city in cities))
    assert countries(done) == ["gabon", "georgia", "usa"]


def test_a_scope_that_reads_an_unsettled_field_reads_it_as_empty(run: Run) -> None:
    flow = """
    flow:
      - {use: probe.tidy, id: city, reads: {value: city}}
      - {use: probe.tidy, reads: {value: country}}
    """
    table = "alias,value,scope\nGA,Gabon,city IS NOT NULL\nGA,USA,\n"
    assert countries(spelled(run, table, {"country": "GA", "city": "?"}, flow=flow)) == ["usa"]


def test_whoever_only_reads_the_field_sees_the_cell_as_it_stands(run: Run) -> None:
    steps = '''
    @step("probe.beside")
    def beside(note: str | None, country: str) -> str:
        """Write a note about the country."""
        return country
    '''
    flow = """
    flow:
      - {use: probe.beside}
      - {use: change.value, with: {field: country, value: "{{lead.country}}!"}}
    """
    done = spelled(run, "alias,value\nx,Italy\n", {"country": "x", "note": None}, flow=flow, steps=steps)
    assert done.leads == [{"id": "1", "country": "x!", "note": "x"}]


def test_each_input_is_still_asked_about_once(run: Run, calls: Callable[..., list[Any]]) -> None:
    table = "alias,value\na,italy\nb,italy\n"
    spelled(run, table, *({"country": cell} for cell in ("a", "b", "A", "italy")))
    assert calls("tidy") == ["italy"]


def test_an_alias_that_has_ceased_to_count_is_a_warning(run: Run) -> None:
    done = spelled(run, "alias,value,until\nx,Italy,2020-01-01\n", {"country": "x"})
    assert countries(done) == ["x"]
    assert 'aliases/country.csv:2: the alias "x" counted until 2020-01-01' in str(done.plan.warnings[0])


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"aliases/contry.csv": "alias,value\nx,y\n"}, "the leads have no field contry"),
        ({"aliases/country.csv": "alias,value,scope\nx,y,citty = 'a'\n"}, "citty"),
        ({"aliases/country.csv": "alias,value,scope\nx,y,failed(country)\n"}, "asks only for the values"),
    ],
)
def test_a_table_of_no_field_and_a_scope_that_is_none_are_errors(run: Run, files: dict[str, str], message: str) -> None:
    with pytest.raises(ProjectError, match=message):
        run(FLOW, [{"id": "1", "country": "x"}], files=files)


def test_only_texts_have_spellings(run: Run) -> None:
    files = {
        "lustrum.yaml": "leads: {from: a.csv, to: b.csv, key: id}\nfields: {size: integer}\n",
        "aliases/size.csv": "alias,value\nmany,7\n",
    }
    with pytest.raises(ProjectError, match="size is integer; only texts have spellings"):
        run(FLOW, [{"id": "1", "country": "x", "size": None}], files=files)


def test_a_table_that_nothing_reads_is_a_warning(run: Run) -> None:
    files = {"aliases/city.csv": "alias,value\nnyc,New York\n"}
    done = run(FLOW, [{"id": "1", "country": "x", "city": "nyc"}], files=files)
    assert "no step of these campaigns standardises city" in str(done.plan.warnings[0])
