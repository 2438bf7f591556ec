"""Comparing a lead's fields two by two: what each says of the country, and whether that goes together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from lustrum_plugins.enrich import country_evidence
from lustrum_plugins.enrich.country_evidence import Evidence
from lustrum_plugins.enrich.country_verdict import Told
from lustrum_plugins.qualify import consistency_fields as fields
from lustrum_plugins.qualify.consistency_fields import Countries
from lustrum_plugins.standardise.place_text import tidy
from lustrum_plugins.standardise.postal_formats import clean
from lustrum_plugins.standardise.state_text import by_name
from lustrum_plugins.standardise.subdivisions import postal_areas

_READERS: Mapping[str, Callable[[str], Evidence | None]] = {
    "email": country_evidence.from_email,
    "phone": country_evidence.from_phone,
    "postal_code": country_evidence.from_postal_code,
    "state": country_evidence.from_state,
    "website": country_evidence.from_website,
}


@dataclass(frozen=True, slots=True)
class Lead:
    """The fields compared; `mobile` counts mobile numbers of another country as a contradiction."""

    country: str | None
    state: str | None
    postal_code: str | None
    phone: str | None
    email: str | None
    website: str | None
    mobile: bool = False

    def text(self, name: str) -> str:
        """Give what a field tells, or nothing."""
        return fields.told(getattr(self, name))


@dataclass(frozen=True, slots=True)
class Finding:
    """Two fields that could be compared; `against` says why they do not go together, or nothing."""

    pair: str
    against: str = ""


def findings(lead: Lead) -> list[Finding]:
    """Compare the fields of a lead; pairs of which one tells nothing are left out.

    >>> [finding.pair for finding in findings(Lead("US", "TX", None, None, "ann@example.de", None))]
    ['country-state', 'country-email']
    """
    home = Told.read(lead.country, "alpha_2").perhaps
    return [*_with_country(lead, home), *_state_with_postal_code(lead, home)] if home else list(_with_each_other(lead))


def _with_country(lead: Lead, home: Countries) -> Iterator[Finding]:
    said = {
        "state": fields.against_state(lead.text("state"), home),
        "postal_code": fields.against_postal_code(lead.text("postal_code"), home),
        "phone": fields.against_phone(lead.text("phone"), home, mobile=lead.mobile),
        "email": fields.against_email(lead.text("email"), home),
        "website": fields.against_website(lead.text("website"), home),
    }
    for name, against in said.items():
        if against is not None and lead.text(name):
            yield Finding(f"country-{name}", against)


def _state_with_postal_code(lead: Lead, home: Countries) -> Iterator[Finding]:
    for country in home if len(home) == 1 else ():
        areas, code = postal_areas(country), clean(lead.text("postal_code"))
        states = by_name(lead.text("state"), country) & areas.keys()
        if states and any(character.isdigit() for character in code) and fields.fits(code, country):
            others = sorted(state for state, area in areas.items() if area.match(code))
            if states.intersection(others):
                yield Finding("postal_code-state")
            elif others:
                yield Finding("postal_code-state", _belongs(lead.text("postal_code"), others, sorted(states)))


def _belongs(postal_code: str, others: list[str], states: list[str]) -> str:
    return f"postal code {tidy(postal_code)} belongs to {' or '.join(others)}, not {' or '.join(states)}"


def _with_each_other(lead: Lead) -> Iterator[Finding]:
    found = {name: reader(lead.text(name)) for name, reader in _READERS.items() if lead.text(name)}
    told = {name: evidence for name, evidence in found.items() if evidence is not None}
    for (first, one), (second, other) in combinations(told.items(), 2):
        if fields.related(one.countries) & other.countries:
            yield Finding(f"{first}-{second}")
        elif not _goes_along(lead, first) and not _goes_along(lead, second):
            yield Finding(f"{first}-{second}", f"{_said(one)}, {_said(other)}")


def _goes_along(lead: Lead, name: str) -> bool:
    if name == "phone":
        return not lead.mobile and fields.is_mobile(lead.text(name))
    return name == "email" and fields.is_mailbox_provider(lead.text(name))


def _said(evidence: Evidence) -> str:
    return f"{evidence.label} is of {evidence.names}"
