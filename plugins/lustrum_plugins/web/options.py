"""The options of a step that calls another system."""

from __future__ import annotations

import re
from typing import Annotated, Any, cast

from pydantic import AfterValidator, BeforeValidator, Field, ValidatorFunctionWrapHandler, WrapValidator

from lustrum import FieldName
from lustrum.words.fields import field_name
from lustrum_plugins.web.address import has_password, is_address
from lustrum_plugins.web.json_path import JsonPath, PathOption
from lustrum_plugins.web.secret import Secret, TextOrSecret

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OWN = frozenset({"host", "content-length", "transfer-encoding", "connection", "idempotency-key"})


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
        if name.lower() in _OWN:
            raise ValueError(f"the header {name} is set by the call itself; remove it")
        if isinstance(text, str) and not (text.isascii() and text.isprintable()):
            raise ValueError(f"the header {name} has letters that no header can carry")
    return {name: text.strip() if isinstance(text, str) else text for name, text in headers.items()}


def _by_name(send: Any) -> Any:
    """Turn a list of fields into a mapping; each is sent by its own name."""
    if not isinstance(send, list):
        return send
    names = [field_name(str(name)) for name in cast("list[object]", send)]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"{twice[0]} stands there twice")
    return {name: name for name in names}


def _each_field_once(take: Any, read: ValidatorFunctionWrapHandler) -> dict[str, JsonPath]:
    named: dict[str, JsonPath] = read(take)
    if len(named) < len(take):
        raise ValueError("a field stands there twice, in two spellings; keep one of them")
    return named


Url = Annotated[TextOrSecret, AfterValidator(_is_address)]
Headers = Annotated[dict[str, TextOrSecret], AfterValidator(_is_header)]
Timeout = Annotated[float, Field(gt=0, le=600)]
Taken = Annotated[dict[FieldName, PathOption], Field(min_length=1), WrapValidator(_each_field_once)]
Named = Annotated[dict[str, FieldName], Field(min_length=1), BeforeValidator(_by_name)]
"""Fields by the names they are sent under; a list of fields means their own names."""
