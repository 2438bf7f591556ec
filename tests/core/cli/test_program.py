"""The command line as a whole: help, wrong use, and what it loads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

import lustrum as package
from lustrum.cli import main

Lustrum = Callable[..., Any]
COMMANDS = ["run", "check", "explain", "test", "diff", "why", "steps", "plugins", "new"]


def test_help_lists_the_commands_and_the_exit_codes(lustrum: Lustrum) -> None:
    said = lustrum("--help")
    assert said.code == 0
    assert all(f"\n  {name} " in said.out for name in COMMANDS)
    assert all(f"{code} " in said.out for code in range(6))


@pytest.mark.parametrize("command", [[name] for name in COMMANDS] + [["new", "project"]])
def test_every_command_explains_itself(lustrum: Lustrum, command: list[str]) -> None:
    said = lustrum(*command, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: lustrum {' '.join(command)} ")
    assert said.err == ""


def test_the_version_is_that_of_the_package(lustrum: Lustrum) -> None:
    assert lustrum("--version").out == f"lustrum {package.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Usage: lustrum"),
        (["rnu"], "No such command 'rnu'. Did you mean 'run'?"),
        (["zzz"], "No such command 'zzz'.\n"),
        (["run", "--dry"], "No such option '--dry'"),
        (["run", "--limit", "0"], "0 is not in the range x>=1"),
        (["diff"], "Missing argument 'RUN'"),
        (["why"], "Missing argument 'KEY'"),
        (["explain", "--format", "svg"], "'svg' is not one of 'text', 'mermaid', 'json'"),
    ],
)
def test_wrong_use_is_explained_with_exit_code_2(lustrum: Lustrum, arguments: list[str], message: str) -> None:
    said = lustrum(*arguments)
    assert said.code == 2
    assert message in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("kind", [ZeroDivisionError, SystemExit, pl.exceptions.PanicException])
def test_a_bug_is_one_line_and_a_traceback_only_after_debug(
    lustrum: Lustrum, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    def fail(folder: object) -> None:
        raise kind(f"division by zero, for {folder}")

    monkeypatch.setattr("lustrum.cli.loading.find_root", fail)
    said = lustrum("check")
    assert said.code == 70
    assert said.err == (
        f"lustrum: {kind.__name__}: division by zero, for None; "
        "this is a bug in lustrum: `lustrum --debug …` shows where\n"
    )
    with pytest.raises(kind):
        lustrum("--debug", "check")


def test_main_exits_with_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["lustrum", "--version"])
    with pytest.raises(SystemExit) as leaving:
        main()
    assert leaving.value.code == 0
    with pytest.raises(SystemExit) as leaving:
        main(["nothing"])
    assert leaving.value.code == 2


def test_who_does_not_listen_to_the_end_is_told_of_no_bug() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    said = subprocess.run(
        [sys.executable, "-m", "lustrum", "steps"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (said.returncode, said.stderr) == (141, b"")
