from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lustrum.files import tree
from lustrum.files.yaml import read_value, read_yaml, read_yaml_file
from lustrum.words.errors import ProjectError
from lustrum.words.places import Place


def refusal(text: str | bytes) -> list[str]:
    with pytest.raises(ProjectError) as raised:
        read_yaml(text, "x.yaml")
    return str(raised.value).splitlines()


@pytest.mark.parametrize("text", ["NO", "+5", "01234", "0x1F", "1e3", "2024-01-01", "true", "on", "-0", "1_000", "a:b"])
def test_a_scalar_stays_the_text_that_stands_in_the_file(text: str) -> None:
    assert read_yaml(f"a: {text}", "x.yaml").data == {"a": text}


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_an_unquoted_nothing_is_none_and_a_quoted_one_is_text(text: str) -> None:
    assert read_yaml(f"a: {text}", "x.yaml").data == {"a": None}
    assert read_yaml(f"a: '{text}'", "x.yaml").data == {"a": text}


def test_keys_are_text_too() -> None:
    assert read_yaml("NO: a\n1: b\nnull: c", "x.yaml").data == {"NO": "a", "1": "b", "null": "c"}


def test_lists_mappings_and_block_texts_are_read() -> None:
    text = "a: [1, {b: c}]\nd:\n- e\n- |\n  f\n  g\n"
    assert read_yaml(text, "x.yaml").data == {"a": ["1", {"b": "c"}], "d": ["e", "f\ng\n"]}


def test_a_quoted_token_is_text() -> None:
    assert read_yaml("""a: "{{lead.x}}"\nb: see {{lead.x}}""", "x.yaml").data == {
        "a": "{{lead.x}}",
        "b": "see {{lead.x}}",
    }


def test_an_alias_repeats_what_its_anchor_says() -> None:
    assert read_yaml("a: &x [1]\nb: *x\nc: &y t\nd: *y", "x.yaml").data == {"a": ["1"], "b": ["1"], "c": "t", "d": "t"}


def test_a_byte_order_mark_and_a_document_start_are_no_matter() -> None:
    assert read_yaml(b"\xef\xbb\xbf---\na: b\r\nc: d", "x.yaml").data == {"a": "b", "c": "d"}


BARE = 'a token {{…}} without quotes is not text to YAML; put it in quotes: "{{…}}"'
NEIGHBOURS = "begin the line in the same column as its neighbours"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: {{lead.x}}", 2, BARE),
        ("a: 1\nb: {{lead.x}} and more", 2, BARE),
        ("a: 1\nb: [{{lead.x}}]", 2, BARE),
        ("a: {b: Hello {{lead.x}}}", 1, BARE),
        ("a: 1\nb: 2\na: 3", 3, 'the key "a" stands here again (first on line 1); keep one'),
        ('a: 1\n"a": 3', 2, 'the key "a" stands here again (first on line 1); keep one'),
        ("a: !!str 5", 1, 'the tag "!!str" is not read; remove it; quote a text that begins with !'),
        ("b: 1\na: !mine {c: d}", 2, 'the tag "!mine" is not read; remove it; quote a text that begins with !'),
        ("a: !\n", 1, 'the tag "!" is not read; remove it; quote a text that begins with !'),
        ("%YAML 1.1\n---\na: NO", 1, "directives (%YAML, %TAG) are not read; remove the line; this is YAML 1.2"),
        (
            "%TAG ! tag:x,2000:\n---\na: 1",
            1,
            "directives (%YAML, %TAG) are not read; remove the line; this is YAML 1.2",
        ),
        ("# x\n%MINE 1\n---\na: 1", 2, "directives (%YAML, %TAG) are not read; remove the line; this is YAML 1.2"),
        ("a: &x {b: 1}\nc:\n  <<: *x", 3, "merge keys (<<) are not read; write the keys out"),
        ("a: 1\n---\nb: 2", 2, "a second document begins here; keep one document a file"),
        ("a: 1\nb: \x00", 2, "a character here cannot stand in a YAML file; remove it"),
        (b"a: 1\nb: \xff", 2, "the byte 0xFF is not UTF-8; save the file as UTF-8"),
        ("a: 1".encode("utf-16"), 1, "the file is in UTF-16; save the file as UTF-8"),
        ("", 1, "the file is empty; write key: value lines"),
        ("# only a remark", 1, "the file is empty; write key: value lines"),
        ("\n- a\n- b", 2, "the file must be a mapping; begin it with key: value lines"),
        ("text", 1, "the file must be a mapping; begin it with key: value lines"),
        ("? [a, b]\n: c", 1, "a key must be a text; write key: value"),
        ("a: 1\n: c", 2, "a key is missing before the colon; write key: value"),
        ("a: 1\nb: *nobody", 2, '"*nobody" repeats an anchor that does not stand before it; quote the text'),
        ("a: &x [*x]", 1, '"*x" repeats an anchor that does not stand before it; quote the text'),
        ("a: *", 1, "a text cannot begin with * or &; quote the text"),
        ("a: @b", 1, 'a text cannot begin with "@"; quote the text'),
        ("a:\n\t- b", 2, "a tab cannot indent a line; use spaces"),
        ("a: b: c", 1, f"a second colon in one value, or a wrong indentation; quote the text, or {NEIGHBOURS}"),
        (
            "a:\n  b: 1\n c: 2",
            3,
            f"a wrong indentation, or a text that goes on after its quotes; {NEIGHBOURS}, or quote the "
            "text that goes on",
        ),
        (
            "a: 1\nb: [c,\nd: e",
            2,
            "a bracket is opened and not closed; close it, or quote the text if the bracket belongs to it",
        ),
        ("a: 1\nb: 'c\nd: e", 2, "a quote is opened and never closed; close it"),
        ("a:\n  b: c\n  d\ne: 1", 3, "this line has no colon after its key; write key: value"),
        (r'a: "\q"', 1, r"\q means nothing between double quotes; use single quotes"),
        (r'a: "\UFFFFFFFF"', 1, "an escape here names no character; write the text itself"),
        (r'a: "\uD800"', 1, "an escape here names half a character; write the character itself"),
        (
            "a: >x\n b",
            1,
            "this is not valid YAML (expected chomping or indentation indicators, but found 'x'); "
            "quote the text, or look at the lines above",
        ),
        ("a: " + "[" * 200, 1, "this is nested deeper than 100 levels; simplify it"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str | bytes, line: int, message: str) -> None:
    assert refusal(text) == [f"x.yaml:{line}: {message}"]


