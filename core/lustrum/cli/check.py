"""`lustrum check`."""

from __future__ import annotations

from collections.abc import Iterator
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

    Without CAMPAIGN, every campaign is checked, those that nobody begins too.
    """
    project, registry = open_project(folder)
    plan = plan_project(project, registry, campaigns or _all_campaigns(project), leads, any_kind=not campaigns)
    for plugin in registry.imported().plugins:
        if plugin.error:
            click.echo(f"plugin {plugin.name} ({plugin.source}): {plugin.error}")
    for warning in plan.warnings:
        click.echo(f"warning: {warning}")
    for line in () if campaigns else _idle(project):
        click.echo(line)
    click.echo(_verdict(project, plan))
    return 0


def _all_campaigns(project: Project) -> tuple[str, ...]:
    """Name what `run:` names, every other batch and trigger campaign, and the executable ones that none executes."""
    from lustrum.files.campaign import load_campaigns

    campaigns = load_campaigns(project.root)
    executed = {name for campaign in campaigns.values() for name in campaign.executes}
    roots = [name for name, campaign in campaigns.items() if campaign.model.kind != "executable"]
    unused = [name for name in campaigns if name not in executed and name not in roots]
    return tuple(dict.fromkeys([*project.model.run, *roots, *unused]))


def _idle(project: Project) -> Iterator[str]:
    from lustrum.files.campaign import load_campaigns
    from lustrum.report.callers import only_requested, unused_campaigns

    campaigns = load_campaigns(project.root)
    yield from (f"warning: {problem}" for problem in unused_campaigns(project, campaigns))
    yield from (f"note: {problem}" for problem in only_requested(project, campaigns))


def _verdict(project: Project, plan: Plan) -> str:
    names = ", ".join(campaign.name for campaign in plan.campaigns) or "no campaign"
    entries = sum(1 for _ in plan.entries())
    return f"{project.root.name}: {names}: entries {entries}, fields {len(plan.schema.types)}: nothing is wrong"
