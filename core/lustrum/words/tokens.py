"""Tokens: places in a text that are filled from the lead, the project, the campaign, the run or the trigger."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from lustrum.words.errors import LustrumError
from lustrum.words.fields import FieldType, field_name
from lustrum.words.nearest import did_you_mean

NAMESPACES: Final = ("lead", "my", "campaign", "system", "trigger")

_PIECE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BRACES = re.compile(r"\{\{|\}\}")


class TokenError(LustrumError):
    """A text has a token nobody knows or that has no value, or braces that are no token."""


@dataclass(frozen=True, slots=True)
class Token:
    """One place in a text to be filled: a name in a namespace, and what stands there if the value is empty.

    >>> str(Token("my", "region", "US"))
    '{{my.region:default=US}}'
    """

    namespace: str
    name: str
    default: str | None = None

    def __str__(self) -> str:
        default = "" if self.default is None else f":default={self.default}"
        return f"{{{{{self.namespace}.{self.name}{default}}}}}"

    def value_in(self, values: Mapping[str, str]) -> str:
        """Give this token's value, or its default where that is empty or missing; else raise `TokenError`."""
        known = {_canonical(self.namespace, name): value for name, value in values.items()}
        value = known.get(self.name) or self.default
        if value is None and self.name not in known:
            raise TokenError(_message(f"{self} has no value", did_you_mean(self.name, known) or _GIVE_DEFAULT))
        return value or ""


@dataclass(frozen=True, slots=True)
class TokenText:
    """A text with tokens: literal pieces and tokens in order, no two literals side by side.

    >>> text = parse_text("Hello {{lead.First Name:default=there}} from {{my.region}}")
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
        return tuple(dict.fromkeys(token.name for token in self.tokens if token.namespace == "lead"))

    @property
    def literal(self) -> str | None:
        """Give the text if no token is left in it."""
        return None if self.tokens else "".join(map(str, self.parts))

    def resolve(self, values: Mapping[str, Mapping[str, str]]) -> TokenText:
        """Fill in the tokens of the namespaces given: the value, else the default. Raises `TokenError`."""
        return _joined(
            part.value_in(values[part.namespace]) if isinstance(part, Token) and part.namespace in values else part
            for part in self.parts
        )

    def expression(self, types: Mapping[str, FieldType]) -> pl.Expr:
        """Make the Polars expression that writes this text for each lead, never null.

        Raises `TokenError` for a field not in `types` and for a token of another namespace than `lead`.
        """
        if self.literal is not None:
            return pl.repeat(self.literal, pl.len(), dtype=pl.String)
        return pl.concat_str([_rendered(part, types) for part in self.parts])


def parse_text(text: str) -> TokenText:
    """Find the tokens of a text. Raises `TokenError` for any other use of double braces."""
    parts: list[str | Token] = []
    end = 0
    for piece in _PIECE.finditer(text):
        parts += [_plain(text[end : piece.start()]), _token(piece[1], piece[0])]
        end = piece.end()
    return _joined([*parts, _plain(text[end:])])


def system_tokens(start: datetime) -> dict[str, str]:
    """Give the values of the `system` tokens for a run that started then (a datetime with its zone).

    >>> from datetime import timedelta, timezone
    >>> system_tokens(datetime(2024, 1, 1, 16, 36, 13, tzinfo=timezone(timedelta(hours=1))))
    {'date': '2024-01-01', 'time': '16:36:13', 'date_time': '2024-01-01T16:36:13+01:00'}
    """
    return {
        "date": start.date().isoformat(),
        "time": start.time().isoformat("seconds"),
        "date_time": start.isoformat(timespec="seconds"),
    }


_GIVE_DEFAULT = "give it one, or a default as in {{my.region:default=US}}"
_NO_TOKEN = "a token looks like {{lead.first_name}}; put a space between the braces if none is meant"  # noqa: S105  # no secret


def _token(inner: str, piece: str) -> Token:
    written, colon, rest = inner.partition(":")
    namespace, dot, name = (part.strip() for part in written.partition("."))
    if not dot or "{{" in inner:
        raise TokenError(_message(f"{piece} is no token", _NO_TOKEN))
    if namespace not in NAMESPACES:
        raise TokenError(_message(f"{piece}: there is no namespace {namespace}", _nearest_namespace(namespace)))
    if not _canonical(namespace, name):
        raise TokenError(_message(f"{piece} names nothing after the dot", _NO_TOKEN))
    return Token(namespace, _canonical(namespace, name), _default(rest, piece) if colon else None)


def _default(rest: str, piece: str) -> str:
    word, equals, default = rest.partition("=")
    if word.strip() != "default" or not equals:
        raise TokenError(_message(f"{piece} is no token", "after the colon stands a default, as in :default=there"))
    return default.strip()


def _nearest_namespace(namespace: str) -> str:
    return did_you_mean(namespace, NAMESPACES) or f"there are {', '.join(NAMESPACES)}"


def _plain(text: str) -> str:
    if found := _BRACES.search(text):
        around = text[max(0, found.start() - 10) : found.end() + 20].strip()
        raise TokenError(_message(f'the braces {found[0]} in "{around}" are no token', _NO_TOKEN))
    return text


def _canonical(namespace: str, name: str) -> str:
    if namespace == "system":
        name = _CAMEL.sub("_", name)
        return {"datetime": "date_time"}.get(field_name(name), field_name(name))
    return field_name(name)


def _joined(parts: Iterable[str | Token]) -> TokenText:
    joined: list[str | Token] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(before := joined[-1], str):
            joined[-1] = before + part
        elif part:
            joined.append(part)
    return TokenText(tuple(joined))


def _rendered(part: str | Token, types: Mapping[str, FieldType]) -> pl.Expr:
    if isinstance(part, str):
        return pl.lit(part, dtype=pl.String)
    if part.namespace != "lead":
        raise TokenError(_message(f"{part} has no value here", "only lead tokens are filled in for each lead"))
    if part.name not in types:
        raise TokenError(_message(f"{part}: there is no field {part.name}", did_you_mean(part.name, types)))
    text = _cell_text(pl.col(part.name), types[part.name])
    return pl.when(text != "").then(text).otherwise(pl.lit(part.default or "", dtype=pl.String))


def _cell_text(column: pl.Expr, field_type: FieldType) -> pl.Expr:
    if field_type is not FieldType.DATETIME:
        return column.cast(pl.String)
    whole = column.dt.microsecond() == 0
    seconds, micros = (column.dt.strftime(form) for form in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%.6fZ"))
    return pl.when(whole).then(seconds).otherwise(micros)


def _message(what: str, remedy: str) -> str:
    return f"{what}; {remedy}" if remedy else what
