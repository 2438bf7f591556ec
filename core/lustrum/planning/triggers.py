"""From `on:` as it is written to the activities that set a trigger campaign off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from lustrum.files.campaign import Campaign as CampaignSource
from lustrum.planning.campaign_tree import Trigger
from lustrum.planning.checks import TokenValues
from lustrum.planning.findings import Findings
from lustrum.planning.plan import Schema
from lustrum.words.activities import activity_type, is_known, nearest_type
from lustrum.words.conditions import ActivityFilter, ConditionError, activity_matches, bind, parse_constraints
from lustrum.words.conditions.leaves import is_list, is_mapping
from lustrum.words.fields import FieldType
from lustrum.words.tokens import TokenError

ACTIVITY = "activity"
_SHAPE = "write on: new lead, or on: {activity: new lead, lead_source: is Web}, or a list of these"


class TriggerPlanner:
    """Plans what trigger campaigns wait for; `types` are those of the activities' attributes."""

    def __init__(self, types: Mapping[str, FieldType], schema: Schema, start: datetime, findings: Findings) -> None:
        self._types = types
        self._schema = schema
        self._start = start
        self._findings = findings

    def plan(self, source: CampaignSource, values: TokenValues) -> Trigger | None:
        """Plan the trigger of a campaign, or give None where it has none."""
        if source.model.kind != "trigger":
            return None
        if self._schema.key is None:
            what = "a trigger campaign needs to know the lead of an activity, and the project has no key"
            self._findings.wrong(source.place("on"), what, "name it in lustrum.yaml: leads: {key: id}")
        return Trigger(tuple(self._filters(source, values)))

    def _filters(self, source: CampaignSource, values: TokenValues) -> Iterator[ActivityFilter]:
        written = source.model.on
        listed = is_list(written)
        if not written:
            self._findings.wrong(source.place("on"), "a trigger campaign waits for nothing", _SHAPE)
        for number, each in enumerate(written if is_list(written) else [written]):
            at = ("on", number) if listed else ("on",)
            try:
                asked = self._filter(each, values)
                if not is_known(asked.type) and (nearest := nearest_type(asked.type)):
                    what = f'"{asked.type}" is no activity of Marketo; if it is none of your own, it never happens'
                    self._findings.warn(source.place(*at), what, f'did you mean "{nearest}"?')
                yield asked
            except ConditionError as error:
                self._findings.wrong(source.place(*at, *error.path), error.message, error.remedy)
            except TokenError as error:
                self._findings.wrong(source.place(*at), str(error))

    def _filter(self, written: object, values: TokenValues) -> ActivityFilter:
        constraints = {ACTIVITY: written} if isinstance(written, str) else written
        if not is_mapping(constraints) or not isinstance(name := constraints.get(ACTIVITY), str) or not name:
            raise ConditionError("a trigger names no activity", _SHAPE)
        if not re.fullmatch(r"[\w\s.-]+", name):
            raise ConditionError(f'"{name}" is no name of an activity', _SHAPE)
        where = parse_constraints({str(key): asked for key, asked in constraints.items() if key != ACTIVITY})
        asked = ActivityFilter(activity_type(name), bind(where, values) if where else None)
        activity_matches(asked, self._types, self._start)
        return asked
