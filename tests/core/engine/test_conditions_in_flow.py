"""Conditions where a flow asks them: in both spellings, in each place, on what the lead then is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from lustrum.testing import CampaignRun
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]

PROJECT = {
    "lustrum.yaml": "leads: {from: a.csv, to: b.csv, key: id}\nfields: {score: integer, seen_at: datetime}\n",
}
LEADS: list[dict[str, Any]] = [
    {"id": "1", "Country Code": "US", "city": "New York", "score": 5, "seen_at": None, "hit": None},
    {"id": "2", "Country Code": "de", "city": "Ulm", "score": 9, "seen_at": "2026-01-20T00:00:00Z", "hit": None},
    {"id": "3", "Country Code": None, "city": "", "score": None, "seen_at": "2025-01-20T00:00:00Z", "hit": None},
]
WRITE = "use: change.value, with: {field: hit, value: x}"
PLACES = [
    pytest.param(f"flow: [{{{WRITE}, when: CONDITION}}]", id="when"),
    pytest.param(f"flow: [{{{WRITE}, choices: [{{when: CONDITION}}]}}]", id="choice"),
    pytest.param("flow: [{execute: gated}]", id="gate"),
    pytest.param(f"smart_list: CONDITION\nflow: [{{{WRITE}}}]", id="smart list"),
]


def hits(run: Run, condition: str, place: str = PLACES[0].values[0]) -> list[str]:  # type: ignore[assignment]  # pytest says object
    gated = f"smart_list: {condition}\nflow: [{{{WRITE}}}]"
    ran = run(place.replace("CONDITION", condition), LEADS, files=PROJECT, children={"gated": gated})
    return [lead["id"] for lead in ran.leads if lead["hit"] == "x"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("\"country_code = 'US' AND score < 9\"", ["1"]),
        ("{all: [{Country Code: is us}, {score: less than 9}]}", ["1"]),
    ],
    ids=["SQL", "structured"],
)
def test_every_place_takes_both_spellings(run: Run, place: str, condition: str, expected: list[str]) -> None:
    assert hits(run, condition, place) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param("\"country_code <> 'US'\"", ["2"], id="SQL's <> leaves out the empty"),
        pytest.param("{country_code: is not US}", ["2", "3"], id="is not keeps the empty"),
        pytest.param("{none: [{country_code: is US}]}", ["2", "3"], id="none keeps the empty"),
        pytest.param("{country_code: is DE}", ["2"], id="words ignore case"),
        pytest.param("\"country_code = 'DE'\"", [], id="SQL does not"),
        pytest.param("\"city = ''\"", ["3"], id="empty text is empty"),
        pytest.param("city IS NULL", ["3"], id="and null is empty"),
        pytest.param("{city: is not empty}", ["1", "2"], id="is not empty"),
        pytest.param("{city: contains ' y'}", ["1"], id="contains"),
        pytest.param("{any: [{score: at least 9}, {city: is empty}]}", ["2", "3"], id="any"),
        pytest.param("{score: between 5 and 9}", ["1", "2"], id="between"),
        pytest.param("{seen_at: in past 30 days}", ["2"], id="in past, from the start of the run"),
        pytest.param('"seen_at < now()"', ["2", "3"], id="now is the start of the run"),
        pytest.param('[{country_code: is not empty}, "score > 5"]', ["2"], id="SQL within words"),
    ],
)
def test_conditions_mean_what_the_manual_says(run: Run, condition: str, expected: list[str]) -> None:
    assert hits(run, condition) == expected


def test_now_moves_with_the_start_of_the_run(run: Run) -> None:
    ran = run(
        f"flow: [{{{WRITE}, when: {{seen_at: in past 30 days}}}}]",
        LEADS,
        files=PROJECT,
        start=datetime(2025, 1, 31, tzinfo=UTC),
    )
    assert [lead["id"] for lead in ran.leads if lead["hit"]] == ["3"]


def test_a_condition_is_asked_of_what_the_lead_is_then(run: Run) -> None:
    ran = run(
        f"flow: [{{use: change.score, with: {{change: =7}}}}, {{{WRITE}, when: score = 7}}]", LEADS, files=PROJECT
    )
    assert [lead["hit"] for lead in ran.leads] == ["x"] * 3


def test_a_when_that_does_not_hold_passes_the_lead_by(run: Run) -> None:
    ran = run(f"flow: [{{{WRITE}, when: score > 5}}]", LEADS, files=PROJECT)
    assert ran.outcomes["nightly > change.value"] == ["skipped:when", "changed", "skipped:when"]


@pytest.mark.parametrize("condition", ["failed(country_code)", "{failed: Country Code}"])
def test_failed_asks_whether_an_entry_before_gave_up(run: Run, condition: str) -> None:
    ran = run(
        f"flow: [{{use: probe.tidy, reads: {{value: country_code}}}}, {{{WRITE}, when: {condition}}}]",
        [LEADS[0], {**LEADS[1], "Country Code": "?"}, LEADS[2]],
        files=PROJECT,
    )
    assert [lead["hit"] for lead in ran.leads] == [None, "x", None]


def test_failed_holds_for_nobody_once_the_field_is_settled(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.tidy, reads: {value: country_code}},"
        " {use: change.value, when: failed(country_code), with: {field: country_code, value: mended}},"
        f" {{{WRITE}, when: failed(country_code)}}]",
        [{**LEADS[1], "Country Code": "?"}],
        files=PROJECT,
    )
    assert (ran.leads[0]["country_code"], ran.leads[0]["hit"]) == ("mended", None)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("\"contry_code = 'US'\"", 'did you mean "country_code"'),
        ("{contry_code: is US}", 'did you mean "country_code"'),
        ("{failed: contry_code}", 'did you mean "country_code"'),
        ("city", "city"),
        ("score = 'high'", "score"),
        ("\"city = 'x' AND\"", ""),
        ("\"city = 'x'; DROP TABLE y\"", ""),
        ("{city: resembles x}", "operator"),
        ("{all: []}", "condition"),
    ],
)
def test_a_condition_nobody_can_ask_is_refused_with_its_line(
    run: Run, place: str, condition: str, message: str
) -> None:
    with pytest.raises(ProjectError, match=rf"campaigns/(nightly|gated)\.yaml:3: .*{message}"):
        hits(run, condition, place)
