"""What campaign files say: one campaign each, in the project's folder `campaigns`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from lustrum.files.flow import Choice, Defaults, Entry, Overrides, Retry, Transient
from lustrum.files.guards import CampaignGuards
from lustrum.files.my_tokens import MyTokens
from lustrum.files.nodes import Document
from lustrum.files.validation import AnyText, Duration, FileModel, Text, one_of, validate, wrong
from lustrum.files.yaml import read_yaml_file
from lustrum.words.errors import Problem, ProjectError
from lustrum.words.places import Place

__all__ = [
    "Campaign",
    "CampaignFile",
    "Campaigns",
    "Choice",
    "Defaults",
    "Entry",
    "Overrides",
    "Retry",
    "Transient",
    "load_campaign",
    "load_campaigns",
]

Kind = Literal["batch", "executable", "trigger"]
Qualification = Annotated[
    Text, one_of("qualification", "every time", "once", "when changed", prefixes=("once every ",))
]
FOLDER = "campaigns"
SUFFIXES = (".yaml", ".yml")


def _some(flow: tuple[Entry, ...]) -> tuple[Entry, ...]:
    if not flow:
        raise wrong("is empty", "list at least one entry", subject=True)
    return flow


class CampaignFile(FileModel):
    """One campaign: smart list, flow and settings."""

    campaign: Text
    """The campaign's name."""
    kind: Kind
    """`batch` runs over a source, `executable` inside other campaigns, `trigger` when something happens."""
    description: AnyText = ""
    """What the campaign is for."""
    smart_list: Any = None
    """The condition that says which leads the campaign takes."""
    on: Any = None
    """What a trigger campaign waits for."""
    my: MyTokens = Field(default_factory=dict[str, str])
    """The campaign's own tokens."""
    defaults: Defaults = Defaults.model_construct()
    """What holds for every entry that does not say otherwise."""
    flow: Annotated[tuple[Entry, ...], AfterValidator(_some)]
    """The entries, in order."""
    qualification: Qualification = "every time"
    """How often the same lead may go through."""
    holds: Duration | None = None
    """With `qualification: when changed`, how long what was found for a lead holds."""
    guards: CampaignGuards = CampaignGuards.model_construct()
    """What the campaign's entries, and what they execute, may do at most."""

    @model_validator(mode="after")
    def _check_trigger(self) -> Self:
        if self.on is not None and self.kind != "trigger":
            raise wrong(f'"on" is a trigger, and this campaign is {self.kind}', "write kind: trigger", at=["on"])
        if self.on is None and self.kind == "trigger":
            raise wrong('a trigger campaign needs "on"', "say what it waits for", at=["kind"])
        return self

    @model_validator(mode="after")
    def _check_holds(self) -> Self:
        if self.holds is not None and self.qualification != "when changed":
            what = f'"holds" means nothing with qualification: {self.qualification}'
            raise wrong(what, "remove it, or write qualification: when changed", at=["holds"])
        return self

    @model_validator(mode="after")
    def _check_ids(self) -> Self:
        seen: dict[str, int] = {}
        for position, entry in enumerate(self.flow):
            if entry.id in seen:
                first = seen[entry.id] + 1
                raise wrong(
                    f'the id "{entry.id}" is that of entry {first} too', "rename one", at=["flow", position, "id"]
                )
            if entry.id is not None:
                seen[entry.id] = position
        return self


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as its file says it, with the place of every part."""

    model: CampaignFile
    document: Document

    @property
    def name(self) -> str:
        """The name by which others execute it."""
        return self.model.campaign

    @property
    def path(self) -> str:
        """Where the file stands, relative to the project."""
        return self.document.file

    @property
    def executes(self) -> frozenset[str]:
        """Name the campaigns it executes or requests itself, its choices and repairs included."""
        entries = self.model.flow
        chosen = [choice.overrides for entry in entries for choice in entry.choices]
        named = [*(entry.execute for entry in entries), *(each.execute for each in chosen if each)]
        named += [*(entry.request for entry in entries), *(each.request for each in chosen if each)]
        repairs = [entry.retry.repair for entry in entries if entry.retry]
        return frozenset(name for name in (*named, *repairs) if name)

    def place(self, *path: str | int) -> Place:
        """Find the line of a part: `campaign.place("flow", 0, "with", "format")`."""
        return self.document.place(path)


@dataclass(frozen=True, slots=True)
class Campaigns(Mapping[str, Campaign]):
    """The campaigns of a project by name, and what was noticed while reading them."""

    by_name: Mapping[str, Campaign]
    notes: tuple[Problem, ...] = ()

    def __getitem__(self, name: str) -> Campaign:
        return self.by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)


def load_campaigns(root: Path) -> Campaigns:
    """Read every campaign of the project in folder `root`, in the order of the files' names.

    Other files in the folder are noted as not used, but for hidden ones. Raises `ProjectError` with the problems of
    all files.
    """
    folder = root / FOLDER
    if not folder.is_dir():
        raise ProjectError([Problem(Place(FOLDER), "the project has no such folder", "put its campaigns there")])
    read: list[Campaign] = []
    notes: list[Problem] = []
    problems: list[Problem] = []
    for path in sorted(entry for entry in folder.iterdir() if not entry.name.startswith(".")):
        try:
            read.extend(_read(path, notes))
        except ProjectError as error:
            problems.extend(error.problems)
    problems.extend(_namesakes(read))
    if problems:
        raise ProjectError(problems)
    return Campaigns({campaign.name: campaign for campaign in read}, tuple(notes))


def load_campaign(path: Path, file: str) -> Campaign:
    """Read one campaign file; `file` is how messages name it. Raises `ProjectError`."""
    document = read_yaml_file(path, file)
    return Campaign(validate(CampaignFile, document), document)


def _read(path: Path, notes: list[Problem]) -> list[Campaign]:
    file = f"{FOLDER}/{path.name}"
    if path.suffix not in SUFFIXES or not path.is_file():
        remedy = f"a campaign is a file ending in {' or '.join(SUFFIXES)}"
        notes.append(Problem(Place(file), "looked at and not used", remedy))
        return []
    campaign = load_campaign(path, file)
    notes.extend(campaign.document.warnings)
    return [campaign]


def _namesakes(campaigns: list[Campaign]) -> Iterator[Problem]:
    first: dict[str, Campaign] = {}
    for campaign in campaigns:
        other = first.setdefault(campaign.name, campaign)
        if other is not campaign:
            what = f'the campaign "{campaign.name}" stands in {other.place("campaign")} too'
            yield Problem(campaign.place("campaign"), what, "rename one of the two")
