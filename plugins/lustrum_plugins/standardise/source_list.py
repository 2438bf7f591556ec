"""A closed list of lead sources, and which of its values a text means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lustrum import Answer, Failed
from lustrum_plugins.standardise.source_words import Concepts, bare, broader, concepts_of


@dataclass(frozen=True, slots=True)
class SourceList:
    """The values of a list, each with the concepts it means; a value of the user's own words means none of ours."""

    values: tuple[str, ...]
    spelled: Mapping[str, str]
    concepts: Mapping[str, Concepts]

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, values: tuple[str, ...]) -> SourceList:
        """Read a list."""
        known = {value: found for value in values if (found := concepts_of(value))}
        return cls(values, {bare(value): value for value in reversed(values)}, known)

    def exact(self, text: str) -> str | None:
        """Find a value whatever its case, spaces and marks."""
        return text if text in self.values else self.spelled.get(bare(text))

    def named(self, text: str, reason: str) -> Answer[str] | Failed | None:
        """Find the value a text names or means."""
        own = self.exact(text)
        return Answer(own, reason) if own else self.meant(text, concepts_of(text), reason)

    def meant(self, text: str, concepts: Concepts, reason: str = "") -> Answer[str] | Failed | None:
        """Find the value that means what a text means: all of it, else something broader; several are ambiguous."""
        if not concepts:
            return None
        found = self._with_all(concepts) or self._with_all(broader(concepts)) or self._with_some(concepts)
        if len(found) == 1 and self._with_all(concepts) + self._with_all(broader(concepts)):
            return Answer(found[0], reason or f"“{text}” means {' or '.join(sorted(concepts))}")
        return Failed("ambiguous", f"“{text}” may mean any of these", tuple(found)) if found else None

    def _with_all(self, concepts: Concepts) -> list[str]:
        return [value for value, known in self.concepts.items() if concepts and concepts <= known]

    def _with_some(self, concepts: Concepts) -> list[str]:
        return [value for value, known in self.concepts.items() if concepts & known]
