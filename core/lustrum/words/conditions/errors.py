"""What is wrong with a condition, and where in its structured form."""

from __future__ import annotations

from lustrum.words.errors import LustrumError

Path = tuple[str | int, ...]


class ConditionError(LustrumError):
    """A condition cannot be read, or does not fit the fields it asks about.

    `path` holds the keys and indexes that lead to the wrong piece of a structured condition; it is empty for SQL text.
    """

    def __init__(self, message: str, remedy: str = "", path: Path = ()) -> None:
        super().__init__(f"{message}; {remedy}" if remedy else message)
        self.message = message
        self.remedy = remedy
        self.path = path
