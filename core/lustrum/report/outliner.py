"""Drawing the outline of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from lustrum.files.decisions import Decision
from lustrum.files.project import Project
from lustrum.planning.actions import Execution, Removal, Requisition, Waiting
from lustrum.planning.campaign_tree import Campaign, Entry, Qualification, Repeat, Variant
from lustrum.planning.plan import Plan
from lustrum.report.action_outline import ActionOutline
from lustrum.report.action_outliner import outline_step, outline_wait
from lustrum.report.condition_outline import outline_activity, outline_condition
from lustrum.report.dependencies import Settlers, settlers_by_entry
from lustrum.report.field_users import FieldUsers, field_users
from lustrum.report.named_lists import outline_smart_lists
from lustrum.report.needs import needs_of
from lustrum.report.outline import (
    FORMAT,
    CampaignOutline,
    DecisionOutline,
    EntryOutline,
    FieldOutline,
    PlanOutline,
    RetryOutline,
    Verb,
)
from lustrum.words.durations import duration_text


def outline_plan(plan: Plan, project: Project) -> PlanOutline:
    """Outline a plan of a project."""
    outliner = _Outliner(settlers_by_entry(plan.campaigns), project.root)
    users = field_users(plan.campaigns)
    return PlanOutline(
        format=FORMAT,
        project=project.root.name,
        digest=plan.digest,
        key=plan.schema.key,
        campaigns=tuple(outliner.root(campaign) for campaign in plan.campaigns),
        fields=tuple(_fields(plan, *users)),
        attributes={name: kind.value for name, kind in plan.attributes.items()},
        smart_lists=tuple(outline_smart_lists(project, {campaign.name for campaign in plan.tree})),
        decisions=tuple(_decision(decision) for decision in plan.decisions),
        warnings=tuple(str(warning) for warning in plan.warnings),
    )


def _fields(plan: Plan, users: Mapping[str, FieldUsers], requested: Mapping[str, FieldUsers]) -> Iterator[FieldOutline]:
    schema = plan.schema
    for name, kind in schema.types.items():
        new, kept, carried = name in schema.new, name in schema.kept, name in plan.carried
        own, later = users.get(name, FieldUsers()), requested.get(name, FieldUsers())
        yield FieldOutline(name, kind.value, schema.column(name), new, kept, carried, own, later)


def _decision(decision: Decision) -> DecisionOutline:
    return DecisionOutline(
        decision.scope,
        decision.key,
        decision.field,
        decision.before,
        decision.after,
        decision.verdict,
        decision.until.isoformat() if decision.until else None,
        decision.who,
        decision.when,
        str(decision.place) if decision.place else None,
    )


class _Outliner:
    def __init__(self, settlers: Mapping[str, Settlers], root: Path) -> None:
        self._settlers = settlers
        self._root = root
        self._triggered = False

    def root(self, campaign: Campaign) -> CampaignOutline:
        self._triggered = campaign.trigger is not None
        return self.campaign(campaign, "")

    def campaign(self, campaign: Campaign, number: str) -> CampaignOutline:
        return CampaignOutline(
            name=campaign.name,
            kind=campaign.kind,
            path=campaign.path,
            place=str(campaign.place),
            trigger=tuple(map(outline_activity, campaign.trigger.filters)) if campaign.trigger else (),
            smart_list=outline_condition(campaign.gate),
            qualification=_qualification(campaign.qualification),
            reads=tuple(sorted(campaign.fields_read)),
            writes=campaign.fields_written,
            entries=tuple(
                self._entry(entry, f"{number}{position}") for position, entry in enumerate(campaign.entries, start=1)
            ),
        )

    def _entry(self, entry: Entry, number: str) -> EntryOutline:
        actions = tuple(self._action(variant, f"{number}.") for variant in entry.variants)
        return EntryOutline(
            number=number,
            path=entry.path,
            id=entry.id,
            place=str(entry.place),
            verb=_verb(actions),
            name=entry.name,
            when=outline_condition(entry.when),
            chosen=entry.chosen,
            actions=actions,
            reads=tuple(sorted(entry.fields_read)),
            writes=entry.fields_written,
            needs=tuple(needs_of(entry, self._settlers[entry.path])),
            retry=self._retry(entry, f"{number}r."),
            on_fail=entry.on_fail,
            repeat=_repeat(entry.repeat) if entry.adds_up else None,
            counted_by="lead" if entry.repeat.whatever_reason else "activity" if self._triggered else "fields",
        )

    def _action(self, variant: Variant, number: str) -> ActionOutline:
        when, action = outline_condition(variant.check), variant.action
        match action:
            case None:
                return ActionOutline("nothing", "", when)
            case Removal():
                return ActionOutline("remove", action.name, when)
            case Waiting():
                return outline_wait(action, when)
            case Execution():
                child = self.campaign(action.campaign, number)
                return ActionOutline(
                    "execute", child.name, when, reads=child.reads, writes=child.writes, campaign=child
                )
            case Requisition():
                later = self.campaign(action.campaign, number)
                return ActionOutline("request", later.name, when, once=True, campaign=later)
            case _:
                return outline_step(action, when, self._root)

    def _retry(self, entry: Entry, number: str) -> RetryOutline:
        retry = entry.retry
        return RetryOutline(
            attempts=retry.attempts,
            strategies=_strategies(entry),
            transient_attempts=retry.transient_attempts,
            wait=str(retry.waits),
            deadline=None if retry.deadline is None else duration_text(retry.deadline),
            hold=duration_text(retry.hold),
            codes=None if retry.codes is None else tuple(sorted(retry.codes)),
            repair=self.campaign(retry.repair, number) if retry.repair else None,
            until=outline_condition(retry.until),
        )


def _verb(actions: tuple[ActionOutline, ...]) -> Verb:
    """Name the verb that stands in the file; all actions but `nothing` have the same."""
    for action in actions:
        if action.does != "nothing":
            return "use" if action.does == "remove" else action.does
    return "use"


def _strategies(entry: Entry) -> tuple[str, ...]:
    """Name the strategies that the attempts reach, of all steps the entry may use."""
    return tuple(dict.fromkeys(name for call in entry.calls for name in call.step.strategies[: entry.retry.attempts]))


def _qualification(rule: Qualification) -> str:
    if rule.when_changed:
        return f"when changed, holds {duration_text(rule.holds)}" if rule.holds else "when changed"
    if rule.every_time:
        return "every time"
    return "once" if rule.every is None else f"once every {duration_text(rule.every)}"


def _repeat(repeat: Repeat) -> str:
    if repeat.every is None:
        return "once"
    often = duration_text(repeat.every)
    if repeat.whatever_reason:
        return f"once per {often}"
    return f"every {often}" if repeat.every > timedelta(0) else "always"
