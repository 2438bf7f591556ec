"""The providers of a waterfall, as options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Protocol, cast

from pydantic import AfterValidator, Field, PlainValidator, TypeAdapter, ValidationInfo, WithJsonSchema

from lustrum import Calls, Failed
from lustrum_plugins.enrich.claims import Cells, Claims
from lustrum_plugins.enrich.http_provider import HttpProvider
from lustrum_plugins.enrich.waterfall_table import TableProvider


class Provider(Protocol):
    """Whoever may know something of a lead."""

    @property
    def name(self) -> str:
        """How messages name it."""
        ...

    @property
    def needs(self) -> Mapping[str, bool]:
        """The fields it is asked by, each with whether it is needed."""
        ...

    @property
    def take(self) -> Mapping[str, object]:
        """The fields it may know."""
        ...

    def claims(self, cells: Cells, wanted: Sequence[str], calls: Calls) -> Claims | Failed:
        """Say what it knows of the wanted fields, or fail. Raises `Transient`."""
        ...


def _provider(given: object, info: ValidationInfo) -> TableProvider | HttpProvider:
    """Read a provider, whose kind shows in the option that only one of them has."""
    if isinstance(given, TableProvider | HttpProvider):
        return given
    named: Mapping[str, object] = cast("Mapping[str, object]", given) if isinstance(given, Mapping) else {}
    if ("table" in named) is ("url" in named):
        raise ValueError("a provider is a table or an API; give it either table: or url:")
    reader = _table_reader() if "table" in named else _api_reader()
    return reader.validate_python(named, context=info.context)


@cache
def _table_reader() -> TypeAdapter[TableProvider]:
    return TypeAdapter(TableProvider)


@cache
def _api_reader() -> TypeAdapter[HttpProvider]:
    return TypeAdapter(HttpProvider)


def _not_empty(providers: tuple[Provider, ...]) -> tuple[Provider, ...]:
    if not providers:
        raise ValueError("name at least one provider: a table or an API")
    return providers


_Provider = Annotated[TableProvider | HttpProvider, PlainValidator(_provider), WithJsonSchema({"type": "object"})]
Providers = Annotated[tuple[_Provider, ...], AfterValidator(_not_empty)]
Enough = Annotated[float, Field(gt=0, le=1)]
