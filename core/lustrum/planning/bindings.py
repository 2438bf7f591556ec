"""What conditions, parameters, options and results become when they are bound to the fields of a project."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from lustrum.contracts.steps import Step
from lustrum.words.fields import FieldType

if TYPE_CHECKING:
    from lustrum.planning.aliases import AliasTable
    from lustrum.words.conditions import ActivityFilter


@dataclass(frozen=True, slots=True)
class Check:
    """A compiled condition: a Boolean expression, the fields it reads, the fields whose state it asks for.

    `triggers` names the trigger tokens it reads, `activities` what it asks of the lead's past.
    """

    expression: pl.Expr
    reads: frozenset[str]
    asked: frozenset[str]
    text: str
    triggers: frozenset[str] = frozenset()
    activities: frozenset[ActivityFilter] = frozenset()


@dataclass(frozen=True, slots=True)
class Read:
    """A field bound to a step's parameter; where `field` is None the parameter gets its `default`.

    `aliases` are the project's own spellings of the field, where the step standardises it.
    """

    parameter: str
    field: str | None
    type: FieldType
    needed: bool
    default: object = None
    aliases: AliasTable | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """A field that receives one attribute of a step's result."""

    attribute: str
    field: str
    type: FieldType


@dataclass(frozen=True, slots=True)
class RenderedOption:
    """An option rendered for each lead: its Polars expression and the fields it reads.

    `triggers` names its trigger tokens, `required` those without a default.
    """

    option: str
    expression: pl.Expr
    reads: frozenset[str]
    text: str
    triggers: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Origin:
    """Which plugin offers a step, and in which version."""

    plugin: str
    version: str


@dataclass(frozen=True)
class StepCall:
    """A step with its options, bound to fields."""

    step: Step
    origin: Origin
    options: Mapping[str, Any]
    rendered: tuple[RenderedOption, ...]
    reads: tuple[Read, ...]
    writes: tuple[Write, ...]
    digest: str

    @property
    def name(self) -> str:
        """The step's name."""
        return self.step.name

    @cached_property
    def needed(self) -> frozenset[str]:
        """The fields without which the step cannot run: parameters that refuse None, and tokens in options."""
        bound = {read.field for read in self.reads if read.needed and read.field}
        return frozenset(bound.union(*(option.reads for option in self.rendered)))

    @cached_property
    def fields_read(self) -> frozenset[str]:
        """All fields read by parameters and tokens."""
        bound = {read.field for read in self.reads if read.field}
        scopes = [read.aliases.reads for read in self.reads if read.aliases]
        return frozenset(bound.union(*(option.reads for option in self.rendered), *scopes))

    @cached_property
    def fields_written(self) -> tuple[str, ...]:
        """The fields written, in the order of the step's result."""
        return tuple(dict.fromkeys(write.field for write in self.writes))

    @cached_property
    def _mutable(self) -> frozenset[str]:
        return frozenset(name for name, value in self.options.items() if isinstance(value, list | dict | set))

    def own_options(self) -> dict[str, Any]:
        """Give the options anew, so that a step which changes a list of its own changes it for nobody else."""
        if not self._mutable:
            return dict(self.options)
        return {name: deepcopy(value) if name in self._mutable else value for name, value in self.options.items()}

    @cached_property
    def lesson(self) -> str | None:
        """What the step learns of the source, and of which fields; None where it learns nothing."""
        fields = ", ".join(read.field for read in self.reads if read.field)
        return f"{self.name} of {fields}" if self.step.learns else None

    @property
    def own_writes(self) -> tuple[str, ...]:
        """The fields that become unsettled when the step gives up: all it writes."""
        return self.fields_written

    @cached_property
    def adds_up(self) -> bool:
        """Whether the step, with these options, must happen once."""
        return self.step.adds_up(self.options)
