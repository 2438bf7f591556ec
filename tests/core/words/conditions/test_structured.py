from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.conditions import ConditionError, bind, compile_condition, parse_condition
from lustrum.words.conditions.operators import OPERATORS, Takes
from lustrum.words.fields import FieldType

Ask = Callable[..., list[bool | None]]

VALUES: dict[Takes, object] = {
    Takes.ONE: "2024-01-01",
    Takes.MANY: "2024-01-01",
    Takes.TWO: ["2024-01-01", "2024-02-01"],
    Takes.DURATION: "1 day",
    Takes.FRAME: "last week",
}
COUNTRIES = ["Germany", "GERMANY", "Österreich", "Côte d'Ivoire", "", None]


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("is germany", [True, True, False, False, False, False]),
        ("is not germany", [False, False, True, True, True, True]),
        ("is ÖSTERREICH", [False, False, True, False, False, False]),
        ("is Osterreich", [False, False, False, False, False, False]),
        ({"is": ["germany", "österreich"]}, [True, True, True, False, False, False]),
        ({"in": ["germany", "österreich"]}, [True, True, True, False, False, False]),
        ("in germany, österreich", [True, True, True, False, False, False]),
        ({"is not": ["germany", "österreich"]}, [False, False, False, True, True, True]),
        ("not in germany, österreich", [False, False, False, True, True, True]),
        ("contains MAN", [True, True, False, False, False, False]),
        ({"contains": ["man", "ivo"]}, [True, True, False, True, False, False]),
        ("not contains man", [False, False, True, True, True, True]),
        ({"not contains": ["man", "ivo"]}, [False, False, True, False, True, True]),
        ("starts with ös", [False, False, True, False, False, False]),
        ("not starts with ös", [True, True, False, True, True, True]),
        ("ends with ANY", [True, True, False, False, False, False]),
        ("not ends with any", [False, False, True, True, True, True]),
        ("is empty", [False, False, False, False, True, True]),
        ("is not empty", [True, True, True, True, False, False]),
        ({"is": ""}, [False, False, False, False, True, True]),
        ({"is not": ""}, [True, True, True, True, False, False]),
        ({"is": ["", "germany"]}, [True, True, False, False, True, True]),
        ({"is": "empty"}, [False, False, False, False, True, True]),
        ({"is not": "Empty"}, [True, True, True, True, False, False]),
        ({"is not": "Germany", "contains": "i"}, [False, False, True, True, False, False]),
    ],
)
def test_text_is_asked_ignoring_case_and_empty_meets_only_negatives(ask: Ask, asked: object, held: list[bool]) -> None:
    assert ask({"country": asked}, country=COUNTRIES) == held


