"""From a `use` with its options, reads and writes to a bound step call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import polars as pl

from lustrum.contracts.options import ListField, files_named
from lustrum.contracts.steps import Step
from lustrum.planning.aliases import AliasTable
from lustrum.planning.bindings import Read, RenderedOption, StepCall, Write
from lustrum.planning.checks import PlaceOf, TokenValues
from lustrum.planning.constants import misfits
from lustrum.planning.findings import Findings
from lustrum.planning.options import OptionBinder
from lustrum.planning.plan import Schema
from lustrum.planning.registry import Offered
from lustrum.words.errors import LustrumError, Transient
from lustrum.words.fields import FieldType
from lustrum.words.interrupts import is_from_outside
from lustrum.words.nearest import did_you_mean


@dataclass(frozen=True, slots=True)
class Usage:
    """A step as an entry, with one of its choices merged in, uses it."""

    options: Mapping[str, Any]
    reads: Mapping[str, str]
    writes: Mapping[str, str]


class CallBinder:
    """Binds the steps of one place in the call tree to fields and options."""

    def __init__(
        self,
        schema: Schema,
        root: Path,
        values: TokenValues,
        findings: Findings,
        place_of: PlaceOf,
        context: Mapping[str, Any] | None = None,
        aliases: Mapping[str, AliasTable] | None = None,
    ) -> None:
        self._schema = schema
        self._aliases = aliases or {}
        self._root = root
        known = {"root": root, "tokens": values, **(context or {})}
        self._options = OptionBinder(schema, known, values, findings, place_of)
        self._findings = findings
        self._place_of = place_of

    def bind(self, offered: Offered, usage: Usage) -> StepCall | None:
        """Bind a step, or note what is wrong with its options, reads or writes."""
        try:
            return self._bound(offered, usage)
        except LustrumError:
            raise
        except BaseException as error:  # a plugin's reads=, writes= or adds_up= may raise anything
            if isinstance(error, KeyboardInterrupt) and is_from_outside(error):
                raise
            what = f"{offered.step.name} of plugin {offered.plugin.name} raised {type(error).__name__}: {error}"
            self._findings.wrong(self._place_of("with"), what, "mend the plugin, or disable it")
            return None

    def _bound(self, offered: Offered, usage: Usage) -> StepCall | None:
        known = len(self._findings.problems)
        step = offered.step
        texts = self._options.templates(step, usage.options)
        options = self._options.validated(step, usage.options, texts)
        if options is None:
            return None
        self._unknown(usage.reads, _parameter_names(step, options), "reads", step)
        reads = tuple(self._reads(step, options, usage)) if len(self._findings.problems) == known else ()
        writes = tuple(self._writes(step, options, usage)) if len(self._findings.problems) == known else ()
        rendered = tuple(self._options.rendered(texts))
        if len(self._findings.problems) > known:
            return None
        self._unknown(usage.writes, {write.attribute for write in writes}, "writes", step)
        for option, what, remedy in misfits(step, options, writes, [each.option for each in rendered]):
            self._findings.wrong(self._place_of("with", option), what, remedy)
        digest = _digest(offered, options, rendered, reads, writes, self._root)
        call = StepCall(step, offered.origin, options, rendered, reads, writes, digest)
        step.adds_up(options)
        return call if self._fits(call) else None

    def _fits(self, call: StepCall) -> bool:
        """Try a batch step on no leads: what its options say of the fields must fit their types."""
        if not call.step.signature.batch:
            return True
        nothing = pl.DataFrame(schema={read.parameter: read.type.dtype for read in call.reads})
        try:
            call.step(nothing, **call.own_options())
        except Transient:
            return True
        except LustrumError as error:
            self._findings.wrong(self._place_of("with"), f"{call.step.name}: {error}")
            return False
        except BaseException as error:  # a step that cannot take no leads may still take some
            if isinstance(error, KeyboardInterrupt) and is_from_outside(error):
                raise
            return True
        return True

    def _reads(self, step: Step, options: Mapping[str, Any], usage: Usage) -> Iterator[Read]:
        named = step.fields_read(options)
        if named is None or step.parameters:
            yield from self._parameters(step, usage, named, step.respelled(options))
            return
        variadic = step.signature.variadic
        for name, needed in named.items():
            field = usage.reads.get(name, name)
            if self._is_known(field, "reads", name, step):
                kind = self._schema.types[field]
                if variadic is not None and variadic.type is not None:
                    self._same_type(step, variadic.type, kind, field, "reads", name)
                yield Read(name, field, kind, needed)

    def _parameters(
        self, step: Step, usage: Usage, named: Mapping[str, bool] | None, respelled: frozenset[str]
    ) -> Iterator[Read]:
        for parameter in step.parameters:
            field = usage.reads.get(parameter.name, parameter.name)
            spared = named is not None and parameter.name not in named
            lacking = field not in self._schema.types and parameter.optional and parameter.name not in usage.reads
            if spared or lacking:
                yield Read(parameter.name, None, parameter.type, needed=False, default=parameter.default)
            elif self._is_known(field, "reads", parameter.name, step):
                self._same_type(step, parameter.type, self._schema.types[field], field, "reads", parameter.name)
                aliases = self._aliases.get(field) if parameter.name in respelled else None
                yield Read(parameter.name, field, parameter.type, parameter.needed, aliases=aliases)

    def _writes(self, step: Step, options: Mapping[str, Any], usage: Usage) -> Iterator[Write]:
        for attribute, default, kind in _attributes(step, options, usage):
            field = usage.writes.get(attribute, default)
            if field not in self._schema.types:
                what = f"{step.name} writes the field {field}, which the source lacks"
                remedy = self._declaration(step, field, kind or FieldType.TEXT)
                self._findings.wrong(self._place_of("writes", attribute), what, remedy)
                continue
            if kind is not None:
                self._same_type(step, kind, self._schema.types[field], field, "writes", attribute)
            yield Write(attribute, field, self._schema.types[field])

    def _declaration(self, step: Step, field: str, kind: FieldType) -> str:
        """Say how a field that is not there becomes one: a list under its own name."""
        hint = did_you_mean(field, self._schema.types)
        remedy = f"declare it in lustrum.yaml under fields: ({field}: {kind.value})"
        if _names_list(step):
            remedy = f"name the list in lustrum.yaml: lists: [{field.removeprefix('list_')}]"
        return f"{hint} or {remedy}" if hint else remedy

    def _is_known(self, field: str, verb: str, name: str, step: Step) -> bool:
        if field in self._schema.types:
            return True
        remedy = did_you_mean(field, self._schema.types) or f"rebind it under {verb}: or declare it under fields:"
        if _names_list(step):
            remedy = self._declaration(step, field, FieldType.BOOLEAN)
        self._findings.wrong(
            self._place_of(verb, name), f"{step.name} reads the field {field}, which is not there", remedy
        )
        return False

    def _same_type(self, step: Step, want: FieldType, have: FieldType, field: str, verb: str, name: str) -> None:
        if want is have or {want, have} == {FieldType.INTEGER, FieldType.DECIMAL}:
            return
        what = f"{step.name} {verb} {field} as {want.value}, and it is {have.value}"
        self._findings.wrong(self._place_of(verb, name), what, f"declare {field}: {want.value} under fields:")

    def _unknown(self, given: Iterable[str], known: set[str], verb: str, step: Step) -> None:
        for name in given:
            if name not in known:
                remedy = did_you_mean(name, known) or f"it {verb}: {', '.join(sorted(known)) or 'nothing'}"
                self._findings.wrong(self._place_of(verb, name), f'{step.name} {verb} no "{name}"', remedy)


def _names_list(step: Step) -> bool:
    return any(annotation is ListField for annotation, _ in step.options.declared.values())


def _attributes(step: Step, options: Mapping[str, Any], usage: Usage) -> list[tuple[str, str, FieldType | None]]:
    """Give, for each result of a step: its name, the field it goes to by default, its type if it has one of its own."""
    signature = step.signature
    named = step.fields_written(options)
    bound = {parameter.name: usage.reads.get(parameter.name, parameter.name) for parameter in step.parameters}
    if named is not None:
        return [(name, bound.get(name, name), kind) for name, kind in named.items()]
    if signature.effect is not None:
        return []
    if signature.value is not None:
        first = step.parameters[0].name
        return [(first, bound[first], signature.value)]
    return [(result.name, bound.get(result.name, result.name), result.type) for result in signature.results]


def _parameter_names(step: Step, options: Mapping[str, Any]) -> set[str]:
    return {*(parameter.name for parameter in step.parameters), *(step.fields_read(options) or ())}


def fields_bound(step: Step, options: Mapping[str, Any], usage: Usage) -> list[tuple[str, FieldType | None]]:
    """Name all fields a step would read and write with these options, with the type it expects where it says one."""
    variadic = step.signature.variadic
    named = step.fields_read(options) or {}
    by_options = [(usage.reads.get(name, name), variadic.type if variadic else None) for name in named]
    bound = [(usage.reads.get(parameter.name, parameter.name), parameter.type) for parameter in step.parameters]
    written = [(usage.writes.get(name, field), kind) for name, field, kind in _attributes(step, options, usage)]
    return [*bound, *by_options, *written]


def _digest(
    offered: Offered,
    options: Mapping[str, Any],
    rendered: Iterable[RenderedOption],
    reads: Iterable[Read],
    writes: Iterable[Write],
    root: Path,
) -> str:
    digest = blake2b(digest_size=16)
    digest.update(repr((offered.step.name, offered.plugin.source, offered.plugin.version)).encode())
    for name, value in sorted(options.items()):
        files = list(files_named(value))
        shown = str(value).replace(f"{root}/", "") if files else str(value)
        digest.update(repr((name, shown)).encode())
        for file in files:
            digest.update(file.read_bytes())
    digest.update(repr([(option.option, option.text) for option in rendered]).encode())
    digest.update(repr([(write.attribute, write.type.value) for write in writes]).encode())
    digest.update(repr([read.aliases.digest for read in reads if read.aliases]).encode())
    return digest.hexdigest()
