"""Filters in the structured spelling: what happened to a lead and what it is a member of."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.conditions import ConditionError, parse_condition, parse_constraints

MOMENT = "had interesting moment"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ({MOMENT: "any"}, "count('had interesting moment') >= 1"),
        ({MOMENT: None}, "count('had interesting moment') >= 1"),
        ({MOMENT: {}}, "count('had interesting moment') >= 1"),
        ({"Had_Interesting-Moment": " Any "}, "count('had interesting moment') >= 1"),
        ({"not had interesting moment": "any"}, "NOT (count('had interesting moment') >= 1)"),
        (
            {MOMENT: {"type": "is Milestone", "Description": {"contains": ["a", "b"]}}},
            "count('had interesting moment' WHERE (type COLLATE NOCASE = 'Milestone') IS TRUE"
            " AND (description ILIKE '%a%' OR description ILIKE '%b%') IS TRUE) >= 1",
        ),
        (
            {MOMENT: {"Date of Activity": "in past 30 days", "Times": "at least 2"}},
            "count('had interesting moment' WHERE"
            " (date_of_activity BETWEEN now() - INTERVAL 30 DAY AND now()) IS TRUE) >= 2",
        ),
        (
            {"data value changed": {"attribute": "is Country", "new value": "is not empty"}},
            "count('data value changed' WHERE (attribute COLLATE NOCASE = 'Country') IS TRUE"
            " AND new_value IS NOT NULL) >= 1",
        ),
        (
            {"data value changed": {"attribute": "not in Lead Source, country"}},
            "count('data value changed' WHERE"
            " (attribute COLLATE NOCASE IN ('Lead Source', 'lead_source', 'country')) IS NOT TRUE) >= 1",
        ),
        (
            {"data value changed": {"attribute": "contains Lead Source"}},
            "count('data value changed' WHERE (attribute ILIKE '%Lead Source%') IS TRUE) >= 1",
        ),
        (
            {"data value changed": {"attribute": "is {{my.field}}"}},
            "count('data value changed' WHERE (attribute COLLATE NOCASE = '{{my.field}}') IS TRUE) >= 1",
        ),
        (
            {"data value changed": {"attribute": {"in": ["Lead Source", "{{my.field}}"]}}},
            "count('data value changed' WHERE"
            " (attribute COLLATE NOCASE IN ('Lead Source', 'lead_source', '{{my.field}}')) IS TRUE) >= 1",
        ),
        ({"Progression Status was Changed": "any"}, "count('program status was changed') >= 1"),
        ({"had activity": "Visit Webpage"}, "count('visited web page') >= 1"),
        ({"had activity": {"activity": "1"}}, "count('visited web page') >= 1"),
        (
            {"not had activity": {"Activity": "Product Tried", "plan": "is Pro", "times": "exactly 3"}},
            "NOT (count('product tried' WHERE (plan COLLATE NOCASE = 'Pro') IS TRUE) = 3)",
        ),
        (
            {"had activity": {"activity": ["open email", "click email"], "times": 2}},
            "count('email was opened') = 2 OR count('clicked link in email') = 2",
        ),
        ({"member of list": "hot"}, "list_hot IS TRUE"),
        ({"Member of List": "Needs-Review"}, "list_needs_review IS TRUE"),
        ({"not member of list": "hot"}, "list_hot IS NOT TRUE"),
        ({"member of list": ["hot", "needs review"]}, "list_hot IS TRUE OR list_needs_review IS TRUE"),
        ({"not member of list": ["hot", "cold"]}, "NOT (list_hot IS TRUE OR list_cold IS TRUE)"),
        ({"member of program": "webinar"}, "status_webinar IS NOT NULL"),
        ({"not member of program": "webinar"}, "status_webinar IS NULL"),
        ({"member of program": ["a", "b"]}, "status_a IS NOT NULL OR status_b IS NOT NULL"),
        ({"member of program": {"program": "webinar"}}, "status_webinar IS NOT NULL"),
        (
            {"member of program": {"Program": "webinar", "Status": "is not Attended"}},
            "status_webinar IS NOT NULL AND (status_webinar COLLATE NOCASE = 'Attended') IS NOT TRUE",
        ),
        (
            {"not member of program": {"program": ["a", "b"], "status": {"in": ["X", "Y"]}}},
            "NOT ((status_a IS NOT NULL AND (status_a COLLATE NOCASE IN ('X', 'Y')) IS TRUE)"
            " OR (status_b IS NOT NULL AND (status_b COLLATE NOCASE IN ('X', 'Y')) IS TRUE))",
        ),
        (
            {"member of campaign": "Nightly"},
            "count('campaign was executed' WHERE (campaign COLLATE NOCASE = 'Nightly') IS TRUE) >= 1",
        ),
        (
            {"not member of smart campaign": ["a", "b"]},
            "NOT (count('campaign was executed' WHERE (campaign COLLATE NOCASE IN ('a', 'b')) IS TRUE) >= 1)",
        ),
        ({"member of smart list": "needs-country"}, "smart_list('needs-country')"),
        ({"member of smart list": "In Trial, Europe"}, "smart_list('In Trial, Europe')"),
        ({"not member of smart list": ["a", "b"]}, "NOT (smart_list('a') OR smart_list('b'))"),
        ({"not interested": "is true"}, "not_interested IS TRUE"),
        ({"member of the board": "is true"}, "member_of_the_board IS TRUE"),
    ],
)
def test_a_filter_becomes_a_leaf_of_the_tree(written: object, text: str) -> None:
    assert str(parse_condition(written)) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("at least 2", ">= 2"),
        ("At  most 2 times", "BETWEEN 0 AND 2"),
        ("exactly 1 time", "= 1"),
        ("is 0", "= 0"),
        ("0", "= 0"),
        (3, "= 3"),
        ("between 2 and 4", "BETWEEN 2 AND 4"),
        ("at least 0", ">= 0"),
        ({"at least": 2}, ">= 2"),
        ({"between": ["2", "4"]}, "BETWEEN 2 AND 4"),
    ],
)
def test_times_say_how_often(written: object, text: str) -> None:
    assert str(parse_condition({MOMENT: {"times": written}})) == f"count('had interesting moment') {text}".replace(
        "BETWEEN 0 AND", "<="
    )


@pytest.mark.parametrize(
    ("written", "path", "message"),
    [
        ({MOMENT: "is Milestone"}, (MOMENT,), "'is Milestone' is no constraint; write `any`"),
        ({MOMENT: ["x"]}, (MOMENT,), "is no constraint"),
        ({"email bounced": "is true"}, ("email bounced",), "a field of this name is asked about in SQL"),
        ({MOMENT: {5: "is x"}}, (MOMENT,), "the key 5 is no text"),
        ({MOMENT: {"type": "Milestone"}}, (MOMENT, "type"), 'write "is Milestone"'),
        ({MOMENT: {"type": {"iss": "x"}}}, (MOMENT, "type", "iss"), 'did you mean "is"'),
        ({MOMENT: {"type": ["x"]}}, (MOMENT, "type"), "is followed by"),
        ({MOMENT: {"type": "is {{lead.kind}}"}}, (MOMENT, "type"), r"\{\{lead.kind\}\} has no value where an activity"),
        ({MOMENT: {"type": {"in": ["x", "{{trigger.y}}"]}}}, (MOMENT, "type"), "here stand my, campaign and system"),
        ({MOMENT: {"type": "is {{leed.x}}"}}, (MOMENT, "type"), 'did you mean "lead"'),
        ({MOMENT: {"Times": "often"}}, (MOMENT, "Times"), "'often' is no number of times; write `at least 2`"),
        ({MOMENT: {"times": "between 2"}}, (MOMENT, "times"), "no number of times"),
        ({MOMENT: {"times": "at least 2 and 3"}}, (MOMENT, "times"), "no number of times"),
        ({MOMENT: {"times": "between 4 and 2"}}, (MOMENT, "times"), "write `between 2 and 4`"),
        ({MOMENT: {"times": {"at least": 1, "at most": 3}}}, (MOMENT, "times"), "no number of times"),
        (
            {"had activity": {"type": "is x"}},
            ("had activity",),
            "no activity is named; write `had activity: {activity:",
        ),
        ({"had activity": None}, ("had activity",), "nothing is no name"),
        ({"had activity": {"activity": {"is": "x"}}}, ("had activity", "activity"), "is no name"),
        ({"member of list": None}, ("member of list",), "nothing is no name"),
        ({"member of list": ""}, ("member of list",), "a name is missing"),
        ({"member of list": []}, ("member of list",), "a name is missing"),
        ({"member of list": ["a", None]}, ("member of list", 1), "nothing is no value"),
        ({"member of list": "{{my.list}}"}, ("member of list",), r'the name "\{\{my.list\}\}" has a token'),
        ({"member of program": {"status": "is x"}}, ("member of program",), "no program is named"),
        (
            {"member of program": {"program": "a", "statsu": "is x"}},
            ("member of program", "statsu"),
            'membership of a program has no "statsu"; did you mean "status"',
        ),
        (
            {"member of program": {"program": "a", "status": "Attended"}},
            ("member of program", "status"),
            'write "is Attended"',
        ),
        (
            {"has interesting moment": "any"},
            ("has interesting moment",),
            'no operator; is the filter "had interesting moment" meant.; write "is any"',
        ),
        (
            {"had interestng moment": {"type": "is x"}},
            ("had interestng moment", "type"),
            '"had interesting moment" meant',
        ),
        ({"not member of lists": "hot"}, ("not member of lists",), 'is the filter "not member of list" meant'),
    ],
)
def test_a_wrong_piece_is_named_with_its_path(written: object, path: tuple[str | int, ...], message: str) -> None:
    with pytest.raises(ConditionError, match=message) as caught:
        parse_condition([written])
    assert caught.value.path == (0, *path)


def test_constraints_of_a_trigger_are_read_alone() -> None:
    written = {"attribute": "is country", "new value": {"is not": ["DE", "AT"]}}
    condition = parse_constraints(written, ("on",))
    assert str(condition) == (
        "(attribute COLLATE NOCASE = 'country') IS TRUE AND (new_value COLLATE NOCASE IN ('DE', 'AT')) IS NOT TRUE"
    )
    assert parse_constraints({}) is None
    with pytest.raises(ConditionError, match="starts with no operator") as caught:
        parse_constraints({"attribute": "country"}, ("on",))
    assert caught.value.path == ("on", "attribute")


def test_attributes_are_no_fields_of_the_lead() -> None:
    condition = parse_condition([{MOMENT: {"type": "is x", "date of activity": "in past 1 day"}}, {"country": "is DE"}])
    assert condition.fields == {"country"}
    (asked,) = condition.activities
    assert asked.attributes == {"type"}


def test_every_filter_asked_is_collected_once() -> None:
    written = {"any": [{MOMENT: "any"}, {"none": [{MOMENT: None}]}, {"not data value changed": "any"}], "a": "is x"}
    assert {asked.type for asked in parse_condition(written).activities} == {MOMENT, "data value changed"}
    assert parse_condition({"a": "is x"}).activities == frozenset()


@pytest.mark.parametrize(
    ("name", "warnings"),
    [
        ("Product Tried", 0),
        ("visit webpage", 0),
        ("vist webpage", 1),
    ],
)
def test_a_type_that_is_nearly_marketos_is_warned_of(name: str, warnings: int) -> None:
    found = parse_condition({"not had activity": name}).warnings
    assert len(found) == warnings
    assert all('if it is none of yours either, write "visited web page"' in warning for warning in found)


KEYS = st.sampled_from([MOMENT, "had activity", "member of list", "member of program", "not member of smart list"])
WORDS = st.sampled_from(["any", "is x", "hot", "", "in a, b", "at least 2", "{{lead.x}}", "{{my.x}}"])
VALUES = st.recursive(
    WORDS | st.none() | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["activity", "times", "program", "status", "type"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=2))
def test_whatever_stands_at_a_filter_is_a_condition_or_a_condition_error(written: object) -> None:
    with contextlib.suppress(ConditionError):
        assert not parse_condition(written).may_be_null
