"""One token: a name in a namespace, the time its date is shifted by, and what stands there if the value is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lustrum.words.durations import duration_text
from lustrum.words.errors import LustrumError
from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean
from lustrum.words.tokens.dates import EXAMPLES, shifted_text

NAMESPACES: Final = ("lead", "my", "campaign", "system", "trigger")

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_TRIGGERED = "only trigger campaigns, and what they call with tokens: parent, have trigger tokens"
_GIVE_DEFAULT = "give it one, or a default as in {{my.region:default=US}}"


class TokenError(LustrumError):
    """A text has a token nobody knows or that has no value, or braces that are no token."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what}; {remedy}" if remedy else what)


@dataclass(frozen=True, slots=True)
class Token:
    """One place in a text to be filled; `shift` is added to a date or time, never to the default.

    >>> str(Token("my", "region", "US")), str(Token("system", "date", shift=timedelta(days=-3)))
    ('{{my.region:default=US}}', '{{system.date - 3d}}')
    """

    namespace: str
    name: str
    default: str | None = None
    shift: timedelta | None = None

    def __str__(self) -> str:
        default = "" if self.default is None else f":default={self.default}"
        return f"{{{{{self.namespace}.{self.name}{_shift_text(self.shift)}{default}}}}}"

    def value_in(self, values: Mapping[str, str]) -> str:
        """Give this token's value, or its default where that is empty or missing; else raise `TokenError`."""
        known = {canonical_name(self.namespace, name): value for name, value in values.items()}
        if value := known.get(self.name):
            return self._shifted(value)
        if self.default is None and self.name not in known:
            raise TokenError(f"{self} has no value", did_you_mean(self.name, known) or self._way_out)
        return self.default or ""

    @property
    def _way_out(self) -> str:
        return _NOT_TRIGGERED if self.namespace == "trigger" else _GIVE_DEFAULT

    def _shifted(self, value: str) -> str:
        if self.shift is None:
            return value
        if (shifted := shifted_text(value, self.shift)) is not None:
            return shifted
        if shifted_text(value, timedelta()) is None:
            raise TokenError(f'{self}: "{value}" is no date that could be shifted', f"write it as {EXAMPLES}")
        raise TokenError(f'{self}: "{value}" would leave the calendar', "shift it by less")


def canonical_name(namespace: str, name: str) -> str:
    """Name a token in one way, however it is spelt.

    >>> canonical_name("lead", "First Name"), canonical_name("system", "dateTime")
    ('first_name', 'date_time')
    """
    if namespace == "system":
        name = _CAMEL.sub("_", name)
        return {"datetime": "date_time"}.get(field_name(name), field_name(name))
    return field_name(name)


def _shift_text(shift: timedelta | None) -> str:
    if shift is None:
        return ""
    return f" {'-' if shift < timedelta() else '+'} {duration_text(abs(shift))}"
