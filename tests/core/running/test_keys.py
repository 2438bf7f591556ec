"""Keys that come again are noticed, wherever the batches are cut."""

from __future__ import annotations

import resource
import signal
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.running import keys as keys_module
from lustrum.running.key_runs import KeyRun
from lustrum.running.keys import KeysMet, missing

KEYS = st.lists(st.text(min_size=1, max_size=2) | st.integers(0, 30).map(str), max_size=60)


@given(KEYS, st.integers(1, 9))
def test_a_key_is_repeated_where_it_was_met_before(keys: list[str], size: int) -> None:
    met, seen, expected, found = KeysMet(), set[str](), list[bool](), list[bool]()
    for start in range(0, len(keys), size):
        part = keys[start : start + size]
        found += met.repeated(pl.Series(part, dtype=pl.String)).to_list()
        for key in part:
            expected.append(key in seen)
            seen.add(key)
    assert found == expected
    asked = pl.Series([*keys, "not there"])
    assert met.known(asked).to_list() == [True] * len(keys) + [False] == met.known(asked).to_list()


def test_many_keys_in_many_batches() -> None:
    met = KeysMet()
    for start in range(0, 100_000, 7_000):
        assert not met.repeated(pl.int_range(start, start + 7_000, eager=True).cast(pl.String)).any()
    again = met.repeated(pl.Series(["99999", "5", "104999", "105000"]))
    assert again.to_list() == [True, True, True, False]


@pytest.mark.parametrize("away", [True, False])
def test_runs_are_merged_up_to_some_length(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, away: bool) -> None:
    monkeypatch.setattr(keys_module, "_LONGEST", 1_000)
    met = KeysMet(tmp_path if away else None)
    for start in range(0, 10_000, 70):
        assert not met.repeated(pl.int_range(start, start + 70, eager=True).cast(pl.String)).any()
    again = met.repeated(pl.int_range(5_000, 15_000, eager=True).cast(pl.String))
    assert again.sum() == 143 * 70 - 5_000
    assert not list(tmp_path.iterdir())


def run_of(*keys: int, high: int | None = None) -> KeyRun:
    told = [key if high is None else high for key in keys]
    return KeyRun.of(np.array(told, np.uint64), np.array(keys, np.uint32))


@pytest.mark.parametrize("away", [True, False])
def test_two_keys_with_one_high_hash_are_told_apart(tmp_path: Path, away: bool) -> None:
    known = run_of(3, 1, 2, high=7)
    asked = run_of(2, 4, 3, 1, high=7)
    assert asked.within(known.put_away(tmp_path) if away else known).tolist() == [True, False, True, True]


def test_a_run_that_is_put_away_is_the_same_and_lies_in_a_file(tmp_path: Path) -> None:
    run = run_of(5, 1, 3)
    away = run.put_away(tmp_path)
    assert (away.high.tolist(), away.low.tolist()) == (run.high.tolist(), run.low.tolist())
    assert away.file is not None
    assert away.merged(run_of(2)).low.tolist() == [1, 2, 3, 5]


def test_where_a_run_cannot_be_put_away_it_stays(tmp_path: Path) -> None:
    run = run_of(1)
    assert run.put_away(tmp_path / "no folder") is run


@pytest.mark.parametrize("limit", [16, 24_000, 47_999])
def test_where_a_file_may_not_be_so_long_the_keys_stay_in_memory(tmp_path: Path, limit: int) -> None:
    run, (soft, hard) = run_of(*range(4_000)), resource.getrlimit(resource.RLIMIT_FSIZE)
    told = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        assert run.put_away(tmp_path) is run
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, told)


def test_blanks_of_every_script_are_no_key() -> None:
    keys = pl.Series(["\x1c", "\u3000\u2003", "\t", "", None, "\u200b", " 1 "])
    assert missing(keys).to_list() == [True, True, True, True, True, False, False]
