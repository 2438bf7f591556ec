"""Trigger campaigns: each activity that meets `on` takes its lead through the flow once, in the order they happened."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from lustrum.engine.execute import execute
from lustrum.engine.given import ACTIVITIES, Given
from lustrum.testing import CampaignRun
from lustrum.testing.leads import batch_of
from lustrum.testing.steps import START

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]
Activity = Mapping[str, Any]

MARK = '''
@step("probe.mark")
def mark(log: str | None, *, text: Template) -> str:
    """Note at the end of the log that one was here."""
    calls.append(("mark", text))
    return (log or "") + text
'''
NIGHTLY = "flow: [{use: probe.view, reads: {value: log}, writes: {value: note}}]"


@pytest.fixture(params=[None, 1], ids=["one batch", "batches of one"])
def run(run: Run, request: pytest.FixtureRequest) -> Run:
    """Run in one batch and in batches of one lead: what is expected is the same."""
    return functools.partial(run, NIGHTLY, steps=MARK, batch_size=request.param)


def lead(**fields: Any) -> dict[str, Any]:
    return {"id": "1", "country": "US", "note": None, "log": None, "score": None, **fields}


TWO = [lead(), lead(id="2", country="DE")]
PROJECT = {"lustrum.yaml": "leads: {from: a.csv, to: a.csv, key: id}\nfields: {score: integer}\n"}


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


def mark(text: str) -> str:
    return f"{{use: probe.mark, with: {{text: '{text}'}}}}"


def files(on: str, *entries: str, head: str = "", name: str = "news", **batches: str) -> dict[str, str]:
    """Write a trigger campaign, and batch campaigns given without their first two lines."""
    trigger = {f"campaigns/{name}.yaml": f"campaign: {name}\nkind: trigger\non: {on}\n{head}{flow(*entries)}"}
    others = {f"campaigns/{each}.yaml": f"campaign: {each}\nkind: batch\n{text}" for each, text in batches.items()}
    return {**PROJECT, **trigger, **others}


def activity(
    id_: str,
    key: str = "1",
    kind: str = "lead was created",
    at: datetime = START - timedelta(days=1),
    **attributes: Any,
) -> Activity:
    """Say what happened to a lead, as the runner looks it up; `name` is the primary attribute."""
    name = attributes.pop("name", None)
    text = json.dumps(attributes)
    return {"key": key, "id": id_, "type": kind, "date_of_activity": at, "name": name, "attributes": text}


def feed(activities: Iterable[Activity]) -> pl.DataFrame:
    return pl.DataFrame(list(activities), schema=ACTIVITIES)


def given(*activities: Activity, start: datetime = START, **options: Any) -> Given:
    return Given("test", start, activities=feed(activities), **options)


def afterwards(ran: CampaignRun, *activities: Activity, after: timedelta = timedelta(days=1), **options: Any) -> Given:
    """Give what the journal knows after an applied run."""
    result = ran.result
    start = START + after
    parked = result.parked.with_columns(result.keys.gather(result.parked["row"]).alias("key"))
    return given(
        *activities,
        start=start,
        effects=dict(result.effects.select("effect", "at").rows()),
        consumed=frozenset(result.consumed.select("campaign", "activity").rows()),
        parked=parked.select("key", "path", "effect", "due", "activity"),
        **options,
    )


def again(run: Run, written: Mapping[str, str], ran: CampaignRun, *activities: Activity, **options: Any) -> CampaignRun:
    """Run on the output of an applied run, a day later unless told otherwise."""
    known = afterwards(ran, *activities, **options)
    return run(ran.leads, "news", files=written, start=known.start, given=known)


def logs(ran: CampaignRun) -> list[Any]:
    return [each["log"] for each in ran.leads]


def consumed(ran: CampaignRun) -> list[tuple[str, str]]:
    return sorted(ran.result.consumed.select("campaign", "activity").rows())


CREATED = activity("a1")


# Which activities


@pytest.mark.parametrize(
    "on",
    [
        "new lead",
        "New Lead",
        "lead was created",
        "'12'",
        "{activity: new lead}",
        "{activity: lead_is_created}",
        "[{activity: new lead}]",
        "[{activity: visits webpage}, {activity: new lead}]",
    ],
)
def test_who_has_such_an_activity_goes_through(run: Run, on: str) -> None:
    ran = run(TWO, "news", files=files(on, mark("x")), given=given(CREATED))
    assert logs(ran) == ["x", None]
    assert ran.outcomes["news > probe.mark"] == ["changed", ""]
    assert consumed(ran) == [("news", "a1")]


def test_other_activities_and_other_peoples_activities_do_not_count(run: Run) -> None:
    others = [activity("a1", kind="visited web page"), activity("a2", key="77"), activity("a3", kind="new lead 2")]
    ran = run(TWO, "news", files=files("new lead", mark("x")), given=given(*others))
    assert (logs(ran), consumed(ran)) == ([None, None], [])


def test_without_activities_nobody_goes_through(run: Run) -> None:
    ran = run(TWO, "news", files=files("new lead", mark("x")))
    assert (logs(ran), consumed(ran), ran.changes) == ([None, None], [], [])


def test_a_type_of_ones_own_is_a_trigger_too(run: Run) -> None:
    tried = activity("a1", kind="product tried", plan="Pro")
    ran = run(TWO, "news", files=files("{activity: Product Tried, plan: is pro}", mark("x")), given=given(tried))
    assert logs(ran) == ["x", None]


def changed(id_: str, key: str = "1", attribute: str = "country", **attributes: Any) -> Activity:
    return activity(id_, key, "data value changed", name=attribute, attribute=attribute, **attributes)


@pytest.mark.parametrize(
    ("constraints", "taken"),
    [
        ("attribute: is country", ["1", "2"]),
        ("attribute: is Country, new value: is not empty", ["1"]),
        ("attribute: is country, new value: is empty", ["2"]),
        ("attribute: {in: [country, city]}, old value: is DE", ["2"]),
        ("new value: {is not: DE}", ["2", "3"]),
        ("attribute: is zip", []),
        ("date of activity: in past 30 days", ["1", "2", "3"]),
        ("date of activity: in past 1 hour", []),
        ("nothing it has: is empty", ["1", "2", "3"]),
        ("nothing it has: is x", []),
    ],
)
def test_constraints_must_all_hold(run: Run, constraints: str, taken: list[str]) -> None:
    happened = [
        changed("a1", "1", old_value="US", new_value="DE"),
        changed("a2", "2", old_value="DE"),
        changed("a3", "3", "city", new_value="Ulm"),
    ]
    written = files(f"{{activity: data value changes, {constraints}}}", mark("x"))
    ran = run([*TWO, lead(id="3")], "news", files=written, given=given(*happened))
    assert [each["id"] for each in ran.leads if each["log"]] == taken


def test_mappings_in_a_list_are_alternatives_and_one_activity_counts_once(run: Run) -> None:
    on = "[{activity: data value changes, attribute: is country}, {activity: data value changes, new value: is DE}]"
    happened = [changed("a1", new_value="DE"), changed("a2", "2", "city", new_value="DE")]
    ran = run(TWO, "news", files=files(on, mark("x")), given=given(*happened))
    assert logs(ran) == ["x", "x"]
    assert consumed(ran) == [("news", "a1"), ("news", "a2")]


def test_an_attribute_has_the_type_that_the_project_says(run: Run) -> None:
    happened = [activity("a1", kind="rated", points="9"), activity("a2", "2", "rated", points="10")]
    written = files("{activity: rated, points: at least 10}", mark("x"))
    written["lustrum.yaml"] += "activities: {from: feed.csv, attributes: {points: integer}}\n"
    assert logs(run(TWO, "news", files=written, given=given(*happened))) == [None, "x"]


def test_a_token_of_the_campaign_may_stand_in_a_constraint(run: Run) -> None:
    written = files(
        "{activity: data value changes, attribute: 'is {{my.field}}'}", mark("x"), head="my: {field: city}\n"
    )
    ran = run(TWO, "news", files=written, given=given(changed("a1"), changed("a2", "2", "city")))
    assert logs(ran) == [None, "x"]


# In which order


def hours(number: float) -> datetime:
    return START - timedelta(hours=number)


WAVES = [
    activity("c", at=hours(1), name="3"),
    activity("z", at=hours(9), name="1"),
    activity("b", at=hours(5), name="2b"),
    activity("a", at=hours(5), name="2a"),
    activity("d", "2", at=hours(2), name="x"),
]


def test_the_activities_of_a_lead_run_in_order_of_time_and_id(run: Run) -> None:
    ran = run(TWO, "news", files=files("new lead", mark("{{trigger.name}};")), given=given(*WAVES))
    assert logs(ran) == ["1;2a;2b;3;", "x;"]
    assert consumed(ran) == [("news", id_) for id_ in "abcdz"]


def test_the_campaign_runs_wave_by_wave(run: Run) -> None:
    """The second activity of a lead runs when the whole flow has ended for the first."""
    ran = run(TWO, "news", files=files("new lead", mark("<{{trigger.name}}"), mark(">")), given=given(*WAVES))
    assert logs(ran) == ["<1><2a><2b><3>", "<x>"]


def test_all_first_activities_run_before_all_second_ones(run: Run, calls: Calls) -> None:
    run(TWO, "news", files=files("new lead", mark("{{trigger.name}}")), given=given(*WAVES), batch_size=None)
    assert sorted(calls("mark")[:2]) == ["1", "x"]
    assert calls("mark")[2:] == ["2a", "2b", "3"]


def test_the_order_in_which_activities_are_handed_over_is_of_no_account(run: Run) -> None:
    written = files("new lead", mark("{{trigger.name}};"))
    assert logs(run(TWO, "news", files=written, given=given(*reversed(WAVES)))) == ["1;2a;2b;3;", "x;"]


def test_each_wave_sees_what_the_wave_before_changed(run: Run) -> None:
    written = files("new lead", mark("x"), head="smart_list: log IS NULL\n")
    ran = run(TWO, "news", files=written, given=given(*WAVES))
    assert logs(ran) == ["x", "x"]


def test_a_later_wave_overwrites_the_outcome_of_an_earlier_one(run: Run) -> None:
    entry = "{use: probe.mark, when: log IS NULL, with: {text: x}}"
    ran = run(TWO, "news", files=files("new lead", entry), given=given(*WAVES))
    assert ran.outcomes["news > probe.mark"] == ["skipped:when", "changed"]


def test_who_was_removed_in_one_wave_goes_through_the_next(run: Run) -> None:
    remove = "{use: remove_from_flow, when: \"'{{trigger.name}}' = '2a'\"}"
    written = files("new lead", remove, mark("{{trigger.name}};"))
    assert logs(run(TWO, "news", files=written, given=given(*WAVES))) == ["1;2b;3;", "x;"]


# Once


def test_a_consumed_activity_does_not_fire_again(run: Run) -> None:
    written = files("new lead", mark("x"))
    first = run(TWO, "news", files=written, given=given(CREATED))
    second = again(run, written, first, CREATED)
    assert (logs(second), consumed(second), second.changes) == (["x", None], [], [])


def test_a_new_activity_fires_beside_those_consumed(run: Run) -> None:
    written = files("new lead", mark("{{trigger.id}};"))
    first = run(TWO, "news", files=written, given=given(CREATED))
    second = again(run, written, first, CREATED, activity("a2"), activity("a3", "2"))
    assert logs(second) == ["a1;a2;", "a3;"]
    assert consumed(second) == [("news", "a2"), ("news", "a3")]


def test_each_campaign_consumes_for_itself(run: Run) -> None:
    written = {**files("new lead", mark("n")), **files("new lead", mark("o"), name="other")}
    ran = run(TWO, "news", "other", files=written, given=given(CREATED))
    assert logs(ran) == ["no", None]
    assert consumed(ran) == [("news", "a1"), ("other", "a1")]
    half = given(CREATED, consumed=frozenset({("news", "a1")}))
    assert logs(run(TWO, "news", "other", files=written, given=half)) == ["o", None]


def test_who_does_not_meet_the_smart_list_has_consumed_the_activity(run: Run) -> None:
    """What happened is over: the lead does not go through when it meets the smart list one day."""
    written = files("new lead", mark("x"), head="smart_list: country = 'DE'\n")
    ran = run(TWO, "news", files=written, given=given(CREATED, activity("a2", "2")))
    assert logs(ran) == [None, "x"]
    assert consumed(ran) == [("news", "a1"), ("news", "a2")]


def test_a_lead_left_in_quarantine_has_not_consumed_it(run: Run) -> None:
    written = files("new lead", "{use: probe.tidy, reads: {value: country}}")
    rows = [lead(country="?"), lead(id="2", country="DE")]
    first = run(rows, "news", files=written, given=given(CREATED, activity("a2", "2")))
    assert consumed(first) == [("news", "a2")]
    mended = [{**first.leads[0], "country": "US"}, first.leads[1]]
    known = afterwards(first, CREATED, activity("a2", "2"))
    second = run(mended, "news", files=written, start=known.start, given=known)
    assert [each["country"] for each in second.leads] == ["us", "de"]
    assert consumed(second) == [("news", "a1")]


def test_a_stopped_lead_has_not_consumed_it(run: Run) -> None:
    written = files("new lead", "{use: probe.tidy, reads: {value: country}, on_fail: stop}", mark("x"))
    ran = run([lead(country="?")], "news", files=written, given=given(CREATED))
    assert (logs(ran), consumed(ran)) == ([None], [])


def test_what_one_activity_left_open_the_next_one_mends(run: Run) -> None:
    """At the end nothing is unsettled, so both are consumed."""
    tidy = "{use: probe.tidy, reads: {value: country}}"
    mend = "{use: change.value, when: \"'{{trigger.name}}' = 'second'\", with: {field: country, value: US}}"
    both = (activity("a1", at=hours(5), name="first"), activity("a2", at=hours(4), name="second"))
    ran = run([lead(country="?")], "news", files=files("new lead", mend, tidy), given=given(*both))
    assert (ran.leads[0]["country"], ran.quarantine) == ("us", [])
    assert consumed(ran) == [("news", "a1"), ("news", "a2")]


def test_a_row_in_trouble_is_not_fired_for(run: Run) -> None:
    plan = run([lead()], "news", files=files("new lead", mark("x")), given=given(CREATED)).plan
    rows = [lead(), lead(note="the same key again")]
    result = execute(plan, batch_of(rows, plan.schema, [None, "key_repeated"]), given(CREATED))
    assert result.leads["log"].to_list() == ["x", None]
    assert result.consumed.rows() == [(0, "news", "a1")]


def test_who_stands_in_quarantine_for_another_campaign_has_consumed_it(run: Run) -> None:
    written = files("new lead", mark("x"), first=flow("{use: probe.tidy, reads: {value: country}}"))
    ran = run([lead(country="?")], "first", "news", files=written, given=given(CREATED))
    assert [row["path"] for row in ran.quarantine] == ["first > probe.tidy"]
    assert consumed(ran) == [("news", "a1")]


def test_a_removed_lead_has_consumed_it(run: Run) -> None:
    ran = run(TWO, "news", files=files("new lead", "use: remove_from_flow", mark("x")), given=given(CREATED))
    assert (logs(ran), consumed(ran)) == ([None, None], [("news", "a1")])


def test_what_a_campaign_does_in_this_run_fires_nothing_in_this_run(run: Run) -> None:
    written = files("data value changes", mark("x"), first=flow("{use: probe.tidy, reads: {value: country}}"))
    assert logs(run(TWO, "first", "news", files=written, given=given())) == [None, None]


@pytest.mark.parametrize(("qualification", "log"), [("every time", "xxxx"), ("once", "x"), ("once every 2 days", "x")])
def test_the_qualification_counts_across_waves(run: Run, qualification: str, log: str) -> None:
    written = files("new lead", mark("x"), head=f"qualification: {qualification}\n")
    assert logs(run(TWO, "news", files=written, given=given(*WAVES))) == [log, "x"]


def test_the_qualification_of_a_child_counts_across_waves_too(run: Run) -> None:
    written = files("new lead", "execute: child", mark("n"))
    written["campaigns/child.yaml"] = f"campaign: child\nkind: executable\nqualification: once\n{flow(mark('c'))}"
    assert logs(run(TWO, "news", files=written, given=given(*WAVES))) == ["cnnnn", "cn"]


# Tokens


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("{{trigger.name}}", "Country"),
        ("{{trigger.id}}", "a1"),
        ("{{trigger.type}}", "data value changed"),
        ("{{trigger.new_value}}", "DE"),
        ("{{trigger.New Value}}", "DE"),
        ("{{trigger.attribute}}", "Country"),
        ("{{trigger.old_value:default=nothing}}", "nothing"),
        ("from {{trigger.old_value:default=nothing}} to {{trigger.new_value}}", "from nothing to DE"),
    ],
)
def test_a_trigger_token_is_an_attribute_of_the_activity(run: Run, token: str, text: str) -> None:
    happened = changed("a1", attribute="Country", new_value="DE")
    assert logs(run(TWO, "news", files=files("data value changes", mark(token)), given=given(happened))) == [text, None]


@pytest.mark.parametrize("token", ["{{trigger.date_of_activity}}", "{{trigger.Date of Activity}}"])
def test_a_trigger_token_tells_when_it_happened(run: Run, token: str) -> None:
    (log, _) = logs(run(TWO, "news", files=files("new lead", mark(token)), given=given(CREATED)))
    assert datetime.fromisoformat(log) == START - timedelta(days=1)


def test_a_step_fails_without_the_attribute(run: Run) -> None:
    write = "{use: change.value, with: {field: note, value: '{{trigger.new_value}}'}}"
    happened = [changed("a1"), changed("a2", "2", new_value="DE")]
    ran = run(TWO, "news", files=files("data value changes", write, mark("x")), given=given(*happened))
    assert ran.outcomes["news > change.value"] == ["failed:no_trigger_value", "changed"]
    assert [(row["key"], row["field"]) for row in ran.quarantine] == [("1", "note")]
    assert logs(ran) == ["x", "x"]


@pytest.mark.parametrize(
    ("when", "log"),
    [
        ("\"'{{trigger.new_value}}' = country\"", [None, "x"]),
        ("{country: 'is {{trigger.new_value}}'}", [None, "x"]),
        ("{country: 'is not {{trigger.new_value}}'}", ["x", None]),
        ("\"'{{trigger.new_value}}' IS NULL\"", ["x", None]),
        ("\"'{{trigger.new_value:default=US}}' = country\"", ["x", "x"]),
    ],
)
def test_in_a_condition_an_attribute_that_is_missing_is_empty(run: Run, when: str, log: list[Any]) -> None:
    happened = [changed("a1"), changed("a2", "2", new_value="DE")]
    entry = f"{{use: probe.mark, when: {when}, with: {{text: x}}}}"
    assert logs(run(TWO, "news", files=files("data value changes", entry), given=given(*happened))) == log


def test_the_smart_list_and_choices_may_ask_about_the_trigger(run: Run) -> None:
    choices = "[{when: {country: 'is {{trigger.new_value}}'}, with: {text: same}}, {otherwise: {with: {text: other}}}]"
    happened = [changed("a1", new_value="DE"), changed("a2", "2", new_value="DE"), changed("a3", "3", new_value="FR")]
    written = files(
        "data value changes",
        f"{{use: probe.mark, choices: {choices}}}",
        head="smart_list: \"'{{trigger.new_value}}' = 'DE'\"\n",
    )
    assert logs(run([*TWO, lead(id="3")], "news", files=written, given=given(*happened))) == ["other", "same", None]


@pytest.mark.parametrize("verb", ["execute", "request"])
def test_tokens_parent_hands_the_trigger_on(run: Run, verb: str) -> None:
    child = flow("{use: change.value, with: {field: note, value: '{{trigger.new_value}} {{campaign.name}}'}}")
    written = files("data value changes", f"{{{verb}: child, tokens: parent}}")
    kind = "executable" if verb == "execute" else "batch"
    written["campaigns/child.yaml"] = f"campaign: child\nkind: {kind}\n{child}"
    ran = run(TWO, "news", files=written, given=given(changed("a1", new_value="DE")))
    assert [each["note"] for each in ran.leads] == ["DE news", None]


MILESTONE = activity("a1", kind="had interesting moment", name="Milestone", type="Milestone", id="x")


def test_an_attribute_may_be_called_as_what_every_activity_has(run: Run) -> None:
    """In a constraint `type` is the attribute; as a token it is the type of the activity, its attribute the name."""
    entry = mark("{{trigger.type}}/{{trigger.name}}/{{trigger.id}}")
    for on, log in (("is Milestone", "had interesting moment/Milestone/a1"), ("is Web", None)):
        written = files(f"{{activity: has interesting moment, type: {on}}}", entry)
        assert logs(run([lead()], "news", files=written, given=given(MILESTONE))) == [log]


# Effects

MOMENT = "{use: moment.record, with: {type: Web, text: 'From {{lead.country}}'}}"
SCORE = "{use: change.score, with: {change: +5}}"


def test_each_activity_has_effects_of_its_own(run: Run) -> None:
    """The activity's id stands in the key in place of the fields: the same text twice is two moments."""
    ran = run(TWO, "news", files=files("new lead", MOMENT, SCORE), given=given(*WAVES))
    assert sorted(moment["key"] for moment in ran.moments) == ["1", "1", "1", "1", "2"]
    assert [each["score"] for each in ran.leads] == [20, 5]


