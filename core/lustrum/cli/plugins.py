"""`lustrum plugins`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lustrum.cli.loading import load_registry, project_option

if TYPE_CHECKING:
    from lustrum.planning.plugins import Plugin


@click.command("plugins")
@project_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(folder: Path | None, as_json: bool) -> None:
    """List the plugins: where each comes from, what it offers, or why it offers nothing.

    In a project, its own plugins and those it disables are listed too.
    """
    plugins = load_registry(folder).imported().plugins
    if as_json:
        click.echo(json.dumps([_plain(plugin) for plugin in plugins], indent=2, ensure_ascii=False))
        return
    for plugin in plugins:
        for line in _lines(plugin):
            click.echo(line)


def _plain(plugin: Plugin) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "source": plugin.source,
        "version": plugin.version,
        "steps": [step.name for step in plugin.steps],
        "hooks": list(plugin.hooks),
        "error": plugin.error,
        "disabled": plugin.disabled,
    }


def _lines(plugin: Plugin) -> Iterator[str]:
    version = f" {plugin.version}" if plugin.version else ""
    yield f"{plugin.name}{version}, {plugin.source}"
    if plugin.disabled:
        yield "  disabled in lustrum.yaml, not imported"
    if plugin.error:
        yield f"  ERROR  {plugin.error}"
    if plugin.steps:
        yield f"  steps  {', '.join(step.name for step in plugin.steps)}"
    if plugin.hooks:
        yield f"  hooks  {', '.join(plugin.hooks)}"
