from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from lustrum.words.tokens import parse_text, system_tokens

START = datetime(2024, 1, 1, 16, 36, 13, 5, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("{{system.date}} {{system.time}} {{system.dateTime}}", "2024-01-01 16:36:13 2024-01-01T16:36:13+01:00"),
        ("{{system.date + 3 days}}", "2024-01-04"),
        ("{{system.date + 36 hours}}", "2024-01-02T12:00:00"),
        ("{{system.dateTime - 1 day}}", "2023-12-31T16:36:13+01:00"),
    ],
)
def test_system_tokens_are_the_start_of_the_run_in_its_zone(text: str, literal: str) -> None:
    assert parse_text(text).resolve({"system": system_tokens(START)}).literal == literal
