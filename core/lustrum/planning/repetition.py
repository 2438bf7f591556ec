"""How often: what adds up may happen again, a lead may go through a campaign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from lustrum.files.campaign import Campaign as CampaignSource
from lustrum.planning.actions import Action, Execution
from lustrum.planning.campaign_tree import Qualification, Repeat, Variant
from lustrum.planning.findings import Findings
from lustrum.planning.flow_place import FlowPlace
from lustrum.planning.plan import Schema
from lustrum.words.durations import DurationError, parse_duration

ONCE_PER = "once per "


def repeat_of(flow: FlowPlace, written: str | None, variants: Iterable[Variant], findings: Findings) -> Repeat:
    """Read an entry's `repeat:`; left out, what adds up happens once."""
    if written is None:
        return Repeat()
    if not any(variant.action is not None and _adds_up(variant.action) for variant in variants):
        findings.warn(
            flow.place("repeat"), f"repeat means nothing for {flow.identity}, which adds nothing up", "remove it"
        )
    if written == "always":
        return Repeat(timedelta(0))
    whatever_reason = written.startswith(ONCE_PER)
    try:
        return Repeat(parse_duration(written.removeprefix("every ").removeprefix(ONCE_PER)), whatever_reason)
    except DurationError as error:
        findings.wrong(flow.place("repeat"), str(error))
        return Repeat()


def _adds_up(action: Action) -> bool:
    return not isinstance(action, Execution) and action.adds_up


def qualification_of(source: CampaignSource, schema: Schema, findings: Findings) -> Qualification:
    """Read a campaign's `qualification:`; left out, every lead qualifies every time."""
    rule = source.model.qualification
    if rule == "every time":
        return Qualification()
    if schema.key is None:
        what = f"qualification: {rule} needs to know a lead again, and the project has no key"
        findings.wrong(source.place("qualification"), what, "name it in lustrum.yaml: leads: {key: id}")
    if rule == "once":
        return Qualification(None)
    if rule == "when changed":
        return Qualification(
            when_changed=True, holds=parse_duration(source.model.holds) if source.model.holds else None
        )
    try:
        return Qualification(parse_duration(rule.removeprefix("once every ")))
    except DurationError as error:
        remedy = "write every time, once, once every 30 days, or when changed"
        findings.wrong(source.place("qualification"), str(error), remedy)
        return Qualification()
