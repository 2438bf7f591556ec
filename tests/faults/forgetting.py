"""A lead is forgotten, and the process killed at each operation of the disk and of the ledger; then it is called again.

`python tests/faults/forgetting.py` tries every operation, `--every 7` each seventh. It prints how many there are and
every value of the lead that is still found anywhere in the project's folder; exit code 1 if there is one.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from lustrum.cli import call

KEY = "K-4711"
SECRETS = (KEY, "Schmidtowa", "schmidtowa", "Norilsk", "norilsk")
LEADS = "id,name,country\nK-1,Ann,DE\nK-2,Bob,no?\nK-4711,Schmidtowa,Norilsk?\nK-4711,Schmidtowa,too,many\n"
PROJECT = """
leads: {from: leads.csv, to: out/leads.csv, key: id}
run: nightly
lists: [hot]
guards: {rejected: 90%, raised: 90%}
allow: {quarantined: 9}
"""
CAMPAIGN = """
campaign: nightly
kind: batch
flow:
  - {use: probe.tidy, id: name, reads: {value: name}}
  - {use: probe.tidy, reads: {value: country}}
  - {use: probe.ask, reads: {value: name}}
  - {use: moment.record, with: {type: Web, text: "{{lead.name}} was seen"}}
  - {use: list.add, with: {list: hot}}
"""
PLUGIN = '''
from lustrum import Calls, Failed, Step, hookimpl, step


@step("probe.tidy")
def tidy(value: str) -> str | Failed:
    """Write in lower case."""
    return Failed("unclear", f"{value} is a question") if "?" in value else value.lower()


@step("probe.ask")
def ask(value: str, *, calls: Calls) -> str:
    """Ask another system."""
    return calls.call("ask " + value, lambda: value)


@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy, ask]
'''
DECISIONS = "scope,key,field,before,after,verdict,until,who,when\nlead,K-4711,country,,Norilsk,keep,,,\n"


@cache
def faults() -> Any:
    """Give the module beside this one, which can be found where this is run as a program."""
    return import_module("campaign")


def main() -> int:
    """Try what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="try each so many-th operation only")
    every: int = parser.parse_args().every
    os.environ["LUSTRUM_NOW"] = faults().NOW
    with tempfile.TemporaryDirectory() as folder:
        operations, wrong = forget_with_kills(Path(folder), every)
    told = [f"killed at {operations} operations of the disk and the ledger", f"{len(wrong)} values found", *wrong]
    sys.stdout.writelines(f"{line}\n" for line in told)
    return 1 if wrong or not operations else 0


def forget_with_kills(folder: Path, every: int) -> tuple[int, list[str]]:
    """Kill at each operation until there are no more, call again, and look; give how many, and what is left."""
    root, kept, calm = _project(folder / "project"), folder / "kept", folder / "calm"
    shutil.copytree(root, kept)
    assert (_child(lambda: _forget(root)), _child(lambda: _fail_if(found(root), root))) == (0, 0)
    root.rename(calm)
    wrong: list[str] = []
    for tried, nth in enumerate(range(1, 10_000, every)):
        shutil.copytree(kept, root)
        code = _child(partial(_forget, root, nth))
        again = _child(lambda: _forget(root))
        if again or _child(lambda: _fail_if([*found(root), *_differences(calm, root)], root)):
            wrong.append(f"killed at operation {nth}: exit code {again}: {(root / 'wrong.txt').read_text()}")
        shutil.rmtree(root)
        if code == 0:
            return tried, wrong
        assert code == -signal.SIGKILL, code
    return 0, ["it never ended"]


def _project(root: Path) -> Path:
    for name, text in {
        "lustrum.yaml": PROJECT,
        "campaigns/nightly.yaml": CAMPAIGN,
        "plugins/probe.py": PLUGIN,
        "leads.csv": LEADS,
        "decisions.csv": DECISIONS,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.lstrip())
    for run in ("first", "second"):
        assert _child(partial(call, ["run", "--project", str(root), "--run-id", run, "--quiet"])) == 0
        (root / "leads.csv").write_text(LEADS.replace("K-2,Bob,no?", "K-2,Bob,it"))
    killed = root / ".lustrum" / "runs" / "second" / "prepared"
    killed.mkdir()
    (killed / "leads.csv").write_text(LEADS)
    (root / "leads.csv").write_text(LEADS.partition("K-4711")[0])
    return root


def _forget(root: Path, kill_at: int = 0) -> int:
    if kill_at:
        count = faults().Count(kill_at)
        faults().fail_at(count, faults().kill, after=False)
        faults().count_statements(count, faults().kill)
    return call(["forget", KEY, "--project", str(root)])


def _child(action: Callable[[], int]) -> int:
    """Do something in a process of its own, and give its exit code, negative for a signal."""
    process = os.fork()
    if process == 0:
        code = 99
        try:
            silence = os.open(os.environ.get("FAULTS_LOG", os.devnull), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            code = action()
        except BaseException:  # noqa: BLE001  # whatever escapes is told; its exit code is 99
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _fail_if(wrong: list[str], root: Path) -> int:
    (root / "wrong.txt").write_text("; ".join(wrong))
    return 1 if wrong else 0


def found(root: Path) -> list[str]:
    """Look for the lead's values in the names and the contents of all files, in Parquet by its cells."""
    hits: list[str] = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        content = path.read_bytes()
        text = str(pl.read_parquet(path).to_dicts()) if path.suffix == ".parquet" else ""
        hits += [f"{path.relative_to(root)}: {each}" for each in SECRETS if each in text or each.encode() in content]
    return hits


def _differences(calm: Path, root: Path) -> Iterator[str]:
    """Name the files of people that are not what they are after a call that was never disturbed."""
    for path in sorted(
        [*(calm / "out").iterdir(), *(calm / ".lustrum/runs").glob("*/replaced/*"), calm / "decisions.csv"]
    ):
        same = root / path.relative_to(calm)
        if not same.is_file() or _digest(path) != _digest(same):
            yield f"{path.relative_to(calm)} differs"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
