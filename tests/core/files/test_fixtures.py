from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lustrum.files.fixtures import Case, Expectation, FixtureTable, load_fixtures, write_fixtures
from lustrum.words.errors import ProjectError, UsageError


def table(root: Path, text: str | bytes) -> FixtureTable:
    folder = root / "standardise.phone"
    folder.mkdir(exist_ok=True)
    (folder / "cases.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    (read,) = load_fixtures(folder)
    return read


def refusal(root: Path, text: str | bytes) -> list[str]:
    with pytest.raises(ProjectError) as raised:
        table(root, text)
    return str(raised.value).splitlines()


def test_a_table_is_read_as_cases(tmp_path: Path) -> None:
    text = (
        "given.Phone,given.country,with.format,with.codes,expected.phone,expected.outcome,note,from\n"
        '020 7946 0018,GB,E164,"[01, NO]",+442079460018,changed,plain,handmade\n'
        ",GB,,,,skipped:empty,,\n"
    )
    read = table(tmp_path, text)
    assert (read.subject, read.file) == ("standardise.phone", "standardise.phone/cases.csv")
    assert read.cases == (
        Case(
            read.file,
            2,
            {"phone": "020 7946 0018", "country": "GB"},
            {"format": "E164", "codes": ["01", "NO"]},
            {"phone": "+442079460018"},
            Expectation.parse("changed"),
            "plain",
            "handmade",
        ),
        Case(read.file, 3, {"phone": None, "country": "GB"}, {}, {}, Expectation.parse("skipped:empty")),
    )


def test_an_empty_expected_cell_must_become_empty_only_where_something_changes(tmp_path: Path) -> None:
    read = table(tmp_path, "given.a,expected.a,expected.outcome\nx,,changed\nx,,failed\nx,,\n")
    assert [case.expected for case in read.cases] == [{"a": None}, {}, {"a": None}]
    assert read.cases[2].outcome is None


def test_options_in_brackets_are_yaml_and_tokens_are_text(tmp_path: Path) -> None:
    text = 'with.a,with.b,with.c,expected.outcome\n"{x: [1, {y: no}]}",{{lead.a}},(x),changed\n'
    assert table(tmp_path, text).cases[0].options == {"a": {"x": ["1", {"y": "no"}]}, "b": "{{lead.a}}", "c": "(x)"}


def test_semicolons_serve_as_well(tmp_path: Path) -> None:
    assert table(tmp_path, "given.a;expected.a\nx,y;z\n").cases[0].given == {"a": "x,y"}


def test_tables_are_read_in_the_order_of_their_names_and_named_from_the_root(tmp_path: Path) -> None:
    folder = tmp_path / "fixtures" / "nightly"
    folder.mkdir(parents=True)
    for name in ("b.csv", "a.csv", "notes.txt"):
        (folder / name).write_text("given.a,expected.a\nx,y\n", encoding="utf-8")
    assert [read.file for read in load_fixtures(folder, tmp_path)] == [
        "fixtures/nightly/a.csv",
        "fixtures/nightly/b.csv",
    ]


def test_a_folder_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no folder .*nobody with fixtures"):
        load_fixtures(tmp_path / "nobody")


def test_the_problems_of_all_tables_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    for name in ("a.csv", "b.csv"):
        (folder / name).write_bytes(b"")
    with pytest.raises(ProjectError) as raised:
        load_fixtures(folder)
    assert [str(problem.place) for problem in raised.value.problems] == ["a/a.csv:1", "a/b.csv:1"]


SPREADSHEET = (
    "a spreadsheet has damaged the table; type the cell anew in a text editor, or quote it in the note if it is meant"
)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "given.a,expcted.a,expected.outcome\n1,2,changed",
            1,
            'unknown column "expcted.a"; did you mean "expected.a"?',
        ),
        (
            "zzz,expected.outcome\n1,changed",
            1,
            'unknown column "zzz"; known: given.FIELD, with.OPTION, expected.FIELD, expected.outcome, note, from',
        ),
        ("given.,expected.a\n1,2", 1, 'unknown column "given."; did you mean "given.FIELD"?'),
        ("given.a,Note,expected.a\n1,2,3", 1, 'unknown column "Note"; did you mean "note"?'),
        (
            "given.First Name,given.first_name,expected.a\n1,2,3",
            1,
            '"given.first_name" is the column "given.First Name" again; remove or rename one',
        ),
        ("given.a,note\n1,2", 1, "the table expects nothing; add expected.outcome or a column expected.FIELD"),
        (
            "given.a,expected.outcome\n1,chnaged",
            2,
            'expected.outcome: unknown outcome "chnaged"; did you mean "changed"?',
        ),
        (
            'with.a,expected.outcome\n"[1, 2",changed',
            2,
            "with.a: a bracket is opened and not closed; close it, or quote the text if the bracket belongs to it",
        ),
        (
            "given.a,expected.a\n1,2\n3.93E+11,2",
            3,
            f'given.a is "3.93E+11", a number in scientific notation: {SPREADSHEET}',
        ),
        ("given.a,expected.a\n1,#NAME?", 2, f'expected.a is "#NAME?", the error value of a formula: {SPREADSHEET}'),
        (
            "given.a,expected.a\n1,ZÃ¼rich",
            2,
            'expected.a is "ZÃ¼rich", which was "Zürich" before somebody saved the table in '
            "windows-1252; restore it and save it as UTF-8, or quote the cell in the note if it is "
            "meant",
        ),
        ("given.a,expected.a\nx,Zürich".encode("cp1252"), 2, "the byte 0xFC is not UTF-8; save the file as UTF-8"),
        (
            "ï»¿given.a,expected.a\n1,2",
            1,
            "the header begins with a mangled byte order mark; save the file anew as UTF-8",
        ),
        (
            "given.a;expected.a\n1,2",
            2,
            'this row is separated by ",", the header by ";"; separate all rows the same way',
        ),
        (
            "given.zip,expected.zip,expected.outcome\n01067,1067,unchanged",
            2,
            'given.zip is "01067", expected.zip "1067", and the outcome unchanged: a spreadsheet has '
            "lost leading zeros; type them anew as text",
        ),
        (
            "given.zip,expected.zip,expected.outcome\n1067,1067,changed",
            2,
            'given.zip is "1067", expected.zip "1067", and the outcome changed: a spreadsheet has lost '
            "leading zeros; type them anew as text",
        ),
    ],
)
def test_a_wrong_or_damaged_table_is_refused_with_its_cell(
    tmp_path: Path, text: str | bytes, line: int, message: str
) -> None:
    expected = f"standardise.phone/cases.csv:{line}: {message}"
    found = refusal(tmp_path, text)
    assert found == [expected]


