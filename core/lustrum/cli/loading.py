"""What most commands begin with: the project, its plugins, its plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from lustrum.files.project import Project
    from lustrum.planning.plan import Plan
    from lustrum.planning.registry import Registry

F = TypeVar("F", bound=Callable[..., object])


def project_option(command: F) -> F:
    """Add `--project DIR` to a command."""
    option = click.option(
        "--project",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        help="The project's folder; left out, here or the nearest parent with a lustrum.yaml.",
    )
    return option(command)


def leads_option(command: F) -> F:
    """Add `--leads FILE` to a command."""
    help_text = "Read the leads from here instead."
    return click.option("--leads", metavar="FILE", callback=from_here, help=help_text)(command)


def from_here(_context: click.Context, _parameter: click.Parameter, place: str | None) -> str | None:
    """Give a file by its whole path: a later command, called from another folder, must find the same one."""
    from lustrum.files.locations import located

    return None if place is None else located(Path.cwd(), place)


def find_root(folder: Path | None) -> Path:
    """Find the project's folder: the one named, or here, or the nearest parent that is one. Raises `UsageError`."""
    from lustrum.files.project import find_project
    from lustrum.words.errors import UsageError

    if folder is not None and not folder.is_dir():
        raise UsageError(f"there is no folder {folder}")
    return find_project(folder or Path.cwd())


def open_project(folder: Path | None) -> tuple[Project, Registry]:
    """Find and read the project and load its plugins."""
    from lustrum.files.project import load_project
    from lustrum.planning.registry import Registry

    project = load_project(find_root(folder))
    return project, Registry.of_project(project)


def load_registry(folder: Path | None) -> Registry:
    """Load the plugins of the project, or, outside of any, those that are installed."""
    from lustrum.planning.registry import Registry

    return open_project(folder)[1] if folder is not None or in_project() else Registry.load()


def in_project() -> bool:
    """Say whether the working folder is in a project."""
    from lustrum.files.project import find_project
    from lustrum.words.errors import UsageError

    try:
        find_project(Path.cwd())
    except UsageError:
        return False
    return True


def plan_project(
    project: Project,
    registry: Registry,
    campaigns: tuple[str, ...],
    leads: str | None = None,
    *,
    any_kind: bool = False,
) -> Plan:
    """Plan the campaigns (default: the project's) over the header of the source; no lead is read.

    `any_kind` plans executable campaigns on their own too.
    """
    from lustrum.contracts.sources import header_lines
    from lustrum.planning.planner import Request, make_plan
    from lustrum.running.clock import run_start
    from lustrum.running.runner import locate

    declared = project.model.leads
    source = registry.open_source(locate(project, leads, declared.from_), declared.dialect)
    start = run_start(project.model.timezone)
    lines = header_lines(source)
    return make_plan(
        project, registry, Request(start, source.header, source.location, campaigns, any_kind, lines=lines)
    )
