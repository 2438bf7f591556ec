"""Filters ask what happened to a lead before this run."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from lustrum.engine.given import ACTIVITIES, Given
from lustrum.testing import CampaignRun
from lustrum.testing.steps import START

Run = Callable[..., CampaignRun]

MILESTONE = "had interesting moment"


def activity(key: str, kind: str, days: float = 1, /, **attributes: str) -> dict[str, Any]:
    """Say what happened to a lead so many days before the run."""
    at: datetime = START - timedelta(days=days)
    id_ = f"{key}-{kind}-{days}-{sorted(attributes.items())}"
    return {"key": key, "id": id_, "type": kind, "date_of_activity": at, "attributes": json.dumps(attributes)}


PAST = [
    activity("1", MILESTONE, 2, type="Milestone", description="Asked for a demo"),
    activity("1", MILESTONE, 40, type="Milestone", description="Came to the webinar"),
    activity("1", MILESTONE, 3, type="Web", description="Saw the prices"),
    activity("2", MILESTONE, 40, type="Milestone", description="Asked for a demo"),
    activity("2", "data value changed", 5, attribute="country", old_value="US", new_value="DE"),
    activity("3", "visited web page", 1, web_page="/pricing"),
    activity("3", "product tried", 9, plan="Pro", seats="12"),
    activity("3", "campaign was executed", 9, campaign="Welcome"),
    activity("77", MILESTONE, 1, type="Milestone"),
]
LEADS: list[dict[str, Any]] = [{"id": str(number), "country": "US", "note": None} for number in (1, 2, 3, 4)]
HIT = "{use: change.value, with: {field: note, value: hit}"
PROJECT = {
    "lustrum.yaml": "leads: {from: a.csv, to: a.csv, key: id}\n"
    "activities: {from: feed.csv, attributes: {seats: integer}}\n"
}


@pytest.fixture(params=[None, 1], ids=["one batch", "batches of one"])
def run(run: Run, request: pytest.FixtureRequest) -> Run:
    """Run in one batch and in batches of one lead: what is expected is the same."""
    feed = pl.DataFrame(PAST, schema=ACTIVITIES)

    def with_the_past(nightly: str, *campaigns: str, start: datetime = START, **options: Any) -> CampaignRun:
        known = Given("test", start, activities=feed)
        options = {"files": PROJECT, "given": known, "start": start, "batch_size": request.param, **options}
        return run(nightly, LEADS, *campaigns, **options)

    return functools.partial(with_the_past)


def hits(ran: CampaignRun) -> str:
    """Give the keys of the leads that were hit."""
    return "".join(lead["id"] for lead in ran.leads if lead["note"] == "hit")


@pytest.mark.parametrize(
    ("smart_list", "keys"),
    [
        ("{had interesting moment: any}", "12"),
        ("{had interesting moment: {type: is Milestone}}", "12"),
        ("{had interesting moment: {type: is milestone, date of activity: in past 30 days}}", "1"),
        ("{had interesting moment: {type: is Milestone, times: at least 2}}", "1"),
        ("{had interesting moment: {date of activity: in past 30 days, times: at least 2}}", "1"),
        ("{had interesting moment: {type: is Web, times: at least 2}}", ""),
        ("{had interesting moment: {times: exactly 1}}", "2"),
        ("{had interesting moment: {times: at most 1}}", "234"),
        ("{had interesting moment: {times: exactly 0}}", "34"),
        ("{had interesting moment: {description: {contains: [prices, webinar]}}}", "1"),
        ("{had interesting moment: {type: is Milestone, description: contains prices}}", ""),
        ("{had interesting moment: {type: {is not: Milestone}}}", "1"),
        ("{not had interesting moment: any}", "34"),
        ("{not had interesting moment: {type: is Web}}", "234"),
        ("{not had interesting moment: {type: is Milestone, date of activity: in past 30 days}}", "234"),
        ("{had interesting moment: {date of activity: in past before 30 days}}", "12"),
        ("{had interesting moment: {date of activity: before 2026-01-01}}", "12"),
        ("{data value changed: {attribute: is Country, new value: is DE}}", "2"),
        ("{data value changed: {attribute: is country, old value: is DE}}", ""),
        ("{visited web page: {web page: starts with /pri}}", "3"),
        ("{had activity: visit webpage}", "3"),
        ("{had activity: {activity: Product Tried, plan: is pro}}", "3"),
        ("{had activity: {activity: product tried, seats: at least 12}}", "3"),
        ("{had activity: {activity: product tried, seats: at least 13}}", ""),
        ("{not had activity: product tried}", "124"),
        ("{had activity: never seen}", ""),
        ("{member of campaign: Welcome}", "3"),
        ("{member of campaign: welcome}", "3"),
        ("{not member of campaign: Welcome}", "124"),
        ("{not member of campaign: Nightly}", "1234"),
        ("{any: [{visited web page: any}, {data value changed: any}]}", "23"),
        ("{all: [{had interesting moment: any}, {data value changed: any}]}", "2"),
        ("{none: [{had interesting moment: any}, {visited web page: any}]}", "4"),
        ("[{had interesting moment: any}, \"id <> '1'\"]", "2"),
    ],
)
def test_a_filter_takes_leads_by_what_happened_to_them(run: Run, smart_list: str, keys: str) -> None:
    assert hits(run(f"smart_list: {smart_list}\nflow: [{HIT}}}]")) == keys


@pytest.mark.parametrize(
    "flow",
    [
        f"flow: [{HIT}, when: {{had interesting moment: {{type: is Web}}}}}}]",
        f"flow: [{HIT}, choices: [{{when: {{had interesting moment: {{type: is Web}}}}}}]}}]",
        f"flow: [{{use: remove_from_flow, when: {{not had interesting moment: {{type: is Web}}}}}}, {HIT}}}]",
        "flow: [{execute: child}]",
        "flow: [{request: asked}]",
    ],
    ids=["when", "choices", "remove_from_flow", "a child's smart list", "a requested campaign's smart list"],
)
def test_a_filter_stands_wherever_a_condition_does(run: Run, flow: str) -> None:
    gated = f"smart_list: {{had interesting moment: {{type: is Web}}}}\nflow: [{HIT}}}]"
    files = {**PROJECT, "campaigns/asked.yaml": f"campaign: asked\nkind: batch\n{gated}"}
    assert hits(run(flow, children={"child": gated}, files=files)) == "1"


def test_a_filter_stands_in_until(run: Run) -> None:
    until = "{until: {had interesting moment: {type: is Web}}}"
    ran = run(f"flow: [{HIT}, retry: {until}}}]")
    assert ran.outcomes["nightly > change.value"] == ["changed", *["failed:until_not_met"] * 3]


def test_a_filter_sees_only_what_was_before_this_run(run: Run) -> None:
    ran = run(
        """
        flow:
          - {use: moment.record, with: {type: Milestone, text: now}}
          - {use: change.value, with: {field: country, value: FR}}
          - {execute: child}
          - use: change.value
            when: {any: [{had interesting moment: {description: is now}}, {data value changed: {new value: is FR}},
              {member of campaign: child}, {member of campaign: nightly}]}
            with: {field: note, value: hit}
        """,
        children={"child": "flow: [{use: change.value, with: {field: note, value: x}}]"},
    )
    assert len(ran.moments) == 4
    assert hits(ran) == ""


def test_in_past_counts_from_the_start_of_the_run(run: Run) -> None:
    flow = f"smart_list: {{visited web page: {{date of activity: in past 2 days}}}}\nflow: [{HIT}}}]"
    assert hits(run(flow)) == "3"
    later = START + timedelta(days=1, hours=1)
    known = Given("test", later, activities=pl.DataFrame(PAST, schema=ACTIVITIES))
    assert hits(run(flow, start=later, given=known)) == ""


def test_a_day_of_an_activity_is_one_in_the_zone_of_the_run(run: Run) -> None:
    """The page was visited at 3 o'clock of 30 January in UTC, on the evening before in New York."""
    flow = f"smart_list: {{visited web page: {{date of activity: is 2026-01-29}}}}\nflow: [{HIT}}}]"
    assert hits(run(flow)) == ""
    assert hits(run(flow, start=START.astimezone(ZoneInfo("America/New_York")))) == "3"