def test_the_same_activity_has_its_effects_once_whatever_the_lead_has_become(run: Run) -> None:
    written = files("new lead", MOMENT, "{use: probe.tidy, reads: {value: note}}")
    first = run([lead(note="?")], "news", files=written, given=given(CREATED))
    assert (len(first.moments), consumed(first)) == (1, [])
    known = afterwards(first, CREATED)
    moved = [{**first.leads[0], "country": "FR", "note": "fine"}]
    second = run(moved, "news", files=written, start=known.start, given=known)
    assert second.outcomes["news > moment.record"] == ["skipped:already_done"]
    assert second.outcomes["news > probe.tidy"] == ["unchanged"]
    assert consumed(second) == [("news", "a1")]


@pytest.mark.parametrize("verb", ["execute", "request"])
def test_what_it_executes_or_requests_is_keyed_by_the_activity_too(run: Run, verb: str) -> None:
    written = files("new lead", f"{verb}: child")
    kind = "executable" if verb == "execute" else "batch"
    written["campaigns/child.yaml"] = f"campaign: child\nkind: {kind}\n{flow(MOMENT, SCORE)}"
    ran = run(TWO, "news", files=written, given=given(*WAVES))
    assert len(ran.moments) == 5
    assert [each["score"] for each in ran.leads] == [20, 5]


