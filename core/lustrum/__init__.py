"""lustrum: data hygiene for lead records, in executable campaigns.

What a plugin author needs is here; `lustrum.testing` is the kit to test it with.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lustrum.contracts.hookspecs import hookimpl
    from lustrum.contracts.learning import Learning
    from lustrum.contracts.options import (
        FieldName,
        ListField,
        Program,
        ProgramOption,
        ProjectFile,
        Template,
        WrittenTo,
    )
    from lustrum.contracts.ports import Calls, Clock
    from lustrum.contracts.sources import CellChanges, Reject, Sink, Source, SourceBatch
    from lustrum.contracts.step_at import StepAt
    from lustrum.contracts.steps import Step, step
    from lustrum.words.errors import LustrumError, Transient
    from lustrum.words.outcomes import KEEP, Alert, Answer, Attempt, Fact, Failed, Keep, Moment, Skip

__version__ = "0.1.0"

__all__ = [
    "KEEP",
    "Alert",
    "Answer",
    "Attempt",
    "Calls",
    "CellChanges",
    "Clock",
    "Fact",
    "Failed",
    "FieldName",
    "Keep",
    "Learning",
    "ListField",
    "LustrumError",
    "Moment",
    "Program",
    "ProgramOption",
    "ProjectFile",
    "Reject",
    "Sink",
    "Skip",
    "Source",
    "SourceBatch",
    "Step",
    "StepAt",
    "Template",
    "Transient",
    "WrittenTo",
    "__version__",
    "hookimpl",
    "step",
]

_HOMES = {
    "hookimpl": "lustrum.contracts.hookspecs",
    "Learning": "lustrum.contracts.learning",
    **dict.fromkeys(
        ("FieldName", "ListField", "Program", "ProgramOption", "ProjectFile", "Template", "WrittenTo"),
        "lustrum.contracts.options",
    ),
    **dict.fromkeys(("Calls", "Clock"), "lustrum.contracts.ports"),
    **dict.fromkeys(("CellChanges", "Reject", "Sink", "Source", "SourceBatch"), "lustrum.contracts.sources"),
    "StepAt": "lustrum.contracts.step_at",
    **dict.fromkeys(("Step", "step"), "lustrum.contracts.steps"),
    **dict.fromkeys(("LustrumError", "Transient"), "lustrum.words.errors"),
    **dict.fromkeys(
        ("KEEP", "Alert", "Answer", "Attempt", "Fact", "Failed", "Keep", "Moment", "Skip"), "lustrum.words.outcomes"
    ),
}


def __getattr__(name: str) -> Any:
    """Import a public name at its first use, so that `lustrum --help` loads nothing heavy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lustrum' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
