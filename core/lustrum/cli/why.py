"""`lustrum why`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lustrum.cli.loading import find_root, open_project, plan_project, project_option

if TYPE_CHECKING:
    from lustrum.planning.plan import Plan
    from lustrum.report.path_facts import PathFacts
    from lustrum.report.story import Story
    from lustrum.running.journal.ledger import Ledger


@click.command("why")
@click.argument("key")
@click.argument("field", required=False)
@project_option
@click.option("--run", metavar="RUN", help="Tell of this run only: its id, or `last`.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(key: str, field: str | None, folder: Path | None, run: str | None, as_json: bool) -> None:
    """Tell the story of one lead across runs, the latest last: what each entry did to it, and why.

    KEY is the lead's key. With FIELD, a field or its column, only what wrote, failed or held back that field.
    """
    from lustrum.cli.why_text import story_lines

    story = _story(find_root(folder), key, field, run)
    lines = [json.dumps(asdict(story), indent=2, ensure_ascii=False)] if as_json else story_lines(story)
    for line in lines:
        click.echo(line)


def _story(root: Path, key: str, field: str | None, run: str | None) -> Story:
    from lustrum.cli.past_runs import find_run, open_past
    from lustrum.report.field_story import story_of_field, with_conditions
    from lustrum.report.lead_records import known_fields
    from lustrum.report.storyteller import tell_story

    with open_past(root) as ledger:
        named = [find_run(ledger, run)] if run else ledger.runs()
        story = tell_story(root, ledger, key, named)
        if not story.runs:
            raise _unknown(root, ledger, key, run)
        facts = _facts(root, story, needed=field is not None)
        story = with_conditions(story, facts)
        if field is None:
            return story
        fields = facts.fields | known_fields(root, ledger, named)
        return story_of_field(story, _named(field, fields), facts)


def _unknown(root: Path, ledger: Ledger, key: str, run: str | None) -> Exception:
    """Say that a lead was in no run, or not in the one that was named, and what may have been meant."""
    from lustrum.cli.past_runs import LISTED
    from lustrum.report.lead_records import nearest_keys, read_lead
    from lustrum.words.errors import UsageError
    from lustrum.words.nearest import did_you_mean

    others = list(read_lead(root, ledger, key, ledger.runs())) if run else []
    if others:
        return UsageError(f"the run {run} has nothing of lead {key}; it was in: {', '.join(others[-LISTED:])}")
    hint = did_you_mean(key, nearest_keys(root, ledger, key, ledger.runs()[-LISTED:]))
    return UsageError(f"no run has anything of lead {key}; {hint or 'give the key as it stands in the source'}")


def _named(field: str, known: frozenset[str]) -> str:
    """Give the field that is meant, in either spelling. Raises `UsageError`."""
    from lustrum.words.errors import UsageError
    from lustrum.words.fields import field_name
    from lustrum.words.nearest import did_you_mean

    name = field_name(field)
    if name in known:
        return name
    hint = did_you_mean(name, known) or f"there are: {', '.join(sorted(known))}"
    raise UsageError(f"there is no field {field}; {hint}")


def _facts(root: Path, story: Story, *, needed: bool) -> PathFacts:
    """Gather what the plans of today say; where there is none, say so if it is needed, and go on without."""
    from lustrum.report.path_facts import path_facts

    plans = list(_plans(root, list(dict.fromkeys(run.campaigns for run in story.runs))))
    if needed and not plans:
        click.echo("note: the project cannot be planned now, so this is told by what was written only", err=True)
    return path_facts(plans)


def _plans(root: Path, campaigns: Sequence[tuple[str, ...]]) -> Iterator[Plan]:
    from lustrum.words.errors import LustrumError

    for names in campaigns:
        try:
            yield plan_project(*open_project(root), names, any_kind=True)
        except LustrumError:  # the project is another than at the time of that run
            continue
