"""Who reads and writes each field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from lustrum.planning.actions import Execution
from lustrum.planning.bindings import Check
from lustrum.planning.campaign_tree import Campaign, Entry, children, requested

Use = Literal["read", "ask", "write"]


@dataclass(frozen=True, slots=True)
class FieldUsers:
    """Paths, in the order of the flow: who reads a field's value, asks `failed()` of it, writes it.

    An entry counts for what it does itself; the path of a campaign stands for its smart list.
    """

    read_by: tuple[str, ...] = ()
    asked_by: tuple[str, ...] = ()
    written_by: tuple[str, ...] = ()


def field_users(campaigns: Iterable[Campaign]) -> tuple[Mapping[str, FieldUsers], Mapping[str, FieldUsers]]:
    """Give the users of each field among what the campaigns execute, and among what they request."""
    found = [use for campaign in campaigns for use in _uses(campaign, on_request=False)]
    return _gathered(use for use in found if not use.on_request), _gathered(use for use in found if use.on_request)


@dataclass(frozen=True, slots=True)
class _Found:
    use: Use
    field: str
    path: str
    on_request: bool


def _gathered(found: Iterable[_Found]) -> dict[str, FieldUsers]:
    paths: dict[str, dict[Use, dict[str, None]]] = {}
    for one in found:
        paths.setdefault(one.field, {}).setdefault(one.use, {})[one.path] = None
    return {
        name: FieldUsers(*(tuple(uses.get(use, ())) for use in ("read", "ask", "write")))
        for name, uses in paths.items()
    }


def _uses(campaign: Campaign, *, on_request: bool) -> Iterator[_Found]:
    yield from _of_checks([campaign.gate], campaign.path, on_request)
    for entry in campaign.entries:
        yield from _of_entry(entry, on_request)
        for child in children(entry):
            yield from _uses(child, on_request=on_request)
        for later in requested(entry):
            yield from _uses(later, on_request=True)


def _of_checks(checks: Iterable[Check | None], path: str, on_request: bool) -> Iterator[_Found]:
    for check in checks:
        if check is not None:
            yield from (_Found("read", name, path, on_request) for name in sorted(check.reads))
            yield from (_Found("ask", name, path, on_request) for name in sorted(check.asked))


def _of_entry(entry: Entry, on_request: bool) -> Iterator[_Found]:
    yield from _of_checks(entry.checks, entry.path, on_request)
    for name in sorted(entry.needs):
        yield _Found("read", name, entry.path, on_request)
    for variant in entry.variants:
        if variant.action is None or isinstance(variant.action, Execution):
            continue
        for name in sorted(variant.action.fields_read):
            yield _Found("read", name, entry.path, on_request)
        for name in variant.action.fields_written:
            yield _Found("write", name, entry.path, on_request)
