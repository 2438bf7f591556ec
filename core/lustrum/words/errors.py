"""Every exception that may leave lustrum, as one tree.

LustrumError
├── ProjectError       the project's files are wrong: nothing was run (exit code 2)
├── UsageError         the command or call is wrong (2)
├── RunInterrupted     the run was interrupted (4)
├── AlreadyRunning     another run is at work in the project (4)
├── CannotGoOn         a run cannot be gone on with (lustrum.running.resuming)
├── SourceError        the source cannot be read (5)
├── SinkError          the sink cannot be written (5)
├── Transient          raised by a step: this failure may pass, try again later
├── ConditionError     a condition says nothing (lustrum.words.conditions)
├── TokenError         a text has a token nobody knows (lustrum.words.tokens.token)
├── DurationError      a text is no length of time (lustrum.words.durations)
├── StepContractError  a function cannot be a step as it is annotated (lustrum.contracts.signature)
├── BudgetSpent        a run has made the calls it may make (lustrum.contracts.terms)
├── StepNotFound       no single step has that name (lustrum.planning.registry)
└── PluginError        a plugin offers something it cannot (lustrum.planning.plugins)

A run that a guard or an `abort` stops is no exception: its summary says so, and its exit code is 3.

Bad data is none of these: it is an outcome of a lead and stands in the quarantine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from lustrum.words.places import Place


class LustrumError(Exception):
    """Any error lustrum raises on purpose; its text is meant for the user."""

    exit_code: ClassVar[int] = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a user's file: where, what and why, and what to do.

    >>> print(Problem(Place("lustrum.yaml", 3), 'unknown key "form"', 'did you mean "from"?'))
    lustrum.yaml:3: unknown key "form"; did you mean "from"?
    """

    place: Place | None
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.what}; {self.remedy}" if self.remedy else f"{where}{self.what}"


class ProjectError(LustrumError):
    """Reports everything that is wrong in the files of a project, one line a problem."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(LustrumError):
    """The command line or a call of the library asks for something that cannot be."""

    exit_code = 2


class RunInterrupted(LustrumError):
    """The run was interrupted."""

    exit_code = 4


class AlreadyRunning(LustrumError):
    """Another run is at work in the project."""

    exit_code = 4


class SourceError(LustrumError):
    """The source of the leads cannot be read."""

    exit_code = 5


class SinkError(LustrumError):
    """The sink of the leads cannot be written."""

    exit_code = 5


class Transient(LustrumError):
    """A step raises this when a failure may pass by itself: a time-out, a lock, a busy server.

    `retry_after` is the number of seconds the other side asked to wait, if it did.
    """

    def __init__(self, message: str = "", *, code: str = "transient", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.retry_after = retry_after
