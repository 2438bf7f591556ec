"""Planning the flow of a campaign, entry by entry, children and repairs included, at one place of the call tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from lustrum.files.aliases import AliasFile
from lustrum.files.campaign import Campaign as CampaignSource
from lustrum.files.campaign import Campaigns
from lustrum.files.flow import Entry as EntryModel
from lustrum.files.flow import Overrides
from lustrum.files.project import Project
from lustrum.planning.actions import Action, Execution, Removal, Requisition
from lustrum.planning.aliases import make_alias_tables
from lustrum.planning.bindings import StepCall
from lustrum.planning.calls import CallBinder, Usage
from lustrum.planning.campaign_tree import SEPARATOR, Campaign, Entry, OnFail, Variant
from lustrum.planning.checks import Checks, TokenValues
from lustrum.planning.deferred import plan_wait, refuse_inside
from lustrum.planning.findings import Findings
from lustrum.planning.flow_place import Context, FlowPlace, identified
from lustrum.planning.plan import Schema
from lustrum.planning.registry import Offered, Registry, StepNotFound
from lustrum.planning.repetition import qualification_of, repeat_of
from lustrum.planning.retries import RetryPlanner
from lustrum.planning.triggers import TriggerPlanner
from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean
from lustrum.words.places import Place
from lustrum.words.tokens import system_tokens

_A = {"executable": "an executable", "batch": "a batch"}
CALL_WEBHOOK = "call_webhook"
"""The step that never finishes within the call, whatever plugin offers it."""


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
        overridden: Mapping[str, str] | None = None,
        aliases: Iterable[AliasFile] = (),
    ) -> None:
        self._project = project
        self._campaigns = campaigns
        self._registry = registry
        self._schema = schema
        self._system = system_tokens(start)
        self._findings = findings
        self._overridden = dict(overridden or {})
        attributes = project.model.activity_attributes
        settings, names = project.model, frozenset(campaigns)
        self.checks = Checks(schema, start, findings, settings.smart_lists, attributes, settings.programs, names)
        self.aliases = make_alias_tables(aliases, self.checks)
        self._triggers = TriggerPlanner(attributes, schema, start, findings)
        self._retries = RetryPlanner(project, self.checks, findings, self._child)

    def plan_campaign(self, source: CampaignSource, path: str, parent: Context | None) -> Campaign:
        """Plan a campaign at a path; with a `parent`, its tokens win over the campaign's own."""
        model = source.model
        context = self._context(source, parent)
        gate = self.checks.compile(model.smart_list, context.values, source.place, "smart_list")
        planned: list[Entry] = []
        for number, (identity, entry) in enumerate(identified(model.flow)):
            flow = FlowPlace(source, number, identity, f"{path}{SEPARATOR}{identity}", context)
            if (made := self._entry(flow, entry, planned)) is not None:
                planned.append(made)
        qualification = qualification_of(source, self._schema, self._findings)
        trigger = self._triggers.plan(source, context.values)
        place = source.place("campaign")
        entries = tuple(planned)
        return Campaign(source.name, model.kind, path, place, gate, entries, qualification, trigger, model.guards)

    def _context(self, source: CampaignSource, parent: Context | None) -> Context:
        return Context(self._values(source, parent), (*(parent.stack if parent else ()), source.name))

    def _values(self, source: CampaignSource, parent: Context | None) -> TokenValues:
        campaign = {"name": source.name, "id": source.name, "description": source.model.description}
        mine = {**self._project.model.my, **source.model.my}
        if parent is None:
            mine = {name: self._overridden.get(field_name(name), value) for name, value in mine.items()}
        elif parent.values:
            mine |= parent.values["my"]
            campaign |= parent.values["campaign"]
        triggered = source.model.kind == "trigger" or (parent is not None and _is_triggered(parent))
        known = {"my": mine, "campaign": campaign, "system": self._system}
        return known if triggered else {**known, "trigger": {}}

    def _entry(self, flow: FlowPlace, entry: EntryModel, earlier: list[Entry]) -> Entry | None:
        variants = tuple(self._variants(flow, entry))
        return Entry(
            id=flow.identity,
            path=flow.path,
            place=flow.place(),
            when=self.checks.compile(entry.when, flow.context.values, flow.place, "when"),
            variants=variants,
            chosen=bool(entry.choices),
            retry=self._retries.plan(flow, entry, variants),
            on_fail=self._on_fail(flow, entry),
            needs=self._needs(flow, entry, earlier),
            repeat=repeat_of(flow, entry.repeat, variants, self._findings),
        )

    def _variants(self, flow: FlowPlace, entry: EntryModel) -> Iterator[Variant]:
        if not entry.choices:
            yield Variant(None, self._action(flow, entry, None, ()))
        for number, choice in enumerate(entry.choices):
            place = ("choices", number)
            check = self.checks.compile(choice.when, flow.context.values, flow.place, *place, "when")
            overrides = choice.overrides
            action = self._action(flow, entry, overrides, place) if overrides is not None else None
            if check is not None or choice.otherwise is not None:
                yield Variant(check, action)

    def _action(
        self, flow: FlowPlace, entry: EntryModel, overrides: Overrides | None, at: tuple[str | int, ...]
    ) -> Action | None:
        match entry.verb:
            case "use":
                return self._use(flow, entry, overrides, at)
            case "remove":
                return Removal()
            case "wait":
                return plan_wait(flow, entry, self._schema, self._findings)
            case "execute" | "request" as verb:
                named = getattr(overrides, verb) if overrides else None
                name = named or entry.target
                place = flow.place(*at, verb) if named else flow.place(verb)
                return self._called(flow, entry, name, place)

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

        root, settings = self._project.root, self._project.model
        context = {"programs": settings.programs, "smart_lists": settings.smart_lists}
        binder = CallBinder(self._schema, root, flow.context.values, self._findings, place_of, context, self.aliases)
        return binder.bind(offered, usage)

    def _offered(self, flow: FlowPlace, name: str) -> Offered | None:
        executable = flow.source.model.kind == "executable"
        try:
            offered = self._registry.find(name)
        except StepNotFound as error:
            if not (executable and name == CALL_WEBHOOK):
                self._findings.wrong(flow.place("use"), str(error), error.remedy)
                return None
            offered = None
        if executable and (offered is None or offered.step.deferred):
            refuse_inside(flow, "use", f"{name} does not finish within the call and", self._findings)
            return None
        return offered

    def _called(self, flow: FlowPlace, entry: EntryModel, name: str, place: Place) -> Execution | Requisition | None:
        context = flow.context
        parent = context if entry.tokens == "parent" else Context({}, context.stack)
        path = flow.path if name == entry.target else f"{flow.path}{SEPARATOR}{name}"
        if entry.verb == "request":
            campaign = self._child(flow, name, place, path, parent, "batch", "requested")
            return Requisition(campaign) if campaign else None
        campaign = self._child(flow, name, place, path, parent)
        return Execution(campaign) if campaign else None

    def _child(
        self,
        flow: FlowPlace,
        name: str,
        place: Place,
        path: str,
        parent: Context,
        kind: str = "executable",
        done: str = "executed",
    ) -> Campaign | None:
        source = self._campaigns.get(name)
        if source is None:
            self._findings.wrong(place, f"there is no campaign {name}", did_you_mean(name, self._campaigns))
        elif name in flow.context.stack:
            cycle = " > ".join([*flow.context.stack[flow.context.stack.index(name) :], name])
            self._findings.wrong(
                place, f"the campaigns call each other in a circle: {cycle}", "remove one of the entries"
            )
        elif source.model.kind != kind:
            what = f"the campaign {name} is {source.model.kind}; only {_A[kind]} one can be {done}"
            others = {"executable": f"write execute: {name}", "batch": f"write request: {name}"}
            remedy = others.get(source.model.kind, "have it executed or requested by its own trigger")
            self._findings.wrong(place, what, f"{remedy}, or write kind: {kind} in {source.path}")
        else:
            return self.plan_campaign(source, path, parent)
        return None

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


def _is_triggered(caller: Context) -> bool:
    """Say whether the caller hands on tokens of an activity, which have their values only in the run."""
    return bool(caller.values) and "trigger" not in caller.values


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