@pytest.mark.parametrize(
    ("repeat", "scores"),
    [
        ("", 20),
        ("repeat: once per 1 day", 5),
        ("repeat: once per 3 hours", 15),
        ("repeat: once per 30 minutes", 15),
        ("repeat: always", 20),
    ],
)
def test_once_per_counts_by_the_time_of_the_activity(run: Run, repeat: str, scores: int) -> None:
    """The activities of lead 1 happened 9, 5, 5 and 1 hours before the run."""
    entry = f"{{use: change.score, with: {{change: +5}}, {repeat}}}" if repeat else SCORE
    ran = run(TWO, "news", files=files("new lead", entry), given=given(*WAVES))
    assert ran.leads[0]["score"] == scores


def test_once_per_counts_by_the_time_of_the_activity_across_runs(run: Run) -> None:
    entry = "{use: change.score, with: {change: +5}, repeat: once per 1 day}"
    written = files("new lead", entry)
    first = run([lead()], "news", files=written, given=given(activity("a1", at=hours(2))))
    soon = activity("a2", at=hours(-20))
    assert again(run, written, first, soon, after=timedelta(days=9)).leads[0]["score"] == 5, "22 hours after the first"
    late = activity("a2", at=hours(-23))
    assert again(run, written, first, late, after=timedelta(days=9)).leads[0]["score"] == 10


