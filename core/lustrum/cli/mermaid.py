"""The outline of a plan as a Mermaid flowchart.

Nesting is subgraphs, dependencies are labelled arrows: solid where an unsettled field blocks, dashed where it is only
looked at. Requested campaigns stand beside the one that requests them, with a dashed edge.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from lustrum.cli.action_text import activity_text, chosen_text
from lustrum.cli.outline_text import entry_title, may_fail
from lustrum.cli.retry_text import retry_parts
from lustrum.report.outline import CampaignOutline, EntryOutline, PlanOutline

_SPECIAL = re.compile(r'[#"<>&`\\{}]')
_SHAPES = {"request": ("[[", "]]"), "wait": ("{{", "}}"), "remove": ("([", "])")}
INDENT = "  "


def mermaid_lines(plan: PlanOutline) -> Iterator[str]:
    """Give the lines of a flowchart; the numbers in it say the order."""
    chart = _Chart()
    yield "flowchart TB"
    for campaign in plan.campaigns:
        yield from chart.root(campaign)
    for arrow in chart.arrows():
        yield f"{INDENT}{arrow}"


class _Chart:
    def __init__(self) -> None:
        self._nodes: dict[str, str] = {}
        self._entries: list[EntryOutline] = []
        self._edges: list[str] = []
        self._requested: deque[tuple[str, CampaignOutline]] = deque()
        self._count = 0

    def root(self, campaign: CampaignOutline) -> Iterator[str]:
        """Draw a root campaign, what sets it off, and after it the campaigns that are requested on the way."""
        yield from self._set_off(campaign)
        while self._requested:
            node, later = self._requested.popleft()
            name = self._name()
            yield from self._group(name, later, f"{later.name} ({later.kind}), after the root flow", INDENT)
            self._edges.append(f'{node} -.->|"request"| {name}')

    def _set_off(self, campaign: CampaignOutline) -> Iterator[str]:
        name = self._name()
        yield from self._group(name, campaign, f"{campaign.name} ({campaign.kind})", INDENT)
        for activity in campaign.trigger:
            node = self._name()
            yield f"{INDENT}{node}([{_label(activity_text(activity))}])"
            self._edges.append(f'{node} -->|"sets off"| {name}')

    def _group(self, name: str, campaign: CampaignOutline, title: str, indent: str) -> Iterator[str]:
        gate = [f"takes {campaign.smart_list}"] if campaign.smart_list else []
        often = [] if campaign.qualification == "every time" else [f"qualifies {campaign.qualification}"]
        yield f"{indent}subgraph {name}[{_label(title, *gate, *often)}]"
        for entry in campaign.entries:
            yield from self._entry(entry, indent + INDENT)
        yield f"{indent}end"

    def _entry(self, entry: EntryOutline, indent: str) -> Iterator[str]:
        self._entries.append(entry)
        name = self._nodes[entry.path] = self._name()
        if entry.verb != "execute":
            yield from self._node(name, entry, indent)
        elif entry.chosen:
            yield from self._choice(name, entry, indent)
        else:
            yield from self._group(name, next(entry.children), " · ".join([*_said(entry), *_failing(entry)]), indent)
        if entry.retry.repair is not None:
            repair = self._name()
            self._edges += [f'{name} -.->|"failed"| {repair}', f'{repair} -.->|"again"| {name}']
            yield from self._group(repair, entry.retry.repair, f"repair {entry.retry.repair.name}", indent)

    def _node(self, name: str, entry: EntryOutline, indent: str) -> Iterator[str]:
        does = next((action.does for action in entry.actions if action.does != "nothing"), "use")
        before, after = _SHAPES.get(does, ("[", "]"))
        yield f"{indent}{name}{before}{_label(*_said(entry), *_written(entry), *_failing(entry))}{after}"
        self._requested += [(name, later) for later in entry.children]

    def _choice(self, name: str, entry: EntryOutline, indent: str) -> Iterator[str]:
        yield f"{indent}subgraph {name}[{_label(*_said(entry), *_failing(entry))}]"
        for action in entry.actions:
            if action.campaign is not None:
                yield from self._group(self._name(), action.campaign, chosen_text(action), indent + INDENT)
            else:
                yield f"{indent}{INDENT}{self._name()}[{_label(chosen_text(action))}]"
        yield f"{indent}end"

    def arrows(self) -> Iterator[str]:
        """Give the dependencies, then the other edges."""
        for entry in self._entries:
            for need in entry.needs:
                for path in need.settled_by:
                    arrow = "-->" if need.blocks else "-.->"
                    yield f"{self._nodes[path]} {arrow}|{_label(need.field)}| {self._nodes[entry.path]}"
        yield from self._edges

    def _name(self) -> str:
        self._count += 1
        return f"n{self._count}"


def _said(entry: EntryOutline) -> list[str]:
    return [f"{entry.number} {entry_title(entry)}", *([f"when {entry.when}"] if entry.when else [])]


def _written(entry: EntryOutline) -> list[str]:
    choices = [chosen_text(action) for action in entry.actions] if entry.chosen else []
    return [*choices, *([f"→ {', '.join(entry.writes)}"] if entry.writes else [])]


def _failing(entry: EntryOutline) -> list[str]:
    if not may_fail(entry):
        return []
    retried = [part for part in retry_parts(entry.retry) if not part.startswith("repair ")]
    return [*retried, *([] if entry.on_fail == "block" else [f"on_fail {entry.on_fail}"])]


def _label(*lines: str) -> str:
    """Write text so that Mermaid shows it as it is.

    >>> print(_label('country = "US"', "→ a"))
    "country = #quot;US#quot;<br/>→ a"
    """
    return '"' + "<br/>".join(_SPECIAL.sub(_entity, line.replace("\n", " ")) for line in lines) + '"'


def _entity(found: re.Match[str]) -> str:
    return "#quot;" if found[0] == '"' else f"#{ord(found[0])};"
