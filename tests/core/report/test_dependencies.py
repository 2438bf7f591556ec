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
    """Plan a batch campaign `main` with this flow over the field `a`, with executable children."""
    files = {"plugins/d.py": STEPS, "campaigns/main.yaml": f"campaign: main\nkind: batch\nflow:\n{flow}"}
    for name, text in children.items():
        files[f"campaigns/{name}.yaml"] = f"campaign: {name}\nkind: executable\n{text}"
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
