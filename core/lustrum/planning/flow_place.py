"""The place of an entry: in its file, and in the call tree of the campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lustrum.files.campaign import Campaign as CampaignSource
from lustrum.files.flow import Entry as EntryModel
from lustrum.planning.checks import TokenValues
from lustrum.words.places import Place


@dataclass(frozen=True, slots=True)
class Context:
    """Where in the call tree a campaign is planned: its caller's tokens and the campaigns above it."""

    values: TokenValues
    stack: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowPlace:
    """One entry's place: in its file, and in the call tree."""

    source: CampaignSource
    number: int
    identity: str
    path: str
    context: Context

    def place(self, *path: str | int) -> Place:
        """Find the line of a part of the entry: `place("retry", "until")`."""
        return self.source.place("flow", self.number, *path)


def identified(flow: Iterable[EntryModel]) -> Iterator[tuple[str, EntryModel]]:
    """Give every entry its id: its own, else the name of its step or child, `-2`, `-3` for repeats."""
    entries = list(flow)
    taken = {entry.id for entry in entries if entry.id}
    for entry in entries:
        identity = entry.id or _free(entry.target, taken)
        taken.add(identity)
        yield identity, entry


def _free(name: str, taken: set[str]) -> str:
    number = 2
    candidate = name
    while candidate in taken:
        candidate = f"{name}-{number}"
        number += 1
    return candidate
