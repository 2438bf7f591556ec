"""One run at a time in a project: a lock that nobody keeps who is dead."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from lustrum.running.journal.folders import project_folder
from lustrum.words.errors import AlreadyRunning


@contextmanager
def only_one(root: Path) -> Generator[None]:
    """Keep others from the project's journal meanwhile; the system frees it whatever becomes of the process.

    Raises `AlreadyRunning`, which names the owner and how long it has been at it.
    """
    path = project_folder(root) / "lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(f"{root}: {_owner(file)}; wait for its end, or stop it") from error
        _sign(file)
        yield
        file.truncate(0)


def _sign(file: TextIO) -> None:
    file.truncate(0)
    file.seek(0)
    json.dump({"process": os.getpid(), "host": socket.gethostname(), "since": time.time()}, file)
    file.flush()


def _owner(file: TextIO) -> str:
    """Say who has the lock; its owner may just be writing its name."""
    try:
        owner = json.load(file)
        since = datetime.fromtimestamp(owner["since"], UTC)
        age = max(0, round(time.time() - owner["since"]))
        return (
            f"the process {owner['process']} on {owner['host']} has been at work here since {since:%Y-%m-%d %H:%M:%S} "
            f"UTC ({age} s)"
        )
    except (ValueError, KeyError, TypeError):
        return "another process is at work here"
