"""What `retry:` says, at an entry or as a default, and what is wrong in it."""

from __future__ import annotations

from datetime import timedelta
from textwrap import dedent

import pytest

from lustrum.planning.campaign_tree import Entry
from lustrum.planning.plan import Plan
from lustrum.testing import run_campaign
from lustrum.words.errors import ProjectError

TIDY = "{use: standardise.country, reads: {country: a}"
MEND = "campaign: mend\nkind: executable\nflow: [{use: change.value, with: {field: a, value: x}}]\n"
CHILD = f"campaign: child\nkind: executable\nflow: [{TIDY}}}]\n"
LATER = f"campaign: later\nkind: batch\nflow: [{TIDY}}}]\n"
PROJECT = "leads: {from: leads.csv, to: out.csv, key: id}\n"


def plan(flow: str, *, project: str = "", children: dict[str, str] | None = None) -> Plan:
    files = {
        "lustrum.yaml": PROJECT + project,
        "campaigns/nightly.yaml": "campaign: nightly\nkind: batch\n" + dedent(flow),
        **{f"campaigns/{name}.yaml": text for name, text in {"mend": MEND, "child": CHILD, "later": LATER}.items()},
        **(children or {}),
    }
    return run_campaign(files, [{"id": "1", "a": None, "b": None}], "nightly").plan


def entries(flow: str, *, project: str = "") -> list[Entry]:
    return list(plan(flow, project=project).campaigns[0].entries)


def problems(flow: str, *, project: str = "") -> str:
    with pytest.raises(ProjectError) as caught:
        plan(flow, project=project)
    return str(caught.value)


def warnings(flow: str) -> list[str]:
    return [str(warning) for warning in plan(flow).warnings]


def test_what_is_left_out_has_the_documented_default() -> None:
    (entry,) = entries(f"flow: [{TIDY}}}]")
    retry = entry.retry
    assert (retry.transient_attempts, str(retry.waits), retry.waits.jittered) == (3, "1s..30s", True)
    assert (retry.deadline, retry.hold, retry.codes) == (None, timedelta(seconds=30), None)
    assert (retry.repair, retry.until) == (None, None)


def test_all_that_is_said_is_planned() -> None:
    transient = "{attempts: 5, wait: [5m, 15m, 20m], deadline: 2h, hold: 1m}"
    retry = f"{{on: [timeout, busy], transient: {transient}, repair: mend, until: a = 'x'}}"
    (entry,) = entries(f"flow: [{TIDY}, retry: {retry}}}]")
    found = entry.retry
    assert (found.transient_attempts, str(found.waits)) == (5, "5m, 15m, 20m")
    assert (found.deadline, found.hold) == (timedelta(hours=2), timedelta(minutes=1))
    assert found.codes == frozenset({"timeout", "busy"})
    assert found.repair is not None
    assert found.repair.path == "nightly > standardise.country > mend"
    assert found.until is not None
    assert found.until.reads == {"a"}


ALL = f"""
flow:
  - {TIDY}, id: own, retry: {{transient: {{attempts: 2}}}}}}
  - {TIDY}, id: used}}
  - {{execute: child}}
  - {{request: later}}
  - {{wait: 1s}}
  - {{use: remove_from_flow}}
"""


def test_the_nearest_default_holds_for_entries_that_use_or_execute() -> None:
    by_project = "defaults: {retry: {attempts: 4, transient: {attempts: 7}, repair: mend, until: a = 'x'}}\n"
    found = entries(ALL, project=by_project)
    assert [entry.retry.transient_attempts for entry in found] == [2, 7, 7, 1, 1, 1]
    assert [entry.retry.repair.name if entry.retry.repair else "" for entry in found] == [
        "",
        "mend",
        "mend",
        "",
        "",
        "",
    ]
    assert [entry.retry.until is not None for entry in found] == [False, True, True, False, False, False]
    assert [entry.retry.attempts for entry in found][2:] == [4, 1, 1, 1]
    own = "defaults: {retry: {transient: {attempts: 9}}}\n"
    assert [entry.retry.transient_attempts for entry in entries(own + ALL, project=by_project)] == [2, 9, 9, 1, 1, 1]


