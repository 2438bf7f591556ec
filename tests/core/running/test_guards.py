"""Guards: limits on what a run may do before it is applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.files.guards import Guards
from lustrum.files.limits import Limit
from lustrum.running.guards import FEWEST_RUNS, Tripped, Watch
from lustrum.running.journal.past_runs import SMALLEST, PastRuns
from lustrum.running.summary import Summary
from lustrum.running.totals import Totals
from lustrum.words.errors import ProjectError

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]
Leads = Callable[..., str]


def tripped(guards: Guards, last_rows: int | None = None, **totals: object) -> list[str]:
    watch = Watch(guards, {}, {})
    return [trip.name for trip in watch.tripped(Totals(**totals), PastRuns(last_rows))]  # type: ignore[arg-type]  # each test names figures


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


def test_a_change_of_too_many_leads_stops_a_run(project: Project, run: Run, leads: Leads) -> None:
    root = project(leads("DE", "de"), settings="guards: {changed_leads: 0}\n")
    summary = run(root)
    assert [(trip.name, trip.found, trip.of) for trip in summary.tripped] == [("changed_leads", 1, 2)]


def test_cells_that_lose_their_value_are_watched_by_field(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n2,\n", "{use: change.value, with: {field: country, value: NULL}}")
    (root / "lustrum.yaml").write_text((root / "lustrum.yaml").read_text() + 'guards: {emptied: {"*": 0}}\n')
    assert [str(trip) for trip in run(root).tripped] == [
        "guard emptied.country: 1 of 2 leads (50.0%), and the limit is 0"
    ]


def test_a_guard_says_which_entries_and_leads_are_behind_it(project: Project, run: Run, leads: Leads) -> None:
    root = project(leads("DE", "it", "FR", "AT", "CH"), settings="guards: {changed: {country: 1}}\n")
    (trip,) = run(root).tripped
    assert trip.by == ("nightly > probe.tidy: 4 leads (1, 3, 4, …)",)


CHILDREN = {
    "campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow: [{execute: names}, {execute: lands}]\n",
    "campaigns/lands.yaml": "campaign: lands\nkind: executable\nguards: {changed: {country: 1}, quarantined: 0}\n"
    "flow: [{use: probe.tidy, reads: {value: country}}]\n",
    "campaigns/names.yaml": "campaign: names\nkind: executable\nguards: {changed: 0}\n"
    "flow: [{use: probe.tidy, reads: {value: name}}]\n",
}


@pytest.mark.parametrize(
    ("rows", "stopped_by"),
    [
        ("1,DE,ann\n2,it,bob\n", []),
        ("1,DE,ann\n2,IT,bob\n", ["lands.changed.country"]),
        ("1,no?,ann\n2,it,bob\n", ["lands.quarantined"]),
        ("1,DE,Ann\n2,it,bob\n", ["names.changed.name"]),
    ],
)
def test_a_campaign_has_guards_of_its_own(project: Project, run: Run, rows: str, stopped_by: list[str]) -> None:
    """What its own entries did is counted, and nothing that others did."""
    root = project(f"id,country,name\n{rows}", files=CHILDREN)
    summary = run(root)
    assert [trip.name for trip in summary.tripped] == stopped_by
    assert all(trip.by[0].startswith(f"nightly > {trip.scope} > ") for trip in summary.tripped)


def past_shares(*shares: float) -> PastRuns:
    return PastRuns(figures=tuple({"leads": 1000, "changed": {"city": round(share * 1000)}} for share in shares))


@pytest.mark.parametrize(
    ("shares", "changed", "trips"),
    [
        ((0.02, 0.03, 0.9), 130, []),
        ((0.02, 0.03, 0.9), 131, ["above_median.city"]),
        ((0.0, 0.0, 0.0), 101, ["above_median.city"]),
        ((0.0,) * (FEWEST_RUNS - 1), 1000, []),
        ((0.5, 0.5, 0.5), 0, []),
    ],
)
def test_a_field_that_changes_more_than_it_usually_does_stops_a_run(
    shares: tuple[float, ...], changed: int, trips: list[str]
) -> None:
    watch = Watch(guards(above_median="10%"), {}, {})
    found = watch.tripped(Totals(leads=1000, changed=Counter(city=changed)), past_shares(*shares))
    assert [trip.name for trip in found] == trips


def test_small_runs_are_no_measure() -> None:
    small: dict[str, object] = {"leads": SMALLEST - 1, "changed": {}}
    few = PastRuns(figures=(small,) * 5)
    watch = Watch(guards(above_median="10%"), {}, {})
    assert watch.tripped(Totals(leads=1000, changed=Counter(city=1000)), few) == []


def test_a_column_that_is_gone_stops_a_run(project: Project, run: Run) -> None:
    root = project("id,country,town,name\n1,de,Ulm,Ann\n")
    run(root, "r1")
    (root / "leads.csv").write_text("id,country,name\n1,de,Ann\n")
    assert [str(trip) for trip in run(root, "r2").tripped] == [
        "guard lost_columns: 1 of 4 columns (25.0%), and the limit is 0; lost: town"
    ]
    (root / "lustrum.yaml").write_text((root / "lustrum.yaml").read_text() + "guards: {lost_columns: 1}\n")
    assert run(root, "r3").status == "applied"


@pytest.mark.parametrize("scope", ["project", "campaign"])
def test_a_guard_about_no_field_is_found_at_load(project: Project, run: Run, leads: Leads, scope: str) -> None:
    said = 'guards: {emptied: {"countri": 1}}\n'
    root = project(leads("DE"), settings=said if scope == "project" else "")
    if scope == "campaign":
        path = root / "campaigns" / "nightly.yaml"
        path.write_text(path.read_text() + said)
    with pytest.raises(ProjectError, match=r'about the field countri, which is not there; did you mean "country"'):
        run(root)
