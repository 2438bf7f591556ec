"""`lustrum check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lustrum.cli.loading import leads_option, open_project, plan_project, project_option

if TYPE_CHECKING:
    from lustrum.files.project import Project
    from lustrum.planning.plan import Plan


@click.command("check")
@click.argument("campaigns", nargs=-1, metavar="[CAMPAIGN]...")
@project_option
@leads_option
def command(campaigns: tuple[str, ...], folder: Path | None, leads: str | None) -> int:
    """Find everything that can be wrong in the project, reading no lead but the source's header.

    Without CAMPAIGN, every batch campaign is checked and every executable one, those that nothing executes too.
    """
    project, registry = open_project(folder)
    plan = plan_project(project, registry, campaigns or _all_campaigns(project), leads, any_kind=not campaigns)
    for plugin in registry.plugins:
        if plugin.error:
            click.echo(f"plugin {plugin.name} ({plugin.source}): {plugin.error}")
    for warning in plan.warnings:
        click.echo(f"warning: {warning}")
    click.echo(_verdict(project, plan))
    return 0


def _all_campaigns(project: Project) -> tuple[str, ...]:
    """Name what `run:` names, every other batch campaign, and the executable ones that none of these executes."""
    from lustrum.files.campaign import load_campaigns

    campaigns = load_campaigns(project.root)
    batch = [name for name, campaign in campaigns.items() if campaign.model.kind == "batch"]
    executed = {name for campaign in campaigns.values() for name in campaign.executes}
    unused = [
        name for name, campaign in campaigns.items() if campaign.model.kind == "executable" and name not in executed
    ]
    return tuple(dict.fromkeys([*project.model.run, *batch, *unused]))


def _verdict(project: Project, plan: Plan) -> str:
    names = ", ".join(campaign.name for campaign in plan.campaigns) or "no campaign"
    entries = sum(1 for _ in plan.entries())
    return f"{project.root.name}: {names}: entries {entries}, fields {len(plan.schema.types)}: nothing is wrong"
