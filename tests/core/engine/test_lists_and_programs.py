"""Static lists and programs: fields that need no column, changed by steps, asked by filters as they stand now."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from lustrum.engine.given import Given
from lustrum.testing import CampaignRun
from lustrum.testing.steps import START
from lustrum.words.fields import FieldType

Run = Callable[..., CampaignRun]

PROJECT = """
leads: {from: a.csv, to: a.csv, key: id}
lists: [hot, needs-review]
programs: {webinar: [Invited, Registered, Attended], Road Show: [Asked, Came]}
fields: {score: integer}
"""
LEADS: list[dict[str, Any]] = [
    {"id": "1", "country": "US", "note": None},
    {"id": "2", "country": "DE", "note": None},
]
HIT = "{use: change.value, with: {field: note, value: hit}"


@pytest.fixture(params=[None, 1], ids=["one batch", "batches of one"])
def run(run: Run, request: pytest.FixtureRequest) -> Run:
    """Run in one batch and in batches of one lead: what is expected is the same."""

    def over(nightly: str, *campaigns: str, **options: Any) -> CampaignRun:
        files = {"lustrum.yaml": PROJECT, **options.pop("files", {})}
        rows = options.pop("rows", LEADS)
        return run(nightly, rows, *campaigns, files=files, batch_size=request.param, **options)

    return functools.partial(over)


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


def add(name: str = "hot", when: str = "") -> str:
    return f"{{use: list.add, with: {{list: {name}}}{when and f', when: {when}'}}}"


def remove(name: str = "hot") -> str:
    return f"{{use: list.remove, with: {{list: {name}}}}}"


def status(value: str, program: str = "webinar") -> str:
    return f"{{use: change.status, with: {{program: {program}, status: {value}}}}}"


def hits(ran: CampaignRun) -> str:
    """Give the keys of the leads that were hit."""
    return "".join(lead["id"] for lead in ran.leads if lead["note"] == "hit")


def column(ran: CampaignRun, name: str) -> list[Any]:
    return [lead[name] for lead in ran.leads]


# Lists


def test_a_list_is_a_boolean_field_that_needs_no_column(run: Run) -> None:
    ran = run(flow(add(when="country = 'US'")))
    assert column(ran, "list_hot") == [True, None]
    assert ran.plan.schema.types["list_hot"] is FieldType.BOOLEAN
    assert ran.plan.schema.types["list_needs_review"] is FieldType.BOOLEAN
    assert [(row["key"], row["field"], row["after"]) for row in ran.changes] == [("1", "list_hot", "true")]


@pytest.mark.parametrize("name", ["needs-review", "Needs Review", "needs_review"])
def test_a_list_is_known_in_either_spelling(run: Run, name: str) -> None:
    assert column(run(flow(add(name))), "list_needs_review") == [True, True]


@pytest.mark.parametrize(
    ("held", "step", "outcome", "after"),
    [
        (None, add(), "changed", True),
        (False, add(), "changed", True),
        (True, add(), "unchanged", True),
        (True, remove(), "changed", False),
        (False, remove(), "unchanged", False),
        (None, remove(), "unchanged", None),
    ],
)
def test_adding_and_removing_are_done_once(run: Run, held: bool | None, step: str, outcome: str, after: object) -> None:
    ran = run(flow(step), rows=[{**LEADS[0], "list_hot": held}])
    assert (list(ran.outcomes.values()), column(ran, "list_hot")) == ([[outcome]], [after])


def test_a_membership_is_no_effect_of_its_own(run: Run) -> None:
    """Added again it is unchanged; taken off and added again in one run it is on the list."""
    ran = run(flow(add(), remove(), add()))
    assert column(ran, "list_hot") == [True, True]
    assert ran.result.effects.height == 0
    again = run(flow(add()), rows=ran.leads)
    assert again.changes == []


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("{member of list: hot}", "1"),
        ("{member of list: Hot}", "1"),
        ("{not member of list: hot}", "23"),
        ("{member of list: [hot, needs-review]}", "13"),
        ("{not member of list: [hot, needs-review]}", "2"),
        ("{list.hot: is true}", "1"),
        ("{list_hot: is false}", "2"),
        ("{list hot: is empty}", "3"),
        ("list_hot", "1"),
        ("list_hot IS NOT TRUE", "23"),
    ],
)
def test_filters_ask_the_field_as_it_stands(run: Run, asked: str, keys: str) -> None:
    rows = [
        {**LEADS[0], "list_hot": True, "list_needs_review": None},
        {**LEADS[1], "list_hot": False, "list_needs_review": None},
        {**LEADS[1], "id": "3", "list_hot": None, "list_needs_review": True},
    ]
    assert hits(run(f"smart_list: {asked}\nflow: [{HIT}}}]", rows=rows)) == keys


@pytest.mark.parametrize(
    "ask",
    [
        f"{HIT}, when: {{member of list: hot}}}}",
        f"{HIT}, choices: [{{when: {{member of list: hot}}}}]}}",
        "{execute: child}",
        "{request: asked}",
    ],
)
def test_what_this_run_added_counts_at_once(run: Run, ask: str) -> None:
    gated = f"smart_list: {{member of list: hot}}\nflow: [{HIT}}}]"
    files = {"campaigns/asked.yaml": f"campaign: asked\nkind: batch\n{gated}"}
    ran = run(flow(add(when="country = 'US'"), ask), children={"child": gated}, files=files)
    assert hits(ran) == "1"


def test_a_child_adds_for_its_caller(run: Run) -> None:
    child = flow(add(when="country = 'DE'"))
    ran = run(flow("execute: child", f"{HIT}, when: {{member of list: hot}}}}"), children={"child": child})
    assert hits(ran) == "2"
    assert ran.outcomes["nightly > child"] == ["unchanged", "changed"]


def test_a_list_may_have_a_column_of_the_source(run: Run) -> None:
    rows = [{**LEADS[0], "List.Hot": "yes"}, {**LEADS[1], "List.Hot": "no"}]
    assert hits(run(f"smart_list: {{member of list: hot}}\nflow: [{HIT}}}]", rows=rows)) == "1"


def test_the_column_of_a_list_may_have_another_name(run: Run) -> None:
    project = PROJECT + "  list.hot: {column: On Hot List, type: boolean}\n"
    project = project.replace("fields: {score: integer}\n", "fields:\n  score: integer\n")
    rows = [{**LEADS[0], "On Hot List": "yes"}, {**LEADS[1], "On Hot List": None}]
    flow_ = f"smart_list: {{member of list: hot}}\nflow: [{HIT}}}]"
    assert hits(run(flow_, rows=rows, files={"lustrum.yaml": project})) == "1"


def test_a_token_shows_a_membership(run: Run) -> None:
    show = "{use: change.value, with: {field: note, value: '{{lead.list.hot:default=no}}'}}"
    assert column(run(flow(add(when="country = 'US'"), show)), "note") == ["true", "no"]


def test_the_review_list_of_a_retry(run: Run) -> None:
    """What an operations team does with a lead that cannot be mended: put it on a list for people to see."""
    fails = "{use: probe.tidy, reads: {value: country}}"
    rows = [{**LEADS[0], "country": "?"}, LEADS[1]]
    ran = run(flow(fails, add("needs-review", "failed(country)")), rows=rows)
    assert column(ran, "list_needs_review") == [True, None]
    assert [row["field"] for row in ran.quarantine] == ["country"]


def test_a_decision_may_keep_a_lead_off_a_list(run: Run) -> None:
    decisions = "scope,key,field,before,after,verdict,until,who,when\nlead,1,list_hot,,false,always,,ann,\n"
    assert column(run(flow(add()), files={"decisions.csv": decisions}), "list_hot") == [False, True]


# Programs


def test_a_status_is_a_text_field_that_needs_no_column(run: Run) -> None:
    ran = run(flow(status("Invited")))
    assert column(ran, "status_webinar") == ["Invited", "Invited"]
    assert ran.plan.schema.types["status_webinar"] is FieldType.TEXT
    assert "status_road_show" in ran.plan.schema.types


@pytest.mark.parametrize(
    ("held", "to", "outcome", "after"),
    [
        (None, "Invited", "changed", "Invited"),
        (None, "Attended", "changed", "Attended"),
        ("Invited", "Registered", "changed", "Registered"),
        ("Invited", "Attended", "changed", "Attended"),
        ("Attended", "Attended", "unchanged", "Attended"),
        ("Attended", "Invited", "skipped:already_past", "Attended"),
        ("Sponsor", "Invited", "failed:unknown_status", "Sponsor"),
    ],
)
def test_the_statuses_of_a_program_have_an_order(run: Run, held: str | None, to: str, outcome: str, after: str) -> None:
    ran = run(flow(status(to)), rows=[{**LEADS[0], "status_webinar": held}])
    assert (list(ran.outcomes.values()), column(ran, "status_webinar")) == ([[outcome]], [after])


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("{member of program: webinar}", "12"),
        ("{member of program: Webinar}", "12"),
        ("{not member of program: webinar}", "3"),
        ("{member of program: {program: webinar, status: is attended}}", "1"),
        ("{member of program: {program: webinar, status: is not Attended}}", "2"),
        ("{not member of program: {program: webinar, status: is Attended}}", "23"),
        ("{member of program: [webinar, road show]}", "123"),
        ("{status.webinar: {in: [Invited, Registered]}}", "2"),
        ("status_webinar = 'Attended'", "1"),
    ],
)
def test_filters_ask_the_status_as_it_stands(run: Run, asked: str, keys: str) -> None:
    rows = [
        {**LEADS[0], "status_webinar": "Attended", "status_road_show": None},
        {**LEADS[1], "status_webinar": "Invited", "status_road_show": None},
        {**LEADS[1], "id": "3", "status_webinar": None, "status_road_show": "Asked"},
    ]
    assert hits(run(f"smart_list: {asked}\nflow: [{HIT}}}]", rows=rows)) == keys


def test_a_status_that_this_run_changed_counts_at_once(run: Run) -> None:
    ask = f"{HIT}, when: {{member of program: {{program: webinar, status: is Registered}}}}}}"
    assert hits(run(flow(status("Registered"), ask))) == "12"


def test_an_unsettled_status_blocks_who_asks_for_the_membership(run: Run) -> None:
    ask = f"{HIT}, when: {{member of program: webinar}}}}"
    rows = [{**LEADS[0], "status_webinar": "Sponsor"}, {**LEADS[1], "status_webinar": None}]
    ran = run(flow(status("Invited"), ask), rows=rows)
    assert ran.outcomes["nightly > change.value"] == ["blocked", "changed"]
    assert {(row["field"], row["code"]) for row in ran.quarantine} == {
        ("status_webinar", "unknown_status"),
        ("note", "unknown_status"),
    }


def test_choices_move_leads_to_different_statuses(run: Run) -> None:
    entry = (
        "{use: change.status, with: {program: webinar}, choices: [{when: country = 'US', with: {status: Attended}},"
        " {otherwise: {with: {status: Invited}}}]}"
    )
    assert column(run(flow(entry)), "status_webinar") == ["Attended", "Invited"]


# Fixpoint


def test_a_second_run_over_its_own_output_changes_nothing(run: Run) -> None:
    alert = "{use: send.alert, when: {member of list: hot}, with: {to: sales, subject: 'Hot: {{lead.id}}'}}"
    campaign = flow(add(when="country = 'US'"), status("Registered"), alert)
    first = run(campaign)
    assert first.result.effects.select("row", "kind").rows() == [(0, "alert")]
    done = dict(first.result.effects.select("effect", "at").rows())
    second = run(campaign, rows=first.leads, given=Given("second", START, effects=done))
    assert (second.changes, second.result.effects.height) == ([], 0)
