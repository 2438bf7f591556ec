"""What a step may say about a lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Generic, Literal

from typing_extensions import TypeVar

T = TypeVar("T", covariant=True, default=Any)


class Keep(Enum):
    """The type of `KEEP`."""

    KEEP = "keep"

    def __repr__(self) -> str:
        return "KEEP"


KEEP: Final = Keep.KEEP
"""As an attribute of a step's result: leave this field as it is (`None` empties it)."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A value together with why it is right.

    `reason` is a few words for the steward, `evidence` what the answer rests on, `certainty` from 0 to 1, `candidates`
    the readings that were considered and lost, the best first: `lustrum why` tells them.
    """

    value: T
    reason: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict[str, str])
    certainty: float | None = None
    candidates: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Skip:
    """The step has nothing to do for this lead; `reason` is one stable word such as `already_standard`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The step cannot answer for this lead: a stable code, a message, the readings it hesitates between."""

    code: str
    message: str = ""
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which attempt this is and which strategies it may try, injected into a step that asks for it.

    Attempt *n* tries the step's first *n* strategies. An `Attempt()` made by hand may try all.

    >>> second = Attempt(2, ("exact", "alias"))
    >>> second.tries("alias"), second.tries("typo"), Attempt().tries("typo")
    (True, False, True)
    """

    number: int = 1
    strategies: tuple[str, ...] | None = None

    def tries(self, strategy: str) -> bool:
        """Say whether this attempt may try the strategy."""
        return self.strategies is None or strategy in self.strategies


@dataclass(frozen=True, slots=True)
class Fact:
    """What a step has learnt of the whole source, injected into a step that asks for it; None where it is nothing."""

    value: str | None = None


MomentType = Literal["Email", "Milestone", "Web"]


@dataclass(frozen=True, slots=True)
class Moment:
    """An interesting moment, to be shown to sales: an effect, which happens once."""

    type: MomentType
    text: str


@dataclass(frozen=True, slots=True)
class Alert:
    """A message to people about a lead (`to`: an address or a name they agreed on): an effect, which happens once."""

    to: str
    subject: str
    text: str = ""


class Outcome(Enum):
    """What an entry did to a lead."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"
    BLOCKED = "blocked"
