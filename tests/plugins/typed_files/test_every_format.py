"""From every format to every other: the same leads, and whole runs from a file of one into a file of another."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.plugins.cell_changes import changed

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.runner import RunOptions, run_project
from lustrum.running.undoing.undo import undo_run
from lustrum.testing.campaigns import write_project
from lustrum.words.errors import SourceError

LEADS: dict[str, list[object]] = {
    "id": ["1", "2", "3", "4", "5"],
    "city": ["Roma", None, 'a "b", c', "Zürich", "x"],
    "score": [1, 2, None, 4, 5],
}
FORMATS = ("csv", "parquet", "ndjson")
NIGHTLY = """\
campaign: nightly
kind: batch
flow:
  - use: change.value
    with: {field: region, value: "from {{lead.city}}"}
    when: city IS NOT NULL
  - use: change.value
    id: points
    with: {field: score, value: "40"}
    when: score > 3
  - use: change.value
    id: town
    with: {field: city, value: NULL}
    when: "city = 'x'"
"""
CLEANED = {
    "id": ["1", "2", "3", "4", "5"],
    "city": ["Roma", None, 'a "b", c', "Zürich", None],
    "score": ["1", "2", None, "40", "40"],
    "region": ["from Roma", None, 'from a "b", c', "from Zürich", "from x"],
}


def write(path: Path) -> None:
    leads = pl.DataFrame(LEADS)
    match path.suffix:
        case ".csv":
            leads.write_csv(path)
        case ".parquet":
            leads.write_parquet(path, row_group_size=2)
        case _:
            leads.write_ndjson(path)


def texts(path: Path) -> dict[str, list[str | None]]:
    source = Registry.load().open_source(str(path), {})
    found = pl.concat([batch.frame for batch in source.batches(2)])
    return {name: found[name].to_list() for name in found.columns}


def project(root: Path, source: str, target: str) -> Path:
    settings = f"leads: {{from: leads.{source}, to: out/leads.{target}, key: id}}\nrun: nightly\n"
    fields = "fields: {score: integer, region: text}\nguards: {changed: {score: 100%}}\n"
    write_project(root, {"lustrum.yaml": settings + fields, "campaigns/nightly.yaml": NIGHTLY})
    write(root / f"leads.{source}")
    return root


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
def test_leads_of_every_format_go_into_every_other(tmp_path: Path, source: str, target: str) -> None:
    write(tmp_path / f"leads.{source}")
    registry = Registry.load()
    opened = registry.open_source(str(tmp_path / f"leads.{source}"), {})
    sink = registry.open_sink(str(tmp_path / f"out.{target}"), {})
    changes = [changed(2, {"city": {0: "Milano"}, "new": {1: "7"}}), changed(2, {"score": {1: "9"}})]
    sink.publish(sink.prepare(opened, changes, ["new"], tmp_path / "prepared"))
    assert texts(tmp_path / f"out.{target}") == {
        "id": LEADS["id"],
        "city": ["Milano", *list(LEADS["city"])[1:]],
        "score": ["1", "2", None, "9", "5"],
        "new": [None, "7", None, None, None],
    }


@pytest.mark.parametrize(
    ("source", "target"), [("parquet", "parquet"), ("ndjson", "ndjson"), ("csv", "parquet"), ("parquet", "csv")]
)
def test_a_whole_run_gives_the_same_leads_whatever_the_batch_size(tmp_path: Path, source: str, target: str) -> None:
    written: list[bytes] = []
    for size in (2, 100):
        root = project(tmp_path / str(size), source, target)
        summary = run_project(load_project(root), Registry.load(), RunOptions(batch_size=size))
        assert summary.status == "applied"
        assert texts(root / "out" / f"leads.{target}") == CLEANED
        written.append((root / "out" / f"leads.{target}").read_bytes())
    assert written[0] == written[1] or target == "parquet"  # whose row groups are the batches


def test_a_run_in_place_keeps_the_types_and_is_taken_back_byte_for_byte(tmp_path: Path) -> None:
    root = project(tmp_path, "parquet", "parquet")
    leads = root / "leads.parquet"
    before = leads.read_bytes()
    loaded, registry = load_project(root), Registry.load()
    summary = run_project(loaded, registry, RunOptions(out=str(leads)))
    assert pl.read_parquet_schema(leads) == {**pl.DataFrame(LEADS).schema, "region": pl.String}
    assert texts(leads) == CLEANED
    undo_run(loaded, registry, summary.run)
    assert leads.read_bytes() == before


def test_lines_that_are_no_leads_stand_beside_the_leads_and_are_never_overwritten(tmp_path: Path) -> None:
    root = project(tmp_path, "ndjson", "ndjson")
    leads = root / "leads.ndjson"
    leads.write_bytes(leads.read_bytes() + b"{broken\n")
    with pytest.raises(SourceError, match="would be lost"):
        run_project(load_project(root), Registry.load(), RunOptions(out=str(leads)))
    run_project(load_project(root), Registry.load(), RunOptions())
    assert texts(root / "out" / "leads.ndjson") == CLEANED
    assert (root / "out" / "leads.rejects.csv").read_bytes() == b'line,reason,text\n6,not_json,"{broken"\n'
