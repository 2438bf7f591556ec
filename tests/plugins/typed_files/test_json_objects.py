"""Lines of JSON read many at once: what is read so is what the careful reading gives, and all else is left to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum_plugins.typed_files.json_objects import objects_in
from lustrum_plugins.typed_files.json_records import Line, NoRecord
from lustrum_plugins.typed_files.json_values import MOST_LEVELS, Record


def with_care(line: bytes) -> Record | None:
    try:
        return Line(1, line).record()
    except NoRecord:
        return None


def typed(value: object) -> object:
    """Tell numbers from the texts of their digits, which are equal to them."""
    if isinstance(value, dict):
        return [(name, typed(each)) for name, each in cast("Mapping[str, object]", value).items()]
    if isinstance(value, list | tuple):
        return [typed(each) for each in cast("Sequence[object]", value)]
    return type(value), value


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": "1", "city": "Z\xc3\xbcrich", "score": 61, "on": true, "off": null}',
        b'{"a": 1.50, "b": 1e2, "c": 1E+2, "d": -0.0, "g": 1e400, "e": 123456789012345678901234567890, "f": 0}',
        b'{ "a" :[1, {"b": [2.0, "x"]}] , "c": {} }\r',
        b'{"a": "say \\"hi\\"", "b": "\\ud83d\\ude00 \\/ \\n"}',
        b"{}",
        b'{"a": ' + b"[" * (MOST_LEVELS - 1) + b"]" * (MOST_LEVELS - 1) + b"}",
    ],
)
def test_objects_are_read_at_once(line: bytes) -> None:
    found = objects_in([line])
    assert found
    assert typed(found) == typed([with_care(line)])


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": 1, "a": 1}',
        b'{"a": {"b": "1", "b": "1"}}',
        b'{"a": 1, "\\u0061": 1}',
        b'{"a": "\\\\", "a": 1}',
        b'{"n": -0}',
        b'{"n": [-0 ]}',
        b'{"a": "\\ud800"}',
        b'{"a": "\xff"}',
        b'{"n": NaN}',
        b"[]",
        b'"text"',
        b"",
        b'{"a":1}{"b":2}',
        b'{"a": ' + b"[" * MOST_LEVELS + b"]" * MOST_LEVELS + b"}",
        b"[" * 100_000,
    ],
)
def test_what_might_be_lost_is_left_to_the_careful_reading(line: bytes) -> None:
    assert objects_in([line]) is None
    assert objects_in([b'{"a": 1}', line]) is None


TEXTS = st.text(st.sampled_from('ab"\\:,{}[] \u00e9-0'), max_size=4)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(SCALARS, lambda each: st.lists(each, max_size=2) | st.dictionaries(TEXTS, each, max_size=2))
SPACES = st.sampled_from([(", ", ": "), (",", ":")])


@st.composite
def objects(draw: st.DrawFn) -> bytes:
    record = draw(st.dictionaries(TEXTS, VALUES, max_size=4))
    return json.dumps(record, ensure_ascii=draw(st.booleans()), separators=draw(SPACES)).encode()


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """Draw an object of which some bytes stand elsewhere, twice or not at all."""
    line = draw(objects())
    begin, end = sorted(draw(st.tuples(*[st.integers(0, len(line))] * 2)))
    return line[:begin] + line[begin:end] * draw(st.sampled_from([0, 2])) + line[end:]


@given(st.lists(objects() | broken(), min_size=1, max_size=4))
def test_lines_read_at_once_are_what_the_careful_reading_gives(lines: list[bytes]) -> None:
    found = objects_in(lines)
    assert found is None or typed(found) == typed([with_care(line) for line in lines])
