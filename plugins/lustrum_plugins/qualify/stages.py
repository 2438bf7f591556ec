"""The stages of a lifecycle and the rules that take leads back, as they stand in options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Protocol

from pydantic import ConfigDict, Field

from lustrum import FieldName
from lustrum.words.conditions import Condition
from lustrum_plugins.qualify.conditions import TimedCondition

Role = Literal["stamp", "first", "counter"]
ROLES: tuple[Role, ...] = ("stamp", "first", "counter")

_CONFIG = ConfigDict(extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)
_Name = Annotated[str, Field(min_length=1)]


def folded(name: str) -> str:
    """Write a stage's name so that case and spaces do not count.

    >>> folded(" Marketing  Qualified ")
    'marketing qualified'
    """
    return " ".join(name.casefold().split())


class Arrival(Protocol):
    """What happens to a lead that comes into a stage: dates are stamped, a counter is raised, a reason is given."""

    @property
    def name(self) -> str:
        """The stage it comes into."""
        ...

    @property
    def condition(self) -> Condition | None:
        """When a lead comes, None for always."""
        ...

    @property
    def said(self) -> str:
        """Why it came."""
        ...

    @property
    def fields(self) -> Mapping[Role, str]:
        """The fields written."""
        ...


def _fields(stamp: str | None, first: str | None, counter: str | None) -> dict[Role, str]:
    named: dict[Role, str | None] = {"stamp": stamp, "first": first, "counter": counter}
    return {role: name for role, name in named.items() if name}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage on the way forward."""

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    name: _Name
    when: TimedCondition | None = None
    reason: str = ""
    stamp: FieldName | None = None
    first: FieldName | None = None
    counter: FieldName | None = None

    @property
    def condition(self) -> Condition | None:
        """When a lead comes, None for always."""
        return self.when

    @property
    def said(self) -> str:
        """Why it came: the reason, else the condition."""
        return self.reason or (str(self.when) if self.when else "the first stage")

    @property
    def fields(self) -> Mapping[Role, str]:
        """The fields written."""
        return _fields(self.stamp, self.first, self.counter)


@dataclass(frozen=True, slots=True)
class Recycle:
    """A rule that takes leads back to an earlier stage, or aside to one that stands beside the way."""

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    to: _Name
    when: TimedCondition
    from_: Annotated[tuple[_Name, ...] | None, Field(alias="from", min_length=1)] = None
    reason: str = ""
    stamp: FieldName | None = None
    first: FieldName | None = None
    counter: FieldName | None = None

    @property
    def name(self) -> str:
        """The stage it leads to."""
        return self.to

    @property
    def condition(self) -> Condition | None:
        """When it applies."""
        return self.when

    @property
    def said(self) -> str:
        """Why: the reason, else the condition."""
        return self.reason or str(self.when)

    @property
    def fields(self) -> Mapping[Role, str]:
        """The fields written."""
        return _fields(self.stamp, self.first, self.counter)


def fields_by_role(arrivals: Iterable[Arrival]) -> dict[Role, list[str]]:
    """Name the fields that arrivals write, each once, by what is written there."""
    found = [arrival.fields for arrival in arrivals]
    return {role: list(dict.fromkeys(fields[role] for fields in found if role in fields)) for role in ROLES}
