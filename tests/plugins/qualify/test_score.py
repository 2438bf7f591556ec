from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lustrum.testing import run_step
from lustrum.words.conditions import ConditionError, parse_condition
from lustrum.words.fields import FieldType
from lustrum_plugins.qualify.rules import Rule
from lustrum_plugins.qualify.score import score

EMEA = {"when": "country IN ('DE', 'IT')", "points": "20", "reason": "country in EMEA", "group": "fit"}
SENIOR = {"when": {"title": {"contains": "head"}}, "points": "10", "reason": "senior title"}
CAME_BACK = {"when": "visits >= 2", "points": "5", "reason": "came back", "group": "behaviour"}
FREE_MAIL = {"when": "email LIKE '%@gmail.com'", "points": "-10", "reason": "free mail"}

LEADS = pl.DataFrame(
    {
        "country": ["DE", "IT", "US", None],
        "title": ["Head of IT", None, "HEAD OF SALES", ""],
        "visits": [2, 1, None, 9],
        "email": ["ada@acme.example", "bob@gmail.com", "eve@gmail.com", None],
    }
)


def scored(leads: pl.DataFrame, *rules: dict[str, Any], **options: Any) -> list[tuple[Any, ...]]:
    frame = score(leads, **score.options.validate({"rules": list(rules), **options}))
    return frame.drop("_reason").rows()


