"""Making a run real: prepared, synced, renamed one by one, leads last; or not at all."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from lustrum.running.apply import side_path
from lustrum.running.disk import lasting_file
from lustrum.running.summary import Summary
from lustrum.words.errors import RunInterrupted, SinkError, UsageError

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]
Rows = Callable[..., list[dict[str, str]]]
Status = Callable[..., str]

MOMENT = "{use: moment.record, with: {type: Web, text: hello}}"
TIDY = "{use: probe.tidy, reads: {value: country}}"
SINK = """
class Shaky:
    def __init__(self, location: str) -> None:
        self.location = location

    def prepare(self, source, changes, new_columns, into):
        for number, part in enumerate(changes):
            (into / "half").write_text(str(part.cells))
            cells = {column: dict(texts.rows()) for column, texts in part.cells.items()}
            heard.append(("part", part.rows, cells))
            if "prepare" in self.location and number:
                raise RAISED
        return into / "half"

    def publish(self, prepared):
        heard.append(("published", [path.name for path in sorted(Path(self.location).parent.glob("leads.*.csv"))]))
        if "publish" in self.location:
            raise RAISED

from pathlib import Path
from lustrum.words.errors import SinkError

RAISED = {raised}

@hookimpl
def lustrum_open_sink(location: str, options: Mapping[str, object]) -> Sink | None:
    return Shaky(location) if location.endswith(".shaky") else None
"""


@pytest.mark.parametrize(
    ("target", "side"),
    [
        ("out/leads.csv", "out/leads.changes.csv"),
        ("leads.tsv", "leads.changes.csv"),
        ("out/leads", "out/leads.changes.csv"),
        ("out.d/all.leads.csv", "out.d/all.leads.changes.csv"),
    ],
)
def test_a_side_file_stands_beside_the_leads(target: str, side: str) -> None:
    assert side_path(Path(target), "changes") == Path(side)


def test_nothing_prepared_is_left_behind(project: Project, run: Run, outputs: Outputs) -> None:
    root = project("id,country\n1,DE\n")
    run(root)
    assert sorted(outputs(root)) == [
        "leads.changes.csv",
        "leads.csv",
        "leads.moments.csv",
        "leads.quarantine.csv",
        "leads.rejects.csv",
    ]
    kept = sorted(path.name for path in (root / ".lustrum" / "runs" / "r1").iterdir())
    assert kept == ["applied.json", "batch-00000", "readings.json", "replaced"]


def test_leads_may_go_where_they_came_from(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n2,fr\n")
    run(root, "r1", out=str(root / "leads.csv"))
    assert (root / "leads.csv").read_text(encoding="utf-8") == "id,country\n1,de\n2,fr\n"
    assert run(root, "r2", out=str(root / "leads.csv")).totals.changed_cells == 0


def test_the_folder_of_the_output_is_made(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n")
    summary = run(root, out=str(root / "new" / "deep" / "clean.csv"))
    assert sorted(path.name for path in (root / "new" / "deep").iterdir()) == [
        "clean.changes.csv",
        "clean.csv",
        "clean.moments.csv",
        "clean.quarantine.csv",
        "clean.rejects.csv",
    ]
    assert summary.outputs["changes"] == str(root / "new" / "deep" / "clean.changes.csv")
    assert not (root / "out").exists()


@pytest.fixture
def other_disk() -> Iterator[Path]:
    shared = Path("/dev/shm")  # noqa: S108  # another file system, where there is one
    if not shared.is_dir() or shared.stat().st_dev == Path(tempfile.gettempdir()).stat().st_dev:
        pytest.skip("there is no other file system")
    folder = Path(tempfile.mkdtemp(dir=shared))
    yield folder
    shutil.rmtree(folder)


def test_outputs_may_lie_on_another_disk(project: Project, run: Run, outputs: Outputs, other_disk: Path) -> None:
    root = project("id,country\n1,DE\n2,no?\n", TIDY, MOMENT)
    run(root, "r1")
    expected = {name: content.replace(b"r1", b"r2") for name, content in outputs(root).items()}
    shutil.rmtree(root / ".lustrum")
    run(root, "r2", out=str(other_disk / "leads.csv"))
    assert {path.name: path.read_bytes() for path in other_disk.iterdir()} == expected


@pytest.mark.parametrize("full", [".leads.changes.csv.part", ".leads.csv.room"])
def test_on_another_disk_that_is_full_no_file_is_changed(
    project: Project, run: Run, other_disk: Path, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    """What has to be copied is copied before the first file gets its name, and the leads' room is held till then."""
    root = project("id,country\n1,DE\n2,no?\n", TIDY, MOMENT)
    run(root, "r1", out=str(other_disk / "leads.csv"))
    before = {path.name: path.read_bytes() for path in other_disk.iterdir()}

    @contextmanager
    def without_room(path: Path) -> Generator[BinaryIO]:
        if path.name == full:
            raise OSError(errno.ENOSPC, "No space left on device")
        with lasting_file(path) as file:
            yield file

    monkeypatch.setattr("lustrum.running.placing.lasting_file", without_room)
    with pytest.raises(SinkError, match="No space left on device; nothing was applied"):
        run(root, "r2", out=str(other_disk / "leads.csv"))
    assert {path.name: path.read_bytes() for path in other_disk.iterdir()} == before


