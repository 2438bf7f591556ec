"""`python -m benchmarks.performance`: it runs as a whole, the loop it is measured against stays, ratios do not slip."""

from __future__ import annotations

import csv
import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from benchmarks.performance import __main__ as program
from benchmarks.performance import naive
from benchmarks.performance.chance import Chance
from benchmarks.performance.contestant import Contestant, Figures, Sample
from benchmarks.performance.engine import Engine, Leads
from benchmarks.performance.goals import Goal
from benchmarks.performance.leads import CHUNK, COLUMNS, frames, pools, tidy
from benchmarks.performance.measuring import BenchmarkFailed, measure, sample
from benchmarks.performance.phones import by_library, inputs_of
from benchmarks.performance.report import page
from benchmarks.performance.right_phones import count
from click.testing import CliRunner

from lustrum.engine.execute import execute
from lustrum.engine.given import Memo

FROZEN = "312fc9dc3c0d34c3e65b19de93828d540baef3db4dc47e67897350f1394b395b"
LIMIT = 60
"""How many phone numbers read by phonenumbers a lead may cost in the engine; 23 to 28 were measured."""
FIRST_GROUPS = ("naive", "copy-polars-csv", "run-csv", "engine-steps", "phones-library")


@pytest.fixture(scope="module")
def leads() -> pl.DataFrame:
    return pl.concat(frames(1500))


def test_the_loop_everybody_is_measured_against_is_frozen() -> None:
    assert hashlib.sha256(Path(naive.__file__).read_bytes()).hexdigest() == FROZEN


