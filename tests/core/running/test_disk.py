"""Files that last, and are readable by their owner only."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from lustrum.running.disk import lasting_file, rename_into_place, sync_folder


def test_a_new_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    with lasting_file(tmp_path / "a") as file:
        file.write(b"x")
    assert (tmp_path / "a").read_bytes() == b"x"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_what_stood_there_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"something long")
    with lasting_file(tmp_path / "a") as file:
        file.write(b"x")
    assert (tmp_path / "a").read_bytes() == b"x"


@pytest.mark.parametrize("folder", [False, True])
def test_a_prepared_file_or_folder_gets_its_name_at_once(tmp_path: Path, folder: bool) -> None:
    prepared = tmp_path / "prepared"
    if folder:
        prepared.mkdir()
    else:
        prepared.write_bytes(b"x")
    rename_into_place(prepared, tmp_path / "final")
    assert [path.name for path in tmp_path.iterdir()] == ["final"]


def test_a_folder_that_is_not_there_cannot_be_synced(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "missing")