def test_is_not_keeps_leads_whose_field_is_empty(ask: Ask) -> None:
    assert ask({"country": {"is not": "Antarctica"}}, country=["Germany", "Antarctica", "", None]) == [
        True,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("is 0", [True, False, False, False]),
        ({"is": 5}, [False, True, False, False]),
        ("is not 0", [False, True, True, True]),
        ("in 0, 5", [True, True, False, False]),
        ({"is": ["0", "5.5"]}, [True, False, False, False]),
        ("between 0 and 5", [True, True, False, False]),
        ({"between": [0, 4.5]}, [True, False, False, False]),
        ("greater than 0", [False, True, True, False]),
        ("less than 5", [True, False, False, False]),
        ("at least 5", [False, True, True, False]),
        ("at most 5", [True, True, False, False]),
        ("is empty", [False, False, False, True]),
    ],
)
def test_numbers_compare_as_numbers_and_an_empty_one_is_not_zero(ask: Ask, asked: object, held: list[bool]) -> None:
    assert ask({"score": asked}, score=[0, 5, 10, None]) == held


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("is 2024-06-14", [False, True, False, False]),
        ({"is": date(2024, 6, 14)}, [False, True, False, False]),
        ("before 2024-06-14", [True, False, False, False]),
        ("on or before 2024-06-14", [True, True, False, False]),
        ("after 2024-06-14", [False, False, True, False]),
        ("on or after 2024-06-14", [False, True, True, False]),
        ("between 2024-01-01 and 2024-06-14", [True, True, False, False]),
        ("in past 1 day", [False, True, False, False]),
        ("in past before 1 day", [True, False, False, False]),
        ("not in past 1 day", [True, False, True, True]),
        ("in future", [False, False, True, False]),
        ("in future 2 weeks", [False, False, False, False]),
        ("in future 3 weeks", [False, False, True, False]),
        ("not in future", [True, True, False, True]),
        ("not between 2024-01-01 and 2024-06-01", [False, True, True, True]),
        ("in time frame yesterday", [False, True, False, False]),
        ("in time frame last 2 quarters, next month", [True, False, True, False]),
        ({"in time frame": ["yesterday", "next month"]}, [False, True, True, False]),
        ("not in time frame (yesterday, next month)", [True, False, False, True]),
        ("in future after 2 weeks", [False, False, True, False]),
        ("in future after 3 weeks", [False, False, False, False]),
        ("is empty", [False, False, False, True]),
    ],
)
def test_dates_never_meet_an_empty_field(ask: Ask, days: Any, asked: object, held: list[bool]) -> None:
    assert ask({"born": asked}, born=days("2024-01-01", "2024-06-14", "2024-07-01", None)) == held


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("is 2024-06-14", [True, True, False, False]),
        ("before 2024-06-14", [False, False, False, False]),
        ("on or before 2024-06-14", [True, True, False, False]),
        ("after 2024-06-14", [False, False, True, False]),
        ("after 2024-06-14T10:00", [False, True, True, False]),
        ({"after": datetime(2024, 6, 14, 10)}, [False, True, True, False]),  # noqa: DTZ001  # as YAML gives it
        ("after 2024-06-14T10:00:00+02:00", [True, True, True, False]),
        ({"in": ["2024-06-14T09:00", "2024-06-15"]}, [True, False, True, False]),
        ("in past 1 day", [False, True, False, False]),
        ("in future", [False, False, True, False]),
        ("is not empty", [True, True, True, False]),
    ],
)
def test_a_time_meets_a_date_by_the_day(ask: Ask, times: Any, asked: object, held: list[bool]) -> None:
    created = times("2024-06-14T09:00", "2024-06-14T23:59", "2024-06-15T13:00", None)
    assert ask({"created_at": asked}, created_at=created) == held


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("is true", [True, False, False]),
        ("is false", [False, True, False]),
        ({"is": "yes"}, [True, False, False]),
        ({"is": True}, [True, False, False]),
        ({"is not": "true"}, [False, True, True]),
        ("is empty", [False, False, True]),
    ],
)
def test_an_empty_flag_is_neither_true_nor_false(ask: Ask, asked: object, held: list[bool]) -> None:
    condition: dict[str, object] = {"active": asked}
    assert ask(condition, active=[True, False, None]) == held
    assert parse_condition(condition).warnings == ()


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ({"all": [{"country": "is DE"}, {"score": "at least 5"}]}, [True, False, False, False]),
        ([{"country": "is DE"}, {"score": "at least 5"}], [True, False, False, False]),
        ({"country": "is DE", "score": "at least 5"}, [True, False, False, False]),
        ({"any": [{"country": "is DE"}, {"score": "at least 5"}]}, [True, True, True, False]),
        ({"none": [{"country": "is DE"}, {"score": "at least 5"}]}, [False, False, False, True]),
        ({"any": [{"country": "is DE"}], "none": [{"score": "at least 5"}]}, [False, True, False, False]),
        ({"none": [{"all": [{"country": "is DE"}, {"none": [{"score": "at least 5"}]}]}]}, [True, False, True, True]),
        (["country = 'DE'", {"score": "at least 5"}], [True, False, False, False]),
        ({"none": ["country = 'DE'"]}, [False, False, True, True]),
        ({"Any": ({"failed": "Country"}, {"Country": "is DE"})}, [True, True, False, True]),
    ],
)
def test_all_any_and_none_nest_and_none_keeps_the_empty(ask: Ask, written: object, held: list[bool]) -> None:
    flags = [False, False, False, True]
    assert ask(written, country=["DE", "DE", "IT", None], score=[5, None, 7, 0], failed_country=flags) == held


