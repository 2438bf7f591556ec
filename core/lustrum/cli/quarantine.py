"""`lustrum quarantine`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from lustrum.cli.loading import find_root, project_option
from lustrum.cli.watched import Watching, watching_options

if TYPE_CHECKING:
    from lustrum.report.quarantined import Held

F = TypeVar("F", bound=Callable[..., object])


def _filter_options(command: F) -> F:
    """Add the options that say which part of the quarantine is meant."""
    code = click.option("--code", metavar="CODE", help="Only what failed for this reason, as in not_a_country.")
    field = click.option("--field", metavar="FIELD", help="Only what is about this field.")
    older = click.option("--older", metavar="TIME", help="Only what has been there for so long, as in 7d.")
    return code(field(older(command)))


@click.group("quarantine")
def command() -> None:
    """Show the leads that could not be finished, hand them to people, and try them again.

    What is in quarantine is what the last applied run left there.
    """


@command.command("list")
@project_option
@_filter_options
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def list_held(folder: Path | None, code: str | None, field: str | None, older: str | None, as_json: bool) -> None:
    """List what is in quarantine, the oldest first: since when, the lead, the field, the code, the reason."""
    held = sorted(_held(folder, code, field, older), key=lambda each: (each.since, -each.runs))
    if as_json:
        click.echo(json.dumps([asdict(each) for each in held], indent=2, ensure_ascii=False, default=str))
        return
    for line in _lines(held):
        click.echo(line)


@command.command("show")
@click.argument("key")
@project_option
def show(key: str, folder: Path | None) -> None:
    """Show all that is known of one lead in quarantine, with what the step was given."""
    from lustrum.words.errors import UsageError
    from lustrum.words.nearest import did_you_mean

    held = _held(folder, None, None, None)
    found = [each for each in held if each.key == key]
    if not found:
        hint = did_you_mean(key, {each.key for each in held if each.key}) or "`lustrum quarantine list` shows who is"
        raise UsageError(f"the lead {key} is not in quarantine; {hint}")
    for each in found:
        click.echo("\n".join(_story(each)))
    click.echo(f"\nits whole story: lustrum why {key}; try it again after the fix: lustrum quarantine retry")


@command.command("export")
@project_option
@_filter_options
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it here instead of printing it.")
def export(folder: Path | None, code: str | None, field: str | None, older: str | None, out: Path | None) -> None:
    """Write the quarantine as a table for people: a cell that would be a formula in a spreadsheet is quoted."""
    from lustrum.report.quarantined import Held
    from lustrum.report.spreadsheets import table_for_people

    columns = [column.name for column in fields(Held)]
    held = _held(folder, code, field, older)
    text = table_for_people(columns, ([getattr(each, name) for name in columns] for each in held))
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        out.chmod(0o600)


@command.command("retry")
@project_option
@click.option("--dry-run", is_flag=True, help="Do everything but apply.")
@watching_options
def retry(folder: Path | None, dry_run: bool, log_format: str, as_json: bool, quiet: bool) -> int:
    """Take the leads in quarantine through the campaigns again, and nobody else.

    It is a run of its own. Every other row is as the last run wrote it; a lead that has changed in the source since
    goes through too.
    """
    from lustrum.running.runner import RunOptions, run_project

    if not _held(folder, None, None, None):
        click.echo("nothing is in quarantine", err=quiet)
        return 0
    options = RunOptions(dry_run=dry_run, only_quarantined=True)
    watching = Watching(log_format, as_json, quiet)
    return watching.run(folder, lambda project, registry, told: run_project(project, registry, options, told))


def _held(folder: Path | None, code: str | None, field: str | None, older: str | None) -> list[Held]:
    from lustrum.cli.past_runs import open_past
    from lustrum.report.quarantined import chosen, read_quarantine
    from lustrum.words.durations import parse_duration
    from lustrum.words.fields import field_name

    root = find_root(folder)
    before = datetime.now(UTC) - parse_duration(older) if older else None
    with open_past(root) as ledger:
        return chosen(read_quarantine(root, ledger), code, field_name(field) if field else None, before)


def _lines(held: Iterable[Held]) -> Iterator[str]:
    from lustrum.cli.aligned import align

    rows = list(held)
    if not rows:
        yield "nothing is in quarantine"
        return
    yield from align(
        [
            (
                f"{each.since:%Y-%m-%d}",
                f"{each.runs}x",
                each.key or "(no key)",
                each.field or "",
                each.code,
                each.message or "",
            )
            for each in rows
        ]
    )
    from lustrum.report.quarantined import PAGE

    leads = Counter(code for code, _ in sorted({(each.code, each.key or "") for each in rows}))
    yield ""
    yield f"what a code means, and what to do: {PAGE}#CODE, and lustrum quarantine show KEY"
    yield f"{len({each.key for each in rows}):,} leads: {', '.join(f'{code} {n:,}' for code, n in leads.most_common())}"


def _story(each: Held) -> Iterator[str]:
    from lustrum.report.quarantined import where_told

    yield f"{each.key}: {each.field or 'the whole lead'}: {each.code}"
    yield f"  since     {each.since:%Y-%m-%d %H:%M} UTC, {each.runs} runs"
    yield f"  reason    {each.message or ''}"
    yield f"  read      {where_told(each.code)}"
    if each.path:
        yield f"  entry     {each.path} ({each.step}), {each.attempts} attempts"
    if each.inputs and each.inputs != "{}":
        yield f"  given     {each.inputs}"
