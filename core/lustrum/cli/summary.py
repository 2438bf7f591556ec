"""The summary of a run, as the operator reads it in the morning."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

import click

from lustrum.running.summary import Summary
from lustrum.running.totals import Totals

_ENDINGS = {
    "applied": "applied",
    "dry": "dry run: nothing was applied",
    "stopped": "STOPPED by a guard: nothing was applied",
    "aborted": "ABORTED: nothing was applied",
}


def print_summary(summary: Summary) -> None:
    """Print a run's summary."""
    for line in summary_lines(summary):
        click.echo(line)


def summary_lines(summary: Summary) -> Iterator[str]:
    """Give the lines of a run's summary."""
    totals = summary.totals
    yield f"run {summary.run}: {', '.join(summary.campaigns)}: {_ENDINGS[summary.status]}"
    yield f"source       {summary.source} ({summary.description})"
    yield f"leads        {totals.leads:,} read{_besides(totals)}"
    if totals.spared:
        yield f"spared       {totals.spared:,} leads are as they were when they last went through"
    yield f"changed      {totals.changed_leads:,} leads, {totals.changed_cells:,} cells{_by(totals.changed)}"
    yield f"quarantine   {totals.quarantined:,} leads{_by(totals.codes)}"
    if totals.effects:
        yield f"effects      {sum(totals.effects.values()):,}{_by(totals.effects)}"
    yield from _later(totals)
    yield from _activities(totals)
    if totals.unreadable:
        yield f"unreadable   cells of another type than their field's, read as empty and left{_by(totals.unreadable)}"
    for lesson, fact in summary.facts.items():
        yield f"learnt       {lesson}: {fact}"
    yield from _costs(summary)
    yield from _remarks(summary)
    for name, path in summary.outputs.items():
        yield f"{name:<12} {path}"


def _later(totals: Totals) -> Iterator[str]:
    if totals.put_off:
        yield f"put off      {totals.put_off:,} leads waited for a busy provider and went through again"
    if totals.parked:
        yield f"parked       {totals.parked:,} leads wait for their time"


def _activities(totals: Totals) -> Iterator[str]:
    figures = [
        (totals.activities_fed, "in the feed"),
        (totals.activities, "of the types asked about"),
        (totals.activities_taken, "taken by triggers"),
        (totals.activities_repeated, "repeated"),
        (totals.activities_unmatched, "of leads that are not in the source"),
        (totals.activities_unreadable.total(), f"unreadable{_by(totals.activities_unreadable)}"),
    ]
    told = [f"{number:,} {what}" for number, what in figures if number]
    if told:
        yield f"activities   {', '.join(told)}"


def _costs(summary: Summary) -> Iterator[str]:
    """Say where the time went, in microseconds a lead, the dearest first."""
    whole, leads = sum(summary.costs.values()), max(1, summary.totals.leads)
    for what, seconds in sorted(summary.costs.items(), key=lambda cost: -cost[1]):
        yield f"cost         {seconds / leads * 1e6:9.2f} µs a lead, {seconds / whole:4.0%}  {what}"


def _remarks(summary: Summary) -> Iterator[str]:
    if summary.aborted:
        yield f"aborted      {summary.aborted}"
    for trip in summary.tripped:
        yield f"stopped      {trip}; look at `lustrum diff {summary.run}`, then mend the data or the limit,"
        yield f"             or take it as it is: lustrum apply {summary.run} --accept-guard {shlex.quote(trip.name)}"
        yield from (f"             by {culprit}" for culprit in trip.by)
    for message in summary.raised:
        yield f"step raised  {message}"
    for warning in summary.warnings:
        yield f"warning      {warning}"
    for complaint in summary.complaints:
        yield f"complaint    {complaint}"


def _besides(totals: Totals) -> str:
    parts = [f"{totals.rejects.total():,} rejected{_by(totals.rejects)}"] if totals.rejects else []
    parts += [f"{totals.beyond_limit:,} beyond --limit, copied"] if totals.beyond_limit else []
    return f" ({'; '.join(parts)})" if parts else ""


def _by(counts: Mapping[str, int]) -> str:
    if not counts:
        return ""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ": " + ", ".join(f"{name} {count:,}" for name, count in ranked)
