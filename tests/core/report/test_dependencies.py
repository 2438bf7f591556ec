from __future__ import annotations

import pytest

from lustrum.planning.plan import Plan
from lustrum.report.dependencies import settlers_by_entry
from lustrum.testing import run_campaign

STEPS = """
from lustrum import Step, hookimpl, step

@step("d.mend")
def mend(a: str) -> str:
    return a

@hookimpl
def lustrum_steps() -> list[Step]:
    return [mend]
"""


def plan_of(flow: str, **children: str) -> Plan:
    """Plan a batch campaign `main` with this flow over `a`, with executable children, and batch ones `later…`."""
    files = {"plugins/d.py": STEPS, "campaigns/main.yaml": f"campaign: main\nkind: batch\nflow:\n{flow}"}
    for name, text in children.items():
        kind = "batch" if name.startswith("later") else "executable"
        files[f"campaigns/{name}.yaml"] = f"campaign: {name}\nkind: {kind}\n{text}"
    return run_campaign(files, [{"id": "1", "a": "x"}], "main").plan


LAST = "  - {use: d.mend, id: last}\n"
CHILD = "flow:\n  - {use: d.mend, id: x}\n"


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        (LAST, ()),
        ("  - {use: d.mend, id: one}\n" + LAST, ("one",)),
        ("  - {use: d.mend, id: one}\n  - {use: d.mend, id: two}\n" + LAST, ("two",)),
        ("  - {use: d.mend, id: one}\n  - {use: d.mend, id: two, when: a = 'x'}\n" + LAST, ("one", "two")),
        ("  - {use: d.mend, id: one}\n  - {use: d.mend, id: two, choices: [{when: a = 'x'}]}\n" + LAST, ("one", "two")),
        (
            "  - {use: d.mend, id: one}\n"
            "  - {use: d.mend, id: two, choices: [{when: a = 'x'}, {otherwise: nothing}]}\n" + LAST,
            ("two", "one"),
        ),
        (
            "  - {use: d.mend, id: one}\n  - {use: d.mend, id: two, choices: [{when: a = 'x'}, {otherwise: {}}]}\n"
            + LAST,
            ("two",),
        ),
        ("  - {use: d.mend, id: one}\n  - execute: open\n" + LAST, ("open > x",)),
        ("  - {use: d.mend, id: one}\n  - execute: gated\n" + LAST, ("one", "gated > x")),
        ("  - {use: d.mend, id: one}\n  - execute: seldom\n" + LAST, ("one", "seldom > x")),
        ("  - {use: d.mend, id: one, retry: {repair: open}}\n" + LAST, ("one", "one > open > x")),
    ],
)
def test_an_entry_depends_on_whoever_may_have_written_last(flow: str, expected: tuple[str, ...]) -> None:
    gated, seldom = f"smart_list: a = 'x'\n{CHILD}", f"qualification: once\n{CHILD}"
    plan = plan_of(flow, open=CHILD, gated=gated, seldom=seldom)
    settlers = settlers_by_entry(plan.campaigns)["main > last"]
    assert settlers.get("a", ()) == tuple(f"main > {path}" for path in expected)


def test_within_a_child_the_entries_of_the_caller_count() -> None:
    plan = plan_of("  - {use: d.mend, id: one}\n  - execute: open\n", open=CHILD)
    assert settlers_by_entry(plan.campaigns)["main > open > x"] == {"a": ("main > one",)}


def test_a_repair_sees_what_was_before_its_entry() -> None:
    plan = plan_of("  - {use: d.mend, id: one}\n  - {use: d.mend, id: two, retry: {repair: open}}\n", open=CHILD)
    assert settlers_by_entry(plan.campaigns)["main > two > open > x"] == {"a": ("main > one",)}


def test_campaigns_follow_each_other() -> None:
    files = {
        "plugins/d.py": STEPS,
        "campaigns/a.yaml": "campaign: a\nkind: batch\nflow: [{use: d.mend}]\n",
        "campaigns/b.yaml": "campaign: b\nkind: batch\nflow: [{use: d.mend}]\n",
    }
    plan = run_campaign(files, [{"id": "1", "a": "x"}], "a", "b").plan
    assert settlers_by_entry(plan.campaigns)["b > d.mend"] == {"a": ("a > d.mend",)}


LATER = "  - {use: d.mend, id: one}\n  - request: later\n  - {use: d.mend, id: two}\n"


def test_what_is_requested_comes_after_the_root_flow_and_nobody_in_it_depends_on_it() -> None:
    settlers = settlers_by_entry(plan_of(LATER + LAST, later=CHILD).campaigns)
    assert settlers["main > last"] == {"a": ("main > two",)}
    assert settlers["main > later > x"] == {"a": ("main > last",)}


def test_requests_come_in_the_order_in_which_they_are_made_those_of_requests_last() -> None:
    flow = "  - request: later\n  - request: later_b\n"
    first = f"{CHILD}  - request: later_c\n"
    settlers = settlers_by_entry(plan_of(flow, later=first, later_b=CHILD, later_c=CHILD).campaigns)
    assert settlers["main > later_b > x"] == {"a": ("main > later > x",)}
    assert settlers["main > later > later_c > x"] == {"a": ("main > later > x", "main > later_b > x")}


@pytest.mark.parametrize(
    "leave",
    [
        "  - {use: remove_from_flow, when: a = 'x'}\n",
        "  - wait: 3 days\n",
        "  - {use: d.mend, id: one, on_fail: stop}\n",
    ],
)
def test_a_lead_that_leaves_the_flow_comes_to_what_it_requested_without_the_rest(leave: str) -> None:
    flow = f"  - request: later\n{leave}  - {{use: d.mend, id: two}}\n"
    before = ("main > one",) if "one" in leave else ()
    settlers = settlers_by_entry(plan_of(flow, later=CHILD).campaigns)
    assert settlers["main > later > x"] == {"a": ("main > two", *before)}


def test_who_leaves_a_repair_leaves_only_that() -> None:
    flow = "  - {use: d.mend, id: one, retry: {repair: mend}}\n" + LAST
    mend = "flow:\n  - {use: d.mend, id: x}\n  - use: remove_from_flow\n  - {use: d.mend, id: y}\n"
    settlers = settlers_by_entry(plan_of(flow, mend=mend).campaigns)
    assert settlers["main > last"] == {"a": ("main > one", "main > one > mend > y", "main > one > mend > x")}
