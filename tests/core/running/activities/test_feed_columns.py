"""Which column of a feed says what."""

from __future__ import annotations

import pytest

from lustrum.running.activities.feed_columns import FeedColumns, find_columns
from lustrum.words.errors import SourceError

MARKETO = [
    *("marketoGUID", "leadId", "activityDate", "activityTypeId", "campaignId"),
    *("primaryAttributeValueId", "primaryAttributeValue", "attributes"),
]


def test_generic_columns_are_known_by_their_names_the_others_are_attributes() -> None:
    header = ["id", "Lead", "TYPE", "At", "Web Page", "name", "attributes", "email"]
    others = {"web_page": "Web Page", "email": "email"}
    assert find_columns(header, "email", "f") == FeedColumns("Lead", "TYPE", "At", "id", "name", "attributes", others)


def test_those_of_marketos_bulk_export_are_known() -> None:
    others = {"campaign_id": "campaignId", "primary_attribute_value_id": "primaryAttributeValueId"}
    assert find_columns(MARKETO, "id", "f") == FeedColumns(
        *("leadId", "activityTypeId", "activityDate", "marketoGUID", "primaryAttributeValue", "attributes", others),
        is_marketo=True,
    )


@pytest.mark.parametrize(
    ("header", "key", "lead", "activity", "others"),
    [
        (["id", "type", "at"], "id", "id", None, set[str]()),
        (["id", "e-mail", "type", "at"], "e_mail", "e-mail", "id", set[str]()),
        (["id", "lead", "e-mail", "type", "at"], "e_mail", "lead", "id", {"e_mail"}),
        (["leadId", "activityDate", "activityTypeId", "Email"], "email", "Email", None, {"lead_id"}),
        (["leadId", "activityDate", "activityTypeId", "marketoGUID"], "id", "leadId", "marketoGUID", set[str]()),
        (["lead", "type", "at"], None, "lead", None, set[str]()),
        (["lead", "type", "at"], "lead", "lead", None, set[str]()),
    ],
)
def test_the_lead_may_be_named_as_the_projects_key(
    header: list[str], key: str | None, lead: str, activity: str | None, others: set[str]
) -> None:
    found = find_columns(header, key, "f")
    assert (found.lead, found.id, set(found.others)) == (lead, activity, others)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (["id", "lead", "type"], "feed.csv: no column says the time of an activity; write id, lead, type, at"),
        (["when", "what"], "feed.csv: no column says the lead and the type and the time of an activity"),
        (["id", "type", "at"], "no column says the lead"),
        (["lead", "type", "at", "At"], 'the headers "at" and "At" are both at; rename one'),
        (["lead", "type", "at", "?"], 'the header "?" has no letter or digit; name the column'),
    ],
)
def test_what_cannot_be_understood_is_told(header: list[str], message: str) -> None:
    with pytest.raises(SourceError, match=message.replace("?", r"\?")):
        find_columns(header, "email", "feed.csv")
