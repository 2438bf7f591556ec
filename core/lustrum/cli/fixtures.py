"""Which fixture tables are meant, and which of them can be run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lustrum.files.campaign import load_campaigns
from lustrum.files.fixtures import FixtureTable, read_fixtures
from lustrum.files.project import Project
from lustrum.planning.registry import Registry, StepNotFound
from lustrum.words.errors import Problem, ProjectError, UsageError
from lustrum.words.nearest import did_you_mean
from lustrum.words.places import Place

FOLDER = "fixtures"
_MARK = "expected."


@dataclass(frozen=True, slots=True)
class FixtureShelf:
    """The tables found, and what is wrong with others."""

    tables: tuple[FixtureTable, ...]
    problems: tuple[Problem, ...]


def find_fixtures(paths: Iterable[Path], registry: Registry, project: Project | None) -> FixtureShelf:
    """Read the tables at some paths, by default those of the project. Raises `UsageError` where there are none.

    A path is a CSV file, the folder of one step or campaign, or a folder of such folders.
    """
    finder = _Finder(registry, project)
    for path in [*paths] or [_default(project)]:
        finder.look(path)
    if not finder.tables and not finder.problems:
        named = ", ".join(str(path) for path in paths) or FOLDER
        raise UsageError(
            f"no fixtures in {named}; put reviewed examples into {FOLDER}/NAME/cases.csv, NAME a step or campaign"
        )
    return FixtureShelf(tuple(finder.tables.values()), tuple(finder.problems))


def _default(project: Project | None) -> Path:
    if project is None:
        raise UsageError("this is no project; name a folder with fixtures, or a project with --project")
    folder = project.root / FOLDER
    if not folder.is_dir():
        raise UsageError(f"the project has no folder {FOLDER}; put reviewed examples into {FOLDER}/NAME/cases.csv")
    return folder


class _Finder:
    def __init__(self, registry: Registry, project: Project | None) -> None:
        self._registry = registry
        self._root = project.root if project else None
        self._campaigns: Mapping[str, object] = load_campaigns(project.root) if project else {}
        self.tables: dict[Path, FixtureTable] = {}
        self.problems: list[Problem] = []

    def look(self, path: Path) -> None:
        if not path.exists():
            raise UsageError(f"there is no file or folder {path}")
        path = path.resolve()
        if path.is_dir():
            self._look_into(path)
        elif self._can_run(path.parent.name, path):
            self._read_table(path)

    def _look_into(self, folder: Path) -> None:
        below = [inner for inner in sorted(folder.iterdir()) if inner.is_dir() and any(inner.glob("*.csv"))]
        if self._is_subject(folder.name) or not below:
            self._read_folder(folder)
            return
        self.problems += (self._stray(table) for table in sorted(folder.glob("*.csv")) if _is_fixture_table(table))
        for inner in below:
            self._read_folder(inner)

    def _is_subject(self, name: str) -> bool:
        return name in self._registry.steps or name in self._campaigns

    def _read_folder(self, folder: Path) -> None:
        if self._can_run(folder.name, folder):
            for path in sorted(folder.glob("*.csv")):
                self._read_table(path)

    def _read_table(self, path: Path) -> None:
        try:
            self.tables[path] = read_fixtures(path, path.parent.name, self._name(path))
        except ProjectError as error:
            self.problems += error.problems

    def _can_run(self, subject: str, path: Path) -> bool:
        if subject not in self._campaigns:
            try:
                self._registry.find(subject)
            except StepNotFound as error:
                self.problems.append(self._unknown(subject, path, error))
                return False
        return True

    def _unknown(self, subject: str, path: Path, error: StepNotFound) -> Problem:
        what = str(error) if subject in self._registry.steps else f"there is no step or campaign {subject}"
        remedy = did_you_mean(subject, self._campaigns) or error.remedy
        return Problem(Place(self._name(path)), what, remedy)

    def _stray(self, path: Path) -> Problem:
        what = "fixtures stand in a folder named after their step or campaign, and this table does not"
        return Problem(Place(self._name(path)), what, "move it into one")

    def _name(self, path: Path) -> str:
        """Name a file as messages do: from the project's folder, else from where the user stands, else in full."""
        for root in (self._root, Path.cwd()):
            if root and path.is_relative_to(root):
                return path.relative_to(root).as_posix()
        return str(path)


def _is_fixture_table(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return _MARK in file.readline()
