"""A text with tokens: filled in from values, or written for each lead by one Polars expression."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from lustrum.words.fields import FieldType
from lustrum.words.nearest import did_you_mean
from lustrum.words.tokens.dates import SHIFTABLE, moment_text, shifted_column
from lustrum.words.tokens.token import Token, TokenError

_FOR_EACH_LEAD: Final = ("lead", "trigger")


@dataclass(frozen=True, slots=True)
class TokenText:
    """A text with tokens: literal pieces and tokens in order, no two literals side by side.

    >>> text = TokenText(("Hello ", Token("lead", "first_name", "there"), " from ", Token("my", "region")))
    >>> text.lead_fields, str(text.resolve({"my": {"region": "EU"}}))
    (('first_name',), 'Hello {{lead.first_name:default=there}} from EU')
    """

    parts: tuple[str | Token, ...]

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Give the tokens in order, repeats included."""
        return tuple(part for part in self.parts if isinstance(part, Token))

    @property
    def lead_fields(self) -> tuple[str, ...]:
        """Name the lead's fields this text shows, each once."""
        return self._names("lead")

    @property
    def trigger_fields(self) -> tuple[str, ...]:
        """Name the attributes of the trigger this text shows, each once."""
        return self._names("trigger")

    @property
    def required_triggers(self) -> tuple[str, ...]:
        """Name the attributes of the trigger that this text cannot do without, each once: a token has no default."""
        named = (token.name for token in self.tokens if token.namespace == "trigger" and token.default is None)
        return tuple(dict.fromkeys(named))

    @property
    def literal(self) -> str | None:
        """Give the text if no token is left in it."""
        return None if self.tokens else "".join(map(str, self.parts))

    def resolve(self, values: Mapping[str, Mapping[str, str]]) -> TokenText:
        """Fill in the tokens of the namespaces given: the value, else the default. Raises `TokenError`."""
        return joined(
            part.value_in(values[part.namespace]) if isinstance(part, Token) and part.namespace in values else part
            for part in self.parts
        )

    def expression(self, types: Mapping[str, FieldType]) -> pl.Expr:
        """Make the Polars expression that writes this text for each lead, never null.

        Trigger tokens are read from text columns, see `trigger_column`. A text that is no date where one is shifted
        counts as empty. Raises `TokenError` for a field not in `types` or of a type that cannot be shifted, and for a
        token of another namespace than `lead` and `trigger`.
        """
        if self.literal is not None:
            return pl.repeat(self.literal, pl.len(), dtype=pl.String)
        return pl.concat_str([_rendered(part, types) for part in self.parts])

    def _names(self, namespace: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(token.name for token in self.tokens if token.namespace == namespace))


def trigger_column(name: str) -> str:
    """Name the text column in which an attribute of the trigger stands.

    >>> trigger_column("date_of_activity")
    'trigger.date_of_activity'
    """
    return f"trigger.{name}"


def joined(parts: Iterable[str | Token]) -> TokenText:
    """Make a text of its parts: neighbouring literals become one, empty ones vanish."""
    tidy: list[str | Token] = []
    for part in parts:
        if isinstance(part, str) and tidy and isinstance(before := tidy[-1], str):
            tidy[-1] = before + part
        elif part:
            tidy.append(part)
    return TokenText(tuple(tidy))


def _rendered(part: str | Token, types: Mapping[str, FieldType]) -> pl.Expr:
    if isinstance(part, str):
        return pl.lit(part, dtype=pl.String)
    text = _text(part, types)
    return pl.when(text != "").then(text).otherwise(pl.lit(part.default or "", dtype=pl.String))


def _text(token: Token, types: Mapping[str, FieldType]) -> pl.Expr:
    if token.namespace not in _FOR_EACH_LEAD:
        raise TokenError(f"{token} has no value here", "only lead and trigger tokens are filled in for each lead")
    if token.namespace == "trigger":
        column, kind = pl.col(trigger_column(token.name)), FieldType.TEXT
    elif token.name in types:
        column, kind = pl.col(token.name), types[token.name]
    else:
        raise TokenError(f"{token}: there is no field {token.name}", did_you_mean(token.name, types))
    if token.shift is None:
        return moment_text(column, zone="Z") if kind is FieldType.DATETIME else column.cast(pl.String)
    if kind in SHIFTABLE:
        return shifted_column(column, kind, token.shift)
    what = f"{token}: the field {token.name} is {kind.value}, and only a date or a text that holds one can be shifted"
    raise TokenError(what, f"declare {token.name}: date under fields: in lustrum.yaml")
