"""The hooks: documented, in the group of the entry points, few."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

import pluggy
import pytest

from lustrum.contracts import hookspecs
from lustrum.contracts.hookspecs import GROUP, hookimpl

HOOKS: dict[str, Callable[..., Any]] = {
    name: function
    for name, function in vars(hookspecs).items()
    if inspect.isfunction(function) and name.startswith("lustrum_")
}


def test_the_hooks_are_these() -> None:
    assert {name: list(inspect.signature(hook).parameters) for name, hook in HOOKS.items()} == {
        "lustrum_steps": [],
        "lustrum_open_source": ["location", "options"],
        "lustrum_open_sink": ["location", "options"],
        "lustrum_run_started": ["run", "campaigns"],
        "lustrum_step_finished": ["run", "path", "outcomes"],
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
