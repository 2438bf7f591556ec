"""`lustrum diff`: what a run changed, by entry, field and pattern."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lustrum = Callable[..., Any]
Begin = Callable[..., Path]

FLOW = """\
campaign: nightly
kind: batch
flow:
  - use: demo.tidy
  - {use: demo.size, writes: {city: label}}
  - {use: demo.size, id: again, writes: {city: label}, when: "city = 'Oslo'", with: {}}
  - {use: demo.note, with: {text: Hi}}
"""
FILES = {
    "lustrum.yaml": (
        "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\nfields: {label: text}\n"
        "allow: {quarantined: 100%}\n"
    ),
    "leads.csv": "id,city\n1, rome\n2,oslo\n3,BERN\n4,paris\n5,?\n6,?\n5,lost\n7,x,y\n",
    "campaigns/nightly.yaml": FLOW,
}


@pytest.fixture
def done(lustrum: Lustrum, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one run, `r1`, in batches of two leads."""
    monkeypatch.setenv("LUSTRUM_NOW", "2026-01-31T03:00:00+00:00")
    root = begin(FILES)
    assert lustrum("run", "--run-id", "r1", "--batch-size", "2", "--quiet").code == 0
    return root


def test_text_groups_net_changes_by_entry_field_and_pattern(lustrum: Lustrum, done: Path) -> None:
    assert lustrum("diff", "r1").out == (
        "run r1: nightly: applied\n"
        "started      2026-01-31T03:00:00+00:00\n"
        f"source       {done / 'leads.csv'}\n"
        "changed      4 leads, 8 cells: city 4, label 4\n"
        "quarantine   3 leads\n"
        "effects      6: moment 6\n"
        "rejects      1 records\n"
        "\n"
        "nightly > demo.tidy: city: 4 cells\n"
        '        1  " aaaa" → Aaaa  e.g. " rome" → "Rome" (lead 1)\n'
        '        1  aaaa → Aaaa     e.g. "oslo" → "Oslo" (lead 2)\n'
        '        1  AAAA → Aaaa     e.g. "BERN" → "Bern" (lead 3)\n'
        '        1  aaaaa → Aaaaa   e.g. "paris" → "Paris" (lead 4)\n'
        "\n"
        "nightly > demo.size: label: 4 cells\n"
        '        3  (empty) → Aaaa (9 aaaaaaa)   e.g. (empty) → "Rome (4 letters)" (lead 1)\n'
        '        1  (empty) → Aaaaa (9 aaaaaaa)  e.g. (empty) → "Paris (5 letters)" (lead 4)\n'
        "\n"
        "in quarantine\n"
        "        2  not_a_city    nightly > demo.tidy  e.g. lead 5: ? is no city\n"
        "        1  key_repeated  -                    e.g. lead 5: the lead is left as it is\n"
    )


def test_json_has_the_same_figures(lustrum: Lustrum, done: Path) -> None:
    found = json.loads(lustrum("diff", "r1", "--project", done, "--json").out)
    assert (found["run"], found["status"], found["campaigns"]) == ("r1", "applied", ["nightly"])
    assert (found["leads"], found["cells"], found["fields"]) == (4, 8, {"city": 4, "label": 4})
    assert sum(change["cells"] for change in found["changes"]) == found["cells"]
    assert found["changes"][1]["patterns"][0] == {
        "before": "(empty)",
        "after": "Aaaa (9 aaaaaaa)",
        "cells": 3,
        "key": "1",
        "value_before": None,
        "value_after": "Rome (4 letters)",
    }
    assert [(group["code"], group["leads"]) for group in found["quarantine"]] == [
        ("not_a_city", 2),
        ("key_repeated", 1),
    ]


def test_last_is_the_latest_run(lustrum: Lustrum, done: Path) -> None:
    assert lustrum("run", "--run-id", "r2", "--leads", done / "out/leads.csv", "--dry-run", "--quiet").code == 0
    said = lustrum("diff", "last")
    assert said.out.startswith("run r2: nightly: dry run, not applied\n")
    assert "changed      0 leads, 0 cells\n" in said.out


def test_an_unknown_run_is_exit_code_2_and_names_the_nearest_and_the_last(lustrum: Lustrum, done: Path) -> None:
    assert lustrum("diff", "r").err == 'lustrum: there was no run r; did you mean "r1"? the last runs: r1\n'
    said = lustrum("diff", "nothing", "--project", done)
    assert (said.code, said.err) == (2, "lustrum: there was no run nothing; the last runs: r1\n")


def test_without_a_run_nothing_is_made(lustrum: Lustrum, begin: Begin) -> None:
    root = begin()
    said = lustrum("diff", "last")
    assert (said.code, "begin with: lustrum run" in said.err) == (2, True)
    assert not (root / ".lustrum").exists()
    (root / ".lustrum").mkdir()
    assert lustrum("diff", "last").code == 2


def test_a_run_that_did_not_get_far_shows_what_there_is(lustrum: Lustrum, begin: Begin) -> None:
    begin({"leads.csv": "id,city\n1,stop\n"})
    assert lustrum("run", "--quiet").code == 4
    said = lustrum("diff", "last")
    assert said.out.startswith("run ")
    assert ": nightly: interrupted, not applied\n" in said.out
    assert "changed      0 leads, 0 cells\n" in said.out


def test_very_diverse_patterns_are_folded_and_those_beyond_are_counted(lustrum: Lustrum, begin: Begin) -> None:
    words = [f"{'a' * (3 + number % 7)} {'b' * (3 + number // 7)}" for number in range(40)]
    odd = ["-".join("a" * int(digit) for digit in f"{number:04b}") for number in range(1, 16)]
    rows = "".join(f"{number},{name}\n" for number, name in enumerate([*words, *odd]))
    begin({"leads.csv": f"id,city\n{rows}"})
    assert lustrum("run", "--quiet").code == 0
    lines = lustrum("diff", "last").out.splitlines()
    start = lines.index("nightly > demo.tidy: city: 55 cells")
    assert lines[start + 1].split("  e.g.")[0].split(maxsplit=1) == ["40", "a+ a+ → Aa+ Aa+"]
    assert lines[start + 13] == "  … and 4 other patterns: 4 cells"
    (change,) = json.loads(lustrum("diff", "last", "--json").out)["changes"]
    assert change["folded"]
    assert [pattern["cells"] for pattern in change["patterns"]] == [40] + [1] * 15
