"""What a function's annotations say about a step, and every refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Optional, Union

import polars as pl
import pytest

from lustrum import KEEP, Answer, Attempt, Calls, Failed, Keep, Moment, Skip, Template
from lustrum.contracts.signature import Parameter, ResultField, StepContractError, Variadic, read_signature
from lustrum.words.errors import LustrumError
from lustrum.words.fields import FieldType


@dataclass(frozen=True)
class Name:
    first_name: str | Keep | None = KEEP
    age: int | Keep = KEEP


@dataclass(frozen=True)
class Odd:
    tags: list[str]


@dataclass(frozen=True)
class TwoKinds:
    age: int | str


def test_positional_parameters_are_the_fields_read() -> None:
    def tidy(first: str, second: str | None, third: str | None = None, fourth: str = "none") -> str:
        raise NotImplementedError

    assert read_signature(tidy).parameters == (
        Parameter("first", FieldType.TEXT, needed=True, optional=False),
        Parameter("second", FieldType.TEXT, needed=False, optional=False),
        Parameter("third", FieldType.TEXT, needed=False, optional=True),
        Parameter("fourth", FieldType.TEXT, needed=True, optional=True, default="none"),
    )


def test_a_parameter_may_be_positional_only() -> None:
    def tidy(value: str, /) -> str:
        raise NotImplementedError

    assert [parameter.name for parameter in read_signature(tidy).parameters] == ["value"]


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        (str, FieldType.TEXT),
        (int, FieldType.INTEGER),
        (float, FieldType.DECIMAL),
        (bool, FieldType.BOOLEAN),
        (date, FieldType.DATE),
        (datetime, FieldType.DATETIME),
    ],
)
def test_every_type_of_field_can_be_read_and_written(annotation: type, kind: FieldType) -> None:
    def tidy(value: object) -> object:
        raise NotImplementedError

    tidy.__annotations__ = {"value": annotation, "return": annotation}
    signature = read_signature(tidy)
    assert (signature.parameters[0].type, signature.value) == (kind, kind)


def test_both_spellings_of_a_union_are_read() -> None:
    def tidy(one: Optional[str], two: Union[int, None]) -> Union[str, Failed]:  # noqa: UP007, UP045  # authors still write them
        raise NotImplementedError

    signature = read_signature(tidy)
    assert [(parameter.type, parameter.needed) for parameter in signature.parameters] == [
        (FieldType.TEXT, False),
        (FieldType.INTEGER, False),
    ]
    assert signature.value is FieldType.TEXT


def test_keyword_only_parameters_are_options() -> None:
    def tidy(value: str, *, mark: str = "!", times: int) -> str:
        raise NotImplementedError

    options = read_signature(tidy).options
    assert options.declared == {"mark": (str, "!"), "times": (int, ...)}


def test_attempt_and_calls_are_injected_and_no_options() -> None:
    def tidy(value: str, *, attempt: Attempt, calls: Calls, mark: str = "!") -> str:
        raise NotImplementedError

    signature = read_signature(tidy)
    assert signature.injected == {"attempt": Attempt, "calls": Calls}
    assert list(signature.options.declared) == ["mark"]


def test_starred_values_are_the_fields_the_options_name() -> None:
    def total(*values: int | None) -> int:
        raise NotImplementedError

    signature = read_signature(total)
    assert signature.parameters == ()
    assert signature.variadic == Variadic("values", FieldType.INTEGER, needed=False)


def test_starred_objects_are_fields_of_any_type() -> None:
    def described(*values: object) -> str:
        raise NotImplementedError

    assert read_signature(described).variadic == Variadic("values", None, needed=False)


def plain(value: str) -> str | Failed | Skip | None:
    raise NotImplementedError


def reasoned(value: str) -> Answer[int] | Failed:
    raise NotImplementedError


def vague(value: str) -> Answer:  # an author may leave the type out: it is text
    raise NotImplementedError


def several(value: str) -> Name | Failed:
    raise NotImplementedError


def mapped(value: str) -> dict[str, str]:
    raise NotImplementedError


def read_only(value: str) -> Mapping[str, str | None]:
    raise NotImplementedError


def noted() -> Moment | Skip:
    raise NotImplementedError


def whole(leads: pl.DataFrame, *, mark: str = "!") -> pl.DataFrame:
    raise NotImplementedError


def test_a_plain_value_is_written() -> None:
    assert read_signature(plain).value is FieldType.TEXT


@pytest.mark.parametrize(("function", "kind"), [(reasoned, FieldType.INTEGER), (vague, FieldType.TEXT)])
def test_an_answer_is_as_its_value(function: Callable[..., object], kind: FieldType) -> None:
    assert read_signature(function).value is kind


def test_the_attributes_of_a_dataclass_are_fields() -> None:
    signature = read_signature(several)
    assert signature.wrapper is Name
    assert signature.results == (ResultField("first_name", FieldType.TEXT), ResultField("age", FieldType.INTEGER))
    assert signature.value is None


@pytest.mark.parametrize("function", [mapped, read_only])
def test_a_mapping_names_its_fields_by_itself(function: Callable[..., object]) -> None:
    signature = read_signature(function)
    assert signature.mapping
    assert (signature.value, signature.results) == (None, ())


def test_a_moment_writes_no_field() -> None:
    signature = read_signature(noted)
    assert signature.effect is Moment
    assert (signature.value, signature.results, signature.mapping) == (None, (), False)


def test_a_frame_in_and_out_is_a_batch_step() -> None:
    signature = read_signature(whole)
    assert signature.batch
    assert (signature.parameters, signature.value) == ((), None)
    assert list(signature.options.declared) == ["mark"]


async def later(value: str) -> str:
    raise NotImplementedError


def unsaid(value: str):  # type: ignore[no-untyped-def]  # noqa: ANN201  # the fault under test
    raise NotImplementedError


def bare(value, other: str) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001  # the fault under test
    raise NotImplementedError


def loose(value: str, **options: str) -> str:
    raise NotImplementedError


def listed(value: list[str]) -> str:
    raise NotImplementedError


def either(value: int | str) -> str:
    raise NotImplementedError


def nothing(value: None) -> str:
    raise NotImplementedError


def wrong_frame(leads: pl.DataFrame) -> str:
    raise NotImplementedError


def silent(value: str) -> Failed | None:
    raise NotImplementedError


def double(value: str) -> int | str:
    raise NotImplementedError


def strange(value: str) -> set[str]:
    raise NotImplementedError


def odd(value: str) -> Odd:
    raise NotImplementedError


def two_kinds(value: str) -> TwoKinds:
    raise NotImplementedError


def starred(*values: list[str]) -> str:
    raise NotImplementedError


REFUSED: list[tuple[Callable[..., object], str]] = [
    (later, "later is async; a step ends within the call: make it a plain function"),
    (unsaid, "unsaid has no return annotation; the engine reads from it what the step writes"),
    (bare, "bare has parameters without annotation: value"),
    (loose, "loose takes ** options; name each option, so that a misspelt one is noticed"),
    (listed, "listed: parameter value must be one of str, int, float, bool, date, datetime, or that `| None`"),
    (either, "either: parameter value must be one of str, int, float, bool, date, datetime, or that `| None`"),
    (nothing, "nothing: parameter value must be one of"),
    (starred, "starred: parameter values must be one of"),
    (wrong_frame, "wrong_frame takes a DataFrame and must return one"),
    (silent, "silent must return exactly one kind of value beside Failed, Skip and None"),
    (double, "double must return exactly one kind of value beside Failed, Skip and None"),
    (strange, "strange returns set[str]; return a field's value, a frozen dataclass, a mapping, a Moment or an Alert"),
    (odd, "odd: attribute tags of Odd is not the type of a field"),
    (two_kinds, "two_kinds: attribute age of TwoKinds is not the type of a field"),
]


@pytest.mark.parametrize(("function", "message"), REFUSED)
def test_what_cannot_be_a_step_is_refused_by_name(function: Callable[..., object], message: str) -> None:
    with pytest.raises(StepContractError) as error:
        read_signature(function)
    assert f"{__name__}.{message}" in str(error.value)


def test_a_refusal_is_one_of_our_errors() -> None:
    assert issubclass(StepContractError, LustrumError)


def test_a_template_keeps_its_mark() -> None:
    def write(*, text: Template) -> Moment:
        raise NotImplementedError

    assert read_signature(write).options.templates == {"text"}
