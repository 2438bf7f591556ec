"""The step that infers a lead's country from its other fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from lustrum import Answer, Failed, step
from lustrum_plugins.enrich.country_evidence import Evidence, from_email, from_phone, from_postal_code, from_state
from lustrum_plugins.standardise.country import country_readings
from lustrum_plugins.standardise.country_codes import CountryFormat, countries, written_as

Source = Literal["state", "postal_code", "email", "phone"]

_READERS: dict[Source, Callable[[str], Evidence | None]] = {
    "state": from_state,
    "postal_code": from_postal_code,
    "email": from_email,
    "phone": from_phone,
}


@step("enrich.infer_country", reads=lambda options: ["country", *options["sources"]])
def infer_country(
    country: str | None = None,
    state: str | None = None,
    postal_code: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    *,
    sources: tuple[Source, ...] = ("state", "postal_code", "email", "phone"),
    format: CountryFormat = "alpha_2",  # noqa: A002 - the option's name
) -> Answer | Failed:
    """Infer the country from the state, postal code, e-mail domain and phone where it is not told.

    A country that is told is kept; one that may mean several ("Congo") is settled by the rest. A state counts when
    one country has a state of that name, a postal code when one country writes such codes, a domain when its ending
    is a country's and not sold to everybody (`.io`, `.co`, `.me`), an international number when its calling code is
    not shared (`+1`, `+7`).

    `sources` names the fields that may tell, and only those are read; `format` writes `alpha_2` (IT), `alpha_3`
    (ITA) or the English `name`.

    Fails with `ambiguous` (the fields disagree; candidates are named), `no_evidence`.

    >>> infer_country(phone="+39 02 7200 3000").reason, infer_country(email="a@example.it").reason
    ('from phone +39', 'from e-mail domain .it')
    >>> infer_country(email="a@example.it", phone="+49 30 901820").candidates
    ('DE', 'IT')
    """
    told = country_readings(country) if country else frozenset[str]()
    if len(told) == 1:
        value = written_as(next(iter(told)), format)
        return Answer(value, reason="" if value == country else f"from country “{country}”")
    given: dict[Source, str | None] = {"state": state, "postal_code": postal_code, "email": email, "phone": phone}
    found = list(_evidence({name: given[name] for name in sources}))
    return _verdict(found, told, format)


def _evidence(given: dict[Source, str | None]) -> Iterator[Evidence]:
    for name, text in given.items():
        if text and (evidence := _READERS[name](text)):
            yield evidence


def _verdict(found: list[Evidence], told: frozenset[str], form: CountryFormat) -> Answer | Failed:
    named = {evidence.country for evidence in found}
    if len(named) == 1 and (not told or named <= told):
        reason = ", ".join(f"from {evidence.label}" for evidence in found)
        evidence = {each.source: each.label for each in found}
        return Answer(written_as(named.pop(), form), reason=reason, evidence=evidence)
    candidates = tuple(sorted(named | told))
    if candidates:
        said = [f"{evidence.label} says {countries()[evidence.country].name}" for evidence in found]
        return Failed("ambiguous", "; ".join(said) or "the country named may be several", candidates=candidates)
    return Failed("no_evidence", "neither country, state, postal code, e-mail domain nor phone tells the country")