def test_every_is_counted_from_when_the_effect_last_happened(run: Run) -> None:
    entry = "{use: change.score, with: {change: +5}, repeat: every 2 days}"
    ran = run(TWO, "news", files=files("new lead", entry), given=given(*WAVES))
    assert ran.leads[0]["score"] == 20, "each activity is an effect of its own"


# Executing and requesting


def test_a_trigger_campaign_executes_in_series(run: Run) -> None:
    written = files("new lead", "execute: child", mark("b"))
    written["campaigns/child.yaml"] = f"campaign: child\nkind: executable\n{flow(mark('a'))}"
    ran = run(TWO, "news", files=written, given=given(*WAVES))
    assert logs(ran) == ["abababab", "ab"]


def test_each_activity_requests_for_itself(run: Run) -> None:
    written = files("new lead", "request: asked", asked=flow(mark("q")))
    ran = run(TWO, "news", files=written, given=given(*WAVES))
    assert logs(ran) == ["qqqq", "q"]
    assert ran.result.effects.filter(pl.col("kind") == "request").height == 5


def test_what_it_requested_runs_before_the_next_root_campaign(run: Run) -> None:
    written = files("new lead", mark("a"), "request: asked", asked=flow(mark("q")), second=flow(mark("s")))
    ran = run(TWO, "news", "second", files=written, given=given(CREATED))
    assert logs(ran) == ["aqs", "s"]


