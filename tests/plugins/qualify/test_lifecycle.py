"""`qualify.lifecycle`: stages, stamps, counters, reasons, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lustrum.testing import StepRun, run_campaign, run_step
from lustrum.words.errors import ProjectError
from lustrum.words.fields import FieldType
from lustrum_plugins.qualify.lifecycle import lifecycle

NOW = datetime(2026, 1, 31, 3, tzinfo=UTC)
THEN = datetime(2025, 6, 1, tzinfo=UTC)
KNOWN: dict[str, Any] = {"name": "Known"}
ENGAGED: dict[str, Any] = {"name": "Engaged", "when": "score >= 20", "stamp": "engaged_at", "counter": "engagements"}
MQL: dict[str, Any] = {
    "name": "MQL",
    "when": {"score": {"at least": "100"}},
    "reason": "score at least 100",
    "stamp": "mql_at",
    "first": "first_mql_at",
    "counter": "mqls",
}
NURTURE: dict[str, Any] = {
    "to": "Nurture",
    "when": "verdict = 'sent back'",
    "from": ["MQL"],
    "reason": "sent back",
    "stamp": "back_at",
}
BACK: dict[str, Any] = {"to": "Engaged", "when": "score < 1"}
COMPETITOR: dict[str, Any] = {"to": "Disqualified", "when": {"company": "is Acme"}, "reason": "competitor"}
OPTIONS: dict[str, Any] = {
    "at": "2026-01-31T03:00:00+00:00",
    "stages": [KNOWN, ENGAGED, MQL],
    "recycle": [COMPETITOR, NURTURE],
}


def run(*rows: dict[str, Any], **options: Any) -> StepRun:
    empty = {"stage": None, "score": 0, "company": None, "verdict": None}
    return run_step(lifecycle, [{**empty, **row} for row in rows], options={**OPTIONS, **options})


def one(**row: Any) -> dict[str, Any]:
    return run(row).leads[0]


def refusal(**options: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        lifecycle.options.validate({**OPTIONS, **options})
    return str(caught.value)


def test_a_lead_passes_several_stages_at_once_each_with_its_marks() -> None:
    lead = one(score=120)
    assert lead["stage"] == "MQL"
    assert (lead["engaged_at"], lead["mql_at"], lead["first_mql_at"]) == (NOW, NOW, NOW)
    assert (lead["engagements"], lead["mqls"], lead["back_at"]) == (1, 1, None)


def test_a_stage_that_is_passed_over_leaves_no_mark() -> None:
    said = run({"stage": "Known", "score": 100}, stages=[KNOWN, {**ENGAGED, "when": "score < 50"}, MQL], recycle=[])
    assert said.leads[0]["stage"] == "MQL"
    assert (said.leads[0]["engaged_at"], said.leads[0]["engagements"]) == (None, None)


def test_a_lead_that_falls_short_stays_where_it_is() -> None:
    lead = one(stage="MQL", score=3, mqls=2, mql_at=THEN)
    assert (lead["stage"], lead["mqls"], lead["mql_at"]) == ("MQL", 2, THEN)


def test_a_lead_that_qualifies_again_is_counted_and_stamped_again_and_its_first_time_stays() -> None:
    lead = one(stage="Nurture", score=150, mqls=1, mql_at=THEN, first_mql_at=THEN, engagements=1)
    assert (lead["stage"], lead["mqls"], lead["mql_at"], lead["first_mql_at"]) == ("MQL", 2, NOW, THEN)
    assert lead["engagements"] == 1


def test_a_lead_that_is_sent_back_is_stamped_by_the_rule() -> None:
    lead = one(stage="MQL", score=150, verdict="sent back", mqls=1)
    assert (lead["stage"], lead["back_at"], lead["mqls"]) == ("Nurture", NOW, 1)


def test_a_lead_that_is_taken_back_to_a_stage_gets_the_marks_of_both() -> None:
    rule = {"to": "Engaged", "when": "verdict = 'sent back'", "stamp": "back_at", "counter": "returns"}
    said = run({"stage": "MQL", "score": 150, "verdict": "sent back", "engagements": 3}, recycle=[rule])
    assert said.leads[0]["stage"] == "Engaged"
    assert (said.leads[0]["engagements"], said.leads[0]["returns"], said.leads[0]["back_at"]) == (4, 1, NOW)


def test_stages_may_share_a_field() -> None:
    marks = {"stamp": "moved_at", "counter": "moves"}
    stages = [{**KNOWN, **marks}, {"name": "MQL", "when": "score >= 100", **marks}]
    rows: list[dict[str, Any]] = [
        {"score": 100},
        {"score": 1, "moves": 7},
        {"stage": "Known", "moved_at": THEN, "moves": 1},
    ]
    said = run(*rows, stages=stages, recycle=[])
    assert [(lead["moved_at"], lead["moves"]) for lead in said.leads] == [(NOW, 2), (NOW, 8), (THEN, 1)]


def test_every_move_says_why() -> None:
    said = run({"score": 120}, {"company": "acme"}, {"stage": "MQL", "verdict": "sent back"}, {"stage": "known"})
    stages = said.result.trail.filter(said.result.trail["field"] == "stage")
    assert stages["reason"].to_list() == [
        "(none) → Known: the first stage; Known → Engaged: score >= 20; Engaged → MQL: score at least 100",
        "(none) → Disqualified: competitor",
        "MQL → Nurture: sent back",
        "written as declared",
    ]
    assert said.result.trail["reason"].null_count() == 0


def test_a_stage_that_nobody_knows_is_a_failure_and_nothing_is_written() -> None:
    said = run({"stage": "Engagd", "score": 120}, {"stage": "Lost", "score": 120})
    assert said.outcomes == ["failed:unknown_stage"] * 2
    assert [lead["mqls"] for lead in said.leads] == [None, None]
    messages = said.result.quarantine["message"].unique(maintain_order=True).to_list()
    assert messages[0] == '"Engagd" is no stage of this lifecycle; did you mean "Engaged"?'
    assert messages[1] == '"Lost" is no stage of this lifecycle; it has: Known, Engaged, MQL, Disqualified, Nurture'


def test_an_empty_stage_is_none_however_it_is_empty() -> None:
    assert [lead["stage"] for lead in run({"stage": "  "}, {"stage": ""}).leads] == ["Known", "Known"]


def test_a_condition_may_ask_for_the_time() -> None:
    stages = [KNOWN, {"name": "Active", "when": {"seen": "in past 90 days"}}]
    recycle = [{"to": "Asleep", "when": "seen < now() - INTERVAL 90 DAY"}]
    rows: list[dict[str, Any]] = [{"seen": datetime(2026, 1, 1, tzinfo=UTC)}, {"seen": THEN}, {"seen": None}]
    assert [lead["stage"] for lead in run(*rows, stages=stages, recycle=recycle).leads] == ["Active", "Asleep", "Known"]


@pytest.mark.parametrize(
    ("at", "stamp"),
    [
        ("2026-01-31T04:00:00+01:00", NOW),
        ("2026-01-31T03:00:00Z", NOW),
        ("2026-01-31T03:00:00", NOW),
        (" 2026-01-31 ", datetime(2026, 1, 31, tzinfo=UTC)),
        (NOW, NOW),
    ],
)
def test_the_time_may_have_a_zone_and_may_be_a_day(at: object, stamp: datetime) -> None:
    assert run({"score": 100}, at=at).leads[0]["mql_at"] == stamp


def test_without_stamps_no_time_is_needed() -> None:
    stages = [KNOWN, {"name": "MQL", "when": "score >= 100", "counter": "mqls"}]
    assert run_step(lifecycle, [{"stage": None, "score": 100}], stages=stages).leads[0]["mqls"] == 1


def test_it_reads_and_writes_what_its_options_name() -> None:
    options = lifecycle.options.validate({**OPTIONS, "field": "Lead Stage"})
    time, number = FieldType.DATETIME, FieldType.INTEGER
    assert lifecycle.fields_written(options) == {
        "lead_stage": FieldType.TEXT,
        "engaged_at": time,
        "mql_at": time,
        "back_at": time,
        "first_mql_at": time,
        "engagements": number,
        "mqls": number,
    }
    written = lifecycle.fields_written(options) or {}
    assert lifecycle.fields_read(options) == dict.fromkeys([*written, "company", "score", "verdict"], True)
    assert not lifecycle.adds_up(options)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"at": None}, "stamps the time; say which"),
    ({"stages": []}, "at least 1 item"),
    ({"stages": [KNOWN, {"name": "MQL"}]}, "the stage MQL needs a condition, under when:"),
    ({"stages": [KNOWN, {"name": " known ", "when": "score > 1"}]}, "the stage Known stands there twice"),
    ({"stages": [{"name": " "}]}, "a stage has no name"),
    ({"stages": [{"name": ""}]}, "at least 1 character"),
    ({"stages": [KNOWN, {**MQL, "points": "7"}]}, "points"),
    ({"stages": [KNOWN, {**MQL, "when": "failed(score)"}]}, "asks for failures"),
    ({"stages": [KNOWN, {**MQL, "when": "mqls > 1"}]}, "a condition reads mqls, which this entry writes"),
    ({"stages": [KNOWN, {**MQL, "when": "stage = 'x'"}]}, "a condition reads stage, which this entry writes"),
    ({"stages": [KNOWN, {**MQL, "counter": "mql_at"}]}, "mql_at is written in two ways"),
    ({"stages": [KNOWN, {**MQL, "stamp": "Stage"}]}, "stage is written in two ways"),
    ({"recycle": [{**NURTURE, "when": "engagements > 1"}]}, "a condition reads engagements"),
    ({"recycle": [{**NURTURE, "counter": "first_mql_at"}]}, "first_mql_at is written in two ways"),
    ({"recycle": [{**NURTURE, "from": ["Lost"]}]}, "from: there is no stage Lost; there are Known,"),
    ({"recycle": [{**NURTURE, "from": []}]}, "at least 1 item"),
    ({"recycle": [{**BACK, "from": ["Known"]}]}, "Known does not stand beyond Engaged"),
    ({"recycle": [{**BACK, "from": ["engaged"]}]}, "engaged does not stand beyond Engaged"),
    ({"recycle": [{"to": "MQL", "when": "score < 1"}]}, "no stage stands beyond MQL"),
    ({"recycle": [{"to": "Nurture"}]}, "when"),
    ({"recycle": [{"to": " ", "when": "score < 1"}]}, "a stage has no name"),
    ({"at": "tomorrow"}, '"tomorrow" is no time; write at: "{{system.date_time}}"'),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_a_lifecycle_that_cannot_be_is_refused(options: dict[str, Any], message: str) -> None:
    assert message in refusal(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stages": [{**KNOWN, "first": "known_at"}]}, "Known stamps the time; say which, as at:"),
        ({"stages": [KNOWN, {"name": "New", "when": {"seen": "in past 9 days"}}]}, "asks for the time; say which"),
        ({"stages": [KNOWN], "recycle": [{**COMPETITOR, "stamp": "lost_at"}]}, "Disqualified stamps the time"),
    ],
)
def test_a_time_is_asked_for_where_one_is_needed(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        lifecycle.options.validate(options)
    assert message in str(caught.value)


_STAGES = st.sampled_from([None, "Known", "engaged", "MQL", "Nurture", "Disqualified", "Lost"])
_LEADS = st.fixed_dictionaries(
    {
        "stage": _STAGES,
        "score": st.sampled_from([None, 0, 50, 200]),
        "company": st.sampled_from([None, "Acme", "Foo"]),
        "verdict": st.sampled_from([None, "sent back"]),
        "mqls": st.sampled_from([None, 3]),
        "first_mql_at": st.sampled_from([None, THEN]),
    }
)


@settings(max_examples=60)
@given(leads=st.lists(_LEADS, min_size=1, max_size=8), later=st.booleans())
def test_on_its_own_output_it_changes_nothing(leads: list[dict[str, Any]], later: bool) -> None:
    back = {"to": "Engaged", "when": "score = 50", "counter": "returns"}
    options = {**OPTIONS, "recycle": [COMPETITOR, NURTURE, back]}
    types = {"score": 0, "company": "", "verdict": "", "stage": "", "mqls": 0, "first_mql_at": THEN}
    once = run_step(lifecycle, [*leads, types], options=options)
    again = run_step(lifecycle, once.leads, options={**options, "at": "2027-01-01"} if later else options)
    assert again.leads == once.leads
    assert again.result.trail.is_empty()


PROJECT = {
    "lustrum.yaml": """
