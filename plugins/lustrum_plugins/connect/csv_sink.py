"""Leads into a delimited file, replaced as a whole."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lustrum.contracts.sources import CellChanges, Source
from lustrum.words.errors import SinkError
from lustrum_plugins.connect.csv_copy import CsvCopy
from lustrum_plugins.connect.csv_rendering import CsvRendering
from lustrum_plugins.connect.csv_source import CsvSource
from lustrum_plugins.connect.declared import Declared
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.encoding import Encoding, output_encoding


class CsvSink:
    """A delimited file as the place leads go to.

    Leads of a delimited file keep its encoding, byte-order mark, line ends and quoting, unless another encoding or
    dialect is declared; those of another source are written in UTF-8 as RFC 4180 has it.
    """

    def __init__(self, location: str, declared: Declared | None = None) -> None:
        self.location = location
        self._declared = declared or Declared()

    def prepare(self, source: Source, changes: Iterable[CellChanges], new_columns: Sequence[str], into: Path) -> Path:
        """Write the leads of `source` with the changes of each batch into the folder `into`, synced.

        Raises `SinkError`.
        """
        if Path(self.location).is_dir():
            raise SinkError(f"{self.location}: this is a folder; name a file in it")
        prepared = into / f"{Path(self.location).name}.prepared"
        with self._reporting():
            into.mkdir(parents=True, exist_ok=True)
            _write(prepared, self._pieces(source, changes, new_columns))
            _sync_folder(into)
        return prepared

    def publish(self, prepared: Path) -> None:
        """Put the prepared file in its place, atomically; a link is followed. Raises `SinkError`."""
        target = Path(self.location).resolve()
        with self._reporting():
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                shutil.copymode(target, prepared)
            _replace(prepared, target)
            _sync_folder(target.parent)

    def _pieces(self, source: Source, changes: Iterable[CellChanges], new_columns: Sequence[str]) -> Iterator[bytes]:
        declared = self._declared
        encoding = output_encoding(declared.encoding) if declared.encoding is not None else None
        if isinstance(source, CsvSource) and self._keeps(source.layout.dialect):
            kept = source.layout.encoding
            written = encoding if encoding is not None and encoding.codec != kept.codec else kept
            return CsvCopy(source, self.location, new_columns, written).pieces(changes)
        dialect = Dialect(declared.delimiter or self._usual_delimiter(), declared.quote or '"')
        return CsvRendering(source, self.location, new_columns, encoding or Encoding("utf-8"), dialect).pieces(changes)

    def _keeps(self, dialect: Dialect) -> bool:
        declared = self._declared
        return declared.delimiter in (None, dialect.delimiter) and declared.quote in (None, dialect.quote)

    def _usual_delimiter(self) -> str:
        return "\t" if Path(self.location).suffix.lower() == ".tsv" else ","

    @contextmanager
    def _reporting(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            reason = f"{error.strerror or error}"
            raise SinkError(f"{self.location}: the file cannot be written ({reason}); check its folder") from error


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file to the disk, whole or not at all."""
    try:
        with path.open("wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _replace(prepared: Path, target: Path) -> None:
    try:
        prepared.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        _write(beside, _read(prepared))
        shutil.copymode(prepared, beside)
        beside.replace(target)
        prepared.unlink()


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            yield chunk


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
