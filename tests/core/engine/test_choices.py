"""Rule 7: the first choice whose condition holds decides, for its own entry only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lustrum.testing import CampaignRun

Run = Callable[..., CampaignRun]


def leads(*countries: str | None) -> list[dict[str, Any]]:
    return [
        {"id": str(row), "country": country, "note": None, "other": None} for row, country in enumerate(countries, 1)
    ]


def notes(ran: CampaignRun) -> list[Any]:
    return [lead["note"] for lead in ran.leads]


def test_the_first_match_wins_and_later_entries_still_run(run: Run) -> None:
    ran = run(
        """
        flow:
          - use: change.value
            id: territory
            with: {field: note}
            choices:
              - {when: country = 'US', with: {value: AMER}}
              - {when: "country IN ('US', 'DE')", with: {value: EMEA}}
              - {when: {country: is empty}, with: {value: none}}
          - {use: change.value, with: {field: other, value: went on}}
        """,
        leads("US", "DE", None, "JP"),
    )
    assert notes(ran) == ["AMER", "EMEA", "none", None]
    assert ran.outcomes["nightly > territory"] == ["changed", "changed", "changed", "skipped:no_choice"]
    assert [lead["other"] for lead in ran.leads] == ["went on"] * 4


def test_otherwise_decides_for_the_rest(run: Run) -> None:
    ran = run(
        """
        flow:
          - use: change.value
            with: {field: note, value: by the entry}
            choices:
              - {when: country = 'US', with: {value: by the choice}}
              - otherwise: {with: {value: by otherwise}}
        """,
        leads("US", "DE", None),
    )
    assert notes(ran) == ["by the choice", "by otherwise", "by otherwise"]


def test_otherwise_nothing_passes_the_entry_by(run: Run) -> None:
    ran = run(
        """
        flow:
          - use: change.value
            with: {field: note, value: x}
            choices: [{when: country = 'US'}, {otherwise: nothing}]
        """,
        leads("US", "DE"),
    )
    assert notes(ran) == ["x", None]
    assert ran.outcomes["nightly > change.value"] == ["changed", "skipped:nothing"]
    assert ran.quarantine == []


def test_a_choice_merges_over_the_entrys_own_options_reads_and_writes(run: Run) -> None:
    ran = run(
        """
        flow:
          - use: probe.join
            reads: {first: country}
            writes: {first: note}
            with: {mark: "-", times: 1}
            choices:
              - {when: country = 'US', with: {times: 3}}
              - {when: country = 'DE', writes: {first: other}}
              - {when: country = 'FR', reads: {first: id}}
              - {when: country = 'IT'}
        """,
        leads("US", "DE", "FR", "IT"),
        steps="""
        @step("probe.join")
        def join(first: str, *, mark: str, times: int) -> str:
            return mark * times + first
        """,
    )
    assert notes(ran) == ["---US", None, "-3", "-IT"]
    assert [lead["other"] for lead in ran.leads] == [None, "-DE", None, None]


def test_a_choice_may_name_another_child(run: Run) -> None:
    ran = run(
        """
        flow:
          - execute: standard
            choices:
              - {when: country = 'US', execute: american}
              - {when: country = 'JP'}
        """,
        leads("US", "JP", "DE"),
        children={
            "standard": "flow: [{use: change.value, with: {field: note, value: standard}}]",
            "american": "flow: [{use: change.value, with: {field: note, value: american}}]",
        },
    )
    assert notes(ran) == ["american", "standard", None]
    assert ran.outcomes["nightly > standard"] == ["changed", "changed", "skipped:no_choice"]


def test_a_choice_is_made_on_the_values_the_entry_meets(run: Run) -> None:
    ran = run(
        """
        flow:
          - {use: change.value, with: {field: country, value: DE}}
          - {use: change.value, with: {field: note}, choices: [{when: country = 'DE', with: {value: now}}]}
        """,
        leads("US"),
    )
    assert notes(ran) == ["now"]


def test_a_choice_is_made_once_whatever_the_entry_then_writes(run: Run) -> None:
    ran = run(
        """
        flow:
          - use: change.value
            with: {field: country}
            choices:
              - {when: country = 'US', with: {value: DE}}
              - {when: country = 'DE', with: {value: FR}}
        """,
        leads("US", "DE"),
    )
    assert [lead["country"] for lead in ran.leads] == ["DE", "FR"]


def test_when_comes_before_the_choices(run: Run) -> None:
    ran = run(
        """
        flow:
          - use: change.value
            when: country = 'US'
            with: {field: note, value: x}
            choices: [{when: country IS NOT NULL}]
        """,
        leads("US", "DE"),
    )
    assert ran.outcomes["nightly > change.value"] == ["changed", "skipped:when"]
