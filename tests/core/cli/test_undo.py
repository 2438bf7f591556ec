"""`lustrum apply` and `lustrum undo` as they are called."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Lustrum = Callable[..., Any]
Begin = Callable[..., Any]


@pytest.fixture
def call(lustrum: Lustrum, begin: Begin) -> Lustrum:
    begin()
    return lustrum


def test_a_dry_run_is_applied_by_its_id_or_as_the_last(call: Lustrum) -> None:
    call("run", "--dry-run", "--run-id", "r1")
    answer = call("apply", "last")
    assert answer.code == 0
    assert "run r1: " in answer.out
    assert ": applied\n" in answer.out
    assert call("apply", "r1").code == 2


def test_the_last_run_is_undone(call: Lustrum) -> None:
    call("run", "--run-id", "r1")
    answer = call("undo", "last", "--json")
    assert answer.code == 0
    assert json.loads(answer.out)["undoes"] == "r1"
    assert call("undo", "r1").code == 2


def test_what_was_undone_is_told(call: Lustrum) -> None:
    call("run", "--run-id", "r1")
    told = call("undo", "r1").out
    assert "r1 is undone" in told
    assert "removed      " in told


def test_the_last_run_is_never_the_one_that_undid_it(call: Lustrum) -> None:
    call("run", "--run-id", "r1")
    call("run", "--run-id", "r2")
    assert "a part of r2 is undone" in call("undo", "last", "--field", "city").out
    assert call("undo", "r2").code == 2, "the file is not what r2 wrote any more"
    assert "a part of r2 is undone" in call("undo", "last", "--step", "demo.tidy").out
