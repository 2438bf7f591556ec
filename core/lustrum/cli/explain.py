"""`lustrum explain`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from lustrum.cli.loading import leads_option, open_project, plan_project, project_option

if TYPE_CHECKING:
    from lustrum.report.outline import PlanOutline

Format = Literal["text", "mermaid", "json"]


@click.command("explain")
@click.argument("campaigns", nargs=-1, metavar="[CAMPAIGN]...")
@project_option
@leads_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "mermaid", "json"]),
    default="text",
    show_default=True,
    help="What to print: a tree, a flowchart for Mermaid, or data.",
)
def command(campaigns: tuple[str, ...], folder: Path | None, leads: str | None, form: Format) -> None:
    """Show the plan: what happens to a lead in which order, what depends on what, what is retried.

    CAMPAIGN may be executable too; left out, those the project's `run:` names. No lead is read but the header.
    """
    from lustrum.report.outliner import outline_plan
    from lustrum.words.errors import UsageError

    project, registry = open_project(folder)
    plan = plan_project(project, registry, campaigns, leads, any_kind=True)
    if not plan.campaigns:
        raise UsageError("which campaign? name one, or write `run: NAME` into lustrum.yaml")
    for line in _lines(outline_plan(plan, project), form):
        click.echo(line)


def _lines(outline: PlanOutline, form: Format) -> Iterator[str]:
    from lustrum.cli.mermaid import mermaid_lines
    from lustrum.cli.outline_text import outline_lines

    if form == "json":
        return iter([json.dumps(asdict(outline), indent=2, ensure_ascii=False, default=str)])
    return mermaid_lines(outline) if form == "mermaid" else outline_lines(outline)
