"""Leads of NDJSON: a line is a lead or a reject, lines nobody changed keep their bytes, cells their kind."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.plugins.cell_changes import Cells, changed

from lustrum import Source
from lustrum.cli.loading import plan_project
from lustrum.contracts.sources import header_lines
from lustrum.files.project import Project, load_project
from lustrum.planning.registry import Registry
from lustrum.running.options import RunOptions
from lustrum.running.runner import open_ends
from lustrum.testing.campaigns import write_project
from lustrum.words.errors import ProjectError, SinkError, SourceError
from lustrum_plugins.typed_files import lustrum_open_sink, lustrum_open_source


def source_of(path: Path, content: bytes) -> Source:
    path.write_bytes(content)
    source = lustrum_open_source(str(path), {})
    assert source is not None
    return source


def written(source: Source, folder: Path, cells: Cells | None = None, *new: str, rows: int = 0) -> bytes:
    sink = lustrum_open_sink(str(folder / "out" / "leads.jsonl"), {})
    assert sink is not None
    sink.publish(sink.prepare(source, [changed(rows, cells)] if cells else [], new, folder / "prepared"))
    return (folder / "out" / "leads.jsonl").read_bytes()


def body(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r")


def frame_of(source: Source, size: int = 1000) -> pl.DataFrame:
    return pl.concat([batch.frame for batch in source.batches(size)])


def test_cells_are_texts_and_the_header_is_all_names(tmp_path: Path) -> None:
    source = source_of(
        tmp_path / "leads.ndjson",
        b'{"id": 7, "score": 1.50}\n{"id": "a", "tags": ["x", {"n": 1.0}], "on": true}\n{"id": null, "city": ""}\n',
    )
    assert list(source.header) == ["id", "score", "tags", "on", "city"]
    assert frame_of(source).rows() == [
        ("7", "1.50", None, None, None),
        ("a", None, '["x",{"n":1.0}]', "true", None),
        (None, None, None, None, None),
    ]
    assert source.description == "NDJSON, 5 columns"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": 1', "not_json"),
        (b'{"id": NaN}', "not_json"),
        (b"[1]", "no_object"),
        (b'"text"', "no_object"),
        (b'{"id": 1, "id": 2}', "repeated_name"),
        (b'{"id": {"a": 1, "a": 2}}', "repeated_name"),
        (b'{"id": "\xff"}', "invalid_bytes"),
        (b'{"id": "\\ud800"}', "invalid_bytes"),
        (b"[" * 100_000, "not_json"),
        (b'{"id": ' + b"[" * 100 + b"]" * 100 + b"}", "not_json"),
        (b'{"id": 1}{"id": 2}', "not_json"),
    ],
)
def test_a_line_that_is_no_lead_is_a_reject_with_its_bytes(tmp_path: Path, line: bytes, reason: str) -> None:
    source = source_of(tmp_path / "leads.jsonl", b'{"id": "1"}\n\n' + line + b'\r\n{"id": "2"}')
    (batch,) = source.batches(10)
    assert [(reject.line, reject.reason, reject.text) for reject in batch.rejects] == [(3, reason, line)]
    assert batch.frame["id"].to_list() == ["1", "2"]
    assert written(source, tmp_path) == b'{"id": "1"}\n\n{"id": "2"}'


def test_rejects_come_with_the_batch_that_was_being_filled(tmp_path: Path) -> None:
    source = source_of(tmp_path / "leads.jsonl", b'{"id":"1"}\nx\n{"id":"2"}\n{"id":"3"}\ny\n')
    assert [(batch.frame.height, len(batch.rejects)) for batch in source.batches(2)] == [(2, 1), (1, 1)]


def test_only_lines_that_change_are_written_anew(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbf{ "id" : "1",  "n":1e2 }\r\n{"id": "2", "n": 1.50, "x": [1.0]}\r\n{"id":"3","n":3}'
    source = source_of(tmp_path / "leads.jsonl", content)
    assert written(source, tmp_path) == content
    assert written(source, tmp_path, {"id": {1: "Zoë", 2: None}, "n": {2: "4"}}, rows=3) == (
        b'\xef\xbb\xbf{ "id" : "1",  "n":1e2 }\r\n{"id": "Zo\xc3\xab", "n": 1.50, "x": [1.0]}\r\n{"id":null,"n":4}'
    )


def test_a_cell_keeps_its_kind_and_an_empty_one_takes_that_of_its_column(tmp_path: Path) -> None:
    source = source_of(
        tmp_path / "leads.jsonl",
        b'{"n":1,"t":"1","b":true,"m":1,"x":[1]}\n{"n":null,"t":null,"b":null,"m":"a","x":null}\n{"m":null}\n',
    )
    cells: Cells = {name: {1: text, 2: text} for name, text in (("n", "7"), ("t", "7"), ("b", "false"), ("m", "7"))}
    lines = written(source, tmp_path, {**cells, "x": {0: "[2.0]", 2: None}}, rows=3).splitlines()
    assert lines[0] == b'{"n":1,"t":"1","b":true,"m":1,"x":[2.0]}'
    assert json.loads(lines[1]) == {"n": 7, "t": "7", "b": False, "m": "7", "x": None}
    assert json.loads(lines[2]) == {"m": "7", "n": 7, "t": "7", "b": False}


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        *(("n", text, "number") for text in ("many", "01", "1\u0661")),
        ("b", "yes", "boolean"),
        *(("x", text, "nested") for text in ("1", "[", '["\\ud800"]')),
    ],
)
def test_a_text_of_another_kind_is_refused_with_lead_and_column(
    tmp_path: Path, name: str, text: str, kind: str
) -> None:
    source = source_of(tmp_path / "leads.jsonl", b'\n{"n":1,"b":true,"x":{}}\n{"n":2,"b":true,"x":{}}\n')
    with pytest.raises(
        SinkError, match=re.escape(f'lead 2 (line 3), column "{name}" would become "{text}", which is no {kind}')
    ):
        written(source, tmp_path, {name: {1: text}}, rows=2)
    assert not list((tmp_path / "prepared").iterdir())


def test_new_columns_are_text_where_a_lead_has_one(tmp_path: Path) -> None:
    source = source_of(tmp_path / "leads.jsonl", b'{"id":"1"}\n{"id":"2"}\n')
    assert written(source, tmp_path, {"score": {1: "7"}}, "score", rows=2) == b'{"id":"1"}\n{"id":"2","score":"7"}\n'


@pytest.mark.parametrize(
    ("cells", "rows", "message"),
    [
        ({"city": {0: "x"}}, 2, 'a change for "city", which is neither'),
        ({"id": {2: "x"}}, 2, "outside its batch of 2"),
        ({"id": {0: "x"}}, 3, "for more leads than the 2 of the source"),
    ],
)
def test_changes_that_meet_no_cell_are_refused(tmp_path: Path, cells: Cells, rows: int, message: str) -> None:
    source = source_of(tmp_path / "leads.jsonl", b'{"id":"1"}\n{"id":"2"}\n')
    with pytest.raises(SinkError, match=message):
        written(source, tmp_path, cells, rows=rows)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"{}\n", b"id,name\n1,x\n"])
def test_a_file_without_a_name_is_refused(tmp_path: Path, content: bytes) -> None:
    source = source_of(tmp_path / "leads.jsonl", content)
    with pytest.raises(SourceError, match="no line is a JSON object with a name in it"):
        _ = source.header


SETTINGS = "leads: {{from: leads.jsonl, to: out.jsonl, key: {key}}}\nfields: {{note: text}}\nrun: nightly\n"
NIGHTLY = "campaign: nightly\nkind: batch\nflow: [{use: change.value, with: {field: note, value: x}}]\n"


def test_a_column_is_named_in_the_first_lead_that_has_it(tmp_path: Path) -> None:
    content = b'[]\n\n{"id": "1", "city": null}\n{"id": "2", "Score": 1}\nno lead\n{"city": "x", "score": 2}\n'
    source = source_of(tmp_path / "leads.jsonl", content)
    assert header_lines(source) == {"id": 3, "city": 3, "Score": 4, "score": 6}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"id": "1"}\n\n{"id": "2", "Id": "3"}\n', ':3: the headers "id" and "Id" are both the field id'),
        (b'{"id": "1"}\n{"id": "2", "--": "x"}\n', ':2: the header "--" has no letter or digit'),
        (b'{"--": "x", "id": "2"}\n{"id": "2"}\n', ':1: the header "--" has no letter or digit'),
    ],
)
def test_what_is_wrong_with_a_column_is_told_at_its_line(tmp_path: Path, content: bytes, problem: str) -> None:
    root = write_project(tmp_path, {"lustrum.yaml": SETTINGS.format(key="id"), "campaigns/nightly.yaml": NIGHTLY})
    source_of(root / "leads.jsonl", content)
    project = load_project(root)
    for plan in (plan_of, plan_of_run):
        with pytest.raises(ProjectError) as error:
            plan(project)
        (told,) = error.value.problems
        assert str(told).startswith(f"{root / 'leads.jsonl'}{problem}")


def plan_of(project: Project) -> None:
    plan_project(project, Registry.of_project(project), ())


def plan_of_run(project: Project) -> None:
    open_ends(project, Registry.of_project(project), RunOptions())


def test_a_key_that_is_not_there_makes_no_doubt_of_a_header(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"lustrum.yaml": SETTINGS.format(key="zzz"), "campaigns/nightly.yaml": NIGHTLY})
    source_of(root / "leads.jsonl", b'{"city": "x"}\n{"name": "y"}\n')
    with pytest.raises(ProjectError, match=r"the source has no field zzz; it has: city, name$"):
        plan_of(load_project(root))


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    source = source_of(tmp_path / "leads.jsonl", b'{"id":"1"}\n{"id":"2"}\n')
    batches = source.batches(1)
    next(batches)
    (tmp_path / "leads.jsonl").write_bytes(b'{"id":"1"}\n')
    with pytest.raises(SourceError, match="was changed while it was being read"):
        list(batches)


def test_a_folder_is_no_place_for_leads(tmp_path: Path) -> None:
    (tmp_path / "out" / "leads.jsonl").mkdir(parents=True)
    with pytest.raises(SinkError, match="this is a folder"):
        written(source_of(tmp_path / "in.jsonl", b'{"id":"1"}\n'), tmp_path)


NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "t": st.text(max_size=4),
    "n": NUMBERS,
    "b": st.booleans(),
    "x": st.lists(NUMBERS | st.text(max_size=2), max_size=2)
    | st.dictionaries(st.text(max_size=2), NUMBERS, max_size=2),
}
RECORDS = st.fixed_dictionaries({"id": st.just("k")}, optional={name: st.none() | each for name, each in KINDS.items()})
LEADS = RECORDS.map(lambda record: json.dumps(record, ensure_ascii=len(record) % 2 == 0).encode())
OTHERS = st.binary(max_size=6).filter(lambda line: b"\n" not in line) | st.sampled_from([b"", b"{", b"[]", b"7", b"\r"])
ENDS = st.sampled_from([b"\n", b"\r\n"])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(leads=st.lists(LEADS, min_size=1, max_size=5), others=st.lists(OTHERS, max_size=3), end=ENDS, data=st.data())
def test_records_in_are_leads_out_and_rejects(
    tmp_path: Path, leads: list[bytes], others: list[bytes], end: bytes, data: Any
) -> None:
    lines = data.draw(st.permutations([*leads, *others]))
    source = source_of(tmp_path / "leads.jsonl", b"".join(line + end for line in lines))
    for size in (1, 3, 1000):
        batches = list(source.batches(size))
        assert sum(batch.frame.height for batch in batches) == len(leads)
        rejects = [reject.text for batch in batches for reject in batch.rejects]
        assert rejects == [body(line + end) for line in lines if line in others and line.strip(b" \t\r\n")]
        assert pl.concat([batch.frame for batch in batches]).equals(frame_of(source))
    assert written(source, tmp_path) == b"".join(
        line + end for line in lines if line in leads or not line.strip(b" \t\r\n")
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(leads=st.lists(LEADS, min_size=1, max_size=5), data=st.data())
def test_any_text_of_a_column_can_be_written_into_another_cell_of_it(
    tmp_path: Path, leads: list[bytes], data: Any
) -> None:
    source = source_of(tmp_path / "leads.jsonl", b"".join(line + b"\n" for line in leads))
    before = frame_of(source)
    name = data.draw(st.sampled_from(before.columns))
    moved = data.draw(st.dictionaries(st.integers(0, len(leads) - 1), st.sampled_from(before[name].to_list())))
    again = source_of(tmp_path / "again.jsonl", written(source, tmp_path, {name: moved}, rows=len(leads)))
    expected = [moved.get(row, text) for row, text in enumerate(before[name])]
    found = frame_of(again)
    assert found[name].to_list() == expected if name in found.columns else not any(expected)
    assert found.drop(name, strict=False).to_dict(as_series=False).items() <= before.to_dict(as_series=False).items()
