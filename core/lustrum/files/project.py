"""Finding a project on disk and reading its file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lustrum.files.guards import ANY_FIELD
from lustrum.files.limits import Limit
from lustrum.files.nodes import Document
from lustrum.files.settings import FieldSpec, ProjectSettings
from lustrum.files.validation import validate
from lustrum.files.yaml import read_yaml_file
from lustrum.words.errors import UsageError
from lustrum.words.places import Place

__all__ = ["ANY_FIELD", "FieldSpec", "Limit", "Project", "ProjectSettings", "find_project", "load_project"]

FILE = "lustrum.yaml"


@dataclass(frozen=True, slots=True)
class Project:
    """A project as its file says it, with the folder it stands in and the place of every part."""

    root: Path
    model: ProjectSettings
    document: Document

    def place(self, *path: str | int) -> Place:
        """Find the line of a part: `project.place("guards", "rows")`."""
        return self.document.place(path)


def find_project(start: Path) -> Path:
    """Give the folder of the project: `start` or its nearest parent with a lustrum.yaml. Raises `UsageError`."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise UsageError(
        f"there is no {FILE} in {start} or above it; go to a project, name one with --project, "
        "or begin one with: lustrum new project"
    )


def load_project(root: Path) -> Project:
    """Read the project file in the folder `root`. Raises `ProjectError` with every problem and its line."""
    document = read_yaml_file(root / FILE, FILE)
    return Project(root, validate(ProjectSettings, document), document)
