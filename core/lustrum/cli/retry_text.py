"""How an entry is tried again, as text: what differs from the usual."""

from __future__ import annotations

from collections.abc import Iterator

from lustrum.files.flow import Transient
from lustrum.report.outline import RetryOutline
from lustrum.words.durations import parse_waits

_USUAL = Transient()
_WAIT = str(parse_waits(_USUAL.wait))


def retry_parts(retry: RetryOutline) -> Iterator[str]:
    """Give what is unusual about how an entry is tried again."""
    named = f" ({', '.join(retry.strategies)})" if retry.strategies else ""
    if retry.attempts > 1:
        yield f"{retry.attempts} attempts{named}"
    if retry.codes is not None:
        yield f"on {', '.join(retry.codes)} only"
    yield from _transient(retry)
    if retry.repair is not None:
        yield f"repair {retry.repair.name}"
    if retry.until is not None:
        yield f"until {retry.until}"


def _transient(retry: RetryOutline) -> Iterator[str]:
    said = (retry.transient_attempts, retry.wait, retry.deadline, retry.hold)
    if said == (_USUAL.attempts, _WAIT, _USUAL.deadline, _USUAL.hold):
        return
    deadline = f", {retry.deadline} in all" if retry.deadline else ""
    hold = "" if retry.hold == _USUAL.hold else f", beyond {retry.hold} as a later batch"
    yield f"transient failures {retry.transient_attempts} times, waiting {retry.wait}{deadline}{hold}"
