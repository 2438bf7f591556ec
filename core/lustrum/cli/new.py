"""`lustrum new`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

import click

_NAMES = {"gitignore": ".gitignore"}
"""Templates that have another name while they are templates."""


@click.group("new")
def command() -> None:
    """Begin something new, with files that pass their own check and tests."""


@command.command("project")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def project(folder: Path) -> None:
    """Begin a project in DIR: a source, two campaigns, fixtures. Nothing that is there is overwritten."""
    written = _write(folder, dict(_templates(files("lustrum.cli") / "templates" / "project", PurePosixPath())))
    for path in written:
        click.echo(path)
    click.echo(f"\nnext: cd {folder}, then lustrum check, lustrum test, lustrum run")


def _templates(folder: Traversable, within: PurePosixPath) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Give the files of a template by the path they get."""
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        path = within / _NAMES.get(item.name, item.name)
        if item.is_dir():
            yield from _templates(item, path)
        else:
            yield path, item.read_bytes()


def _write(folder: Path, contents: dict[PurePosixPath, bytes]) -> list[Path]:
    from lustrum.words.errors import UsageError

    targets = {folder / path: content for path, content in contents.items()}
    if taken := [str(path) for path in targets if path.exists() or path.is_symlink()]:
        raise UsageError(f"nothing is overwritten, and there is already {', '.join(taken)}; name another folder")
    try:
        for path, content in targets.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
    except OSError as error:
        raise UsageError(f"{error.filename or folder}: {error.strerror}; name another folder") from error
    return list(targets)
