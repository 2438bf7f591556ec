"""The options of a call, and what must hold between them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from lustrum_plugins.calls.message import ID, IN_QUERY
from lustrum_plugins.web.json_path import JsonPath, PathOption
from lustrum_plugins.web.options import Named


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


def _of_several(path: JsonPath, info: ValidationInfo) -> JsonPath:
    if info.data.get("size", 1) == 1:
        raise ValueError("results are those of several leads; give size:, or let the paths under take: begin with it")
    return path


Method = Literal["POST", "GET", "PUT", "PATCH", "DELETE"]
Size = Annotated[int, Field(ge=1, le=1000), AfterValidator(_with_body)]
Sent = Annotated[Named, AfterValidator(_id_is_free)]
Results = Annotated[PathOption, AfterValidator(_of_several)]
