from __future__ import annotations

from typing import Any

import pytest

from lustrum.report.catalogue import type_text


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "path"}, "file of the project"),
        ({"type": "number"}, "number"),
        ({"type": ["string", "object"]}, "text | mapping"),
        ({"const": "x"}, "x"),
        ({"enum": [1, 2]}, "1 | 2"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}, "text | integer"),
        ({"type": "array", "items": {"$ref": "#/$defs/Rule"}}, "list of rule"),
        ({"type": "array"}, "list of any"),
        ({"type": "object", "additionalProperties": True}, "mapping"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "mapping to integer"),
        ({"type": "null"}, "nothing"),
        ({}, "any"),
    ],
)
def test_types_are_named_in_the_words_of_campaign_files(schema: dict[str, Any], expected: str) -> None:
    assert type_text(schema) == expected
