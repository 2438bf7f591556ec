"""The named smart lists that the campaigns of a plan refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lustrum.files.campaign import Campaign, load_campaigns
from lustrum.files.project import Project
from lustrum.report.outline import SmartListOutline
from lustrum.words.conditions import Condition, SmartListReference, expand, parse_condition
from lustrum.words.places import Place


def outline_smart_lists(project: Project, names: set[str]) -> Iterator[SmartListOutline]:
    """Give the lists that the campaigns of these names refer to, directly or through others, in the file's order."""
    named = project.model.smart_lists
    if not named:
        return
    campaigns = load_campaigns(project.root)
    used = _used_at(project, [campaigns[name] for name in campaigns if name in names])
    for name in named:
        if places := used.get(name.lower()):
            text = str(expand(SmartListReference(name), named))
            yield SmartListOutline(name, text, tuple(map(str, places)))


def _used_at(project: Project, campaigns: list[Campaign]) -> Mapping[str, list[Place]]:
    """Give, by the name of a list in lower case, where it is referred to."""
    found: dict[str, list[Place]] = {}
    for campaign in campaigns:
        for written, path in _written(campaign):
            for name in dict.fromkeys(_referred(written)):
                found.setdefault(name, []).append(campaign.place(*path))
    waiting = list(found)
    lists = {name.lower(): name for name in project.model.smart_lists}
    while waiting:
        outer = lists[waiting.pop()]
        for name in dict.fromkeys(_referred(project.model.smart_lists[outer])):
            waiting += [] if name in found else [name]
            found.setdefault(name, []).append(project.place("smart_lists", outer))
    return found


def _written(campaign: Campaign) -> Iterator[tuple[object, tuple[str | int, ...]]]:
    """Give every condition of a campaign's file as it is written, with its path in the file."""
    yield campaign.model.smart_list, ("smart_list",)
    for number, entry in enumerate(campaign.model.flow):
        place = ("flow", number)
        yield entry.when, (*place, "when")
        for position, choice in enumerate(entry.choices):
            yield choice.when, (*place, "choices", position, "when")
        if entry.retry:
            yield entry.retry.until, (*place, "retry", "until")


def _referred(written: object) -> Iterator[str]:
    if written is not None:
        yield from _references(parse_condition(written))


def _references(condition: Condition) -> Iterator[str]:
    if isinstance(condition, SmartListReference):
        yield condition.name.lower()
    for part in condition.parts:
        yield from _references(part)
