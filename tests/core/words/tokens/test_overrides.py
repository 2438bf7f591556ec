from __future__ import annotations

import pytest

from lustrum.words.tokens import TokenError, override, parse_override


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("my.region=IT", "region", "IT"),
        ("{{my.region}}=IT", "region", "IT"),
        (" {{ my.Sales Region }} = IT ", "sales_region", "IT"),
        ("my.points==0", "points", "=0"),
        ("my.region=", "region", ""),
        ("my.text={{lead.x}}", "text", "{{lead.x}}"),
    ],
)
def test_a_token_is_given_a_value(text: str, name: str, value: str) -> None:
    assert parse_override(text) == (name, value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("my.region", '"my.region" gives no token a value; write my.region=IT'),
        ("", "gives no token a value"),
        ("=IT", "gives no token a value"),
        ("region=IT", '"region=IT" says no namespace; write my.region=IT'),
        ("lead.region=IT", "only plain tokens of my can be given a value"),
        ("system.date=2024-01-31", "only plain tokens of my"),
        ("my.end + 3 days=2024-01-31", "only plain tokens of my"),
        ("{{my.region:default=US}}=IT", "after the colon stands a default|only plain tokens of my"),
        ("company.name=Acme", "write {{lead.name}}"),
        ("myy.region=IT", 'did you mean "my"'),
        ("my.=IT", "names nothing after the dot"),
        ("my.}}=IT", "braces"),
    ],
)
def test_anything_else_is_refused(text: str, message: str) -> None:
    with pytest.raises(TokenError, match=message):
        parse_override(text)


def test_a_value_is_replaced_in_whatever_spelling_and_the_rest_stays() -> None:
    values = {"Sales Region": "EU", "sales_region": "UK", "points": "+5"}
    assert override(values, {"SALES REGION": ""}) == {"Sales Region": "", "sales_region": "", "points": "+5"}
    assert values["Sales Region"] == "EU"


def test_a_name_nobody_declared_is_answered_with_the_nearest() -> None:
    with pytest.raises(TokenError, match=r'there is no token \{\{my.regoin\}\} to override; did you mean "region"\?'):
        override({"Region": "EU"}, {"regoin": "IT"})
    with pytest.raises(TokenError, match="declare it under my:"):
        override({}, {"region": "IT"})
