"""Changing rows of a table that still hold what was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from lustrum.words.errors import SinkError
from lustrum_plugins.databases.cells import cell_text, cell_value
from lustrum_plugins.databases.edits import Cell, RowEdit
from lustrum_plugins.databases.table import LeadTable, Values


@dataclass(frozen=True, slots=True)
class RowWriting:
    """Writes into a table within the transaction of a connection; `where` names the table to people."""

    connection: Connection
    table: LeadTable
    where: str

    def write(self, edits: Sequence[RowEdit]) -> None:
        """Change some rows. Raises `SinkError` where one is no longer what was read, or cannot hold a text."""
        keys = [self._values(self.table.key, edit.key, edit) for edit in edits]
        self._check_unchanged(keys, edits)
        same: dict[tuple[str, ...], list[dict[str, object]]] = {}
        for key, edit in zip(keys, edits, strict=True):
            names = tuple(edit.cells)
            cells = self._values(names, [after for _, after in edit.cells.values()], edit)
            same.setdefault(names, []).append(_numbered("key", key) | _numbered("cell", cells))
        for names, rows in same.items():
            self.connection.execute(self.table.update(names), rows)

    def _check_unchanged(self, keys: Sequence[Values], edits: Sequence[RowEdit]) -> None:
        width, columns = len(self.table.key), self.table.columns
        found: dict[tuple[Cell, ...], dict[str, Cell]] = {}
        for row in self.connection.execute(self.table.rows(keys)):
            texts = [cell_text(value) for value in row]
            found[tuple(texts[:width])] = dict(zip(columns, texts[width:], strict=True))
        for edit in edits:
            now = found.get(edit.key)
            if now is None or any(now.get(name) != before for name, (before, _) in edit.cells.items()):
                raise SinkError(
                    f"{self.where}: the row {_shown(edit)} was {'changed' if now else 'removed'} since it was read; "
                    "nothing was applied: run again"
                )

    def _values(self, names: Sequence[str], texts: Sequence[Cell], edit: RowEdit) -> Values:
        try:
            return tuple(
                cell_value(each, self.table.kinds.get(name, str)) for name, each in zip(names, texts, strict=True)
            )
        except ValueError as error:
            raise SinkError(
                f"{self.where}: a column of the row {_shown(edit)} cannot hold {str(error)!r} "
                f"(one of {', '.join(names)}); nothing was applied: declare the field's type in lustrum.yaml"
            ) from None


def add_columns(connection: Connection, table: LeadTable, names: Iterable[str]) -> None:
    """Add text columns to a table, where it lacks them."""
    preparer = connection.dialect.identifier_preparer
    parts = (table.clause.schema, table.clause.name)
    whole = ".".join(preparer.quote(part) for part in parts if part)
    for name in names:
        if name not in table.clause.c:
            connection.exec_driver_sql(f"ALTER TABLE {whole} ADD COLUMN {preparer.quote(name)} TEXT")


def _shown(edit: RowEdit) -> str:
    return ", ".join(str(part) for part in edit.key)


def _numbered(name: str, values: Values) -> dict[str, object]:
    return {f"{name}_{at}": value for at, value in enumerate(values)}