@pytest.mark.parametrize(
    ("structured", "sql"),
    [
        ({"country": "is empty"}, "country IS NULL"),
        ({"country": "is empty"}, "country = ''"),
        ({"Country": {"is not": ""}}, "country IS NOT NULL"),
        ({"score": "at least 5"}, "(score >= 5) IS TRUE"),
        ({"score": {"is not": "5"}}, "(score = 5) IS NOT TRUE"),
        ({"active": "is true"}, "active IS TRUE"),
        ({"active": "is false"}, "active IS FALSE"),
        ({"failed": "country"}, "failed(country)"),
        ({"title": "contains vp"}, "(title ILIKE '%vp%') IS TRUE"),
        ({"title": "not starts with 50%"}, r"(title ILIKE '50\%%' ESCAPE '\') IS NOT TRUE"),
        ({"born": "in past 30 days"}, "(born BETWEEN now() - INTERVAL 30 DAY AND now()) IS TRUE"),
        ({"any": [{"a": "is empty"}, {"b": "is empty"}]}, "a IS NULL OR b IS NULL"),
        ({"none": [{"a": "is empty"}]}, "a IS NOT NULL"),
        (["a IS NULL", {"all": ["b IS NULL", "c IS NULL"]}], "a IS NULL AND b IS NULL AND c IS NULL"),
    ],
)
def test_two_spellings_of_one_meaning_are_one_tree(structured: object, sql: str) -> None:
    assert str(parse_condition(structured)) == str(parse_condition(sql))


@pytest.mark.parametrize(
    ("one_line", "mapping"),
    [
        ("is Germany", {"is": "Germany"}),
        ("Is  NOT\tGermany", {"is_not": "Germany"}),
        ('is "Customer"', {"is": "Customer"}),
        ("is 'in Time'", {"is": "in Time"}),
        ("is not not a word", {"is not": "not a word"}),
        ("is -", {"is": "-"}),
        ("in [DE, IT]", {"in": ["DE", "IT"]}),
        ("in (DE, IT)", {"in": ["DE", "IT"]}),
        ("is [DE, IT]", {"is": ["DE", "IT"]}),
        ("""in "Korea, Republic of", 'x', O'Neil""", {"in": ["Korea, Republic of", "x", "O'Neil"]}),
        ("contains a, b", {"contains": "a, b"}),
        ("between 1 and 5", {"between": ["1", "5"]}),
        ("in past 30 days", {"in past": "30 days"}),
        ("greater-than 5", {"greater than": 5}),
    ],
)
def test_one_line_says_the_same_as_a_mapping(one_line: str, mapping: dict[str, object]) -> None:
    if one_line.startswith("greater-than"):
        one_line = one_line.replace("-", " ")
    assert parse_condition({"x": one_line}) == parse_condition({"x": mapping})


TITLES = ["VP, Sales", "Head  of-IT", "Head office", "Chef de l'été", "C++ / Go", "", None]


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ({"has word": ["CEO", "VP", "head of"]}, [True, True, False, False, False, False, False]),
        ("has word [CEO, VP, head of]", [True, True, False, False, False, False, False]),
        ("not has word [CEO, VP, head of]", [False, False, True, True, True, True, True]),
        ("has word ÉTÉ", [False, False, False, True, False, False, False]),
        ("has word et", [False, False, False, False, False, False, False]),
        ("has word vp sales", [True, False, False, False, False, False, False]),
        ("has word sales vp", [False, False, False, False, False, False, False]),
        ("has word c++", [False, False, False, False, True, False, False]),
        ("has word {{my.word}}", [False, True, True, False, False, False, False]),
        ("has word {{my.word}} of", [False, True, False, False, False, False, False]),
        ("has word {{lead.level}}", [True, True, False, False, False, False, False]),
        ("not has word {{lead.level}}", [False, False, True, True, True, True, True]),
        ("has word {{lead.level:default=go}}", [True, True, False, False, True, False, False]),
    ],
)
def test_a_word_is_asked_for_as_a_whole(asked: object, held: list[bool]) -> None:
    leads = pl.DataFrame({"title": TITLES, "level": ["vp", "OF: it", "hea", "&", None, "x", None]})
    condition = bind(parse_condition({"title": asked}), {"my": {"word": "Head"}})
    types = dict.fromkeys(leads.columns, FieldType.TEXT)
    asked_of = compile_condition(condition, types, datetime(2024, 6, 15, tzinfo=UTC))
    assert leads.select(asked_of.alias("held"))["held"].to_list() == held


def test_a_token_that_holds_no_word_is_refused_when_its_value_is_known() -> None:
    with pytest.raises(ConditionError, match='"-" has no word in it'):
        bind(parse_condition({"title": "has word {{my.x}}"}), {"my": {"x": "-"}})


