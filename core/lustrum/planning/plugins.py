"""Which plugins there are, loaded one by one: a broken one costs its own steps, never the program."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import blake2b
from importlib.metadata import Distribution, EntryPoint, entry_points
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, TypeAlias, cast

import pluggy

from lustrum.contracts import hookspecs
from lustrum.contracts.hookspecs import GROUP
from lustrum.contracts.step_at import StepAt
from lustrum.contracts.steps import Step
from lustrum.words.errors import LustrumError
from lustrum.words.nearest import did_you_mean

Settings: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Settings by plugin, as `lustrum.yaml` has them under `plugins: {settings: …}`."""


class PluginError(LustrumError):
    """A plugin offers something it cannot, or nothing."""


@dataclass(frozen=True)
class Plugin:
    """One plugin: where it comes from, what it offers, or why it offers nothing."""

    name: str
    source: str
    version: str
    steps: tuple[Step | StepAt, ...] = ()
    hooks: tuple[str, ...] = ()
    error: str | None = None
    disabled: bool = False
    module: ModuleType | None = field(default=None, repr=False, compare=False)


_IDLE: list[pluggy.PluginManager] = []
_LOADED: dict[str, Plugin] = {}


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    source: str
    version: Callable[[], str]
    load: Callable[[], ModuleType]
    installed: bool


def load_plugins(
    project: Path | None = None, disabled: Iterable[str] = (), settings: Settings = MappingProxyType({})
) -> list[Plugin]:
    """Load every installed plugin and the one-file plugins of a project, each on its own; never raises.

    A plugin that is disabled is not imported; one that has settings gets them before anything else.
    """
    off = set(disabled)
    return [
        _load(candidate, settings.get(candidate.name))
        if candidate.name not in off
        else Plugin(candidate.name, candidate.source, "", disabled=True)
        for candidate in _candidates(project)
    ]


def imported(plugin: Plugin) -> Plugin:
    """Give a plugin with its steps imported; never raises: those that cannot be are its error."""
    steps: list[Step] = []
    errors: list[str] = []
    for offered in plugin.steps:
        try:
            steps.append(offered if isinstance(offered, Step) else offered.load())
        except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a step's module raises costs that step only
            errors.append(f"{offered.name}: {type(error).__name__}: {error}")
    return replace(plugin, steps=tuple(steps), error=plugin.error or "; ".join(errors) or None)


def _candidates(project: Path | None) -> Iterator[_Candidate]:
    yield from _all_installed()
    if project is not None:
        for path in sorted((project / "plugins").glob("*.py")):
            yield _one_file(path)


@cache
def _all_installed() -> tuple[_Candidate, ...]:
    """Find what is installed, once in a process: the metadata of every distribution are read for it."""
    return tuple(map(_installed, sorted(entry_points(group=GROUP), key=lambda found: found.name)))


def _installed(entry_point: EntryPoint) -> _Candidate:
    name, version = _named(entry_point.dist) if entry_point.dist else ("", "")
    source = f"{name} ({entry_point.value})" if name else entry_point.value
    return _Candidate(entry_point.name, source, lambda: version, entry_point.load, installed=True)


@cache
def _named(distribution: Distribution) -> tuple[str, str]:
    """Give the name and version of a distribution; its metadata are read once, for reading them takes time."""
    return distribution.name, distribution.version


def _one_file(path: Path) -> _Candidate:
    def version() -> str:
        return blake2b(path.read_bytes(), digest_size=4).hexdigest()

    return _Candidate(path.stem, f"plugins/{path.name}", version, lambda: _import_file(path), installed=False)


def _import_file(path: Path) -> ModuleType:
    name = f"lustrum_project.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(f"{path} cannot be imported as a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _load(candidate: _Candidate, settings: Mapping[str, Any] | None) -> Plugin:
    """Load a plugin; one that is installed and has no settings stays as it is while the process lives."""
    if not candidate.installed or settings is not None:
        return _loaded(candidate, settings)
    known = _LOADED.get(candidate.source) or _loaded(candidate, None)
    if not known.error:
        _LOADED[candidate.source] = known
    return known


def _loaded(candidate: _Candidate, settings: Mapping[str, Any] | None) -> Plugin:
    try:
        module = candidate.load()
        hooks = _hooks_of(module)
        _configure(module, hooks, settings)
        steps = tuple(_steps_of(module)) if "lustrum_steps" in hooks else ()
        return Plugin(
            candidate.name, candidate.source, candidate.version(), steps, hooks, _silence(hooks), module=module
        )
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a plugin raises costs that plugin only
        return Plugin(candidate.name, candidate.source, "", error=f"{type(error).__name__}: {error}")


def _configure(module: ModuleType, hooks: Sequence[str], settings: Mapping[str, Any] | None) -> None:
    if settings is None:
        return
    if "lustrum_configure" not in hooks:
        raise PluginError("lustrum.yaml has settings for it, and it takes none: remove them")
    call_hook(module, "lustrum_configure", {"settings": settings})


def _hooks_of(module: ModuleType) -> tuple[str, ...]:
    try:
        with _alone(module) as manager:
            manager.check_pending()
            marked = {caller.name for caller in manager.get_hookcallers(module) or []}
    except pluggy.PluginValidationError as error:
        raise PluginError(_misspelt(module) or str(error)) from error
    named = {name for name in vars(module) if name.startswith("lustrum_") and callable(vars(module)[name])}
    if undecorated := sorted(named - marked):
        raise PluginError(f"{undecorated[0]} is not marked: put @hookimpl above it")
    return tuple(sorted(marked))


def _misspelt(module: ModuleType) -> str:
    known = [name for name in vars(hookspecs) if name.startswith("lustrum_")]
    unknown = [name for name in vars(module) if name.startswith("lustrum_") and name not in known]
    return f"there is no hook {unknown[0]}; {did_you_mean(unknown[0], known)}" if unknown else ""


def _silence(hooks: tuple[str, ...]) -> str | None:
    return None if hooks else "looked at, offers nothing: no function is marked with @hookimpl"


def _steps_of(module: ModuleType) -> Iterator[Step | StepAt]:
    for offered in call_hook(module, "lustrum_steps", {}) or [None]:
        if not isinstance(offered, list | tuple):
            raise PluginError(f"lustrum_steps gave {type(offered).__name__}; it must give a list of steps")
        for found in cast("Sequence[object]", offered):
            if not isinstance(found, Step | StepAt):
                raise PluginError(f"lustrum_steps gave {found!r}; put @step above the function")
            yield found


@contextmanager
def _alone(module: ModuleType) -> Generator[pluggy.PluginManager]:
    """Give a manager that knows one plugin only; it is used again, unless the plugin raised."""
    manager = _IDLE.pop() if _IDLE else pluggy.PluginManager(GROUP)
    if not hasattr(manager.hook, "lustrum_steps"):
        manager.add_hookspecs(hookspecs)
    manager.register(module)
    yield manager
    manager.unregister(module)
    _IDLE.append(manager)


def call_hook(module: ModuleType, hook: str, arguments: Mapping[str, object]) -> list[object]:
    """Call one plugin's implementation of a hook; a list of its one answer, or empty where it has none."""
    with _alone(module) as manager:
        answers: list[object] = getattr(manager.hook, hook)(**arguments)
        return answers
