"""The options of a call, and what must hold between them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from lustrum import FieldName
from lustrum.words.fields import field_name
from lustrum_plugins.calls.address import has_password, is_address
from lustrum_plugins.calls.json_path import JsonPath, PathOption
from lustrum_plugins.calls.message import ID
from lustrum_plugins.calls.secret import Secret, TextOrSecret
from lustrum_plugins.calls.wire import IDEMPOTENCY_KEY, IN_QUERY

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_FRAMING = frozenset({"host", "content-length", "transfer-encoding", "connection", IDEMPOTENCY_KEY.lower()})


def _is_address(url: str | Secret) -> str | Secret:
    if isinstance(url, str) and not is_address(url):
        raise ValueError("write an address of the web, such as https://hooks.acme.example/leads")
    if isinstance(url, str) and has_password(url):
        raise ValueError("a password belongs into no file; write {env: HOOK_URL}, or name it so in a header")
    return url


def _is_header(headers: dict[str, str | Secret]) -> dict[str, str | Secret]:
    for name, text in headers.items():
        if not _HEADER.fullmatch(name):
            raise ValueError(f'"{name}" is no name of a header')
        if name.lower() in _FRAMING:
            raise ValueError(f"the header {name} is set by the call itself; remove it")
        if isinstance(text, str) and not (text.isascii() and text.isprintable()):
            raise ValueError(f"the header {name} has letters that no header can carry")
    return headers


def _by_name(send: Any) -> Any:
    """Turn a list of fields into a mapping; each is sent by its own name."""
    if not isinstance(send, list):
        return send
    names = [field_name(str(name)) for name in cast("list[object]", send)]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"{twice[0]} stands there twice")
    return {name: name for name in names}


def _id_is_free(send: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    if info.data.get("size", 1) > 1 and ID in send:
        raise ValueError(
            f'"{ID}" names a lead in a call for several; send the field by another name, as lead: {send[ID]}'
        )
    return send


def _with_body(size: int, info: ValidationInfo) -> int:
    method = info.data.get("method", "POST")
    if size > 1 and method in IN_QUERY:
        raise ValueError(f"{method} has no body, and carries one lead only; use POST for several")
    return size


def _each_field_once(take: Any, read: ValidatorFunctionWrapHandler) -> dict[str, JsonPath]:
    named: dict[str, JsonPath] = read(take)
    if len(named) < len(take):
        raise ValueError("a field stands there twice, in two spellings; keep one of them")
    return named


def _of_several(path: JsonPath, info: ValidationInfo) -> JsonPath:
    if info.data.get("size", 1) == 1:
        raise ValueError("results are those of several leads; give size:, or let the paths under take: begin with it")
    return path


Method = Literal["POST", "GET", "PUT", "PATCH", "DELETE"]
Url = Annotated[TextOrSecret, AfterValidator(_is_address)]
Size = Annotated[int, Field(ge=1, le=1000), AfterValidator(_with_body)]
Sent = Annotated[dict[str, FieldName], Field(min_length=1), BeforeValidator(_by_name), AfterValidator(_id_is_free)]
Headers = Annotated[dict[str, TextOrSecret], AfterValidator(_is_header)]
Timeout = Annotated[float, Field(gt=0, le=600)]
Taken = Annotated[dict[FieldName, PathOption], Field(min_length=1), WrapValidator(_each_field_once)]
Results = Annotated[PathOption, AfterValidator(_of_several)]
