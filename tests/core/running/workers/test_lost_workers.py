"""What breaks a worker costs the leads that are guilty of it, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.running.summary import Summary

Project = Callable[..., Path]
Run = Callable[..., Summary]
Rows = Callable[..., list[dict[str, str]]]

STEPS = """
import os, signal, sys, time
from pathlib import Path

import polars as pl

IN_WORKER = sys.argv[0] == "-c"
ONCE = Path(__file__).parents[1] / "once"


def suffer(value: str) -> None:
    if not IN_WORKER:
        return
    if "hang" in value:
        time.sleep(3_600)
    if "die" in value:
        os.kill(os.getpid(), signal.SIGKILL)
    if "once" in value and not ONCE.exists():
        ONCE.touch()
        os._exit(3)


@step("probe.suffer")
def suffers(value: str) -> str | Failed:
    suffer(value)
    return Failed("unclear") if "?" in value else value.lower()


@step("probe.frame", reads=["country"], writes=["country"])
def frame(leads: pl.DataFrame) -> pl.DataFrame:
    for value in leads["country"].drop_nulls():
        suffer(value)
    return leads.with_columns(pl.col("country").str.to_lowercase())
"""
SUFFER = "{use: probe.suffer, reads: {value: country}}"
MOMENT = '{use: moment.record, with: {type: Web, text: "from {{lead.country}}"}}'
ALLOW = "allow: {quarantined: 100%}\n"


def leads(*countries: str) -> str:
    return "id,country\n" + "".join(f"{number},{country}\n" for number, country in enumerate(countries, 1))


def quarantine(root: Path, rows: Rows) -> dict[str, tuple[str, str]]:
    return {row["key"]: (row["code"], row["path"]) for row in rows(root, "quarantine")}


@pytest.mark.parametrize(("what", "code", "size"), [("die", "worker_died", 4), ("hang", "step_timed_out", 100)])
def test_the_leads_with_an_input_that_a_step_does_not_survive_fail_there(
    project: Project, run: Run, rows: Rows, what: str, code: str, size: int
) -> None:
    source = leads("DE", "IT", what, "FR", "no?", what, "AT", "CH", "BE")
    root = project(source, SUFFER, MOMENT, settings=ALLOW + "limits: {step: 1s}\n", steps=STEPS)
    summary = run(root, workers=2, batch_size=size)
    assert [row["country"] for row in rows(root)] == ["de", "it", what, "fr", "no?", what, "at", "ch", "be"]
    path = "nightly > probe.suffer"
    assert quarantine(root, rows) == {"3": (code, path), "5": ("unclear", path), "6": (code, path)}
    assert len(rows(root, "moments")) == 6
    assert summary.complaints[0].startswith("a worker ")


def test_the_guilty_leads_of_a_batch_step_are_found_by_halving(project: Project, run: Run, rows: Rows) -> None:
    source = leads("DE", "IT", "FR", "die", "AT", "CH", "BE", "PT", "die too")
    root = project(source, "{use: probe.frame}", MOMENT, settings=ALLOW, steps=STEPS)
    run(root, workers=1)
    assert [row["country"] for row in rows(root)] == ["de", "it", "fr", "die", "at", "ch", "be", "pt", "die too"]
    assert quarantine(root, rows) == {"4": ("worker_died", ""), "9": ("worker_died", "")}
    assert len(rows(root, "moments")) == 7


def test_a_worker_that_ends_once_costs_nobody_anything(project: Project, run: Run, rows: Rows) -> None:
    root = project(leads("DE", "once", "FR", "AT"), SUFFER, MOMENT, steps=STEPS)
    summary = run(root, workers=2, batch_size=2)
    assert [row["country"] for row in rows(root)] == ["de", "once", "fr", "at"]
    assert rows(root, "quarantine") == []
    assert summary.complaints == ("a worker ended with exit code 3 over batch 0",)
