"""The story of one cell: what of a lead's story concerns one field, and the conditions of the choices in it."""

from __future__ import annotations

from dataclasses import replace

from lustrum.report.path_facts import PathFacts
from lustrum.report.story import EntryStory, RunStory, Story

_KEPT_BACK = ("skipped", "failed", "blocked")


def with_conditions(story: Story, facts: PathFacts) -> Story:
    """Tell what the choices taken asked, in runs of which the plan is known."""
    runs = [
        replace(run, entries=tuple(_with_condition(entry, run.plan, facts) for entry in run.entries))
        for run in story.runs
    ]
    return replace(story, runs=tuple(runs))


def _with_condition(entry: EntryStory, plan: str, facts: PathFacts) -> EntryStory:
    texts = facts.conditions.get((plan, entry.path), ())
    known = entry.choice is not None and 0 < entry.choice <= len(texts)
    return replace(entry, condition=texts[entry.choice - 1]) if known and entry.choice else entry


def story_of_field(story: Story, field: str, facts: PathFacts) -> Story:
    """Keep what wrote the field, or would have and was skipped, failed or blocked, and why.

    Which entries would have written it is known from the plan of today and from what they wrote in these runs.
    """
    wrote = {
        entry.path for run in story.runs for entry in run.entries for write in entry.writes if write.field == field
    }
    writers = wrote | {path for path, fields in facts.writes.items() if field in fields}
    covering = writers | {path for path, fields in facts.covers.items() if field in fields}
    return replace(story, field=field, runs=tuple(_run(run, field, writers, covering) for run in story.runs))


def _run(run: RunStory, field: str, writers: set[str], covering: set[str]) -> RunStory:
    kept = {entry.path for entry in run.entries if _concerns(entry, field, writers, covering)}
    causes = {entry.code for entry in run.entries if entry.path in kept and entry.outcome == "blocked"}
    entries = [_of_field(entry, field) for entry in run.entries if entry.path in kept | causes]
    return replace(
        run,
        carried=tuple(write for write in run.carried if write.field == field),
        entries=tuple(entries),
        net=tuple(cell for cell in run.net if cell.field == field),
        quarantine=tuple(held for held in run.quarantine if held.field in (None, field)),
        qualified=(),
    )


def _concerns(entry: EntryStory, field: str, writers: set[str], covering: set[str]) -> bool:
    if field in {write.field for write in entry.writes} | {held.field for held in entry.quarantine}:
        return True
    return entry.path in (covering if entry.outcome in _KEPT_BACK else writers)


def _of_field(entry: EntryStory, field: str) -> EntryStory:
    writes = tuple(write for write in entry.writes if write.field == field)
    held = tuple(holding for holding in entry.quarantine if holding.field == field)
    outcome = "unchanged" if entry.outcome == "changed" and not writes else entry.outcome
    effects = entry.effects if writes else ()
    return replace(entry, outcome=outcome, writes=writes, quarantine=held, effects=effects, activities=())
