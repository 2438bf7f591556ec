"""Which claims of providers are written over what a lead has."""

from __future__ import annotations

import pytest

from lustrum import KEEP, Answer, Skip
from lustrum_plugins.enrich.claims import Cells, Claim, Filling, Overwrite, best

INDUSTRY = {"industry": Claim("Energy", "acme", 0.8)}
WEIGHED = {"industry": "industry_certainty"}


def written(overwrite: Overwrite, cells: Cells, *protect: str) -> object:
    said = Filling(("industry",), overwrite, frozenset(protect)).write(INDUSTRY, cells)
    return said.value if isinstance(said, Answer) else said


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_field_is_filled(empty: str | None) -> None:
    assert written("empty", {"industry": empty}) == {"industry": "Energy"}
    assert written("always", {"industry": empty}, "industry") == {"industry": "Energy"}


@pytest.mark.parametrize("filled", ["Media", 0, False, 0.0])
def test_a_filled_field_is_written_over_only_where_the_campaign_says_so(filled: object) -> None:
    assert written("empty", {"industry": filled}) == {"industry": KEEP}
    assert written("always", {"industry": filled}) == {"industry": "Energy"}
    assert written("always", {"industry": filled}, "industry") == {"industry": KEEP}


@pytest.mark.parametrize("held", ["0.5", 0.79])
def test_less_certain_values_are_written_over(held: object) -> None:
    filling = Filling(("industry",), "less_certain", certainties=WEIGHED)
    said = filling.write(INDUSTRY, {"industry": "Media", "industry_certainty": held})
    assert isinstance(said, Answer)
    assert said.value == {"industry": "Energy", "industry_certainty": "0.8"}


@pytest.mark.parametrize("held", ["0.8", 0.9])
def test_values_as_certain_are_not(held: object) -> None:
    filling = Filling(("industry",), "less_certain", certainties=WEIGHED)
    assert filling.write(INDUSTRY, {"industry": "Media", "industry_certainty": held}) == Skip("less_certain")


@pytest.mark.parametrize("held", ["1", 1.0, None, "", "sure", "nan"])
def test_a_value_that_says_nothing_of_its_certainty_is_certain(held: object) -> None:
    filling = Filling(("industry",), "less_certain", certainties=WEIGHED)
    assert filling.open_fields({"industry": "Media", "industry_certainty": held}) == []


def test_a_field_is_read_only_where_its_value_counts() -> None:
    assert Filling(("industry", "city")).reads() == []
    assert Filling(("industry", "city"), "empty").reads() == ["industry", "city"]
    weighed = Filling(("industry",), "less_certain", certainties=WEIGHED)
    assert weighed.reads() == ["industry", "industry_certainty"]
    assert weighed.writes() == ["industry", "industry_certainty"]


def test_a_field_is_open_until_what_it_holds_is_certain_enough() -> None:
    filling = Filling(("industry",), "less_certain", certainties=WEIGHED)
    cells = {"industry": "Media", "industry_certainty": "0.7"}
    assert filling.open_fields(cells) == ["industry"]
    assert filling.open_fields(cells, enough=0.7) == []


def test_the_reason_names_the_source_of_each_field() -> None:
    claims = {"industry": Claim("Energy", "acme"), "city": Claim("Rome", "globex", 0.5), "zip": Claim("0", "acme")}
    said = Filling(tuple(claims)).write(claims, {})
    assert isinstance(said, Answer)
    assert said.reason == "acme (industry, zip), globex (city)"
    assert said.certainty == 0.5


def test_of_several_claims_the_most_certain_is_best_and_among_equals_the_first() -> None:
    one, two, three = ({"city": Claim(city, city, sure)} for city, sure in (("A", 0.5), ("B", 0.9), ("C", 0.9)))
    assert best([one, two, three])["city"].value == "B"
    assert best([]) == {}
