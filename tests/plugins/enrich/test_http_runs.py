"""`enrich.http` in whole runs: no call is made twice, whatever becomes of a run."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.runner import RunOptions, run_project
from lustrum.running.summary import Summary
from lustrum.testing.campaigns import write_project
from lustrum.words.errors import RunInterrupted

Server = Any
"""The fixture of `conftest.py`."""

NIGHTLY = """
campaign: nightly
kind: batch
flow:
  - use: enrich.http
    with:
      url: URL/{domain}
      provider: acme
      take: {company: $.name}
"""
LEADS = "id,domain,company,industry\n" + "".join(f"{number},{name}.example,,\n" for number, name in enumerate("abcab"))


class Watch:
    """A clock that goes on only while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def elapsed(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def project(tmp_path: Path, server: Server) -> Callable[..., Path]:
    """Write a project; further options of the step are its lines."""

    def write(*options: str, nightly: str = NIGHTLY) -> Path:
        more = "".join(f"      {option}\n" for option in options)
        settings = "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\n"
        files = {"lustrum.yaml": settings, "campaigns/nightly.yaml": nightly.replace("URL", server.url) + more}
        root = write_project(tmp_path / "project", files)
        (root / "leads.csv").write_text(LEADS, encoding="utf-8")
        return root

    server.answer = _named
    return write


def _named(asked: Any) -> Any:
    """Answer with the name that stands in the address."""
    from types import SimpleNamespace

    name = asked.path.removeprefix("/leads/").removesuffix(".example")
    return SimpleNamespace(status=200, headers={}, drip=0, content=f'{{"name": "{name}", "trade": "{name}!"}}'.encode())


def run(root: Path, run_id: str, clock: Watch | None = None, **given: Any) -> Summary:
    found = load_project(root)
    return run_project(found, Registry.of_project(found), RunOptions(run_id=run_id, **given), None, clock or Watch())


def companies(root: Path) -> list[str]:
    with (root / "out" / "leads.csv").open(encoding="utf-8", newline="") as file:
        return [row["company"] for row in csv.DictReader(file)]


def paths(server: Server) -> list[str]:
    return [asked.path.rpartition("/")[2].partition(".")[0] for asked in server.asked]


def codes(root: Path) -> Mapping[str, str]:
    with (root / "out" / "leads.quarantine.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row["code"] for row in csv.DictReader(file)}


def test_a_question_is_asked_once_in_a_run_and_never_again(project: Callable[..., Path], server: Server) -> None:
    root = project()
    run(root, "r1", batch_size=1)
    assert companies(root) == list("abcab")
    run(root, "r2")
    assert companies(root) == list("abcab")
    assert paths(server) == list("abc")


def test_what_a_dry_run_has_paid_for_is_not_paid_for_again(project: Callable[..., Path], server: Server) -> None:
    root = project()
    assert run(root, "r1", dry_run=True).status == "dry"
    assert (paths(server), (root / "out" / "leads.csv").exists()) == (list("abc"), False)
    run(root, "r2")
    assert (paths(server), companies(root)) == (list("abc"), list("abcab"))


def test_after_a_kill_no_answer_is_asked_for_again(project: Callable[..., Path], server: Server) -> None:
    root = project("rate: 1")

    class Killed(Watch):
        def sleep(self, seconds: float) -> None:  # noqa: ARG002  # the port's signature
            raise KeyboardInterrupt

    with pytest.raises(RunInterrupted):
        run(root, "r1", Killed())
    assert paths(server) == ["a"]
    run(root, "r2")
    assert (paths(server), companies(root)) == (list("abc"), list("abcab"))


def test_that_there_is_nothing_is_kept_too(project: Callable[..., Path], server: Server) -> None:
    root = project()
    server.says((404, {}))
    for name in ("r1", "r2"):
        run(root, name)
    assert len(server.asked) == 3


def test_a_failure_is_not_kept(project: Callable[..., Path], server: Server) -> None:
    root = project()
    server.says((403, {}))
    run(root, "r1")
    assert (set(codes(root).values()), len(server.asked)) == ({"http_403"}, 3)
    server.answer = _named
    run(root, "r2")
    assert companies(root) == list("abcab")


def test_no_json_is_not_kept(project: Callable[..., Path], server: Server) -> None:
    root = project()
    server.says(b"<html>")
    run(root, "r1")
    server.answer = _named
    run(root, "r2")
    assert companies(root) == list("abcab")


def test_of_a_kept_answer_other_fields_may_be_taken_later(project: Callable[..., Path], server: Server) -> None:
    run(project(), "r1")
    root = project(nightly=NIGHTLY.replace("company: $.name", "industry: $.trade"))
    run(root, "r2")
    assert paths(server) == list("abc")
    assert "a!" in (root / "out" / "leads.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("other", "asked"),
    [
        ("headers: {Authorization: other}", 3),
        ("timeout: 5", 3),
        ("version: 2", 6),
        ("query: {full: true}", 6),
        ("method: POST", 6),
    ],
)
def test_a_question_is_another_where_what_is_said_is_other(
    project: Callable[..., Path], server: Server, other: str, asked: int
) -> None:
    run(project(), "r1")
    run(project(other), "r2")
    assert len(server.asked) == asked


def test_a_budget_ends_the_calls_of_a_run(project: Callable[..., Path], server: Server) -> None:
    root = project("budget: 2")
    run(root, "r1", batch_size=1)
    assert (companies(root), codes(root), paths(server)) == (
        ["a", "b", "", "a", "b"],
        {"2": "budget_spent"},
        list("ab"),
    )
    run(root, "r2")
    assert (companies(root), paths(server)) == (list("abcab"), list("abc"))


def test_with_a_budget_of_nothing_only_what_is_kept_is_written(project: Callable[..., Path], server: Server) -> None:
    run(project("budget: 2"), "r1", dry_run=True)
    root = project("budget: 0")
    run(root, "r2")
    assert (companies(root), codes(root), paths(server)) == (
        ["a", "b", "", "a", "b"],
        {"2": "budget_spent"},
        list("ab"),
    )


def test_calls_come_no_faster_than_the_rate(project: Callable[..., Path]) -> None:
    clock = Watch()
    run(project("rate: 0.5"), "r1", clock)
    assert clock.now == 4.0


@pytest.mark.parametrize(("keep", "asked"), [("1 day", 6), ("3 days", 3)])
def test_an_answer_counts_for_so_long(
    project: Callable[..., Path], server: Server, keep: str, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(f"keep_for: {keep}", "keep_not_found_for: 10 years")
    for name, day in (("r1", "2026-01-01"), ("r2", "2026-01-03")):
        monkeypatch.setenv("LUSTRUM_NOW", f"{day}T03:00:00+00:00")
        run(root, name, dry_run=True)
    assert len(server.asked) == asked


@pytest.mark.parametrize(("keep", "asked"), [("1 day", 6), ("3 days", 3)])
def test_that_there_is_nothing_counts_for_so_long(
    project: Callable[..., Path], server: Server, keep: str, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(f"keep_not_found_for: {keep}")
    server.says((404, {}))
    for name, day in (("r1", "2026-01-01"), ("r2", "2026-01-03")):
        monkeypatch.setenv("LUSTRUM_NOW", f"{day}T03:00:00+00:00")
        run(root, name)
    assert len(server.asked) == asked


def test_no_secret_stands_in_the_journal(
    project: Callable[..., Path], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", "s3cr3t")
    root = project("headers: {Authorization: {env: API_KEY}}", "query: {key: {env: API_KEY}}")
    run(root, "r1")
    assert server.asked[0].path.endswith("?key=s3cr3t")
    assert companies(root)[0] == "a.example?key={env: API_KEY}"
    files = [path for path in root.rglob("*") if path.is_file()]
    assert not [path for path in files if b"s3cr3t" in path.read_bytes()]
    monkeypatch.delenv("API_KEY")
    run(root, "r2")
    assert len(server.asked) == 3
