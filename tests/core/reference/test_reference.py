"""Campaigns made at random: the engine does to each lead what the reference interpreter says."""

from __future__ import annotations

from collections.abc import Callable

PROJECT = "leads: {from: leads.csv, to: out/leads.csv, key: id}\nfields: {n: integer}\nrun: [top]\n"


def test_smoke(compare: Callable[..., None]) -> None:
    top = """
campaign: top
kind: batch
flow:
  - {use: probe.tidy, reads: {value: a}, writes: {value: b}}
  - {use: moment.record, with: {type: Web, text: "x {{lead.a}}"}}
  - {execute: kid, when: "c IS NULL"}
"""
    kid = """
campaign: kid
kind: executable
smart_list: "a IS NOT NULL"
flow:
  - {use: probe.guess, reads: {value: b, hint: a}, writes: {value: c}}
  - {use: change.score, with: {field: n, change: "+2"}}
"""
    rows = [
        {"id": "1", "a": "bad", "b": "x", "c": None, "d": None, "n": 2},
        {"id": "2", "a": "x", "b": "x", "c": None, "d": None, "n": 2},
        {"id": "3", "a": None, "b": "bad", "c": "x", "d": None, "n": None},
    ]
    compare({"lustrum.yaml": PROJECT, "campaigns/top.yaml": top, "campaigns/kid.yaml": kid}, rows, None, 1)