def test_every_problem_that_can_be_known_is_told_at_once() -> None:
    lines = refusal("a: {{x}}\nb: !t c\na: 1\nd: {{y}}")
    assert [line.split(":")[1] for line in lines] == ["1", "2", "3", "4"]


def test_aliases_cannot_blow_a_file_up() -> None:
    doubled = "".join(f"k{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    assert refusal(f"k0: &a0 x\n{doubled}") == [
        f"x.yaml:6: the file has more than {tree.SIZE} parts; write fewer aliases"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "when: a = #b",
        "when: name = 'Suite #5'",
        "when: name = 'Suite # 5'",
        "with: {value: Suite #5",
        "smart_list: {all: [{x: a #b",
    ],
)
def test_a_text_that_a_hash_seems_to_cut_is_warned_about(line: str) -> None:
    text = f"id: 1\n{line}\n{'}' * line.count('{') if '[' not in line else '}]}'}"
    (warning,) = read_yaml(text, "x.yaml").warnings
    assert warning.place == Place("x.yaml", 2)
    assert 'everything after " #" is a comment' in str(warning)


@pytest.mark.parametrize(
    "line", ["when: a = b # why", "when: a = b  ## why", "when: 'a #b' # why", "use: a.b #todo", "when: a #", "when: a"]
)
def test_an_ordinary_comment_is_not_warned_about(line: str) -> None:
    assert read_yaml(line, "x.yaml").warnings == ()


def test_a_file_that_is_not_there_is_a_problem_of_the_project(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"^lustrum.yaml: cannot read the file \(No such file or directory\)$"):
        read_yaml_file(tmp_path / "lustrum.yaml", "lustrum.yaml")


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: ü", encoding="utf-8")
    assert read_yaml_file(tmp_path / "x.yaml", "x.yaml").data == {"a": "ü"}


def test_a_wrong_value_in_another_file_is_reported_at_its_place() -> None:
    with pytest.raises(ProjectError, match=r"^cases.csv:7: a bracket is opened and not closed"):
        read_value("[a, b", Place("cases.csv", 7))


YAML_LIKE = st.text(alphabet=st.sampled_from("ab:{}[]-?&*!|>'\"%@`#,~\\\n\t \r<.0\ufeff\x85\u2028"), max_size=60)


@given(st.text() | YAML_LIKE | st.binary())
@example("%YAML 99999999999999999999.1\n---\na: 1")
@example("--- !<tag:yaml.org,2002:map> {a: b}")
@example("{a, b: {c: }, ? d}")
@example("a: \u2028b\x85c")
def test_nothing_but_a_project_error_is_ever_raised(text: str | bytes) -> None:
    try:
        read_yaml(text, "x.yaml")
    except ProjectError as error:
        problems = error.problems
    else:
        problems = ()
    assert all(problem.place and problem.place.line for problem in problems)
