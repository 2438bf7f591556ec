"""The parts of several runs are asked about as one relation each."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from lustrum.running.journal.folders import batch_folder
from lustrum.running.journal.parts import PARTS
from lustrum.running.journal.run_parts import RunParts

START = datetime(2026, 1, 31, 3, tzinfo=UTC)
BATCHES = [("night-2", 0), ("night-1", 0), ("night-1", 1)]


def trail(root: Path, run: str, number: int, *keys: str | None, **more: object) -> None:
    """Write the trail of a batch: one a key, in which the cell becomes the name of the batch."""
    folder = batch_folder(root, run, number)
    folder.mkdir(parents=True)
    rows = pl.DataFrame({"key": pl.Series(keys, dtype=pl.String)}).with_row_index("row")
    frame = rows.with_columns(field=pl.lit("city"), before=pl.lit(None, pl.String), after=pl.lit(f"{run}/{number}"))
    frame.with_columns(pl.lit(value).alias(name) for name, value in more.items()).write_parquet(
        folder / "trail.parquet"
    )


@pytest.fixture(params=["plain", 'it\'s [1] of *? "all"'])
def root(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Make the journals of three batches, in a folder of whatever name."""
    root = tmp_path / str(request.param)
    trail(root, "night-2", 0, "a", "b", None)
    trail(root, "night-1", 0, "b", "a", "b")
    trail(root, "night-1", 1, "c", "a")
    return root


def test_rows_come_in_the_order_of_the_batches_named_with_their_run(root: Path) -> None:
    found = RunParts(root, BATCHES).rows("trail", "key = $key", key="a")
    assert found.select("run", "after", "row").rows() == [
        ("night-2", "night-2/0", 0),
        ("night-1", "night-1/0", 1),
        ("night-1", "night-1/1", 1),
    ]
    assert found.schema == pl.Schema({**PARTS["trail"], "key": pl.String(), "run": pl.String()})


def test_only_the_batches_named_are_asked(root: Path) -> None:
    found = RunParts(root, BATCHES[1:2]).rows("trail", "true")
    assert found["after"].to_list() == ["night-1/0"] * 3


@pytest.mark.parametrize("key", ["a' OR 'a' = 'a", "$key", "'; DROP TABLE trail; --", "", "ä\0b"])
def test_what_is_asked_for_is_bound_and_never_part_of_the_question(root: Path, key: str) -> None:
    parts = RunParts(root, BATCHES)
    assert parts.rows("trail", "key = $key", key=key).is_empty()
    assert parts.distinct("trail", "key", "key = $key", 9, key=key) == set()


def test_many_keys_are_bound_as_a_list(root: Path) -> None:
    found = RunParts(root, BATCHES).rows(
        "trail", "key IN (SELECT unnest(CAST($keys AS VARCHAR[])))", keys=["c", "it's"]
    )
    assert found["key"].to_list() == ["c"]


def test_distinct_texts_leave_out_what_is_empty_and_stop_at_so_many(root: Path) -> None:
    parts = RunParts(root, BATCHES)
    assert parts.distinct("trail", "key", "true", 9) == {"a", "b", "c"}
    assert len(parts.distinct("trail", "key", "true", 2)) == 2


@pytest.mark.parametrize("part", [part for part in PARTS if part != "trail"])
def test_a_part_that_no_run_has_is_empty(root: Path, part: str) -> None:
    found = RunParts(root, BATCHES).rows(part, "key = $key", key="a")
    assert (found.height, found.schema) == (0, pl.Schema({**PARTS[part], "key": pl.String(), "run": pl.String()}))


def test_a_column_that_a_run_lacks_is_empty_and_one_of_a_later_lustrum_is_left_out(tmp_path: Path) -> None:
    trail(tmp_path, "later", 0, "a", certainty=0.5)
    trail(tmp_path, "older", 0, "a")
    path = batch_folder(tmp_path, "older", 0) / "trail.parquet"
    pl.read_parquet(path).drop("before", "after").write_parquet(path)
    for batches in ([("older", 0)], [("older", 0), ("later", 0)]):
        found = RunParts(tmp_path, batches).rows("trail", "true")
        assert found.columns == [*PARTS["trail"], "key", "run"]
        assert found["after"].to_list() == [None, "later/0"][: len(batches)]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of the process cannot be set here")
def test_times_are_in_utc_whatever_the_zone_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = batch_folder(tmp_path, "r1", 0)
    folder.mkdir(parents=True)
    effects = pl.DataFrame([{"row": 0, "key": "a", "at": START}], schema={**PARTS["effects"], "key": pl.String()})
    effects.write_parquet(folder / "effects.parquet")
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        found = RunParts(tmp_path, [("r1", 0)]).rows("effects", "true")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (found["at"].to_list(), found.schema["at"]) == ([START], pl.Datetime("us", "UTC"))


ASKING = """
import sys
from pathlib import Path
from lustrum.running.journal.run_parts import RunParts

parts = RunParts(Path(sys.argv[1]), [("night-2", 0)])
assert "duckdb" not in sys.modules
print(parts.rows("trail", "true").height)
assert "pyarrow" not in sys.modules
for setting in ("autoinstall_known_extensions", "autoload_known_extensions", "temp_directory"):
    print(parts._connection.execute("SELECT current_setting(?)", [setting]).fetchone()[0])
"""


def test_a_question_fetches_nothing_spills_nothing_and_imports_late(root: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    command = [sys.executable, "-c", ASKING, str(root)]
    asked = subprocess.run(command, cwd=here, capture_output=True, text=True, check=True)
    assert asked.stdout.splitlines() == ["3", "False", "False", ""]
    assert list(here.iterdir()) == []
