"""`lustrum steps`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lustrum.cli.loading import load_registry, project_option

if TYPE_CHECKING:
    from lustrum.planning.registry import Offered, Registry


@click.command("steps")
@click.argument("name", required=False)
@project_option
@click.option(
    "--json", "as_json", is_flag=True, help="Print as JSON; for one step with the JSON Schema of its options."
)
def command(name: str | None, folder: Path | None, as_json: bool) -> None:
    """List the installed steps, or show one: what it does, reads and writes, its options.

    In a project, the steps of its own plugins are listed too.
    """
    registry = load_registry(folder)
    if name is None:
        _show_all(registry.imported(), as_json)
    else:
        _show(_find(registry, name), as_json)


def _find(registry: Registry, name: str) -> Offered:
    from lustrum.planning.registry import StepNotFound
    from lustrum.words.errors import UsageError

    try:
        return registry.find(name)
    except StepNotFound as error:
        raise UsageError(f"{error}; {error.remedy}") from error


def _show(offered: Offered, as_json: bool) -> None:
    from lustrum.cli.step_text import sheet_lines
    from lustrum.report.catalogue import describe_step

    sheet = describe_step(offered)
    lines = [json.dumps(asdict(sheet), indent=2, ensure_ascii=False, default=str)] if as_json else sheet_lines(sheet)
    for line in lines:
        click.echo(line)


def _show_all(registry: Registry, as_json: bool) -> None:
    from lustrum.cli.aligned import align

    listed = list(_listed(registry))
    if as_json:
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        shown = ("name", "plugin", "version", "summary")
        for line in align([shown, *([row[column] for column in shown] for row in listed)]):
            click.echo(line)
    for note in _notes(registry):
        click.echo(f"note: {note}", err=True)


def _listed(registry: Registry) -> Iterator[dict[str, Any]]:
    for name, offers in registry.steps.items():
        for offered in offers:
            plugin = offered.plugin
            known = {"name": name, "plugin": plugin.name, "version": plugin.version}
            yield {**known, "source": plugin.source, "summary": offered.step.summary}


def _notes(registry: Registry) -> Iterator[str]:
    for name, offers in registry.steps.items():
        if len(offers) > 1:
            sources = " and ".join(offered.plugin.source for offered in offers)
            yield f"{name} is offered by {sources}, and cannot be used until one of them is disabled"
    for plugin in registry.plugins:
        if plugin.error:
            lack = "does not offer all of its steps" if plugin.steps else "offers no steps"
            yield f"the plugin {plugin.name} {lack}: {plugin.error}"
