"""How the bytes of a file turn into text and back, losing none.

A byte that is no text in the file's encoding becomes a lone surrogate (U+DC00 plus the byte), which no sound text
holds; `Encoding.encode` turns it into the same byte again.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from lustrum_plugins.connect.utf8 import FIRST, sound

_ESCAPES = re.compile("([\udc00-\udcff]+)")
_BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
_REVERSIBLE = {*_BOMS, "ascii", "iso8859-1", "cp1252"}
_STATEFUL = re.compile(r"utf-7|hz|idna|punycode|(raw-)?unicode-escape|undefined|iso2022.*")
_SHOWN = {"cp1252": "windows-1252"}


def _escaped(raw: bytes) -> str:
    return "".join(chr(0xDC00 + byte) for byte in raw)


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _escaped(error.object[error.start : error.end]), error.end


def _fill_hole(error: UnicodeError) -> tuple[str | bytes, int]:
    """Read and write the five bytes windows-1252 leaves open as latin-1 does."""
    if isinstance(error, UnicodeDecodeError):
        return error.object[error.start : error.end].decode("latin-1"), error.end
    if isinstance(error, UnicodeEncodeError) and error.object[error.start] in "\x81\x8d\x8f\x90\x9d":
        return error.object[error.start].encode("latin-1"), error.start + 1
    raise error


codecs.register_error("lustrum.escape", _escape)
codecs.register_error("lustrum.fill_hole", _fill_hole)


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding, the byte-order mark the file begins with, and what to do where the encoding has no answer."""

    codec: str
    bom: bytes = b""
    errors: str = "lustrum.escape"

    def __str__(self) -> str:
        name = _SHOWN.get(self.codec, self.codec)
        return f"{name} with BOM" if self.bom else name

    def decode(self, chunks: Iterable[bytes]) -> Iterator[str]:
        """Turn the chunks of a file, its byte-order mark already taken off, into text."""
        decoder = codecs.getincrementaldecoder(self.codec)(self.errors)
        held = b""
        for chunk in chunks:
            text = decoder.decode(chunk)
            taken, held = _split(held + chunk, len(decoder.getstate()[0]))
            yield text if self._gives_back(text, taken) else self._escape_irreversible(taken)
        yield decoder.decode(b"", True)

    def encode(self, text: str) -> bytes:
        """Give back the bytes of text that `decode` made. Raises `UnicodeEncodeError` for other text."""
        return b"".join(self._encode_piece(piece) for piece in _ESCAPES.split(text))

    def _encode_piece(self, piece: str) -> bytes:
        if _ESCAPES.match(piece):
            return bytes(ord(escape) - 0xDC00 for escape in piece)
        return piece.encode(self.codec, self.errors)

    def write(self, text: str) -> bytes:
        """Encode sound text. Raises `UnicodeEncodeError` where the encoding cannot express it."""
        return text.encode(self.codec, self.errors)

    def _gives_back(self, text: str, taken: bytes) -> bool:
        return self.codec in _REVERSIBLE or self.encode(text) == taken

    def _escape_irreversible(self, taken: bytes) -> str:
        """Decode character by character, escaping those that are written with other bytes than they were read from."""
        decoder = codecs.getincrementaldecoder(self.codec)(self.errors)
        pieces: list[str] = []
        start = 0
        for end in range(1, len(taken) + 1):
            piece = decoder.decode(taken[end - 1 : end], end == len(taken))
            if piece:
                raw = taken[start:end]
                pieces.append(piece if self.encode(piece) == raw else _escaped(raw))
                start = end
        return "".join(pieces)


def is_sound(text: str) -> bool:
    """Say whether every byte of the text could be read in its encoding.

    >>> is_sound("Zoë"), is_sound("Zo\\udcff")
    (True, False)
    """
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def declared_encoding(name: str, start: bytes) -> Encoding:
    """Take the encoding the project declares, with the byte-order mark the file begins with.

    Raises `LookupError` if nobody knows it, `ValueError` if bytes written in it depend on what stands before.
    """
    codec = codecs.lookup(name).name
    if _STATEFUL.fullmatch(codec):
        raise ValueError(f"what a byte means in {codec} depends on the bytes before it")
    "".encode(codec)
    family = [known for known in _BOMS if known.startswith(codec.removesuffix("-sig"))]
    if not family:
        return Encoding(codec)
    marked = next((known for known in family if start.startswith(_BOMS[known])), None)
    return Encoding(marked, _BOMS[marked]) if marked else Encoding(family[0])


def output_encoding(name: str) -> Encoding:
    """Take the encoding declared for an output: `utf-8-sig`, `utf-16` and `utf-32` begin with a byte-order mark.

    >>> str(output_encoding("utf-8")), str(output_encoding("utf-8-sig")), str(output_encoding("utf-16"))
    ('utf-8', 'utf-8 with BOM', 'utf-16-le with BOM')
    """
    codec = codecs.lookup(name).name
    marked = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(codec)
    return declared_encoding(name, _BOMS[marked] if marked else b"")


def marked_encoding(start: bytes) -> Encoding | None:
    """Tell the encoding from the byte-order mark a file begins with, or from the NUL bytes of UTF-16 without one.

    >>> marked_encoding(b"\\xef\\xbb\\xbfid,name")
    Encoding(codec='utf-8', bom=b'\\xef\\xbb\\xbf', errors='lustrum.escape')
    >>> marked_encoding("id,name".encode("utf-16-be"))
    Encoding(codec='utf-16-be', bom=b'', errors='lustrum.escape')
    >>> marked_encoding(b"id,name")
    """
    for codec, bom in _BOMS.items():
        if start.startswith(bom):
            return Encoding(codec, bom)
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < max(2, len(start) // 8) or min(even, odd) * 20 > max(even, odd):
        return None
    return Encoding("utf-16-le" if odd > even else "utf-16-be")


def unmarked_encoding(chunks: Iterable[bytes]) -> Encoding:
    """Tell UTF-8 from windows-1252 by the whole content.

    Content that is not valid UTF-8 is still UTF-8 where valid characters outside ASCII outnumber the broken bytes: it
    is better to reject a few broken records than to misread all the others.

    >>> str(unmarked_encoding(["Zoë".encode()])), str(unmarked_encoding([b"Zo\\xeb"]))
    ('utf-8', 'windows-1252')
    """
    rest = iter(chunks)
    foreign, unread = _read_while_sound(rest)
    broken = 0
    for text in Encoding("utf-8").decode(chain([unread], rest)):
        if not text.isascii():
            sound = text.encode("utf-8", "ignore").decode()
            broken += len(text) - len(sound)
            foreign += len(sound) - len(sound.encode("ascii", "ignore"))
    return Encoding("utf-8") if foreign > broken or not broken else Encoding("cp1252", errors="lustrum.fill_hole")


def _read_while_sound(chunks: Iterator[bytes]) -> tuple[int, bytes]:
    """Count the characters outside ASCII up to a chunk that is not UTF-8; give what was not read of it."""
    foreign, held = 0, b""
    for chunk in chunks:
        data = held + chunk
        size = sound(data)
        if size is None:
            return foreign - bool(held), data
        foreign += 0 if chunk.isascii() else int(np.count_nonzero(np.frombuffer(chunk, np.uint8) >= FIRST))
        held = data[size:]
    return foreign - bool(held), held


def _split(held: bytes, keep: int) -> tuple[bytes, bytes]:
    return held[: len(held) - keep], held[len(held) - keep :]
