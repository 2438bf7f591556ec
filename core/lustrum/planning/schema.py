"""From the header of the source and the project's fields, lists and programs to the fields of the leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lustrum.files.project import Project
from lustrum.planning.findings import Findings
from lustrum.planning.plan import Schema
from lustrum.words.fields import FieldType, field_name
from lustrum.words.nearest import did_you_mean
from lustrum.words.places import Place


@dataclass(frozen=True, slots=True)
class _Membership:
    """A list or program of the project, and what its field is."""

    said: str
    type: FieldType
    place: Place


def make_schema(
    project: Project,
    header: Sequence[str],
    source: str,
    findings: Findings,
    lines: Mapping[str, int] | None = None,
) -> Schema:
    """Name every column of the source and add the fields it lacks: those declared, then lists and programs.

    Left out, `lines` are the first for every column; one that they lack stands in no line.
    A list or program that is neither a column nor declared under `fields:` is kept, by the key of its leads.
    """
    declared = project.model.fields
    lines = dict.fromkeys(header, 1) if lines is None else lines
    columns = _columns(project, {column: Place(source, lines.get(column)) for column in header}, findings)
    key = _key(project, columns, Path(source).name if set(lines.values()) == {1} else None, findings)
    members = _memberships(project, findings)
    kept = [name for name in members if name not in columns and name not in declared]
    if key is None:
        _refuse_kept({name: members[name] for name in kept}, findings)
    types = {name: member.type for name, member in members.items()}
    types |= {name: spec.type for name, spec in declared.items()}
    added = [name for name in declared if name not in columns]
    return Schema(
        {name: types.get(name, FieldType.TEXT) for name in (*columns, *added, *kept)},
        columns | {name: _header(name, header) for name in added},
        (*added, *kept),
        key,
        frozenset(kept),
    )


def _columns(project: Project, header: Mapping[str, Place], findings: Findings) -> dict[str, str]:
    declared = project.model.fields
    by_column = {spec.column: name for name, spec in declared.items() if spec.column is not None}
    columns: dict[str, str] = {}
    for column, place in header.items():
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
    return columns


def _memberships(project: Project, findings: Findings) -> dict[str, _Membership]:
    found: dict[str, _Membership] = {}
    for name, member in _declared_memberships(project, findings):
        if name in found:
            what = f"the {member.said} and the {found[name].said} are both the field {name}"
            findings.wrong(member.place, what, "rename one of them")
        else:
            found[name] = member
    return found


def _declared_memberships(project: Project, findings: Findings) -> Iterator[tuple[str, _Membership]]:
    lists = [("list", name, project.place("lists", number)) for number, name in enumerate(project.model.lists)]
    programs = [("program", name, project.place("programs", name)) for name in project.model.programs]
    for kind, name, place in (*lists, *programs):
        if not field_name(name):
            findings.wrong(place, f'"{name}" is no name of a {kind}', "use letters or digits")
        elif kind == "list":
            yield field_name(f"list.{name}"), _Membership(f"list {name}", FieldType.BOOLEAN, place)
        else:
            yield field_name(f"status.{name}"), _Membership(f"program {name}", FieldType.TEXT, place)


def _refuse_kept(kept: Mapping[str, _Membership], findings: Findings) -> None:
    for name, member in kept.items():
        what = (
            f"the source has no column {name}, so the {member.said} is kept by the key of its leads, and there is none"
        )
        findings.wrong(member.place, what, "name the key in lustrum.yaml: leads: {key: id}")


def _header(name: str, header: Iterable[str]) -> str:
    """Name the column of a new field: the field's name, in the spelling the other headers have."""
    taken = set(header)
    return name if name not in taken else f"{name}_"


def _key(project: Project, columns: dict[str, str], headed: str | None, findings: Findings) -> str | None:
    """Give the field that is the key; `headed` is a source whose first line names its columns."""
    key = project.model.leads.key
    if key is not None and key not in columns:
        header = ", ".join(columns.values())
        doubt = f": is the first line of {headed} a header?" if headed else ""
        remedy = did_you_mean(key, columns) or f"it has: {header}{doubt}"
        findings.wrong(project.place("leads", "key"), f"the source has no field {key}", remedy)
        findings.raise_if_wrong()
    return key
