"""Which functions can be steps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lustrum import Answer, Failed, Skip, Step
from lustrum.contracts.signature import StepContractError


async def _asynchronous(country: str) -> str:
    return country


def _without_annotation(name: str) -> Callable[..., object]:
    def function(country: str) -> str:
        return country

    del function.__annotations__[name]
    return function


def _pair(country: str) -> tuple[str, str]:
    return country, country


def _two_kinds(country: str) -> str | int:
    return country


def _of_no_field(country: list[str]) -> str:
    return country[0]


def _of_two_kinds(country: str | int) -> str:
    return str(country)


def _any_options(country: str, **options: str) -> str:
    return country + str(options)


def _says_nothing(country: str) -> Skip | Failed | None:
    return Skip(country)


def _reads_nothing() -> str:
    return "x"


def _takes_any(*values: str) -> str:
    return "".join(values)


def _answers_pairs(country: str) -> Answer[tuple[str, str]]:
    return Answer((country, country))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (_without_annotation("return"), "return annotation"),
        (_without_annotation("country"), "without annotation: country"),
        (_asynchronous, "async"),
        (_pair, "tuple"),
        (_two_kinds, "exactly one"),
        (_of_no_field, "country must be one of"),
        (_of_two_kinds, "country must be one of"),
        (_any_options, "name each option"),
        (_says_nothing, "exactly one"),
        (_reads_nothing, "writes="),
        (_takes_any, "reads="),
        (_answers_pairs, "tuple"),
    ],
)
def test_a_function_that_cannot_be_a_step_is_refused_with_the_reason(
    function: Callable[..., object], message: str
) -> None:
    with pytest.raises(StepContractError, match=message):
        Step("mine.wrong", function)
