"""The exceptions of lustrum: one tree, texts meant for users, an exit code each."""

from __future__ import annotations

import inspect
import pickle

import pytest

from lustrum.words.errors import (
    LustrumError,
    Problem,
    ProjectError,
    SinkError,
    SourceError,
    Transient,
    UsageError,
)
from lustrum.words.places import Place


@pytest.mark.parametrize(
    ("error", "code"), [(LustrumError, 2), (ProjectError, 2), (UsageError, 2), (SourceError, 5), (SinkError, 5)]
)
def test_every_error_has_its_exit_code(error: type[LustrumError], code: int) -> None:
    assert issubclass(error, LustrumError)
    assert error.exit_code == code


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem(Place("a.yaml", 3), "unknown key", "remove it"), "a.yaml:3: unknown key; remove it"),
        (Problem(Place("a.yaml"), "unknown key"), "a.yaml: unknown key"),
        (Problem(None, "no campaign", "name one"), "no campaign; name one"),
        (Problem(None, "no campaign"), "no campaign"),
    ],
)
def test_a_problem_says_where_what_and_what_to_do(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_project_error_reports_all_problems_a_line_each() -> None:
    problems = [Problem(Place("a.yaml", 1), "one"), Problem(Place("b.yaml", 2), "two", "mend it")]
    error = ProjectError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "a.yaml:1: one\nb.yaml:2: two; mend it"


def test_a_transient_failure_says_when_to_try_again() -> None:
    error = Transient("busy", code="too_many", retry_after=30)
    assert (str(error), error.message, error.code, error.retry_after) == ("busy", "busy", "too_many", 30)
    assert (Transient().message, Transient().code, Transient().retry_after) == ("", "transient", None)


def test_every_error_is_documented_in_one_sentence() -> None:
    for error in (LustrumError, ProjectError, UsageError, SourceError, SinkError, Transient):
        assert (inspect.getdoc(error) or "").partition("\n")[0].endswith((".", ":", "server."))


def test_a_problem_can_be_sent_to_another_process() -> None:
    problem = Problem(Place("a.yaml", 3), "unknown key")
    assert pickle.loads(pickle.dumps(problem)) == problem  # noqa: S301  # our own bytes
