"""The recipes of Marketo as projects: their fixtures pass, the second night changes nothing, effects happen once."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from lustrum.files.fixtures import load_fixtures
from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.runner import RunOptions, run_project
from lustrum.running.summary import Summary
from lustrum.testing.cases import run_cases

EXAMPLES = Path(__file__).parents[2] / "examples" / "marketo"
PROJECTS = sorted(path.parent.name for path in EXAMPLES.glob("*/lustrum.yaml"))
FIXTURES = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("*/fixtures/*"))
FIRST, SAME_DAY = "2026-01-31T03:00:00+00:00", "2026-01-31T23:00:00+00:00"
NEXT_DAY, NEXT_MONTH, TWO_DAYS = "2026-02-01T03:00:00+00:00", "2026-03-03T03:00:00+00:00", "2026-02-02T03:00:00+00:00"

Rows = list[dict[str, str]]
Begin = Callable[[str], "Nights"]


@dataclass
class Nights:
    """A copy of an example, run night after night: the first over its leads, the others over its own output."""

    root: Path
    number: int = 0

    def run(self, start: str, *, over_source: bool = False) -> Summary:
        """Run the project at a time."""
        self.number += 1
        leads = str(self.root / "out" / "leads.csv") if self.number > 1 and not over_source else None
        project = load_project(self.root)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LUSTRUM_NOW", start)
            return run_project(project, registry(self.root.name), RunOptions(run_id=f"r{self.number}", leads=leads))

    def rows(self, name: str = "leads") -> Rows:
        """Read an output of the last run; none where there is no such file."""
        path = self.root / "out" / f"{name}.csv"
        return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True))) if path.exists() else []

    def column(self, field: str) -> list[str]:
        """Give a field of each lead, in the order of the leads."""
        return [row[field] for row in self.rows()]

    def holding(self, field: str) -> dict[str, str]:
        """Give a field by the key of the leads that have it."""
        return {row["id"]: row[field] for row in self.rows() if row[field]}

    def mend(self, before: str, after: str) -> None:
        """Change the leads between two nights, as somebody in the CRM does."""
        path = self.root / "out" / "leads.csv"
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1
        path.write_text(text.replace(before, after), encoding="utf-8")

    def keys(self, name: str) -> list[str]:
        """Name the leads of an output of the last run."""
        return [row["key"] for row in self.rows(name)]

    def reasons(self, key: str, field: str) -> list[str]:
        """Give the reasons of the changes to a cell in the last run."""
        return [row["reason"] for row in self.rows("leads.changes") if (row["key"], row["field"]) == (key, field)]


@cache
def registry(name: str) -> Registry:
    """Open the steps of an example; its copies have the same."""
    return Registry.of_project(load_project(EXAMPLES / name))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Begin:
    """Run the first night of an example, once for all tests; they leave it as it is."""

    @cache
    def first_night(name: str) -> Nights:
        root = tmp_path_factory.mktemp("first") / name
        shutil.copytree(EXAMPLES / name, root, ignore=shutil.ignore_patterns("out", ".lustrum", "__pycache__"))
        nights = Nights(root)
        assert nights.run(FIRST).status == "applied"
        return nights

    return first_night


@pytest.fixture
def begin(first: Begin, tmp_path: Path) -> Begin:
    """Give an example after its first night, for more nights."""

    def copy(name: str) -> Nights:
        shutil.copytree(first(name).root, tmp_path / name)
        return Nights(tmp_path / name, 1)

    return copy


@pytest.mark.parametrize("folder", FIXTURES)
def test_the_fixtures_pass(folder: str) -> None:
    root = EXAMPLES / folder.partition("/")[0]
    tables = load_fixtures(EXAMPLES / folder, root)
    runs = [run for table in tables for run in run_cases(table, registry(root.name), root)]
    assert [(str(run.case.place), run.got, run.outcome) for run in runs if not run.passed] == []
    assert runs


@pytest.mark.parametrize("name", PROJECTS)
def test_the_second_night_changes_nothing_and_no_effect_happens_twice(name: str, begin: Begin) -> None:
    nights = begin(name)
    before = (nights.root / "out" / "leads.csv").read_bytes()
    second = nights.run(SAME_DAY)
    assert (second.status, second.raised, second.complaints) == ("applied", (), ())
    assert (second.totals.changed_cells, dict(second.totals.effects)) == (0, {})
    assert (nights.root / "out" / "leads.csv").read_bytes() == before
    assert [nights.rows(f"leads.{kind}") for kind in ("changes", "moments", "alerts")] == [[], [], []]


@pytest.mark.parametrize("name", PROJECTS)
def test_a_second_night_over_the_same_source_loses_nothing_of_the_first(name: str, begin: Begin) -> None:
    nights = begin(name)
    before = (nights.root / "out" / "leads.csv").read_bytes()
    second = nights.run(SAME_DAY, over_source=True)
    assert (second.status, dict(second.totals.effects)) == ("applied", {})
    assert (nights.root / "out" / "leads.csv").read_bytes() == before


def test_the_country_is_tried_until_it_is_standard_and_the_rest_waits_for_it(first: Begin) -> None:
    nights = first("retry-until-standardised")
    still_open = {"5", "6", "9"}
    assert nights.column("country") == [
        *["Germany", "Sweden", "Italy", "Germany", "Narnia"],
        *["Japan", "Germany", "Italy", "n/a", "United Kingdom"],
    ]
    assert set(nights.holding("territory")) == {row["id"] for row in nights.rows()} - still_open
    assert {row["key"] for row in nights.rows("leads.quarantine") if row["field"] == "territory"} == still_open


def test_who_is_still_open_is_put_on_the_list_and_told_once(first: Begin) -> None:
    nights = first("retry-until-standardised")
    listed = [row["key"] for row in nights.rows("leads.changes") if row["field"] == "list_needs_review"]
    assert listed == nights.keys("leads.moments") == ["5", "6", "9"]
    assert [row["subject"] for row in nights.rows("leads.alerts")] == [
        "ed@example.com: country Narnia",
        "fay@example.com: country Japan",
        "A lead without e-mail: country n/a",
    ]


def test_who_is_mended_by_hand_leaves_the_review_list(begin: Begin) -> None:
    nights = begin("retry-until-standardised")
    nights.mend("Narnia", "Great Britain")
    nights.run(NEXT_DAY)
    changes = {(row["key"], row["field"]): row["after"] for row in nights.rows("leads.changes")}
    assert changes == {
        ("5", "country"): "United Kingdom",
        ("5", "list_needs_review"): "false",
        ("5", "phone"): "+441614960675",
        ("5", "territory"): "EMEA",
    }


def test_a_new_lead_is_processed_in_order_and_handed_over_at_the_end(first: Begin) -> None:
    nights = first("new-lead")
    assert nights.column("stage") == ["1 - Known", "2 - MQL", "2 - MQL", "1 - Known", "2 - MQL", "0 - Processing", ""]
    assert nights.holding("owner_email")["5"] == "operations@acme.example"
    synchronised = [row["key"] for row in nights.rows("leads.changes") if row["field"] == "list_sync_to_crm"]
    assert synchronised == ["1", "2", "3", "4", "5"]
    assert nights.keys("leads.alerts") == ["2", "3", "5"]


def test_a_lead_that_is_not_new_is_left_alone(first: Begin) -> None:
    nights = first("new-lead")
    assert "7" not in nights.keys("leads.changes")


def test_whom_nobody_has_contacted_for_a_day_is_brought_to_mind_once(begin: Begin) -> None:
    nights = begin("new-lead")
    nights.mend("luca@acme.example,", "luca@acme.example,2026-01-31T09:00:00Z")
    nights.run(NEXT_DAY)
    assert [(row["key"], row["subject"]) for row in nights.rows("leads.alerts")] == [
        ("2", "Not contacted for a day: Bo of Norvika Media"),
        ("5", "Not contacted for a day: Ed of Brightwater"),
    ]
    nights.run(TWO_DAYS)
    assert nights.rows("leads.alerts") == []


def test_the_shared_child_counts_the_points_of_a_caller_that_hands_its_tokens_on(first: Begin) -> None:
    nights = first("shared-score")
    assert nights.column("score") == ["45", "70", "200", "7"]
    assert nights.reasons("1", "score") == ["+15: on-new-lead", "+30: on-webinar"]
    assert nights.reasons("3", "score") == ["+30, limited to 200: on-webinar"]


def test_a_changed_place_is_standardised_before_the_backlog(first: Begin) -> None:
    nights = first("country-and-state")
    paths = {row["key"]: row["path"].partition(" > ")[0] for row in nights.rows("leads.changes")}
    assert (paths["1"], paths["3"], paths["4"]) == ("on-place-changed", "on-place-changed", "backlog")
    assert nights.holding("region") == {"3": "Bayern"}


def test_only_who_is_in_order_is_ready_for_the_crm(first: Begin) -> None:
    nights = first("country-and-state")
    ready = {row["key"] for row in nights.rows("leads.changes") if row["field"] == "list_crm_ready"}
    assert {row["id"] for row in nights.rows()} - ready == {"6", "7"}


def test_our_own_changes_set_the_trigger_off_once_and_never_in_a_circle(begin: Begin) -> None:
    nights = begin("country-and-state")
    taken = [nights.run(start).totals.activities_taken for start in (SAME_DAY, NEXT_DAY)]
    assert (taken[0] > 0, taken[1]) == (True, 0)


def test_the_moment_of_an_asset_is_told_in_the_words_of_who_executes_it(first: Begin) -> None:
    nights = first("personas")
    assert [(row["key"], row["text"]) for row in nights.rows("leads.moments")] == [
        ("1", "Downloaded Whitepaper - The clean database from 3rd party site: Brightwater Media"),
        ("2", "Downloaded Webinar - Scoring without tears from 3rd party site: Brightwater Media"),
    ]


def test_a_second_time_as_mql_is_counted_and_told_again(begin: Begin) -> None:
    nights = begin("lifecycle")
    nights.mend(
        "3,cy@example.com,Blue Lamp,Webinar,,true,,40,0,60,", "3,cy@example.com,Blue Lamp,Webinar,,true,,40,80,120,"
    )
    nights.run(NEXT_DAY)
    assert [row["subject"] for row in nights.rows("leads.alerts") if row["key"] == "3"] == [
        "cy@example.com is an MQL (number 2)"
    ]
    lead = next(row for row in nights.rows() if row["id"] == "3")
    assert (lead["first_mql_at"], lead["mql_at"]) == ("2025-07-01T00:00:00Z", "2026-02-01T03:00:00Z")
    assert (lead["mql_count"], lead["nurture_reason"], lead["previous_nurture_reason"]) == ("2", "", "no budget")


def test_an_mql_that_nobody_looks_at_is_brought_to_mind(begin: Begin) -> None:
    nights = begin("lifecycle")
    assert [row["key"] for row in nights.rows("leads.alerts") if row["path"].startswith("nightly > sla")] == ["8"]
    nights.run(TWO_DAYS)
    assert nights.keys("leads.alerts") == ["1", "2", "4"]


def test_the_scoring_model(first: Begin) -> None:
    nights = first("scoring")
    assert nights.column("behavior_score") == ["55", "200", "70", "100", "50", "0", "0", "150", "300"]
    assert {key for key, mql in nights.holding("mql").items() if mql == "true"} == {"1", "2", "3", "8"}


@pytest.mark.parametrize(
    ("key", "reasons"),
    [
        (
            "1",
            [
                "+30: success in webinar",
                "+15: read The clean database",
                "+5: read Scoring without tears",
                "+5: /pricing",
            ],
        ),
        ("2", ["+100: asked for a follow-up", "+100: asked for a follow-up"]),
        ("3", ["+65: trial", "+5: seven pages in a day"]),
        ("5", ["-10: no web activity for a month"]),
        ("7", ["-20: hard bounce", "=0: never below 0"]),
        ("8", ["+100: form Demo", "+60: newsletter", "-10: unsubscribed"]),
        ("9", ["+45, limited to 300: survey"]),
    ],
    ids=["once a day", "every time", "custom activities", "decay", "floor", "one form a day", "cap"],
)
def test_behaviour_is_scored_within_its_limits(key: str, reasons: list[str], first: Begin) -> None:
    assert first("scoring").reasons(key, "behavior_score") == reasons


def test_a_score_decays_once_a_month(begin: Begin) -> None:
    nights = begin("scoring")
    nights.run(NEXT_MONTH)
    assert nights.reasons("5", "behavior_score") == ["-10: no web activity for a month"]
    assert nights.holding("person_score")["5"] == "60"
    assert nights.run("2026-03-04T03:00:00+00:00").totals.changed_cells == 0
