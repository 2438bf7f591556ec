from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lustrum.words.conditions import ConditionError, parse_condition
from lustrum.words.conditions.sql import LONGEST
from lustrum.words.conditions.tree import DEEPEST

Ask = Callable[..., list[bool | None]]

WORDS = """country score 'DE' "First Name" 5 -5 1.5 '' '{{my.x}}' {{lead.y}} ( ) , ; = <> != < <= > >= AND OR NOT IS
NULL IN BETWEEN SYMMETRIC LIKE ILIKE ESCAPE '%' TRUE FALSE DISTINCT FROM LOWER UPPER TRIM LENGTH COALESCE now() INTERVAL
DAY DATE '2024-01-01' TIMESTAMP CAST AS :: failed failed(country) SELECT UNION WITH CASE WHEN THEN END EXISTS * ? $1 @x
[ ] { } . -- /* */ COLLATE ANY ALL || + - / % ~ -> XOR DROP TABLE E'' N'x' $$ UNKNOWN GLOB OVER FILTER LIMIT"""


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("(country = 'DE' AND score >= 5) OR (active)", "(country = 'DE' AND score >= 5) OR active"),
        ("(country = 'DE') AND (score > 1 AND (score < 9))", "country = 'DE' AND score > 1 AND score < 9"),
        ("5 <= score", "score >= 5"),
        ("country != 'it''s'", "country <> 'it''s'"),
        ("\"First Name\" = 'Ada' AND FIRST_NAME = 'Ada'", "first_name = 'Ada' AND first_name = 'Ada'"),
        ("country IS NULL", "country IS NULL"),
        ("country IS NOT NULL", "country IS NOT NULL"),
        ("NOT (NOT (country IS NULL))", "country IS NULL"),
        ("country IS DISTINCT FROM 'DE'", "country IS DISTINCT FROM 'DE'"),
        ("country IS NOT DISTINCT FROM billing_country", "country IS NOT DISTINCT FROM billing_country"),
        ("country IS NOT DISTINCT FROM NULL", "country IS NULL"),
        ("country IN ('DE', 'IT', 'DE')", "country IN ('DE', 'IT')"),
        ("country IN ('DE')", "country = 'DE'"),
        ("country NOT IN ('DE', 'IT')", "NOT (country IN ('DE', 'IT'))"),
        ("score BETWEEN 1 AND 5", "score BETWEEN 1 AND 5"),
        ("score NOT BETWEEN 1 AND 5", "NOT (score BETWEEN 1 AND 5)"),
        ("country LIKE 'D%'", "country LIKE 'D%'"),
        ("country NOT LIKE 'D%'", "NOT (country LIKE 'D%')"),
        ("country NOT ILIKE '%x_'", "NOT (country ILIKE '%x_')"),
        ("country LIKE '{{my.x}}\\_%' ESCAPE '\\'", r"country LIKE '{{my.x}}\_%' ESCAPE '\'"),
        ("country = '{{my.x}}'", "country = '{{my.x}}'"),
        ("country LIKE '%%a%%'", "country LIKE '%a%'"),
        ("country LIKE '100!%%' ESCAPE '!'", r"country LIKE '100\%%' ESCAPE '\'"),
        ("TRUE", "TRUE"),
        ("active = TRUE", "active = TRUE"),
        ("active IS TRUE", "active IS TRUE"),
        ("active IS NOT TRUE", "active IS NOT TRUE"),
        ("active IS FALSE", "(active = FALSE) IS TRUE"),
        ("(score > 5) IS FALSE", "(NOT (score > 5)) IS TRUE"),
        ("NOT active", "NOT active"),
        ("score = -007", "score = -7"),
        ("rate > 1.5e3", "rate > 1.5E3"),
        ("lower(trim(country)) = upper('de')", "LOWER(TRIM(country)) = UPPER('de')"),
        ("LENGTH(country) > 2", "LENGTH(country) > 2"),
        ("COALESCE(country, NULL, '', billing_country) = 'DE'", "COALESCE(country, billing_country) = 'DE'"),
        ("COALESCE(country, '') <> 'DE'", "COALESCE(country, '') <> 'DE'"),
        ("created_at > now() - INTERVAL 30 DAY", "created_at > now() - INTERVAL 30 DAY"),
        ("created_at > NOW() - INTERVAL '2 weeks' + INTERVAL 1 HOUR", "created_at > now() - INTERVAL 335 HOUR"),
        ("created_at < CURRENT_TIMESTAMP + INTERVAL 90 SECOND", "created_at < now() + INTERVAL 90 SECOND"),
        ("born = DATE '2024-01-01'", "born = DATE '2024-01-01'"),
        ("created_at < TIMESTAMP '2024-01-01 10:00:00'", "created_at < TIMESTAMP '2024-01-01 10:00:00'"),
        ("failed(Country)", "failed(country)"),
        ('FAILED("First Name")', "failed(first_name)"),
        ("country = 'DE' -- a comment", "country = 'DE'"),
    ],
)
def test_the_text_of_a_condition_is_the_tree_that_runs(text: str, tree: str) -> None:
    assert str(parse_condition(text)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("country = ''", "country IS NULL"),
        ("'' = country", "country IS NULL"),
        ("country <> ''", "country IS NOT NULL"),
        ("country IS DISTINCT FROM ''", "country IS NOT NULL"),
        ("country IN ('', 'DE')", "country IS NULL OR country = 'DE'"),
        ("country NOT IN ('', 'DE')", "NOT (country IS NULL OR country = 'DE')"),
        ("country IN ('')", "country IS NULL"),
        ("country LIKE ''", "country IS NULL"),
        ("TRIM(country) = ''", "TRIM(country) IS NULL"),
        ("LENGTH(country) = 0", "country IS NULL"),
    ],
)
def test_empty_text_is_rewritten_into_the_question_for_emptiness(text: str, tree: str) -> None:
    assert str(parse_condition(text)) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no condition"),
        ("country =", "is no condition"),
        ("a = 1; DROP TABLE x", 'something is wrong at "DROP"'),
        ("a = 'x' b", 'something is wrong at "b"'),
        ("a = 'x", "a quote is not closed"),
        ("SELECT 1", 'something is wrong at "SELECT"'),
        ("a BETWEEN SYMMETRIC 1 AND 2", "BETWEEN is not allowed with SYMMETRIC"),
        ("a BETWEEN '' AND 'x'", "lacks a limit; give both"),
        ("a IN (SELECT b)", "IN takes a list of values"),
        ("a IN b", "IN takes a list of values"),
        ("a IN ()", "IN takes values in brackets"),
        ("a = (SELECT 1)", "SUBQUERY has no place in a condition; a condition asks about the fields of one lead"),
        ("EXISTS (SELECT 1)", "EXISTS has no place"),
        ("TRIM(BOTH 'x' FROM a) = 'b'", "TRIM is not allowed with"),
        ("LOWER(DISTINCT a) = 'b'", "DISTINCT has no place"),
        ("lead.city = 'x'", "a field stands alone: city"),
        ("a = NULL", "NULL equals nothing, not even NULL; ask IS NULL"),
        ("a IN ('x', NULL)", "NULL equals nothing"),
        ("a < ''", "compares with nothing; ask a IS NULL"),
        ("a IS NOT 'x'", "IS asks for NULL, TRUE or FALSE only"),
        ("country is empty", "as in `country: is empty`"),
        ("a ~ 'x'", "use LIKE"),
        ("a SIMILAR TO 'x'", "SIMILAR TO has no place in a condition; use LIKE"),
        ("a LIKE b", "LIKE takes a pattern in single quotes"),
        ("a LIKE 'x!' ESCAPE '!'", "ends with its escape character"),
        ("a LIKE 'x' ESCAPE '!!'", "ESCAPE takes one character"),
        ("CAST(a AS INTEGER) = 1", "CAST has no place"),
        ("a::DATE = '2024-01-01'", "CAST has no place"),
        ("TRY_CAST('x' AS DATE) = a", "has no place"),
        ("CASE WHEN a THEN b END", "CASE has no place in a condition; use AND, OR, NOT"),
        ("lowr(a) = 'x'", 'there is no function lowr in conditions; did you mean "lower"'),
        ("read_csv('x') = a", "has no place in a condition"),
        ("regexp_matches(a, 'x')", "has no place in a condition; use LIKE"),
        ("nothing(a) = 'x'", "there are lower, upper, trim"),
        ("now(1) > a", "now[(][)] takes nothing"),
        ("a - INTERVAL 1 DAY > b", "only now[(][)] can be added to"),
        ("INTERVAL 1 DAY + now() > b", "only now[(][)] can be added to"),
        ("now() - 1 > b", "only now[(][)] can be added to"),
        ("now() - INTERVAL '' DAY > b", "has no number; write INTERVAL 30 DAY"),
        ("now() - INTERVAL 'day' > b", "has no number; write INTERVAL 30 DAY"),
        ("now() - INTERVAL 1 QUARTER > b", 'there is no unit "quarter"'),
        ("now() - INTERVAL 999999999999 DAY > b", "longer than any calendar"),
        ("now() - INTERVAL 900000000 DAY - INTERVAL 900000000 DAY > b", "beyond the calendar"),
        ("failed('x')", "failed[(][)] takes the name of one field"),
        ("failed(a, b)", "failed[(][)] takes the name of one field"),
        ("failed(*)", "failed[(][)] takes the name of one field"),
        ("failed(a) = TRUE", "there is no function failed"),
        ("a = 0x1F", "is no condition"),
        ("a = $$x$$", "RAW STRING has no place"),
        ("a = ?", "PLACEHOLDER has no place"),
        ("(a = 1) = TRUE", "EQ gives no value to compare"),
        ('"?!" = 1', "names no field; text takes single quotes"),
        ("a = 1_000e", "is no"),
        ("a = '{{leed.x}}'", 'there is no namespace leed; did you mean "lead"'),
        ("a = {{my.x", "no token|is no condition|no place"),
    ],
)
def test_what_is_not_on_the_white_list_is_refused_with_its_reason(text: str, message: str) -> None:
    with pytest.raises(ConditionError, match=message) as caught:
        parse_condition(text)
    assert caught.value.path == ()


