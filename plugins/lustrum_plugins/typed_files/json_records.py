"""Lines of JSON: which are records, and how one is written anew."""

from __future__ import annotations

from typing import NamedTuple, cast

from lustrum_plugins.typed_files.json_values import Record, RepeatedName, value_of, written

NOT_JSON = "not_json"
NO_OBJECT = "no_object"
REPEATED_NAME = "repeated_name"
INVALID_BYTES = "invalid_bytes"


class NoRecord(ValueError):
    """A line that is no lead; its message is the reason of a reject."""


class Line(NamedTuple):
    """One line of a file: its number from 1 and its exact bytes, with the line end."""

    number: int
    raw: bytes

    @property
    def body(self) -> bytes:
        """What stands before the line end."""
        return self.raw.removesuffix(b"\n").removesuffix(b"\r")

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.raw.strip(b" \t\r\n")

    def record(self) -> Record:
        """Read the object in it with care. Raises `NoRecord`."""
        try:
            found = value_of(self.raw.decode().strip(" \t\r\n"))
        except UnicodeError:
            raise NoRecord(INVALID_BYTES) from None
        except RepeatedName:
            raise NoRecord(REPEATED_NAME) from None
        except ValueError:
            raise NoRecord(NOT_JSON) from None
        if not isinstance(found, dict):
            raise NoRecord(NO_OBJECT)
        return cast("Record", found)

    def rewritten(self, record: Record) -> bytes:
        """Write another record in its place, with its line end and its way of spacing."""
        return written(record, spaced=b'": ' in self.raw) + self.raw[len(self.body) :]
