"""The hooks a plugin may implement.

Every hook is called plugin by plugin, so that one that raises costs only itself. A plugin implements what it needs:

```python
from lustrum import Step, hookimpl

@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy_department]
```
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pluggy
import polars as pl

from lustrum.contracts.sources import Sink, Source
from lustrum.contracts.step_at import StepAt
from lustrum.contracts.steps import Step

GROUP = "lustrum"
"""The entry-point group, and the name under which pluggy knows the hooks."""

F = TypeVar("F", bound=Callable[..., object])

hookimpl = pluggy.HookimplMarker(GROUP)
_hookspec = pluggy.HookspecMarker(GROUP)


@_hookspec
def lustrum_configure(settings: Mapping[str, Any]) -> None:
    """Receive this plugin's settings from `lustrum.yaml`, once and before any other hook; raise if they are wrong."""


@_hookspec
def lustrum_steps() -> Sequence[Step | StepAt]:  # type: ignore[empty-body]  # a specification has no body
    """Offer steps to campaigns, each as it is or, where importing it takes time, as a `StepAt`."""


@_hookspec
def lustrum_open_source(location: str, options: Mapping[str, Any]) -> Source | None:
    """Open a source of leads, or return None if this location is none of yours (by scheme or suffix)."""


@_hookspec
def lustrum_open_sink(location: str, options: Mapping[str, Any]) -> Sink | None:
    """Open a sink for leads, or return None if this location is none of yours."""


@_hookspec
def lustrum_run_started(run: str, campaigns: Sequence[str], source: str, target: str) -> None:
    """Hear that a run starts, and from where to where. An observer can neither change data nor fail the run."""


@_hookspec
def lustrum_step_finished(run: str, path: str, outcomes: Mapping[str, int]) -> None:
    """Hear how many leads of a batch an entry changed, left, skipped, failed and blocked."""


@_hookspec
def lustrum_batch_committed(run: str, batch: int, figures: Mapping[str, Any]) -> None:
    """Hear that the work on a batch lasts, and its figures, named as in the run's summary."""


@_hookspec
def lustrum_changes(run: str, batch: int, changes: pl.DataFrame) -> None:
    """Hear of every write in a batch, for lineage: the columns of `leads.changes.csv`, and `row`. Not applied yet."""


@_hookspec
def lustrum_guards_tripped(run: str, guards: Sequence[Mapping[str, Any]]) -> None:
    """Hear which guards stop the run: each with `guard`, `found`, `of`, `limit`, and the entries behind it in `by`."""


@_hookspec
def lustrum_alerts(run: str, alerts: Sequence[Mapping[str, str]]) -> None:
    """Deliver the alerts of a run that has been applied; each has what `leads.alerts.csv` has: key, to, subject, text.

    Called once, where there are any.
    """


@_hookspec
def lustrum_run_finished(run: str, status: str, summary: Mapping[str, Any]) -> None:
    """Hear how the run ended and its figures."""
