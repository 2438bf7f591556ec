"""The story of a lead as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from lustrum.cli.aligned import shown
from lustrum.cli.past_runs import status_text
from lustrum.cli.tree import Branch, Facts, draw
from lustrum.report.story import Ask, EntryStory, Happening, Holding, RunStory, Story
from lustrum.running.batches import KEY_REPEATED
from lustrum.words.durations import duration_text


def story_lines(story: Story) -> Iterator[str]:
    """Give the lines of a story."""
    what = f"{story.field} of lead {story.key}" if story.field else f"lead {story.key}"
    yield f"{what}: in {len(story.runs)} {'run' if len(story.runs) == 1 else 'runs'}"
    for run in story.runs:
        yield ""
        yield from draw(_run(run, story.field))


def _run(run: RunStory, field: str | None) -> Branch:
    title = f"run {run.run}: {', '.join(run.campaigns)}: {status_text(run.status)}"
    carried = [("begins", f"{each.field}: {_change(each.before, each.after)}: {each.reason}") for each in run.carried]
    branches = [Branch(entry.path, list(_entry(entry))) for entry in run.entries]
    if run.quarantine:
        branches.append(Branch("quarantine", [("held", _left_out(held)) for held in run.quarantine]))
    if run.qualified:
        branches.append(Branch("qualification", [("used up", name) for name in run.qualified]))
    net = [("net", f"{cell.field}: {_change(cell.before, cell.after)}") for cell in run.net]
    if not net:
        net = [("net", f"{field or 'the lead'} stays as it was")]
    updated = [("versions", ", ".join(_updates(run)))] if run.updated else []
    return Branch(title, [("started", run.started), ("source", run.source), *updated, *carried, *net], branches)


def _updates(run: RunStory) -> Iterator[str]:
    """Say which libraries were others in the run told before."""
    for name, before in run.updated.items():
        yield f"{name} {run.versions[name]} (was {before})" if before else f"{name} {run.versions[name]} (new)"


def _entry(entry: EntryStory) -> Facts:
    for activity in entry.activities:
        yield "activity", activity
    if entry.campaign is not None:
        yield "executed", entry.campaign
    if entry.choice is not None:
        yield "choice", f"{entry.choice}: {entry.condition}" if entry.condition else str(entry.choice)
    for ask in entry.asks:
        yield f"attempt {ask.attempt}", _ask(ask)
    for write in entry.writes:
        whose = f"{write.step} of {write.plugin}{f' {write.version}' if write.version else ''}"
        again = f", attempt {write.attempt}" if write.attempt > 1 else ""
        why = f": {write.reason}" if write.reason else ""
        instead = f"; instead of: {', '.join(write.candidates)}" if write.candidates else ""
        yield "changed", f"{write.field}: {_change(write.before, write.after)} by {whose}{again}{why}{instead}"
    for effect in entry.effects:
        yield "effect", _effect(effect)
    yield from _outcome(entry)
    for parked in entry.parked:
        activity = f", with activity {parked.activity}" if parked.activity else ""
        yield "parked", f"until {parked.due}{activity}"
    for held in entry.quarantine:
        yield "quarantine", _holding(held, entry)


def _outcome(entry: EntryStory) -> Facts:
    """Say what the entry came to, unless what it did says so already."""
    if entry.parked and entry.code == "parked":
        return
    if entry.outcome in ("skipped", "failed", "blocked"):
        code = f"by {entry.code}" if entry.outcome == "blocked" else entry.code or ""
        yield entry.outcome, f"{code}: {entry.message}" if entry.message and entry.outcome != "blocked" else code
    elif entry.outcome == "unchanged" and not entry.effects:
        yield "unchanged", "nothing was to be changed"
    elif entry.outcome == "changed" and not entry.writes:
        yield "changed", "by what it executed"


def _ask(ask: Ask) -> str:
    if ask.wait is None:
        return f"{ask.code}"
    pause = f"after {duration_text(timedelta(seconds=round(ask.wait, 1)))}" if ask.wait else "at once"
    return f"{ask.code}; asked again {pause}"


def _change(before: str | None, after: str | None) -> str:
    return f"{shown(before)} → {shown(after)}"


def _effect(effect: Happening) -> str:
    if effect.kind == "wait":
        return "the wait is over"
    said = [part for part in (effect.type, effect.subject) if part]
    text = f": {shown(effect.text)}" if effect.text else ""
    return f"{' '.join([effect.kind, *said])}{text}"


def _left_out(held: Holding) -> str:
    """Say why a lead was left as it is; the first one of a key is not."""
    return f"{held.code}: a further lead with this key" if held.code == KEY_REPEATED else _holding(held)


def _holding(held: Holding, entry: EntryStory | None = None) -> str:
    """Say why the lead stands in quarantine, without what the outcome of the entry says already."""
    told = entry is not None and (held.code, held.message) == (entry.code, entry.message)
    said = [held.field, *([] if told else [held.code, held.message])]
    inputs = f"; inputs {held.inputs}" if held.inputs and held.inputs != "{}" else ""
    return ": ".join(part for part in said if part) + inputs
