"""Runs that are killed and whose disk fails, gone on with until they are done, and compared with an undisturbed one.

`python tests/faults/campaign.py --kills 300` prints what was done and every difference found; exit code 1 if there is
one. The same `--seed` meets the same faults, but for kills at an instant of time. With `--tables` the leads stand in a
table of SQLite and go back into it; what is asked of SQLite counts as an operation there, too. With `--workers 2` the
batches are those of worker processes, which are killed too, and no step makes outside calls; the undisturbed run has
no workers.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import polars as pl

from lustrum.cli import call
from lustrum.running.journal.parts import PARTS

NOW = "2026-01-31T03:00:00+00:00"
RUN = "second"
LEADS = 60
BATCH = "7"
MOST_FAULTS = 4
"""Faults that one run meets at most before it is left in peace."""
DONE = (0, 1)
WORKERS = "FAULTS_WORKERS"
"""The variable that says how many worker processes disturbed runs have."""
WORKER_KILLED = "killed a worker"

Ends = Literal["file", "in place", "table"]
"""Where the leads go: to another file, back into theirs, or back into their table."""
FILES: tuple[Ends, ...] = ("file", "in place")
TABLES: tuple[Ends, ...] = ("table",)
DATABASE = "crm.db"
FILE_ENDS = "from: leads.csv, to: out/leads.csv"
TABLE_ENDS = f"from: sqlite://./{DATABASE}#leads, to: sqlite://./{DATABASE}#leads"

PROJECT = """
leads: {from: leads.csv, to: out/leads.csv, key: id}
run: nightly
fields: {score: integer, tier: text}
lists: [hot]
"""
CAMPAIGN = """
campaign: nightly
kind: batch
qualification: when changed
holds: 90 days
flow:
  - {use: probe.tidy, reads: {value: country}}
  - {use: TIER, reads: {country: country}, writes: {country: tier}}
  - {use: change.score, with: {change: "+5"}}
  - {use: moment.record, with: {type: Web, text: "from {{lead.country}}"}}
  - {use: list.add, with: {list: hot}, when: "country = 'de'"}
"""
PLUGIN = '''
import os
from pathlib import Path

from lustrum import Calls, Failed, Step, hookimpl, step

LOG = Path(__file__).parents[1] / "calls.log"


@step("probe.tidy")
def tidy(value: str) -> str | Failed:
    """Write in lower case."""
    return Failed("unclear", f"{value} is a question") if "?" in value else value.lower()


@step("probe.tier")
def tier(country: str, *, calls: Calls) -> str:
    """Ask another system, which notes every call it gets."""

    def send() -> str:
        with LOG.open("a") as log:
            log.write(f"tier {country}\\n")
            log.flush()
        return country.upper() + "!"

    return calls.call(f"tier {country}", send)


@step("probe.own_tier")
def own_tier(country: str) -> str:
    """Find out without asking anybody."""
    return country.upper() + "!"


@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy, tier, own_tier]
'''
COUNTRIES = ("DE", "it", "no?", "FR", "", "AT ")


@dataclass
class Findings:
    """What a campaign has met and found."""

    faults: Counter[str] = field(default_factory=Counter[str])
    codes: Counter[str] = field(default_factory=Counter[str])
    rounds: int = 0
    repeated_calls: int = 0
    differences: list[str] = field(default_factory=list[str])


Fault = Callable[[], None]


def main() -> int:
    """Run the campaign that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300, help="faults to meet at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=0, help="worker processes of the disturbed runs")
    parser.add_argument("--tables", action="store_true", help="take leads that stand in a table of a database")
    asked = parser.parse_args()
    os.environ[WORKERS] = str(asked.workers)
    os.environ["LUSTRUM_NOW"] = NOW
    with tempfile.TemporaryDirectory() as folder:
        chance = random.Random(asked.seed)  # noqa: S311  # faults are no secrets
        findings = meet_faults(Path(folder), asked.kills, chance, TABLES if asked.tables else FILES)
    told = [
        f"{findings.rounds} runs met {findings.faults.total()} faults: {_listed(findings.faults)}",
        f"exit codes of the disturbed: {_listed(findings.codes)}",
        f"calls made again because their answer was not kept yet: {findings.repeated_calls}",
        f"{len(findings.differences)} differences",
        *findings.differences,
    ]
    sys.stdout.writelines(f"{line}\n" for line in told)
    return 1 if findings.differences else 0


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))