def test_a_requested_campaign_that_waits_keeps_the_activity(run: Run) -> None:
    asked = flow("wait: 3 days", mark("{{trigger.name}}"))
    written = files("new lead", "{request: asked, tokens: parent}", asked=asked)
    happened = activity("a1", name="Ada")
    first = run([lead()], "news", files=written, given=given(happened))
    second = again(run, written, first, happened, after=timedelta(days=3))
    assert logs(second) == ["Ada"]


# Waits

WAITING = files("new lead", mark("{{trigger.name}}<"), "wait: 3 days", mark("{{trigger.name}}>"))
ADA = activity("a1", name="Ada")


def test_a_parked_lead_has_consumed_its_activity_and_keeps_it(run: Run) -> None:
    first = run([lead()], "news", files=WAITING, given=given(ADA))
    assert (logs(first), consumed(first)) == (["Ada<"], [("news", "a1")])
    assert first.result.parked["activity"].to_list() == ["a1"]


def test_after_the_wait_the_trigger_is_still_known(run: Run) -> None:
    first = run([lead()], "news", files=WAITING, given=given(ADA))
    second = again(run, WAITING, first, ADA, after=timedelta(days=3))
    assert logs(second) == ["Ada<Ada>"]
    assert second.result.effects.filter(pl.col("kind") == "wait").height == 1


