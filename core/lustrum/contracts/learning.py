"""What a step may learn of a whole source before its first batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl


@dataclass(frozen=True, slots=True)
class Learning:
    """How a step learns one fact of the source (the order of its dates).

    `summarise` is handed the leads of a batch as they come from the source, one column a parameter (all empty where
    the source has no such column); `merge` puts two summaries together and gives the same in whatever order they come;
    `decide` gives the fact as text, or None where there is none. The fact is journaled, and handed to the step as the
    `Fact` it asks for.
    """

    summarise: Callable[[pl.DataFrame], Any]
    merge: Callable[[Any, Any], Any]
    decide: Callable[[Any], str | None]
