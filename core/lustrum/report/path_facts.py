"""What the plan of today says about the paths that a journal names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lustrum.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class PathFacts:
    """By path, the fields that the steps of an entry write, and those written anywhere in an entry or campaign.

    `conditions` has the texts of an entry's choices, by the plan's digest and path.
    """

    writes: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    covers: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    conditions: Mapping[tuple[str, str], tuple[str, ...]] = field(
        default_factory=dict[tuple[str, str], tuple[str, ...]]
    )
    fields: frozenset[str] = frozenset()


def path_facts(plans: Iterable[Plan]) -> PathFacts:
    """Gather the facts of several plans."""
    writes: dict[str, frozenset[str]] = {}
    covers: dict[str, frozenset[str]] = {}
    conditions: dict[tuple[str, str], tuple[str, ...]] = {}
    fields: set[str] = set()
    for plan in plans:
        fields |= set(plan.schema.types)
        covers |= {campaign.path: frozenset(campaign.fields_written) for campaign in plan.tree}
        for entry in plan.entries():
            writes[entry.path] = frozenset(name for call in entry.calls for name in call.fields_written)
            covers[entry.path] = frozenset(entry.fields_written) | covers.get(entry.path, frozenset())
            texts = [variant.check.text if variant.check else "otherwise" for variant in entry.variants]
            conditions[(plan.digest, entry.path)] = tuple(texts)
    return PathFacts(writes, covers, conditions, frozenset(fields))
