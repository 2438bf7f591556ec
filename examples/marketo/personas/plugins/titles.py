"""Steps of this project alone: job titles."""

from __future__ import annotations

import re

from lustrum import Step, hookimpl, step

_BETWEEN_WORDS = re.compile(r"[\W_]+")


@step("titles.words")
def words(job_title: str) -> str:
    """Write the words of a title between single spaces, the first and the last too, so that each can be asked for.

    >>> words("CTO/Co-founder, EMEA")
    ' CTO Co founder EMEA '
    """
    return f" {_BETWEEN_WORDS.sub(' ', job_title).strip()} "


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps."""
    return [words]