def meet_faults(folder: Path, kills: int, chance: random.Random, ends: Sequence[Ends]) -> Findings:
    """Let runs meet faults until there were enough, each over a copy of a project with a first night behind it."""
    findings = Findings()
    for number, end in enumerate(ends, 1):
        template = _first_night(folder / f"template-{number}", end)
        calm = folder / f"calm-{number}"
        shutil.copytree(template, calm)
        seconds, code = _timed(calm, end)
        seconds *= 1 + _workers()  # which take their time to start
        assert code in DONE, code
        operations = _operations(template, folder, end)
        while findings.faults.total() < kills * number // len(ends):
            root = folder / "disturbed"
            shutil.copytree(template, root)
            _disturb(root, findings, chance, seconds, operations, end)
            findings.rounds += 1
            findings.differences += [f"round {findings.rounds}: {each}" for each in _compared(calm, root)]
            findings.repeated_calls += len(_calls(root)) - len(_calls(calm))
            shutil.rmtree(root)
    return findings


def _first_night(root: Path, end: Ends) -> Path:
    for name, text in {
        "lustrum.yaml": PROJECT.replace(FILE_ENDS, TABLE_ENDS) if end == "table" else PROJECT,
        "campaigns/nightly.yaml": CAMPAIGN.replace("TIER", "probe.own_tier" if _workers() else "probe.tier"),
        "plugins/probe.py": PLUGIN,
        "leads.csv": _leads(LEADS // 2),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.lstrip())
    if end == "table":
        _insert(root, 0, LEADS // 2)
    assert _child(root, lambda: None, run="first", end=end) in DONE
    if end == "table":
        _insert(root, LEADS // 2, LEADS)
    elif end == "in place":
        with (root / "leads.csv").open("a") as leads:
            leads.writelines(f"{line},\n" for line in _leads(LEADS).splitlines()[1 + LEADS // 2 :])
    else:
        (root / "leads.csv").write_text(_leads(LEADS))
    return root


def _insert(root: Path, start: int, end: int) -> None:
    """Add leads to the table, making it before the first one."""
    with closing(sqlite3.connect(root / DATABASE)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS leads (id integer PRIMARY KEY, country, score integer, tier)")
        rows = (line.split(",") for line in _leads(LEADS).splitlines()[1 + start : 1 + end])
        connection.executemany("INSERT INTO leads VALUES (?, ?, ?, NULL)", rows)


def _leads(number: int) -> str:
    rows = (f"{each},{COUNTRIES[each % len(COUNTRIES)]}{each % 9},{each}" for each in range(number))
    return "id,country,score\n" + "\n".join(rows) + "\n"


def _disturb(root: Path, findings: Findings, chance: random.Random, seconds: float, operations: int, end: Ends) -> None:
    for _ in range(chance.randint(1, MOST_FAULTS)):
        name, fault = _fault(chance, seconds, operations, end)
        code = _child(root, fault, end=end, workers=_workers())
        if code not in DONE or name == WORKER_KILLED:
            findings.faults[name] += 1
        if code in DONE:
            break
        findings.codes[_meaning(code)] += 1
    code = _child(root, lambda: None, end=end, workers=_workers())
    if code not in DONE:
        findings.differences.append(f"round {findings.rounds}: the run could not be gone on with, exit code {code}")


def _workers() -> int:
    return int(os.environ.get(WORKERS, "0"))


def _meaning(code: int) -> str:
    return "killed" if code == -signal.SIGKILL else str(code)


def _fault(chance: random.Random, seconds: float, operations: int, end: Ends) -> tuple[str, Fault]:
    """Choose what is to go wrong; what is returned is called in the child before it runs."""
    nth = chance.randint(1, operations)
    kinds = ["instant", "instant", "operation", "operation", "operation", "ENOSPC", "EIO", "full"]
    match chance.choice(kinds + ["worker"] * 3 if _workers() else kinds):
        case "worker":
            delay = chance.uniform(0, seconds)
            return WORKER_KILLED, lambda: _kill_a_worker_after(delay)
        case "instant":
            delay = chance.uniform(0, seconds)
            return "killed at an instant", lambda: _kill_after(delay)
        case "operation":
            after = chance.random() < 0.5
            return "killed at an operation of the disk", lambda: _kill_at(nth, end, after=after)
        case "full":
            size = chance.choice([1, 1_000, 4_000, 20_000, 60_000])
            return "file too large", lambda: _limit_files(size)
        case other:
            return other, lambda: fail_at(Count(nth), lambda: _raise(getattr(errno, other)), after=False)


def _kill_at(nth: int, end: Ends, *, after: bool) -> None:
    count = Count(nth)
    fail_at(count, kill, after=after)
    if end == "table":
        count_statements(count, kill)


def kill() -> None:
    """Kill this process, as nothing can hold off."""
    os.kill(os.getpid(), signal.SIGKILL)


def _raise(number: int) -> None:
    raise OSError(number, os.strerror(number))


def _kill_after(delay: float) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if os.fork() == 0:
        parent = os.getppid()
        time.sleep(delay)
        if os.getppid() == parent:
            os.kill(parent, signal.SIGKILL)
        os._exit(0)


def _kill_a_worker_after(delay: float) -> None:
    """Kill one of the workers, or, if there is none yet, the first one to come."""
    if os.fork() == 0:
        run = os.getppid()
        time.sleep(delay)
        while os.getppid() == run:
            workers = list(_workers_of(run))
            if workers:
                os.kill(workers[0], signal.SIGKILL)
                break
            time.sleep(0.01)
        os._exit(0)


def _workers_of(run: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == run and b"workers.worker" in command:
            yield int(folder.name)


def _limit_files(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


OPERATIONS = ("fsync", "replace", "rename", "link", "mkdir", "open", "unlink", "truncate")


def fail_at(count: Count, fail: Callable[[], None], *, after: bool) -> None:
    """Let the operation of the disk to which is counted fail, before or after it was done."""
    for name in OPERATIONS:
        setattr(os, name, counted(getattr(os, name), count, fail, after=after))


def count_statements(count: Count, fail: Callable[[], None]) -> None:
    """Count what is asked of SQLite, too, and let it fail before it is done."""
    connect = sqlite3.connect

    class Counted(sqlite3.Connection):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            execute: Callable[..., sqlite3.Cursor] = counted(super().execute, count, fail, after=False)
            return execute(*arguments)

        def executemany(self, *arguments: Any) -> sqlite3.Cursor:
            execute: Callable[..., sqlite3.Cursor] = counted(super().executemany, count, fail, after=False)
            return execute(*arguments)

        def commit(self) -> None:
            counted(super().commit, count, fail, after=False)()

    def counting(path: Any, **options: Any) -> sqlite3.Connection:
        return connect(path, factory=Counted, **options)

    sqlite3.connect = counting  # type: ignore[assignment]  # for this process only


@dataclass
class Count:
    """How many operations are left until one fails."""

    left: int


def counted(operation: Callable[..., Any], count: Count, fail: Callable[[], None], *, after: bool) -> Any:
    """Let an operation fail when it is the one to which is counted."""

    def doing(*arguments: Any, **named: Any) -> Any:
        count.left -= 1
        if count.left == 0 and not after:
            fail()
        done = operation(*arguments, **named)
        if count.left == 0 and after:
            fail()
        return done

    return doing


def _operations(template: Path, folder: Path, end: Ends) -> int:
    """Count the operations of the disk of an undisturbed run: the least number at which nothing fails."""
    low, high = 1, 4096
    while low < high:
        middle = (low + high) // 2
        root = folder / "counted"
        shutil.copytree(template, root)
        code = _child(root, partial(_kill_at, middle, end, after=False), end=end, workers=_workers())
        low, high = (low, middle) if code in DONE else (middle + 1, high)
        shutil.rmtree(root)
    return low


def _timed(root: Path, end: Ends) -> tuple[float, int]:
    start = time.perf_counter()
    code = _child(root, lambda: None, end=end)
    return time.perf_counter() - start, code


def _child(root: Path, fault: Fault, *, run: str = RUN, end: Ends, workers: int = 0) -> int:
    """Go on with a run in a process of its own, and give its exit code, negative for a signal."""
    process = os.fork()
    if process == 0:
        code = 99
        try:
            silence = os.open(os.environ.get("FAULTS_LOG", os.devnull), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            fault()
            where = ["--out", str(root / "leads.csv")] if end == "in place" else []
            asked = ["run", "--project", str(root), "--run-id", run, "--resume", "--quiet", *where]
            code = call([*asked, "--batch-size", BATCH, "--workers", str(workers)])
            assert code in (0, 1, 4, 5), f"exit code {code} is none of a run that is disturbed"
        except BaseException:  # noqa: BLE001  # whatever escapes is told; its exit code is 99
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status)


def _compared(calm: Path, disturbed: Path) -> list[str]:
    """Compare in a process of its own: Polars must not have run in one that forks."""
    told = calm.with_suffix(".told")
    process = os.fork()
    if process == 0:
        found = ["the comparison failed"]
        try:
            found = list(differences(calm, disturbed))
        finally:
            told.write_text("\n".join(found))
            os._exit(0)
    os.waitpid(process, 0)
    return told.read_text().splitlines()


def differences(calm: Path, disturbed: Path) -> Iterator[str]:
    """Name what differs between two projects after the same run: files, journal, ledger, calls."""
    for name in sorted(_files(calm) | _files(disturbed)):
        first, second = calm / name, disturbed / name
        if not (first.is_file() and second.is_file() and first.read_bytes() == second.read_bytes()):
            yield f"the file {name} differs"
    for part in (*PARTS, "seen", "rejects"):
        if not _part(calm, part).equals(_part(disturbed, part)):
            yield f"the journal's {part} differ"
    for table in ("effects", "qualifications", "kept", "parked", "consumed", "batches", "calls"):
        if _rows(calm, table) != _rows(disturbed, table):
            yield f"the ledger's {table} differ"
    if _table(calm) != _table(disturbed):
        yield "the table of leads differs"
    if set(_calls(calm)) != set(_calls(disturbed)):
        yield "other calls were made"


def _files(root: Path) -> set[str]:
    found = [root / "leads.csv", *(root / "out").glob("**/*")]
    return {str(path.relative_to(root)) for path in found} | {
        str(path.relative_to(root)) for path in root.glob("*.csv")
    }


def _table(root: Path) -> list[tuple[Any, ...]]:
    """Give the leads of a database, if they stand in one, and which runs have written there."""
    if not (root / DATABASE).is_file():
        return []
    with closing(sqlite3.connect(root / DATABASE)) as connection:
        leads = connection.execute("SELECT * FROM leads ORDER BY id").fetchall()
        return [*leads, *connection.execute("SELECT count(*) FROM lustrum_applied").fetchall()]


def _part(root: Path, part: str) -> pl.DataFrame:
    files = sorted((root / ".lustrum" / "runs" / RUN).glob(f"batch-*/{part}.parquet"))
    return pl.concat([pl.read_parquet(file) for file in files]) if files else pl.DataFrame()


def _rows(root: Path, table: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(root / ".lustrum" / "ledger.sqlite3") as connection:
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608  # our own names
    return sorted((tuple(map(_plain, row)) for row in rows), key=repr)


def _plain(cell: Any) -> Any:
    """Give what a cell says, where it is JSON whatever the order of its keys."""
    return json.dumps(json.loads(cell), sort_keys=True) if isinstance(cell, str) and cell.startswith("{") else cell


def _calls(root: Path) -> list[str]:
    log = root / "calls.log"
    return log.read_text().splitlines() if log.is_file() else []


if __name__ == "__main__":
    sys.exit(main())