def test_effects_after_the_wait_are_keyed_by_the_activity(run: Run) -> None:
    written = files("new lead", SCORE, "wait: 3 days", SCORE)
    first = run([lead()], "news", files=written, given=given(CREATED))
    second = again(run, written, first, CREATED, after=timedelta(days=3))
    assert second.leads[0]["score"] == 10


BOB = activity("a2", name="Bob", at=START)


def test_an_activity_that_comes_while_its_lead_waits_for_another_goes_through(run: Run) -> None:
    first = run([lead()], "news", files=WAITING, given=given(ADA))
    second = again(run, WAITING, first, ADA, BOB)
    assert (logs(second), consumed(second)) == (["Ada<Bob<"], [("news", "a2")])
    assert second.result.parked["activity"].to_list() == ["a2"], "the other goes on waiting as it did"


def test_each_activity_waits_for_itself(run: Run) -> None:
    first = run([lead()], "news", files=WAITING, given=given(ADA, BOB))
    assert (logs(first), consumed(first)) == (["Ada<Bob<"], [("news", "a1"), ("news", "a2")])
    second = again(run, WAITING, first, ADA, BOB, after=timedelta(days=3))
    assert logs(second) == ["Ada<Bob<Ada>Bob>"]


def test_a_parked_lead_has_consumed_its_activity_whatever_failed_before(run: Run) -> None:
    """Else it would be fired anew, and wait anew, every night until somebody mends the field."""
    fails = "{use: probe.tidy, reads: {value: country}}"
    written = files("new lead", fails, "wait: 3 days", mark("b"))
    first = run([lead(country="?")], "news", files=written, given=given(CREATED))
    assert [row["field"] for row in first.quarantine] == ["country"]
    assert consumed(first) == [("news", "a1")]
    second = again(run, written, first, CREATED)
    assert second.result.parked.height == 0


