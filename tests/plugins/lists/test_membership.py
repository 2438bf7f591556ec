from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from lustrum import KEEP, Step
from lustrum.testing import run_step
from lustrum.words.fields import FieldType
from lustrum_plugins.lists.membership import add, remove

LEADS: list[dict[str, Any]] = [{"list_hot": True}, {"list_hot": False}, {"list_hot": None}]


def test_a_lead_is_put_on_a_list() -> None:
    run = run_step(add, LEADS, list="hot")
    assert run.leads == [{"list_hot": True}] * 3
    assert run.outcomes == ["unchanged", "changed", "changed"]


def test_a_lead_is_taken_off_a_list() -> None:
    run = run_step(remove, LEADS, list="hot")
    assert run.leads == [{"list_hot": False}, {"list_hot": False}, {"list_hot": None}]
    assert run.outcomes == ["changed", "unchanged", "unchanged"]


@pytest.mark.parametrize("step", [add, remove])
def test_both_may_be_done_again_and_again(step: Step[..., object]) -> None:
    once = run_step(step, LEADS, list="hot")
    assert run_step(step, once.leads, list="hot").outcomes == ["unchanged"] * 3
    assert once.result.effects.is_empty()


def test_a_list_is_a_boolean_field_by_its_name() -> None:
    options = add.options.validate({"list": "Needs Review!"})
    assert add.fields_written(options) == {"list_needs_review": FieldType.BOOLEAN}
    assert remove.fields_written(options) == {"list_needs_review": FieldType.BOOLEAN}
    assert remove.fields_read(options) == {"list_needs_review": False}
    assert not add.adds_up(options)


def test_the_steps_are_plain_functions() -> None:
    assert (add(list="hot"), remove(True, list="hot"), remove(False, list="hot")) == (True, False, KEEP)


@pytest.mark.parametrize("wrong", [{}, {"list": ""}, {"list": "?!"}, {"list": "hot", "program": "x"}])
def test_a_list_and_nothing_else_is_asked_for(wrong: dict[str, str]) -> None:
    for step in (add, remove):
        with pytest.raises(ValidationError):
            step.options.validate(wrong)
