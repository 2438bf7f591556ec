"""Corners of the rules, where the engine and the reference interpreter say what stands here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

PROJECT = """
leads: {from: leads.csv, to: out/leads.csv, key: id}
fields: {n: integer}
my: {t: x}
run: RUN
"""
TIDY = "{use: probe.tidy, reads: {value: a}}"
TIDY_B = "{use: probe.tidy, reads: {value: b}}"
MOMENT = "{use: moment.record, with: {type: Web, text: so}}"
WRITE_A = "{use: change.value, with: {field: a, value: mended}}"

Judge = Callable[..., dict[str, Any]]


@pytest.fixture
def judge(compare: Callable[..., list[dict[str, Any]]]) -> Judge:
    """Run campaigns, given by name as their flow or head and flow, over one lead; both sides agree, and say this."""

    def judged(
        lead: Mapping[str, Any], later: timedelta | None = None, **campaigns: str | tuple[str, str]
    ) -> dict[str, Any]:
        roots = [name for name in campaigns if name.startswith("top")]
        files = {"lustrum.yaml": PROJECT.replace("RUN", f"[{', '.join(roots)}]")}
        for name, written in campaigns.items():
            head, flow = written if isinstance(written, tuple) else ("", written)
            kind = "batch" if name.startswith(("top", "asked")) else "executable"
            entries = "".join(f"  - {entry}\n" for entry in flow.strip().splitlines())
            files[f"campaigns/{name}.yaml"] = f"campaign: {name}\nkind: {kind}\n{head}\nflow:\n{entries}"
        row = {"id": "9", **dict.fromkeys("abcd"), "n": None, **lead}
        return compare(files, [row], None, later)[0]

    return judged


def test_what_failed_blocks_what_needs_it_and_nothing_else(judge: Judge) -> None:
    needing = "{use: probe.tidy, id: needing, reads: {value: a}, writes: {value: c}}"
    said = judge({"a": "bad", "b": "x"}, top=f"{TIDY}\n{needing}\n{TIDY_B.replace('use', 'id: other, use')}")
    assert said["outcomes"] == {
        "top > probe.tidy": "failed:bad_value",
        "top > needing": "blocked:top > probe.tidy",
        "top > other": "changed",
    }
    assert said["unsettled"] == dict.fromkeys("ac", ("top > probe.tidy", "bad_value"))


def test_a_second_pass_settles(judge: Judge) -> None:
    assert judge({"a": "bad"}, top=f"{TIDY}\n{WRITE_A}")["unsettled"] == {}


def test_the_last_give_up_is_the_cause(judge: Judge) -> None:
    said = judge({"a": "bad"}, top=f"{TIDY}\n{TIDY}")
    assert said["unsettled"] == {"a": ("top > probe.tidy-2", "bad_value")}


def test_failed_never_blocks(judge: Judge) -> None:
    again = "{use: probe.tidy, id: again, reads: {value: a}, writes: {value: c}, when: \"failed(a) OR a = 'x'\"}"
    assert judge({"a": "bad"}, top=f"{TIDY}\n{again}")["outcomes"]["top > again"] == "failed:bad_value"


@pytest.mark.parametrize(("keys", "unsettled"), [("on_fail: continue", []), ("on_fail: block", ["a"])])
def test_continue_leaves_a_field_as_it_was(judge: Judge, keys: str, unsettled: list[str]) -> None:
    said = judge({"a": "bad"}, top=f"{TIDY[:-1]}, {keys}}}\n{MOMENT}")
    assert [*said["unsettled"]] == unsettled
    assert said["effects"] == [("moment", "top > moment.record", "so")]


def test_continue_on_a_child_forgives_what_it_left_unsettled(judge: Judge) -> None:
    said = judge({"a": "bad"}, top="{execute: child, on_fail: continue}", child=TIDY)
    assert (said["outcomes"]["top > child"], said["unsettled"]) == ("failed:bad_value", {})


def test_abort_ends_all(judge: Judge) -> None:
    judge({"a": "bad"}, top=f"{TIDY[:-1]}, on_fail: abort}}")


@pytest.mark.parametrize("leave", [TIDY[:-1] + ", on_fail: stop}", "{use: remove_from_flow}"])
def test_who_leaves_a_child_leaves_its_callers_and_is_not_tried_again(judge: Judge, leave: str) -> None:
    caller = "{execute: child, retry: {attempts: 3}}"
    said = judge({"a": "bad"}, top=f"{{request: asked}}\n{caller}\n{MOMENT}", child=leave, asked=MOMENT)
    assert said["effects"] == [("request", "top > asked", None), ("moment", "top > asked > moment.record", "so")]


def test_a_request_waits_for_the_root_and_asks_its_own_smart_list(judge: Judge) -> None:
    asked = ("smart_list: a = 'mended'", MOMENT)
    said = judge({"a": "x"}, top=f"{{request: asked}}\n{WRITE_A}", asked=asked)
    assert said["effects"][1] == ("moment", "top > asked > moment.record", "so")
    said = judge({"a": "x"}, top="{request: asked}", asked=asked)
    assert said["outcomes"] == {"top > asked": "skipped:not_qualified"}


def test_a_repair_comes_when_no_strategy_is_left(judge: Judge) -> None:
    guess = "{use: probe.guess, reads: {value: a, hint: b}, retry: {repair: fix}}"
    said = judge({"a": "bad"}, top=guess, fix="{use: change.value, with: {field: b, value: hint}}")
    assert said["tries"] == {"top > probe.guess": [(number, number, "bad_value", 0) for number in (1, 2, 3)]}
    assert said["lead"]["a"] == "HINT"


def test_a_repair_that_changes_nothing_is_the_last(judge: Judge) -> None:
    fix = "{use: change.value, with: {field: c, value: so}}"
    said = judge({"a": "bad"}, top=TIDY[:-1] + ", retry: {repair: fix}}", fix=fix)
    assert said["outcomes"] == {
        "top > probe.tidy": "failed:bad_value",
        "top > probe.tidy > fix > change.value": "changed",
    }


def test_a_repair_is_run_ten_times_at_most(judge: Judge) -> None:
    choices = "[{when: d = 'y', with: {value: x}}, {otherwise: {with: {value: y}}}]"
    turn = f"{{use: change.value, with: {{field: d}}, choices: {choices}}}"
    goal = "{use: probe.mend, reads: {value: c, hint: d}, retry: {repair: fix, until: n = 20}, writes: {value: b}}"
    asks = judge({"d": "x"}, top=goal, fix=turn)["tries"]["top > probe.mend"]
    assert [ask[:2] for ask in asks] == [(1, number) for number in range(1, 12)]


def test_failures_inside_a_repair_leave_no_mark(judge: Judge) -> None:
    said = judge(
        {"a": "bad", "b": "bad"},
        top=TIDY[:-1] + ", retry: {repair: fix}}",
        fix=f"{TIDY_B}\n{{execute: child}}",
        child=TIDY_B,
    )
    assert said["unsettled"] == {"a": ("top > probe.tidy", "bad_value")}
    assert said["outcomes"]["top > probe.tidy > fix > child"] == "unchanged"


REPAIRED = "{use: probe.tidy, reads: {value: b}, retry: {repair: fix}}"


@pytest.mark.parametrize(
    "caller",
    [
        '{execute: child, when: "a IS NOT NULL"}',
        '{execute: child, choices: [{when: "a IS NOT NULL"}]}',
        "{execute: child, id: child, needs: [probe.tidy]}",
        "{execute: outer}",
    ],
)
def test_what_a_repair_in_a_child_writes_is_not_what_the_caller_writes(judge: Judge, caller: str) -> None:
    """The field that only the repair writes blocks the caller, and is not left unsettled by it anew."""
    path = "top > outer > child" if "outer" in caller else "top > child"
    said = judge(
        {"a": "bad", "b": "bad", "c": "x"},
        top=f"{TIDY}\n{caller}",
        outer='{execute: child, when: "a IS NOT NULL"}',
        child=REPAIRED,
        fix=f"{WRITE_A}\n{{use: change.value, id: b, with: {{field: b, value: good}}}}",
    )
    assert said["outcomes"][path] == "blocked:top > probe.tidy"
    assert said["lead"]["a"] == "bad"
    assert said["unsettled"] == dict.fromkeys("ab", ("top > probe.tidy", "bad_value"))


def test_nor_what_a_requested_campaign_writes(judge: Judge) -> None:
    """A field that only a repair in it writes blocks it at its smart list."""
    asked = ('smart_list: "a IS NOT NULL"', REPAIRED)
    said = judge({"a": "bad", "b": "bad"}, top=f"{TIDY}\n{{request: asked}}", asked=asked, fix=WRITE_A)
    assert said["outcomes"]["top > asked"] == "blocked:top > probe.tidy"
    assert said["lead"]["a"] == "bad"


def test_nor_does_it_become_unsettled_with_what_a_blocked_caller_was_to_write(judge: Judge) -> None:
    fix = "{use: change.value, with: {field: c, value: so}}"
    said = judge(
        {"a": "bad", "b": "bad"}, top=f'{TIDY}\n{{execute: child, when: "a IS NOT NULL"}}', child=REPAIRED, fix=fix
    )
    assert set(said["unsettled"]) == {"a", "b"}


def test_a_child_is_run_again_from_its_first_marks(judge: Judge) -> None:
    caller = "{execute: child, retry: {attempts: 2, repair: fix}}"
    said = judge({"a": "bad"}, top=caller, child=TIDY, fix=WRITE_A)
    assert said["outcomes"]["top > child"] == "changed"
    assert said["lead"]["a"] == "MENDED"


def test_an_unmet_goal_unsettles_all_that_the_child_writes(judge: Judge) -> None:
    said = judge({"a": "x"}, top="{execute: child, retry: {until: b IS NOT NULL}}", child=TIDY)
    assert said["unsettled"] == {"a": ("top > child", "until_not_met")}


def test_a_goal_that_is_met_forgives_a_failure(judge: Judge) -> None:
    said = judge({"a": "bad"}, top=TIDY[:-1] + ", retry: {until: b IS NULL}}")
    assert said["outcomes"] == {"top > probe.tidy": "unchanged"}
    assert said["tries"] == {"top > probe.tidy": [(1, 1, "bad_value", None)]}


def test_only_listed_codes_are_tried_again(judge: Judge) -> None:
    guess = "{use: probe.guess, reads: {value: a, hint: b}, retry: {on: worse_value}}"
    assert judge({"a": "bad"}, top=guess)["tries"] == {"top > probe.guess": [(1, 1, "bad_value", None)]}


@pytest.mark.parametrize(("deadline", "outcome"), [("2s", "failed:flaky_busy"), ("3s", "changed")])
def test_a_deadline_counts_the_wait_to_come(judge: Judge, deadline: str, outcome: str) -> None:
    flaky = f"{{use: probe.flaky, reads: {{value: a}}, retry: {{transient: {{wait: [1s, 2s], deadline: {deadline}}}}}}}"
    assert judge({"id": "2", "a": "x"}, top=flaky)["outcomes"] == {"top > probe.flaky": outcome}


def test_once_counts_at_other_places_and_in_later_runs(judge: Judge) -> None:
    child = ("qualification: once", MOMENT)
    said = judge({}, top="{execute: child, id: one}\n{execute: child, id: two}", child=child)
    assert said["outcomes"]["top > two"] == "skipped:already_qualified"
    said = judge({}, timedelta(days=400), top="{execute: child}", child=child)
    assert said["outcomes"] == {"top > child": "skipped:already_qualified"}


def test_who_was_left_in_quarantine_has_not_used_it_up(judge: Judge) -> None:
    said = judge({"a": "bad"}, timedelta(days=1), top="{execute: child}", child=("qualification: once", TIDY))
    assert said["outcomes"]["top > child"] == "failed:bad_value"


@pytest.mark.parametrize(("days", "outcome"), [(29, "skipped:already_done"), (30, "unchanged")])
def test_an_effect_may_happen_again_after_a_time(judge: Judge, days: int, outcome: str) -> None:
    said = judge({}, timedelta(days=days), top=MOMENT[:-1] + ", repeat: every 30 days}")
    assert said["outcomes"] == {"top > moment.record": outcome}


def test_short_waits_are_passed_once(judge: Judge) -> None:
    flow = '{wait: 10s}\n{wait: "{{lead.a}}"}\n{wait: "{{lead.b}}"}'
    said = judge({"b": "soon"}, timedelta(days=1), top=flow)
    assert [*said["outcomes"].values()] == ["skipped:already_done", "skipped:empty", "failed:no_date"]


def test_a_child_sees_its_own_tokens_or_its_parents(judge: Judge) -> None:
    shown = '{use: change.value, with: {field: a, value: "{{campaign.name}} {{my.t}}"}}'
    own, parents = (
        judge({}, top=("my: {t: y}", f"{{execute: child{keys}}}"), child=shown) for keys in ("", ", tokens: parent")
    )
    assert (own["lead"]["a"], parents["lead"]["a"]) == ("child x", "top y")


def test_a_child_that_a_choice_names_stands_one_level_deeper(judge: Judge) -> None:
    entry = "{execute: child, choices: [{when: a IS NULL, execute: other}, {otherwise: {}}]}"
    assert [*judge({}, top=entry, child=TIDY, other=MOMENT)["outcomes"]] == [
        "top > child > other > moment.record",
        "top > child",
    ]
