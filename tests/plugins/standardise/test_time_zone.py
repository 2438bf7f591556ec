"""`standardise.time_zone`: IANA keys; what several zones are called is settled by the country or by nobody."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Failed
from lustrum_plugins.standardise.time_zone import time_zone
from lustrum_plugins.standardise.word_tables import rows
from lustrum_plugins.standardise.zone_keys import by_clock_name, current, territories, zones_of
from lustrum_plugins.standardise.zone_names import alike, by_city, by_time, by_windows

ZONES = sorted(territories())
CODES = {"placeholder", "ambiguous", "offset_only", "not_a_time_zone"}
NAMES = sorted({*by_time(), *by_city(), *by_windows(), *by_clock_name()})


def value(said: Answer[str] | Failed) -> str:
    assert isinstance(said, Answer), said
    return said.value


@given(st.sampled_from(ZONES))
def test_every_key_of_a_country_is_right_as_it_is(zone: str) -> None:
    assert time_zone(zone) == Answer(zone, "")
    assert value(time_zone(zone.lower().replace("_", " "))) == zone


@given(st.sampled_from(NAMES), st.sampled_from([None, "US", "DE", "AU", "IN", "CA"]))
def test_a_name_is_answered_with_a_zone_called_so(name: str, country: str | None) -> None:
    said = time_zone(name, country)
    if isinstance(said, Failed):
        assert said.code in CODES
        assert all(candidate in (*ZONES, "Etc/UTC") for candidate in said.candidates)
    else:
        assert ZoneInfo(said.value)


@given(st.text(max_size=30) | st.from_regex(r"(UTC|GMT)?[+-]\d{1,2}(:?\d\d)?", fullmatch=True))
def test_any_text_is_answered_and_a_second_pass_changes_nothing(text: str) -> None:
    said = time_zone(text)
    if isinstance(said, Failed):
        assert said.code in CODES
    else:
        assert time_zone(said.value) == Answer(said.value, "")


@pytest.mark.parametrize("row", rows("windows_zones"), ids=lambda row: row["shown"])
def test_every_entry_of_windows_list_is_the_zone_of_its_name(row: dict[str, str]) -> None:
    assert value(time_zone(f"(UTC+00:00) {row['shown']}")) == value(time_zone(row["windows"]))


@pytest.mark.parametrize("row", rows("zone_leaders"), ids=lambda row: f"{row['country']} {row['zone']}")
def test_a_leading_zone_is_one_of_its_country(row: dict[str, str]) -> None:
    assert current(row["zone"]) == row["zone"]
    assert row["country"] == "001" or row["zone"] in zones_of(row["country"])


@pytest.mark.parametrize("offset", ["UTC+5", "GMT-0800", "+01:00", "(UTC+02:00)", "-3"])
def test_an_offset_alone_is_no_zone(offset: str) -> None:
    said = time_zone(offset)
    assert isinstance(said, Failed)
    assert said.code == "offset_only"


def test_a_zone_of_no_time_is_alone() -> None:
    assert alike("Etc/GMT+5") == {"Etc/GMT+5"}
