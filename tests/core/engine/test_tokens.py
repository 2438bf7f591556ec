"""Rule 4: where the value of a token comes from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from lustrum.testing import CampaignRun
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]

PROJECT = "leads: {from: leads.csv, to: out.csv, key: id}\n"


def written(text: str, field: str = "note") -> str:
    return f"use: change.value, with: {{field: {field}, value: '{text}'}}"


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)


def note(ran: CampaignRun) -> Any:
    return ran.leads[0]["note"]


LEAD = {"id": "1", "First Name": "Ann", "city": None, "note": None}


def test_a_lead_token_is_the_value_of_each_lead_then(run: Run) -> None:
    ran = run(
        flow(written("LYON", "city"), written("{{lead.city}}/{{lead.First Name}}/{{lead.first_name}}")),
        [LEAD, {**LEAD, "id": "2", "First Name": "Bo"}],
    )
    assert [lead["note"] for lead in ran.leads] == ["LYON/Ann/Ann", "LYON/Bo/Bo"]


def test_the_default_of_a_token_stands_where_the_value_is_empty(run: Run) -> None:
    assert note(run(flow(written("{{lead.city:default=somewhere}}, {{my.x:default=X}}")), [LEAD])) == "somewhere, X"


def test_a_campaigns_own_my_token_wins_over_the_projects(run: Run) -> None:
    project = {"lustrum.yaml": PROJECT + "my: {region: EU, team: blue}"}
    entries = flow(written("{{my.region}} {{my.team}}"))
    assert note(run("my: {region: US}\n" + entries, [LEAD], files=project)) == "US blue"
    assert note(run(entries, [LEAD], files=project)) == "EU blue"


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [("", "child childs-own child"), (", tokens: parent", "caller childs-own nightly")],
)
def test_a_child_sees_its_own_tokens_unless_told_to_take_the_parents(run: Run, tokens: str, expected: str) -> None:
    ran = run(
        f"my: {{region: caller}}\nflow: [{{execute: child{tokens}}}]",
        [LEAD],
        children={
            "child": "my: {region: child, extra: childs-own}\n"
            + flow(written("{{my.region}} {{my.extra}} {{campaign.name}}"))
        },
    )
    assert note(ran) == expected


def test_the_projects_tokens_are_seen_by_every_child(run: Run) -> None:
    project = {"lustrum.yaml": PROJECT + "my: {region: EU}"}
    ran = run("flow: [{execute: child}]", [LEAD], files=project, children={"child": flow(written("{{my.region}}"))})
    assert note(ran) == "EU"


@pytest.mark.parametrize(("inner", "expected"), [(", tokens: parent", "caller"), ("", "grandchild")])
def test_a_parents_tokens_are_handed_on_from_child_to_child(run: Run, inner: str, expected: str) -> None:
    ran = run(
        "my: {region: caller}\nflow: [{execute: child, tokens: parent}]",
        [LEAD],
        children={
            "child": f"my: {{region: child}}\nflow: [{{execute: grandchild{inner}}}]",
            "grandchild": "my: {region: grandchild}\n" + flow(written("{{my.region}}")),
        },
    )
    assert note(ran) == expected


def test_one_child_called_by_two_callers_sees_the_tokens_of_each(run: Run) -> None:
    ran = run(
        "flow: [{execute: first}, {execute: second}]",
        [{**LEAD, "other": None}],
        children={
            "first": "my: {field: note, region: one}\nflow: [{execute: child, tokens: parent}]",
            "second": "my: {field: other, region: two}\nflow: [{execute: child, tokens: parent}]",
            "child": "flow: [{use: change.value, with: {field: '{{my.field}}', value: '{{my.region}}'}}]",
        },
    )
    assert (ran.leads[0]["note"], ran.leads[0]["other"]) == ("one", "two")


def test_system_tokens_are_the_start_of_the_run(run: Run) -> None:
    start = datetime(2024, 2, 29, 23, 30, tzinfo=UTC)
    assert note(run(flow(written("{{system.date}} {{system.time}}")), [LEAD], start=start)) == "2024-02-29 23:30:00"


def test_a_campaign_token_of_an_option_takes_the_options_type(run: Run) -> None:
    ran = run(
        "my: {points: +5}\nflow: [{use: change.score, with: {change: '{{my.points}}', field: points}}]",
        [{"id": "1", "points": 2}],
        files={"lustrum.yaml": PROJECT + "fields: {points: integer}"},
    )
    assert ran.leads[0]["points"] == 7


@pytest.mark.parametrize(
    "condition", ["when: \"city = '{{my.place}}'\"", "when: {city: 'is {{my.place}}'}"], ids=["SQL", "structured"]
)
@pytest.mark.parametrize("place", ["Lyon", "x' OR 'a' = 'a", "%"])
def test_a_token_in_a_condition_is_a_literal_and_never_text_of_the_condition(
    run: Run, condition: str, place: str
) -> None:
    ran = run(
        f'my: {{place: "{place}"}}\n' + flow(f"{written('hit')}, {condition}"),
        [{**LEAD, "city": "Lyon"}, {**LEAD, "id": "2", "city": "x' OR 'a' = 'a"}, {**LEAD, "id": "3", "city": "%"}],
    )
    assert [lead["city"] for lead in ran.leads if lead["note"] == "hit"] == [place]


def test_a_lead_token_in_a_condition_compares_two_fields_of_the_lead(run: Run) -> None:
    ran = run(
        "flow:\n  - use: change.value\n    with: {field: note, value: hit}\n    when: \"city = '{{lead.first_name}}'\"",
        [{**LEAD, "city": "Ann"}, {**LEAD, "id": "2", "city": "{{lead.first_name}}"}],
    )
    assert [lead["note"] for lead in ran.leads] == ["hit", None]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        pytest.param(written("{{lead.first_nam}}"), 'did you mean "first_name"', id="an unknown field"),
        pytest.param(written("{{my.regon}}"), 'did you mean "region"', id="an unknown my token"),
        pytest.param(written("{{leed.city}}"), 'did you mean "lead"', id="an unknown namespace"),
        pytest.param(written("{{lead.city"), "token", id="an unclosed token"),
        pytest.param("use: change.score, with: {change: '{{lead.city}}', field: note}", "lead", id="not a template"),
        pytest.param("use: change.value, with: {field: note, value: {{lead.city}}}", "quotes", id="unquoted"),
    ],
)
def test_a_token_that_cannot_be_filled_is_refused_with_its_line(run: Run, entry: str, message: str) -> None:
    with pytest.raises(ProjectError, match=rf"campaigns/nightly\.yaml:5: .*{message}"):
        run("my: {region: EU}\n" + flow(entry), [LEAD])