def test_no_escape_codes_of_terminals_are_in_messages() -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition("a = = 1")
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000 + "a" + ")" * 2000,
        "[" * 30 + "a" + "]" * 30,
        "NOT " * 2000 + "a",
        "- " * 5000 + "1 = a",
        "a = " + "-+" * 11 + "1",
    ],
)
def test_a_condition_nested_deep_is_refused(text: str) -> None:
    with pytest.raises(ConditionError, match="nest"):
        parse_condition(text)


def test_brackets_in_quotes_do_not_count_and_the_limits_are_exact() -> None:
    inside = "(" * DEEPEST + "a = '" + "(" * 50 + "'" + ")" * DEEPEST
    assert str(parse_condition(inside)).startswith("a = ")
    with pytest.raises(ConditionError, match=f"brackets more than {DEEPEST} deep"):
        parse_condition(f"({inside})")


def test_a_text_may_be_long_but_not_endless() -> None:
    many = " OR ".join(["country = 'DE'"] * 1000)
    assert len(parse_condition(many).parts) == 1000
    with pytest.raises(ConditionError, match=f"{LONGEST + 1} characters; {LONGEST} are allowed"):
        parse_condition("a" * (LONGEST + 1))


def test_the_message_shows_a_long_text_shortened() -> None:
    with pytest.raises(ConditionError, match="aaa…"):
        parse_condition("a" * 200 + " = = 1")


