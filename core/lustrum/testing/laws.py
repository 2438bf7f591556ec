"""The laws a step that standardises is held to, whatever stands in its fields.

* *total*: whatever is written, the step answers or fails as it declares; it never raises.
* *vectorised*: what it says of many inputs at once is what its function says of each, to the letter.
* *pure*: the same lead gets the same answer again, in any order and in any company.
* *settled*: what the step has written it accepts, and leaves as it is.
* *blanks*: blanks around a value change nothing.
* *composed*, *decomposed*: a value means the same in both Unicode forms, NFC and NFD.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from lustrum.contracts.steps import Step
from lustrum.testing.leads import Row
from lustrum.testing.steps import StepRun, run_step


def broken_laws(
    step: Step[..., object],
    rows: Sequence[Row],
    /,
    *,
    options: Mapping[str, Any] | None = None,
    laws: Sequence[str] | None = None,
    **more: Any,
) -> list[str]:
    r"""Name each law (default: all) that a step breaks over some leads, with lead and answers; `more` is `run_step`'s.

    >>> from lustrum import step
    >>> @step("acme.shout")
    ... def shout(company: str) -> str:
    ...     return company + "!"
    >>> print(*broken_laws(shout, [{"company": "acme"}]), sep="\n")
    settled: {'company': 'acme!'} became {'company': 'acme!!'}, not {'company': 'acme!'}
    blanks: {'company': ' acme \t'} became {'company': ' acme \t!'}, not {'company': 'acme!'}
    """
    run = partial(run_step, step, options=options, **{"source": rows, **more})
    first = run(rows)
    held = [law for law in AGAIN if law in (laws or LAWS)]
    asked = [AGAIN[law](row, lead) for law in held for row, lead in zip(rows, first.leads, strict=True)]
    again = run(asked[::-1])
    answers = list(zip(again.leads[::-1], again.outcomes[::-1], strict=True))
    total = _raised(rows, first) if "total" in (laws or LAWS) else ()
    others = _otherwise(rows, first, partial(run_step, _one_by_one(step), options=options, **{"source": rows, **more}))
    vectorised = others if step.vectorised and "vectorised" in (laws or LAWS) else ()
    return [*total, *vectorised, *_broken(held, rows, first, asked, answers)]


Respelling = Callable[[str], str]


def _same(row: Row, _lead: Row) -> Row:
    return row


def _written(_row: Row, lead: Row) -> Row:
    return lead


def _respelt(respelling: Respelling, row: Row, _lead: Row) -> Row:
    return {name: respelling(cell) if isinstance(cell, str) and cell.strip() else cell for name, cell in row.items()}


AGAIN: Mapping[str, Callable[[Row, Row], Row]] = {
    "pure": _same,
    "settled": _written,
    "blanks": partial(_respelt, lambda text: f" {text} \t"),
    "composed": partial(_respelt, partial(unicodedata.normalize, "NFC")),
    "decomposed": partial(_respelt, partial(unicodedata.normalize, "NFD")),
}
"""What a step is asked again, from a lead as it was and as the step left it: its answer must not differ."""

LAWS = ("total", "vectorised", *AGAIN)


def _raised(rows: Sequence[Row], first: StepRun) -> Iterator[str]:
    for row, outcome in zip(rows, first.outcomes, strict=True):
        if outcome in ("failed:step_raised", "failed:wrong_type"):
            yield f"total: {dict(row)} {outcome}: {'; '.join(first.result.details['message'].unique().drop_nulls())}"


def _one_by_one(step: Step[..., object]) -> Step[..., object]:
    """Give the step without its vectorised form."""
    slow = object.__new__(type(step))  # `copy` takes a step for a name, as pickle does
    vars(slow).update(vars(step), vectorised=None)
    return slow


def _otherwise(rows: Sequence[Row], first: StepRun, run: Callable[[Sequence[Row]], StepRun]) -> Iterator[str]:
    slow = run(rows)
    for number, (fast, said) in enumerate(zip(_words(first), _words(slow), strict=True)):
        if fast != said:
            yield f"vectorised: {dict(rows[number])} is {fast}, not {said}"


def _words(run: StepRun) -> list[str]:
    """Give all that was said of each lead: what it became, its outcome, reasons and messages."""
    result = run.result
    said = [f"{lead} {outcome}" for lead, outcome in zip(run.leads, run.outcomes, strict=True)]
    for frame in (result.trail.drop("plugin", "version"), result.details, result.attempts, result.quarantine):
        for cells in frame.sort("row", maintain_order=True).iter_rows(named=True):
            said[cells["row"]] += f" {cells}"
    return said


def _broken(
    laws: Sequence[str], rows: Sequence[Row], first: StepRun, asked: Sequence[Row], answers: Sequence[tuple[Row, str]]
) -> Iterator[str]:
    for number, (lead, (answer, outcome)) in enumerate(zip(asked, answers, strict=True)):
        law, nth = laws[number // len(rows)], number % len(rows)
        want = _expected(rows[nth], first.leads[nth], lead, answer)
        if answer != want:
            yield f"{law}: {dict(lead)} became {_apart(answer, want)}, not {_apart(want, answer)}"
        elif _failure(outcome) != _failure(first.outcomes[nth]):
            yield f"{law}: {dict(lead)} is {outcome}, not {first.outcomes[nth]}"


def _expected(row: Row, first: Row, lead: Row, answer: Row) -> Row:
    """Give what the answer should be: as at first; what was left alone then may be left alone as it is spelled now."""
    return {
        name: cell if answer[name] != lead.get(name) or cell != row.get(name) else answer[name]
        for name, cell in first.items()
    }


def _failure(outcome: str) -> str:
    return outcome if outcome.startswith("failed") else ""


def _apart(lead: Row, other: Row) -> Row:
    return {name: cell for name, cell in lead.items() if cell != other.get(name)}
