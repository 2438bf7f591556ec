"""A reference table as a provider of a waterfall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict

from lustrum import Calls, Failed
from lustrum_plugins.enrich.claims import Cells, Claim, Claims
from lustrum_plugins.enrich.folding import Fold
from lustrum_plugins.enrich.http_answer import AMBIGUOUS, NOT_FOUND
from lustrum_plugins.enrich.http_options import Certainty
from lustrum_plugins.enrich.http_provider import EMPTY
from lustrum_plugins.enrich.lookup import Columns, LookupTable
from lustrum_plugins.enrich.reference_table import Layout, Row, open_table
from lustrum_plugins.enrich.table_file import TableWrong
from lustrum_plugins.web.pattern import plain_text


@dataclass(frozen=True)
class TableProvider:
    """The options of a look-up in a table, as `enrich.lookup` has them, and how certain what it says is."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    table: LookupTable
    on: Columns
    take: Columns
    ignore_case: bool = True
    certainty: Certainty = 1.0

    @property
    def needs(self) -> Mapping[str, bool]:
        """The fields of the key, all needed."""
        return dict.fromkeys(self.on, True)

    @property
    def name(self) -> str:
        """How messages name the table."""
        return self.table.name

    def claims(self, cells: Cells, wanted: Sequence[str], calls: Calls) -> Claims | Failed:  # noqa: ARG002  # as all providers
        """Say what the table has for the wanted fields, or fail as `enrich.lookup` does, or with `empty`."""
        key = [plain_text(cells.get(name)) for name in self.on]
        if not all(key):
            return Failed(EMPTY, f"a part of the key of {self.name} is empty")
        ignored: tuple[Fold, ...] = ("case",) if self.ignore_case else ()
        table = open_table(self.table, Layout(tuple(self.on.values()), tuple(self.take.values()), ignored))
        if isinstance(table, TableWrong):
            return Failed("table_wrong", str(table))
        row = table.find(key)
        if row is None:
            return Failed(NOT_FOUND, f'{self.name} has no row for "{", ".join(key)}"')
        return self._claimed(row, wanted)

    def _claimed(self, row: Row, wanted: Sequence[str]) -> Claims | Failed:
        found = {
            name: values for name, values in zip(self.take, row.readings, strict=True) if name in wanted and values
        }
        for name, values in found.items():
            if len(values) > 1:
                return Failed(AMBIGUOUS, f"several rows of {self.name} differ in {name}", values)
        return {name: Claim(values[0], f"{self.name}:{row.line}", self.certainty) for name, values in found.items()}