def test_a_choice_that_does_nothing_adds_no_attempts() -> None:
    choices = "choices: [{when: b IS NULL}, {otherwise: nothing}]"
    alone, chosen = entries(f"flow: [{TIDY}, retry: {{attempts: 99}}}}, {TIDY}, {choices}, retry: {{attempts: 99}}}}]")
    assert alone.retry.attempts == chosen.retry.attempts < 99


def test_an_entry_without_retry_depends_on_no_repair_of_a_default() -> None:
    requested = entries("defaults: {retry: {repair: mend}}\nflow: [{request: later}, {wait: 1s}]")
    assert [(entry.fields_read, entry.fields_written) for entry in requested] == [(frozenset(), ())] * 2


def test_a_repair_that_is_a_default_does_not_repair_itself() -> None:
    (entry,) = entries(f"flow: [{TIDY}}}]", project="defaults: {retry: {repair: mend}}\n")
    assert entry.retry.repair is not None
    assert [inner.retry.repair for inner in entry.retry.repair.entries] == [None]


@pytest.mark.parametrize(
    ("retry", "said"),
    [
        ("{on: []}", "on names no code; name the codes that are tried again, or leave it out"),
        ("{on: [busy, odd, busy]}", 'the code "busy" stands here twice; remove one of them'),
        ("{on: step_raised}", "what failed as step_raised is never tried again; remove it"),
        ("{on: [busy, retry_later]}", "what failed as retry_later is never tried again; remove it"),
        ("{transient: {wait: soon}}", '"soon" is no duration'),
        ("{transient: {wait: [5m, 1s..2s]}}", '"1s..2s" cannot stand in a list of waits'),
        ("{transient: {wait: []}}", "has no wait in it"),
        ("{transient: {deadline: tomorrow}}", '"tomorrow" is no duration'),
        ("{transient: {hold: 3 fortnights}}", 'there is no unit "fortnights"'),
        ("{repair: later}", "only an executable one can be executed"),
        ("{until: zip = 'x'}", "zip"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(retry: str, said: str) -> None:
    text = f"flow:\n  - use: standardise.country\n    reads: {{country: a}}\n    retry: {retry}\n"
    found = problems(text)
    assert found.startswith("campaigns/nightly.yaml:6: ")
    assert said in found


def test_what_is_wrong_in_a_default_is_said_once_and_where_it_stands() -> None:
    flow = f"flow: [{TIDY}}}, {TIDY}}}]\n"
    said = 'the code "x" stands here twice; remove one of them'
    assert problems(f"defaults:\n  retry:\n    on: [x, x]\n{flow}") == f"campaigns/nightly.yaml:5: {said}"
    project = "defaults:\n  retry:\n    on: [x, x]\n"
    assert problems(flow, project=project).splitlines()[0] == f"lustrum.yaml:4: {said}"
    assert problems(flow, project="defaults: {retry: {transient: {wait: soon}}}\n").startswith("lustrum.yaml:2: ")


@pytest.mark.parametrize(
    ("retry", "said"),
    [
        ("{transient: {wait: 5s, deadline: 4s}}", "the deadline is over before the first wait is"),
        ("{until: b = 'x'}", "nothing that nightly > x writes can make its until hold"),
    ],
)
def test_what_comes_to_nothing_is_warned_of(retry: str, said: str) -> None:
    found = warnings(f"flow: [{TIDY}, id: x, retry: {retry}}}]")
    assert len([warning for warning in found if said in warning]) == 1


@pytest.mark.parametrize(
    "retry",
    [
        "{transient: {wait: 5s, deadline: 5s}}",
        "{until: a = 'x'}",
        "{until: failed(a)}",
        "{repair: other, until: b = 'x'}",
    ],
)
def test_what_can_come_to_something_is_not(retry: str) -> None:
    other = {"campaigns/other.yaml": MEND.replace("mend", "other").replace("field: a", "field: b")}
    found = plan(f"flow: [{TIDY}, id: x, retry: {retry}}}]", children=other).warnings
    assert not [warning for warning in found if "until" in str(warning) or "deadline" in str(warning)]


def test_a_child_has_no_transient_failures_of_its_own() -> None:
    (found,) = warnings("flow: [{execute: child, retry: {transient: {attempts: 2}}}]")
    assert "child fails transiently nowhere but in its own entries" in found
    assert warnings("defaults: {retry: {transient: {attempts: 2}}}\nflow: [{execute: child}]") == []
