"""The number a company is taxed or registered under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from lustrum import Answer, Failed, step
from lustrum_plugins.standardise.country_hint import country_hint
from lustrum_plugins.standardise.id_reading import Number, numbers, refused
from lustrum_plugins.standardise.id_schemes import spellings
from lustrum_plugins.standardise.placeholders import is_placeholder

Part = Literal["tax_id", "tax_id_kind", "tax_id_country"]


@step("standardise.tax_id", writes=lambda options: options["parts"])
def tax_id(
    tax_id: str,
    country: str | None = None,
    *,
    parts: tuple[Part, ...] = ("tax_id",),
    default_country: str | None = None,
) -> Answer[Mapping[str, str]] | Failed:
    """Write the number under which a company is taxed or registered without signs, its checksum verified.

    Of 80 countries: VAT numbers (always with their prefix: DE123456788, EL for Greece), SIREN and SIRET, EIN, ABN,
    GSTIN, CNPJ and the like; and the LEI of all. A prefix tells the country; else it is that of the lead. A VAT number
    without its prefix is one only where no other number of the country looks the same. Labels (“USt-IdNr.:”) go.
    Whether the number has been given to anybody is not looked up.

    Options: `parts` names the fields to write, of `tax_id`, `tax_id_kind` (vat, siren, ein, lei …: the name in its
    country) and `tax_id_country` (empty for an LEI). `default_country` stands in where the lead tells no country.

    Fails with `placeholder`, `country_unknown`, `no_scheme` (we know of no such numbers there), `wrong_checksum` (a
    digit is wrong), `ambiguous` (several kinds, which are the candidates), or `not_a_tax_id`.

    >>> tax_id("USt-IdNr.: de 136 695 976").value, tax_id("732 829 320", "FR", parts=("tax_id_kind",)).value
    ({'tax_id': 'DE136695976'}, {'tax_id_kind': 'siren'})
    >>> tax_id("DE136695977").code, tax_id("123456").code
    ('wrong_checksum', 'country_unknown')
    """
    if is_placeholder(tax_id):
        return Failed("placeholder", "the text only fills the field")
    home = country_hint(country, default_country)
    texts = list(spellings(tax_id))
    found = numbers(texts, home, "company")
    if len({number.kind for number in found}) != 1:
        return refused(texts, found, home, "company")
    return _answer(tax_id, found[0], home, parts)


def _answer(given: str, number: Number, home: str | None, parts: tuple[Part, ...]) -> Answer[Mapping[str, str]]:
    told: dict[Part, str] = {
        "tax_id": number.value,
        "tax_id_kind": number.kind,
        "tax_id_country": number.country,
    }
    abroad = f" of {number.country}" if number.country and number.country != home else ""
    reason = f"{number.kind}{abroad}" if number.value != given or abroad else ""
    return Answer({part: told[part] for part in parts}, reason)
