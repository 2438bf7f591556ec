"""What no run may do, whatever its guards say: write over its own source or project, lose what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lustrum.files.project import Project
from lustrum.running.apply import side_path
from lustrum.running.outputs import COLUMNS
from lustrum.running.totals import Totals
from lustrum.words.errors import SourceError, UsageError


def refuse_overwriting(project: Project, source: str, feed: Iterable[str], target: str) -> None:
    """Refuse a target whose files would replace the source, the feed of activities or a file of the project.

    Raises `UsageError`.
    """
    if "://" in target:
        return
    own = {project.root / name for name in ("lustrum.yaml", "decisions.csv")} | {Path(location) for location in feed}
    written = [Path(target), *(side_path(Path(target), name) for name in COLUMNS)]
    for path in written:
        place = _resolved(path)
        inside = place.parent in (project.root / "campaigns", project.root / "plugins")
        if inside or place in {each.resolve() for each in own}:
            raise UsageError(f"{path} is a file of the project, and the run would replace it: choose another --out")
    for path in written[1:]:
        if path.resolve() == Path(source).resolve():
            raise UsageError(
                f"{path} is the source, and a file beside the leads would replace it: choose another --out"
            )


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # a RuntimeError before Python 3.13
        raise UsageError(f"{path} is a link that leads back to itself: mend it, or choose another --out") from error


def refuse_losing(source: str, target: str, totals: Totals) -> None:
    """Refuse to apply where records that cannot be read would be lost. Raises `SourceError`."""
    rejects = totals.rejects.total()
    if rejects and not totals.leads + totals.beyond_limit:
        reasons = ", ".join(sorted(totals.rejects))
        raise SourceError(f"{source}: none of its {rejects} records can be read ({reasons}); nothing was applied")
    if rejects and "://" not in target and Path(source).resolve() == Path(target).resolve():
        raise SourceError(
            f"{source}: {rejects} records cannot be read and would be lost, for the leads are written in their place; "
            "nothing was applied: write to another file with --out, or mend them"
        )
