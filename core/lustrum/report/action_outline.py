"""What an entry does, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from lustrum.report.condition_outline import ConditionOutline

if TYPE_CHECKING:
    from lustrum.report.outline import CampaignOutline

Does = Literal["use", "execute", "request", "wait", "remove", "nothing"]


@dataclass(frozen=True, slots=True)
class TemplateOutline:
    """An option that is rendered for each lead: its text, and the fields and trigger tokens in it.

    Of the trigger tokens, those `required` have no default.
    """

    option: str
    text: str
    reads: tuple[str, ...]
    triggers: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParameterOutline:
    """A parameter of a step and the field bound to it; without one the parameter gets its default.

    One that is `needed` refuses an empty cell, and blocks while the field is unsettled. `aliases` is the file with the
    project's own spellings of it, `spellings` how many count.
    """

    parameter: str
    field: str | None
    type: str
    needed: bool
    default: Any
    aliases: str | None = None
    spellings: int = 0


@dataclass(frozen=True, slots=True)
class ResultOutline:
    """A result of a step and the field it is written to."""

    attribute: str
    field: str
    type: str


@dataclass(frozen=True, slots=True)
class ActionOutline:
    """What is done where `when` holds (None: always, or for all others).

    That is a step, a child campaign, a request, a wait (`wait` says how long or until when), a removal from the flow,
    or nothing. `options` holds all options of a step, `given` names those that do not stand at their default. `learns`
    is what it learns of the source first.
    """

    does: Does
    name: str
    when: ConditionOutline | None = None
    plugin: str = ""
    version: str = ""
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    given: tuple[str, ...] = ()
    templates: tuple[TemplateOutline, ...] = ()
    parameters: tuple[ParameterOutline, ...] = ()
    results: tuple[ResultOutline, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    once: bool = False
    learns: str | None = None
    wait: str | None = None
    campaign: CampaignOutline | None = None
