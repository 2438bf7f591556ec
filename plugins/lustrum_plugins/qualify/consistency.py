"""`qualify.consistency`: say whether a lead's country, state, postal code, phone and domains go together."""

from __future__ import annotations

from lustrum import Answer, FieldName, step
from lustrum.words.fields import FieldType
from lustrum_plugins.qualify.consistency_pairs import Finding, Lead, findings


@step("qualify.consistency", writes=lambda options: {options["field"]: FieldType.TEXT})
def consistency(
    country: str | None = None,
    state: str | None = None,
    postal_code: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    website: str | None = None,
    *,
    field: FieldName = "consistency",
    mobile: bool = False,
) -> Answer:
    """Say whether country, state, postal code, phone, e-mail and web domain of a lead go together, or which do not.

    Writes `consistent` (something could be compared and nothing disagrees), `unknown` (nothing could be compared), or
    the pairs that disagree, in alphabetical order: `country-phone; country-state`. The reason says why.

    With a country, each other field is compared with it, and the postal code with the state; without one that can be
    read, every two of the others. Only evidence counts: a state that other countries have and this one has not; a
    postal code written so elsewhere, not here; a number in international form that is valid elsewhere, not here; a
    domain that ends in another country's letters. Nothing is said against generic endings (`.com`, `.io`), mailboxes
    of the large providers (`gmx.de`), numbers of no place (toll-free), numbers known to be mobile (people take them
    along), texts that are right nowhere, and a territory and the country it belongs to.

    `field` names the field written; `mobile` counts mobile numbers of another country too.

    >>> consistency("US", "CA", "94105", "+1 415 543 1234").value
    'consistent'
    >>> consistency("US", "Ontario", "94105", "+49 30 901820").value
    'country-phone; country-state'
    >>> consistency("US", "NY", "94105").reason
    'postal code 94105 belongs to US-CA, not US-NY'
    """
    _ = field
    found = findings(Lead(country, state, postal_code, phone, email, website, mobile=mobile))
    against = sorted({finding.pair: finding for finding in found if finding.against}.items())
    if against:
        evidence = {pair: finding.against for pair, finding in against}
        return Answer("; ".join(evidence), reason="; ".join(evidence.values()), evidence=evidence)
    return _nothing_against(found)


def _nothing_against(found: list[Finding]) -> Answer:
    if not found:
        return Answer("unknown", reason="no two fields can be compared")
    return Answer("consistent", reason=f"agree: {', '.join(sorted({finding.pair for finding in found}))}")
