"""`lustrum steps`: all steps, or one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lustrum.planning.plugins import Plugin

Lustrum = Callable[..., Any]
Begin = Callable[..., Path]

ODD = """
from typing import Any, Literal
from collections.abc import Mapping
from lustrum import Step, hookimpl, step, ProjectFile


class Odd:
    pass


@step("odd.types", reads=["a", "b"], writes=["a", "c"], deferred=True)
def types(
    *values: str,
    table: ProjectFile,
    form: Literal["x", "y"] = "x",
    only: Literal["z"] = "z",
    names: list[str] = [],
    pairs: dict[str, int] = {},
    more: dict[str, Any] = {},
    either: int | bool = 1,
    text: str = "",
) -> Mapping[str, str]:
    return {}


@step("odd.class", reads=lambda options: [options["field"]], writes=lambda options: [options["field"]])
def odd(*values: str, odd: Odd | None = None, field: str = "city") -> str:
    return ""


@hookimpl
def lustrum_steps() -> list[Step]:
    return [types, odd]
"""


def test_all_steps_are_listed_with_plugin_version_and_summary(lustrum: Lustrum, begin: Begin) -> None:
    begin()
    said = lustrum("steps")
    rows = [line.split() for line in said.out.splitlines()]
    assert said.code == 0
    assert rows[0] == ["name", "plugin", "version", "summary"]
    (tidy,) = [row for row in rows if row[0] == "demo.tidy"]
    assert (tidy[1], tidy[3:]) == ("demo", ["Tidy", "a", "city."])


def test_json_lists_the_same(lustrum: Lustrum, begin: Begin) -> None:
    begin()
    listed = {row["name"]: row for row in json.loads(lustrum("steps", "--json").out)}
    assert listed["demo.size"]["summary"] == "Say how long a city's name is."
    assert listed["demo.size"]["source"] == "plugins/demo.py"


def test_outside_of_a_project_the_installed_steps_are_listed(
    lustrum: Lustrum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = lustrum("steps")
    assert said.code == 0
    assert "\nchange.value " in said.out
    assert "demo.tidy" not in said.out


def test_one_step_is_shown_whole(lustrum: Lustrum, begin: Begin) -> None:
    begin()
    lines = lustrum("steps", "demo.tidy").out.splitlines()
    assert lines[0].startswith("demo.tidy, of plugin demo ")
    assert lines[0].endswith(": plugins/demo.py")
    assert lines[1:] == [
        "",
        "Tidy a city.",
        "",
        "The second strategy writes capitals.",
        "",
        "reads       city (text, needed)",
        "writes      city (text)",
        "strategies  trim, upper",
        "options",
        '  mark  text  default ""',
    ]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("demo.size", "reads       city (text, needed), country (text, may be missing in the source)"),
        ("demo.size", "options     none"),
        ("demo.note", "reads       nothing"),
        ("demo.note", "writes      nothing; notes a moment"),
        ("demo.note", "  text  text  required; lead tokens may stand in it"),
        ("odd.types", "reads       a (text, needed), b (text, needed)"),
        ("odd.types", "writes      a (any type), c (any type)"),
        ("odd.types", "deferred    it does not finish in the call, and is refused in executable campaigns"),
        ("odd.types", "  table   file of the project     required"),
        ("odd.types", "  form    x | y                   default x"),
        ("odd.types", "  only    z                       default z"),
        ("odd.types", "  names   list of text            default []"),
        ("odd.types", "  pairs   mapping to integer      default {}"),
        ("odd.types", "  more    mapping                 default {}"),
        ("odd.types", "  either  integer | true or false  default 1"),
        ("odd.class", "reads       the fields its options name; by default city (text, needed)"),
        ("odd.class", "writes      the fields its options name; by default city (any type)"),
        ("odd.class", "  odd    any  default nothing"),
        ("change.value", "writes      the fields its options name"),
    ],
)
def test_one_step_says(lustrum: Lustrum, begin: Begin, name: str, line: str) -> None:
    begin({"plugins/odd.py": ODD})
    shown = [" ".join(found.split()) for found in lustrum("steps", name).out.splitlines()]
    assert " ".join(line.split()) in shown


def test_json_of_one_step_has_the_schema_of_its_options(lustrum: Lustrum, begin: Begin) -> None:
    begin()
    sheet = json.loads(lustrum("steps", "demo.tidy", "--json").out)
    assert sheet["strategies"] == ["trim", "upper"]
    assert sheet["reads"] == [{"name": "city", "type": "text", "needed": True, "optional": False}]
    assert sheet["options"] == [{"name": "mark", "type": "text", "required": False, "default": "", "tokens": False}]
    assert sheet["schema"]["properties"]["mark"]["type"] == "string"
    assert sheet["schema"]["additionalProperties"] is False


def test_an_unknown_step_is_exit_code_2_with_the_nearest(lustrum: Lustrum, begin: Begin) -> None:
    begin()
    said = lustrum("steps", "demo.tdiy")
    assert (said.code, said.err) == (2, 'lustrum: there is no step demo.tdiy; did you mean "demo.tidy"?\n')


def test_broken_plugins_and_conflicts_are_noted_beside_the_list(lustrum: Lustrum, begin: Begin) -> None:
    root = begin({"plugins/broken.py": "import nothing_of_that_name\n"})
    (root / "plugins/copy.py").write_text((root / "plugins/demo.py").read_text())
    said = lustrum("steps")
    assert said.code == 0
    assert "note: the plugin broken offers no steps: ModuleNotFoundError" in said.err
    assert "note: demo.tidy is offered by plugins/copy.py and plugins/demo.py, and cannot be used" in said.err
    assert json.loads(lustrum("steps", "--json").out)
    assert lustrum("steps", "demo.tidy").code == 2


def test_steps_works_with_every_plugin_broken(
    lustrum: Lustrum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def load(*_: object) -> list[Plugin]:
        return [Plugin("one", "somewhere", "", error="ImportError: no")]

    monkeypatch.setattr("lustrum.planning.registry.load_plugins", load)
    monkeypatch.chdir(tmp_path)
    said = lustrum("steps")
    assert (said.code, said.out) == (0, "name  plugin  version  summary\n")
    assert said.err == "note: the plugin one offers no steps: ImportError: no\n"
    assert lustrum("plugins").out == "one, somewhere\n  ERROR  ImportError: no\n"
