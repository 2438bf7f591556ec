"""What a run works with, from its start to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lustrum.engine.costs import Costs
from lustrum.engine.given import Batch
from lustrum.engine.result import Result
from lustrum.files.settings import ProjectSettings
from lustrum.planning.plan import Plan
from lustrum.planning.registry import Registry
from lustrum.running.activities.activities import Activities
from lustrum.running.clock import Timer
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.ledger import Ledger
from lustrum.running.options import Ends, RunOptions
from lustrum.running.outputs import new_columns
from lustrum.running.resuming import Begun


@dataclass(frozen=True, slots=True)
class Job:
    """One run to be done: what is asked, over what, with what.

    `begun` is what is known of it where it goes on. `execute` takes the place of the engine where it is given.
    `complaints` collects what observers raise and other remarks for the summary, `costs` where the time goes.
    """

    settings: ProjectSettings
    registry: Registry
    options: RunOptions
    plan: Plan
    ends: Ends
    journal: Journal
    clock: Timer
    activities: Activities | None = None
    begun: Begun | None = None
    execute: Callable[[Batch], Result] | None = None
    complaints: list[str] = field(default_factory=list[str])
    costs: Costs = field(default_factory=Costs)

    @property
    def id(self) -> str:
        """The run's id."""
        return self.journal.run

    @property
    def ledger(self) -> Ledger:
        """The ledger of the project."""
        return self.journal.ledger

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The names of the campaigns."""
        return tuple(campaign.name for campaign in self.plan.campaigns)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the leads will have where they go."""
        return (*self.ends.source.header, *new_columns(self.plan.schema))

    def observe(self, hook: str, **arguments: object) -> None:
        """Tell the observers of a hook."""
        self.complaints.extend(self.registry.observe(hook, {"run": self.id, **arguments}))
