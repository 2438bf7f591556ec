"""What does not finish within the call: waits, and the steps that say so."""

from __future__ import annotations

from datetime import UTC, timedelta

from lustrum.files.flow import Entry as EntryModel
from lustrum.planning.actions import Waiting
from lustrum.planning.findings import Findings
from lustrum.planning.flow_place import FlowPlace
from lustrum.planning.plan import Schema
from lustrum.planning.rendering import rendered_option
from lustrum.words.durations import DurationError, parse_duration
from lustrum.words.tokens import TokenError, TokenText, parse_text
from lustrum.words.tokens.dates import read_moment

_WAY_OUT = "put it into a batch campaign and request that, which runs afterwards"


LONGEST = timedelta(days=36_500)


def refuse_inside(flow: FlowPlace, key: str, what: str, findings: Findings) -> None:
    """Note that something cannot stand in an executable campaign, and the way out."""
    findings.wrong(flow.place(key), f"{what} cannot stand in the executable campaign {flow.source.name}", _WAY_OUT)


def plan_wait(flow: FlowPlace, entry: EntryModel, schema: Schema, findings: Findings) -> Waiting | None:
    """Plan a wait: so long, or until the date or time that a text gives."""
    if flow.source.model.kind == "executable":
        refuse_inside(flow, "wait", "wait does not finish within the call and", findings)
        return None
    if schema.key is None:
        what = "a wait needs to know a lead again, and the project has no key"
        findings.wrong(flow.place("wait"), what, "name it in lustrum.yaml: leads: {key: id}")
    try:
        text = parse_text(entry.wait or "").resolve(flow.context.values)
        return _planned(text, schema)
    except (TokenError, DurationError) as error:
        findings.wrong(flow.place("wait"), str(error))
        return None


def _planned(text: TokenText, schema: Schema) -> Waiting:
    literal = text.literal
    if literal is None or read_moment(literal, UTC):
        return Waiting(None, rendered_option("wait", text, schema))
    try:
        duration = parse_duration(literal)
        if duration > LONGEST:
            raise DurationError(f'"{literal}" is longer than anybody waits; write 100 years at most')
        return Waiting(duration, None)
    except DurationError as error:
        raise DurationError(f"{error}, or a date such as 2026-12-24") from error
