"""From the header of the source and the project's `fields:` to the fields of the leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from lustrum.files.project import Project
from lustrum.planning.findings import Findings
from lustrum.planning.plan import Schema
from lustrum.words.fields import FieldType, field_name
from lustrum.words.nearest import did_you_mean
from lustrum.words.places import Place


def make_schema(project: Project, header: Sequence[str], source: str, findings: Findings) -> Schema:
    """Name every column of the source and add the declared fields it lacks, in the order of their declaration."""
    place = Place(source, 1)
    declared = project.model.fields
    by_column = {spec.column: name for name, spec in declared.items() if spec.column is not None}
    columns: dict[str, str] = {}
    for column in header:
        name = by_column.get(column) or field_name(column)
        if not name:
            findings.wrong(place, f'the header "{column}" has no letter or digit', "name it under fields: with column:")
        elif name in columns:
            what = f'the headers "{columns[name]}" and "{column}" are both the field {name}'
            findings.wrong(
                place, what, f"name one of them in lustrum.yaml, as in fields: {{other_{name}: {{column: '{column}'}}}}"
            )
        else:
            columns[name] = column
    for column, name in by_column.items():
        if column not in header:
            remedy = did_you_mean(column, header) or f"the source has: {', '.join(header)}"
            findings.wrong(project.place("fields", name, "column"), f'the source has no column "{column}"', remedy)
    types = {name: declared[name].type if name in declared else FieldType.TEXT for name in columns}
    new = tuple(name for name in declared if name not in columns)
    types |= {name: declared[name].type for name in new}
    return Schema(
        types,
        columns | {name: _header(name, header) for name in new},
        new,
        _key(project, columns, Path(source).name, findings),
    )


def _header(name: str, header: Iterable[str]) -> str:
    """Name the column of a new field: the field's name, in the spelling the other headers have."""
    taken = set(header)
    return name if name not in taken else f"{name}_"


def _key(project: Project, columns: dict[str, str], source: str, findings: Findings) -> str | None:
    key = project.model.leads.key
    if key is not None and key not in columns:
        header = ", ".join(columns.values())
        remedy = did_you_mean(key, columns) or f"it has: {header}: is the first line of {source} a header?"
        findings.wrong(project.place("leads", "key"), f"the source has no field {key}", remedy)
        findings.raise_if_wrong()
    return key
