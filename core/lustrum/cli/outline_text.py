"""The outline of a plan as text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from lustrum.cli.tree import Branch, draw
from lustrum.files.flow import Transient
from lustrum.planning.plan import SEPARATOR
from lustrum.report.outline import ActionOutline, CampaignOutline, EntryOutline, Need, PlanOutline, RetryOutline

_USUAL = Transient()
Facts = Iterator[tuple[str, str]]


def outline_lines(plan: PlanOutline) -> Iterator[str]:
    """Give the lines of a plan's outline."""
    for campaign in plan.campaigns:
        yield from draw(_campaign(campaign, f"campaign {campaign.name} ({campaign.kind}), {campaign.place}"))
        yield ""
    new = [f"{field.name} ({field.type})" for field in plan.fields if field.new]
    yield f"fields: {len(plan.fields)}" + (f"; the source lacks {', '.join(new)}" if new else "")
    for warning in plan.warnings:
        yield f"warning: {warning}"


def _campaign(campaign: CampaignOutline, title: str) -> Branch:
    return Branch(title, list(_gate(campaign)), [_entry(entry) for entry in campaign.entries])


def _gate(campaign: CampaignOutline) -> Facts:
    yield "takes", f"leads with {campaign.smart_list}" if campaign.smart_list else "every lead"
    if campaign.qualification != "every time":
        yield "qualifies", campaign.qualification


def _entry(entry: EntryOutline) -> Branch:
    facts = [("at", f"{entry.path}, {entry.place}")]
    if entry.when:
        facts.append(("when", entry.when))
    if not entry.chosen:
        facts += _action(entry.actions[0])
    facts += [*_needs(entry), *_failing(entry)]
    named = entry.name if entry.id == entry.name else f"{entry.name}, as {entry.id}"
    return Branch(f"{entry.number} {entry.verb} {named}", facts, list(_below(entry)))


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
    title = title if action.does == "use" else f"{title}: {_does(action)}"
    below = _campaign(action.campaign, "").branches if action.campaign else ()
    return Branch(title, list(_action(action)), below)


def _does(action: ActionOutline) -> str:
    return "nothing" if action.does == "nothing" else f"{action.does} {action.name}"


def _action(action: ActionOutline) -> Facts:
    if action.campaign is not None:
        yield "campaign", action.campaign.place
        yield from _gate(action.campaign)
    if action.given:
        yield "options", "; ".join(f"{name}: {_value(action.options, name)}" for name in action.given)
    if action.reads or action.writes:
        yield "fields", f"{', '.join(action.reads) or 'nothing'} → {', '.join(action.writes) or 'nothing'}"


def _value(options: Mapping[str, object], name: str) -> str:
    value = options[name]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


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
    if retried := "; ".join(_retry(entry.retry)):
        yield "retry", retried
    yield "on_fail", entry.on_fail
    if entry.repeat is not None:
        yield "happens", f"{entry.repeat} for a lead and what is read here"


def _retry(retry: RetryOutline) -> Iterator[str]:
    named = f" ({', '.join(retry.strategies)})" if retry.strategies else ""
    if retry.attempts > 1:
        yield f"{retry.attempts} attempts{named}"
    if (retry.transient_attempts, retry.wait) != (_USUAL.attempts, _USUAL.wait):
        yield f"transient failures {retry.transient_attempts} times, waiting {retry.wait}"
    if retry.repair is not None:
        yield f"repair {retry.repair.name}"
    if retry.until is not None:
        yield f"until {retry.until}"
