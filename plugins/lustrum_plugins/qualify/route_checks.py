"""What must hold for a lifecycle as it is declared; each complaint is a `ValueError`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lustrum_plugins.qualify.conditions import asks_time
from lustrum_plugins.qualify.route import Lifecycle
from lustrum_plugins.qualify.stages import Recycle, fields_by_role, folded


def check_lifecycle(way: Lifecycle, options: Mapping[str, Any]) -> None:
    """Raise `ValueError` for the first thing that is wrong; `options` has `field` and, where given, `at`."""
    problem = next(_problems(way, options.get("field", "stage"), timed=options.get("at") is not None), None)
    if problem:
        raise ValueError(problem)


def _problems(way: Lifecycle, field: str, *, timed: bool) -> Iterator[str]:
    yield from _names(way)
    yield from (f"the stage {stage.name} needs a condition, under when:" for stage in way.stages[1:] if not stage.when)
    for rule in way.recycle:
        yield from _sources(way, rule)
    yield from _fields(way, field)
    if not timed:
        yield from _times(way)


def _names(way: Lifecycle) -> Iterator[str]:
    names = [folded(stage.name) for stage in way.stages]
    yield from (
        f"the stage {stage.name} stands there twice" for stage in way.stages if names.count(folded(stage.name)) > 1
    )
    yield from ("a stage has no name" for name in (*names, *(folded(rule.to) for rule in way.recycle)) if not name)


def _sources(way: Lifecycle, rule: Recycle) -> Iterator[str]:
    back = way.place(rule.to)
    if back == len(way.stages) - 1 and rule.from_ is None:
        yield f"no stage stands beyond {rule.to}, so that no lead can be taken back to it"
    for name in rule.from_ or ():
        if way.declared(name) is None:
            yield f"from: there is no stage {name}; there are {', '.join(way.names)}"
        elif 0 <= way.place(name) <= back:
            yield f"{name} does not stand beyond {rule.to}; a rule takes leads back, and stages take them forward"


def _fields(way: Lifecycle, field: str) -> Iterator[str]:
    written = [field, *(name for names in fields_by_role(way.arrivals).values() for name in names)]
    yield from (
        f"{name} is written in two ways; give each its own field" for name in written if written.count(name) > 1
    )
    for arrival in way.arrivals:
        for name in sorted(arrival.condition.fields.intersection(written) if arrival.condition else ()):
            yield f"a condition reads {name}, which this entry writes; ask it in the `when:` of the entry"


def _times(way: Lifecycle) -> Iterator[str]:
    for arrival in way.arrivals:
        if "stamp" in arrival.fields or "first" in arrival.fields:
            yield f'{arrival.name} stamps the time; say which, as at: "{{{{system.date_time}}}}"'
        if arrival.condition and asks_time(arrival.condition):
            yield f'{arrival.condition} asks for the time; say which, as at: "{{{{system.date_time}}}}"'
