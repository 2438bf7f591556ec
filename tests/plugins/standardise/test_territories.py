from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rigour.territories import lookup_territory
from rigour.territories.util import normalize_territory_name

from lustrum_plugins.standardise.territories import find_territory, name_key
from lustrum_plugins.standardise.word_tables import rows

KNOWN = st.sampled_from([name for row in rows("territories") for name in f"{row['codes']}|{row['names']}".split("|")])
CASES: tuple[Callable[[str], str], ...] = (str, str.upper, str.title)
ASCII = st.text(st.characters(max_codepoint=127), max_size=12)


@given(ASCII | st.text(max_size=12) | KNOWN)
def test_names_are_compared_as_rigour_compares_them(text: str) -> None:
    assert name_key(text) == normalize_territory_name(text)


@given(KNOWN | ASCII, st.sampled_from(CASES), st.sampled_from(["", " ", ".", "x"]))
def test_territories_are_found_as_rigour_finds_them(text: str, case: Callable[[str], str], tail: str) -> None:
    text = case(text) + tail
    found, expected = find_territory(text), lookup_territory(text)
    assert (found and (found.code, list(found.places))) == (expected and (expected.code, expected.places))


@pytest.mark.parametrize("text", ["", " ", "\n", "-"])
def test_nothing_is_no_territory(text: str) -> None:
    assert find_territory(text) is None
