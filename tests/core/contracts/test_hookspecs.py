"""The hooks: documented, in the group of the entry points, few; what comes through them is checked at the door."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from textwrap import dedent
from typing import Any

import pluggy
import pytest

from lustrum.contracts import hookspecs
from lustrum.contracts.hookspecs import GROUP, hookimpl
from lustrum.planning.plugins import Plugin, load_plugins
from lustrum.planning.registry import Registry, StepNotFound
from lustrum.words.errors import SinkError, SourceError

HOOKS: dict[str, Callable[..., Any]] = {
    name: function
    for name, function in vars(hookspecs).items()
    if inspect.isfunction(function) and name.startswith("lustrum_")
}


def test_the_hooks_are_these() -> None:
    assert {name: list(inspect.signature(hook).parameters) for name, hook in HOOKS.items()} == {
        "lustrum_configure": ["settings"],
        "lustrum_steps": [],
        "lustrum_open_source": ["location", "options"],
        "lustrum_open_sink": ["location", "options"],
        "lustrum_run_started": ["run", "campaigns", "source", "target"],
        "lustrum_batch_committed": ["run", "batch", "figures"],
        "lustrum_changes": ["run", "batch", "changes"],
        "lustrum_guards_tripped": ["run", "guards"],
        "lustrum_step_finished": ["run", "path", "outcomes"],
        "lustrum_alerts": ["run", "alerts"],
        "lustrum_run_finished": ["run", "status", "summary"],
    }


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_documented_and_typed(name: str) -> None:
    hook = HOOKS[name]
    assert (inspect.getdoc(hook) or "").strip().endswith(".")
    assert "return" in hook.__annotations__
    assert all(parameter in hook.__annotations__ for parameter in inspect.signature(hook).parameters)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_a_specification(name: str) -> None:
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    assert getattr(manager.hook, name).has_spec()
    assert HOOKS[name](*[None] * len(inspect.signature(HOOKS[name]).parameters)) is None


def test_the_mark_and_the_entry_points_have_one_name() -> None:
    assert hookimpl.project_name == GROUP == "lustrum"
    assert {point.name for point in entry_points(group=GROUP)} >= {"standardise", "change", "connect"}


HEAD = """
from lustrum import Step, hookimpl, step

@step("acme.tidy")
def tidy(city: str) -> str:
    return city.lower()
"""


def plugin(folder: Path, text: str, settings: dict[str, Any] | None = None) -> Plugin:
    """Load a one-file plugin."""
    (folder / "plugins").mkdir(exist_ok=True)
    (folder / "plugins" / "acme.py").write_text(HEAD + dedent(text), encoding="utf-8")
    return load_plugins(folder, settings={"acme": settings} if settings is not None else {})[-1]


OFFER = """
@hookimpl
def lustrum_steps():
    return [tidy]
"""


def test_a_plugin_that_offers_steps_has_no_error(tmp_path: Path) -> None:
    found = plugin(tmp_path, OFFER)
    assert (found.name, found.source, found.hooks, found.error) == ("acme", "plugins/acme.py", ("lustrum_steps",), None)
    assert [each.name for each in found.steps] == ["acme.tidy"]
    assert len(found.version) == 8


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "offers nothing: no function is marked with @hookimpl"),
        (OFFER.replace("@hookimpl", ""), "lustrum_steps is not marked: put @hookimpl above it"),
        (OFFER.replace("_steps", "_step"), 'there is no hook lustrum_step; did you mean "lustrum_steps"?'),
        (OFFER.replace("steps()", "steps(registry)"), "registry"),
        (OFFER.replace("[tidy]", "tidy"), "lustrum_steps gave Step; it must give a list of steps"),
        (OFFER.replace("[tidy]", "None"), "lustrum_steps gave NoneType; it must give a list of steps"),
        (OFFER.replace("[tidy]", "[len]"), "lustrum_steps gave <built-in function len>; put @step above the function"),
        (OFFER.replace("return", "raise SystemExit"), "SystemExit"),
        ("import nothing_of_that_name", "No module named 'nothing_of_that_name'"),
    ],
)
def test_what_a_plugin_offers_wrongly_is_its_error(tmp_path: Path, text: str, error: str) -> None:
    found = plugin(tmp_path, text)
    assert found.error is not None
    assert error in found.error
    assert found.steps == ()


CONFIGURED = """
told = []

@hookimpl
def lustrum_configure(settings):
    if "colour" not in settings:
        raise ValueError("say which colour")
    told.append(settings)

@hookimpl
def lustrum_steps():
    told.append("steps")
    return [tidy]
"""


def test_a_plugin_hears_its_settings_before_anything_else(tmp_path: Path) -> None:
    found = plugin(tmp_path, CONFIGURED, {"colour": "red"})
    assert (found.error, vars(found.module or object)["told"]) == (None, [{"colour": "red"}, "steps"])


def test_settings_that_are_wrong_are_the_plugins_error(tmp_path: Path) -> None:
    found = plugin(tmp_path, CONFIGURED, {"color": "red"})
    assert (found.error, found.steps) == ("ValueError: say which colour", ())


def test_settings_for_a_plugin_that_takes_none_are_not_ignored(tmp_path: Path) -> None:
    assert "it takes none: remove them" in (plugin(tmp_path, OFFER, {"colour": "red"}).error or "")


def test_a_plugin_that_is_disabled_is_not_imported(tmp_path: Path) -> None:
    plugin(tmp_path, "raise RuntimeError")
    found = load_plugins(tmp_path, disabled=["acme"])[-1]
    assert (found.name, found.disabled, found.error, found.module) == ("acme", True, None, None)


def test_two_steps_of_one_name_are_an_error_only_on_use(tmp_path: Path) -> None:
    plugin(tmp_path, OFFER)
    (tmp_path / "plugins" / "bcme.py").write_text(HEAD + OFFER, encoding="utf-8")
    registry = Registry.load(tmp_path)
    assert len(registry.steps["acme.tidy"]) == 2
    with pytest.raises(StepNotFound, match=r"acme\.tidy is offered twice, by plugins/acme\.py and plugins/bcme\.py"):
        registry.find("acme.tidy")


def test_a_place_no_plugin_knows_is_no_source_and_no_sink(tmp_path: Path) -> None:
    registry = Registry.load(tmp_path)
    with pytest.raises(SourceError, match=r"ftp://x: no plugin reads leads from here; `lustrum plugins` shows"):
        registry.open_source("ftp://x", {})
    with pytest.raises(SinkError, match=r"ftp://x: no plugin writes leads to here; `lustrum plugins` shows"):
        registry.open_sink("ftp://x", {})


def test_a_hook_may_give_no_source(tmp_path: Path) -> None:
    plugin(tmp_path, "@hookimpl\ndef lustrum_open_source(location):\n    return 7 if location == 'seven' else None\n")
    registry = Registry.load(tmp_path)
    with pytest.raises(SourceError, match=r"seven: plugin acme answered 7, which has no batches\(\)"):
        registry.open_source("seven", {})
    with pytest.raises(SourceError, match="no plugin reads leads from here"):
        registry.open_source("eight", {})
