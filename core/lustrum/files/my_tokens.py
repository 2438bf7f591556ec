"""My tokens: `region: EU`, or with a type, `points: {type: score, value: +5}`."""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import BeforeValidator, WithJsonSchema

from lustrum.files.validation import AnyText, wrong
from lustrum.words.tokens import TokenError, TokenType, check_token_value

_TYPES = ", ".join(kind.value for kind in TokenType)


def _value(written: object) -> object:
    if not isinstance(written, dict):
        return written
    token = cast("dict[str, object]", written)
    kind, value = token.get("type", "text"), token.get("value")
    if not isinstance(value, str) or set(token) - {"type", "value"}:
        raise wrong("a token with a type has type and value, and nothing else", "write {type: score, value: +5}")
    if kind not in {known.value for known in TokenType}:
        raise wrong(f'there is no type of token "{kind}"', f"there are: {_TYPES}", at=["type"])
    try:
        return check_token_value(TokenType(kind), value)
    except TokenError as error:
        raise wrong(str(error), "", at=["value"]) from error


_SCHEMA = {
    "anyOf": [
        {"type": ["string", "number", "integer", "boolean"]},
        {
            "type": "object",
            "properties": {"type": {"enum": [kind.value for kind in TokenType]}, "value": {}},
            "required": ["value"],
            "additionalProperties": False,
        },
    ]
}
MyTokens = dict[str, Annotated[AnyText, BeforeValidator(_value), WithJsonSchema(_SCHEMA)]]
"""The values of tokens by name, each in the normal form of its type."""
