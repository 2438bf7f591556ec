"""One reviewed example: what is given, with which options, and what is expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from lustrum.words.nearest import did_you_mean
from lustrum.words.outcomes import Outcome
from lustrum.words.places import Place

_CODED = (Outcome.SKIPPED, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class Expectation:
    """The outcome a case expects; without a code any reason or code will do.

    >>> Expectation.parse("failed:ambiguous").met_by(Outcome.FAILED, "ambiguous")
    True
    >>> Expectation.parse("skipped").met_by(Outcome.SKIPPED, "empty")
    True
    """

    outcome: Outcome
    code: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what stands in `expected.outcome`. Raises `ValueError`."""
        word, colon, code = (part.strip() for part in text.partition(":"))
        known = [outcome.value for outcome in Outcome]
        if word not in known:
            hint = did_you_mean(word, known) or f"write one of: {', '.join(known)}"
            raise ValueError(f'unknown outcome "{word}"; {hint}')
        outcome = Outcome(word)
        if colon and (not code or outcome not in _CODED):
            raise ValueError(f'"{text}" is no outcome; only skipped and failed are followed by a colon and a reason')
        return cls(outcome, code or None)

    def met_by(self, outcome: Outcome, code: str | None = None) -> bool:
        """Say whether an outcome is the expected one."""
        return outcome is self.outcome and self.code in (None, code)

    def __str__(self) -> str:
        return f"{self.outcome.value}:{self.code}" if self.code else self.outcome.value


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a fixture table; fields by canonical name, empty cells None.

    `expected` has the fields to compare. Where the outcome is to change nothing (anything but `changed`), an empty
    cell expects nothing and is left out. Options are text, or lists and mappings of text.
    """

    file: str
    line: int
    given: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    expected: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    outcome: Expectation | None = None
    note: str = ""
    source: str = ""

    @property
    def place(self) -> Place:
        """Where the case stands."""
        return Place(self.file, self.line)
