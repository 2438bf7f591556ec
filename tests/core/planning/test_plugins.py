"""Plugins load one by one: a broken one costs its own steps, never the program."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from lustrum.planning.registry import Registry
from lustrum.testing import run_campaign
from lustrum.testing.campaigns import write_project
from lustrum.words.errors import ProjectError

ROWS = [{"id": "1", "country": "US"}]
GOOD = """
from lustrum import Step, hookimpl, step

@step("good.tidy")
def tidy(country: str) -> str:
    return country.lower()

@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy]
"""


def use(step: str, plugins: Mapping[str, str], settings: str = "") -> list[dict[str, object]]:
    files = {
        "lustrum.yaml": f"leads: {{from: a.csv, to: b.csv, key: id}}\n{settings}",
        "campaigns/nightly.yaml": f"campaign: nightly\nkind: batch\nflow: [{{use: {step}}}]",
        **{f"plugins/{name}.py": text for name, text in plugins.items()},
    }
    return run_campaign(files, ROWS).leads


BROKEN = [
    pytest.param("def oops(:\n", "SyntaxError", id="no Python"),
    pytest.param("import nothing_of_this_name\n", "nothing_of_this_name", id="a missing import"),
    pytest.param("raise RuntimeError('not today')\n", "not today", id="raises when imported"),
    pytest.param("raise SystemExit(3)\n", "SystemExit", id="ends the program"),
    pytest.param(GOOD.replace("return [tidy]", "raise RuntimeError('not today')"), "not today", id="its hook raises"),
    pytest.param(GOOD.replace("return [tidy]", "return [len]"), "len", id="its hook offers no step"),
    pytest.param(GOOD.replace("return [tidy]", "return None"), "lustrum_steps", id="its hook offers nothing"),
    pytest.param(GOOD.replace("@hookimpl\n", ""), "hookimpl", id="an undecorated hook"),
    pytest.param(GOOD.replace("lustrum_steps", "lustrum_step"), "lustrum_steps", id="a misspelt hook"),
    pytest.param(GOOD.replace("lustrum_steps()", "lustrum_steps(registry)"), "registry", id="a hook that wants more"),
    pytest.param(GOOD.replace("(country: str)", "(country)"), "country", id="a parameter without annotation"),
    pytest.param(GOOD.replace(" -> str:", ":", 1), "return", id="no return annotation"),
    pytest.param("x = 1\n", "", id="nothing offered"),
]


@pytest.mark.parametrize("text", [pytest.param(each.values[0], id=each.id) for each in BROKEN])
def test_a_broken_plugin_costs_only_its_own_steps(text: str) -> None:
    broken = text.replace("good.tidy", "bad.tidy")
    assert use("good.tidy", {"good": GOOD, "bad": broken}) == [{"id": "1", "country": "us"}]


@pytest.mark.parametrize(("text", "reason"), BROKEN)
def test_the_error_of_a_broken_plugin_is_listed(tmp_path: Path, text: str, reason: str) -> None:
    write_project(tmp_path, {"plugins/bad.py": text, "plugins/good.py": GOOD})
    (bad,) = [plugin for plugin in Registry.load(tmp_path, ()).plugins if plugin.name.endswith("bad")]
    assert bad.error
    assert reason in bad.error


def test_using_a_step_of_a_broken_plugin_points_at_the_plugin() -> None:
    with pytest.raises(ProjectError, match=r"campaigns/nightly\.yaml:3: .*bad\.tidy.*(?s:.*)bad"):
        use("bad.tidy", {"bad": "raise RuntimeError('not today')\n" + GOOD.replace("good.tidy", "bad.tidy")})


def test_two_steps_of_one_name_are_an_error_only_on_use() -> None:
    twins = {"one": GOOD.replace("good.tidy", "twin.tidy"), "two": GOOD.replace("good.tidy", "twin.tidy")}
    assert use("good.tidy", {**twins, "good": GOOD}) == [{"id": "1", "country": "us"}]
    with pytest.raises(ProjectError, match=r"campaigns/nightly\.yaml:3: .*twin\.tidy") as error:
        use("twin.tidy", twins)
    assert "one" in str(error.value)
    assert "two" in str(error.value)


LATE = """
from lustrum import StepAt, hookimpl

@hookimpl
def lustrum_steps() -> list[StepAt]:
    return [
        StepAt("good.tidy", "lustrum_project.good:tidy"),
        StepAt("late.gone", "nothing_of_this_name:gone"),
        StepAt("late.other", "lustrum_project.good:tidy"),
    ]
"""
UNOFFERED = GOOD.replace("return [tidy]", "return []")


def test_a_step_that_is_named_is_used_as_any_other_and_what_cannot_be_imported_costs_only_itself() -> None:
    assert use("good.tidy", {"good": UNOFFERED, "late": LATE}) == [{"id": "1", "country": "us"}]


def test_using_a_step_that_cannot_be_imported_says_why_and_points_at_the_plugin() -> None:
    what = (
        r"campaigns/nightly\.yaml:3: the step late\.gone of the plugin late cannot be imported: ModuleNotFoundError: .*"
    )
    with pytest.raises(ProjectError, match=rf"{what}nothing_of_this_name.*; mend or disable it"):
        use("late.gone", {"good": UNOFFERED, "late": LATE})
    with pytest.raises(ProjectError, match=r"cannot be imported: StepContractError: .*not the step late\.other"):
        use("late.other", {"good": UNOFFERED, "late": LATE})


def test_the_plugins_are_listed_with_every_step_that_cannot_be_imported(tmp_path: Path) -> None:
    write_project(tmp_path, {"plugins/good.py": UNOFFERED, "plugins/late.py": LATE})
    registry = Registry.load(tmp_path)
    (late,) = [plugin for plugin in registry.imported().plugins if plugin.name == "late"]
    assert [step.name for step in late.steps] == ["good.tidy"]
    assert late.error
    assert "late.gone: ModuleNotFoundError" in late.error
    assert "late.other: StepContractError" in late.error
    assert not any(plugin.error for plugin in registry.plugins)


def test_a_disabled_plugin_is_not_imported() -> None:
    touched = "import sys\nsys.lustrum_was_here = True\n" + GOOD.replace("good.tidy", "off.tidy")
    settings = "plugins: {disabled: [off]}\n"
    assert use("good.tidy", {"good": GOOD, "off": touched}, settings) == [{"id": "1", "country": "us"}]
    assert not hasattr(sys, "lustrum_was_here")
    with pytest.raises(ProjectError, match=r"off\.tidy.*"):
        use("off.tidy", {"off": touched}, settings)
    assert not hasattr(sys, "lustrum_was_here")


def test_a_built_in_plugin_can_be_disabled_too() -> None:
    with pytest.raises(ProjectError, match=r"change\.value"):
        use("change.value, with: {field: country, value: x}", {}, "plugins: {disabled: [change]}\n")


def test_a_plugin_named_like_a_module_of_python_does_not_hide_it() -> None:
    assert use("good.tidy", {"json": GOOD}) == [{"id": "1", "country": "us"}]
    import json

    assert json.loads("1") == 1


def test_every_built_in_plugin_loads(tmp_path: Path) -> None:
    registry = Registry.load(tmp_path, ()).imported()
    assert {plugin.name: plugin.error for plugin in registry.plugins if plugin.error} == {}
    assert {"change", "standardise", "enrich", "qualify", "moments", "connect"} <= {
        plugin.name for plugin in registry.plugins
    }
