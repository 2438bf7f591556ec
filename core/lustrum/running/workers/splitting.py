"""Whether the batches of a run are split over workers, over how many, and from how many leads on it pays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from lustrum.contracts.ports import Calls
from lustrum.planning.plan import Plan
from lustrum.running.batches import Incoming
from lustrum.running.job import Job
from lustrum.running.memory import most_workers
from lustrum.words.errors import LustrumError

PAYS = 60_000
"""So many leads beyond the first batch take one process longer than workers take to start."""

Numbered = Iterator[tuple[int, Incoming]]


def split(job: Job, parts: Numbered) -> tuple[int, Numbered]:
    """Say over how many workers the batches of a run are to be split, none to do without; the batches come along.

    What the caller asks for is done, or a note says why not. Else there are as many as cores where that pays.
    """
    asked = job.options.workers
    if asked == 0:
        return 0, parts
    reason = _in_the_way(job)
    if reason:
        if asked:
            job.complaints.append(f"worked in one process: {reason}")
        return 0, parts
    if asked is not None:
        return asked, parts
    number = most_workers(job.options)
    if "limits" in job.settings.model_fields_set:
        return number, parts
    return _if_it_pays(number, parts)


def _in_the_way(job: Job) -> str | None:
    if job.execute is not None:
        return "nothing is computed"
    if job.options.profile:
        return "--profile measures what each entry costs, which is told of one process only"
    calling = _calling(job.plan)
    return f"{calling} makes outside calls, which are counted over the whole run" if calling else None


def _calling(plan: Plan) -> str | None:
    steps = (call.step for entry in plan.entries() for call in entry.calls)
    return next((step.name for step in steps if step.deferred or Calls in step.signature.injected.values()), None)


def _if_it_pays(number: int, parts: Numbered) -> tuple[int, Numbered]:
    """Read on until it is known whether there are leads enough."""
    if number == 1:
        return 0, parts
    held: list[tuple[int, Incoming]] = []
    beyond = 0
    try:
        for part in parts:
            beyond += part[1].batch.height if held else 0
            held.append(part)
            if beyond >= PAYS:
                return number, chain(held, parts)
    except LustrumError as error:
        return 0, _then_raise(held, error)
    return 0, iter(held)


def _then_raise(held: list[tuple[int, Incoming]], error: LustrumError) -> Numbered:
    yield from held
    raise error
