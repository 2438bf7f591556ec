"""The fields of a plan as text: their types, what the source lacks, who reads and writes each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lustrum.cli.tree import Branch
from lustrum.report.outline import FieldOutline, PlanOutline


def fields_line(plan: PlanOutline) -> str:
    """Say how many fields there are, and of some: the key, what the source lacks, what is kept or carried."""
    key = f", key {plan.key}" if plan.key else ", no key"
    kept = [_typed(field) for field in plan.fields if field.kept]
    new = [_typed(field) for field in plan.fields if field.new and not field.kept]
    carried = [field.name for field in plan.fields if field.carried]
    told = {"the source lacks": new, "the journal keeps": kept, "carried from run to run": carried}
    listed = "".join(f"; {what} {', '.join(names)}" for what, names in told.items() if names)
    return f"fields: {len(plan.fields)}{key}{listed}"


def _typed(field: FieldOutline) -> str:
    return f"{field.name} ({field.type})"


def field_branches(fields: Iterable[FieldOutline]) -> Iterator[Branch]:
    """Give, for each field that something reads or writes, who does."""
    for field in fields:
        facts = [
            ("read by", _users(field.users.read_by, field.requested.read_by)),
            ("asked by", _users(field.users.asked_by, field.requested.asked_by)),
            ("written by", _users(field.users.written_by, field.requested.written_by)),
        ]
        told = [(word, users) for word, users in facts if users]
        if told:
            column = "" if field.column == field.name else f", column {field.column}"
            yield Branch(f"field {_typed(field)}{column}", told)


def _users(own: Iterable[str], requested: Iterable[str]) -> str:
    later = ", ".join(requested)
    return "; ".join(part for part in (", ".join(own), f"on request: {later}" if later else "") if part)
