"""Records in = leads out + rejects, counted by the independent reader of `benchmarks/nothing_lost.py`."""

from __future__ import annotations

import bz2
import gzip
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lustrum.words.errors import SourceError
from lustrum_plugins.connect.rows import Rows

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "nothing_lost.py"
PIECES = [b",", b'"', b'""', b"'", b";", b"\n", b"\r", b"\r\n", b"a", b"1,2", b"\n3,4\n", b"\xff", b"\xc3\xa9", b"\x00"]


@pytest.fixture(scope="module")
def nothing_lost() -> ModuleType:
    spec = importlib.util.spec_from_file_location("nothing_lost", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"", b"a,b\n", b"a\r\n", b"a;b;c\r"]),
    content=st.lists(st.sampled_from(PIECES)).map(b"".join),
    options=st.sampled_from([{}, {"encoding": "utf-8"}, {"encoding": "utf-16-le"}]),
)
def test_any_bytes_are_leads_rejects_or_a_clear_refusal(
    nothing_lost: ModuleType, tmp_path: Path, start: bytes, content: bytes, options: dict[str, str]
) -> None:
    path = tmp_path / "leads.csv"
    if options.get("encoding") == "utf-16-le":
        start, content = start.decode().encode("utf-16-le"), content.decode("latin-1").encode("utf-16-le")
    path.write_bytes(start + content)
    try:
        finding = nothing_lost.examine(path, options)
    except SourceError:
        return
    assert not finding.lost, str(finding)


def test_it_reports_every_file_and_a_total(
    nothing_lost: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_bytes(b'id,name\n1,"x\n2,y\n3\n')
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress("id\n1\n".encode("utf-16")))
    (tmp_path / "c.txt.bz2").write_bytes(bz2.compress(b"id\n1\n"))
    (tmp_path / "d.tsv").touch()
    (tmp_path / "e.parquet").touch()
    assert nothing_lost.main([str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "kept     a.csv: 3 records, 1 rows + 2 rejects, written back the same "
        "(quote_not_closed in line 2, too_few_cells in line 4)"
    )
    assert lines[3].startswith("refused  ")
    assert lines[-1] == "3 files, 5 records = 3 rows + 2 rejects; 0 with losses, 1 refused"


def test_a_loss_is_found(
    nothing_lost: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lose(_batches: object, _rows: Rows) -> None:
        """Take no notice of the records."""

    monkeypatch.setattr("lustrum_plugins.connect.csv_source._Batches.add", lose)
    (tmp_path / "a.csv").write_bytes(b"id\n1\n")
    assert nothing_lost.main([str(tmp_path / "a.csv")]) == 1
    assert capsys.readouterr().out.startswith("LOST ")
