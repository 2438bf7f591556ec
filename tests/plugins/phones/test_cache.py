from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from lustrum_plugins.phones import cache
from lustrum_plugins.phones.automata import Automata


@pytest.fixture(scope="module")
def made() -> Automata:
    return cache.automata()


@pytest.fixture(autouse=True)
def forgotten(made: Automata, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin with an empty cache and a compiler that has the automata ready."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cache, "compile_automata", lambda: made)
    cache.automata.cache_clear()
    yield
    cache.automata.cache_clear()


def cached() -> Path:
    file = cache.cache_file()
    assert file
    return file


def same(one: Automata, other: Automata) -> bool:
    pairs = ((getattr(one, field.name), getattr(other, field.name)) for field in fields(Automata))
    return all(np.array_equal(left, right) for left, right in pairs)


def unsound(**tables: object) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        with np.load(file, allow_pickle=False) as held:
            everything = {name: held[name] for name in held.files}
        changed = {name: np.asarray(table) for name, table in tables.items()}
        np.savez(file, allow_pickle=False, **(everything | changed))

    return damage


def about(**said: object) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.frombuffer(json.dumps(said).encode(), np.uint8)


DAMAGE: list[Callable[[Path], object]] = [
    lambda file: file.write_bytes(b""),
    lambda file: file.write_bytes(b"PK\x03\x04 no archive"),
    lambda file: file.write_bytes(file.read_bytes()[:100_000]),
    lambda file: file.write_bytes(file.read_bytes().replace(b"says", b"sa\xffs")),
    lambda file: file.write_bytes(b"\x80\x04K\x01."),
    lambda file: file.rename(file.with_suffix(".away")).parent.joinpath(file.name).mkdir(),
    unsound(steps=np.zeros((3, 11), np.int32)),
    unsound(says=np.zeros(0, np.int32)),
    unsound(national=np.full(254, 10**6, np.int32)),
    unsound(kinds=np.full(1000, -1, np.int32)),
    unsound(main=np.zeros(1000, np.int64)),
    unsound(about=about(format=cache.FORMAT, phonenumbers="0.0.0", regions=[])),
    unsound(about=about(format=cache.FORMAT + 1)),
    unsound(about=np.array([123], np.uint8)),
    unsound(about=about(nothing=True)),
    unsound(steps=np.array([{}], object).astype(str)),
]


def test_what_was_compiled_is_loaded_the_next_time(made: Automata, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not cache.is_cached()
    cache.build()
    assert cache.is_cached()
    monkeypatch.setattr(cache, "compile_automata", lambda: pytest.fail("compiled again"))
    assert same(cache.automata(), made)
    assert [file.name for file in cached().parent.iterdir()] == [cached().name]


def test_automata_in_memory_need_no_file() -> None:
    cache.automata()
    cached().unlink()
    assert cache.is_cached()


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_or_foreign_file_is_done_without(damage: Callable[[Path], object], made: Automata) -> None:
    cache.build()
    damage(cached())
    assert not cache.is_cached()
    assert same(cache.automata(), made)


def test_a_pickle_in_the_file_is_never_opened(made: Automata) -> None:
    cache.build()
    np.savez(cached(), about=np.array([print], object))
    assert not cache.is_cached()
    assert same(cache.automata(), made)


def test_a_damaged_file_is_replaced() -> None:
    cache.build()
    cached().write_bytes(b"no archive")
    cache.automata()
    cache.automata.cache_clear()
    assert cache.is_cached()


@pytest.mark.parametrize("home", ["file", "file/x"])
def test_a_folder_that_cannot_be_written_is_done_without(
    home: str, tmp_path: Path, made: Automata, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(cache, "cache_file", lambda: tmp_path / home / "phones.npz")
    assert same(cache.automata(), made)


def test_a_user_without_a_home_has_no_cache(made: Automata, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert cache.cache_file() is None
    assert same(cache.automata(), made)
    assert cache.is_cached()


def test_a_relative_cache_folder_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "somewhere")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cached().parent == tmp_path / ".cache" / "lustrum"


def test_a_failed_write_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez", full)
    cache.build()
    assert list(cached().parent.iterdir()) == []


def test_compiling_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        cache.build()
    assert "compiling the numbering plans of phonenumbers" in caplog.text