@pytest.mark.parametrize(
    "rows",
    [
        "1067,01067,changed,zero restored",
        "1067,1067,unchanged,Swiss",
        "1067,1067,changed,1067 stays and the country changes",
        "1067,,failed,no country",
        "3.93E+11,,failed,trap: 3.93E+11 cannot be restored",
        "KÃ¶ln,Köln,changed,mojibake",
    ],
)
def test_a_case_about_damage_is_no_damage(tmp_path: Path, rows: str) -> None:
    text = f"given.zip,expected.zip,expected.outcome,note\n{rows}\n01067,01067,unchanged,\n"
    assert len(table(tmp_path, text).cases) == 2


def test_with_several_expected_fields_an_equal_number_proves_nothing(tmp_path: Path) -> None:
    text = "given.zip,expected.zip,expected.country,expected.outcome\n1067,1067,CH,changed\n"
    assert table(tmp_path, text).cases


UNTIDY = (
    b'\xef\xbb\xbf"from";given.a;expected.Last Name;expected.outcome;note\r\n'
    b"me;1;x;changed;\r\n"
    b'"me";"2";"y";changed;"a;b"\r\n'
    b"\r\n"
    b"me;3;z;changed;stays"
)


def test_accepting_what_is_expected_already_writes_the_same_bytes(tmp_path: Path) -> None:
    read = table(tmp_path, UNTIDY)
    write_fixtures(read, read.cases)
    assert read.path.read_bytes() == UNTIDY


def test_accepting_changes_expected_cells_only(tmp_path: Path) -> None:
    read = table(tmp_path, UNTIDY)
    accepted = replace(read.cases[1], expected={"last_name": "Y;"}, note="ignored")
    write_fixtures(read, [accepted])
    assert read.path.read_bytes() == UNTIDY.replace(b'"me";"2";"y";changed', b'me;2;"Y;";changed')
    assert [path.name for path in read.path.parent.iterdir()] == ["cases.csv"]


def test_accepting_an_outcome_without_values_empties_them(tmp_path: Path) -> None:
    read = table(tmp_path, UNTIDY)
    write_fixtures(read, [replace(read.cases[0], expected={}, outcome=Expectation.parse("failed:x"))])
    (changed, *_) = load_fixtures(read.path.parent)[0].cases
    assert (changed.expected, str(changed.outcome)) == ({}, "failed:x")


def test_a_field_that_was_not_expected_before_becomes_the_last_column(tmp_path: Path) -> None:
    read = table(tmp_path, "given.a,expected.a\n1,2\n3,4\n")
    write_fixtures(read, [replace(read.cases[0], expected={"a": "2", "b": "5"}, outcome=Expectation.parse("changed"))])
    assert read.path.read_text(encoding="utf-8") == (
        "given.a,expected.a,expected.b,expected.outcome\n1,2,5,changed\n3,4,,\n"
    )


def test_a_case_of_another_table_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    read = table(tmp_path, UNTIDY)
    with pytest.raises(KeyError):
        write_fixtures(read, [Case(read.file, 99)])