@given(st.text(max_size=40))
@example("\x00")
@example("'")
@example("/*")
@example("a = 'x'' '")
def test_no_text_raises_anything_but_a_condition_error(text: str) -> None:
    with contextlib.suppress(ConditionError):
        str(parse_condition(text))


@given(st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join))
def test_no_words_of_sql_raise_anything_but_a_condition_error(text: str) -> None:
    with contextlib.suppress(ConditionError):
        condition = parse_condition(text)
        assert condition == parse_condition(text)
        assert hash(condition) == hash(parse_condition(text))


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("country = 'DE'", [True, False, None, None]),
        ("country <> 'DE'", [False, True, None, None]),
        ("country IS DISTINCT FROM 'DE'", [False, True, True, True]),
        ("NOT country = 'DE'", [False, True, None, None]),
        ("country IN ('DE', 'AT')", [True, False, None, None]),
        ("country NOT IN ('DE', 'AT')", [False, True, None, None]),
        ("country IN ('', 'DE')", [True, False, True, True]),
        ("country LIKE 'D%'", [True, False, None, None]),
        ("country NOT LIKE 'd%'", [True, True, None, None]),
        ("country ILIKE 'd%'", [True, False, None, None]),
        ("country BETWEEN 'A' AND 'E'", [True, False, None, None]),
        ("country = ''", [False, False, True, True]),
        ("country <> ''", [True, True, False, False]),
        ("country IS NULL", [False, False, True, True]),
        ("country < 'E'", [True, False, None, None]),
        ("LOWER(country) = 'de'", [True, False, None, None]),
        ("UPPER(country) = 'IT'", [False, True, None, None]),
        ("LENGTH(country) = 2", [True, True, None, None]),
        ("LENGTH(country) = 0", [False, False, True, True]),
        ("COALESCE(country, 'DE') = 'DE'", [True, False, True, True]),
        ("COALESCE(country, '') <> 'DE'", [False, True, True, True]),
        ("COALESCE(country, '') = ''", [False, False, True, True]),
        ("TRIM(COALESCE(country, '')) <> 'DE'", [False, True, True, True]),
        ("(country = 'DE') IS TRUE", [True, False, False, False]),
        ("(country = 'DE') IS FALSE", [False, True, False, False]),
        ("country = 'DE' OR TRUE", [True, True, True, True]),
        ("country = 'DE' AND FALSE", [False, False, False, False]),
        ("TRUE", [True, True, True, True]),
        ("1 = 2", [False, False, False, False]),
        ("'{{lead.country}}' = '{{my.region}}'", [True, False, None, None]),
        ("country = '{{lead.country}}'", [True, True, None, None]),
        ("country IS NOT DISTINCT FROM billing_country", [False, False, True, True]),
    ],
)
def test_sql_text_keeps_the_rules_of_sql(ask: Ask, text: str, held: list[bool | None]) -> None:
    assert ask(text, country=["DE", "IT", "", None]) == held


