"""What does not finish within the call: waits, and the steps that say so."""

from __future__ import annotations

from datetime import datetime

from lustrum.files.flow import Entry as EntryModel
from lustrum.planning.actions import Waiting
from lustrum.planning.findings import Findings
from lustrum.planning.flow_place import FlowPlace
from lustrum.planning.plan import Schema
from lustrum.planning.rendering import rendered_option
from lustrum.words.durations import DurationError, parse_duration
from lustrum.words.tokens import TokenError, parse_text

_WAY_OUT = "request a batch campaign for it, or use enrich.http, which finishes in the call"


def refuse_inside(flow: FlowPlace, key: str, what: str, findings: Findings) -> None:
    """Note that something cannot stand in an executable campaign, and the way out."""
    findings.wrong(flow.place(key), f"{what} cannot stand in the executable campaign {flow.source.name}", _WAY_OUT)


def plan_wait(flow: FlowPlace, entry: EntryModel, schema: Schema, findings: Findings) -> Waiting | None:
    """Plan a wait: so long, or until the date or time that a text gives."""
    if flow.source.model.kind == "executable":
        refuse_inside(flow, "wait", "a wait does not finish within the call and", findings)
        return None
    if schema.key is None:
        what = "a wait needs to know a lead again, and the project has no key"
        findings.wrong(flow.place("wait"), what, "name it in lustrum.yaml: leads: {key: id}")
    return _planned(flow, entry.wait or "", schema, findings)


def _planned(flow: FlowPlace, written: str, schema: Schema, findings: Findings) -> Waiting | None:
    try:
        return Waiting(parse_duration(written), None)
    except DurationError as error:
        problem = str(error)
    try:
        text = parse_text(written).resolve(flow.context.values)
        if text.literal is not None:
            datetime.fromisoformat(text.literal)
        return Waiting(None, rendered_option("wait", text, schema))
    except TokenError as error:
        findings.wrong(flow.place("wait"), str(error))
    except ValueError:
        findings.wrong(flow.place("wait"), f"{problem}, or a date such as 2026-12-24")
    return None
