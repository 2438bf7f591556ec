"""Planning the flow of a campaign, entry by entry, children and repairs included, at one place of the call tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from lustrum.files.campaign import Campaign as CampaignSource
from lustrum.files.campaign import Campaigns
from lustrum.files.flow import Entry as EntryModel
from lustrum.files.flow import Overrides
from lustrum.files.flow import Retry as RetryModel
from lustrum.files.project import Project
from lustrum.planning.bindings import StepCall
from lustrum.planning.calls import CallBinder, Usage
from lustrum.planning.checks import Checks, TokenValues
from lustrum.planning.findings import Findings
from lustrum.planning.flow_place import Context, FlowPlace, identified
from lustrum.planning.plan import (
    SEPARATOR,
    Campaign,
    Entry,
    Execution,
    OnFail,
    Retry,
    Schema,
    Variant,
)
from lustrum.planning.registry import Offered, Registry, StepNotFound
from lustrum.planning.repetition import qualification_of, repeat_of
from lustrum.words.durations import DurationError, parse_wait
from lustrum.words.nearest import did_you_mean
from lustrum.words.outcomes import Attempt
from lustrum.words.places import Place
from lustrum.words.tokens import system_tokens

NEVER_INSIDE = frozenset({"wait", "call_webhook"})
"""Steps that never finish within the call, whatever plugin offers them."""


class EntryPlanner:
    """Plans campaigns; a campaign executed at two places is planned twice, each with its own tokens and path."""

    def __init__(
        self,
        project: Project,
        campaigns: Campaigns,
        registry: Registry,
        schema: Schema,
        start: datetime,
        findings: Findings,
    ) -> None:
        self._project = project
        self._campaigns = campaigns
        self._registry = registry
        self._schema = schema
        self._system = system_tokens(start)
        self._findings = findings
        self._checks = Checks(schema, start, findings)

    def plan_campaign(self, source: CampaignSource, path: str, parent: Context | None) -> Campaign:
        """Plan a campaign at a path; with a `parent`, its tokens win over the campaign's own."""
        model = source.model
        context = Context(self._values(source, parent), (*(parent.stack if parent else ()), source.name))
        gate = self._checks.compile(model.smart_list, context.values, source.place, "smart_list")
        planned: list[Entry] = []
        for number, (identity, entry) in enumerate(identified(model.flow)):
            flow = FlowPlace(source, number, identity, f"{path}{SEPARATOR}{identity}", context)
            if (made := self._entry(flow, entry, planned)) is not None:
                planned.append(made)
        qualification = qualification_of(source, self._schema, self._findings)
        return Campaign(source.name, model.kind, path, source.place("campaign"), gate, tuple(planned), qualification)

    def _values(self, source: CampaignSource, parent: Context | None) -> TokenValues:
        campaign = {"name": source.name, "id": source.name, "description": source.model.description}
        mine = {**self._project.model.my, **source.model.my}
        if parent is not None and parent.values:
            mine |= parent.values["my"]
            campaign |= parent.values["campaign"]
        return {"my": mine, "campaign": campaign, "system": self._system}

    def _entry(self, flow: FlowPlace, entry: EntryModel, earlier: list[Entry]) -> Entry | None:
        if entry.request is not None:
            self._findings.wrong(
                flow.place("request"), "requests are not available yet", "execute an executable campaign"
            )
            return None
        variants = tuple(self._variants(flow, entry))
        return Entry(
            id=flow.identity,
            path=flow.path,
            place=flow.place(),
            when=self._checks.compile(entry.when, flow.context.values, flow.place, "when"),
            variants=variants,
            chosen=bool(entry.choices),
            retry=self._retry(flow, entry, variants),
            on_fail=self._on_fail(flow, entry),
            needs=self._needs(flow, entry, earlier),
            repeat=repeat_of(flow, entry.repeat, variants, self._findings),
        )

    def _variants(self, flow: FlowPlace, entry: EntryModel) -> Iterator[Variant]:
        if not entry.choices:
            yield Variant(None, self._action(flow, entry, None, ()))
        for number, choice in enumerate(entry.choices):
            place = ("choices", number)
            check = self._checks.compile(choice.when, flow.context.values, flow.place, *place, "when")
            overrides = choice.overrides
            action = self._action(flow, entry, overrides, place) if overrides is not None else None
            if check is not None or choice.otherwise is not None:
                yield Variant(check, action)

    def _action(
        self, flow: FlowPlace, entry: EntryModel, overrides: Overrides | None, at: tuple[str | int, ...]
    ) -> StepCall | Execution | None:
        if entry.verb == "use":
            return self._use(flow, entry, overrides, at)
        name = (overrides.execute if overrides else None) or entry.execute or ""
        place = flow.place(*at, "execute") if overrides and overrides.execute else flow.place("execute")
        return self._execution(flow, entry, name, place)

    def _use(
        self, flow: FlowPlace, entry: EntryModel, overrides: Overrides | None, at: tuple[str | int, ...]
    ) -> StepCall | None:
        offered = self._offered(flow, entry.target)
        if offered is None:
            return None
        usage = _usage(entry, overrides)

        def place_of(*path: str | int) -> Place:
            chosen = _says(overrides, path)
            return flow.place(*at, *path) if chosen else flow.place(*path)

        binder = CallBinder(self._schema, self._project.root, flow.context.values, self._findings, place_of)
        return binder.bind(offered, usage)

    def _offered(self, flow: FlowPlace, name: str) -> Offered | None:
        executable = flow.source.model.kind == "executable"
        if name in NEVER_INSIDE and not executable:
            self._findings.wrong(flow.place("use"), f"{name} is not available yet", "remove the entry")
            return None
        try:
            offered = None if name in NEVER_INSIDE else self._registry.find(name)
        except StepNotFound as error:
            self._findings.wrong(flow.place("use"), str(error), error.remedy)
            return None
        if executable and (offered is None or offered.step.deferred):
            what = (
                f"{name} does not finish within the call and cannot stand in the executable campaign {flow.source.name}"
            )
            self._findings.wrong(
                flow.place("use"),
                what,
                "request a batch campaign for it, or use enrich.http, which finishes in the call",
            )
            return None
        return offered

    def _execution(self, flow: FlowPlace, entry: EntryModel, name: str, place: Place) -> Execution | None:
        parent = flow.context if entry.tokens == "parent" else Context({}, flow.context.stack)
        path = flow.path if name == entry.execute else f"{flow.path}{SEPARATOR}{name}"
        child = self._child(flow, name, place, path, parent)
        return Execution(child) if child else None

    def _child(self, flow: FlowPlace, name: str, place: Place, path: str, parent: Context) -> Campaign | None:
        source = self._campaigns.get(name)
        if source is None:
            self._findings.wrong(place, f"there is no campaign {name}", did_you_mean(name, self._campaigns))
        elif name in flow.context.stack:
            cycle = " > ".join([*flow.context.stack[flow.context.stack.index(name) :], name])
            self._findings.wrong(
                place, f"the campaigns execute each other in a circle: {cycle}", "remove one of the entries"
            )
        elif source.model.kind != "executable":
            what = f"the campaign {name} is {source.model.kind}; only an executable one can be executed"
            self._findings.wrong(place, what, f"write kind: executable in {source.path}")
        else:
            return self.plan_campaign(source, path, parent)
        return None

    def _retry(self, flow: FlowPlace, entry: EntryModel, variants: Iterable[Variant]) -> Retry:
        model, place = entry.retry, ("retry",)
        defaults = flow.source.model.defaults.retry or self._project.model.defaults.retry
        model = model or defaults or RetryModel()
        wait = (timedelta(0), timedelta(0))
        try:
            parsed = parse_wait(model.transient.wait)
            wait = (parsed.low, parsed.high)
        except DurationError as error:
            self._findings.wrong(flow.place(*place, "transient", "wait"), str(error))
        repair = None
        inherited = entry.retry is None and model.repair in flow.context.stack
        if model.repair is not None and not inherited:
            where = flow.place(*place, "repair")
            path = f"{flow.path}{SEPARATOR}{model.repair}"
            repair = self._child(flow, model.repair, where, path, flow.context)
        until = self._checks.compile(model.until, flow.context.values, flow.place, *place, "until")
        attempts = max((_attempts(variant, model.attempts) for variant in variants), default=1)
        return Retry(attempts, model.transient.attempts, wait, repair, until)

    def _on_fail(self, flow: FlowPlace, entry: EntryModel) -> OnFail:
        return entry.on_fail or flow.source.model.defaults.on_fail or self._project.model.defaults.on_fail or "block"

    def _needs(self, flow: FlowPlace, entry: EntryModel, earlier: Iterable[Entry]) -> frozenset[str]:
        known = {before.id: before for before in earlier}
        fields: set[str] = set()
        for number, name in enumerate(entry.needs):
            if name in known:
                fields.update(known[name].own_writes)
            else:
                remedy = did_you_mean(name, known) or "an entry can need only entries that stand before it in its flow"
                self._findings.wrong(flow.place("needs", number), f'there is no earlier entry "{name}"', remedy)
        return frozenset(fields)


def _attempts(variant: Variant, told: int | None) -> int:
    """Count the attempts that can differ: no more than a step has strategies, as many as told where it has none."""
    call = variant.action
    if not isinstance(call, StepCall):
        return told or 1
    strategies = len(call.step.strategies)
    if not strategies:
        return (told or 1) if Attempt in call.step.signature.injected.values() else 1
    return min(told or strategies, strategies)


def _usage(entry: EntryModel, overrides: Overrides | None) -> Usage:
    if overrides is None:
        return Usage(entry.with_, entry.reads, entry.writes)
    return Usage(
        {**entry.with_, **overrides.with_}, {**entry.reads, **overrides.reads}, {**entry.writes, **overrides.writes}
    )


def _says(overrides: Overrides | None, path: tuple[str | int, ...]) -> bool:
    """Say whether a choice itself says what stands at the path (else the entry does)."""
    if overrides is None or len(path) < 2:
        return False
    given: Mapping[str, Mapping[str, object]] = {
        "with": overrides.with_,
        "reads": overrides.reads,
        "writes": overrides.writes,
    }
    return str(path[1]) in given.get(str(path[0]), {})