leads: {from: leads.csv, to: out/leads.csv, key: id}
fields: {stage: text, score: integer, mqls: integer, mql_at: datetime}
""",
    "campaigns/nightly.yaml": """
campaign: nightly
kind: batch
my: {limit: "100"}
flow:
  - {use: change.score, with: {change: "+5"}}
  - use: qualify.lifecycle
    with:
      at: "{{system.date_time}}"
      stages:
        - {name: Known}
        - {name: MQL, when: "score >= '{{my.limit}}'", stamp: mql_at, counter: mqls}
""",
}


def test_a_lifecycle_in_a_campaign_takes_the_time_of_the_run_and_waits_for_what_it_reads() -> None:
    said = run_campaign(PROJECT, [{"id": "1", "score": "95"}, {"id": "2", "score": str(2**63 - 1)}])
    assert (said.leads[0]["stage"], said.leads[0]["mqls"], said.leads[0]["mql_at"]) == ("MQL", 1, NOW)
    assert said.outcomes["nightly > qualify.lifecycle"] == ["changed", "blocked"]


def test_a_field_of_the_wrong_type_is_found_at_load() -> None:
    wrong = {**PROJECT, "lustrum.yaml": PROJECT["lustrum.yaml"].replace("mql_at: datetime", "mql_at: text")}
    with pytest.raises(ProjectError, match=r"qualify\.lifecycle writes mql_at as datetime, and it is text"):
        run_campaign(wrong, [{"id": "1", "score": "95"}])


def test_a_condition_that_does_not_fit_the_types_is_found_at_load() -> None:
    wrong = {**PROJECT, "campaigns/nightly.yaml": PROJECT["campaigns/nightly.yaml"].replace("{{my.limit}}", "many")}
    with pytest.raises(ProjectError, match='stage "MQL": score is a whole number'):
        run_campaign(wrong, [{"id": "1", "score": "95"}])
