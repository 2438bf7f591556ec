"""`python -m benchmarks.accuracy`: right, wrong or left, and the misses of the rows left out are never shown."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from benchmarks.accuracy import __main__ as program
from benchmarks.accuracy.contest import Case, Goal, Table, exact
from benchmarks.accuracy.report import page
from benchmarks.accuracy.score import contend, exceptions, is_left_out
from benchmarks.accuracy.times import Time, times
from click.testing import CliRunner

ANSWERS = {"Italy": "IT", "Germany": "DE", "Narnia": None, "Georgia": "US"}


def case(row: Any) -> Case:
    return Case(row["id"], row["slice"], {"country": row["raw"]}, row["expected"] or None)


def ours(case: Case) -> str | None:
    return ANSWERS.get(case.given["country"])


def nobody(_case: Case) -> None:
    return None


def table(*goals: Goal) -> Table:
    return Table("places", "places.csv", case, exact, {"lustrum": ours, "nobody": nobody}, goals)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [("Italy", "IT"), ("Germany", "DE"), ("Narnia", ""), ("Georgia", "GE"), ("France", "FR")]
    with (tmp_path / "places.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "slice", "raw", "expected"])
        writer.writerows((f"p{number}", "plain", raw, expected) for number, (raw, expected) in enumerate(rows * 20))
    return tmp_path


def test_each_row_is_right_wrong_or_left(folder: Path) -> None:
    own, silent = contend(table(), table().cases(folder))
    score = own.score()
    assert (score.rows, score.right, score.wrong, score.left) == (100, 60, 20, 20)
    assert (silent.score().right, silent.score().wrong) == (20, 0)


def test_three_rows_of_ten_are_left_out_and_their_misses_not_shown(folder: Path) -> None:
    own, _ = contend(table(), table().cases(folder))
    out = own.score(left_out=True)
    assert 15 < out.rows < 45
    assert out.rows + own.score(left_out=False).rows == 100
    assert not [missed for missed, _ in own.misses() if is_left_out(missed)]
    assert len(list(own.misses())) < 40


def test_the_choice_of_rows_never_changes() -> None:
    rows = [Case(f"p{number}", "", {}, None) for number in range(20)]
    assert [number for number, row in enumerate(rows) if is_left_out(row)] == [0, 5, 6, 7, 13, 17, 18, 19]


def test_the_page_has_a_line_for_each_contender_and_says_whether_a_goal_is_reached(folder: Path) -> None:
    goals = (Goal(0.5), Goal(0.99, wrong=0.0))
    written = page([(table(*goals), contend(table(*goals), table().cases(folder)))], [Time("a.step", 3, 60, 99)])
    assert "| **lustrum** | 100 | 60 | 20 | 20 | 60.0% |" in written
    assert "| nobody | 100 | 20 | 0 | 80 | 20.0% |" in written
    assert "Goal: 50.0% right: reached" in written
    assert "at most 0.0% wrong: **not reached**" in written
    assert "| a.step | 3 | 60 | 99 | yes |" in written


@pytest.mark.parametrize(("right", "code"), [(0.5, 0), (0.99, 1)])
def test_a_goal_that_is_missed_is_an_exit_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch, right: float, code: int
) -> None:
    monkeypatch.setattr(program, "TABLES", (table(Goal(right)),))
    ran = CliRunner().invoke(program.main, [str(folder), "--table", "places", "--misses"])
    assert ran.exit_code == code
    assert "Georgia" in ran.output


def test_every_exception_gives_its_reason() -> None:
    assert all(reason for reason in exceptions().values())


def test_times_are_those_of_reviewed_cases() -> None:
    (measured,) = times(["standardise.consent"])
    assert measured.cases > 40
    assert 0 < measured.median <= measured.slowest
