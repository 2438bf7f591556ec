from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.words.errors import SourceError
from lustrum_plugins.connect.lead_file import CHUNK, LeadFile

CONTENT = b"id,name\n1,Jo\n" * (2 * CHUNK // 13)


def same(content: bytes) -> bytes:
    return content


@pytest.mark.parametrize(
    ("name", "packed"), [("a.csv", same), ("a.csv.gz", gzip.compress), ("a.csv.BZ2", bz2.compress)]
)
def test_a_file_is_streamed_and_unpacked(tmp_path: Path, name: str, packed: Callable[[bytes], bytes]) -> None:
    (tmp_path / name).write_bytes(packed(CONTENT))
    file = LeadFile(str(tmp_path / name))
    chunks = list(file.chunks(skip=3))
    assert b"".join(chunks) == CONTENT[3:]
    assert max(map(len, chunks)) == CHUNK
    assert file.start(5) == CONTENT[:5]


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    digests: set[str] = set()
    for content in (b"id\n1\n", b"id\n2\n", b"id\n1\n"):
        path.write_bytes(content)
        digests.add(LeadFile(str(path)).fingerprint())
    assert len(digests) == 2
    assert all(digest.endswith("-5") for digest in digests)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv.gz", gzip.compress(CONTENT)[:-9]), ("a.csv.gz", b"\x1f\x8b\x08\x00" + b"x" * 20), ("a.csv.bz2", b"BZh9x")],
)
def test_a_damaged_compressed_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=rf"{name}: .*(damaged|cannot be read)"):
        list(LeadFile(str(tmp_path / name)).chunks())


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match="the file may not be read; ask for the right to read it"):
        LeadFile(str(tmp_path / "a.csv")).start(1)
