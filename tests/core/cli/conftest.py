"""The command line as tests call it, and a small project with steps of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from lustrum.cli import call as call_program
from lustrum.testing.campaigns import write_project

PLUGIN = '''
import signal

from lustrum import Answer, Attempt, Failed, Moment, Step, Template, hookimpl, step


@step("demo.tidy", strategies=("trim", "upper"))
def tidy(city: str, *, mark: str = "", attempt: Attempt = Attempt()) -> Answer[str] | Failed:
    """Tidy a city.

    The second strategy writes capitals.
    """
    if city.startswith("?"):
        return Failed("not_a_city", f"{city} is no city")
    if city == "boom":
        raise ValueError("boom")
    if city == "stop":
        raise KeyboardInterrupt
    if city == "signal":
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have told its jobs to ignore it
        signal.raise_signal(signal.SIGINT)
    return Answer(city.strip().title() + mark, reason="tidied")


@step("demo.size")
def size(city: str, country: str | None = None) -> str:
    """Say how long a city's name is."""
    return f"{city} ({len(city)} letters)"


@step("demo.note")
def note(*, text: Template) -> Moment:
    """Note something."""
    return Moment("Web", text)


@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy, size, note]
'''

NIGHTLY = """\
campaign: nightly
kind: batch
flow:
  - use: demo.tidy
"""

PROJECT = "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\n"

LEADS = "id,city\n1, rome\n2,Oslo\n3,BERN\n"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Lustrum = Callable[..., Said]
Begin = Callable[..., Path]


@pytest.fixture
def lustrum(capsys: pytest.CaptureFixture[str]) -> Lustrum:
    """Call the command line in this process."""

    def call(*arguments: object) -> Said:
        capsys.readouterr()
        code = call_program([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return call


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """Write a small project with steps of its own, and go there; files given by path replace the usual ones."""

    def make(files: Mapping[str, str] | None = None) -> Path:
        usual = {
            "lustrum.yaml": PROJECT,
            "leads.csv": LEADS,
            "plugins/demo.py": PLUGIN,
            "campaigns/nightly.yaml": NIGHTLY,
        }
        root = write_project(tmp_path / "project", {**usual, **(files or {})})
        monkeypatch.chdir(root)
        return root

    return make
