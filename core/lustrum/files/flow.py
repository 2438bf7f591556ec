"""What the flow of a campaign says: its entries, their choices and retries."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from lustrum.files.validation import Count, FileModel, Text, one_of, wrong
from lustrum.files.validation import Field as FieldName

OnFail = Literal["block", "stop", "continue", "abort"]
Repeat = Annotated[Text, one_of("repetition", "always", prefixes=("every ", "once per "))]


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Transient(FileModel):
    """How often and after which waits a failure that may pass by itself is tried again."""

    attempts: Annotated[Count, Field(ge=1)] = 3
    """The attempts at most, the first one included."""
    wait: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ("1s..30s",)
    """One wait (`5s`), the first and the longest (`1s..30s`), or a list of waits, of which the last repeats."""
    deadline: Text | None = None
    """How long a lead's waits may take together."""
    hold: Text = "30s"
    """Longer waits are not slept: the leads run again, as a further batch, when their time has come."""


class Retry(FileModel):
    """How an entry goes on with the leads that failed."""

    attempts: Annotated[Count, Field(ge=1)] | None = None
    """The attempts at most; left out, as many as the step has strategies."""
    on: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ()
    """The codes that are tried again; left out, all."""
    transient: Transient = Transient.model_construct()
    """The budget of failures that may pass by themselves."""
    repair: Text | None = None
    """An executable campaign, executed for the open leads between two attempts."""
    until: Any = None
    """A condition; a lead is open until it holds."""


class Defaults(FileModel):
    """What holds for every entry that does not say otherwise."""

    on_fail: OnFail | None = None
    """What happens to a lead the entry gives up on."""
    retry: Retry | None = None
    """How an entry goes on with the leads that failed."""


class Overrides(FileModel):
    """What a choice changes in its entry."""

    with_: dict[str, Any] = Field(alias="with", default_factory=dict[str, Any])
    """Options of the step, merged over those of the entry."""
    reads: dict[str, FieldName] = Field(default_factory=dict[str, str])
    """Which field a parameter reads."""
    writes: dict[str, FieldName] = Field(default_factory=dict[str, str])
    """Which field a result is written to."""
    execute: Text | None = None
    """Another executable campaign instead of the entry's own."""
    request: Text | None = None
    """Another campaign to request instead of the entry's own."""


class Choice(Overrides):
    """One choice of an entry: the first whose condition holds decides."""

    when: Any = None
    """The condition."""
    otherwise: (
        Annotated[
            Annotated[Literal["nothing"], Tag("<nothing>")] | Annotated[Overrides, Tag("<overrides>")],
            Discriminator(lambda value: "<nothing>" if isinstance(value, str) else "<overrides>"),
        ]
        | None
    ) = None
    """What holds where no condition does: `nothing`, or the same keys as a choice has."""

    @property
    def overrides(self) -> Overrides | None:
        """What the choice changes, or None where it says `otherwise: nothing`."""
        if self.otherwise is None:
            return self
        return None if self.otherwise == "nothing" else self.otherwise

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.when is None) == (self.otherwise is None):
            raise wrong("a choice has exactly one of when, otherwise", "add a condition, or write: otherwise: nothing")
        beside = self.model_fields_set - {"when", "otherwise"}
        if self.otherwise is not None and beside:
            raise wrong("a last choice has nothing beside otherwise", "put the other keys under it", at=["otherwise"])
        return self


Verb = Literal["use", "execute", "request", "wait", "remove"]
VERBS: tuple[Verb, ...] = ("use", "execute", "request", "wait")
REMOVE_FROM_FLOW = "remove_from_flow"
_SHOWN = {"remove": f"use: {REMOVE_FROM_FLOW}"}
_FOREIGN: dict[Verb, set[str]] = {
    "use": {"tokens", "execute", "request"},
    "execute": {"with_", "reads", "writes", "request"},
    "request": {"with_", "reads", "writes", "execute", "retry", "on_fail"},
    "wait": {"with_", "reads", "writes", "execute", "request", "tokens", "retry", "on_fail"},
    "remove": {"with_", "reads", "writes", "execute", "request", "tokens", "retry", "on_fail", "repeat"},
}
"""What an entry of each verb, or one of its choices, cannot say."""


def _identity(text: str) -> str:
    if ">" in text or not text.strip():
        raise wrong(f'"{text}" is no id', "use words without >, which parts the ids of a path")
    return text


class Entry(FileModel):
    """One place in a flow: a step used, a campaign executed, or a campaign requested."""

    id: Annotated[Text, AfterValidator(_identity)] | None = None
    """The entry's name in paths and in `needs`; left out, the step's or campaign's name."""
    use: Text | None = None
    """A step."""
    execute: Text | None = None
    """An executable campaign, run here and now."""
    request: Text | None = None
    """A campaign to run afterwards."""
    wait: Text | None = None
    """How long to wait, or until when: `3 days`, `2026-12-24`, `"{{lead.trial_end - 3 days}}"`."""
    when: Any = None
    """A condition: other leads pass by."""
    with_: dict[str, Any] = Field(alias="with", default_factory=dict[str, Any])
    """Options of the step."""
    reads: dict[str, FieldName] = Field(default_factory=dict[str, str])
    """Which field a parameter reads."""
    writes: dict[str, FieldName] = Field(default_factory=dict[str, str])
    """Which field a result is written to."""
    retry: Retry | None = None
    """How to go on with the leads that failed."""
    on_fail: OnFail | None = None
    """What happens to a lead the entry gives up on."""
    needs: tuple[Text, ...] = ()
    """Ids of entries whose fields must be settled."""
    choices: tuple[Choice, ...] = ()
    """Options by condition."""
    tokens: Literal["parent"] | None = None
    """`parent`: the child sees the tokens of this campaign."""
    repeat: Repeat | None = None
    """How soon what adds up may happen again."""

    @property
    def verb(self) -> Verb:
        """What the entry is; `use: remove_from_flow` is the engine's own."""
        if self.use == REMOVE_FROM_FLOW:
            return "remove"
        return next(verb for verb in VERBS if getattr(self, verb) is not None)

    @property
    def target(self) -> str:
        """The name of the step or campaign."""
        return self.use or self.execute or self.request or "wait"

    @model_validator(mode="after")
    def _check(self) -> Self:
        verbs = [verb for verb in VERBS if getattr(self, verb) is not None]
        if len(verbs) != 1:
            found = " and ".join(verbs) if verbs else "none"
            raise wrong(f"an entry has exactly one of {', '.join(VERBS)}; this one has {found}", "keep one")
        if self.use == "wait":
            raise wrong(
                "waiting is no step",
                "write wait: 3 days, and in an executable campaign request a batch campaign for it",
                at=["use"],
            )
        self._check_keys(self.model_fields_set, [])
        for position, choice in enumerate(self.choices):
            self._check_choice(position, choice)
        return self

    def _check_choice(self, position: int, choice: Choice) -> None:
        at: list[str | int] = ["choices", position]
        if choice.otherwise is not None and position + 1 < len(self.choices):
            raise wrong("otherwise stands before other choices, which nothing can reach", "put it last", at=at)
        self._check_keys(choice.model_fields_set, at)
        if isinstance(choice.otherwise, Overrides):
            self._check_keys(choice.otherwise.model_fields_set, [*at, "otherwise"])

    def _check_keys(self, given: set[str], at: list[str | int]) -> None:
        for name in sorted(_FOREIGN[self.verb] & given):
            key = name.rstrip("_")
            raise wrong(
                f'"{key}" means nothing in an entry with {_SHOWN.get(self.verb, self.verb)}', "remove it", at=[*at, key]
            )