def broken(root: Path) -> None:
    (root / "out").write_text("a file stands where the folder should be", encoding="utf-8")


def folder_for_leads(root: Path) -> None:
    (root / "out" / "leads.csv").mkdir(parents=True)


def folder_for_changes(root: Path) -> None:
    (root / "out" / "leads.changes.csv").mkdir(parents=True)


def folder_for_rejects(root: Path) -> None:
    (root / "out" / "leads.rejects.csv").mkdir(parents=True)


def tree(root: Path) -> dict[str, bytes | None]:
    folder = root / "out"
    paths = [folder, *sorted(folder.rglob("*"))] if folder.exists() else []
    return {path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes() for path in paths}


@pytest.mark.parametrize("spoil", [broken, folder_for_leads, folder_for_changes, folder_for_rejects])
def test_where_nothing_can_be_written_nothing_is_changed(
    project: Project, run: Run, status: Status, spoil: Callable[[Path], None]
) -> None:
    root = project("id,country\n1,DE\n", TIDY, MOMENT)
    spoil(root)
    before = tree(root)
    with pytest.raises(SinkError) as error:
        run(root)
    assert str(root / "out") in str(error.value)
    assert tree(root) == before
    assert status(root) == "broken"


def test_a_link_that_leads_back_to_itself_is_no_place_for_leads(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n")
    (root / "out").mkdir()
    (root / "out" / "leads.csv").symlink_to("leads.csv")
    with pytest.raises((UsageError, SinkError), match=r"leads\.csv"):
        run(root)
    assert not (root / ".lustrum" / "runs").exists()


def test_after_a_broken_run_effects_still_have_to_happen(project: Project, run: Run, rows: Rows) -> None:
    root = project("id,country\n1,DE\n", MOMENT)
    broken(root)
    with pytest.raises(SinkError):
        run(root, "r1")
    (root / "out").unlink()
    assert run(root, "r2").totals.effects == {"moment": 1}
    assert [row["text"] for row in rows(root, "moments")] == ["hello"]


def test_a_sink_of_another_plugin_is_told_everything_in_order(project: Project, run: Run, status: Status) -> None:
    import sys

    root = project("id,country\n1,DE\n2,fr\n3,IT\n", steps=SINK.replace("{raised}", "None"))
    run(root, out=str(root / "out" / "leads.shaky"), batch_size=2)
    heard = sys.modules["lustrum_project.probe"].heard
    assert [each for each in heard if each[0] != "tidy"] == [
        ("part", 2, {"country": {0: "de"}}),
        ("part", 1, {"country": {0: "it"}}),
        ("published", ["leads.changes.csv", "leads.moments.csv", "leads.quarantine.csv", "leads.rejects.csv"]),
    ]
    assert status(root) == "applied"


@pytest.mark.parametrize(
    "raised",
    ['SinkError("disk full")', 'OSError(28, "disk full")', 'ValueError("disk full")', 'SystemExit("disk full")'],
)
def test_a_sink_that_fails_while_preparing_changes_no_file(
    project: Project, run: Run, outputs: Outputs, status: Status, raised: str
) -> None:
    root = project("id,country\n1,DE\n2,FR\n3,IT\n", TIDY, MOMENT, steps=SINK.replace("{raised}", raised))
    run(root, "r1")
    before = outputs(root)
    with pytest.raises(SinkError, match="disk full"):
        run(root, "r2", out=str(root / "out" / "leads.prepare.shaky"), batch_size=1)
    assert outputs(root) == before
    assert status(root, "r2") == "broken"


@pytest.mark.parametrize("raised", ['SinkError("disk full")', "KeyboardInterrupt"])
def test_a_sink_that_fails_to_publish_leaves_the_leads_and_applies_nothing(
    project: Project, run: Run, outputs: Outputs, status: Status, raised: str
) -> None:
    """Leads go last: without them the files beside them are as before, and effects happen in the next run."""
    root = project("id,country\n1,DE\n", TIDY, MOMENT, steps=SINK.replace("{raised}", raised))
    (root / "out").mkdir()
    (root / "out" / "publish.changes.csv").write_text("of an earlier run")
    with pytest.raises((SinkError, RunInterrupted)):
        run(root, "r1", out=str(root / "out" / "publish.shaky"))
    assert status(root, "r1") == ("broken" if "Sink" in raised else "interrupted")
    assert outputs(root) == {"publish.changes.csv": b"of an earlier run"}
    assert run(root, "r2").totals.effects == {"moment": 1}


def test_without_a_plugin_for_the_place_no_run_begins(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n")
    with pytest.raises(SinkError, match=r"leads\.xlsx: no plugin writes leads to here; `lustrum plugins` shows"):
        run(root, out=str(root / "out" / "leads.xlsx"))
    assert not (root / "out").exists()
    assert not (root / ".lustrum").exists()
