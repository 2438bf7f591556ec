"""What the planner finds out about a project's files: problems that stop it, and warnings."""

from __future__ import annotations

from lustrum.words.errors import Problem, ProjectError
from lustrum.words.places import Place


class Findings:
    """Collects every problem, so that a user sees all of them at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def wrong(self, place: Place | None, what: str, remedy: str = "") -> None:
        """Note a problem that stops the plan."""
        problem = Problem(place, what, remedy)
        if problem not in self.problems:
            self.problems.append(problem)

    def warn(self, place: Place | None, what: str, remedy: str = "") -> None:
        """Note something lawful that is seldom meant."""
        warning = Problem(place, what, remedy)
        if warning not in self.warnings:
            self.warnings.append(warning)

    def raise_if_wrong(self) -> None:
        """Raise `ProjectError` with all problems, if there are any."""
        if self.problems:
            raise ProjectError(self.problems)
