"""Rule 11: what stays unsettled stands in quarantine, beside a lead that stays in the output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lustrum.testing import CampaignRun

Run = Callable[..., CampaignRun]

GIVES_UP = "{use: probe.tidy, id: gives-up, reads: {value: country}, writes: {value: code}}"
"""Writes the field `code`; fails for a country with a question mark."""


def lead(**fields: Any) -> dict[str, Any]:
    return {"id": "1", "country": "?", "code": "old", "note": None, "other": None, **fields}


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


def test_the_quarantine_says_what_where_and_with_which_inputs(run: Run) -> None:
    ran = run(flow(GIVES_UP), [lead(country="US?")])
    (row,) = ran.quarantine
    assert row == {
        "key": "1",
        "step": "probe.tidy",
        "path": "nightly > gives-up",
        "code": "unreadable",
        "message": "US? cannot be read",
        "attempts": 1,
        "field": "code",
        "inputs": '{"country":"US?"}',
        "candidates": None,
    }


def test_a_quarantined_lead_stays_in_the_output_with_what_was_finished(run: Run) -> None:
    ran = run(
        flow(GIVES_UP, "{use: probe.copy, reads: {value: country}, writes: {value: note}}"),
        [lead(), lead(id="2", country="US")],
    )
    assert [one["note"] for one in ran.leads] == ["?", "US"]
    assert [one["code"] for one in ran.leads] == ["old", "us"]
    assert [row["key"] for row in ran.quarantine] == ["1"]


def test_an_earlier_value_survives_a_failed_second_write(run: Run) -> None:
    ran = run(
        flow("{use: change.value, with: {field: code, value: first}}", GIVES_UP),
        [lead()],
    )
    assert ran.leads[0]["code"] == "first"
    assert [row["field"] for row in ran.quarantine] == ["code"]
