"""Named smart lists: put in where they are referred to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lustrum.words.conditions import (
    ConditionError,
    SmartListReference,
    bind,
    compile_condition,
    expand,
    parse_condition,
)
from lustrum.words.fields import FieldType

NAMED: dict[str, object] = {
    "needs-country": {"any": [{"country": "is empty"}, "country NOT IN ('DE', 'US')"]},
    "in sql": "country = '{{my.home}}'",
    "both": {"all": [{"member of smart list": "needs-country"}, {"not member of smart list": "In SQL"}]},
    "busy": {"had interesting moment": {"times": "at least 2"}},
    "a": {"member of smart list": "b"},
    "b": [{"score": "is 1"}, {"not member of smart list": ["busy", "c"]}],
    "c": {"member of smart list": "a"},
    "lost": {"any": [{"member of smart list": "needs-contry"}]},
    "broken": {"country": "maybe"},
}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (
            {"member of smart list": "needs-country"},
            "country IS NULL OR (NOT (country IN ('DE', 'US'))) IS TRUE",
        ),
        ({"member of smart list": "in sql"}, "(country = '{{my.home}}') IS TRUE"),
        ({"not member of smart list": "in sql"}, "(country = '{{my.home}}') IS NOT TRUE"),
        (
            {"member of smart list": "BOTH"},
            "(country IS NULL OR (NOT (country IN ('DE', 'US'))) IS TRUE) AND (country = '{{my.home}}') IS NOT TRUE",
        ),
        (
            {"any": [{"member of smart list": ["busy", "in sql"]}, "score = 1"]},
            "count('had interesting moment') >= 2 OR (country = '{{my.home}}') IS TRUE OR (score = 1) IS TRUE",
        ),
        ("score = 1", "score = 1"),
    ],
)
def test_a_name_is_replaced_by_the_list(written: object, text: str) -> None:
    assert str(expand(parse_condition(written), NAMED)) == text


def test_what_a_list_reads_is_read_by_whoever_refers_to_it() -> None:
    condition = expand(parse_condition({"member of smart list": ["both", "busy"]}), NAMED)
    assert condition.fields == {"country"}
    assert len(condition.activities) == 1
    assert str(bind(condition, {"my": {"home": "IT"}})).count("country = 'IT'") == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("needs-contry", 'there is no smart list "needs-contry"; did you mean "needs-country"'),
        ("zzz", 'there is no smart list "zzz"; name it under smart_lists: in lustrum.yaml'),
        ("lost", 'smart list "lost": there is no smart list "needs-contry"; did you mean "needs-country"'),
        ("a", "smart lists refer to each other in a circle: a > b > c > a; take one out"),
        ("b", "in a circle: b > c > a > b"),
        ("broken", 'smart list "broken": "maybe" starts with no operator; write "is maybe"'),
    ],
)
def test_a_list_that_cannot_be_put_in_is_refused_where_it_is_referred_to(name: str, message: str) -> None:
    with pytest.raises(ConditionError, match=message) as caught:
        expand(parse_condition({"any": ["score = 1", {"member of smart list": name}]}), NAMED)
    assert caught.value.path == ("any", 1, "member of smart list")


def test_a_list_may_be_referred_to_twice() -> None:
    twice = {"any": [{"member of smart list": "busy"}, {"not member of smart list": "busy"}]}
    assert len(expand(parse_condition(twice), NAMED).activities) == 1


def test_a_reference_that_was_not_put_in_is_never_run() -> None:
    reference = parse_condition({"member of smart list": "busy"})
    assert reference == SmartListReference("busy")
    with pytest.raises(ConditionError, match=r"smart_list\('busy'\): the smart list was not put in") as caught:
        compile_condition(reference, {"country": FieldType.TEXT}, datetime(2024, 1, 1, tzinfo=UTC))
    assert caught.value.path == ("member of smart list",)
