"""The outline of a plan as text."""

from __future__ import annotations

from collections.abc import Iterator

from lustrum.cli.action_text import action_facts, activity_text, does_text
from lustrum.cli.fields_text import field_branches, fields_line
from lustrum.cli.retry_text import retry_parts
from lustrum.cli.tree import Branch, Facts, draw
from lustrum.planning.campaign_tree import SEPARATOR
from lustrum.report.action_outline import ActionOutline
from lustrum.report.outline import CampaignOutline, DecisionOutline, EntryOutline, Need, PlanOutline

_COUNTED = {"fields": " and what is read here", "activity": " and activity", "lead": ""}


def outline_lines(plan: PlanOutline) -> Iterator[str]:
    """Give the lines of a plan's outline."""
    for campaign in plan.campaigns:
        yield from draw(_campaign(campaign, f"campaign {campaign.name} ({campaign.kind}), {campaign.place}"))
        yield ""
    for named in plan.smart_lists:
        facts = [("members", f"leads with {named.condition}"), ("used at", ", ".join(named.used_at))]
        yield from draw(Branch(f"smart list {named.name}", facts))
    yield fields_line(plan)
    for field in field_branches(plan.fields):
        yield from draw(field)
    yield from _besides(plan)


def _besides(plan: PlanOutline) -> Iterator[str]:
    if plan.attributes:
        yield f"attributes of activities: {', '.join(f'{name} ({kind})' for name, kind in plan.attributes.items())}"
    for decision in plan.decisions:
        yield f"decision: {_decision(decision)}"
    for warning in plan.warnings:
        yield f"warning: {warning}"


def _decision(decision: DecisionOutline) -> str:
    whose = {"lead": f"of lead {decision.key}", "source": f"of the leads of {decision.key}", "value": "of every lead"}
    whatever = decision.verdict == "always" and decision.scope == "lead"
    held = "" if whatever else f" where it is {decision.before or 'empty'}"
    does = f"keep {decision.field}" if decision.verdict == "keep" else f"set {decision.field}"
    to = "" if decision.verdict == "keep" else f" to {decision.after or 'nothing'}"
    until = f", until {decision.until}" if decision.until else ""
    by = "".join(f", {word}" for word in (decision.who, decision.when, decision.place) if word)
    return f"{does} {whose[decision.scope]}{held}{to}{until}{by}"


def _campaign(campaign: CampaignOutline, title: str) -> Branch:
    return Branch(title, list(_gate(campaign)), [_entry(entry) for entry in campaign.entries])


def _gate(campaign: CampaignOutline) -> Facts:
    for number, activity in enumerate(campaign.trigger):
        yield "or on" if number else "on", activity_text(activity)
    yield "takes", f"leads with {campaign.smart_list}" if campaign.smart_list else "every lead"
    if campaign.qualification != "every time":
        yield "qualifies", campaign.qualification


def _entry(entry: EntryOutline) -> Branch:
    facts = [("at", f"{entry.path}, {entry.place}")]
    if entry.when:
        facts.append(("when", entry.when.text))
    if not entry.chosen:
        facts += _action(entry.actions[0])
    facts += [*_needs(entry), *_failing(entry), *_happening(entry)]
    return Branch(f"{entry.number} {entry_title(entry)}", facts, list(_below(entry)))


def entry_title(entry: EntryOutline) -> str:
    """Name an entry: its verb, what it uses, calls or waits for, and its id where that is another."""
    what = next((action.wait for action in entry.actions if action.wait), entry.name)
    return f"{entry.verb} {what}" if entry.id == entry.name else f"{entry.verb} {what}, as {entry.id}"


def may_fail(entry: EntryOutline) -> bool:
    """Say whether the entry may fail and be tried again: a step and a child may, and nothing else."""
    return any(action.does in ("use", "execute") for action in entry.actions)


def _below(entry: EntryOutline) -> Iterator[Branch]:
    if entry.chosen:
        yield from (_choice(action) for action in entry.actions)
    else:
        for child in entry.children:
            yield from _campaign(child, "").branches
    if entry.retry.repair is not None:
        yield _campaign(entry.retry.repair, f"repair {entry.retry.repair.name}, {entry.retry.repair.place}")


def _choice(action: ActionOutline) -> Branch:
    title = f"choice {action.when}" if action.when else "otherwise"
    title = title if action.does == "use" else f"{title}: {does_text(action)}"
    below = _campaign(action.campaign, "").branches if action.campaign else ()
    return Branch(title, list(_action(action)), below)


def _action(action: ActionOutline) -> Facts:
    if action.campaign is not None:
        yield "campaign", action.campaign.place
        if action.does == "request":
            yield "runs", "when the root flow has ended; nothing here waits for it or sees what it changes"
        yield from _gate(action.campaign)
    yield from action_facts(action)


def _needs(entry: EntryOutline) -> Facts:
    blocking = [_need(need, entry) for need in entry.needs if need.blocks]
    if blocking:
        yield "needs", ", ".join(blocking)
    others = [_need(need, entry) for need in entry.needs if not need.blocks and need.settled_by]
    if others:
        yield "looks at", ", ".join(others)


def _need(need: Need, entry: EntryOutline) -> str:
    if not need.settled_by:
        return f"{need.field} (source)"
    return f"{need.field} from {' or '.join(_seen_from(entry, path) for path in need.settled_by)}"


def _seen_from(entry: EntryOutline, path: str) -> str:
    """Name an entry of the same flow by its id, any other by its path."""
    return path.removeprefix(entry.path.removesuffix(entry.id)) if _are_neighbours(entry.path, path) else path


def _are_neighbours(path: str, other: str) -> bool:
    return path.rpartition(SEPARATOR)[0] == other.rpartition(SEPARATOR)[0]


def _failing(entry: EntryOutline) -> Facts:
    if may_fail(entry):
        if retried := "; ".join(retry_parts(entry.retry)):
            yield "retry", retried
        yield "on_fail", entry.on_fail


def _happening(entry: EntryOutline) -> Facts:
    if entry.repeat is not None:
        yield "happens", f"{entry.repeat} for a lead{_COUNTED[entry.counted_by]}"
