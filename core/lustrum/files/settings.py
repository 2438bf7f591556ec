"""What lustrum.yaml says: the settings of a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from lustrum.files.flow import Defaults
from lustrum.files.guards import Guards, by_field
from lustrum.files.limits import Limit, UpperLimit
from lustrum.files.my_tokens import MyTokens
from lustrum.files.validation import Count, Duration, FileModel, Text, wrong
from lustrum.files.validation import Field as FieldName
from lustrum.words.durations import parse_duration
from lustrum.words.fields import FieldType
from lustrum.words.nearest import did_you_mean


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except (LookupError, ValueError) as error:
        raise wrong(f'"{name}" is no encoding of text', "write one such as utf-8, windows-1252 or utf-16") from error
    return name


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        nearest = did_you_mean(name, available_timezones())
        raise wrong(f'there is no time zone "{name}"', nearest or "write one such as Europe/Berlin") from error
    return name


def _single(text: str) -> str:
    if text == "tab":
        return "\t"
    if len(text) != 1:
        raise wrong(f'must be one character, not "{text}"', subject=True)
    return text


def _names(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _spec(value: object) -> object:
    return {"type": value} if isinstance(value, str) else value


Single = Annotated[Text, AfterValidator(_single)]


class Leads(FileModel):
    """Where the leads come from and go to."""

    from_: Text = Field(alias="from")
    """The source: a file of the project or an address."""
    to: Text
    """The sink."""
    key: FieldName | None = None
    """The field that tells leads apart; left out, the row number does."""
    encoding: Annotated[Text, AfterValidator(_encoding)] | None = None
    """The encoding of the source; left out, it is found."""
    write_encoding: Annotated[Text, AfterValidator(_encoding)] | None = None
    """The encoding of the output; left out, that of the source."""
    delimiter: Single | None = None
    """What separates the cells; left out, it is found."""
    quote: Single | None = None
    """What stands around quoted cells; left out, it is found."""

    @property
    def dialect(self) -> dict[str, str]:
        """The options of the source that are declared, so need not be found."""
        declared = {"encoding": self.encoding, "delimiter": self.delimiter, "quote": self.quote}
        return {name: value for name, value in declared.items() if value is not None}


class FieldSpec(FileModel):
    """A field that is not text, is new, or has another name in the source."""

    column: Text | None = None
    """Its header in the source."""
    type: Annotated[FieldType, WithJsonSchema({"enum": [kind.value for kind in FieldType]})] = FieldType.TEXT
    """What its cells are."""


def _fields(specs: dict[str, FieldSpec]) -> dict[str, FieldSpec]:
    seen: dict[str, str] = {}
    for name, spec in specs.items():
        if spec.column in seen:
            what = f'the column "{spec.column}" is that of {seen[spec.column]} already'
            raise wrong(what, "give one of them another column", at=[name, "column"])
        if spec.column is not None:
            seen[spec.column] = name
    return by_field(specs)


class Allow(FileModel):
    """What a run may leave behind and still be done (exit code 0)."""

    quarantined: UpperLimit = Field(default=Limit.parse("0"), json_schema_extra={"default": "0"})
    """Leads in quarantine."""


def _at_least_a_second(length: str) -> str:
    if parse_duration(length).total_seconds() < 1:
        raise wrong(f'"{length}" leaves no time for anything', "write 1s or more")
    return length


Patience = Annotated[Duration, AfterValidator(_at_least_a_second)]


class Limits(FileModel):
    """How long a worker may be at something before it is ended."""

    step: Patience = "60s"
    """A step over one input, or over a thousand leads at once."""
    batch: Patience = "6h"
    """A batch."""

    @property
    def seconds(self) -> tuple[float, float]:
        """Both in seconds."""
        return parse_duration(self.step).total_seconds(), parse_duration(self.batch).total_seconds()


class Journal(FileModel):
    """What the journal keeps, and how long."""

    originals: Count = 7
    """Applied runs whose replaced files are kept, so that they can be taken back as a whole."""
    details: Duration = "400 days"
    """How long `lustrum journal prune` leaves the details of a run: what `why` and `diff` tell."""


class Activities(FileModel):
    """Where the feed of activities comes from."""

    from_: Text = Field(alias="from")
    """The feed: a CSV or Parquet file of the project or an address."""
    attributes: Annotated[
        dict[str, Annotated[FieldType, WithJsonSchema({"enum": [kind.value for kind in FieldType]})]],
        AfterValidator(by_field),
    ] = Field(default_factory=dict[str, FieldType])
    """Attributes of activities that are not text."""


def _programs(programs: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    for name, statuses in programs.items():
        if not statuses:
            raise wrong(f'the program "{name}" has no statuses', "list them, from the first to the last", at=[name])
        spellings = [status.lower() for status in statuses]
        twice = next((status for status in reversed(statuses) if spellings.count(status.lower()) > 1), None)
        if twice:
            raise wrong(f'the status "{twice}" stands twice, case ignored', "remove one", at=[name])
    return programs


class Plugins(FileModel):
    """Which plugins are not loaded, and what the others are told."""

    disabled: tuple[Text, ...] = ()
    """Names of plugins that are not imported."""
    settings: dict[str, dict[str, Any]] = Field(default_factory=dict[str, dict[str, Any]])
    """Settings by plugin."""


class ProjectSettings(FileModel):
    """One project: where leads come from and go to, what they are, and what a run may do."""

    leads: Leads
    """Where the leads come from and go to."""
    run: Annotated[tuple[Text, ...], BeforeValidator(_names)] = ()
    """The campaign or campaigns `lustrum run` runs."""
    my: MyTokens = Field(default_factory=dict[str, str])
    """Tokens of the project; a campaign's own value wins."""
    lists: tuple[Text, ...] = ()
    """Static lists; each is a boolean field, `list.NAME`."""
    programs: Annotated[dict[str, tuple[Text, ...]], AfterValidator(_programs)] = Field(
        default_factory=dict[str, tuple[str, ...]]
    )
    """Programs and their statuses, from the first to the last; each is a text field, `status.NAME`."""
    smart_lists: dict[str, Any] = Field(default_factory=dict[str, Any])
    """Conditions by name, for `member of smart list: NAME`."""
    activities: Activities | None = None
    """Where the feed of activities comes from."""
    fields: Annotated[
        dict[str, Annotated[FieldSpec, BeforeValidator(_spec)]],
        AfterValidator(_fields),
    ] = Field(default_factory=dict[str, FieldSpec])
    """Fields that are not text, are new, or have another name in the source."""
    defaults: Defaults = Defaults.model_construct()
    """What holds for every entry that does not say otherwise."""
    allow: Allow = Allow.model_construct()
    """What a run may leave behind and still be done."""
    guards: Guards = Guards.model_construct()
    """What a run may do at most."""
    limits: Limits = Limits.model_construct()
    """How long a worker may be at something before it is ended."""
    journal: Journal = Journal.model_construct()
    """What the journal keeps, and how long."""
    timezone: Annotated[Text, AfterValidator(_timezone)] = "UTC"
    """The zone of dates and times without one (IANA)."""
    plugins: Plugins = Plugins.model_construct()
    """Which plugins are not loaded, and what the others are told."""

    @property
    def activity_attributes(self) -> Mapping[str, FieldType]:
        """The types of the attributes of activities that are not text."""
        return self.activities.attributes if self.activities else {}
