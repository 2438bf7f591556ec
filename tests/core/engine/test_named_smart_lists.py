"""Named smart lists: one condition, written once in lustrum.yaml, asked wherever `member of smart list` stands."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from lustrum.engine.given import ACTIVITIES, Given
from lustrum.testing import CampaignRun
from lustrum.testing.steps import START

Run = Callable[..., CampaignRun]

PROJECT = """
leads: {from: a.csv, to: a.csv, key: id}
lists: [hot]
fields: {score: integer}
my: {home: DE}
smart_lists:
  needs-country: {any: [{country: is empty}, "country NOT IN ('DE', 'US')"]}
  in sql: "country = 'US' AND score >= 10"
  at home: {country: "is {{my.home}}"}
  both: {all: [{member of smart list: in sql}, {not member of smart list: needs-country}]}
  hot ones: {member of list: hot}
  named like it: {country: "is {{lead.note}}"}
  busy: {had interesting moment: {times: at least 2}}
  told so: {country: "is {{trigger.country}}"}
  stuck: "failed(country)"
"""
LEADS: list[dict[str, Any]] = [
    {"id": "1", "country": "US", "score": 10, "note": "x", "hit": None},
    {"id": "2", "country": "us", "score": 30, "note": "us", "hit": None},
    {"id": "3", "country": None, "score": 5, "note": None, "hit": None},
    {"id": "4", "country": "DE", "score": None, "note": "FR", "hit": None},
]
HIT = "{use: change.value, with: {field: hit, value: hit}"


@pytest.fixture(params=[None, 1], ids=["one batch", "batches of one"])
def run(run: Run, request: pytest.FixtureRequest) -> Run:
    """Run in one batch and in batches of one lead: what is expected is the same."""

    def over(nightly: str, *campaigns: str, project: str = PROJECT, **options: Any) -> CampaignRun:
        files = {"lustrum.yaml": project, **options.pop("files", {})}
        rows = options.pop("rows", LEADS)
        return run(nightly, rows, *campaigns, files=files, batch_size=request.param, **options)

    return functools.partial(over)


def hits(ran: CampaignRun) -> str:
    """Give the keys of the leads that were hit."""
    return "".join(lead["id"] for lead in ran.leads if lead["hit"] == "hit")


@pytest.mark.parametrize(
    ("smart_list", "keys"),
    [
        ("{member of smart list: needs-country}", "23"),
        ("{not member of smart list: needs-country}", "14"),
        ("{member of smart list: Needs-Country}", "23"),
        ("{member of smart list: in sql}", "1"),
        ("{not member of smart list: in sql}", "234"),
        ("{member of smart list: at home}", "4"),
        ("{member of smart list: both}", "1"),
        ("{not member of smart list: both}", "234"),
        ("{member of smart list: [in sql, at home]}", "14"),
        ("{not member of smart list: [in sql, at home]}", "23"),
        ("{none: [{member of smart list: in sql}, {member of smart list: at home}]}", "23"),
        ("{all: [{member of smart list: needs-country}, score >= 10]}", "2"),
        ("{member of smart list: named like it}", "2"),
        ("{member of smart list: hot ones}", ""),
        ("{not member of smart list: busy}", "1234"),
    ],
)
def test_it_means_what_its_condition_means(run: Run, smart_list: str, keys: str) -> None:
    """A list is a member or not, never unknown, whichever spelling its condition has."""
    assert hits(run(f"smart_list: {smart_list}\nflow: [{HIT}}}]")) == keys


@pytest.mark.parametrize(
    "flow",
    [
        f"flow: [{HIT}, when: {{member of smart list: in sql}}}}]",
        f"flow: [{HIT}, choices: [{{when: {{member of smart list: in sql}}}}]}}]",
        f"flow: [{{use: remove_from_flow, when: {{not member of smart list: in sql}}}}, {HIT}}}]",
        "flow: [{execute: child}]",
        "flow: [{request: asked}]",
        "flow: [{execute: child, choices: [{when: {member of smart list: needs-country}}, {otherwise: {}}]}]",
    ],
    ids=["when", "choices", "remove_from_flow", "a child's gate", "a requested campaign's gate", "a choice of a child"],
)
def test_it_stands_wherever_a_condition_does(run: Run, flow: str) -> None:
    """So one filter is never limited to a single literal condition, as a choice is in Marketo."""
    gated = f"smart_list: {{member of smart list: in sql}}\nflow: [{HIT}}}]"
    files = {"campaigns/asked.yaml": f"campaign: asked\nkind: batch\n{gated}"}
    assert hits(run(flow, children={"child": gated}, files=files)) == "1"


def test_it_is_asked_on_the_values_as_they_are_now(run: Run) -> None:
    flow = f"""
    flow:
      - {{use: change.value, with: {{field: country, value: US}}}}
      - {{use: list.add, when: id = '4', with: {{list: hot}}}}
      - {HIT}, when: {{any: [{{member of smart list: in sql}}, {{member of smart list: hot ones}}]}}}}
    """
    assert hits(run(flow)) == "124"


def test_it_blocks_where_a_field_it_reads_is_unsettled(run: Run) -> None:
    flow = f"""
    flow:
      - {{use: probe.tidy, reads: {{value: note}}, writes: {{value: country}}}}
      - {HIT}, when: {{member of smart list: both}}}}
    """
    ran = run(flow, rows=[{**LEADS[0], "note": "?"}, LEADS[1]])
    assert ran.outcomes["nightly > change.value"] == ["blocked", "skipped:when"]


def test_failed_in_it_asks_about_the_state_and_never_blocks(run: Run) -> None:
    flow = f"""
    flow:
      - {{use: probe.tidy, reads: {{value: note}}, writes: {{value: country}}}}
      - {HIT}, when: {{member of smart list: stuck}}}}
    """
    assert hits(run(flow, rows=[{**LEADS[0], "note": "?"}, LEADS[1]])) == "1"


@pytest.mark.parametrize(("tokens", "keys"), [("", "4"), (", tokens: parent", "1")])
def test_its_tokens_are_those_of_the_campaign_that_asks(run: Run, tokens: str, keys: str) -> None:
    gated = f"smart_list: {{member of smart list: at home}}\nflow: [{HIT}}}]"
    ran = run(
        f"my: {{home: US}}\nflow: [{{execute: child{tokens}}}]", children={"child": gated}, rows=[LEADS[0], LEADS[3]]
    )
    assert hits(ran) == keys


def test_it_reads_the_past(run: Run) -> None:
    past = [
        {
            "key": "3",
            "id": str(number),
            "type": "had interesting moment",
            "date_of_activity": START - timedelta(days=1),
            "attributes": json.dumps({"type": "Web"}),
        }
        for number in range(2)
    ]
    known = Given("test", START, activities=pl.DataFrame(past, schema=ACTIVITIES))
    assert hits(run(f"smart_list: {{member of smart list: busy}}\nflow: [{HIT}}}]", given=known)) == "3"


def test_it_reads_the_trigger_of_a_trigger_campaign(run: Run) -> None:
    happened = [
        {
            "key": key,
            "id": f"a{key}",
            "type": "lead was created",
            "date_of_activity": START - timedelta(days=1),
            "attributes": json.dumps({"country": "US"}),
        }
        for key in ("1", "4")
    ]
    news = (
        f"campaign: news\nkind: trigger\non: new lead\nsmart_list: {{member of smart list: told so}}\nflow: [{HIT}}}]"
    )
    known = Given("test", START, activities=pl.DataFrame(happened, schema=ACTIVITIES))
    ran = run(f"flow: [{HIT}}}]", "news", files={"campaigns/news.yaml": news}, given=known)
    assert hits(ran) == "1"


def test_what_it_reads_is_in_the_key_of_an_effect(run: Run) -> None:
    flow = "flow: [{use: moment.record, when: {not member of smart list: needs-country}, with: {type: Web, text: x}}]"
    first = run(flow)
    done = dict(first.result.effects.select("effect", "at").rows())
    same = run(flow, rows=[{**lead, "note": "other"} for lead in first.leads], given=Given("2", START, effects=done))
    assert ([moment["key"] for moment in first.moments], same.moments) == (["1", "4"], [])
    moved = [{**lead, "country": {"US": "DE", "DE": "US"}.get(lead["country"])} for lead in first.leads]
    other = run(flow, rows=moved, given=Given("2", START, effects=done))
    assert [moment["key"] for moment in other.moments] == ["1", "4"]


def test_a_change_in_lustrum_yaml_changes_every_campaign_that_asks(run: Run) -> None:
    other = PROJECT.replace("country = 'US' AND score >= 10", "country = 'DE'")
    assert hits(run(f"smart_list: {{member of smart list: both}}\nflow: [{HIT}}}]", project=other)) == "4"
