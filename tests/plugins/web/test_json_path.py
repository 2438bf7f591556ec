"""Paths into a JSON document."""

from __future__ import annotations

import pytest

from lustrum_plugins.web.json_path import read_path

DOCUMENT = {"data": {"score": 0, "First Name": None, "list": [[1, 2], {"a:b": "c"}]}, "x-y_z": False}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("data.score", 0),
        ("data.First Name", None),
        ("data.list[0][1]", 2),
        ("data.list[1].a:b", "c"),
        ("x-y_z", False),
    ],
)
def test_a_path_leads_to_a_value(path: str, value: object) -> None:
    assert list(read_path(path).find(DOCUMENT)) == [value]
    assert str(read_path(path)) == path


def test_a_document_may_be_a_list() -> None:
    assert list(read_path("[1].a").find([{}, {"a": 7}])) == [7]
    assert str(read_path("[1].a")) == "[1].a"


@pytest.mark.parametrize(
    "path", ["data.rank", "score", "data[0]", "data.list[2]", "data.list.a", "data.score.x", "x-y_z[0]"]
)
def test_a_path_may_lead_nowhere(path: str) -> None:
    assert list(read_path(path).find(DOCUMENT)) == []


@pytest.mark.parametrize(
    "path", ["", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "a[-1]", "a]b", "a[0]b", "a. .b", "a.[0]"]
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(
        ValueError, match=r"is no path into an answer; write one such as data.score or orders\[0\].date"
    ):
        read_path(path)
