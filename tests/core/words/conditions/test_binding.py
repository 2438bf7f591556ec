from __future__ import annotations

import pytest

from lustrum.words.conditions import ConditionError, bind, parse_condition

VALUES = {"my": {"region": "DE", "nothing": "", "sign": "50%"}, "campaign": {"name": "nightly"}}


@pytest.mark.parametrize(
    ("written", "tree"),
    [
        ("country = '{{my.region}}'", "country = 'DE'"),
        ("country = {{my.region}} AND NOT active", "country = 'DE' AND NOT active"),
        ("'{{my.region}}' <> country", "country <> 'DE'"),
        ("country = '{{my.nothing}}'", "country IS NULL"),
        ("country <> '{{my.nothing}}'", "country IS NOT NULL"),
        ("country IS DISTINCT FROM '{{my.region}}'", "country IS DISTINCT FROM 'DE'"),
        ("country IN ('{{my.region}}', '{{my.nothing}}')", "country IS NULL OR country = 'DE'"),
        ("country BETWEEN '{{my.region}}' AND 'X'", "country BETWEEN 'DE' AND 'X'"),
        ("country LIKE '{{my.sign}}%'", r"country LIKE '50\%%' ESCAPE '\'"),
        ("country LIKE '{{my.nothing}}'", "country IS NULL"),
        ("LOWER('{{my.region}}') = country", "LOWER('DE') = country"),
        ("COALESCE(country, '{{my.nothing}}', billing) = 'x'", "COALESCE(country, billing) = 'x'"),
        ("COALESCE(country, '{{my.region}}') IS NULL", "COALESCE(country, 'DE') IS NULL"),
        ("COALESCE(active, '{{my.active:default=false}}')", "COALESCE(active, 'false')"),
        ("failed(country) OR TRUE", "failed(country) OR TRUE"),
        ("country = '{{my.region}} {{lead.city}}'", "country = 'DE {{lead.city}}'"),
        ("name = '{{campaign.name}}'", "name = 'nightly'"),
        ("name = '{{trigger.name}}'", "name = '{{trigger.name}}'"),
        ({"country": {"is not": ["{{my.region}}", "IT"]}}, "(country COLLATE NOCASE IN ('DE', 'IT')) IS NOT TRUE"),
        ({"country": "is {{my.nothing}}"}, "country IS NULL"),
        ({"country": "contains {{my.sign}}"}, r"(country ILIKE '%50\%%' ESCAPE '\') IS TRUE"),
        ({"score": "at least {{my.least:default=5}}"}, "(score >= 5) IS TRUE"),
        ({"any": [{"a": "is {{my.region}}"}, {"b": "is empty"}]}, "(a COLLATE NOCASE = 'DE') IS TRUE OR b IS NULL"),
    ],
)
def test_a_token_becomes_a_literal_never_text_of_the_condition(written: object, tree: str) -> None:
    assert str(bind(parse_condition(written), VALUES)) == tree


def test_a_value_cannot_break_out_of_its_literal() -> None:
    values = {"my": {"region": "' OR TRUE --"}}
    assert str(bind(parse_condition("country = {{my.region}}"), values)) == "country = ''' OR TRUE --'"


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        ("country = '{{lead.Billing Country}}'", {"country", "billing_country"}),
        ("country = '{{lead.city}}, {{lead.state}}'", {"country", "city", "state"}),
        ("country LIKE '%{{lead.city}}'", {"country", "city"}),
        ("country = '{{my.region}}'", {"country"}),
        ({"country": {"is": "{{lead.city:default=x}}"}}, {"country", "city"}),
        ({"country": {"is": "x"}, "failed": "state"}, {"country"}),
        ("COALESCE(a, b) = 1 AND c BETWEEN d AND e AND f IN (g, 1)", set("abcdefg")),
    ],
)
def test_a_condition_names_every_field_it_reads(written: object, fields: set[str]) -> None:
    assert parse_condition(written).fields == fields


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("country = '{{my.regoin}}'", ()),
        ({"any": [{"country": {"is": "{{my.regoin}}"}}]}, ("any", 0, "country", "is")),
        ([{"country": "contains {{my.regoin}}"}], (0, "country")),
    ],
)
def test_a_token_without_a_value_is_an_error_with_the_nearest_name(
    written: object, path: tuple[str | int, ...]
) -> None:
    with pytest.raises(ConditionError, match='has no value; did you mean "region"') as caught:
        bind(parse_condition(written), VALUES)
    assert caught.value.path == path


def test_a_limit_that_turns_out_empty_is_refused() -> None:
    with pytest.raises(ConditionError, match="compares with nothing"):
        bind(parse_condition("score > '{{my.nothing}}'"), VALUES)