@pytest.mark.parametrize("token", ["my: {kind: Web}\n", "my: {kind: web}\n"])
def test_a_token_of_the_campaign_may_stand_in_a_constraint(run: Run, token: str) -> None:
    flow = f"{token}smart_list: {{had interesting moment: {{type: 'is {{{{my.kind}}}}'}}}}\nflow: [{HIT}}}]"
    assert hits(run(flow)) == "1"


def test_with_tokens_parent_a_childs_filter_reads_the_callers_tokens(run: Run) -> None:
    child = (
        f"my: {{kind: Email}}\nsmart_list: {{had interesting moment: {{type: 'is {{{{my.kind}}}}'}}}}\nflow: [{HIT}}}]"
    )
    flow = "my: {kind: Web}\nflow: [{execute: child, tokens: parent}]"
    assert hits(run(flow, children={"child": child})) == "1"


def test_an_unsettled_field_does_not_block_a_question_about_the_past(run: Run) -> None:
    flow = f"""
    flow:
      - {{use: change.value, with: {{field: note, value: "?"}}}}
      - {{use: probe.tidy, reads: {{value: note}}, writes: {{value: type}}}}
      - {HIT}, when: {{had interesting moment: {{type: is Web}}}}}}
    """
    project = {"lustrum.yaml": PROJECT["lustrum.yaml"] + "fields: {type: text}\n"}
    ran = run(flow, files=project)
    assert ran.outcomes["nightly > probe.tidy"] == ["failed:unreadable"] * 4
    assert hits(ran) == "1"


def test_without_a_feed_nothing_happened(run: Run) -> None:
    flow = f"smart_list: {{not had interesting moment: any}}\nflow: [{HIT}}}]"
    assert hits(run(flow, given=Given("test", START))) == "1234"


def test_an_effect_with_such_a_condition_happens_once(run: Run) -> None:
    moment = "use: moment.record, with: {type: Web, text: Asked}, when: {had interesting moment: any}"
    flow = f"flow: [{{{moment}}}]"
    first = run(flow)
    done = dict(first.result.effects.select("effect", "at").rows())
    more = [*PAST, activity("1", MILESTONE, 0.5, type="Web", description="Asked")]
    known = Given("second", START, effects=done, activities=pl.DataFrame(more, schema=ACTIVITIES))
    assert [moment["key"] for moment in first.moments] == ["1", "2"]
    assert run(flow, given=known).moments == []


def test_a_filter_in_a_trigger_campaign_sees_the_past_and_the_trigger_itself(run: Run) -> None:
    """What fired it was before this run too."""
    news = (
        "campaign: news\nkind: trigger\non: data value changes\n"
        f"smart_list: {{data value changed: {{attribute: is country}}}}\nflow: [{HIT}}}]"
    )
    ran = run("flow: [{use: probe.tidy, reads: {value: note}}]", "news", files={**PROJECT, "campaigns/news.yaml": news})
    assert hits(ran) == "2"
