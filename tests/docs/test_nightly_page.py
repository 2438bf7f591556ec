"""docs/nightly.md: its cron line and its unit are run as cron and systemd run them."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.testing.campaigns import write_project

PAGE = (Path(__file__).parents[2] / "docs" / "nightly.md").read_text(encoding="utf-8")
CRON = re.findall(r"^15 3 \* \* \*  (.*)$", PAGE, re.MULTILINE)
UNIT = re.findall(r"^ExecStart=(.*)$", PAGE, re.MULTILINE)
SHELL = re.findall(r"^(lustrum run .*)$", PAGE, re.MULTILINE)

PLUGIN = """
import time
from pathlib import Path
from lustrum import Failed, Step, hookimpl, step

@step("slow.tidy")
def tidy(city: str) -> str | Failed:
    here = Path(__file__).parents[1]
    if city == "wait" and not (here / "go").exists():
        (here / "waiting").touch()
        time.sleep(60)
    return Failed("unclear", "what?") if city == "?" else city.title()

@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy]
"""
FILES = {
    "lustrum.yaml": "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\n",
    "campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow: [{use: slow.tidy}]\n",
    "plugins/slow.py": PLUGIN,
}

Project = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Write a project of some cities; over the city `wait` a run takes a minute, until there is a file `go`."""

    def write(*cities: str, settings: str = "") -> Path:
        root = write_project(tmp_path / "project", FILES)
        (root / "lustrum.yaml").write_text(FILES["lustrum.yaml"] + settings)
        rows = "".join(f"{number},{city}\n" for number, city in enumerate(cities))
        (root / "leads.csv").write_text(f"id,city\n{rows}")
        return root

    return write


def command(line: str, root: Path) -> list[str]:
    """Give a command of the page as it is called here."""
    words = shlex.split(line.replace("/srv/leads", str(root)))
    assert words[0] == "lustrum"
    return [sys.executable, "-m", "lustrum", *words[1:]]


def started(line: str, root: Path) -> subprocess.Popen[str]:
    """Start a command as cron does: an empty environment but for PATH, no terminal, no standard input."""
    closed = ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *command(line, root)]
    pipe = subprocess.PIPE
    return subprocess.Popen(closed, env={"PATH": "/usr/bin:/bin"}, cwd="/", stdout=pipe, stderr=pipe, text=True)


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=90)
    return process.returncode, out, err


def wait_for(path: Path) -> None:
    for _ in range(900):
        if path.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"{path} never came")


def test_the_page_says_one_command() -> None:
    assert len(CRON) == len(UNIT) == len(SHELL) == 1
    assert CRON == UNIT == SHELL


def test_a_good_night_says_nothing(project: Project) -> None:
    root = project("rome", "oslo")
    assert ended(started(CRON[0], root)) == (0, "", "")
    assert (root / "out" / "leads.csv").read_text() == "id,city\n0,Rome\n1,Oslo\n"


def test_a_night_with_a_lead_in_quarantine_tells(project: Project) -> None:
    code, out, err = ended(started(UNIT[0], project("rome", "?")))
    assert (code, err) == (1, "")
    assert "quarantine   1 leads: unclear 1" in out


def test_a_stopped_unit_goes_on_the_next_night_and_a_second_start_says_who_is_at_work(project: Project) -> None:
    root = project("rome", "wait")
    first = started(UNIT[0], root)
    wait_for(root / "waiting")
    code, out, err = ended(started(CRON[0], root))
    assert (code, out) == (4, "")
    assert re.search(r"the process \d+ on \S+ has been at work here since .* UTC \(\d+ s\); wait for its end", err)
    first.send_signal(signal.SIGTERM)
    code, out, err = ended(first)
    assert (code, out, err) == (4, "", "lustrum: interrupted; nothing was applied: `lustrum run --resume` goes on\n")
    assert not (root / "out").exists()
    (root / "go").touch()
    assert ended(started(CRON[0], root)) == (0, "", "")
    assert (root / "out" / "leads.csv").read_text() == "id,city\n0,Rome\n1,Wait\n"


def test_a_source_that_changes_while_it_is_read_is_not_applied(project: Project) -> None:
    root = project("rome", "wait")
    first = started(CRON[0], root)
    wait_for(root / "waiting")
    with (root / "leads.csv").open("a") as leads:
        leads.write("2,bonn\n")
    (root / "go").touch()
    first.send_signal(signal.SIGTERM)
    ended(first)
    code, _, err = ended(started(CRON[0], root))
    assert (code, "has changed since run" in err) == (2, True)


def test_the_log_is_json_and_so_is_what_goes_wrong(project: Project) -> None:
    root = project("rome")
    _, _, err = ended(started(f"{SHELL[0]} --log-format json", root))
    events = [json.loads(line) for line in err.splitlines()]
    assert [event["event"] for event in events] == ["run_started", "batch_committed", "run_finished"]
    assert all(event["time"] and event["level"] == "info" for event in events)
    (root / "lustrum.yaml").write_text("leads: {}\n")
    code, out, err = ended(started(f"{SHELL[0]} --log-format json", root))
    (failed,) = [json.loads(line) for line in err.splitlines()]
    assert (code, out, failed["event"], failed["level"], failed["exit_code"]) == (2, "", "failed", "error", 2)


@pytest.mark.parametrize(
    ("cities", "guards", "on", "told"),
    [
        (["rome"], "", "finish", "applied"),
        (["rome"], "", "guard", None),
        (["rome"], "guards: {changed: 0}\n", "guard", "stopped"),
        (["?"], "", "quarantine", "applied"),
        (["?"], "", "failure", None),
    ],
)
def test_somebody_is_told(project: Project, cities: list[str], guards: str, on: str, told: str | None) -> None:
    heard = "import sys; open('heard.json', 'w').write(sys.stdin.read())"
    settings = f'plugins: {{settings: {{notify: {{on: [{on}], command: [{sys.executable}, -c, "{heard}"]}}}}}}\n'
    root = project(*cities, settings=guards + settings)
    line = command(SHELL[0], root)
    subprocess.run(line, cwd=root, check=False, capture_output=True, timeout=90)
    path = root / "heard.json"
    assert path.exists() is (told is not None)
    if told:
        assert json.loads(path.read_text())["status"] == told
