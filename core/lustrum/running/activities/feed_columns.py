"""Which column of a feed of activities says what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lustrum.words.errors import SourceError
from lustrum.words.fields import field_name

_MARKED = {"leadid", "activitytypeid", "activitydate"}
_MARKETO = {
    "leadid": "lead",
    "activitytypeid": "type",
    "activitydate": "at",
    "marketoguid": "id",
    "primaryattributevalue": "name",
    "primaryattributevalueid": "primary_attribute_value_id",
    "campaignid": "campaign_id",
    "actionresult": "action_result",
}
_OWN = {"id", "lead", "type", "at", "name", "attributes"}
_REMEDY = "write id, lead, type, at and attributes, or Marketo's marketoGUID, leadId, activityDate, activityTypeId, …"


@dataclass(frozen=True, slots=True)
class FeedColumns:
    """The columns of a feed by what they say; `others` are attributes, by their canonical names.

    `is_marketo` says whether it is laid out as Marketo's bulk export of activities.
    """

    lead: str
    type: str
    at: str
    id: str | None = None
    name: str | None = None
    attributes: str | None = None
    others: Mapping[str, str] = field(default_factory=dict[str, str])
    is_marketo: bool = False


def find_columns(header: Sequence[str], key: str | None, location: str) -> FeedColumns:
    """Find out what the columns of a feed say, for a project with this key. Raises `SourceError`.

    >>> find_columns(["leadId", "activityDate", "activityTypeId", "campaignId"], "id", "feed.csv").others
    {'campaign_id': 'campaignId'}
    >>> find_columns(["id", "Email", "type", "at", "page"], "email", "feed.csv").lead
    'Email'
    """
    named = _with_lead(_named(header, location), key)
    missing = [name for name in ("lead", "type", "at") if name not in named]
    if missing:
        parts = " and the ".join({"at": "time"}.get(name, name) for name in missing)
        raise SourceError(f"{location}: no column says the {parts} of an activity; {_REMEDY}")
    return FeedColumns(
        lead=named.pop("lead"),
        type=named.pop("type"),
        at=named.pop("at"),
        id=named.pop("id", None),
        name=named.pop("name", None),
        attributes=named.pop("attributes", None),
        others=named,
        is_marketo=_is_marketo(header),
    )


def _named(header: Sequence[str], location: str) -> dict[str, str]:
    """Name the columns by what they say."""
    plain = [field_name(column) for column in header]
    names = _MARKETO if _is_marketo(header) else {}
    found: dict[str, str] = {}
    for column, name in zip(header, plain, strict=True):
        meant = names.get(name, name)
        if not meant:
            raise SourceError(f'{location}: the header "{column}" has no letter or digit; name the column')
        if meant in found:
            raise SourceError(f'{location}: the headers "{found[meant]}" and "{column}" are both {meant}; rename one')
        found[meant] = column
    return found


def _is_marketo(header: Sequence[str]) -> bool:
    return {field_name(column) for column in header} >= _MARKED


def _with_lead(named: dict[str, str], key: str | None) -> dict[str, str]:
    """Take the column named as the project's key for the lead where there is none, or only Marketo's own id."""
    if key is None or key not in named or key in _OWN - {"id"}:
        return named
    if "lead" not in named:
        return {"lead" if name == key else name: column for name, column in named.items()}
    if field_name(named["lead"]) == "lead" or key == "id":
        return named
    swapped = {"lead": "lead_id", key: "lead"}
    return {swapped.get(name, name): column for name, column in named.items()}
