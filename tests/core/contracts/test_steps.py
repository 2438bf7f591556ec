"""A step: a typed function with a name, still a plain callable."""

from __future__ import annotations

import doctest
import inspect
import pickle
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_type_hints

import polars as pl
import pytest

from lustrum import Failed, FieldName, Moment, Skip, Step, step
from lustrum.contracts.signature import StepContractError
from lustrum.words.fields import FieldType


@step("acme.shout", strategies=("loud", "louder"))
def shout(company: str, *, mark: str = "!") -> str | Failed:
    """Write a company in capitals.

    >>> shout("acme")
    'ACME!'
    """
    return company.upper() + mark


@dataclass(frozen=True)
class Parts:
    first_name: str
    last_name: str


def test_a_step_is_called_as_its_function_is() -> None:
    assert shout("acme") == "ACME!"
    assert shout("acme", mark="?") == "ACME?"


def test_a_step_keeps_its_functions_name_docstring_and_hints() -> None:
    assert (shout.__name__, shout.__module__) == ("shout", __name__)  # type: ignore[attr-defined]  # update_wrapper sets it
    assert (inspect.getdoc(shout) or "").startswith("Write a company in capitals.")
    assert get_type_hints(shout.function)["return"] == str | Failed
    assert list(inspect.signature(shout).parameters) == ["company", "mark"]


def test_the_doctest_of_a_step_is_found() -> None:
    found = doctest.DocTestFinder().find(sys.modules[__name__], globs={})
    assert f"{__name__}.shout" in {test.name for test in found if test.examples}


def test_a_step_says_what_it_is() -> None:
    assert repr(shout) == "<step acme.shout>"
    assert shout.summary == "Write a company in capitals."
    assert (shout.name, shout.strategies, shout.deferred) == ("acme.shout", ("loud", "louder"), False)
    assert list(shout.options.declared) == ["mark"]


def test_a_step_says_where_it_stands() -> None:
    first = inspect.getsourcelines(shout.function)[1]
    assert (shout.place.file, shout.place.line) == (Path(__file__).name, first)


def test_a_step_without_docstring_has_no_summary() -> None:
    @step("acme.bare")
    def bare(company: str) -> str:
        return company

    assert bare.summary == ""


def test_a_step_is_pickled_by_its_name() -> None:
    assert pickle.loads(pickle.dumps(shout)) is shout  # noqa: S301  # our own bytes


def test_what_adds_up_may_depend_on_the_options() -> None:
    def add(value: int, *, change: str) -> int:
        raise NotImplementedError

    def note() -> Moment | Skip:
        raise NotImplementedError

    by_options = Step("acme.add", add, adds_up=lambda options: options["change"].startswith("+"))
    assert [by_options.adds_up({"change": change}) for change in ("+5", "=5")] == [True, False]
    assert [Step("acme.add", add, adds_up=flag).adds_up({}) for flag in (True, False)] == [True, False]
    assert Step("acme.note", note).adds_up({})


def fill(*values: str, field: FieldName = "note") -> str:
    raise NotImplementedError


def fill_or_not(*values: str | None, field: FieldName = "note") -> str:
    raise NotImplementedError


def count(*values: int, field: FieldName = "note") -> int:
    raise NotImplementedError


def split(full_name: str) -> Parts:
    raise NotImplementedError


def spread(key: str, *, take: list[str]) -> Mapping[str, str]:
    raise NotImplementedError


def whole(leads: pl.DataFrame) -> pl.DataFrame:
    raise NotImplementedError


def fixed() -> str:
    raise NotImplementedError


def test_parameters_are_read_and_results_written_unless_told_otherwise() -> None:
    assert shout.fields_read({}) is None
    assert shout.fields_written({}) is None
    assert Step("acme.split", split).fields_written({}) is None


@pytest.mark.parametrize(("function", "needed"), [(fill, True), (fill_or_not, False)])
def test_fields_named_by_options_are_needed_as_the_values_are_annotated(function: object, needed: bool) -> None:
    assert callable(function)
    made = Step("acme.fill", function, reads=lambda options: [options["field"]], writes=["note"])
    assert made.fields_read({"field": "city"}) == {"city": needed}


def test_options_may_say_which_field_is_needed() -> None:
    made = Step("acme.whole", whole, reads={"city": True, "state": False}, writes=["city"])
    assert made.fields_read({}) == {"city": True, "state": False}


def test_options_say_which_fields_are_written() -> None:
    made = Step("acme.spread", spread, writes=lambda options: options["take"])
    assert made.fields_written({"take": ["city", "state"]}) == {"city": None, "state": None}


def test_a_written_field_has_the_type_of_the_result_or_of_the_options() -> None:
    assert Step("acme.fill", fill, reads=["note"], writes=["note"]).fields_written({}) == {"note": None}
    assert Step("acme.count", count, reads=["note"], writes=["n"]).fields_written({}) == {"n": FieldType.INTEGER}
    typed = Step("acme.spread", spread, writes={"on": FieldType.DATE})
    assert typed.fields_written({}) == {"on": FieldType.DATE}


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (whole, "step acme.x takes a frame or *values: say with reads= which fields"),
        (fill, "step acme.x takes a frame or *values: say with reads= which fields"),
        (spread, "step acme.x answers with a frame or mapping: say with writes= which fields"),
        (fixed, "step acme.x reads no field: say with writes= which field it writes"),
    ],
)
def test_a_step_whose_fields_nobody_can_know_is_refused(function: object, message: str) -> None:
    assert callable(function)
    with pytest.raises(StepContractError) as error:
        Step("acme.x", function)
    assert str(error.value) == message


def test_a_frame_must_say_what_it_writes() -> None:
    with pytest.raises(StepContractError, match="say with writes= which fields"):
        Step("acme.whole", whole, reads=["city"])


def test_a_deferred_step_says_so() -> None:
    @step("acme.later", writes=["note"], deferred=True)
    def later() -> str:
        raise NotImplementedError

    assert later.deferred
