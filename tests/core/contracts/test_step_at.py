"""A step that is offered by its name is imported when it is used."""

from __future__ import annotations

import pytest

from lustrum import StepAt
from lustrum.contracts.signature import StepContractError
from lustrum_plugins.change.value import value


def test_the_step_that_stands_there_is_given() -> None:
    assert StepAt("change.value", "lustrum_plugins.change.value:value").load() is value


@pytest.mark.parametrize(
    ("name", "where", "message"),
    [
        (
            "change.price",
            "lustrum_plugins.change.value:value",
            r"is <step change\.value>, and not the step change\.price",
        ),
        ("change.value", "lustrum_plugins.change.value:price", r"change\.value:price is None, and not the step"),
        ("change.value", "lustrum_plugins.change.value", r"is None, and not the step change\.value"),
        ("change.value", "json:loads", r"json:loads is <function loads"),
    ],
)
def test_another_thing_is_no_step(name: str, where: str, message: str) -> None:
    with pytest.raises(StepContractError, match=message):
        StepAt(name, where).load()


def test_what_its_module_raises_is_told() -> None:
    with pytest.raises(ModuleNotFoundError, match="nothing_of_this_name"):
        StepAt("acme.tidy", "nothing_of_this_name:tidy").load()
