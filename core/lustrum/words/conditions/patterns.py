"""Patterns of text: what LIKE, `contains`, `starts with` and `ends with` ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.tree import Condition
from lustrum.words.conditions.values import Value, quote
from lustrum.words.tokens import Token, TokenText


class Wildcard(Enum):
    """What may stand for other text in a pattern."""

    ANY = "%"
    ONE = "_"


Pattern = tuple[str | Token | Wildcard, ...]


@dataclass(frozen=True, slots=True)
class Like(Condition):
    """Holds when the whole text fits the pattern."""

    operand: Value
    pattern: Pattern
    nocase: bool = False

    def __str__(self) -> str:
        escaped = any(isinstance(part, str) and _escape(part) != part for part in self.pattern)
        pattern = "".join(_pattern_text(part, escaped) for part in self.pattern)
        word = "ILIKE" if self.nocase else "LIKE"
        return f"{self.operand} {word} {quote(pattern)}" + (" ESCAPE '\\'" if escaped else "")

    @property
    def values(self) -> tuple[Value, ...]:
        """Give the operand."""
        return (self.operand,)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Give the tokens left in the pattern."""
        return tuple(part for part in self.pattern if isinstance(part, Token))

    @property
    def fields(self) -> frozenset[str]:
        """Name the operand's fields and those shown in the pattern."""
        return self.operand.fields | self._shown("lead")

    @property
    def triggers(self) -> frozenset[str]:
        """Name the operand's trigger tokens and those in the pattern."""
        return self.operand.triggers | self._shown("trigger")

    def _shown(self, namespace: str) -> frozenset[str]:
        return frozenset(token.name for token in self.tokens if token.namespace == namespace)


def read_pattern(text: TokenText, escape: str = "", path: Path = ()) -> Pattern:
    """Find the wildcards of a LIKE pattern; what a token stands for is never one.

    >>> from lustrum.words.tokens import parse_text
    >>> [str(part) for part in read_pattern(parse_text("100!%_"), escape="!")]
    ['100%', 'Wildcard.ONE']
    """
    parts: list[str | Token | Wildcard] = []
    for part in text.parts:
        parts += _wildcards(part, escape, path) if isinstance(part, str) else [part]
    return joined(parts)


def joined(parts: Iterable[str | Token | Wildcard]) -> Pattern:
    """Join neighbouring literals and repeated `%`, so that equal patterns are the same."""
    tidy: list[str | Token | Wildcard] = []
    for part in parts:
        before = tidy[-1] if tidy else None
        if isinstance(part, str) and isinstance(before, str):
            tidy[-1] = before + part
        elif part and not (part is before is Wildcard.ANY):
            tidy.append(part)
    return tuple(tidy)


def _wildcards(text: str, escape: str, path: Path) -> list[str | Token | Wildcard]:
    found: list[str | Token | Wildcard] = []
    letters = iter(text)
    for letter in letters:
        if letter == escape:
            found.append(_escaped(next(letters, ""), escape, path))
        else:
            found.append(Wildcard(letter) if letter in "%_" else letter)
    return found


def _escaped(letter: str, escape: str, path: Path) -> str:
    if not letter:
        raise ConditionError(f"the pattern ends with its escape character {escape}", "nothing is left to escape", path)
    return letter


def _escape(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "%_\\" else letter for letter in text)


def _pattern_text(part: str | Token | Wildcard, escaped: bool) -> str:
    match part:
        case Wildcard():
            return part.value
        case str():
            return _escape(part) if escaped else part
        case Token():
            return str(part)
