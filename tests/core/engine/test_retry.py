"""Rule 10: retry loops over the open leads, with strategies, repairs, conditions and a budget for what may pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lustrum.testing import CampaignRun

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

SEEK = """
@step("probe.seek", strategies=["exact", "alias", "typo"])
def seek(value: str, *, attempt: Attempt) -> str | Failed:
    calls.append(("seek", (value, attempt.number, attempt.strategies)))
    return value.upper() if attempt.tries(value) else Failed("not_" + str(attempt.number))
"""
BUSY = """
@step("probe.busy")
def busy(value: str, *, times: int, retry_after: float | None = None) -> str:
    calls.append(("busy", value))
    if calls.count(("busy", value)) <= times:
        raise Transient("the service is busy", code="busy", retry_after=retry_after)
    return value.upper()
"""


def leads(*countries: str | None) -> list[dict[str, Any]]:
    return [
        {"id": str(row), "country": country, "hint": None, "note": None} for row, country in enumerate(countries, 1)
    ]


def countries(ran: CampaignRun) -> list[Any]:
    return [lead["country"] for lead in ran.leads]


def test_attempt_n_tries_the_first_n_strategies_as_often_as_there_are_strategies(run: Run, calls: Calls) -> None:
    ran = run("flow: [{use: probe.seek, reads: {value: country}}]", leads("exact", "typo", "never"), steps=SEEK)
    one, two, three = ("exact",), ("exact", "alias"), ("exact", "alias", "typo")
    assert calls("seek") == [
        *[(value, 1, one) for value in ("exact", "typo", "never")],
        *[(value, 2, two) for value in ("typo", "never")],
        *[(value, 3, three) for value in ("typo", "never")],
    ]
    assert ran.outcomes["nightly > probe.seek"] == ["changed", "changed", "failed:not_3"]
    assert [row["attempts"] for row in ran.quarantine] == [3]
    assert not any(ran.waits), "only what may pass by itself is waited for"


@pytest.mark.parametrize(("attempts", "made"), [(1, 1), (2, 2), (3, 3), (9, 3)])
def test_attempts_end_where_they_are_told_or_when_no_strategy_is_left(
    run: Run, calls: Calls, attempts: int, made: int
) -> None:
    run(
        f"flow: [{{use: probe.seek, reads: {{value: country}}, retry: {{attempts: {attempts}}}}}]",
        leads("never"),
        steps=SEEK,
    )
    assert len(calls("seek")) == made


def test_a_step_without_strategies_is_tried_once(run: Run, calls: Calls) -> None:
    run("flow: [{use: probe.tidy, reads: {value: country}, retry: {attempts: 3}}]", leads("?"))
    assert calls("tidy") == ["?"]


@pytest.mark.parametrize("attempts", ["", ", attempts: 2"])
def test_a_repair_is_executed_for_the_open_leads_and_then_the_entry_tried_again(
    run: Run, calls: Calls, attempts: str
) -> None:
    ran = run(
        f"flow: [{{use: probe.tidy, reads: {{value: country}}, retry: {{repair: mend{attempts}}}}}]",
        leads("US", "?"),
        children={"mend": "flow: [{use: change.value, with: {field: country, value: MENDED}}]"},
    )
    assert countries(ran) == ["us", "mended"]
    assert calls("tidy") == ["US", "?", "MENDED"]
    assert ran.quarantine == []


def test_a_lead_the_repair_did_not_touch_leaves_the_loop(run: Run, calls: Calls) -> None:
    run(
        "flow: [{use: probe.tidy, reads: {value: country}, retry: {attempts: 9, repair: mend}}]",
        leads("? a", "? b"),
        steps="""
        @step("probe.mend", reads=["country"], writes=["country"])
        def mend(leads: pl.DataFrame) -> pl.DataFrame:
            calls.extend([("mend", leads["country"].to_list())] * bool(leads.height))  # tried on none when loaded
            return leads.select(pl.col("country").replace({"? b": "? c"}))
        """,
        children={"mend": "flow: [{use: probe.mend}]"},
    )
    assert calls("mend") == [["? a", "? b"], ["? c"]]
    assert calls("tidy") == ["? a", "? b", "? c"]


def test_a_repair_has_its_own_tokens(run: Run) -> None:
    ran = run(
        "my: {text: callers}\nflow: [{use: probe.tidy, reads: {value: country}, retry: {repair: mend}}]",
        leads("?"),
        children={
            "mend": """
            my: {text: OWN}
            flow: [{use: change.value, with: {field: country, value: "{{my.text}} {{campaign.name}}"}}]
            """
        },
    )
    assert countries(ran) == ["own mend"]


def test_failures_inside_a_repair_neither_quarantine_nor_block(run: Run) -> None:
    ran = run(
        """
        flow:
          - {use: probe.tidy, id: country, reads: {value: country}, retry: {attempts: 2, repair: mend}}
          - {use: probe.copy, reads: {value: hint}, writes: {value: note}}
        """,
        [{**lead, "hint": "a ?"} for lead in leads("?")],
        children={
            "mend": """
            flow:
              - {use: probe.tidy, reads: {value: hint}}
              - {use: change.value, with: {field: country, value: MENDED}}
            """
        },
    )
    assert (countries(ran), ran.leads[0]["note"]) == (["mended"], "a ?")
    assert ran.quarantine == []


def test_what_a_repair_changed_stays_even_when_the_entry_still_fails(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.tidy, reads: {value: country}, retry: {attempts: 2, repair: mend}}]",
        leads("?"),
        children={"mend": "flow: [{use: change.value, with: {field: note, value: mended}}]"},
    )
    assert (countries(ran), ran.leads[0]["note"]) == (["?"], "mended")
    assert ran.outcomes["nightly > probe.tidy"] == ["failed:unreadable"]


def test_stopping_inside_a_repair_ends_only_the_repair(run: Run) -> None:
    ran = run(
        """
        flow:
          - use: probe.tidy
            reads: {value: country}
            retry: {attempts: 2, repair: mend}
            on_fail: continue
          - {use: change.value, with: {field: hint, value: went on}}
        """,
        leads("?"),
        children={
            "mend": """
            flow:
              - {use: probe.tidy, reads: {value: country}, on_fail: stop}
              - {use: change.value, with: {field: note, value: not reached}}
            """
        },
    )
    assert (ran.leads[0]["hint"], ran.leads[0]["note"]) == ("went on", None)


def test_until_opens_leads_whatever_the_step_said(run: Run, calls: Calls) -> None:
    ran = run(
        """
        flow:
          - use: probe.copy
            reads: {value: country}
            writes: {value: note}
            retry: {attempts: 3, repair: shorten, until: "note IN ('a', 'b')"}
        """,
        leads("a", "bc"),
        children={"shorten": "flow: [{use: change.value, with: {field: country, value: b}}]"},
    )
    assert [lead["note"] for lead in ran.leads] == ["a", "b"]
    assert calls("copy") == ["a", "bc", "b"]
    assert ran.outcomes["nightly > probe.copy"] == ["changed", "changed"]


def test_a_lead_for_which_until_never_holds_fails_and_keeps_what_was_reached(run: Run) -> None:
    ran = run(
        """
        flow:
          - {use: probe.tidy, reads: {value: country}, retry: {attempts: 2, until: {country: is de}}}
          - {use: probe.copy, reads: {value: country}, writes: {value: note}}
        """,
        leads("US", "DE"),
    )
    assert ran.outcomes["nightly > probe.tidy"] == ["failed:until_not_met", "changed"]
    assert ran.outcomes["nightly > probe.copy"] == ["blocked", "changed"]
    assert countries(ran) == ["us", "de"]
    assert [row["code"] for row in ran.quarantine if row["field"] == "country"] == ["until_not_met"]


def test_the_last_code_counts_before_until_not_met(run: Run) -> None:
    ran = run("flow: [{use: probe.tidy, reads: {value: country}, retry: {until: country = 'x'}}]", leads("?"))
    assert ran.outcomes["nightly > probe.tidy"] == ["failed:unreadable"]


def test_until_may_read_a_field_the_entry_itself_failed_to_write(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.tidy, reads: {value: country}, retry: {attempts: 2, repair: mend, until: country = 'us'}}]",
        leads("?"),
        children={"mend": "flow: [{use: change.value, with: {field: country, value: US}}]"},
    )
    assert ran.outcomes["nightly > probe.tidy"] == ["changed"]


def test_on_an_execute_the_whole_child_is_run_again_for_the_open_leads(run: Run, calls: Calls) -> None:
    ran = run(
        "flow: [{execute: child, retry: {attempts: 3, until: note = 'saw b'}}]",
        leads("b", "a"),
        children={
            "child": """
            flow:
              - {use: probe.view, reads: {value: country}, writes: {value: note}}
              - {use: change.value, when: country = 'a', with: {field: country, value: b}}
            """
        },
    )
    assert calls("view") == ["b", "a"], "`b` of the second round is known"
    assert [lead["note"] for lead in ran.leads] == ["saw b", "saw b"]
    assert ran.outcomes["nightly > child"] == ["changed", "changed"]


def test_on_an_execute_a_lead_is_open_where_an_entry_of_the_child_gave_up(run: Run) -> None:
    ran = run(
        "flow: [{execute: child, retry: {attempts: 2, repair: mend}}]",
        leads("US", "?"),
        children={
            "child": "flow: [{use: probe.tidy, reads: {value: country}}]",
            "mend": "flow: [{use: change.value, with: {field: country, value: MENDED}}]",
        },
    )
    assert countries(ran) == ["us", "mended"]
    assert ran.quarantine == []


def test_a_child_run_again_forgets_what_its_earlier_round_could_not_settle(run: Run) -> None:
    ran = run(
        "flow: [{execute: child, retry: {attempts: 2, repair: mend}}]",
        leads("?"),
        children={
            "child": """
            flow:
              - {use: probe.tidy, reads: {value: country}}
              - {use: probe.copy, when: country = 'de', reads: {value: country}, writes: {value: note}}
            """,
            "mend": "flow: [{use: change.value, with: {field: country, value: MENDED}}]",
        },
    )
    assert ran.outcomes["nightly > child > probe.tidy"] == ["changed"]
    assert ran.outcomes["nightly > child > probe.copy"] == ["skipped:when"]
    assert ran.quarantine == []


@pytest.mark.parametrize(
    ("step_", "country"), [("probe.tidy", "?"), ("probe.busy, with: {times: 9}", "US")], ids=["failed", "busy"]
)
def test_a_lead_for_which_until_holds_is_not_open_even_where_the_step_failed(
    run: Run, step_: str, country: str
) -> None:
    ran = run(
        f"flow: [{{use: {step_}, id: x, reads: {{value: country}}, retry: {{until: id = '1'}}}}]",
        leads(country),
        steps=BUSY,
    )
    assert ran.outcomes["nightly > x"] == ["unchanged"]
    assert ran.quarantine == []


@pytest.mark.parametrize(
    ("codes", "asked"),
    [("[not_1]", 2), ("not_1", 2), ("[not_1, not_2]", 3), ("[not_1, not_2, not_3]", 3), ("[other]", 1)],
)
def test_only_the_codes_of_on_are_tried_again(run: Run, calls: Calls, codes: str, asked: int) -> None:
    ran = run(f"flow: [{{use: probe.seek, reads: {{value: country}}, retry: {{on: {codes}}}}}]", leads("?"), steps=SEEK)
    assert len(calls("seek")) == asked
    assert ran.outcomes["nightly > probe.seek"] == [f"failed:not_{asked}"]


@pytest.mark.parametrize(("codes", "asked"), [("busy", 3), ("other", 1)])
def test_on_counts_for_what_may_pass_too(run: Run, calls: Calls, codes: str, asked: int) -> None:
    retry = f"retry: {{on: {codes}}}"
    ran = run(
        f"flow: [{{use: probe.busy, reads: {{value: country}}, with: {{times: 9}}, {retry}}}]", leads("a"), steps=BUSY
    )
    assert len(calls("busy")) == asked
    assert ran.outcomes["nightly > probe.busy"] == ["failed:busy"]


def test_on_counts_for_repairs_too(run: Run, calls: Calls) -> None:
    ran = run(
        "flow: [{use: probe.seek, reads: {value: country}, retry: {on: other, attempts: 1, repair: mend}}]",
        leads("?"),
        steps=SEEK,
        children={"mend": "flow: [{use: change.value, with: {field: country, value: exact}}]"},
    )
    assert (countries(ran), len(calls("seek"))) == (["?"], 1)


@pytest.mark.parametrize(("codes", "mended"), [("until_not_met", True), ("unreadable", False)])
def test_a_goal_that_is_not_reached_has_a_code_too(run: Run, codes: str, mended: bool) -> None:
    ran = run(
        f"""
        flow:
          - use: probe.tidy
            reads: {{value: country}}
            retry: {{on: {codes}, repair: mend, until: country = 'de'}}
        """,
        leads("US"),
        children={"mend": "flow: [{use: change.value, with: {field: country, value: DE}}]"},
    )
    assert ran.outcomes["nightly > probe.tidy"] == (["changed"] if mended else ["failed:until_not_met"])


def test_the_on_of_a_default_counts_too(run: Run, calls: Calls) -> None:
    text = "defaults: {retry: {on: not_1}}\nflow: [{use: probe.seek, reads: {value: country}}]"
    run(text, leads("?"), steps=SEEK)
    assert len(calls("seek")) == 2


def test_a_lead_is_repaired_ten_times_at_most(run: Run, calls: Calls) -> None:
    run(
        "flow: [{use: probe.many, reads: {value: country}, retry: {repair: mend}}]",
        leads("?"),
        steps="""
        @step("probe.many", strategies=list("abcdefghijklmn"))
        def many(value: str, *, attempt: Attempt) -> str | Failed:
            calls.append(("many", value))
            return Failed("no")

        @step("probe.longer")
        def longer(value: str) -> str:
            return value + "?"
        """,
        children={"mend": "flow: [{use: probe.longer, reads: {value: country}}]"},
    )
    assert [len(value) for value in calls("many")] == [1] * 14 + [*range(2, 12)]


def test_what_adds_up_is_not_done_again_for_its_goal_and_has_failed_nevertheless(run: Run) -> None:
    ran = run(
        """
        flow:
          - {use: change.score, with: {field: score, change: "+1"}, retry: {attempts: 3, until: score >= 5}}
        """,
        [{"id": "1", "score": 1}, {"id": "2", "score": 4}],
        files={"lustrum.yaml": "leads: {from: leads.csv, to: out.csv, key: id}\nfields: {score: integer}\n"},
    )
    assert [lead["score"] for lead in ran.leads] == [2, 5]
    assert ran.outcomes["nightly > change.score"] == ["failed:until_not_met", "changed"]
    assert len(ran.result.effects) == 2, "it happened"


def test_a_lead_that_left_the_flow_is_neither_repaired_nor_asked_again(run: Run, calls: Calls) -> None:
    ran = run(
        "flow: [{execute: child, retry: {attempts: 3, repair: mend}}]",
        leads("?"),
        children={
            "child": "flow: [{use: probe.tidy, reads: {value: country}, on_fail: stop}]",
            "mend": "flow: [{use: change.value, with: {field: note, value: mended}}]",
        },
    )
    assert (calls("tidy"), ran.leads[0]["note"]) == (["?"], None)
    assert ran.outcomes["nightly > child"] == ["failed:unreadable"]


def test_a_repair_that_settles_what_until_asks_about_is_reason_to_go_on(run: Run) -> None:
    ran = run(
        """
        flow:
          - {use: probe.tidy, id: first, reads: {value: hint}}
          - use: probe.copy
            reads: {value: country}
            writes: {value: note}
            retry: {until: NOT failed(hint), repair: mend}
        """,
        [{**lead, "hint": "?"} for lead in leads("US")],
        children={"mend": "flow: [{use: probe.copy, reads: {value: country}, writes: {value: hint}}]"},
    )
    assert ran.outcomes["nightly > probe.copy"] == ["changed"]


def test_a_repair_that_writes_what_an_earlier_entry_has_read_is_warned_of(run: Run) -> None:
    ran = run(
        """
        flow:
          - {use: probe.copy, reads: {value: hint}, writes: {value: note}}
          - {use: probe.tidy, reads: {value: country}, retry: {attempts: 2, repair: mend}}
        """,
        leads("US"),
        children={"mend": "flow: [{use: change.value, with: {field: hint, value: x}}]"},
    )
    assert any("hint" in str(warning) and "repair" in str(warning) for warning in ran.plan.warnings)
