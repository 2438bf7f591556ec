"""`lustrum test`: fixtures run, shown, accepted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lustrum = Callable[..., Any]
Begin = Callable[..., Path]

PASSING = (
    "given.city,with.mark,expected.city,expected.outcome,note\n rome,!,Rome!,changed,with a mark\nOslo,,,unchanged,\n"
)
FAILING = (
    "given.city,expected.city,expected.outcome,note\nrome,Rom,changed,in German\n?,,unchanged,\noslo,Oslo,changed,\n"
)
CAMPAIGN = "given.city,expected.city,expected.outcome\nrome,Rome,changed\n"
STEP = "fixtures/demo.tidy/cases.csv"


def test_all_tables_of_the_project_are_run(lustrum: Lustrum, begin: Begin) -> None:
    begin({STEP: PASSING, "fixtures/nightly/cases.csv": CAMPAIGN, "fixtures/demo.tidy/more.csv": PASSING})
    said = lustrum("test")
    assert (said.code, said.out) == (0, "5 passed, 0 failed\n")


def test_a_failing_case_is_shown_with_its_place_and_is_exit_code_1(lustrum: Lustrum, begin: Begin) -> None:
    begin({STEP: FAILING})
    said = lustrum("test")
    assert said.code == 1
    assert said.out == (
        "FAILED fixtures/demo.tidy/cases.csv:2: in German\n"
        "     field    given   expected  got\n"
        '  ✗  city     "rome"  "Rom"     "Rome"\n'
        "     outcome          changed   changed\n"
        "\n"
        "FAILED fixtures/demo.tidy/cases.csv:3\n"
        "     field    given  expected   got\n"
        '     city     "?"               "?"\n'
        "  ✗  outcome         unchanged  failed:not_a_city\n"
        "\n"
        "1 passed, 2 failed\n"
    )


def test_the_options_of_a_failing_case_are_shown(lustrum: Lustrum, begin: Begin) -> None:
    begin({STEP: "given.city,with.mark,expected.city\nrome,!,Rome?\n"})
    assert "\n  with mark: !\n" in lustrum("test").out


@pytest.mark.parametrize(
    ("path", "passed"), [("fixtures", 5), ("fixtures/demo.tidy", 4), (STEP, 2), ("fixtures/nightly", 1)]
)
def test_a_path_may_be_all_folders_one_or_a_file(lustrum: Lustrum, begin: Begin, path: str, passed: int) -> None:
    begin({STEP: PASSING, "fixtures/nightly/cases.csv": CAMPAIGN, "fixtures/demo.tidy/more.csv": PASSING})
    assert lustrum("test", path).out == f"{passed} passed, 0 failed\n"


def test_a_table_named_twice_is_run_once(lustrum: Lustrum, begin: Begin) -> None:
    begin({STEP: PASSING})
    assert lustrum("test", "fixtures", STEP).out == "2 passed, 0 failed\n"


def test_the_folder_of_a_step_may_hold_folders_of_its_own(lustrum: Lustrum, begin: Begin) -> None:
    begin({STEP: PASSING, "fixtures/demo.tidy/tables/areas.csv": "area\nx\n"})
    assert lustrum("test", "fixtures/demo.tidy").out == "2 passed, 0 failed\n"


def test_another_project_may_be_tested(lustrum: Lustrum, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    root = begin({STEP: PASSING})
    monkeypatch.chdir(root.parent)
    assert lustrum("test", "--project", root).out == "2 passed, 0 failed\n"


def test_outside_of_a_project_installed_steps_are_tested(
    lustrum: Lustrum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fixtures" / "change.value"
    folder.mkdir(parents=True)
    (folder / "cases.csv").write_text("given.city,with.field,with.value,expected.city\nrome,city,Oslo,Bern\n")
    monkeypatch.chdir(tmp_path)
    said = lustrum("test", "fixtures")
    assert said.code == 1
    assert said.out.startswith("FAILED fixtures/change.value/cases.csv:2\n")
    assert lustrum("test", folder, "--project", tmp_path).code == 2


def test_outside_of_a_project_a_path_is_needed(
    lustrum: Lustrum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = lustrum("test")
    assert (said.code, "name a folder with fixtures" in said.err) == (2, True)


def test_accept_shows_then_writes_what_came_out(lustrum: Lustrum, begin: Begin) -> None:
    root = begin({STEP: FAILING})
    said = lustrum("test", "--accept", "--yes")
    assert said.code == 0
    assert said.out.startswith("FAILED fixtures/demo.tidy/cases.csv:2: in German\n")
    assert said.out.endswith("1 passed, 2 failed\n2 accepted, 1 passed\n")
    assert (root / STEP).read_text() == (
        "given.city,expected.city,expected.outcome,note\nrome,Rome,changed,in German\n"
        "?,,failed:not_a_city,\noslo,Oslo,changed,\n"
    )
    assert lustrum("test").out == "3 passed, 0 failed\n"


@pytest.mark.parametrize(("answer", "code", "written"), [("y\n", 0, True), ("n\n", 1, False), ("", 4, False)])
def test_accept_asks_before_it_writes(
    lustrum: Lustrum, begin: Begin, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, written: bool
) -> None:
    import io

    root = begin({STEP: FAILING})
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    said = lustrum("test", "--accept")
    assert said.code == code
    assert "Write what came out into the tables, for 2 cases?" in said.out
    assert ((root / STEP).read_text() != FAILING) is written


def test_accept_with_nothing_to_accept_asks_nothing(lustrum: Lustrum, begin: Begin) -> None:
    begin({STEP: PASSING})
    assert lustrum("test", "--accept").out == "2 passed, 0 failed\n"


def test_yes_without_accept_is_wrong_use(lustrum: Lustrum, begin: Begin) -> None:
    begin({STEP: PASSING})
    said = lustrum("test", "--yes")
    assert (said.code, "--yes means nothing without --accept" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"fixtures/demo.tdiy/cases.csv": PASSING},
            'ERROR fixtures/demo.tdiy: there is no step or campaign demo.tdiy; did you mean "demo.tidy"?',
        ),
        (
            {"fixtures/nihgtly/cases.csv": CAMPAIGN},
            'ERROR fixtures/nihgtly: there is no step or campaign nihgtly; did you mean "nightly"?',
        ),
        (
            {"fixtures/demo.tidy/cases.csv": "given.city,expect.city,expected.city\na,b,c\n"},
            'ERROR fixtures/demo.tidy/cases.csv:1: unknown column "expect.city"',
        ),
        (
            {"fixtures/demo.tidy/cases.csv": "given.city,with.mrak,expected.city\nrome,!,Rome!\n"},
            "ERROR fixtures/demo.tidy/cases.csv:2: ",
        ),
        (
            {"fixtures/cases.csv": PASSING},
            "ERROR fixtures/cases.csv: fixtures stand in a folder named after their step or campaign",
        ),
        (
            {"campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow:\n  - use: nobody\n"}
            | {"fixtures/nightly/cases.csv": CAMPAIGN},
            "ERROR fixtures/nightly/cases.csv: campaigns/nightly.yaml:4: there is no step nobody",
        ),
    ],
)
def test_what_cannot_be_run_costs_only_itself_and_is_exit_code_2(
    lustrum: Lustrum, begin: Begin, files: dict[str, str], message: str
) -> None:
    begin({"fixtures/demo.size/cases.csv": "given.city,expected.city\nRome,Rome (4 letters)\n", **files})
    said = lustrum("test")
    assert said.code == 2
    assert message in said.out
    assert said.out.endswith("1 passed, 0 failed, 1 problem\n")
    assert "Traceback" not in said.err


def test_other_tables_beside_the_folders_are_let_be(lustrum: Lustrum, begin: Begin) -> None:
    begin({STEP: PASSING, "fixtures/leads.csv": "id,city\n1,Rome\n"})
    assert lustrum("test").out == "2 passed, 0 failed\n"


def test_a_step_offered_twice_cannot_be_tested(lustrum: Lustrum, begin: Begin) -> None:
    root = begin({STEP: PASSING})
    (root / "plugins/copy.py").write_text((root / "plugins/demo.py").read_text())
    said = lustrum("test")
    assert said.code == 2
    assert "the step demo.tidy is offered twice, by plugins/copy.py and plugins/demo.py" in said.out


def test_accepting_beside_tables_that_cannot_be_run_is_exit_code_2(lustrum: Lustrum, begin: Begin) -> None:
    begin({STEP: FAILING, "fixtures/demo.tdiy/cases.csv": PASSING})
    assert lustrum("test", "--accept", "--yes").code == 2


def test_a_source_that_is_missing_is_told_beside_the_campaign(lustrum: Lustrum, begin: Begin) -> None:
    root = begin({"fixtures/nightly/cases.csv": CAMPAIGN})
    (root / "leads.csv").unlink()
    said = lustrum("test")
    assert said.code == 2
    assert "ERROR fixtures/nightly/cases.csv: " in said.out


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere", "there is no file or folder nowhere"),
        ("empty", "no fixtures in empty"),
        (None, "has no folder fixtures"),
    ],
)
def test_no_fixtures_is_exit_code_2(lustrum: Lustrum, begin: Begin, path: str | None, message: str) -> None:
    (begin({"campaigns/empty.yaml": "campaign: empty\nkind: executable\nflow: [{use: demo.tidy}]\n"}) / "empty").mkdir()
    said = lustrum("test", *([path] if path else []))
    assert (said.code, message in said.err) == (2, True)


def test_a_file_outside_of_a_steps_folder_cannot_be_run(lustrum: Lustrum, begin: Begin) -> None:
    root = begin({"fixtures/cases.csv": PASSING})
    assert (
        "ERROR fixtures/cases.csv: there is no step or campaign fixtures" in lustrum("test", "fixtures/cases.csv").out
    )
    elsewhere = root.parent / "elsewhere.csv"
    elsewhere.write_text(PASSING)
    assert f"ERROR {elsewhere}: there is no step or campaign" in lustrum("test", elsewhere).out
