"""Guards: limits on what a run may do before it is applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.files.limits import Limit
from lustrum.files.settings import Guards
from lustrum.running.guards import SMALLEST, Tripped, tripped_guards
from lustrum.running.summary import Summary
from lustrum.running.totals import Totals

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]
Leads = Callable[..., str]


def tripped(guards: Guards, last_rows: int | None = None, **totals: object) -> list[str]:
    return [trip.name for trip in tripped_guards(guards, Totals(**totals), last_rows)]  # type: ignore[arg-type]  # each test names figures


def guards(**limits: object) -> Guards:
    return Guards.model_validate(limits)


@pytest.mark.parametrize(
    ("limit", "of", "within"),
    [("5%", 200, 10), ("0%", 200, 0), ("100%", 200, 200), ("2.5%", 200, 5), ("12", 50, 12), ("0", 5, 0)],
)
def test_a_guard_trips_only_beyond_its_limit(limit: str, of: int, within: int) -> None:
    for found, trips in ((within - 1, False), (within, False), (within + 1, True)):
        changed = Counter(city=found)
        assert tripped(guards(quarantined=limit), leads=of, quarantined=found) == ["quarantined"] * trips
        assert tripped(guards(raised=limit), leads=of, raised=found) == ["raised"] * trips
        assert tripped(guards(changed={"city": limit}), leads=of, changed=changed) == ["changed.city"] * trips


@pytest.mark.parametrize(
    ("limit", "last", "within", "beyond"),
    [
        ("-20%", 1000, 800, 799),
        ("20%", 1000, 1200, 1201),
        ("-5", 1000, 995, 994),
        ("5", 1000, 1005, 1006),
        ("-0%", 1000, 1000, 999),
        ("0%", 1000, 1000, 1001),
    ],
)
def test_the_rows_guard_looks_one_way(limit: str, last: int, within: int, beyond: int) -> None:
    other_way = last - (beyond - last) * 3
    assert [tripped(guards(rows=limit), last, leads=leads) for leads in (beyond, within, other_way)] == [
        ["rows"],
        [],
        [],
    ]


@pytest.mark.parametrize(("leads", "trips"), [(799, ["rows"]), (800, []), (5000, [])])
def test_a_fall_in_rows_is_watched_even_if_nobody_asks(leads: int, trips: list[str]) -> None:
    assert tripped(Guards(), 1000, leads=leads) == trips


def test_leads_beyond_a_limit_were_read_too() -> None:
    assert tripped(Guards(), 1000, leads=10, beyond_limit=990) == []


@pytest.mark.parametrize("last", [None, 0])
def test_a_first_run_has_nothing_to_fall_from(last: int | None) -> None:
    assert tripped(guards(rows="-1%"), last, leads=5) == []


@pytest.mark.parametrize(("raised", "trips"), [(10, []), (11, ["raised"])])
def test_raised_steps_are_watched_even_if_nobody_asks(raised: int, trips: list[str]) -> None:
    assert tripped(Guards(), leads=200, raised=raised) == trips


@pytest.mark.parametrize(("leads", "trips"), [(SMALLEST - 1, []), (SMALLEST, ["quarantined"])])
def test_a_share_says_nothing_about_fewer_than_a_hundred_leads(leads: int, trips: list[str]) -> None:
    assert tripped(guards(quarantined="5%"), leads=leads, quarantined=leads) == trips


def test_a_count_speaks_about_any_number_of_leads() -> None:
    assert tripped(guards(quarantined="1"), leads=3, quarantined=2) == ["quarantined"]


def test_no_leads_trip_no_share() -> None:
    assert tripped(guards(quarantined="0%", raised="0%", changed="0%"), leads=0) == []


def test_one_limit_for_every_field_holds_for_each_by_itself() -> None:
    changed = Counter(city=60, state=50, country=20)
    limits = guards(changed={"*": "50%", "country": "10%"})
    assert tripped(limits, leads=100, changed=changed) == ["changed.city", "changed.country"]


def test_a_field_nothing_changed_trips_nothing() -> None:
    assert tripped(guards(changed={"city": "0%"}), leads=100, changed=Counter(state=5)) == []


def test_a_tripped_guard_says_what_was_found() -> None:
    trip = Tripped("quarantined", Limit.parse("5%"), 12, 200)
    assert str(trip) == "guard quarantined: 12 of 200 leads (6.0%), and the limit is 5%"
    assert str(Tripped("rows", Limit.parse("-20%"), 3, 0)) == "guard rows: 3 of 0 leads, and the limit is -20%"


@pytest.mark.parametrize(("limit", "ends"), [("9", "stopped"), ("10", "applied"), ("11", "applied")])
def test_beyond_a_guard_nothing_is_applied(
    project: Project, run: Run, outputs: Outputs, status: Callable[..., str], leads: Leads, limit: str, ends: str
) -> None:
    root = project(leads("DE", "no?", times=10), settings=f"guards: {{quarantined: {limit}}}\n")
    summary = run(root)
    assert (summary.status, status(root)) == (ends, ends)
    assert summary.exit_code == (3 if ends == "stopped" else 1)
    assert [trip.name for trip in summary.tripped] == (["quarantined"] if ends == "stopped" else [])
    assert bool(outputs(root)) is (ends == "applied")
    assert bool(summary.outputs) is (ends == "applied")


def test_a_stopped_run_leaves_the_outputs_of_the_last_one(
    project: Project, run: Run, outputs: Outputs, leads: Leads
) -> None:
    root = project(leads("DE"), settings="guards: {changed: {country: 3}}\n")
    run(root, "r1")
    before = outputs(root)
    (root / "leads.csv").write_text(leads("DE", times=4), encoding="utf-8")
    assert run(root, "r2").status == "stopped"
    assert outputs(root) == before


@pytest.mark.parametrize(("raising", "ends"), [(5, "applied"), (6, "stopped")])
def test_too_many_raised_steps_stop_a_run(project: Project, run: Run, leads: Leads, raising: int, ends: str) -> None:
    root = project(leads(*["DE"] * (100 - raising), *["!"] * raising))
    summary = run(root, batch_size=30)
    assert (summary.status, summary.totals.raised) == (ends, raising)


@pytest.mark.parametrize(("now", "ends"), [(79, "stopped"), (80, "applied")])
def test_rows_are_held_against_the_last_applied_run(
    project: Project, run: Run, leads: Leads, now: int, ends: str
) -> None:
    root = project(leads("DE", times=100))
    run(root, "r1", batch_size=30)
    (root / "leads.csv").write_text(leads("DE", times=10), encoding="utf-8")
    assert [run(root, "dry", dry_run=True).status, run(root, "stopped").status] == ["stopped", "stopped"]
    (root / "leads.csv").write_text(leads("DE", times=now), encoding="utf-8")
    assert run(root, "r2").status == ends


def test_the_last_applied_run_is_the_latest(
    project: Project, run: Run, leads: Leads, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(leads("DE", times=200))
    for number, times in enumerate((200, 170, 140), 1):
        monkeypatch.setenv("LUSTRUM_NOW", f"2026-02-0{number}")
        (root / "leads.csv").write_text(leads("DE", times=times), encoding="utf-8")
        assert run(root, f"r{number}").status == "applied"


def test_another_source_has_rows_of_its_own(project: Project, run: Run, leads: Leads) -> None:
    root = project(leads("DE", times=200))
    run(root, "r1")
    (root / "few.csv").write_text(leads("DE", times=3), encoding="utf-8")
    assert run(root, "r2", leads=str(root / "few.csv")).status == "applied"


def test_a_run_with_a_limit_has_read_all_rows(project: Project, run: Run, leads: Leads) -> None:
    """A trial over the first leads is no fall in rows, and the whole file afterwards no rise."""
    root = project(leads("DE", times=300), settings="guards: {rows: 20%}\n")
    assert run(root, "r1", limit=100).status == "applied"
    assert run(root, "r2").status == "applied"