def test_the_whole_runs_and_writes_its_page(tmp_path: Path) -> None:
    chosen = [part for name in FIRST_GROUPS for part in ("--only", name)]
    asked = [
        "--leads",
        "100",
        "--most",
        "150",
        "--rounds",
        "1",
        "--data",
        str(tmp_path),
        "--write",
        str(tmp_path / "page.md"),
        *chosen,
    ]
    done = CliRunner().invoke(program.main, asked, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    text = (tmp_path / "page.md").read_text()
    assert "| run-csv | CSV → CSV, batches of 100,000 | 100 |" in text
    assert "| territory |" in text
    assert "phone numbers read by phonenumbers" in text


def test_a_name_nobody_has_is_refused_with_all_names(tmp_path: Path) -> None:
    done = CliRunner().invoke(program.main, ["--leads", "5", "--only", "nobody", "--data", str(tmp_path)])
    assert done.exit_code == 2
    assert "naive-retrying" in done.output


def test_the_loop_gives_the_same_leads_with_and_without_retries(tmp_path: Path, leads: pl.DataFrame) -> None:
    leads.head(300).write_csv(tmp_path / "leads.csv")
    for way in ("retrying", "plain"):
        naive.main(way, *(str(tmp_path / name) for name in ("leads.csv", f"{way}.csv", f"{way}-changes.csv")))
    assert (tmp_path / "retrying.csv").read_bytes() == (tmp_path / "plain.csv").read_bytes()
    with (tmp_path / "plain-changes.csv").open(newline="") as file:
        assert sum(1 for _ in csv.reader(file)) > 900


def test_fewer_leads_are_the_beginning_of_more(leads: pl.DataFrame) -> None:
    assert leads.columns == list(COLUMNS)
    assert leads.head(700).equals(pl.concat(frames(700)))
    assert not leads.equals(pl.concat(frames(1500, seed=2)))


def test_leads_are_dirty_and_differ(leads: pl.DataFrame) -> None:
    clean = tidy(0, pools(), Chance(1, 0))
    spoilt = [
        before != after for column in COLUMNS for before, after in zip(clean[column], leads[column], strict=False)
    ]
    assert 0.08 < sum(spoilt) / len(spoilt) < 0.2
    assert leads["id"].n_unique() == leads.height
    assert leads["phone"].n_unique() / leads.height > 0.9
    assert leads["country"].n_unique() > 300
    assert leads.height <= CHUNK


def test_who_fails_is_told_and_not_timed() -> None:
    with pytest.raises(BenchmarkFailed, match="nobody ended with"):
        sample(Contestant("nobody", "start", "", ("/bin/sh", "-c", "exit 7"), 1))


def test_each_round_begins_with_another() -> None:
    order: list[str] = []
    three = [Contestant(name, "start", "", ("/bin/sh", "-c", ":"), 1, partial(order.append, name)) for name in "abc"]
    found = list(measure(three, 3))
    assert "".join(order) == "abcbcacab"
    assert all(each.peak < 50 for each in found)


def figures(name: str, *seconds: float) -> Figures:
    samples = [Sample(1000, each, each, 10) for each in seconds]
    return Figures(Contestant(name, "naive", name, (), 1000), samples)


@pytest.mark.parametrize(("seconds", "verdict"), [((1.0, 1.0, 9.0), "reached"), ((5.0, 5.0, 5.0), "**not reached**")])
def test_a_goal_is_judged_by_the_median_of_the_rounds(seconds: tuple[float, ...], verdict: str) -> None:
    measured = {"one": figures("one", *seconds), "two": figures("two", 1.0, 1.0, 1.0)}
    told = Goal("one", "two", at_most=2).verdict(measured)
    assert told.split("|")[-2].strip() == verdict


def test_a_loop_that_costs_too_much_is_not_quoted() -> None:
    asked = {"leads": 1000, "rounds": 1, "sample": 1000}
    dear = [figures("naive-retrying", 0.5), figures("phones-library", 0.02)]
    fair = [figures("naive-retrying", 0.18), figures("phones-library", 0.02)]
    assert "no ratio to it is given" in page(dear, [], asked)
    assert "no ratio to it is given" not in page(fair, [], asked)


def least(times: int, action: Callable[[], object]) -> float:
    """Give the least time of the processor that an action took: what others do only adds to it."""
    taken: list[float] = []
    for _ in range(times):
        begun = time.process_time()
        action()
        taken.append(time.process_time() - begun)
    return min(taken)


def test_a_lead_in_the_engine_costs_no_more_phones_than_it_did(tmp_path: Path, leads: pl.DataFrame) -> None:
    """Of the processor, beside phonenumbers in this process: it falls with the machine, and not with the load."""
    csv_file, parquet_file = tmp_path / "leads.csv", tmp_path / "leads.parquet"
    leads.write_csv(csv_file)
    leads.with_columns(pl.col(pl.String).replace("", None)).write_parquet(parquet_file)
    engine, inputs = Engine(Leads(str(parquet_file))), inputs_of(str(csv_file)).rows()
    plan = engine.plan()
    (batch,) = engine.batches(100_000, plan)
    engine_time = least(2, lambda: execute(plan, batch, replace(engine.given, memo=Memo())))
    phone_time = least(4, lambda: by_library(inputs))
    assert engine_time / leads.height < LIMIT * phone_time / len(inputs)


def test_what_is_no_number_of_the_lead_is_counted_as_wrong(tmp_path: Path) -> None:
    rows = {
        "id": ["1", "2", "3", "4", "5"],
        "phone": ["030 23125001", "030 23125001", "see notes", "12", "+49 30 23125001"],
        "country": ["Germany", "Germany", None, "Germany", None],
        "written": ["+493023125001", "+4930231250011", None, "+12", "+493023125001"],
    }
    leads = pl.DataFrame(rows)
    leads.drop("written").write_csv(tmp_path / "leads.csv")
    leads.write_csv(tmp_path / "out.csv")
    assert count(tmp_path / "leads.csv", tmp_path / "out.csv", "written", tmp_path / "none.csv") == (4, 2)
    (tmp_path / "left.csv").write_text("key,field\n4,phone\n2,email\n")
    assert count(tmp_path / "leads.csv", tmp_path / "out.csv", "written", tmp_path / "left.csv") == (3, 1)
