from __future__ import annotations

import csv
import errno
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.plugins.cell_changes import Cells, changed

from lustrum.contracts.sources import Sink, SourceBatch
from lustrum.words.errors import SinkError
from lustrum_plugins.connect.csv_sink import CsvSink
from lustrum_plugins.connect.csv_source import CsvSource
from lustrum_plugins.connect.declared import Declared
from lustrum_plugins.connect.dialect import Dialect

LeadsFile = Callable[..., CsvSource]

tries = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(
    source: CsvSource,
    cells: Cells | None = None,
    new: Sequence[str] = (),
    *,
    rows: int = 3,
    **declared: str,
) -> bytes:
    folder = Path(source.location).parent
    sink = CsvSink(str(folder / "out" / "leads.csv"), Declared(**declared))
    assert isinstance(sink, Sink)
    changes = [changed(rows, cells)] if cells else []
    return sink.prepare(source, changes, new, folder / "run").read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        b"id,name\n1,Jo\n",
        b'id;name\r\n01; "x" \r\n"2";""\r\n;\r\n',
        b"id,name\r1,'x'\r",
        b"id,name\n1,no newline at the end",
        b"\xef\xbb\xbfid,name\n1,Zo\xc3\xab\n",
        b"id,name\n1,Zo\xeb\x81\n",
        "id,name\n1,Zoë".encode("utf-16"),
        b"email\n\na@b.c\n\n",
        b'id,name\n1,"a\r\nb"\r2,c\n\r\n\n',
        b"id,name",
    ],
)
def test_a_run_that_changes_nothing_gives_the_same_bytes(leads: LeadsFile, content: bytes) -> None:
    assert written(leads(content)) == content


def test_rejected_records_are_left_out(leads: LeadsFile) -> None:
    source = leads(b'id,name\n1\n2,b\n\n"3","c","d"\n4,"x\n5,e\n\n')
    assert written(source) == b"id,name\n2,b\n5,e\n\n"


def test_only_changed_cells_are_rendered(leads: LeadsFile) -> None:
    source = leads(b'id;name;city\r\n01; "x" ;"Rome"\r\n2;Jo;"";""\r\n3;"";Oslo\r\n')
    assert written(source, {"city": {0: "Paris", 1: "a;b"}, "name": {1: 'say "x"'}}, rows=2) == (
        b'id;name;city\r\n01; "x" ;"Paris"\r\n3;"say ""x""";"a;b"\r\n'
    )


def test_an_emptied_cell_keeps_its_quotes(leads: LeadsFile) -> None:
    assert written(leads(b'id,name\n1,"x"\n2,y\n'), {"name": {0: None, 1: None}}, rows=2) == b'id,name\n1,""\n2,\n'


def test_leads_after_the_last_batch_are_copied(leads: LeadsFile) -> None:
    assert written(leads(b"id\n1\n2\n3\n"), {"id": {0: "x"}}, rows=1) == b"id\nx\n2\n3\n"


def test_new_columns_are_appended_in_the_style_of_their_record(leads: LeadsFile) -> None:
    source = leads(b'"id","name"\r\n"1","x"\r\nbad\r\n2,"y"\r\n"3",""\r\n\r\n')
    assert written(source, {"country code": {0: "DE", 1: "a,b"}}, ["country code", "n"]) == (
        b'"id","name","country code","n"\r\n"1","x","DE",""\r\n2,"y","a,b",\r\n"3","","",""\r\n\r\n'
    )


def test_new_columns_go_before_a_missing_line_end(leads: LeadsFile) -> None:
    assert written(leads(b"id"), None, ["new"]) == b"id,new"
    assert written(leads(b"id\n\n1"), {"new": {1: "x"}}, ["new"], rows=2) == b"id,new\n,\n1,x"


def test_encoding_and_mark_of_the_input_are_kept(leads: LeadsFile) -> None:
    source = leads("id,name\n1,Zoë\n".encode("utf-16"))
    assert written(source, {"name": {0: "Žaneta"}}, rows=1) == "id,name\n1,Žaneta\n".encode("utf-16")


