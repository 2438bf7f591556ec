"""Which campaigns of a project nobody begins."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from lustrum.files.campaign import Campaign, Retry
from lustrum.files.project import Project
from lustrum.words.errors import Problem


def unused_campaigns(project: Project, campaigns: Mapping[str, Campaign]) -> Iterator[Problem]:
    """Find executable campaigns that no other one leads to, and trigger campaigns that the project does not run."""
    begun = [name for name, campaign in campaigns.items() if campaign.model.kind != "executable"]
    reached = _reached(project, campaigns, begun)
    for name, campaign in campaigns.items():
        place = campaign.place("campaign")
        if campaign.model.kind == "executable" and name not in reached:
            what = f"no batch or trigger campaign leads to {name}, which runs only where it is executed"
            yield Problem(place, what, "execute it somewhere, or remove it")
        elif campaign.model.kind == "trigger" and name not in project.model.run:
            what = f"`run:` in lustrum.yaml does not name the trigger campaign {name}, so `lustrum run` passes it by"
            yield Problem(place, what, "name it there, or wherever `lustrum run` is called")


def only_requested(project: Project, campaigns: Mapping[str, Campaign]) -> Iterator[Problem]:
    """Find batch campaigns that others request and that the project, which names what it runs, does not run itself."""
    run = project.model.run
    for name, campaign in campaigns.items():
        callers = [caller for caller, other in campaigns.items() if name in other.executes]
        if campaign.model.kind == "batch" and run and name not in run and callers:
            what = f"{name} runs only for the leads for which {' or '.join(callers)} requests it"
            yield Problem(campaign.place("campaign"), what)


def _reached(project: Project, campaigns: Mapping[str, Campaign], begun: Collection[str]) -> set[str]:
    """Give the campaigns that these lead to, themselves included, through executions, requests and repairs."""
    reached: set[str] = set()
    waiting = [*begun, *_default_repair(project.model.defaults.retry)]
    while waiting:
        name = waiting.pop()
        if name not in reached and name in campaigns:
            reached.add(name)
            campaign = campaigns[name]
            waiting += [*campaign.executes, *_default_repair(campaign.model.defaults.retry)]
    return reached


def _default_repair(retry: Retry | None) -> list[str]:
    return [retry.repair] if retry and retry.repair else []
