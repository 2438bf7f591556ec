"""What must agree in a project: decisions, guards and the key with the fields, settings with the plugins."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from lustrum.files.campaign import Campaigns
from lustrum.files.decisions import Decision
from lustrum.files.guards import ANY_FIELD, CampaignGuards
from lustrum.files.limits import Limit
from lustrum.files.project import Project
from lustrum.planning.campaign_tree import Campaign, Entry, children, requested
from lustrum.planning.checks import Checks
from lustrum.planning.findings import Findings
from lustrum.planning.plan import Schema
from lustrum.planning.registry import Registry
from lustrum.words.conditions import ConditionError
from lustrum.words.fields import parse_cells
from lustrum.words.nearest import did_you_mean
from lustrum.words.places import Place

_NAME_IT = "name it in lustrum.yaml: leads: {key: id}"


def check_decisions(decisions: Iterable[Decision], schema: Schema, findings: Findings) -> None:
    """Find decisions about fields that are not there, or about one lead where none can be known again."""
    for decision in decisions:
        if decision.scope == "lead" and schema.key is None:
            what = "a decision about one lead needs a key to know it by, and the project has none"
            findings.wrong(decision.place, what, _NAME_IT)
        kind = schema.types.get(decision.field)
        if kind is None:
            what = f"the decision is about the field {decision.field}, which is not there"
            findings.wrong(decision.place, what, did_you_mean(decision.field, schema.types) or _known(schema))
        elif decision.after and parse_cells(pl.Series([decision.after]), kind)[0] is None:
            what = f'the decision sets "{decision.after}", and {decision.field} is {kind.value}'
            findings.wrong(decision.place, what, "write a value of that type")


def check_guards(project: Project, campaigns: Campaigns, schema: Schema, findings: Findings) -> None:
    """Find guards about fields that are not there, those of the project and of its campaigns."""
    _check_guards(project.model.guards, project.place, schema, findings)
    for campaign in campaigns.values():
        _check_guards(campaign.model.guards, campaign.place, schema, findings)


def _check_guards(guards: CampaignGuards, place_of: Callable[..., Place], schema: Schema, findings: Findings) -> None:
    by_field: dict[str, dict[str, Limit]] = {name: value for name, value in guards if isinstance(value, dict)}
    for guard, limits in by_field.items():
        for name in limits.keys() - {ANY_FIELD, *schema.types}:
            what = f"the guard is about the field {name}, which is not there"
            findings.wrong(place_of("guards", guard, name), what, did_you_mean(name, schema.types) or _known(schema))


def check_smart_lists(project: Project, checks: Checks, findings: Findings) -> None:
    """Find what is wrong in named smart lists, referred to or not; tokens have their values where they are used."""
    for name, written in project.model.smart_lists.items():
        try:
            checks.check(written)
        except ConditionError as error:
            findings.wrong(project.place("smart_lists", name, *error.path), error.message, error.remedy)


def _known(schema: Schema) -> str:
    return f"there are: {', '.join(schema.types)}"


def check_paths(roots: Iterable[Campaign], findings: Findings) -> None:
    """Find campaigns called from two entries at one path, which nothing could tell apart."""
    callers: dict[str, str] = {}
    for entry in (entry for root in roots for entry in root.walk()):
        for called in (*children(entry), *requested(entry)):
            other = callers.setdefault(called.path, entry.path)
            if other != entry.path:
                what = f"{called.path} is called by this entry and, in a choice or as a repair, by {other}"
                findings.wrong(entry.place, what, "give this one an id of its own")


def check_key(roots: Iterable[Campaign], schema: Schema, findings: Findings) -> None:
    """Find entries that write the key, or that need one where there is none."""
    for root in roots:
        for entry in root.walk():
            _check_entry(entry, schema.key, findings)


def _check_entry(entry: Entry, key: str | None, findings: Findings) -> None:
    if any(key in call.fields_written for call in entry.calls):
        what = f"{entry.name} writes {key}, the key by which leads are known"
        findings.wrong(entry.place, what, "write another field")
    if key is None and entry.adds_up:
        what = f"{entry.name} adds up and happens once a lead, and the project has no key to know a lead by"
        findings.wrong(entry.place, what, _NAME_IT)


def warn_of_unknown_plugins(project: Project, registry: Registry, findings: Findings) -> None:
    """Warn of settings about plugins that are not installed here."""
    known = [plugin.name for plugin in registry.plugins]
    wanted = project.model.plugins
    for key, names in (("disabled", wanted.disabled), ("settings", tuple(wanted.settings))):
        for name in names:
            if name not in known:
                place = project.place("plugins", key)
                findings.warn(place, f"there is no plugin {name}", did_you_mean(name, known))
