"""Waits: a short one is slept, a longer one parks the lead, which goes on in a later run where it stood."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from lustrum.engine.given import Given, NoWait
from lustrum.testing import CampaignRun
from lustrum.testing.steps import START
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

MARK = '''
@step("probe.mark")
def mark(log: str | None, *, text: str) -> str:
    """Note at the end of the log that one was here."""
    return (log or "") + text
'''


@pytest.fixture(params=[None, 1], ids=["one batch", "batches of one"])
def run(run: Run, request: pytest.FixtureRequest) -> Run:
    """Run in one batch and in batches of one lead: what is expected is the same."""
    return functools.partial(run, steps=MARK, batch_size=request.param)


def lead(**fields: Any) -> dict[str, Any]:
    return {"id": "1", "country": "US", "note": None, "log": None, **fields}


TWO = [lead(), lead(id="2", country="DE")]


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


def mark(text: str) -> str:
    return f"{{use: probe.mark, with: {{text: {text}}}}}"


def batch(**campaigns: str) -> dict[str, str]:
    """Write batch campaigns, each given without its first two lines."""
    return {f"campaigns/{name}.yaml": f"campaign: {name}\nkind: batch\n{text}" for name, text in campaigns.items()}


def project(text: str) -> dict[str, str]:
    return {"lustrum.yaml": f"leads: {{from: a.csv, to: a.csv, key: id}}\n{text}"}


def logs(ran: CampaignRun) -> list[Any]:
    return [each["log"] for each in ran.leads]


def dues(ran: CampaignRun) -> list[datetime | None]:
    """Give, for each lead, until when it waits."""
    found = dict(ran.result.parked.select("row", "due").rows())
    return [found.get(row) for row in range(len(ran.leads))]


def days(number: float) -> timedelta:
    return timedelta(days=number)


def history(*runs: CampaignRun, start: datetime, **options: Any) -> Given:
    """Give what the journal knows after some runs: the effects of all, and who the last one left parked."""
    effects = {key: at for ran in runs for key, at in ran.result.effects.select("effect", "at").rows()}
    last = runs[-1].result
    parked = last.parked.with_columns(last.keys.gather(last.parked["row"]).alias("key"))
    return Given(
        "later", start, effects=effects, parked=parked.select("key", "path", "effect", "due", "activity"), **options
    )


def later(run: Run, campaign: str, first: CampaignRun, after: timedelta, *runs: str, **options: Any) -> CampaignRun:
    """Run on the output of an applied run, so long after it."""
    start = START + after
    return run(campaign, first.leads, *runs, start=start, given=history(first, start=start), **options)


# How long


@pytest.mark.parametrize("wait", ["0 days", "2026-01-30", "2026-01-31", "2026-01-31T03:00:00Z", "2001-01-01"])
def test_a_time_that_is_past_or_a_wait_of_zero_is_no_wait(run: Run, wait: str) -> None:
    ran = run(flow(f"wait: {wait}", mark("a")), TWO)
    assert ran.outcomes["nightly > wait"] == ["unchanged", "unchanged"]
    assert logs(ran) == ["a", "a"]
    assert sum(ran.waits) == 0


@pytest.mark.parametrize("wait", ["1s", "20 seconds", "30s", "2026-01-31T03:00:30Z"])
def test_a_wait_of_up_to_30_seconds_is_slept(run: Run, wait: str) -> None:
    ran = run(flow(mark("a"), f"wait: {wait}", mark("b")), [lead()])
    assert ran.outcomes["nightly > wait"] == ["unchanged"]
    assert ran.waits == [1.0 if wait == "1s" else 20.0 if wait == "20 seconds" else 30.0]
    assert (logs(ran), dues(ran)) == (["ab"], [None])


def test_the_leads_of_a_batch_sleep_together(run: Run) -> None:
    rows = [lead(id=str(number)) for number in range(5)]
    ran = run(flow("{wait: 20s, when: id <> '3'}"), rows, batch_size=None)
    assert ran.waits == [20.0]


@pytest.mark.parametrize(
    ("wait", "due"),
    [
        ("31s", START + timedelta(seconds=31)),
        ("5m", START + timedelta(minutes=5)),
        ("3 days", START + days(3)),
        ("2 weeks", START + days(14)),
        ("1 month", START + days(30)),
        ("2026-12-24", datetime(2026, 12, 24, tzinfo=UTC)),
        ("2026-12-24T18:30:00Z", datetime(2026, 12, 24, 18, 30, tzinfo=UTC)),
        ("2026-12-24T18:30:00+02:00", datetime(2026, 12, 24, 16, 30, tzinfo=UTC)),
        ("2026-12-24 18:30", datetime(2026, 12, 24, 18, 30, tzinfo=UTC)),
    ],
)
def test_a_longer_wait_parks_the_lead(run: Run, wait: str, due: datetime) -> None:
    ran = run(flow(mark("a"), f"wait: {wait}", mark("b")), TWO)
    assert ran.outcomes["nightly > wait"] == ["skipped:parked"] * 2
    assert ran.outcomes["nightly > probe.mark-2"] == ["", ""]
    assert dues(ran) == [due, due]
    assert ran.result.parked["path"].unique().to_list() == ["nightly > wait"]
    assert logs(ran) == ["a", "a"], "what it did before stays"
    assert (sum(ran.waits), ran.quarantine) == (0, [])


@pytest.mark.parametrize(
    ("wait", "due"),
    [
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-02-01", datetime(2026, 1, 31, 23, tzinfo=UTC)),
        ("2026-07-01T12:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026-07-01T12:00Z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("3 days", START + days(3)),
    ],
)
def test_a_date_is_the_start_of_that_day_in_the_zone_of_the_project(run: Run, wait: str, due: datetime) -> None:
    berlin = START.astimezone(ZoneInfo("Europe/Berlin"))
    ran = run(flow(f"wait: {wait}"), [lead()], files=project("timezone: Europe/Berlin\n"), start=berlin)
    assert dues(ran) == [due]


def test_the_kit_runs_in_the_zone_of_the_project(run: Run) -> None:
    ran = run(flow("wait: 2026-07-01"), [lead()], files=project("timezone: Europe/Berlin\n"))
    assert dues(ran) == [datetime(2026, 6, 30, 22, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("zone", "day", "due"),
    [
        ("Africa/Cairo", "2026-04-24", datetime(2026, 4, 23, 22, tzinfo=UTC)),
        ("America/Havana", "2026-11-01", datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
    ids=["midnight does not exist", "midnight comes twice"],
)
@pytest.mark.parametrize("wait", ["DAY", "'{{lead.day}}'"])
def test_a_day_starts_where_the_clock_is_changed_at_midnight_too(
    run: Run, zone: str, day: str, due: datetime, wait: str
) -> None:
    files = project(f"timezone: {zone}\nfields: {{day: date}}\n")
    start = START.astimezone(ZoneInfo(zone))
    assert dues(run(flow(f"wait: {wait.replace('DAY', day)}"), [lead(day=day)], files=files, start=start)) == [due]


# Dates from tokens


def test_a_wait_may_end_at_a_date_of_the_lead(run: Run) -> None:
    files = project("fields: {trial_end: date}\n")
    rows = [lead(trial_end="2026-03-10"), lead(id="2", trial_end="2026-01-01"), lead(id="3", trial_end=None)]
    ran = run(flow('wait: "{{lead.trial_end - 3 days}}"', mark("a")), rows, files=files)
    assert ran.outcomes["nightly > wait"] == ["skipped:parked", "unchanged", "skipped:empty"]
    assert dues(ran) == [datetime(2026, 3, 7, tzinfo=UTC), None, None]
    assert logs(ran) == [None, "a", "a"]


@pytest.mark.parametrize(
    ("token", "due"),
    [
        ("{{lead.at}}", datetime(2026, 3, 10, 8, tzinfo=UTC)),
        ("{{lead.at + 2 hours}}", datetime(2026, 3, 10, 10, tzinfo=UTC)),
        ("{{lead.At}}", datetime(2026, 3, 10, 8, tzinfo=UTC)),
        ("{{my.launch}}", datetime(2026, 5, 1, tzinfo=UTC)),
        ("{{my.launch + 1 week}}", datetime(2026, 5, 8, tzinfo=UTC)),
        ("{{system.date + 2 days}}", datetime(2026, 2, 2, tzinfo=UTC)),
        ("{{lead.none:default=2026-05-02}}", datetime(2026, 5, 2, tzinfo=UTC)),
        ("{{lead.day}}T09:00Z", datetime(2026, 3, 11, 9, tzinfo=UTC)),
    ],
)
def test_a_text_with_tokens_renders_to_a_date_or_time(run: Run, token: str, due: datetime) -> None:
    files = project("fields: {at: datetime, day: date}\nmy: {launch: {type: date, value: 2026-05-01}}\n")
    row = lead(at="2026-03-10T08:00:00Z", day="2026-03-11", none=None)
    assert dues(run(flow(f'wait: "{token}"'), [row], files=files)) == [due]


def test_a_token_of_the_campaign_may_be_a_duration(run: Run) -> None:
    assert dues(run("my: {delay: 3 days}\n" + flow('wait: "{{my.delay}}"'), [lead()])) == [START + days(3)]


def test_a_text_that_is_no_date_has_failed_and_the_lead_goes_on(run: Run) -> None:
    rows = [lead(note="soon"), lead(id="2", note="2026-02-30"), lead(id="3", note="2026-03-01")]
    ran = run(flow('wait: "{{lead.note}}"', mark("a")), rows)
    assert ran.outcomes["nightly > wait"] == ["failed:no_date", "failed:no_date", "skipped:parked"]
    assert logs(ran) == ["a", "a", None]
    assert ran.quarantine == [], "a wait writes nothing"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize("token", ["{{lead.day}}", "{{lead.day - 3 days}}", "{{lead.day + 3 days}}"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_date_at_the_end_of_the_calendar_stops_nobody(run: Run, day: str, token: str, zone: str) -> None:
    """What databases write for *never* and *for ever*."""
    files = project(f"timezone: {zone}\nfields: {{day: date}}\n")
    start = START.astimezone(ZoneInfo(zone))
    rows = [lead(day=day), lead(id="2", day="2026-01-01")]
    ran = run(flow(f'wait: "{token}"', mark("a")), rows, files=files, start=start)
    assert ran.outcomes["nightly > wait"][0] in {"unchanged", "skipped:parked", "skipped:empty", "failed:no_date"}
    assert logs(ran)[1] == "a"


@pytest.mark.parametrize("wait", ["9999 years", "99999999 years"])
def test_a_wait_beyond_the_calendar_is_refused(run: Run, wait: str) -> None:
    with pytest.raises(ProjectError, match=r"campaigns/nightly\.yaml:4: "):
        run(flow(f"wait: {wait}"), TWO)


def test_a_wait_for_an_unsettled_date_is_blocked(run: Run) -> None:
    fails = "{use: probe.tidy, reads: {value: note}}"
    ran = run(flow(fails, 'wait: "{{lead.note}}"'), [lead(note="2026-03-01?"), lead(id="2", note="2026-03-01")])
    assert ran.outcomes["nightly > wait"] == ["blocked", "skipped:parked"]


# Who waits


def test_when_and_choices_say_who_waits(run: Run) -> None:
    rows = [lead(), lead(id="2", country="DE"), lead(id="3", country="FR")]
    ran = run(flow("{wait: 3 days, when: country = 'US'}", mark("a")), rows)
    assert ran.outcomes["nightly > wait"] == ["skipped:parked", "skipped:when", "skipped:when"]
    assert logs(ran) == [None, "a", "a"]
    entry = "{wait: 3 days, choices: [{when: country = 'FR'}, {when: country = 'DE'}, {otherwise: nothing}]}"
    chosen = run(flow(entry, mark("a")), rows)
    assert chosen.outcomes["nightly > wait"] == ["skipped:nothing", "skipped:parked", "skipped:parked"]
    assert logs(chosen) == ["a", None, None]


def test_a_parked_lead_leaves_this_campaign_and_goes_through_the_next(run: Run) -> None:
    ran = run(flow("wait: 3 days", mark("a")), TWO, "nightly", "second", files=batch(second=flow(mark("s"))))
    assert logs(ran) == ["s", "s"]


def test_what_it_requested_before_runs_all_the_same(run: Run) -> None:
    ran = run(flow("request: asked", "wait: 3 days", mark("a")), TWO, files=batch(asked=flow(mark("q"))))
    assert logs(ran) == ["q", "q"]


def test_a_parked_lead_counts_once_however_it_waits(run: Run) -> None:
    ran = run(flow("wait: 3 days", "wait: 4 days"), TWO)
    assert ran.result.parked["path"].to_list() == ["nightly > wait", "nightly > wait"]
    assert ran.outcomes["nightly > wait-2"] == ["", ""]


# Afterwards

WAITING = flow(mark("a"), "wait: 3 days", mark("b"))


def test_who_is_not_due_does_not_enter_the_campaign_anew(run: Run) -> None:
    first = run(WAITING, TWO)
    second = later(run, WAITING, first, days(2.9))
    assert (second.leads, second.changes) == (first.leads, [])
    said = second.result.details
    assert said.filter(said["path"] == "nightly").select("row", "outcome", "code").rows() == [
        (0, "skipped", "waiting"),
        (1, "skipped", "waiting"),
    ]


@pytest.mark.parametrize("after", [3, 3.5, 400])
def test_who_is_due_goes_on_with_the_entry_after_the_wait(run: Run, after: float) -> None:
    second = later(run, WAITING, run(WAITING, TWO), days(after))
    assert logs(second) == ["ab", "ab"]
    assert second.outcomes["nightly > probe.mark"] == ["", ""], "not through earlier entries"
    assert second.outcomes["nightly > probe.mark-2"] == ["changed", "changed"]
    assert dues(second) == [None, None]


def test_others_enter_the_campaign_beside_those_who_wait(run: Run) -> None:
    first = run(WAITING, [lead()])
    start = START + days(1)
    rows = [*first.leads, lead(id="2")]
    second = run(WAITING, rows, start=start, given=history(first, start=start))
    assert logs(second) == ["a", "a"]
    assert second.outcomes["nightly > wait"] == ["", "skipped:parked"]


@pytest.mark.parametrize("changed", [{"country": "FR"}, {"note": "x"}, {}])
def test_who_is_due_does_not_go_through_gate_and_qualification(run: Run, changed: Mapping[str, str]) -> None:
    campaign = "smart_list: country <> 'FR' AND note IS NULL\nqualification: once\n" + WAITING
    first = run(campaign, TWO)
    start = START + days(3)
    past = {("nightly", key): START for key in ("1", "2")}
    rows = [{**each, **changed} for each in first.leads]
    second = run(campaign, rows, start=start, given=history(first, start=start, qualified=past))
    assert logs(second) == ["ab", "ab"]


def test_who_waited_and_went_on_has_used_up_the_qualification(run: Run) -> None:
    campaign = "qualification: once\n" + WAITING
    first = run(campaign, [lead()])
    second = later(run, campaign, first, days(3))
    used = [*first.result.qualified["campaign"], *second.result.qualified["campaign"]]
    assert "nightly" in used


def test_changing_the_wait_does_not_change_it_for_who_waits_already(run: Run) -> None:
    first = run(WAITING, TWO)
    assert logs(later(run, WAITING.replace("3 days", "300 days"), first, days(3))) == ["ab", "ab"]
    assert logs(later(run, WAITING.replace("3 days", "1 day"), first, days(2))) == ["a", "a"]


def test_who_waits_where_no_wait_stands_any_more_enters_the_campaign_anew(run: Run) -> None:
    first = run(WAITING, TWO)
    assert logs(later(run, flow(mark("x"), mark("b")), first, days(1))) == ["axb", "axb"]


def test_a_lead_may_be_parked_again_further_down(run: Run) -> None:
    campaign = flow(mark("a"), "wait: 3 days", mark("b"), "wait: 3 days", mark("c"))
    first = run(campaign, TWO)
    second = later(run, campaign, first, days(3))
    assert (logs(second), dues(second)) == (["ab", "ab"], [START + days(6)] * 2)
    start = START + days(6)
    third = run(campaign, second.leads, start=start, given=history(first, second, start=start))
    assert logs(third) == ["abc", "abc"]


def test_a_short_wait_after_a_long_one_is_slept(run: Run) -> None:
    campaign = flow("wait: 3 days", "wait: 10s", mark("b"))
    clock, start = NoWait(), START + days(3)
    first = run(campaign, [lead()])
    second = run(campaign, first.leads, start=start, given=history(first, start=start, clock=clock))
    assert (clock.waits, logs(second)) == ([10.0], ["b"])


def test_the_last_entry_may_be_a_wait(run: Run) -> None:
    campaign = flow(mark("a"), "wait: 3 days")
    second = later(run, campaign, run(campaign, TWO), days(3))
    assert (logs(second), dues(second)) == (["a", "a"], [None, None])


def test_what_fails_after_a_wait_is_quarantined(run: Run) -> None:
    campaign = flow("wait: 3 days", "{use: probe.tidy, reads: {value: country}}")
    second = later(run, campaign, run(campaign, [lead(country="?")]), days(3))
    assert [(row["field"], row["path"]) for row in second.quarantine] == [("country", "nightly > probe.tidy")]


def test_a_request_after_a_wait_is_made(run: Run) -> None:
    campaign, files = flow("wait: 3 days", "request: asked"), batch(asked=flow(mark("q")))
    assert logs(later(run, campaign, run(campaign, TWO, files=files), days(3), files=files)) == ["q", "q"]


# Once


def waits_passed(ran: CampaignRun) -> list[tuple[int, str]]:
    effects = ran.result.effects
    return sorted(effects.filter(effects["kind"] == "wait").select("row", "path").rows())


def test_a_wait_is_an_effect_that_is_noted_when_it_has_been_passed(run: Run) -> None:
    first = run(WAITING, TWO)
    second = later(run, WAITING, first, days(3))
    assert waits_passed(first) == []
    assert waits_passed(second) == [(0, "nightly > wait"), (1, "nightly > wait")]
    assert sorted(second.result.effects["effect"]) == sorted(first.result.parked["effect"])


@pytest.mark.parametrize("wait", ["10s", "0 days", "2026-01-01"])
def test_a_wait_passed_at_once_is_noted_at_once(run: Run, wait: str) -> None:
    assert waits_passed(run(flow(f"wait: {wait}"), TWO)) == [(0, "nightly > wait"), (1, "nightly > wait")]


def test_who_has_passed_a_wait_does_not_wait_again(run: Run) -> None:
    first = run(WAITING, TWO)
    second = later(run, WAITING, first, days(3))
    start = START + days(4)
    third = run(WAITING, second.leads, start=start, given=history(first, second, start=start))
    assert third.outcomes["nightly > wait"] == ["skipped:already_done"] * 2
    assert logs(third) == ["abab", "abab"], "the lead goes on at once"


def test_a_short_wait_is_not_slept_again(run: Run) -> None:
    campaign = flow("wait: 10s", mark("b"))
    first = run(campaign, TWO)
    clock = NoWait()
    second = run(campaign, first.leads, given=history(first, start=START, clock=clock))
    assert second.outcomes["nightly > wait"] == ["skipped:already_done"] * 2
    assert clock.waits == []


@pytest.mark.parametrize(
    ("repeat", "after", "again"),
    [
        ("always", 4, True),
        ("every 30 days", 20, False),
        ("every 30 days", 40, True),
        ("once per 10 days", 8, False),
        ("once per 10 days", 20, True),
    ],
)
def test_repeat_loosens_once(run: Run, repeat: str, after: float, again: bool) -> None:
    campaign = flow(f"{{wait: 3 days, repeat: {repeat}}}", mark("b"))
    first = run(campaign, TWO)
    second = later(run, campaign, first, days(3))
    start = START + days(after)
    third = run(campaign, second.leads, start=start, given=history(first, second, start=start))
    assert logs(third) == (["b", "b"] if again else ["bb", "bb"])


def test_a_wait_until_another_date_is_another_wait(run: Run) -> None:
    """Its key has the fields that its text reads."""
    campaign = flow('wait: "{{lead.note}}"', mark("b"))
    first = run(campaign, [lead(note="2026-02-02")])
    second = later(run, campaign, first, days(3))
    start = START + days(4)
    known = history(first, second, start=start)
    assert logs(run(campaign, second.leads, start=start, given=known)) == ["bb"]
    moved = [{**each, "note": "2026-04-01"} for each in second.leads]
    third = run(campaign, moved, start=start, given=known)
    assert (logs(third), dues(third)) == (["b"], [datetime(2026, 4, 1, tzinfo=UTC)])


# In requested campaigns

ASKING = flow(mark("r"), "request: asked")
ASKED = batch(asked=flow(mark("a"), "wait: 3 days", mark("b")))


def test_a_wait_in_a_requested_campaign_parks_the_lead_there(run: Run) -> None:
    first = run(ASKING, TWO, files=ASKED)
    assert logs(first) == ["ra", "ra"]
    assert first.result.parked["path"].unique().to_list() == ["nightly > asked > wait"]


def test_it_goes_on_without_being_requested_again(run: Run) -> None:
    first = run(ASKING, TWO, files=ASKED)
    early = later(run, ASKING, first, days(2), files=ASKED)
    assert logs(early) == ["rar", "rar"], "the root campaign is not the one they wait in"
    second = later(run, ASKING, first, days(3), files=ASKED)
    assert second.outcomes["nightly > asked"] != ["unchanged", "unchanged"], "no new request"
    assert second.outcomes["nightly > asked > probe.mark-2"] == ["changed", "changed"]
    assert sorted(logs(second)[0]) == sorted("rarb")


def test_it_goes_on_where_the_root_campaign_no_longer_takes_the_lead(run: Run) -> None:
    gated = "smart_list: country = 'US'\n" + ASKING
    first = run(gated, [lead()], files=ASKED)
    start = START + days(3)
    moved = [{**each, "country": "FR"} for each in first.leads]
    second = run(gated, moved, start=start, given=history(first, start=start), files=ASKED)
    assert logs(second) == ["rab"]


def test_who_waits_in_a_requested_campaign_does_not_enter_it_anew(run: Run) -> None:
    asking = flow(mark("r"), "{request: asked, repeat: always}")
    first = run(asking, TWO, files=ASKED)
    second = later(run, asking, first, days(1), files=ASKED)
    assert logs(second) == ["rar", "rar"]
    assert second.outcomes["nightly > asked"] == ["skipped:waiting"] * 2


def test_two_requests_of_one_campaign_wait_each_for_itself(run: Run) -> None:
    asking = flow("request: asked", "request: asked")
    files = batch(asked=flow("wait: 3 days", mark("b")))
    first = run(asking, [lead()], files=files)
    assert sorted(first.result.parked["path"]) == ["nightly > asked > wait", "nightly > asked-2 > wait"]
    assert logs(later(run, asking, first, days(3), files=files)) == ["bb"]


def test_who_waits_in_one_campaign_and_is_due_in_another_goes_on_there(run: Run) -> None:
    campaign, files = flow("wait: 5 days", mark("n")), batch(second=flow("wait: 3 days", mark("s")))
    first = run(campaign, TWO, "nightly", "second", files=files)
    second = later(run, campaign, first, days(4), "nightly", "second", files=files)
    assert logs(second) == ["s", "s"]


def test_somebody_elses_wait_is_not_ours(run: Run) -> None:
    """Who is parked is told by key: leads that nobody knows do not trouble."""
    first = run(WAITING, TWO)
    start = START + days(3)
    second = run(WAITING, [lead(id="3")], start=start, given=history(first, start=start))
    assert second.outcomes["nightly > wait"] == ["skipped:parked"]


def test_an_empty_feed_of_parked_leads_has_its_columns() -> None:
    assert Given("r", START).parked.columns == ["key", "path", "effect", "due", "activity"]
    assert isinstance(Given("r", START).parked, pl.DataFrame)
