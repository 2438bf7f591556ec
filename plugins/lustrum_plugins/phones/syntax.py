"""The regular expressions that numbering plans are written in, read into terms."""

from __future__ import annotations

from lustrum_plugins.phones.terms import ANY_DIGIT, Terms

_TIMES: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}


class UnknownPatternError(ValueError):
    """A pattern holds what no numbering plan had so far."""


def read_pattern(text: str, terms: Terms, marks_group: bool = False) -> int:
    r"""Read a regular expression over digits: sets, groups, alternatives, greedy repetition and `$`.

    With `marks_group` a mark stands behind the last capturing group, so that one can tell whether it took part.

    >>> terms = Terms()
    >>> read_pattern("0", terms) == terms.digit(1), read_pattern(r"[0-9]", terms) == read_pattern(r"\d", terms)
    (True, True)
    """
    reader = _Reader(text, terms, text.count("(") - text.count("(?") if marks_group else 0)
    term = reader.choice()
    if reader.rest:
        raise UnknownPatternError(text)
    return term


class _Reader:
    def __init__(self, text: str, terms: Terms, marked_group: int) -> None:
        self.rest = text
        self.terms = terms
        self.marked_in = marked_group

    def choice(self) -> int:
        options = [self._chain()]
        while self._took("|"):
            options.append(self._chain())
        return self.terms.choice(options)

    def _chain(self) -> int:
        parts: list[int] = []
        while self.rest and self.rest[0] not in "|)":
            parts.append(self._repeated(self._piece()))
        return self.terms.chain(parts)

    def _piece(self) -> int:
        if self._took("(?:"):
            return self._closed(self.choice())
        if self._took("("):
            self.marked_in -= 1
            is_last = self.marked_in == 0
            group = self._closed(self.choice())
            return self.terms.chain([group, self.terms.mark]) if is_last else group
        if self._took("["):
            return self.terms.digit(self._set())
        return self.terms.end if self._took("$") else self.terms.digit(self._digits())

    def _closed(self, term: int) -> int:
        if not self._took(")"):
            raise UnknownPatternError(self.rest)
        return term

    def _set(self) -> int:
        mask = 0
        while not self._took("]"):
            first = self._digits()
            mask |= self._up_to(first, self._digits()) if self._took("-") else first
        return mask

    def _up_to(self, first: int, last: int) -> int:
        return (last << 1) - first

    def _digits(self) -> int:
        if self._took(r"\d"):
            return ANY_DIGIT
        digit, self.rest = self.rest[:1], self.rest[1:]
        if not (digit.isascii() and digit.isdigit()):
            raise UnknownPatternError(digit + self.rest)
        return 1 << int(digit)

    def _repeated(self, term: int) -> int:
        if self._took("{"):
            least, most = self._bounds()
        elif self.rest[:1] in _TIMES:
            least, most = _TIMES[self.rest[0]]
            self.rest = self.rest[1:]
        else:
            return term
        if self.rest[:1] in ("?", "+"):
            raise UnknownPatternError(self.rest)
        return self.terms.repeat(term, least, most)

    def _bounds(self) -> tuple[int, int | None]:
        bounds, closed, self.rest = self.rest.partition("}")
        least, comma, most = bounds.partition(",")
        if not closed or not least.isdigit() or not (most.isdigit() or not most):
            raise UnknownPatternError(bounds)
        return int(least), int(most) if most else None if comma else int(least)

    def _took(self, sign: str) -> bool:
        if not self.rest.startswith(sign):
            return False
        self.rest = self.rest[len(sign) :]
        return True
