from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plugins.phones.cells import REGIONS, Cells
from tests.plugins.phones.oracle import mismatches, read

from lustrum_plugins.phones.numbers import Error
from lustrum_plugins.phones.reader import read_phones

CELLS = st.one_of(
    st.text(max_size=30),
    st.text("0123456789+-()/. x;,=extABC\u00a0０９＋", max_size=30),
    st.from_regex(r"\+?(1|44|49|39|52|54|55|81)?[0-9 ()-]{6,14}( ?(x|ext\. |;ext=)[0-9]{1,8})?", fullmatch=True),
)


def test_lead_like_cells_are_claimed_and_read_as_phonenumbers_reads_them() -> None:
    cells = Cells(1, numbers=4).like_leads(8_000)
    got = read(cells)
    assert list(mismatches(cells, got)) == []
    assert got["claimed"].sum() > len(cells) * 0.98


def test_hostile_cells_of_every_region_are_read_as_phonenumbers_reads_them() -> None:
    cells = Cells(2, numbers=4).hostile(16_000)
    got = read(cells)
    assert list(mismatches(cells, got)) == []
    assert {region for _, region in cells} >= set(REGIONS)
    assert got["claimed"].sum() > len(cells) * 0.8


@given(st.lists(st.tuples(CELLS, st.sampled_from([*REGIONS, None, "ZZ", "us", "001", ""])), min_size=1, max_size=20))
def test_any_text_is_read_as_phonenumbers_reads_it_or_left_open(cells: list[tuple[str, str | None]]) -> None:
    assert list(mismatches(cells, read(cells))) == []


@pytest.mark.parametrize(
    ("text", "region", "error", "e164"),
    [
        ("(212) 555-0123", "US", Error.NONE, "+12125550123"),
        ("011 44 20 7946 0018", "US", Error.NONE, "+442079460018"),
        ("+0044 20 7946 0018", "DE", Error.NONE, "+442079460018"),
        ("44 20 7946 0018", "GB", Error.NONE, "+442079460018"),
        ("0 2 33445566", "IT", Error.NONE, "+390233445566"),
        ("1-800-FLOWERS", "US", Error.NONE, "+18003569377"),
        ("030 23125001", None, Error.INVALID_COUNTRY_CODE, None),
        ("+999 123456", None, Error.INVALID_COUNTRY_CODE, None),
        ("00 11", "DE", Error.TOO_SHORT_AFTER_IDD, None),
        ("0049 1", "DE", Error.TOO_SHORT_NSN, None),
        ("030 1234567890 1234567890", "DE", Error.TOO_LONG, None),
        ("call me", "US", Error.NOT_A_NUMBER, None),
        ("+12", "US", Error.NOT_A_NUMBER, None),
        ("1-2", "US", Error.NOT_A_NUMBER, None),
        ("12 ", "US", Error.NONE, "+112"),
        ("00", "DE", Error.TOO_SHORT_AFTER_IDD, None),
        ("34", "ES", Error.NONE, "+3434"),
    ],
)
def test_a_text_is_read_or_refused(text: str, region: str | None, error: Error, e164: str | None) -> None:
    got = read([(text, region)]).row(0, named=True)
    assert (got["claimed"], got["error"], got["e164"]) == (True, error, e164)


@pytest.mark.parametrize(
    "text", ["030 1234 x12/x13", "011 15-2345-6789", "1 x2", "12 ext 3", "٠٣٠ ١٢٣٤٥٦", "tel:1;phone-context=+49", None]
)
def test_what_only_phonenumbers_can_read_is_left_open(text: str | None) -> None:
    got = read_phones(pl.Series([text], dtype=pl.String), pl.Series(["AR"]))
    assert got["claimed"].to_list() == [False]


def test_the_order_and_number_of_rows_stay_over_the_edge_of_a_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = Cells(3, numbers=4).hostile(1_000)
    whole = read(cells)
    monkeypatch.setattr("lustrum_plugins.phones.reader.SLICE", 7)
    assert read(cells).equals(whole)


def test_no_rows_give_no_rows() -> None:
    assert read([]).height == 0
