"""What files say of guards: limits on what a run, or one campaign in it, may do at most."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from lustrum.files.limits import AnyLimit, Limit, UpperLimit
from lustrum.files.validation import FileModel, wrong
from lustrum.words.fields import field_name

ANY_FIELD = "*"
"""Every field that has no limit of its own."""


def by_field(named: dict[str, Any]) -> dict[str, Any]:
    """Bring field names to their canonical spelling. Two that meet are an error."""
    found: dict[str, Any] = {}
    for given, value in named.items():
        name = given if given == ANY_FIELD else field_name(given)
        if not name:
            raise wrong(f'"{given}" is no name of a field', "use letters or digits", at=[given])
        if name in found:
            raise wrong(f'"{given}" is the field {name}, which stands here already', "rename one", at=[given])
        found[name] = value
    return found


def _everywhere(value: object) -> object:
    return {ANY_FIELD: value} if isinstance(value, str) else value


FieldLimits = Annotated[dict[str, UpperLimit], BeforeValidator(_everywhere), AfterValidator(by_field)]
"""A limit by field; one alone is for every field by itself."""


class CampaignGuards(FileModel):
    """What the entries of a campaign may do at most; beyond it nothing is applied."""

    quarantined: UpperLimit | None = None
    """Leads in quarantine."""
    changed_leads: UpperLimit | None = None
    """Leads in which anything changes."""
    changed: FieldLimits = Field(default_factory=dict[str, Limit])
    """Leads whose field changes, by field; one limit alone, or `*`, holds for every other field by itself."""
    emptied: FieldLimits = Field(default_factory=dict[str, Limit])
    """Leads whose field had a value and has none afterwards, by field."""


class Guards(CampaignGuards):
    """What a run may do at most; beyond it nothing is applied."""

    above_median: FieldLimits = Field(default_factory=dict[str, Limit])
    """Leads whose field changes, beyond the median of the last runs; by field."""
    rows: AnyLimit | None = None
    """Leads more (`20%`) or fewer (`-20%`) than in the last run."""
    lost_columns: UpperLimit | None = None
    """Columns that the last run wrote and this one does not; none where nothing is said."""
    rejected: UpperLimit | None = None
    """Records of the source that cannot be read; 20% where nothing is said."""
    raised: UpperLimit | None = None
    """Leads for which a step raised; 5% where nothing is said."""
