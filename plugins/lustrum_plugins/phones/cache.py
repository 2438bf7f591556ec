"""The compiled automata on disk, in the user's cache folder, so that only the first run of a version compiles them."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from lustrum_plugins.phones.automata import CODES, Automata, compile_automata
from lustrum_plugins.phones.kinds import as_kind
from lustrum_plugins.phones.states import LONGEST, SYMBOLS

FORMAT = 1
"""Counts up with every change of what the tables mean."""
_TABLES = tuple(name for name in Automata.__slots__ if name != "regions")
_DAMAGE = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, NotImplementedError)

_log = logging.getLogger(__name__)


@cache
def automata() -> Automata:
    """Give the automata of the installed phonenumbers: loaded where they are cached, else compiled and cached."""
    return _loaded() or build()


def is_cached() -> bool:
    """Say whether the automata need no compiling, which takes some seconds."""
    return automata.cache_info().currsize > 0 or _loaded() is not None


def build() -> Automata:
    """Compile the automata and keep them where the cache can be written."""
    _log.info("compiling the numbering plans of phonenumbers %s", _version())
    made = compile_automata()
    with suppress(OSError):
        _keep(made)
    return made


def cache_file() -> Path | None:
    """Name the file of this version of phonenumbers; None where the user has no folder."""
    home = os.environ.get("XDG_CACHE_HOME")
    try:
        folder = Path(home) if home and Path(home).is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    return folder / "lustrum" / f"phones-{FORMAT}-{_version()}.npz"


@cache
def _version() -> str:
    """Give the version of phonenumbers without importing it, which a run whose tables are cached can do without."""
    try:
        return version("phonenumbers")
    except PackageNotFoundError:
        from phonenumbers import __version__

        return __version__


def _keep(made: Automata) -> None:
    file = cache_file()
    if file is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            about = json.dumps({"format": FORMAT, "phonenumbers": _version(), "regions": made.regions})
            tables: Mapping[str, NDArray[np.int32]] = {name: getattr(made, name) for name in _TABLES}
            np.savez(part, about=np.frombuffer(about.encode(), np.uint8), allow_pickle=False, **tables)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _loaded() -> Automata | None:
    file = cache_file()
    try:
        return _read(file) if file and file.is_file() else None
    except _DAMAGE:
        return None


def _read(file: Path) -> Automata | None:
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
        about = json.loads(held["about"].tobytes())
        if (about["format"], about["phonenumbers"]) != (FORMAT, _version()):
            return None
        found = Automata(tuple(map(str, about["regions"])), *(held[name] for name in _TABLES))
    return found if _is_sound(found) else None


def _is_sound(found: Automata) -> bool:
    """Say whether no number in the tables leads out of them."""
    regions, states = len(found.regions), found.states
    shapes = {"steps": (states, SYMBOLS), "says": (states,), "lengths": (regions, LONGEST + 1)}
    shapes |= dict.fromkeys(("calling_code", "viable", "abroad", "national", "readable"), (regions,))
    shapes |= dict.fromkeys(("kinds", "main", "code_at"), (CODES,))
    has_shape = all(_has(getattr(found, name), shape) for name, shape in shapes.items())
    return has_shape and _within(found, states, regions)


def _has(table: NDArray[np.int32], shape: tuple[int, ...]) -> bool:
    return table.dtype == np.int32 and table.shape == shape


def _within(found: Automata, states: int, regions: int) -> bool:
    bounds = dict.fromkeys(("steps", "viable", "abroad", "national", "kinds"), states)
    bounds |= {"says": as_kind(regions, 0), "main": regions, "calling_code": CODES, "code_at": CODES}
    return all(_is_below(getattr(found, name), bound) for name, bound in bounds.items())


def _is_below(table: NDArray[np.int32], bound: int) -> bool:
    return bool(table.size and table.min() >= 0 and table.max() < bound)
