"""What is read and written a block at a time is what the careful reader and writer give, record by record."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.plugins.cell_changes import Cells, changed

from lustrum.contracts.sources import CellChanges, Reject
from lustrum.words.errors import LustrumError
from lustrum_plugins.connect import lead_file, reading, records
from lustrum_plugins.connect.block import Block
from lustrum_plugins.connect.csv_sink import CsvSink
from lustrum_plugins.connect.csv_source import CsvSource
from lustrum_plugins.connect.declared import Declared

LeadsFile = Callable[..., CsvSource]
Read = tuple[list[tuple[str | None, ...]], list[Reject], list[int]]
Written = bytes | str

ROOT = Path(__file__).parents[3]
tries = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def read(source: CsvSource, size: int) -> Read:
    batches = list(source.batches(size))
    return (
        [row for batch in batches for row in batch.frame.rows()],
        [reject for batch in batches for reject in batch.rejects],
        [len(batch.rejects) for batch in batches],
    )


def write(
    source: CsvSource, changes: Sequence[CellChanges], new: Sequence[str], encoding: str | None = None
) -> Written:
    folder = Path(source.location).parent
    try:
        return CsvSink("out.csv", Declared(encoding)).prepare(source, changes, new, folder).read_bytes()
    except LustrumError as error:
        return str(error)


@contextmanager
def carefully() -> Generator[None]:
    """Leave everything to the careful reader and writer."""
    with patch.object(reading, "can_scan", return_value=False):
        yield


@contextmanager
def in_pieces(chunk: int, largest: int) -> Generator[None]:
    """Read so many bytes at a time, and scan so many."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(lead_file, "CHUNK", chunk))
        for name, value in {"LARGEST": largest, "SMALLEST": max(1, largest // 2), "STRIDE": 1}.items():
            stack.enter_context(patch.object(reading, name, value))
        yield


def plain_leads(source: CsvSource) -> int:
    return sum(rows.leads for rows in source.rows() if isinstance(rows, Block))


PIECES = [
    *(b",", b",", b"\n", b"\n", b"\r\n", b"\r", b'"', b'"', b'""', b'","', b'"\n"', b"'", b";"),
    *(b"a", b"1,2\n", b'"x","y"\n', b"1,2\r\n", b'1,"a""b"\n', b'"a\nb",2\n', b'5" tall,2\n', b"only\n", b"1,2,3\n"),
    *(b" ", b"\x00", b"\xff", b"\xe9", b"\xc3\xa9", "日本".encode(), b"\n\n"),
]
HEADERS = [b"", b"a,b\n", b"a\n", b'"a","b"\r\n', b"a,b,c\r"]
OPTIONS = [
    {},
    {"encoding": "utf-8"},
    {"encoding": "ascii"},
    {"encoding": "utf-16-le"},
    {"encoding": "cp1252"},
    {"encoding": "shift_jis"},
    {"delimiter": ",", "quote": "'"},
    {"delimiter": "\x00"},
    {"delimiter": "é"},
]
contents = st.tuples(st.sampled_from(HEADERS), st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join)).map(
    b"".join
)
texts = st.none() | st.text(st.sampled_from("ab ,;'\"\r\né\x1c\u3000Ł\x00"), max_size=4)


@tries
@given(
    content=contents,
    options=st.sampled_from(OPTIONS),
    size=st.integers(1, 5),
    chunk=st.integers(1, 9),
    largest=st.integers(1, 40),
)
def test_blocks_give_the_leads_and_rejects_of_the_careful_reader(
    leads: LeadsFile, content: bytes, options: dict[str, str], size: int, chunk: int, largest: int
) -> None:
    if options.get("encoding") == "utf-16-le":
        content = content.decode("latin-1").encode("utf-16-le")
    source = leads(content, **options)
    try:
        with carefully():
            expected = read(source, size)
    except LustrumError:
        return
    assert read(source, size) == expected
    with in_pieces(chunk, largest):
        assert read(source, size) == expected


@tries
@given(
    content=contents,
    encoding=st.sampled_from([None, "utf-8", "cp1252"]),
    written=st.sampled_from([None, "utf-8", "utf-16", "cp1252"]),
    new=st.sampled_from([[], ["new"], ["new", "é"]]),
    largest=st.integers(1, 40),
    data=st.data(),
)
def test_blocks_are_copied_as_the_careful_writer_copies_their_records(
    leads: LeadsFile,
    content: bytes,
    encoding: str | None,
    written: str | None,
    new: list[str],
    largest: int,
    data: st.DataObject,
) -> None:
    source = leads(content, encoding=encoding)
    try:
        height = sum(batch.frame.height for batch in source.batches(100))
    except LustrumError:
        return
    changes = data.draw(some_changes([*source.header, *new], height))
    with carefully():
        expected = write(source, changes, new, written)
    for block in (largest, 1 << 21):
        with in_pieces(7, block):
            got = write(source, changes, new, written)
        assert got == expected or (isinstance(got, str) and isinstance(expected, str) and refuses(got, expected))


def refuses(*messages: str) -> bool:
    """Say whether each names what the encoding lacks: which lead is named first depends on what is written at once."""
    return all("windows-1252 has no" in message or "cannot be written in" in message for message in messages)


@st.composite
def some_changes(draw: st.DrawFn, columns: Sequence[str], height: int) -> list[CellChanges]:
    """Make up changes in batches of up to three leads."""
    sizes: list[int] = []
    while sum(sizes) < height:
        sizes.append(draw(st.integers(1, min(3, height - sum(sizes)))))
    cells = [
        draw(st.dictionaries(st.sampled_from(columns), st.dictionaries(st.integers(0, size - 1), texts), max_size=4))
        for size in sizes
    ]
    return [changed(size, each) for size, each in zip(sizes, cells, strict=True)]


def test_a_plain_file_is_read_in_blocks_but_for_its_first_lines(leads: LeadsFile) -> None:
    lines = [b'%d,"n%d",x\r\n' % (n, n) for n in range(3000)]
    assert plain_leads(leads(b"id,name,more\r\n" + b"".join(lines))) > 2900


@pytest.mark.parametrize(
    "stray", [b'1,5" tall,x\n', b'1,"open,x\n', b'"1"2,a,b\n', b"1,\xff,x\n", b'1,"a\n"b,c\n', b"\n"]
)
def test_only_what_stands_around_a_record_that_is_not_plain_is_read_with_care(leads: LeadsFile, stray: bytes) -> None:
    lines = [b'%d,"n""%d",x\n' % (n, n) for n in range(60_000)]
    for at in (100, 30_000, 59_000):
        lines.insert(at, stray)
    source = leads(b"id,name,more\n" + b"".join(lines), encoding="utf-8")
    with patch.object(records, "MOST_LINES", 100):
        assert plain_leads(source) > 55_000
        expected = read(source, 100_000)
        with carefully():
            assert read(source, 100_000) == expected


@pytest.mark.parametrize("most_lines", [2, 3])
def test_a_record_of_too_many_lines_is_left_to_the_careful_reader(
    leads: LeadsFile, monkeypatch: pytest.MonkeyPatch, most_lines: int
) -> None:
    monkeypatch.setattr(records, "MOST_LINES", most_lines)
    monkeypatch.setattr(reading, "STRIDE", 1)
    source = leads(b'a,b\n1,2\n3,"4\r\n5\n6"\n7,8\n9,"1\n0"\n' * 3)
    with carefully():
        expected = read(source, 10)
    assert read(source, 10) == expected


def files() -> list[Path]:
    shared = [folder for folder in (ROOT / "fixtures", ROOT / "examples") if folder.is_dir()]
    return [path for folder in shared for path in sorted(folder.rglob("leads*.csv"))]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_of_this_repository_are_copied_with_changes_as_by_the_careful_writer(path: Path, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_bytes(path.read_bytes())
    source = CsvSource(str(tmp_path / "leads.csv"))
    changes = random_changes(source, random.Random(path.name))  # noqa: S311  # the same changes each time
    for new in ([], ["added"]):
        with carefully():
            expected = write(source, changes, new)
        with in_pieces(5000, 3000):
            assert write(source, changes, new) == expected


def random_changes(source: CsvSource, chance: random.Random) -> list[CellChanges]:
    changes: list[CellChanges] = []
    for batch in source.batches(600):
        height = batch.frame.height
        cells: Cells = {
            name: {
                row: chance.choice([None, "x", 'say "x"', " y", "a\nb", "1,2", "Zoë"])
                for row in chance.sample(range(height), chance.randint(0, height))
            }
            for name in chance.sample(list(source.header), chance.randint(0, len(source.header)))
        }
        changes.append(changed(height, cells))
    return changes
