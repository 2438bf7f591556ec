"""What the built-in plugins say while they work, handed to those who watch a run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager

LOGGERS = ("lustrum", "lustrum_plugins")


class _Handler(logging.Handler):
    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(record.getMessage())


@contextmanager
def remarks_told(tell: Callable[[str], None]) -> Generator[None]:
    """Tell what is logged meanwhile, from level info on.

    >>> with remarks_told(print):
    ...     logging.getLogger("lustrum_plugins.phones").info("compiling the numbering plans")
    compiling the numbering plans
    """
    handler, loggers = _Handler(tell), [logging.getLogger(name) for name in LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