def test_a_wait_may_end_at_a_date_of_the_trigger(run: Run) -> None:
    written = files("{activity: signed up}", 'wait: "{{trigger.ends - 1 day}}"', mark("x"))
    happened = [
        activity("a1", kind="signed up", ends="2026-03-10"),
        activity("a2", "2", "signed up", ends="2026-01-10"),
    ]
    ran = run(TWO, "news", files=written, given=given(*happened))
    assert ran.outcomes["news > wait"] == ["skipped:parked", "unchanged"]
    assert ran.result.parked["due"].to_list() == [datetime.fromisoformat("2026-03-09T00:00:00+00:00")]


# Beside others


def test_a_trigger_campaign_runs_before_the_nightly_one(run: Run) -> None:
    written = files("new lead", "{use: probe.tidy, reads: {value: country}}")
    ran = run(TWO, "news", "nightly", files=written, given=given(CREATED))
    assert [each["country"] for each in ran.leads] == ["us", "DE"]
    assert ran.outcomes["nightly > probe.view"] == ["changed", "changed"]


def test_it_is_noted_who_executed_it(run: Run) -> None:
    ran = run(TWO, "news", files=files("new lead", mark("x")), given=given(CREATED))
    assert set(ran.result.executed.select("row", "campaign").rows()) == {(0, "news")}


def test_a_run_on_its_own_output_changes_nothing(run: Run) -> None:
    written = files("new lead", MOMENT, SCORE, mark("x"), "request: asked", asked=flow(MOMENT))
    first = run(TWO, "news", files=written, given=given(*WAVES))
    second = again(run, written, first, *WAVES)
    assert (second.leads, second.changes, second.result.effects.height) == (first.leads, [], 0)
