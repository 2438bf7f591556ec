"""`lustrum check`."""

from __future__ import annotations

from pathlib import Path

import click

from lustrum.cli.loading import leads_option, open_project, plan_project, project_option


@click.command("check")
@click.argument("campaigns", nargs=-1, metavar="[CAMPAIGN]...")
@project_option
@leads_option
def command(campaigns: tuple[str, ...], folder: Path | None, leads: str | None) -> int:
    """Find everything that can be wrong in the project, reading no lead but the source's header."""
    project, registry = open_project(folder)
    plan = plan_project(project, registry, campaigns, leads)
    for plugin in registry.plugins:
        if plugin.error:
            click.echo(f"plugin {plugin.name} ({plugin.source}): {plugin.error}")
    for warning in plan.warnings:
        click.echo(f"warning: {warning}")
    entries = sum(1 for _ in plan.entries())
    names = ", ".join(campaign.name for campaign in plan.campaigns) or "no campaign (`run:` names none)"
    click.echo(f"{project.root.name}: {names}: {entries} entries, {len(plan.schema.types)} fields: nothing is wrong")
    return 0
