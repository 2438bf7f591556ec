from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lustrum.files.nodes import Lines
from lustrum.files.yaml import read_yaml

FLOW = """\
campaign: nightly
flow:
  - use: standardise.phone
    with:
      format: E164
  - use: change.value
    when:
      "country IS NULL"
    needs:
      -
      - phone
smart_list:
"""


def line(*path: str | int, key: bool = False) -> int | None:
    return read_yaml(FLOW, "x.yaml").place(path, key=key).line


def test_a_place_names_the_file() -> None:
    assert str(read_yaml(FLOW, "campaigns/x.yaml").place(["flow", 1, "use"])) == "campaigns/x.yaml:6"


def test_a_text_stands_where_it_begins_and_its_key_where_the_key_is() -> None:
    assert line("flow", 1, "when") == 8
    assert line("flow", 1, "when", key=True) == 7


def test_a_list_or_mapping_stands_at_its_key() -> None:
    assert line("flow") == 2
    assert line("flow", 0, "with") == 4


def test_an_empty_value_stands_at_its_key() -> None:
    assert line("smart_list") == 12


def test_an_entry_stands_at_its_first_line() -> None:
    assert line("flow", 1) == 6


def test_an_empty_item_stands_at_its_dash() -> None:
    assert line("flow", 1, "needs", 0) == 10


def test_a_path_that_leads_nowhere_ends_at_the_deepest_part_that_exists() -> None:
    assert line("flow", 0, "with", "country") == 4
    assert line("flow", 7, "use") == 2
    assert line("kind") == 1


def test_the_whole_file_stands_at_its_first_key() -> None:
    assert read_yaml("# a remark\n\na: b", "x.yaml").place().line == 3


def test_parts_of_an_alias_stand_where_they_were_written_and_the_alias_at_its_own_line() -> None:
    document = read_yaml("a: &anchor\n  b: c\nd: *anchor", "x.yaml")
    assert document.place(["d"]).line == 3
    assert document.place(["d", "b"]).line == 2


@given(st.text(alphabet="ab\n\r"))
def test_lines_are_those_of_python(text: str) -> None:
    lines = Lines(text)
    expected = text.splitlines()
    assert [lines.text(number + 1) for number in range(len(expected))] == expected


@given(st.text(alphabet="a\n\r", min_size=1), st.data())
def test_the_line_of_a_position_counts_the_ends_before_it(text: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(text) - 1))
    before = text[:position].replace("\r\n", "\n")
    inside_crlf = text[position] == "\n" and text[position - 1 : position] == "\r"
    assert Lines(text).line(position) == 1 + before.count("\n") + before.count("\r") - inside_crlf
