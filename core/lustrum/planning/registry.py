"""What the loaded plugins offer together: steps by name, sources and sinks by location, observers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import cast

from lustrum.contracts.sources import Sink, Source
from lustrum.contracts.step_at import StepAt
from lustrum.contracts.steps import Step
from lustrum.files.project import Project
from lustrum.planning.bindings import Origin
from lustrum.planning.plugins import Plugin, Settings, call_hook, imported, load_plugins
from lustrum.words.errors import LustrumError, SinkError, SourceError
from lustrum.words.nearest import did_you_mean


class StepNotFound(LustrumError):
    """No single step has that name; `remedy` says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Offered:
    """A step, which may still be to be imported, and the plugin that offers it."""

    offer: Step | StepAt
    plugin: Plugin

    @property
    def step(self) -> Step:
        """The step itself. Raises what importing it raises; never of an offer that `Registry.find` gave."""
        return self.offer if isinstance(self.offer, Step) else self.offer.load()

    @property
    def origin(self) -> Origin:
        """The plugin and version that changes are put down to."""
        return Origin(self.plugin.name, self.plugin.version)


class Registry:
    """The plugins of a program or project."""

    def __init__(self, plugins: list[Plugin]) -> None:
        self.plugins = plugins
        self._steps: dict[str, list[Offered]] = {}
        for plugin in plugins:
            for step in plugin.steps:
                self._steps.setdefault(step.name, []).append(Offered(step, plugin))

    @classmethod
    def load(
        cls, project: Path | None = None, disabled: tuple[str, ...] = (), settings: Settings | None = None
    ) -> Registry:
        """Load the installed plugins and those of a project."""
        return cls(load_plugins(project, disabled, settings or {}))

    @classmethod
    def of_project(cls, project: Project) -> Registry:
        """Load the plugins as a project wants them."""
        wanted = project.model.plugins
        return cls.load(project.root, wanted.disabled, wanted.settings)

    def imported(self) -> Registry:
        """Give a registry of all steps imported, those left out that cannot be: an error of their plugin says so."""
        return Registry([imported(plugin) for plugin in self.plugins])

    def observed_by(self, observer: object) -> Registry:
        """Give a registry in which one more object hears what happens: its methods are marked as a plugin's are."""
        hooks = tuple(name for name in dir(observer) if name.startswith("lustrum_"))
        module = cast("ModuleType", observer)  # pluggy takes any object for a plugin
        return Registry([*self.plugins, Plugin(type(observer).__name__, "the caller", "", hooks=hooks, module=module)])

    @property
    def steps(self) -> Mapping[str, list[Offered]]:
        """All steps by name; more than one under a name is a conflict."""
        return dict(sorted(self._steps.items()))

    def find(self, name: str) -> Offered:
        """Give the step of that name, or raise `StepNotFound` with the nearest name or the plugins in conflict."""
        offered = self._steps.get(name, [])
        if len(offered) == 1:
            return _usable(offered[0])
        if offered:
            sources = " and ".join(found.plugin.source for found in offered)
            raise StepNotFound(f"the step {name} is offered twice, by {sources}", "disable one of the plugins")
        raise StepNotFound(f"there is no step {name}", self._hint(name))

    def _hint(self, name: str) -> str:
        broken = [plugin.name for plugin in self.plugins if plugin.error]
        hint = did_you_mean(name, self._steps) or "`lustrum steps` lists them"
        return f"{hint}; not loaded: {', '.join(broken)} (see `lustrum plugins`)" if broken else hint

    def open_source(self, location: str, options: Mapping[str, object]) -> Source:
        """Open a source of leads by the first plugin that knows the location."""
        found = self._first("lustrum_open_source", location, options, "batches", SourceError)
        if found is not None:
            return cast("Source", found)
        raise SourceError(f"{location}: no plugin reads leads from here; `lustrum plugins` shows what is installed")

    def open_sink(self, location: str, options: Mapping[str, object]) -> Sink:
        """Open a sink for leads by the first plugin that knows the location."""
        found = self._first("lustrum_open_sink", location, options, "prepare", SinkError)
        if found is not None:
            return cast("Sink", found)
        raise SinkError(f"{location}: no plugin writes leads to here; `lustrum plugins` shows what is installed")

    def _first(
        self, hook: str, location: str, options: Mapping[str, object], method: str, error: type[LustrumError]
    ) -> object | None:
        for plugin in self._with(hook):
            for found in self._opened(plugin, hook, {"location": location, "options": options}, error):
                if callable(getattr(type(found), method, None)):
                    return found
                raise error(f"{location}: plugin {plugin.name} answered {found!r}, which has no {method}()")
        return None

    def _opened(
        self, plugin: Plugin, hook: str, arguments: Mapping[str, object], error: type[LustrumError]
    ) -> list[object]:
        try:
            return call_hook(plugin.module, hook, arguments) if plugin.module else []
        except (LustrumError, KeyboardInterrupt):
            raise
        except BaseException as raised:
            what = f"plugin {plugin.name} raised {type(raised).__name__}: {raised}"
            raise error(f"{arguments['location']}: {what}; mend or disable it") from raised

    def _with(self, hook: str) -> Iterator[Plugin]:
        return (plugin for plugin in self.plugins if hook in plugin.hooks and not plugin.error)

    def listens(self, hook: str) -> bool:
        """Say whether any observer hears of a hook."""
        return any(True for _ in self._with(hook))

    def observe(self, hook: str, arguments: Mapping[str, object]) -> list[str]:
        """Tell every observer of a hook; give the complaints about those that raised, who can fail nothing."""
        complaints: list[str] = []
        for plugin in self._with(hook):
            try:
                self._tell(plugin, hook, arguments)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001  # an observer never fails a run
                complaints.append(f"plugin {plugin.name}: {hook} raised {type(error).__name__}: {error}")
        return complaints

    def _tell(self, plugin: Plugin, hook: str, arguments: Mapping[str, object]) -> None:
        if plugin.module is not None:
            call_hook(plugin.module, hook, arguments)


def _usable(offered: Offered) -> Offered:
    """Import a step, and raise `StepNotFound` where it cannot be."""
    try:
        return Offered(offered.step, offered.plugin)
    except (Exception, SystemExit) as error:
        plugin = offered.plugin
        what = f"the step {offered.offer.name} of the plugin {plugin.name} cannot be imported"
        raise StepNotFound(f"{what}: {type(error).__name__}: {error}", "mend or disable it") from error