def refusal(*rules: dict[str, Any], **options: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        score.options.validate({"rules": list(rules), **options})
    return str(caught.value)


def test_the_points_of_the_rules_that_hold_are_added_up() -> None:
    assert scored(LEADS, EMEA, SENIOR, CAME_BACK, FREE_MAIL) == [(35,), (10,), (0,), (5,)]


def test_the_reasons_stand_in_the_order_of_the_rules() -> None:
    assert [reasons for _, reasons in scored(LEADS, EMEA, FREE_MAIL, SENIOR, reasons="why")] == [
        "+20 country in EMEA; +10 senior title",
        "+20 country in EMEA; -10 free mail",
        "-10 free mail; +10 senior title",
        None,
    ]


def test_a_group_has_a_score_of_its_own() -> None:
    options = {"fit": "Fit Score", "behaviour": "behaviour_score"}
    assert score.options.validate({"rules": [EMEA], **options})["fit"] == "fit_score"
    assert scored(LEADS, EMEA, SENIOR, CAME_BACK, **options) == [(35, 20, 5), (20, 20, 0), (10, 0, 0), (5, 0, 5)]


def test_a_group_counts_up_to_its_maximum() -> None:
    options = {"fit": "fit", "behaviour": "behaviour", "fit_maximum": "15", "behaviour_maximum": "5", "reasons": "why"}
    rows = scored(LEADS, EMEA, SENIOR, CAME_BACK, **options)
    assert [row[:3] for row in rows] == [(30, 15, 5), (15, 15, 0), (10, 0, 0), (5, 0, 5)]
    assert rows[0][3] == "+20 country in EMEA; +10 senior title; +5 came back; fit limited to 15"


def test_a_group_may_have_a_maximum_without_a_field_of_its_own() -> None:
    assert scored(LEADS, EMEA, SENIOR, fit_maximum="5") == [(15,), (5,), (10,), (0,)]


def test_limits_hold_for_the_score_and_are_among_its_reasons() -> None:
    rows = scored(LEADS, EMEA, SENIOR, FREE_MAIL, minimum="5", maximum="25", reasons="why", fit="fit")
    assert [row[0] for row in rows] == [25, 10, 5, 5]
    assert [row[1] for row in rows] == [20, 20, 0, 0]
    assert rows[0][2] == "+20 country in EMEA; +10 senior title; limited to 25"
    assert rows[3][2] == "limited to 5"


def test_a_field_may_add_its_value_to_the_points() -> None:
    assert scored(LEADS, EMEA, add=["visits"], reasons="why") == [
        (22, "+20 country in EMEA; +2 visits"),
        (21, "+20 country in EMEA; +1 visits"),
        (0, None),
        (9, "+9 visits"),
    ]


def test_fields_add_up_without_any_rule() -> None:
    leads = pl.DataFrame({"behaviour_score": [45, -5, 0, None], "demographic_score": [20, None, 0, None]})
    assert scored(leads, add=["Behaviour Score", "demographic_score"], reasons="why") == [
        (65, "+45 behaviour_score; +20 demographic_score"),
        (-5, "-5 behaviour_score"),
        (0, None),
        (0, None),
    ]


def test_what_is_added_counts_before_the_limits_and_the_threshold() -> None:
    rows = scored(LEADS, EMEA, add=["visits"], maximum="21", threshold="21", qualified="mql", reasons="why")
    assert rows[0] == (21, "+20 country in EMEA; +2 visits; limited to 21; qualified: 21 reached", True)
    assert [row[2] for row in rows] == [True, True, False, False]
    assert [row[0] for row in scored(LEADS, EMEA, add=["visits"], minimum="5", fit_maximum="10")] == [12, 11, 5, 9]


def test_an_added_field_is_read_but_not_needed() -> None:
    options = score.options.validate({"rules": [EMEA], "add": ["Visits"]})
    assert score.fields_read(options) == {"country": False, "visits": False}


def test_an_added_field_that_is_no_whole_number_is_refused() -> None:
    options = score.options.validate({"add": ["title"]})
    with pytest.raises(ConditionError, match=r"title is text, .* under fields: \{title: integer\}"):
        score(LEADS, **options)


DEMO = {"when": {"title": {"contains": "sales"}}, "reason": "asked for a demo"}
COMPETITOR = {"when": "email LIKE '%@gmail.com'", "reason": "competitor"}


def decided(*rules: dict[str, Any], **options: Any) -> list[tuple[Any, ...]]:
    return scored(LEADS, *rules, qualified="mql", reasons="why", **options)


def test_a_score_of_the_threshold_qualifies() -> None:
    assert decided(EMEA, SENIOR, threshold="20") == [
        (30, "+20 country in EMEA; +10 senior title; qualified: 20 reached", True),
        (20, "+20 country in EMEA; qualified: 20 reached", True),
        (10, "+10 senior title", False),
        (0, None, False),
    ]


def test_the_threshold_is_held_against_the_limited_score() -> None:
    rows = scored(LEADS, EMEA, SENIOR, fit_maximum="5", threshold="20", qualified="mql")
    assert [row[1] for row in rows] == [False] * 4


def test_a_rule_may_qualify_at_once() -> None:
    assert decided(EMEA, auto=[DEMO], threshold="20")[1:3] == [
        (20, "+20 country in EMEA; qualified: 20 reached", True),
        (0, "qualified at once: asked for a demo", True),
    ]


def test_what_excludes_beats_everything_and_leaves_the_score() -> None:
    assert decided(EMEA, auto=[DEMO], exclude=[COMPETITOR], threshold="20") == [
        (20, "+20 country in EMEA; qualified: 20 reached", True),
        (20, "+20 country in EMEA; excluded: competitor", False),
        (0, "excluded: competitor", False),
        (0, None, False),
    ]


def test_every_rule_that_decides_is_named() -> None:
    twice = [DEMO, {"when": "country = 'US'", "reason": "our own list"}]
    assert decided(EMEA, auto=twice)[2][1] == "qualified at once: asked for a demo; qualified at once: our own list"


def test_qualified_is_true_or_false_for_every_lead() -> None:
    run = run_step(score, LEADS.to_dicts(), rules=[EMEA], qualified="mql", threshold=10)
    assert [lead["mql"] for lead in run.leads] == [True, True, False, False]
    assert run_step(score, run.leads, rules=[EMEA], qualified="mql", threshold=10).outcomes == ["unchanged"] * 4


def test_every_change_says_why_also_without_a_field_for_it() -> None:
    run = run_step(score, LEADS.to_dicts(), rules=[EMEA])
    assert run.result.trail["reason"].to_list() == ["+20 country in EMEA"] * 2 + ["no rule holds"] * 2


def test_rules_ask_fields_of_every_type() -> None:
    leads = pl.DataFrame(
        {
            "wants_mail": [True, False],
            "revenue": [1.5, 0.5],
            "met": [date(2024, 5, 1), date(2023, 5, 1)],
            "seen": [datetime(2024, 5, 1, tzinfo=UTC), None],
        },
        schema_overrides={"seen": FieldType.DATETIME.dtype},
    )
    asked = ("wants_mail", "revenue > 1", "met >= '2024-01-01'", "seen >= '2024-05-01T00:00:00'")
    rules = [{"when": when, "points": "1", "reason": when} for when in asked]
    assert scored(leads, *rules) == [(4,), (0,)]


def test_many_leads_that_say_the_same_are_scored_as_each_alone() -> None:
    many = pl.concat([LEADS, LEADS.with_columns(email=pl.lit("x@gmail.com"))] * 300)
    rules, options = (EMEA, SENIOR, CAME_BACK, FREE_MAIL), {"reasons": "why", "add": ["visits"]}
    alone = [row for lead in LEADS.iter_slices(1) for row in scored(lead, *rules, **options)]
    told = scored(many, *rules, **options)
    assert told[:4] == alone
    assert told == told[:8] * 300


def test_a_batch_without_leads_has_no_scores() -> None:
    assert scored(LEADS.clear(), EMEA, reasons="why") == []


def test_scores_are_integers_and_reasons_text() -> None:
    options = score.options.validate({"rules": [EMEA], "reasons": "why", "fit": "fit", "behaviour": "behaviour"})
    types = {"score": pl.Int64, "fit": pl.Int64, "behaviour": pl.Int64, "why": pl.String, "_reason": pl.String}
    assert score(LEADS, **options).schema == types


def test_it_reads_what_the_rules_read_and_writes_what_the_options_name() -> None:
    options = score.options.validate({"rules": [EMEA, SENIOR], "field": "Lead Score", "reasons": "Why"})
    assert score.fields_read(options) == {"country": False, "title": False}
    assert score.fields_written(options) == {"lead_score": FieldType.INTEGER, "why": FieldType.TEXT}
    assert not score.adds_up(options)


def test_a_condition_that_does_not_fit_the_types_is_refused() -> None:
    wrong = {"when": "visits = 'many'", "points": "1", "reason": "visits"}
    options = score.options.validate({"rules": [EMEA, wrong], "reasons": "why"})
    with pytest.raises(ConditionError, match="visits is a whole number, 'many' is text"):
        score(LEADS, **options)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"when": "created_at > now()"}, "asks for the time, and a score is the same at any time"),
        ({"when": {"created_at": "in past 30 days"}}, "ask it in the `when:` or a choice of the entry"),
        ({"when": "NOT (LOWER(country) = 'de' OR created_at > now())"}, "asks for the time"),
        ({"when": "failed(country)"}, "failed(country) asks for failures"),
        ({"when": "country = "}, "country = "),
        ({"when": {"country": {"resembles": "DE"}}}, "resembles"),
        ({"when": "score > 10"}, "a rule reads score, which this entry writes"),
        ({"points": "many"}, "valid integer"),
        ({"points": "1.5"}, "valid integer"),
        ({"points": "1000001"}, "less than or equal to 1000000"),
        ({"reason": ""}, "at least 1 character"),
        ({"group": "size"}, "'fit' or 'behaviour'"),
        ({"weight": "2"}, "weight"),
        ({"when": {"had interesting moment": {"type": "is Web"}}}, "asks for more than the fields of a lead"),
        ({"when": {"member of smart list": "emea"}}, 'there is no smart list "emea"'),
        ({"when": "country = '{{trigger.name}}'"}, "asks for more than the fields of a lead"),
    ],
)
def test_a_wrong_rule_is_found_when_the_project_is_loaded(rule: dict[str, Any], message: str) -> None:
    assert message in refusal({**EMEA, **rule})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"minimum": "10", "maximum": "5"}, "the maximum 5 is below the minimum 10"),
        ({"reasons": "Score"}, "score is written by another option of this entry already"),
        ({"fit": "points", "behaviour": "points"}, "points is written by another option of this entry already"),
        ({"reasons": "country"}, "a rule reads country, which this entry writes"),
        ({"threshold": "10"}, "threshold decides who is qualified; name the field that says so, under qualified:"),
        ({"exclude": [COMPETITOR]}, "exclude decides who is qualified"),
        ({"add": ["score"]}, "score is written by this entry; a score is computed from other fields"),
        ({"add": ["behaviour_score"], "behaviour": "behaviour_score"}, "behaviour_score is written by this entry"),
        ({"add": ["visits", "Visits"]}, "visits is named twice, and would count twice"),
        ({"qualified": "mql"}, "nothing qualifies a lead; give a threshold:, or rules under auto:"),
        ({"qualified": "mql", "exclude": [COMPETITOR]}, "nothing qualifies a lead"),
        ({"qualified": "mql", "threshold": "50", "maximum": "40"}, "the threshold 50 is above the maximum 40"),
        ({"qualified": "title", "auto": [DEMO]}, "a rule reads title, which this entry writes"),
        ({"qualified": "mql", "auto": [{**DEMO, "points": "5"}]}, "points"),
        ({"qualified": "mql", "auto": [{**DEMO, "reason": ""}]}, "at least 1 character"),
        ({"qualified": "mql", "auto": [{**DEMO, "when": "created_at > now()"}]}, "asks for the time"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any], message: str) -> None:
    assert message in refusal(EMEA, **options)


