"""Rule 10: a provider that failed transiently several times running is down, and is not asked about every lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lustrum.engine.given import Given, NoWait
from lustrum.engine.providers import Providers
from lustrum.planning.bindings import StepCall
from lustrum.testing import CampaignRun
from lustrum.testing.steps import START

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

STEPS = """
@step("probe.service")
def service(value: str, *, up_after: int = 999) -> str | Failed:
    calls.append(("service", value))
    if len([each for each in calls if each[0] == "service"]) <= up_after and "known" not in value:
        raise Transient("no answer", code="timeout")
    return Failed("no_such") if "never" in value else value.upper()


@step("probe.other")
def other(value: str) -> str:
    calls.append(("other", value))
    return value


@step("probe.frames", reads=["country"], writes=["country"])
def frames(leads: pl.DataFrame) -> pl.DataFrame:
    if leads.height:
        calls.append(("frames", leads["country"].to_list()))
    if leads.height > 1:
        raise ValueError("one at a time")
    raise Transient("no answer", code="timeout")


@step("probe.some", reads=["country"], writes=["country"])
def some(leads: pl.DataFrame) -> pl.DataFrame:
    if leads.height:
        calls.append(("some", leads["country"].to_list()))
    bad = pl.col("country").str.starts_with("bad")
    return leads.with_columns(pl.when(bad).then(pl.lit("busy")).alias("_code"), bad.alias("_transient"))
"""
PATH = "nightly > probe.service"


def leads(*countries: str) -> list[dict[str, Any]]:
    return [{"id": str(row), "country": country} for row, country in enumerate(countries, 1)]


def digest(ran: CampaignRun) -> str:
    """Give the digest of the first entry's call."""
    call = ran.plan.campaigns[0].entries[0].variants[0].action
    assert isinstance(call, StepCall)
    return call.digest


def flow(attempts: int = 1, up_after: int = 999) -> str:
    retry = f"{{transient: {{attempts: {attempts}, wait: 1s}}}}"
    return f"flow: [{{use: probe.service, reads: {{value: country}}, with: {{up_after: {up_after}}}, retry: {retry}}}]"


def given(limit: int) -> Given:
    return Given("test", START, providers=Providers(limit=limit), clock=NoWait())


SEVEN = leads(*"abcdefg")


def test_after_five_transient_failures_running_the_others_are_not_asked(run: Run, calls: Calls) -> None:
    ran = run(flow(), SEVEN, steps=STEPS)
    assert calls("service") == list("abcde")
    assert ran.outcomes[PATH] == ["failed:timeout"] * 5 + ["failed:provider_down"] * 2
    assert ran.quarantine[-1]["message"] == "probe.service is down: it failed 5 times running and was not asked"


def test_while_it_is_down_each_round_asks_the_first_input_only(run: Run, calls: Calls) -> None:
    ran = run(flow(attempts=3), SEVEN, steps=STEPS)
    assert calls("service") == [*"abcde", "a", "a"]
    assert ran.outcomes[PATH] == ["failed:timeout"] + ["failed:provider_down"] * 6
    assert ran.waits == [1, 1]


def test_the_first_answer_brings_it_up_and_the_rest_of_the_round_is_asked(run: Run, calls: Calls) -> None:
    ran = run(flow(attempts=3, up_after=6), SEVEN, steps=STEPS)
    assert calls("service") == [*"abcde", "a", *"abcdefg"]
    assert set(ran.outcomes[PATH]) == {"changed"}


@pytest.mark.parametrize("answer", ["known", "known, never"])
def test_what_is_no_transient_failure_begins_the_count_anew(run: Run, calls: Calls, answer: str) -> None:
    run(flow(), leads(*"abcd", answer, *"efgh", "i", "j"), steps=STEPS)
    assert calls("service") == [*"abcd", answer, *"efghi"]


def test_an_answer_from_the_memo_is_no_call(run: Run, calls: Calls) -> None:
    rows = leads("known", *"abc", "known", *"def")
    run(flow(), rows, steps=STEPS, batch_size=4)
    assert calls("service") == ["known", *"abcde"], "the known one in between has not brought it up, nor was it asked"


def test_it_stays_down_across_batches_and_is_probed_in_each(run: Run, calls: Calls) -> None:
    ran = run(flow(), leads(*"abcdefghi"), steps=STEPS, batch_size=3)
    assert calls("service") == [*"abc", *"de", "g"]
    assert ran.outcomes[PATH][6:] == ["failed:timeout", "failed:provider_down", "failed:provider_down"]


def test_other_steps_are_other_providers(run: Run, calls: Calls) -> None:
    other = ", {use: probe.other, reads: {value: note}}]"
    run(flow()[:-1] + other, [{**lead, "note": "n" + lead["id"]} for lead in SEVEN], steps=STEPS)
    assert len(calls("other")) == 7


def test_two_entries_with_one_step_have_one_provider(run: Run, calls: Calls) -> None:
    run(
        """
        defaults: {on_fail: continue, retry: {transient: {attempts: 1}}}
        flow:
          - {use: probe.service, reads: {value: country}}
          - {use: probe.service, reads: {value: country}}
        """,
        SEVEN,
        steps=STEPS,
    )
    assert calls("service") == [*"abcde", "a"]


def test_one_step_with_other_options_is_another_provider(run: Run, calls: Calls) -> None:
    run(
        """
        defaults: {on_fail: continue, retry: {transient: {attempts: 1}}}
        flow:
          - {use: probe.service, reads: {value: country}}
          - {use: probe.service, reads: {value: country}, with: {up_after: 998}}
        """,
        SEVEN,
        steps=STEPS,
    )
    assert calls("service") == [*"abcde", *"abcde"]


def test_the_limit_can_be_told(run: Run, calls: Calls) -> None:
    run(flow(), SEVEN, steps=STEPS, given=given(2))
    assert calls("service") == ["a", "b"]


def test_a_lead_nobody_asked_about_is_tried_again_where_its_code_is_one_of_those(run: Run) -> None:
    codes = "on: [timeout], transient"
    ran = run(flow(3).replace("transient", codes, 1), SEVEN, steps=STEPS)
    assert [row["attempts"] for row in ran.quarantine] == [3, *[2] * 4, 1, 1]


def test_of_a_batch_step_the_call_counts_and_not_the_leads_in_it(run: Run, calls: Calls) -> None:
    flow = "flow: [{use: probe.some, retry: {transient: {attempts: 2}}}]"
    ran = run(flow, leads(*["bad"] * 6), steps=STEPS, given=(here := given(2)), batch_size=3)
    assert calls("some") == [["bad"] * 3] * 4, "the first call of a round is always made"
    assert here.providers.is_down(digest(ran))


def test_one_answer_in_a_frame_brings_a_batch_step_up(run: Run) -> None:
    flow = "flow: [{use: probe.some, retry: {transient: {attempts: 1}}}]"
    ran = run(flow, leads("bad", "bad", "bad", "good"), steps=STEPS, given=(here := given(1)), batch_size=2)
    assert not here.providers.is_down(digest(ran))


def test_a_batch_that_is_parted_is_asked_no_further_when_its_provider_is_down(run: Run, calls: Calls) -> None:
    flow = "flow: [{use: probe.frames, retry: {transient: {attempts: 1}}}]"
    ran = run(flow, leads("a", "b"), steps=STEPS, given=given(1))
    assert calls("frames") == [["a", "b"], ["a"]]
    assert ran.outcomes["nightly > probe.frames"] == ["failed:timeout", "failed:provider_down"]
