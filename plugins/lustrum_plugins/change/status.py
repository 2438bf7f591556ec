"""`change.status`: move a lead forward in a program."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from lustrum import Failed, Program, ProgramOption, Skip, step
from lustrum.contracts.options import OptionValues
from lustrum.words.nearest import did_you_mean


def _folded(status: str) -> str:
    return " ".join(status.casefold().split())


def _by_name(program: Program) -> dict[str, str]:
    return {_folded(status): status for status in program.statuses}


def _of_program(status: str, info: ValidationInfo) -> str:
    program = info.data.get("program")
    if not isinstance(program, Program):
        return status
    known = _by_name(program)
    if _folded(status) not in known:
        hint = did_you_mean(status, program.statuses) or f"it has: {', '.join(program.statuses)}"
        raise ValueError(f'the program {program.name} has no status "{status}"; {hint}')
    return known[_folded(status)]


def _field(options: OptionValues) -> list[str]:
    return [options["program"].field]


@step("change.status", reads=_field, writes=_field)
def status(
    *values: str | None, program: ProgramOption, status: Annotated[str, AfterValidator(_of_program)]
) -> str | Skip | Failed:
    """Move a lead forward to a status of a program.

    Options:

    * `program`: a program of lustrum.yaml, where `programs: {webinar: [Invited, Registered, Attended]}` gives the
      statuses in their order. The status of a lead stands in the field `status.webinar`.
    * `status`: one of its statuses.

    A lead that has no status in the program yet gets this one, and is a member from then on. A lead moves forward
    only: one that has the status already is left unchanged, one that is past it is skipped. Statuses compare ignoring
    case and spaces around; they are written as the program has them.

    Skips with `already_past`.

    Fails with `unknown_status` where the field holds something that is no status of the program.

    >>> webinar = Program("webinar", ("Invited", "Registered", "Attended"))
    >>> status("invited", program=webinar, status="Attended")
    'Attended'
    >>> status("Attended", program=webinar, status="Invited")
    Skip(reason='already_past')
    """
    order = list(_by_name(program))
    held = next((value for value in values if value), None)
    if held is None:
        return status
    if _folded(held) not in order:
        known = ", ".join(program.statuses)
        return Failed("unknown_status", f'"{held}" is no status of the program {program.name}; it has: {known}')
    return status if order.index(_folded(held)) <= order.index(_folded(status)) else Skip("already_past")