def test_only_text_has_words(ask: Ask) -> None:
    with pytest.raises(ConditionError, match="score is a whole number; only text has words"):
        ask({"score": "has word 5"}, score=[5])


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            {"country": "is Germany, Italy"},
            'write is [Germany, Italy] if these are several, is "Germany, Italy" if not',
        ),
        ({"country": "is not Germany; Italy"}, "write is not [Germany, Italy]"),
        ({"country": "is Germany or Italy"}, "write is [Germany, Italy]"),
        ({"country": "contains a, b OR c"}, "write contains [a, b, c]"),
        ({"country": "not starts with a;b"}, "write not starts with [a, b]"),
        ({"country": "has word CTO, CEO"}, "write has word [CTO, CEO]"),
        ({"country": {"is": "USA;U.S."}}, 'write is: [USA, U.S.] if these are several, is: ["USA;U.S."] if not'),
        ({"none": [{"any": [{"country": "is A, B"}]}]}, "write is [A, B]"),
        ({"had interesting moment": {"description": "is A, B"}}, "write is [A, B]"),
    ],
)
def test_a_value_that_looks_like_several_is_warned_of(written: object, message: str) -> None:
    (warning,) = parse_condition(written).warnings
    assert message in warning


@pytest.mark.parametrize(
    "asked",
    [
        'is "Germany, Italy"',
        "is 'A or B'",
        "is [Germany, Italy]",
        "in Germany, Italy",
        {"is": ["Korea, Republic of"]},
        {"is": ["A, B", "C"]},
        {"in": ["A; B"]},
        "is 1,5",
        "is Oregon",
        "contains ;",
        "contains Smith, ",
        "is {{lead.first_name}}, {{lead.last_name}}",
    ],
)
def test_what_is_plainly_one_value_or_a_list_is_not(asked: object) -> None:
    assert parse_condition({"country": asked}).warnings == ()


def test_a_doubt_outlives_the_values_of_tokens_and_changes_no_condition() -> None:
    doubted = parse_condition({"country": "is A, B", "title": "is {{my.x}}"})
    assert bind(doubted, {"my": {"x": "y"}}).warnings == doubted.warnings != ()
    assert parse_condition({"country": "is A, B"}) == parse_condition({"country": 'is "A, B"'})


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_true_or_false_even_for_an_empty_lead(ask: Ask, operator: str) -> None:
    field = {"is true": "active", "is false": "active"}.get(operator, "born")
    if any(word in operator for word in ("with", "contains", "word")):
        field = "country"
    takes = OPERATORS[operator].takes
    asked: object = {operator: VALUES[takes]} if takes in VALUES else operator
    negative = OPERATORS[operator].negative or operator == "is empty"
    expected = not negative if operator == "is not empty" else negative
    assert ask({field: asked}, **{field: [None]}) == [expected]


