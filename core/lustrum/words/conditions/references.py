"""The leaf that stands for a named smart list until it is put in."""

from __future__ import annotations

from dataclasses import dataclass, field

from lustrum.words.conditions.errors import Path
from lustrum.words.conditions.tree import Condition
from lustrum.words.conditions.values import quote


@dataclass(frozen=True, slots=True)
class SmartListReference(Condition):
    """Holds for the members of a named smart list; `expand` puts the list's own condition in its place."""

    name: str
    path: Path = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"smart_list({quote(self.name)})"
