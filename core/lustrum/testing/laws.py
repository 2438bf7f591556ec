"""The laws a step that standardises is held to, whatever stands in its fields.

* *total*: whatever is written, the step answers or fails as it declares; it never raises.
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
    return [*total, *_broken(held, rows, first, asked, answers)]


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

LAWS = ("total", *AGAIN)


def _raised(rows: Sequence[Row], first: StepRun) -> Iterator[str]:
    for row, outcome in zip(rows, first.outcomes, strict=True):
        if outcome in ("failed:step_raised", "failed:wrong_type"):
            yield f"total: {dict(row)} {outcome}: {'; '.join(first.result.details['message'].unique().drop_nulls())}"


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