def test_a_verdict_that_does_not_fit_the_types_is_refused() -> None:
    wrong = {"when": "visits = 'many'", "reason": "visits"}
    options = score.options.validate({"rules": [EMEA], "qualified": "mql", "auto": [wrong]})
    with pytest.raises(ConditionError, match='rule "visits": visits is a whole number'):
        score(LEADS, **options)


def test_a_score_without_rules_is_refused() -> None:
    assert "nothing gives points; write rules:, or name fields under add:" in refusal()
    with pytest.raises(ValidationError, match="nothing gives points"):
        score.options.validate({})


def test_a_rule_may_be_made_in_python_too() -> None:
    rule = Rule(parse_condition("country = 'DE'"), 7, "country")
    options = score.options.validate({"rules": [rule]})
    assert score(LEADS, **options)["score"].to_list() == [7, 0, 0, 0]


def test_the_options_have_a_schema() -> None:
    assert {"rules", "field", "reasons"} <= set(score.options.schema()["properties"])


_NUMBERS = st.lists(st.integers(-50, 50) | st.none(), max_size=20)
_RULES = st.lists(st.tuples(st.integers(-50, 50), st.integers(-100, 100)), min_size=1, max_size=5)


@given(visits=_NUMBERS, limits=_RULES, cut=st.integers(0, 20))
def test_a_score_is_the_sum_of_its_rules_whatever_the_batch(
    visits: list[int | None], limits: list[tuple[int, int]], cut: int
) -> None:
    leads = pl.DataFrame({"visits": visits}, schema={"visits": pl.Int64})
    rules = [{"when": f"visits >= {limit}", "points": points, "reason": "visits"} for limit, points in limits]
    expected = [(sum(p for limit, p in limits if visit is not None and visit >= limit),) for visit in visits]
    assert scored(leads, *rules) == expected
    assert scored(leads.head(cut), *rules) + scored(leads.slice(cut), *rules) == expected


def test_a_rule_may_ask_for_a_smart_list_of_the_project() -> None:
    rule = {"when": {"member of smart list": "emea"}, "points": "7", "reason": "our market"}
    context = {"smart_lists": {"emea": "country IN ('DE', '{{my.other}}')"}, "tokens": {"my": {"other": "IT"}}}
    options = score.options.validate({"rules": [rule]}, context)
    assert score(LEADS, **options)["score"].to_list() == [7, 7, 0, 0]
    assert score.fields_read(options) == {"country": False}


def test_a_field_that_may_exclude_is_needed() -> None:
    options = score.options.validate({"rules": [EMEA], "qualified": "mql", "auto": [DEMO], "exclude": [COMPETITOR]})
    assert score.fields_read(options) == {"country": False, "email": True, "title": False}
