"""What one call carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Content:
    """The address of a call, what is added to its query, its body as JSON, and headers of its own."""

    url: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def digest(*parts: str) -> str:
    """Make one short text of several."""
    made = blake2b(digest_size=16)
    for part in parts:
        made.update(len(part).to_bytes(4, "big") + part.encode())
    return made.hexdigest()
