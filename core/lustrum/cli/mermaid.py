"""The outline of a plan as a Mermaid flowchart: nesting as subgraphs, dependencies as labelled arrows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lustrum.report.outline import ActionOutline, CampaignOutline, EntryOutline, PlanOutline

_SPECIAL = re.compile(r'[#"<>&`\\]')
INDENT = "  "


def mermaid_lines(plan: PlanOutline) -> Iterator[str]:
    """Give the lines of a flowchart; the numbers in it say the order."""
    chart = _Chart()
    yield "flowchart TB"
    for campaign in plan.campaigns:
        title = f"{campaign.name} ({campaign.kind})"
        yield from chart.campaign(campaign, title, INDENT)
    for arrow in chart.arrows():
        yield f"{INDENT}{arrow}"


class _Chart:
    def __init__(self) -> None:
        self._nodes: dict[str, str] = {}
        self._entries: list[EntryOutline] = []
        self._repairs: list[tuple[str, str]] = []
        self._count = 0

    def campaign(self, campaign: CampaignOutline, title: str, indent: str) -> Iterator[str]:
        yield from self._group(self._name(), campaign, title, indent)

    def _group(self, name: str, campaign: CampaignOutline, title: str, indent: str) -> Iterator[str]:
        gate = [f"takes {campaign.smart_list}"] if campaign.smart_list else []
        yield f"{indent}subgraph {name}[{_label(title, *gate)}]"
        for entry in campaign.entries:
            yield from self._entry(entry, indent + INDENT)
        yield f"{indent}end"

    def _entry(self, entry: EntryOutline, indent: str) -> Iterator[str]:
        self._entries.append(entry)
        name = self._nodes[entry.path] = self._name()
        if entry.verb == "use":
            yield f"{indent}{name}[{_label(*_said(entry), *_written(entry))}]"
        elif entry.chosen:
            yield from self._choice(name, entry, indent)
        else:
            yield from self._group(name, next(entry.children), " · ".join(_said(entry)), indent)
        if entry.retry.repair is not None:
            repair = self._name()
            self._repairs.append((name, repair))
            yield from self._group(repair, entry.retry.repair, f"repair {entry.retry.repair.name}", indent)

    def _choice(self, name: str, entry: EntryOutline, indent: str) -> Iterator[str]:
        yield f"{indent}subgraph {name}[{_label(*_said(entry))}]"
        for action in entry.actions:
            if action.campaign is not None:
                yield from self.campaign(action.campaign, _chosen(action), indent + INDENT)
            else:
                yield f"{indent}{INDENT}{self._name()}[{_label(_chosen(action))}]"
        yield f"{indent}end"

    def arrows(self) -> Iterator[str]:
        for entry in self._entries:
            for need in entry.needs:
                for path in need.settled_by:
                    arrow = "-->" if need.blocks else "-.->"
                    yield f"{self._nodes[path]} {arrow}|{_label(need.field)}| {self._nodes[entry.path]}"
        for entry_name, repair in self._repairs:
            yield f'{entry_name} -.->|"failed"| {repair}'
            yield f'{repair} -.->|"again"| {entry_name}'

    def _name(self) -> str:
        self._count += 1
        return f"n{self._count}"


def _said(entry: EntryOutline) -> list[str]:
    named = entry.name if entry.id == entry.name else f"{entry.id}: {entry.name}"
    return [f"{entry.number} {entry.verb} {named}", *([f"when {entry.when}"] if entry.when else [])]


def _written(entry: EntryOutline) -> list[str]:
    choices = [_chosen(action) for action in entry.actions] if entry.chosen else []
    return [*choices, *([f"→ {', '.join(entry.writes)}"] if entry.writes else [])]


def _chosen(action: ActionOutline) -> str:
    given = "; ".join(f"{name}: {action.options[name]}" for name in action.given)
    does = "nothing" if action.does == "nothing" else action.name if action.campaign else given or action.name
    return f"{action.when or 'otherwise'}: {does}"


def _label(*lines: str) -> str:
    """Write text so that Mermaid shows it as it is.

    >>> print(_label('country = "US"', "→ a"))
    "country = #quot;US#quot;<br/>→ a"
    """
    return '"' + "<br/>".join(_SPECIAL.sub(_entity, line.replace("\n", " ")) for line in lines) + '"'


def _entity(found: re.Match[str]) -> str:
    return "#quot;" if found[0] == '"' else f"#{ord(found[0])};"