def test_blank_text_is_empty_once_it_is_trimmed(ask: Ask) -> None:
    assert ask("TRIM(country) IS NULL", country=["  ", " x ", None]) == [True, False, True]
    assert ask("TRIM(country) <> 'y'", country=["  ", " x ", None]) == [None, True, None]


def test_failed_asks_the_state_of_a_field_not_its_value(ask: Ask) -> None:
    condition = parse_condition("failed(country) OR (country IS NULL AND failed(score))")
    assert condition.fields == {"country"}
    assert condition.asked == {"country", "score"}
    assert ask("failed(country)", failed_country=[True, False]) == [True, False]


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("country <> 'DE'", ["country <> 'DE' leaves out leads whose country is empty; to take them too, add OR"]),
        ("NOT country = 'DE'", ["NOT (country = 'DE') leaves out leads whose country is empty"]),
        ("country NOT IN ('DE', 'IT')", ["NOT (country IN ('DE', 'IT')) leaves out"]),
        ("country NOT LIKE 'D%'", ["NOT (country LIKE 'D%') leaves out"]),
        ("NOT (country <> 'DE')", ["NOT (country <> 'DE') leaves out"]),
        ("country <> billing_country", ["leaves out leads whose billing_country or country is empty"]),
        ("NOT active", ["NOT active leaves out"]),
        ("country <> 'DE' OR country IS NULL", []),
        ("country IS NOT NULL AND country <> 'DE'", []),
        ("country IS DISTINCT FROM 'DE'", []),
        ("country IS NOT NULL", []),
        ("NOT failed(country)", []),
        ("COALESCE(country, '') <> 'DE'", []),
        ("country = 'DE'", []),
        ("country <> 'DE' OR country <> 'DE'", ["country <> 'DE' leaves out"]),
        ("active IS NOT TRUE", []),
    ],
)
def test_negations_that_leave_out_empty_fields_are_warned_of(text: str, warned: list[str]) -> None:
    warnings = parse_condition(text).warnings
    assert len(warnings) == len(warned)
    assert all(start in warning for start, warning in zip(warned, warnings, strict=True))


def test_a_condition_is_a_key() -> None:
    assert len({parse_condition("country = 'DE'"), parse_condition("COUNTRY   = 'DE'")}) == 1
