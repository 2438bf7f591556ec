"""A step that is offered by its name, and imported when a campaign uses it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from lustrum.contracts.signature import StepContractError
from lustrum.contracts.steps import Step


@dataclass(frozen=True, slots=True)
class StepAt:
    """A step and where it stands, as `module:attribute`, so that a plugin of many costs a run only those it uses.

    >>> StepAt("change.value", "lustrum_plugins.change.value:value").load()
    <step change.value>
    """

    name: str
    where: str

    def load(self) -> Step:
        """Import the step. Raises what its module raises, and `StepContractError` where another thing stands there."""
        module, _, attribute = self.where.partition(":")
        found: object = getattr(import_module(module), attribute, None)
        if isinstance(found, Step) and found.name == self.name:
            return cast("Step", found)
        raise StepContractError(f"at {self.where} is {found!r}, and not the step {self.name}")
