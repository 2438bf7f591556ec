"""The options of a look-up over HTTP."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from lustrum.words.durations import parse_duration
from lustrum_plugins.web.address import has_password, is_address
from lustrum_plugins.web.pattern import Pattern, Slot, read_pattern
from lustrum_plugins.web.secret import Secret, read_secret

Method = Literal["GET", "POST"]

_HOST = re.compile(r"https?://[^/?#]+[/?]")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None}


def _address(url: object) -> object:
    if isinstance(url, str):
        return read_address(url)
    return url if isinstance(url, Pattern | Secret) else read_secret(url)


def read_address(text: str) -> Pattern:
    """Read an address in which fields stand behind the host. Raises `ValueError`."""
    url = read_pattern(text.strip())
    if any(not slot.needed for slot in url.slots):
        raise ValueError("a field of the address cannot be left out; write {name?} under query: or body:")
    if url.slots and not (_HOST.match(str(Pattern(url.parts[:1])))):
        raise ValueError("a lead must not decide who is called; let the fields stand behind the host")
    filled = url.fill({slot.field: "x" for slot in url.slots}) or ""
    if not is_address(filled):
        raise ValueError("write an address of the web, such as https://api.acme.example/companies/{domain}")
    if has_password(filled):
        raise ValueError("a password belongs into no file; name it under headers: or query: as {env: API_KEY}")
    return url


def _pattern(value: object) -> object:
    if isinstance(value, str):
        return read_pattern(value)
    if isinstance(value, Pattern | Secret):
        return value
    try:
        return read_secret(value)
    except ValueError as error:
        raise ValueError('write a text, a field in quotes as "{domain}", or {env: API_KEY} for a secret') from error


def _json_of(value: object) -> object:
    """Read what a body holds: texts become patterns, or numbers and the like where JSON has them so."""
    if isinstance(value, str):
        return read_pattern(value) if "{" in value or "}" in value else _literal(value)
    if isinstance(value, Mapping):
        return _object(dict(cast("Mapping[str, object]", value)))
    if isinstance(value, list):
        return [_json_of(part) for part in cast("list[object]", value)]
    if value is None:
        raise ValueError('write a field in quotes, as "{domain}", and nothing as null')
    return value


def _object(named: dict[str, object]) -> object:
    if named.keys() == {"env"} and isinstance(named["env"], str) and "{" not in named["env"]:
        return read_secret(named)
    return {name: _json_of(part) for name, part in named.items()}


def _literal(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        return text
    number = int(text) if text.lstrip("-").isdigit() else float(text)
    return number if math.isfinite(number) else text


def _body(value: object) -> object:
    return _object(dict(cast("Mapping[str, object]", value))) if isinstance(value, Mapping) else value


def _of_a_post(body: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    if info.data.get("method", "POST") != "POST":
        raise ValueError("a GET has no body; say method: POST, or use query:")
    return body


def leaves(value: object) -> Iterator[object]:
    """Give what stands in a body, however deep."""
    if isinstance(value, Mapping):
        for part in cast("Mapping[str, object]", value).values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in cast("list[object]", value):
            yield from leaves(part)
    else:
        yield value


def slots(*values: object) -> Iterator[Slot]:
    """Give the slots of all patterns in some options."""
    for value in values:
        yield from (slot for leaf in leaves(value) if isinstance(leaf, Pattern) for slot in leaf.slots)


def _length(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


_SECRET_OR_TEXT = WithJsonSchema({"type": ["string", "object"]})

Address = Annotated[Pattern | Secret, BeforeValidator(_address), _SECRET_OR_TEXT]
_Said = Annotated[Pattern | Secret, BeforeValidator(_pattern), _SECRET_OR_TEXT]
Query = Annotated[dict[str, _Said], Field(min_length=1)]
Body = Annotated[dict[str, Any], Field(min_length=1), BeforeValidator(_body), AfterValidator(_of_a_post)]
Provider = Annotated[str, Field(min_length=1, max_length=100)]
Budget = Annotated[int, Field(ge=0)]
Rate = Annotated[float, Field(gt=0, le=10_000)]
Certainty = Annotated[float, Field(gt=0, le=1)]
Length = Annotated[timedelta, BeforeValidator(_length), WithJsonSchema({"type": "string"})]