@pytest.mark.parametrize(
    ("written", "path", "message"),
    [
        (None, (), "nothing is no condition"),
        (5, (), "5 is no condition"),
        (b"a = 1", (), "is no condition"),
        ({}, (), "there is no condition here"),
        ([], (), "there is no condition here"),
        ({"all": []}, ("all",), "there is no condition here"),
        ({"all": "x"}, ("all",), "here stands a list of conditions, not 'x'"),
        (
            {"any": [{"a": "is 1"}, {"b": "maybe"}]},
            ("any", 1, "b"),
            '"maybe" starts with no operator; write "is maybe"',
        ),
        ({"any": [{"none": [5]}]}, ("any", 0, "none", 0), "5 is no condition"),
        (["a = = 1"], (0,), "is no condition"),
        ([{"x": "is 1"}, "a IN (SELECT 1)"], (1,), "IN takes a list"),
        ({5: "is 1"}, (), "the key 5 is no text; conditions have no numbers; join them under all: or any:"),
        ({"1": {"country": "is DE"}}, ("1",), 'the key "1" is a number; conditions have no numbers'),
        ({"1": ["country = 'DE'"]}, ("1",), 'the key "1" is a number'),
        ({None: "is 1"}, (), "the key nothing is no text; write a list under all"),
        (["email is not empty"], (0,), r"goes under all: or any:, as in all: \[\{email: is not empty\}\]"),
        ({"any": ["email is not empty"]}, ("any", 0), "text in a list is SQL; in words it goes under all: or any:"),
        ({"form": "Contact us"}, ("form",), 'starts with no operator; write "is Contact us"'),
        ({"title": "has word &"}, ("title",), '"&" has no word in it, neither a letter nor a digit'),
        ({"title": {"has word": ""}}, ("title", "has word"), "write a word, or ask contains"),
        ({"?": "is 1"}, ("?",), "names no field"),
        ({"al": [{"a": "is 1"}]}, ("al",), 'did you mean "all"'),
        ({"country": ["DE"]}, ("country",), r"write `country: \{in: \[…\]\}`"),
        ({"country": None}, ("country",), '"country" is followed by nothing'),
        ({"country": {}}, ("country",), "is followed by"),
        ({"country": ""}, ("country",), "starts with no operator"),
        ({"country": ">= 5"}, ("country",), 'write "at least 5"'),
        ({"country": "="}, ("country",), 'write "is …"'),
        ({"country": "contians x"}, ("country",), 'did you mean "contains"'),
        (
            {"country": {"is nott": "x"}},
            ("country", "is nott"),
            'there is no operator "is nott"; did you mean "is not"',
        ),
        ({"country": {"!=": "x"}}, ("country", "!="), 'write "is not …"'),
        ({"country": {"zzz": "x"}}, ("country", "zzz"), "there are is, is not, in"),
        ({"country": {5: "x"}}, ("country",), "the operator 5 is no text"),
        ({"country": "is"}, ("country",), '"is" takes one value or a list; 0 stand here'),
        ({"country": {"in": []}}, ("country", "in"), "takes one value or a list"),
        ({"country": {"is": {"x": "y"}}}, ("country", "is"), "is no value"),
        ({"country": {"is": ["x", None]}}, ("country", "is", 1), "nothing is no value"),
        ({"country": "is empty handed"}, ("country",), '"is empty" takes no value; if the text is meant'),
        ({"country": {"is empty": "x"}}, ("country", "is empty"), "takes no value; write `country: is empty`"),
        ({"country": "is in DE"}, ("country",), 'after "is" stands the operator "in"; write "in DE"'),
        ({"score": {"at least": [1, 2]}}, ("score", "at least"), "takes one value; 2 stand here"),
        ({"score": "between 1"}, ("score",), "takes two values; 1 stand here"),
        ({"score": {"between": ["1", ""]}}, ("score", "between"), "lacks a limit"),
        ({"score": {"at least": ""}}, ("score", "at least"), "compares with nothing"),
        ({"born": "in past many days"}, ("born",), "is no duration"),
        ({"born": {"in past": "3 weekz"}}, ("born", "in past"), 'did you mean "week"'),
        ({"country": "is {{leed.x}}"}, ("country",), 'did you mean "lead"'),
        ({"country": {"contains": "{{leed.x}}"}}, ("country", "contains"), 'did you mean "lead"'),
        ({"born": "in time frame last weak"}, ("born",), '"last weak" is no time frame; did you mean "last week"'),
        (
            {"born": {"in time frame": []}},
            ("born", "in time frame"),
            "takes a time frame, such as last week, or a list",
        ),
        ({"born": "in future 2 days and more"}, ("born",), "is no duration"),
        ({"born": {"in future": ["1 day", "2 days"]}}, ("born", "in future"), "takes no value, or a duration"),
        ({"failed": ["a"]}, ("failed",), "failed names one field"),
        ({"failed": " "}, ("failed",), "failed names one field"),
    ],
)
def test_a_wrong_piece_is_named_with_its_path(written: object, path: tuple[str | int, ...], message: str) -> None:
    with pytest.raises(ConditionError, match=message) as caught:
        parse_condition(written)
    assert caught.value.path == path


def test_structure_nested_without_end_is_refused() -> None:
    written: object = {"a": "is 1"}
    for _ in range(100):
        written = {"all": [written]}
    with pytest.raises(ConditionError, match="nested more than"):
        parse_condition(written)


KEYS = st.sampled_from(["all", "any", "none", "failed", "country", "score", "", *OPERATORS]) | st.integers()
LEAVES = st.text(max_size=8) | st.sampled_from([*OPERATORS, "is x", "in [", "is ''", "between and"]) | st.none()
DATA: st.SearchStrategy[object] = st.recursive(
    LEAVES | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(DATA)
def test_no_data_raises_anything_but_a_condition_error(written: object) -> None:
    with contextlib.suppress(ConditionError):
        str(parse_condition(written))
