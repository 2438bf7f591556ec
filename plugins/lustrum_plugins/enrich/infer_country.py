"""The step that infers a lead's country from its other fields."""

from __future__ import annotations

from typing import Literal

from lustrum import Answer, Failed, step
from lustrum_plugins.enrich.country_verdict import Given, Told, verdict
from lustrum_plugins.standardise.country_codes import CountryFormat

Source = Literal["state", "city", "postal_code", "phone", "email", "website", "language"]
_SOURCES: tuple[Source, ...] = ("state", "city", "postal_code", "phone", "email", "website", "language")


@step("enrich.infer_country", reads=lambda options: ["country", *options["sources"]])
def infer_country(
    country: str | None = None,
    state: str | None = None,
    postal_code: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    city: str | None = None,
    website: str | None = None,
    language: str | None = None,
    *,
    sources: tuple[Source, ...] = _SOURCES,
    format: CountryFormat = "alpha_2",  # noqa: A002 - the option's name
) -> Answer | Failed:
    """Infer the country from the rest of the lead where it is not told, or told so that it may be several.

    A country that is told is kept. One that may be several ("Congo", "San Diego, CA") is settled by the rest, and so
    is a name that is also a state's ("Georgia"). Every field allows some countries: a state those that have one of
    that name or abbreviation, a city those with a large city of that name, a postal code those that write such codes,
    a phone in international form those where the number is valid, an e-mail or web domain the one its ending stands
    for, unless it is sold to everybody (`.io`, `.co`, `.me`). The answer is the one country all of them allow. Digits
    alone of a postal code and the language (a tag such as `de-AT`) only choose between countries already named.

    The evidence names what each field says; the certainty grows with the number of fields that agree.

    `sources` names the fields that may tell, and only those are read; `format` writes `alpha_2` (IT), `alpha_3`
    (ITA) or the English `name`.

    Fails with `ambiguous` (fields disagree, or leave several; the candidates are ranked by the fields that allow
    them), `no_evidence`.

    >>> infer_country(phone="+39 02 7200 3000").reason, infer_country(email="a@example.it").reason
    ('from phone +39', 'from e-mail domain .it')
    >>> infer_country("Georgia", phone="+995 32 298 6000").value, infer_country("Georgia", state="GA").value
    ('GE', 'US')
    >>> infer_country(email="a@example.it", phone="+49 30 901820").candidates
    ('DE', 'IT')
    """
    given: dict[Source, str | None] = {
        "state": state,
        "city": city,
        "postal_code": postal_code,
        "phone": phone,
        "email": email,
        "website": website,
        "language": language,
    }
    return verdict(Told.read(country, format), Given({name: given[name] or "" for name in sources}), format)