def test_a_cell_the_encoding_cannot_express_is_refused_with_the_way_out(leads: LeadsFile) -> None:
    source = leads("id,name\n1,Zoë\n2,Al\n3,Bo\n".encode("cp1252"))
    message = (
        r'leads\.csv: lead 2, column "name": windows-1252 has no \'Ł\' \(U\+0141\); '
        "write the output in another encoding, in lustrum.yaml: leads: {write_encoding: utf-8}"
    )
    with pytest.raises(SinkError, match=message):
        written(source, {"name": {0: "Jo", 1: "Łódź"}})
    assert written(source, {"name": {1: "Łódź"}}, encoding="utf-8") == "id,name\n1,Zoë\n2,Łódź\n3,Bo\n".encode()


def test_what_the_source_holds_may_also_be_beyond_a_declared_encoding(leads: LeadsFile) -> None:
    with pytest.raises(SinkError, match="leads from 1 on cannot be written in ascii"):
        written(leads("id\nZoë\n".encode()), encoding="ascii")
    with pytest.raises(SinkError, match="the header: ascii has no 'ë'"):
        written(leads("Zoë\n1\n".encode()), encoding="ascii")


def test_nothing_half_written_stays_behind(leads: LeadsFile, tmp_path: Path) -> None:
    with pytest.raises(SinkError):
        written(leads(b"id\n1\n"), {"id": {0: "x"}}, rows=2)
    assert list((tmp_path / "run").iterdir()) == []


def test_another_declared_dialect_is_rendered_anew(leads: LeadsFile) -> None:
    source = leads(b'id,name\n1,"a;b"\n2,c\n')
    assert written(source, {"name": {1: "d"}}, rows=2, delimiter=";") == b'id;name\r\n1;"a;b"\r\n2;d\r\n'


class Frames(NamedTuple):
    """A source that is no file."""

    frame: pl.DataFrame
    location: str = "frames"
    fingerprint: str = "1"
    description: str = "frames"

    @property
    def header(self) -> Sequence[str]:
        return self.frame.columns

    def batches(self, size: int) -> list[SourceBatch]:
        return [SourceBatch(self.frame[at : at + size]) for at in range(0, self.frame.height, size)]


def rendered(tmp_path: Path, frame: pl.DataFrame, name: str = "leads.csv", **declared: str) -> bytes:
    sink = CsvSink(str(tmp_path / name), Declared(**declared))
    changes = [changed(2, {"name": {1: "Žan"}, "new": {0: "x"}})]
    source = Frames(frame)
    return sink.prepare(source, changes, ["new"], tmp_path).read_bytes()  # type: ignore[arg-type]  # a list is iterated


def test_leads_of_another_source_are_written_as_rfc_4180_has_it(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["1", "2", "3"], "name": ["a,b", None, "c"]})
    assert rendered(tmp_path, frame) == 'id,name,new\r\n1,"a,b",x\r\n2,Žan,\r\n3,c,\r\n'.encode()
    assert rendered(tmp_path, frame, "leads.tsv") == "id\tname\tnew\r\n1\ta,b\tx\r\n2\tŽan\t\r\n3\tc\t\r\n".encode()
    with pytest.raises(SinkError, match='lead 2, column "name": ascii has no'):
        rendered(tmp_path, frame, encoding="ascii")


def published(target: Path, content: bytes) -> None:
    prepared = target.parent / "prepared"
    prepared.write_bytes(content)
    CsvSink(str(target)).publish(prepared)
    assert not prepared.exists()


def test_publishing_replaces_the_file_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "leads.csv"
    published(target, b"1")
    target.chmod(0o640)
    published(target, b"2")
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"2", 0o640)


def test_publishing_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    published(tmp_path / "link.csv", b"1")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"1"


def test_the_folder_of_the_output_is_made(leads: LeadsFile, tmp_path: Path) -> None:
    sink = CsvSink(str(tmp_path / "deep" / "out" / "leads.csv"))
    sink.publish(sink.prepare(leads(b"id\n1\n"), [], [], tmp_path / "run"))
    assert (tmp_path / "deep" / "out" / "leads.csv").read_bytes() == b"id\n1\n"


