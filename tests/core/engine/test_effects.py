"""Rule 14: what adds up happens once, and a run on its own output changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from lustrum.engine.given import Given
from lustrum.testing import CampaignRun
from lustrum.testing.steps import START

Run = Callable[..., CampaignRun]

PROJECT = {"lustrum.yaml": "leads: {from: a.csv, to: b.csv, key: id}\nfields: {score: integer}\n"}
LEADS: list[dict[str, Any]] = [
    {"id": "1", "country": "US", "city": "Rome", "score": 10},
    {"id": "2", "country": "DE", "city": "Ulm", "score": None},
]
MOMENT = "{use: moment.record, with: {type: Milestone, text: 'From {{lead.country}}'}}"
SCORE = "{use: change.score, with: {change: +5}}"


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


def applied(ran: CampaignRun, at: datetime = START) -> Mapping[str, datetime]:
    """Give the effects of a run as the journal hands them to the next one."""
    return dict.fromkeys(ran.result.effects["effect"].to_list(), at)


def again(run: Run, first: CampaignRun, campaign: str, start: datetime = START, **changes: Any) -> CampaignRun:
    """Run on the output of the first run, with its history."""
    rows = [{**lead, **changes} for lead in first.leads]
    return run(campaign, rows, files=PROJECT, start=start, given=Given("second", start, effects=applied(first)))


def test_a_moment_is_recorded_for_each_lead_with_its_text(run: Run) -> None:
    assert run(flow(MOMENT), LEADS, files=PROJECT).moments == [
        {"key": "1", "type": "Milestone", "text": "From US", "path": "nightly > moment.record"},
        {"key": "2", "type": "Milestone", "text": "From DE", "path": "nightly > moment.record"},
    ]


def test_a_moment_changes_no_field(run: Run) -> None:
    ran = run(flow(MOMENT), LEADS, files=PROJECT)
    assert (ran.leads, ran.changes) == (LEADS, [])


def test_a_second_run_on_its_output_makes_no_change_and_no_effect(run: Run) -> None:
    campaign = flow(MOMENT, SCORE, "{use: probe.tidy, reads: {value: city}}")
    first = run(campaign, LEADS, files=PROJECT)
    second = again(run, first, campaign)
    assert [lead["score"] for lead in first.leads] == [15, 5]
    assert (second.leads, second.changes) == (first.leads, [])
    assert second.outcomes["nightly > change.score"] == ["skipped:already_done"] * 2


def test_the_key_of_an_effect_holds_what_its_condition_and_template_read(run: Run) -> None:
    campaign = flow(MOMENT, "{use: change.score, when: country IS NOT NULL, with: {change: +5}}")
    first = run(campaign, LEADS, files=PROJECT)
    same = again(run, first, campaign, city="elsewhere")
    assert same.moments == []
    assert same.outcomes["nightly > moment.record"] == ["skipped:already_done"] * 2
    other = again(run, first, campaign, country="FR")
    assert [moment["text"] for moment in other.moments] == ["From FR", "From FR"]
    assert [lead["score"] for lead in other.leads] == [20, 10]


def test_the_score_it_changed_is_no_reason_to_change_it_again(run: Run) -> None:
    first = run(flow(SCORE), LEADS, files=PROJECT)
    assert again(run, first, flow(SCORE)).changes == []


def test_two_entries_have_effects_of_their_own(run: Run) -> None:
    ran = run(flow(SCORE, SCORE), LEADS, files=PROJECT)
    assert [lead["score"] for lead in ran.leads] == [20, 10]


def test_a_child_executed_twice_has_effects_of_each_path(run: Run) -> None:
    ran = run(flow("execute: child", "execute: child"), LEADS, files=PROJECT, children={"child": flow(SCORE)})
    assert [lead["score"] for lead in ran.leads] == [20, 10]


def test_a_retried_child_does_not_add_up_twice(run: Run) -> None:
    ran = run(
        flow("{execute: child, retry: {attempts: 2, until: city = 'never'}, on_fail: continue}"),
        LEADS,
        files=PROJECT,
        children={"child": flow(MOMENT, SCORE)},
    )
    assert len(ran.moments) == 2
    assert [lead["score"] for lead in ran.leads] == [15, 5]


def test_setting_a_score_is_no_effect(run: Run) -> None:
    campaign = flow("{use: change.score, with: {change: =5}}")
    first = run(campaign, LEADS, files=PROJECT)
    assert first.result.effects.height == 0
    assert [lead["score"] for lead in again(run, first, campaign, score=1).leads] == [5, 5]


@pytest.mark.parametrize(
    ("repeat", "days", "score"),
    [("", 400, 15), ("always", 0, 20), ("every 30 days", 29, 15), ("every 30 days", 31, 20)],
)
def test_repeat_loosens_once(run: Run, repeat: str, days: int, score: int) -> None:
    campaign = flow(f"{SCORE[:-1]}{repeat and f', repeat: {repeat}'}}}")
    first = run(campaign, LEADS, files=PROJECT)
    second = again(run, first, campaign, start=START + timedelta(days=days))
    assert second.leads[0]["score"] == score


def test_a_failed_or_skipped_entry_has_no_effect(run: Run) -> None:
    ran = run(flow(f"{MOMENT[:-1]}, when: country = 'US'}}"), LEADS, files=PROJECT)
    assert [moment["key"] for moment in ran.moments] == ["1"]
    tidy = "{use: probe.tidy, reads: {value: country}}"
    blocked = run(flow(tidy, MOMENT), [{**LEADS[0], "country": "?"}], files=PROJECT)
    assert blocked.moments == []
    assert blocked.outcomes["nightly > moment.record"] == ["blocked"]
