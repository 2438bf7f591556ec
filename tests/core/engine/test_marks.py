"""Which fields are unsettled after loops, children and campaigns in a row."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from lustrum.testing import CampaignRun

Run = Callable[..., CampaignRun]

LEAD = {"id": "1", "country": "?", "note": "n"}
FAILS = "{use: probe.tidy, reads: {value: country}}"


def held(ran: CampaignRun) -> list[tuple[str, str]]:
    return [(row["field"], row["code"]) for row in ran.quarantine]


def test_who_stops_inside_a_child_that_is_tried_again_stays_in_quarantine(run: Run) -> None:
    child = "flow: [{use: probe.tidy, reads: {value: country}, on_fail: stop}]"
    ran = run("flow: [{execute: c, retry: {attempts: 2}}]", [LEAD], children={"c": child})
    assert held(ran) == [("country", "unreadable")]
    assert ran.outcomes["nightly > c"] == ["failed:unreadable"]


def test_a_child_whose_goal_is_not_met_blocks_its_dependents(run: Run) -> None:
    flow = """
    flow:
      - {execute: c, retry: {until: "country = 'never'"}}
      - {use: probe.copy, reads: {value: country}, writes: {value: note}}
    """
    ran = run(flow, [{**LEAD, "country": "US"}], children={"c": f"flow: [{FAILS}]"})
    assert ran.outcomes["nightly > c"] == ["failed:until_not_met"]
    assert ran.outcomes["nightly > probe.copy"] == ["blocked"]
    assert held(ran) == [("country", "until_not_met"), ("note", "until_not_met")]


def test_what_a_child_has_settled_stays_settled_when_the_child_may_fail(run: Run) -> None:
    child = """
    flow:
      - {use: change.value, with: {field: country, value: us}}
      - {use: probe.tidy, id: fails, reads: {value: note}}
    """
    flow = f"flow:\n  - {FAILS}\n  - {{execute: c, on_fail: continue}}\n"
    ran = run(flow, [{**LEAD, "note": "?"}], children={"c": child})
    assert held(ran) == []
    assert ran.leads[0]["country"] == "us"


def test_the_smart_list_of_the_next_campaign_waits_for_an_unsettled_field(run: Run) -> None:
    flow = "flow: [{use: probe.view, reads: {value: note}}]"
    other = f"campaign: other\nkind: batch\nsmart_list: {{country: is not empty}}\n{flow}"
    ran = run(f"flow: [{FAILS}]", [LEAD], "nightly", "other", files={"campaigns/other.yaml": other})
    assert ran.outcomes["other > probe.view"] == [""]


def test_an_abort_inside_a_repair_is_an_outcome(run: Run) -> None:
    fix = "flow: [{use: probe.tidy, reads: {value: country}, on_fail: abort}]"
    flow = "flow: [{use: probe.tidy, reads: {value: country}, retry: {repair: fix}}]"
    ran = run(flow, [LEAD], children={"fix": fix})
    assert ran.result.aborted is None
    assert held(ran) == [("country", "unreadable")]


def test_a_repair_that_settles_a_field_with_the_value_it_had_is_a_reason_to_try_again(run: Run) -> None:
    flow = f"""
    flow:
      - {FAILS}
      - {{use: probe.need, reads: {{country: country}}, writes: {{country: note}}, retry: {{repair: fix}}}}
    """
    steps = """
    @step("probe.need")
    def need(country: str | None) -> str | Failed:
        return country or Failed("none")
    """
    fix = 'flow: [{use: change.value, with: {field: country, value: "?"}}]'
    ran = run(flow, [LEAD], steps=steps, children={"fix": fix})
    assert ran.outcomes["nightly > probe.need"] == ["changed"]


def test_a_default_repair_is_not_repaired_by_itself(run: Run) -> None:
    settings = "leads: {from: a.csv, to: b.csv, key: id}\ndefaults: {retry: {repair: fix}}\n"
    fix = "flow: [{use: change.value, with: {field: country, value: US}}]"
    ran = run(f"flow: [{FAILS}]", [LEAD], children={"fix": fix}, files={"lustrum.yaml": settings})
    assert ran.leads[0]["country"] == "us"


def test_nesting_may_be_deep(run: Run) -> None:
    names = [f"c{number}" for number in range(200)]
    children = {name: f"flow: [{{execute: {after}}}]" for name, after in pairwise(names)}
    children[names[-1]] = f"flow: [{FAILS}]"
    ran = run("flow: [{execute: c0}]", [{**LEAD, "country": "US"}], children=children)
    assert ran.leads[0]["country"] == "us"


def test_a_decision_is_held_against_the_value_before_the_first_attempt(run: Run) -> None:
    steps = """
    @step("probe.twice", strategies=("one", "two"))
    def twice(country: str, *, attempt: Attempt = Attempt()) -> str | Failed:
        return "z" if attempt.tries("two") else Failed("no")
    """
    decisions = "scope,key,field,before,after,verdict,until,who,when\nlead,1,country,?,steward,set,,ann,\n"
    ran = run("flow: [{use: probe.twice}]", [LEAD], steps=steps, files={"decisions.csv": decisions})
    assert ran.leads[0]["country"] == "steward"


def test_an_effect_does_not_depend_on_the_version_of_its_plugin(run: Run) -> None:
    moment = "flow: [{use: moment.record, with: {type: Web, text: 'TEXT {{lead.note}}'}}]"
    keys = [
        run(moment.replace("TEXT", text), [LEAD]).result.effects["effect"].to_list() for text in ("hello", "hello!")
    ]
    assert keys[0] == keys[1]
