"""A batch comes out of the spool as it went in."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl

from lustrum.contracts.sources import Reject
from lustrum.engine.given import Batch
from lustrum.running.batches import Incoming
from lustrum.running.workers.spool import Spool

BATCH = Batch(
    pl.DataFrame({"score": [1, None], "name": ["é", None]}, schema={"score": pl.Int64(), "name": pl.String()}),
    pl.Series("key", ["a", None], dtype=pl.String),
    pl.Series("trouble", [None, "key_missing"], dtype=pl.String),
    {"score": pl.Series("score", ["1", "many"], dtype=pl.String)},
)
REJECTS = (Reject(3, "too_few_cells", b"x\xff\n"), Reject(9, "blank_line", b"\n"))


def test_a_batch_comes_out_as_it_went_in(tmp_path: Path) -> None:
    spool = Spool.of(tmp_path)
    spool.open()
    spool.put(7, Incoming(BATCH, REJECTS))
    found = spool.get(7)
    assert found.batch.frame.equals(BATCH.frame)
    assert found.batch.keys.equals(BATCH.keys, null_equal=True)
    assert found.batch.trouble.equals(BATCH.trouble, null_equal=True)
    assert {name: raw.to_list() for name, raw in found.batch.raw.items()} == {"score": ["1", "many"]}
    assert tuple(found.rejects) == REJECTS


def test_only_the_owner_reads_it_and_nothing_stays(tmp_path: Path) -> None:
    spool = Spool.of(tmp_path)
    spool.open()
    spool.put(7, Incoming(BATCH, REJECTS))
    notes = {"kept": pl.DataFrame({"key": ["a"], "field": ["x"], "before": ["1"], "after": ["2"]})}
    spool.put_notes(7, notes)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in spool.folder.iterdir()}
    assert (modes, stat.S_IMODE(spool.folder.stat().st_mode)) == ({0o600}, 0o700)
    assert spool.notes(7)["kept"].equals(notes["kept"])
    spool.drop(7)
    assert list(spool.folder.iterdir()) == []


def test_what_is_noted_the_second_time_counts_alone(tmp_path: Path) -> None:
    spool = Spool.of(tmp_path)
    spool.open()
    spool.put_notes(7, {"kept": pl.DataFrame({"key": ["a"]})})
    spool.put_notes(7, {})
    assert spool.notes(7) == {}
