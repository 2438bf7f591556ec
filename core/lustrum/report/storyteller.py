"""Telling the story of a lead from what the journals have of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from lustrum.planning.campaign_tree import SEPARATOR
from lustrum.report.flow_order import FlowOrder, is_below
from lustrum.report.lead_records import Records, Rows, read_lead
from lustrum.report.story import Ask, Cell, EntryStory, Happening, Holding, Parking, RunStory, Story, Write
from lustrum.running.journal.ledger import Ledger

REQUEST = "request"
_WRITE = tuple(name for name in Write.__slots__ if name != "candidates")
_HOLDING = tuple(name for name in Holding.__slots__ if name != "candidates")
_BY_PATH = ("executed", "choices", "details", "attempts", "trail", "effects", "parked", "quarantine")
"""The parts that speak of paths."""


def tell_story(root: Path, ledger: Ledger, key: str, runs: Iterable[str]) -> Story:
    """Tell what the runs did to a lead; runs that have nothing of it are left out."""
    named = list(runs)
    found = read_lead(root, ledger, key, named)
    requests = [path for run in named for path in _requests(found.get(run, {}))]
    told = [_run(ledger.run(run) or {}, found[run], requests) for run in named if run in found]
    return Story(key, None, tuple(_with_updates(told)))


def _with_updates(runs: Iterable[RunStory]) -> Iterator[RunStory]:
    """Say in each run which versions were others in the last one before it that noted any."""
    before: Mapping[str, str] = {}
    for run in runs:
        others = {name: before.get(name) for name, version in run.versions.items() if before.get(name) != version}
        yield replace(run, updated=others) if before else run
        before = run.versions or before


def _requests(found: Records) -> list[str]:
    return [effect["path"] for effect in found.get("effects", ()) if effect["kind"] == REQUEST]


def _run(record: Mapping[str, Any], found: Records, requests: Sequence[str]) -> RunStory:
    """Tell of a run; `requests` are those of all runs, for a lead may go on in what an earlier run requested."""
    told = _Told(found, set(requests))
    summary: Mapping[str, Any] = json.loads(record["summary"])
    order = FlowOrder(_flow(summary, found), [*_requests(found), *requests])
    return RunStory(
        run=record["run"],
        status=record["status"],
        started=record["started"],
        campaigns=tuple(json.loads(record["campaigns"])),
        source=record["source"],
        plan=record["plan"],
        carried=tuple(_write(row) for row in found.get("trail", ()) if row["path"] is None),
        entries=tuple(told.entry(path) for path in sorted(told.paths(), key=order.rank)),
        net=tuple(_net(found.get("trail", []))),
        quarantine=tuple(_held(row) for row in found.get("quarantine", ()) if row["path"] is None),
        qualified=tuple(row["campaign"] for row in found.get("qualified", ())),
        versions=dict(summary.get("versions", {})),
    )


def _net(trail: Rows) -> Iterable[Cell]:
    """Give the cells that differ in the end: what each was at first, and is at last."""
    cells: dict[str, Cell] = {}
    for row in trail:
        if row["net"]:
            first = cells.get(row["field"])
            cells[row["field"]] = Cell(row["field"], first.before if first else row["before"], row["after"])
    return cells.values()


def _flow(summary: Mapping[str, Any], found: Records) -> list[str]:
    """Give the paths in the order of the run's own plan, as its summary has it; else as the journal has them."""
    seen = [row["path"] for part in _BY_PATH for row in found.get(part, ()) if row["path"]]
    return list(dict.fromkeys([*summary.get("outcomes", {}), *seen]))


class _Told:
    """What a run's records have of a lead, by path."""

    def __init__(self, found: Records, requests: Collection[str]) -> None:
        self._found = found
        self._requests = requests
        self._parts = {part: _by_path(found.get(part, ())) for part in _BY_PATH}

    def paths(self) -> set[str]:
        """Give all paths that something is known of."""
        consumed = {row["campaign"] for row in self._found.get("consumed", ())}
        return consumed.union(*self._parts.values())

    def entry(self, path: str) -> EntryStory:
        """Tell what was done at a path."""
        executed = self._at("executed", path)
        choices = self._at("choices", path)
        detail = self._at("details", path)[-1:]
        return EntryStory(
            path=path,
            campaign=executed[-1]["campaign"] if executed else None,
            choice=choices[-1]["choice"] if choices else None,
            outcome=detail[0]["outcome"] if detail else self._inferred(path),
            code=detail[0]["code"] if detail else None,
            message=detail[0]["message"] if detail else None,
            candidates=_readings(detail[0]) if detail else (),
            asks=tuple(map(_ask, self._at("attempts", path))),
            writes=tuple(map(_write, self._at("trail", path))),
            effects=tuple(map(_happening, self._at("effects", path))),
            parked=tuple(Parking(_time(row["due"]), row["activity"]) for row in self._at("parked", path)),
            activities=tuple(row["activity"] for row in self._found.get("consumed", ()) if row["campaign"] == path),
            quarantine=tuple(map(_held, self._at("quarantine", path))),
        )

    def _at(self, part: str, path: str) -> Rows:
        return self._parts[part].get(path, [])

    def _inferred(self, path: str) -> str | None:
        """Tell the outcome of an entry of which it is not noted why: it changed the lead or left it as it was."""
        if not self._is_entry(path):
            return None
        writes = list(self._writes_of(path))
        first = {row["field"]: row["before"] for row in reversed(writes)}
        last = {row["field"]: row["after"] for row in writes}
        return "changed" if first != last else "unchanged"

    def _is_entry(self, path: str) -> bool:
        """Say whether a path is an entry's, and not that of a root, a repair, or a campaign that a choice calls."""
        if self._is_in(path, "choices", "attempts", "trail", "effects"):
            return True
        caller = path.rpartition(SEPARATOR)[0]
        return bool(caller) and not self._is_in(caller, "choices", "attempts", "trail")

    def _is_in(self, path: str, *parts: str) -> bool:
        return any(path in self._parts[part] for part in parts)

    def _writes_of(self, path: str) -> Iterator[dict[str, Any]]:
        """Give what an entry wrote: a step itself, one that executes a campaign by what is below it."""
        if own := self._at("trail", path):
            yield from own
        elif path not in self._requests and self._executes(path):
            later = [request for request in self._requests if is_below(request, path)]
            for row in self._found.get("trail", ()):
                writer = row["path"] or ""
                if is_below(writer, path) and not any(is_below(writer, request) for request in later):
                    yield row

    def _executes(self, path: str) -> bool:
        chosen = self._is_in(path, "choices") and not self._is_in(path, "attempts")
        return self._is_in(path, "executed") or (chosen and any(is_below(p, path) for p in self._parts["executed"]))


def _by_path(rows: Iterable[dict[str, Any]]) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        if row["path"] is not None:
            found.setdefault(row["path"], []).append(row)
    return found


def _ask(row: Mapping[str, Any]) -> Ask:
    return Ask(*(row[name] for name in Ask.__slots__))


def _write(row: Mapping[str, Any]) -> Write:
    return Write(**{name: row[name] for name in _WRITE}, candidates=_readings(row))


def _happening(row: Mapping[str, Any]) -> Happening:
    kind, sort, subject, text = (row[name] for name in ("kind", "type", "subject", "text"))
    return Happening(kind, sort, subject, text, row["before"], row["after"], _time(row["at"]))


def _held(row: Mapping[str, Any]) -> Holding:
    return Holding(**{name: row[name] for name in _HOLDING}, candidates=_readings(row))


def _readings(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(json.loads(row["candidates"] or "[]"))


def _time(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
