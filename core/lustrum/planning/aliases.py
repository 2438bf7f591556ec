"""The project's own spellings, bound to its fields: what a step reads in the place of an alias."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from lustrum.files.aliases import Alias, AliasFile
from lustrum.planning.bindings import Check
from lustrum.planning.campaign_tree import Campaign
from lustrum.planning.checks import Checks
from lustrum.words.fields import FieldType
from lustrum.words.folding import fold
from lustrum.words.nearest import did_you_mean
from lustrum.words.places import Place


@dataclass(frozen=True, slots=True)
class Spelling:
    """What an alias stands for, and where that is written."""

    value: str
    place: Place


@dataclass(frozen=True)
class AliasTable:
    """The spellings of one field in layers: each its scope (None: every lead), and spellings by folded alias.

    For a lead the first layer counts that has its spelling and whose scope holds.
    """

    field: str
    file: str
    layers: tuple[tuple[Check | None, Mapping[str, Spelling]], ...]

    @cached_property
    def reads(self) -> frozenset[str]:
        """The fields that the scopes read."""
        return frozenset[str]().union(*(scope.reads for scope, _ in self.layers if scope))

    @cached_property
    def known(self) -> frozenset[str]:
        """Every folded alias."""
        return frozenset[str]().union(*(spellings for _, spellings in self.layers))

    @property
    def count(self) -> int:
        """How many spellings count, in whatever scope."""
        return sum(len(spellings) for _, spellings in self.layers)

    @property
    def digest(self) -> str:
        """All that it says, as text."""
        return repr([(scope and scope.text, sorted(spelled.items(), key=str)) for scope, spelled in self.layers])


def make_alias_tables(files: Iterable[AliasFile], checks: Checks) -> Mapping[str, AliasTable]:
    """Bind the tables by field; what is wrong with a field or a scope is noted with its line."""
    return {file.field: table for file in files if (table := _table(file, checks))}


def warn_of_unread_tables(tables: Mapping[str, AliasTable], roots: Iterable[Campaign], checks: Checks) -> None:
    """Warn of tables that no step of the campaigns reads."""
    calls = [call for root in roots for entry in root.walk() for call in entry.calls]
    used = {read.field for call in calls for read in call.reads if read.aliases}
    for name in tables.keys() - used:
        what = f"no step of these campaigns standardises {name}, so its aliases do nothing"
        checks.findings.warn(Place(tables[name].file), what, "name the table by the field as the source calls it")


def _table(file: AliasFile, checks: Checks) -> AliasTable | None:
    kind = checks.schema.types.get(file.field)
    if kind is None:
        remedy = did_you_mean(file.field, checks.schema.types) or "name the table by a field of the leads"
        checks.findings.wrong(file.place, f"the leads have no field {file.field}", remedy)
    elif kind is not FieldType.TEXT:
        what = f"{file.field} is {kind.value}; only texts have spellings"
        checks.findings.wrong(file.place, what, f"remove {file.place.file}")
    else:
        return AliasTable(file.field, file.place.file, tuple(_layers(file, checks)))
    return None


def _layers(file: AliasFile, checks: Checks) -> list[tuple[Check | None, dict[str, Spelling]]]:
    layers: dict[str, tuple[Check | None, dict[str, Spelling]]] = {}
    for alias in _counting(file, checks):
        if alias.scope not in layers:
            scope = _scope(alias, checks)
            if alias.scope and scope is None:
                continue
            layers[alias.scope] = (scope, {})
        layers[alias.scope][1][fold(alias.alias)] = Spelling(alias.value, alias.place)
    everywhere = layers.pop("", None)
    return [*layers.values(), *([everywhere] if everywhere else [])]


def _counting(file: AliasFile, checks: Checks) -> Iterable[Alias]:
    today = checks.start.date()
    for alias in file.aliases:
        if alias.expired(today):
            what = f'the alias "{alias.alias}" counted until {alias.until} and does no more'
            checks.findings.warn(alias.place, what, "remove the row, or write a later day")
        else:
            yield alias


def _scope(alias: Alias, checks: Checks) -> Check | None:
    if not alias.scope:
        return None
    check = checks.compile(alias.scope, {}, lambda *_: alias.place)
    if check and (check.triggers or check.activities or check.asked):
        what = "a scope asks only for the values of the lead's fields"
        checks.findings.wrong(alias.place, what, "leave out failed(), trigger tokens and activities")
        return None
    return check
