"""The error for a text that the encoding of an output cannot express."""

from __future__ import annotations

from lustrum.words.errors import SinkError
from lustrum_plugins.connect.encoding import Encoding


def inexpressible(location: str, where: str, encoding: Encoding, error: UnicodeEncodeError) -> SinkError:
    """Name the character, where it stands and the way out."""
    character = error.object[error.start]
    return SinkError(
        f"{location}: {where}: {encoding} has no {character!r} (U+{ord(character):04X}); "
        "write the output in another encoding, in lustrum.yaml: leads: {write_encoding: utf-8}"
    )
