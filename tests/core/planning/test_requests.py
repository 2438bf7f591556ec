"""What is refused when a project is loaded: circles of requests, kinds, waits, triggers, lists, named smart lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from lustrum.testing import run_campaign
from lustrum.words.errors import ProjectError

ROWS: list[dict[str, Any]] = [{"id": "1", "country": "US", "note": None}]
LEADS = "leads: {from: leads.csv, to: leads.csv, key: id}\n"
PROJECT = f"""{LEADS}lists: [hot]
programs: {{webinar: [Invited, Attended]}}
my: {{home: DE}}
smart_lists:
  needs country: {{country: is empty}}
  told so: {{country: "is {{{{trigger.country}}}}"}}
"""
WRITE = "{use: change.value, with: {field: note, value: x}}"
NO_KEY = PROJECT.replace(", key: id", "")


def campaign(name: str, kind: str, *entries: str, head: str = "") -> dict[str, str]:
    text = f"campaign: {name}\nkind: {kind}\n{head}flow:\n" + "".join(f"  - {entry}\n" for entry in entries)
    return {f"campaigns/{name}.yaml": text}


def batch(name: str, *entries: str, head: str = "") -> dict[str, str]:
    return campaign(name, "batch", *entries, head=head)


def child(name: str, *entries: str, head: str = "") -> dict[str, str]:
    return campaign(name, "executable", *entries, head=head)


def trigger(*entries: str, on: str = "new lead", head: str = "") -> dict[str, str]:
    return campaign("news", "trigger", *entries, head=f"on: {on}\n{head}")


def load(files: Mapping[str, str], root: str = "nightly", project: str = PROJECT) -> str:
    """Plan and run a campaign, and give the warnings."""
    ran = run_campaign({"lustrum.yaml": project, **files}, ROWS, root)
    return "\n".join(str(warning) for warning in ran.plan.warnings)


def refuse(files: Mapping[str, str], pattern: str, root: str = "nightly", project: str = PROJECT) -> None:
    """Expect that the project is refused with a message like the pattern."""
    with pytest.raises(ProjectError, match=rf"(?s){pattern}"):
        load(files, root, project)


def said(files: Mapping[str, str], root: str = "nightly", project: str = PROJECT) -> str:
    """Give what is said of a project, refused or not."""
    try:
        return load(files, root, project)
    except ProjectError as error:
        return str(error)


# Circles


@pytest.mark.parametrize(
    ("files", "circle"),
    [
        pytest.param(batch("nightly", "request: nightly"), "nightly > nightly", id="itself"),
        pytest.param(
            {**batch("nightly", "request: b"), **batch("b", "request: nightly")}, "nightly > b > nightly", id="two"
        ),
        pytest.param(
            {**batch("nightly", "request: a"), **batch("a", "request: b"), **batch("b", "request: a")},
            "a > b > a",
            id="further down",
        ),
        pytest.param(
            {**batch("nightly", "execute: x"), **child("x", "request: nightly")}, "nightly > x > nightly", id="executed"
        ),
        pytest.param(
            {**batch("nightly", "request: a"), **batch("a", "execute: x"), **child("x", "request: a")},
            "a > x > a",
            id="requests and executions",
        ),
        pytest.param(
            {**batch("nightly", "{request: a, choices: [{when: note = 'x', request: nightly}]}"), **batch("a", WRITE)},
            "nightly > nightly",
            id="through a choice",
        ),
        pytest.param(
            {**batch("nightly", f"{WRITE[:-1]}, retry: {{repair: x}}}}"), **child("x", "request: nightly")},
            "nightly > x > nightly",
            id="through a repair",
        ),
    ],
)
def test_a_circle_of_requests_and_executions_is_refused_and_prints_itself(
    files: Mapping[str, str], circle: str
) -> None:
    refuse(files, rf"^campaigns/\w+\.yaml:\d+: .*{circle}")


def test_two_ways_to_one_campaign_are_no_circle() -> None:
    files = {
        **batch("nightly", "request: a", "request: b", "execute: x"),
        **batch("a", "request: b"),
        **batch("b", WRITE),
        **child("x", "request: b"),
    }
    assert load(files) == ""


def test_a_campaign_may_be_requested_by_several_kinds() -> None:
    files = {**batch("nightly", "request: a"), **batch("a", WRITE), **trigger("request: a", "execute: x")}
    files |= child("x", "request: a")
    assert (load(files), load(files, "news")) == ("", "")


# Kinds


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("request: x", "x is executable.*batch"),
        ("request: news", "news.*trigger"),
        ("execute: other", "other is batch.*executable"),
        ("execute: news", "news.*trigger"),
        ("request: othr", 'did you mean "other"'),
        ("{request: other, choices: [{when: note = 'x', request: x}]}", "x is executable.*batch"),
        ("{request: other, choices: [{when: note = 'x', request: othr}]}", 'did you mean "other"'),
        (f"{WRITE[:-1]}, retry: {{repair: news}}}}", "news.*trigger"),
    ],
)
def test_only_batch_campaigns_are_requested_and_only_executable_ones_executed(entry: str, message: str) -> None:
    files = {**batch("nightly", entry), **batch("other", WRITE), **child("x", WRITE), **trigger(WRITE)}
    refuse(files, rf"campaigns/nightly\.yaml:4: .*{message}")


@pytest.mark.parametrize("head", ["on: new lead\n", "on: {activity: new lead}\n"])
def test_only_trigger_campaigns_have_a_trigger(head: str) -> None:
    refuse(batch("nightly", WRITE, head=head), r"campaigns/nightly\.yaml:3: .*trigger")
    files = {**batch("nightly", "execute: x"), **child("x", WRITE, head=head)}
    refuse(files, r"campaigns/x\.yaml:3: .*trigger")


def test_a_trigger_campaign_needs_a_trigger() -> None:
    refuse({**batch("nightly", WRITE), **campaign("news", "trigger", WRITE)}, r"campaigns/news\.yaml:2: .*on", "news")


@pytest.mark.parametrize(
    "key",
    ["with: {x: y}", "reads: {a: note}", "writes: {a: note}", "retry: {attempts: 2}", "on_fail: stop", "execute: a"],
)
def test_a_request_takes_no_keys_of_a_step(key: str) -> None:
    refuse({**batch("nightly", f"{{request: a, {key}}}"), **batch("a", WRITE)}, r"campaigns/nightly\.yaml:4: ")


@pytest.mark.parametrize(
    "key",
    [
        "with: {x: y}",
        "reads: {a: note}",
        "writes: {a: note}",
        "retry: {attempts: 2}",
        "on_fail: stop",
        "tokens: parent",
        "repeat: always",
        "choices: [{when: note = 'x', with: {x: y}}]",
    ],
)
def test_remove_from_flow_has_when_choices_needs_and_id_only(key: str) -> None:
    refuse(batch("nightly", f"{{use: remove_from_flow, {key}}}"), r"campaigns/nightly\.yaml:4: ")
    assert load(batch("nightly", "{use: remove_from_flow, id: x, when: note = 'x'}")) == ""


@pytest.mark.parametrize("verbs", ["{request: a, execute: x}", "{wait: 3 days, request: a}", "{use: a, wait: 3 days}"])
def test_an_entry_has_one_verb(verbs: str) -> None:
    refuse({**batch("nightly", verbs), **batch("a", WRITE)}, r"campaigns/nightly\.yaml:4: .*exactly one")


def test_what_is_wrong_in_a_requested_campaign_is_told_once_with_its_line() -> None:
    files = {
        **batch("nightly", "request: a", "request: a"),
        **batch("a", "{use: change.value, with: {field: nte, value: x}}"),
    }
    with pytest.raises(ProjectError, match=r'campaigns/a\.yaml:4: .*did you mean "note"') as error:
        load(files)
    assert len(error.value.problems) == 1


# What needs a key


@pytest.mark.parametrize(
    ("files", "root"),
    [
        pytest.param({**batch("nightly", "request: a"), **batch("a", WRITE)}, "nightly", id="a request"),
        pytest.param(batch("nightly", "wait: 3 days"), "nightly", id="a wait"),
        pytest.param(batch("nightly", "{use: send.alert, with: {to: a, subject: b}}"), "nightly", id="an alert"),
        pytest.param(batch("nightly", "{use: list.add, with: {list: hot}}"), "nightly", id="a list"),
        pytest.param(
            batch("nightly", "{use: change.status, with: {program: webinar, status: Invited}}"),
            "nightly",
            id="a program",
        ),
        pytest.param({**batch("nightly", WRITE), **trigger(WRITE)}, "news", id="a trigger"),
        pytest.param(
            batch("nightly", WRITE, head="smart_list: {had interesting moment: any}\n"), "nightly", id="a filter"
        ),
    ],
)
def test_what_needs_history_is_refused_without_a_key(files: Mapping[str, str], root: str) -> None:
    refuse(files, "key", root, NO_KEY)


# Waits


@pytest.mark.parametrize("wait", ["wait: 10s", "wait: 3 days", 'wait: "{{lead.note}}"', "wait: 2026-12-24"])
@pytest.mark.parametrize(
    "files",
    [
        pytest.param(batch("nightly", "execute: x"), id="executed"),
        pytest.param(batch("nightly", f"{WRITE[:-1]}, retry: {{repair: x}}}}"), id="as a repair"),
        pytest.param({**batch("nightly", "execute: y"), **child("y", "execute: x")}, id="further down"),
        pytest.param({**batch("nightly", "request: a"), **batch("a", "execute: x")}, id="in a requested campaign"),
    ],
)
def test_a_wait_in_an_executable_campaign_is_refused_with_the_way_out(files: Mapping[str, str], wait: str) -> None:
    refuse({**files, **child("x", wait)}, r"campaigns/x\.yaml:4: .*request")


@pytest.mark.parametrize("wait", ["3", "soon", "4 hours or so", "4 hurs", "-3 days", "2026-02-30", "2026-13-01", "''"])
def test_a_wait_that_is_no_time_is_refused(wait: str) -> None:
    """Marketo ignores `4 hrs` silently."""
    refuse(batch("nightly", f"wait: {wait}"), r"campaigns/nightly\.yaml:4: ")


@pytest.mark.parametrize(
    ("wait", "message"),
    [
        ("{{lead.nte}}", 'did you mean "note"'),
        ("{{my.hme}}", 'did you mean "home"'),
        ("{{lead.note - 3}}", "note_3"),
        ("{{lead.note - 3 dys}}", "dys"),
        ("{{trigger.date}}", "trigger"),
    ],
)
def test_a_token_of_a_wait_that_nobody_knows_is_refused(wait: str, message: str) -> None:
    refuse(batch("nightly", f'wait: "{wait}"'), rf"campaigns/nightly\.yaml:4: .*{message}")


# Triggers


@pytest.mark.parametrize(
    ("on", "message"),
    [
        ("{activity: data value changes, attribute: country}", 'write "is country"'),
        ("{activity: data value changes, attribute: {iss: country}}", 'did you mean "is"'),
        ("{attribute: is country}", "activity"),
        ("{activty: new lead}", 'did you mean "activity"|activity'),
        ("[]", "activity"),
        ("''", "on"),
        ("{activity: new lead, x: 'is {{lead.country}}'}", "lead"),
        ("{activity: new lead, x: 'is {{trigger.name}}'}", "trigger"),
        ("{activity: new lead, x: 'is {{my.hme}}'}", 'did you mean "home"'),
        ("{activity: rated, points: at least 5}", "activities:"),
        ("{activity: new lead, date of activity: before soon}", "soon"),
    ],
)
def test_a_trigger_that_cannot_be_meant_is_refused(on: str, message: str) -> None:
    files = {**batch("nightly", WRITE), **trigger(WRITE, on=on)}
    refuse(files, rf"campaigns/news\.yaml:\d+: .*(?:{message})", "news")


def test_a_line_of_sql_is_no_type_of_activity() -> None:
    on = "\"activity = 'new lead'\""
    assert "campaigns/news.yaml:3" in said({**batch("nightly", WRITE), **trigger(WRITE, on=on)}, "news")


@pytest.mark.parametrize("on", ["vist webpage", "{activity: data value chnges, attribute: is country}", "new leed"])
def test_a_type_that_is_nearly_marketos_is_warned_of(on: str) -> None:
    text = said({**batch("nightly", WRITE), **trigger(WRITE, on=on)}, "news")
    assert "campaigns/news.yaml:3" in text
    assert "visited web page" in text or "data value changed" in text or "lead was created" in text


@pytest.mark.parametrize("attributes", ["{points: integr}", "{points: {type: integer}}"])
def test_an_attribute_has_a_type_that_there_is(attributes: str) -> None:
    project = PROJECT + f"activities: {{from: feed.csv, attributes: {attributes}}}\n"
    refuse(batch("nightly", WRITE), r"lustrum\.yaml:\d+: .*", project=project)


TOKEN = "{use: change.value, with: {field: note, value: '{{trigger.name}}'}}"  # noqa: S105  # a token of a campaign
TRIGGERED = [
    pytest.param(TOKEN, id="an option"),
    pytest.param(f"{WRITE[:-1]}, when: \"'{{{{trigger.name}}}}' = note\"}}", id="a when"),
    pytest.param(f"{WRITE[:-1]}, choices: [{{when: {{note: 'is {{{{trigger.name}}}}'}}}}]}}", id="a choice"),
    pytest.param(f"{WRITE[:-1]}, when: {{member of smart list: told so}}}}", id="a named smart list"),
]


@pytest.mark.parametrize("entry", TRIGGERED)
def test_a_trigger_token_is_refused_where_no_trigger_is(entry: str) -> None:
    refuse(batch("nightly", entry), r"campaigns/nightly\.yaml:4: .*trigger")


@pytest.mark.parametrize("entry", TRIGGERED)
@pytest.mark.parametrize("tokens", ["", ", tokens: parent"])
def test_a_trigger_token_is_refused_in_what_a_batch_campaign_runs(entry: str, tokens: str) -> None:
    refuse({**batch("nightly", f"{{execute: x{tokens}}}"), **child("x", entry)}, r"campaigns/x\.yaml:4: .*trigger")
    refuse({**batch("nightly", f"{{request: a{tokens}}}"), **batch("a", entry)}, r"campaigns/a\.yaml:4: .*trigger")


@pytest.mark.parametrize("entry", TRIGGERED)
def test_a_trigger_token_is_accepted_in_a_trigger_campaign_and_what_has_its_tokens(entry: str) -> None:
    files = {**batch("nightly", WRITE), **child("x", entry), **batch("a", entry)}
    assert load({**files, **trigger(entry)}, "news") == ""
    assert load({**files, **trigger("{execute: x, tokens: parent}", "{request: a, tokens: parent}")}, "news") == ""
    refuse({**files, **trigger("execute: x")}, r"campaigns/x\.yaml:4: .*trigger", "news")
    refuse({**files, **trigger("request: a")}, r"campaigns/a\.yaml:4: .*trigger", "news")


def test_a_trigger_token_in_a_smart_list_is_refused_where_no_trigger_is() -> None:
    head = "smart_list: {note: 'is {{trigger.name}}'}\n"
    refuse(batch("nightly", WRITE, head=head), r"campaigns/nightly\.yaml:3: .*trigger")
    assert load({**batch("nightly", WRITE), **trigger(WRITE, head=head)}, "news") == ""


# Named smart lists


@pytest.mark.parametrize(
    ("smart_lists", "asked", "message"),
    [
        ("a: {country: is empty}", "aa", r'campaigns/nightly\.yaml:3: .*there is no smart list "aa"'),
        ("needs country: {country: is empty}", "need country", r'did you mean "needs country"'),
        ("a: {member of smart list: b}\n  b: {member of smart list: a}", "a", "in a circle: a > b > a"),
        ("a: {member of smart list: a}", "a", "in a circle: a > a"),
        ("a: {contry: is empty}", "a", r'contry.*did you mean "country"'),
        ("a: {country: empty}", "a", "starts with no operator"),
        ("a: {member of smart list: bb}", "a", 'there is no smart list "bb"'),
        ("a: {had interesting moment: maybe}", "a", "is no constraint"),
        ("a: {country: 'is {{my.hme}}'}", "a", r'did you mean "home"'),
    ],
)
def test_a_smart_list_that_cannot_be_put_in_is_refused(smart_lists: str, asked: str, message: str) -> None:
    project = f"{LEADS}my: {{home: DE}}\nsmart_lists:\n  {smart_lists}\n"
    refuse(batch("nightly", WRITE, head=f"smart_list: {{member of smart list: {asked}}}\n"), message, project=project)


@pytest.mark.parametrize(
    "smart_lists",
    ["a: {contry: is empty}", "a: {country: empty}", "a: {member of smart list: bb}", "a: {member of smart list: a}"],
)
def test_a_broken_smart_list_that_nobody_asks_is_an_error_or_a_warning(smart_lists: str) -> None:
    assert "lustrum.yaml:3" in said(batch("nightly", WRITE), project=f"{LEADS}smart_lists:\n  {smart_lists}\n")


# Lists and programs


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{use: list.add, with: {list: hott}}", 'did you mean "(list_)?hot".*lists:'),
        ("{use: list.remove, with: {list: cold}}", "cold.*lists:"),
        ("{use: change.status, with: {program: webinar, status: Invitd}}", 'did you mean "Invited"'),
        ("{use: change.status, with: {program: webinars, status: Invited}}", 'did you mean "webinar"'),
        (f"{WRITE[:-1]}, when: {{member of list: hott}}}}", 'did you mean "list_?hot"'),
        (f"{WRITE[:-1]}, when: {{member of program: webinars}}}}", 'did you mean "status_?webinar"'),
        (f"{WRITE[:-1]}, when: {{member of program: {{program: webinar, stauts: is x}}}}}}", 'did you mean "status"'),
        (f"{WRITE[:-1]}, when: {{member of lists: hot}}}}", "member of list"),
    ],
)
def test_an_unknown_list_program_or_status_is_refused_with_its_line_and_the_nearest(entry: str, message: str) -> None:
    refuse(batch("nightly", entry), rf"campaigns/nightly\.yaml:4: .*{message}")


@pytest.mark.parametrize("asked", ["Invitd", "Invted"])
def test_a_filter_for_a_status_that_the_program_lacks_is_an_error_or_a_warning(asked: str) -> None:
    entry = f"{WRITE[:-1]}, when: {{member of program: {{program: webinar, status: is {asked}}}}}}}"
    assert "campaigns/nightly.yaml:4" in said(batch("nightly", entry))


@pytest.mark.parametrize("asked", ["member of campaign: nihgtly", "not member of campaign: nihgtly"])
def test_a_filter_for_a_campaign_nobody_knows_is_an_error_or_a_warning(asked: str) -> None:
    """It may have been one in Marketo's feed, so a warning is enough."""
    assert "campaigns/nightly.yaml:4" in said(batch("nightly", f"{WRITE[:-1]}, when: {{{asked}}}}}"))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("lists: [hot, Hot]", "Hot"),
        ("lists: ['']", "lists"),
        ("lists: ['!!']", "!!"),
        ("programs: {webinar: []}", "webinar"),
        ("programs: {webinar: [Invited, invited]}", "invited"),
        ("programs: {webinar: [A], Webinar: [B]}", "Webinar"),
    ],
)
def test_lists_and_programs_that_cannot_be_meant_are_refused(settings: str, message: str) -> None:
    refuse(batch("nightly", WRITE), rf"lustrum\.yaml:\d: .*{message}", project=f"{LEADS}{settings}\n")
