"""The planner: campaign files, plugins and decisions become a frozen plan, or every problem with its line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from lustrum.files.aliases import load_aliases
from lustrum.files.campaign import Campaigns, load_campaigns
from lustrum.files.decisions import Decision, load_decisions
from lustrum.files.project import Project
from lustrum.planning.aliases import warn_of_unread_tables
from lustrum.planning.campaign_tree import Campaign
from lustrum.planning.carrying import carried_fields
from lustrum.planning.consistency import (
    check_decisions,
    check_guards,
    check_key,
    check_paths,
    check_smart_lists,
    warn_of_unknown_plugins,
)
from lustrum.planning.entries import EntryPlanner
from lustrum.planning.findings import Findings
from lustrum.planning.incremental import check_incremental
from lustrum.planning.order import warn_about_order
from lustrum.planning.plan import Plan, Schema
from lustrum.planning.registry import Registry
from lustrum.planning.schema import make_schema
from lustrum.words.errors import ProjectError
from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean
from lustrum.words.places import Place
from lustrum.words.tokens import TokenError, override

T = TypeVar("T")
FRAMES = 60
"""Python frames that one level of nesting takes at most, in planning and in the engine: depth is not limited."""

ELSEWHEN = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
"""What a plan for this moment says otherwise reads the clock; what it says is the same every night."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run asks of the planner: which campaigns (default: the project's `run:`), when, and over which header.

    `any_kind` plans executable campaigns on their own too, for tests; `tokens` are values of my tokens for this run.
    `lines` says in which line of the source a column is named, where that is not the first.
    """

    start: datetime
    header: Sequence[str]
    source: str
    campaigns: tuple[str, ...] = ()
    any_kind: bool = False
    tokens: Mapping[str, str] = field(default_factory=dict[str, str])
    lines: Mapping[str, int] | None = None


def make_plan(project: Project, registry: Registry, request: Request) -> Plan:
    """Plan a run. Raises `ProjectError` with everything that is wrong in the project's files."""
    findings = Findings()
    campaigns = _load(findings, project.root)
    decisions = _read(findings, load_decisions, project.root)
    aliases = _read(findings, load_aliases, project.root)
    schema = make_schema(project, request.header, request.source, findings, request.lines)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), FRAMES * len(campaigns) + 1_000))
    overridden = _overridden(project, campaigns, request, findings)

    def plan_roots(start: datetime, findings: Findings) -> tuple[EntryPlanner, list[Campaign]]:
        planner = EntryPlanner(project, campaigns, registry, schema, start, findings, overridden, aliases)
        named = _roots(project, request)
        planned = (_root(planner, campaigns, name, place, findings, request.any_kind) for name, place in named)
        return planner, [root for root in planned if root]

    planner, roots = plan_roots(request.start, findings)
    check_smart_lists(project, planner.checks, findings)
    check_decisions(decisions, schema, findings)
    check_guards(project, campaigns, schema, findings)
    check_key(roots, schema, findings)
    check_paths(roots, findings)
    sparing = any(root.qualification.when_changed for root in roots)
    elsewhen = plan_roots(ELSEWHEN, Findings())[1] if sparing else roots
    check_incremental(roots, elsewhen, findings)
    findings.raise_if_wrong()
    findings.warnings.extend(campaigns.notes)
    warn_of_unknown_plugins(project, registry, findings)
    warn_about_order(roots, findings)
    warn_of_unread_tables(planner.aliases, roots, planner.checks)
    digest = _digest(roots, schema, decisions, project)
    rules = _digest(elsewhen, schema, decisions, project)
    warnings, attributes = tuple(findings.warnings), project.model.activity_attributes
    carried = carried_fields(roots, schema)
    return Plan(tuple(roots), schema, decisions, request.start, digest, warnings, attributes, carried, rules)


def _overridden(project: Project, campaigns: Campaigns, request: Request, findings: Findings) -> Mapping[str, str]:
    """Find what the caller of a run says about my tokens: of the project, or of a campaign it runs."""
    own = (campaigns[name].model.my for name, _ in _roots(project, request) if name in campaigns)
    known = {name: value for my in (project.model.my, *own) for name, value in my.items()}
    try:
        override(known, request.tokens)
    except TokenError as error:
        findings.wrong(None, str(error))
    return {field_name(name): value for name, value in request.tokens.items()}


def _load(findings: Findings, root: Path) -> Campaigns:
    try:
        return load_campaigns(root)
    except ProjectError as error:
        findings.problems.extend(error.problems)
        findings.raise_if_wrong()
        raise


def _read(findings: Findings, load: Callable[[Path], tuple[T, ...]], root: Path) -> tuple[T, ...]:
    try:
        return load(root)
    except ProjectError as error:
        findings.problems.extend(error.problems)
        return ()


def _roots(project: Project, request: Request) -> Iterable[tuple[str, Place | None]]:
    if request.campaigns:
        return [(name, None) for name in request.campaigns]
    place = project.place("run")
    return [(name, place) for name in project.model.run]


def _root(
    planner: EntryPlanner, campaigns: Campaigns, name: str, place: Place | None, findings: Findings, any_kind: bool
) -> Campaign | None:
    source = campaigns.get(name)
    if source is None:
        findings.wrong(place, f"there is no campaign {name}", did_you_mean(name, campaigns) or _known(campaigns))
        return None
    if source.model.kind == "executable" and not any_kind:
        what = f"the campaign {name} is executable: it runs only where another campaign executes it"
        findings.wrong(source.place("kind"), what, "run a batch campaign that executes it")
        return None
    return planner.plan_campaign(source, path=name, parent=None)


def _known(campaigns: Mapping[str, object]) -> str:
    return f"there are: {', '.join(campaigns)}" if campaigns else "put one into the folder campaigns"


def _digest(roots: Iterable[Campaign], schema: Schema, decisions: Iterable[Decision], project: Project) -> str:
    digest = blake2b(digest_size=16)
    for file in sorted((project.root / "campaigns").glob("*.y*ml")):
        digest.update(file.read_bytes())
    digest.update((project.root / project.document.file).read_bytes())
    digest.update(repr((dict(schema.types), schema.columns, tuple(decisions))).encode())
    for root in roots:
        for entry in root.walk():
            digest.update(repr((entry.path, [call.digest for call in entry.calls])).encode())
    return digest.hexdigest()
