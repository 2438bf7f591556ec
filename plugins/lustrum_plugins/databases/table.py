"""A table as lustrum sees it: its columns, the key that tells its rows apart, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, Update, and_, bindparam, func, or_, select, true, type_coerce
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.types import NullType

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class LeadTable:
    """The columns that have a text, with what each holds; `left` names the others, which nobody touches."""

    clause: TableClause
    kinds: dict[str, type]
    key: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the table's order."""
        return tuple(self.kinds)

    def count(self) -> Select[int]:
        """Ask for the number of rows."""
        return select(func.count()).select_from(self.clause)

    def page(self, after: Values | None, size: int) -> Select[*tuple[Any, ...]]:
        """Ask for the key and the columns of the rows behind a key, in its order."""
        behind = true() if after is None else self._behind(after)
        return self._rows().where(behind).order_by(*self._keys()).limit(size)

    def rows(self, keys: Sequence[Values]) -> Select[*tuple[Any, ...]]:
        """Ask for the key and the columns of some rows, which nobody else changes from now to the end."""
        return self._rows().where(self._is_one_of(keys)).with_for_update()

    def update(self, names: Sequence[str]) -> Update:
        """Change some columns of a row: parameters `key_0`, `key_1` …, and `cell_0`, `cell_1` … in the order named."""
        keys = (own == bindparam(f"key_{at}", type_=own.type) for at, own in enumerate(self._keys()))
        types = {name: self.clause.c[name].type if name in self.clause.c else String() for name in names}
        cells = {name: bindparam(f"cell_{at}", type_=types[name]) for at, name in enumerate(names)}
        return self.clause.update().where(and_(*keys)).values(cells)

    def _rows(self) -> Select[*tuple[Any, ...]]:
        """Ask for key and columns as the driver has them, so that no odd cell of SQLite is in the way."""
        asked: list[ColumnElement[Any]] = [
            _plain(self.clause.c[name]).label(f"c{at}") for at, name in enumerate((*self.key, *self.columns))
        ]
        return select(*asked)

    def _is_one_of(self, keys: Sequence[Values]) -> ColumnElement[bool]:
        own = self._keys()
        if len(own) == 1:
            return own[0].in_([key[0] for key in keys])
        return or_(*(and_(*map(_equal, own, key)) for key in keys))

    def _keys(self) -> list[ColumnElement[Any]]:
        return [self.clause.c[name] for name in self.key]

    def _behind(self, key: Values) -> ColumnElement[bool]:
        keys = self._keys()
        steps = (
            and_(*map(_equal, keys[:at], key[:at]), _plain(keys[at]) > key[at])  # as far as equal, then behind
            for at in range(len(keys))
        )
        return or_(*steps)


def _equal(own: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    return _plain(own) == value


def _plain(own: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give a column that is compared with a value as the driver has it."""
    return type_coerce(own, NullType())