def test_a_file_can_be_cleaned_in_place(leads: LeadsFile, tmp_path: Path) -> None:
    source = leads(b"id\n1\n")
    sink = CsvSink(source.location)
    sink.publish(sink.prepare(source, [changed(1, {"id": {0: "2"}})], [], tmp_path))
    assert Path(source.location).read_bytes() == b"id\n2\n"


def test_across_file_systems_a_copy_beside_the_target_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def replace_within_a_folder(self: Path, target: Path) -> Path:
        if self.parent != target.parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replace_within_a_folder)
    (tmp_path / "prepared").write_bytes(b"id\n1\n")
    CsvSink(str(tmp_path / "out" / "leads.csv")).publish(tmp_path / "prepared")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["leads.csv"]
    assert not (tmp_path / "prepared").exists()


def test_an_output_that_cannot_be_written_is_refused(leads: LeadsFile, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SinkError, match="this is a folder; name a file in it"):
        CsvSink(str(tmp_path)).prepare(leads(b"id\n"), [], [], tmp_path)
    with pytest.raises(SinkError, match=r"the file cannot be written \(.+\); check its folder"):
        CsvSink(str(tmp_path / "file" / "leads.csv")).publish(tmp_path / "prepared")
    with pytest.raises(SinkError, match="No such file"):
        CsvSink(str(tmp_path / "out.csv")).publish(tmp_path / "prepared")


class Table(NamedTuple):
    """A made-up file: its texts, how they are written, and what changes."""

    texts: list[list[str]]
    quoted: list[list[bool]]
    dialect: Dialect
    end: str
    encoding: str
    changes: dict[tuple[int, int], str]

    def content(self) -> bytes:
        records = (
            self.dialect.delimiter.join(
                self.dialect.raw(text, quoted=quoted) for text, quoted in zip(*row, strict=True)
            )
            for row in zip(self.texts, self.quoted, strict=True)
        )
        return "".join(f"{record}{self.end}" for record in [self.header(), *records]).encode(self.encoding)

    def header(self) -> str:
        return self.dialect.delimiter.join(f"c{at}" for at in range(len(self.texts[0])))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    text = st.text(st.sampled_from("ab ,;\t|\"'\r\né\x00"), max_size=5)
    grid = st.lists(st.lists(text, min_size=width, max_size=width), min_size=height, max_size=height)
    flags = st.lists(st.lists(st.booleans(), min_size=width, max_size=width), min_size=height, max_size=height)
    place = st.tuples(st.integers(0, height - 1), st.integers(0, width - 1))
    return Table(
        draw(grid),
        draw(flags),
        draw(st.builds(Dialect, st.sampled_from(",;\t|"), st.sampled_from("\"'"))),
        draw(st.sampled_from(["\n", "\r\n", "\r"])),
        draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])),
        draw(st.dictionaries(place, text, max_size=4)),
    )


@tries
@given(table=tables())
def test_what_is_written_in_any_dialect_is_read_changed_and_written_back(leads: LeadsFile, table: Table) -> None:
    dialect = table.dialect
    source = leads(table.content(), encoding=table.encoding, delimiter=dialect.delimiter, quote=dialect.quote)
    assert [[cell or "" for cell in row] for batch in source.batches(2) for row in batch.frame.rows()] == table.texts
    assert written(source) == table.content()
    cells: dict[str, dict[int, str | None]] = {}
    expected = [list(row) for row in table.texts]
    for (row, column), text in table.changes.items():
        cells.setdefault(f"c{column}", {})[row] = text or None
        expected[row][column] = text
    output = written(source, cells, rows=len(expected)).decode(table.encoding)
    reader = csv.reader(io.StringIO(output, newline=""), delimiter=dialect.delimiter, quotechar=dialect.quote)
    assert [row or [""] for row in reader][1:] == expected
