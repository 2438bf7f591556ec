"""The number a country gives a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from lustrum import Answer, Failed, Skip, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.country_hint import country_hint
from lustrum_plugins.standardise.id_reading import numbers, refused
from lustrum_plugins.standardise.id_schemes import spellings
from lustrum_plugins.standardise.placeholders import is_placeholder

Part = Literal["national_id", "national_id_kind"]

_SHOWN = 4
_MASKED = re.compile(r"\*+\w{4}")


@step("standardise.national_id", writes=lambda options: options["parts"])
def national_id(
    national_id: str,
    country: str | None = None,
    *,
    parts: tuple[Part, ...] = ("national_id",),
    mask: bool = False,
    default_country: str | None = None,
) -> Answer[Mapping[str, str]] | Failed | Skip:
    """Write the number a country gives a person without signs, its checksum verified.

    Of 55 countries (SSN, NIR, PESEL, CPF, codice fiscale, personnummer …), and always in the country of the lead: a
    number alone does not tell it. No message or reason repeats the number; the changes of a run show it as it was
    before, so keep those where such numbers may be kept.

    Options: `mask: true` writes all but the last four signs as `*`. `parts` names the fields to write, of `national_id`
    and `national_id_kind` (ssn, pesel …: the name in its country). `default_country` stands in where the lead tells no
    country.

    Fails with `placeholder`, `country_unknown`, `no_scheme` (we know of no such numbers there), `wrong_checksum`,
    `ambiguous` (several kinds, which are the candidates), or `not_a_national_id`. A number that is masked is skipped.

    >>> national_id("536-90-4399", "US").value, national_id("536-90-4399", "US", mask=True).value
    ({'national_id': '536904399'}, {'national_id': '*****4399'})
    >>> national_id("44051401359", "PL", parts=("national_id_kind",)).value, national_id("44051401358", "PL").code
    ({'national_id_kind': 'pesel'}, 'wrong_checksum')
    """
    if is_placeholder(national_id):
        return Failed("placeholder", "the text only fills the field")
    if _MASKED.fullmatch(one_line(national_id)):
        return Skip("masked")
    home = country_hint(country, default_country)
    texts = list(spellings(national_id))
    found = numbers(texts, home, "person") if home else []
    if len({number.kind for number in found}) != 1:
        return refused(texts, found, home, "person")
    (value, kind) = found[0].value, found[0].kind
    shown = "*" * (len(value) - _SHOWN) + value[-_SHOWN:] if mask else value
    told: dict[Part, str] = {"national_id": shown, "national_id_kind": kind}
    return Answer({part: told[part] for part in parts}, "" if shown == national_id else f"a {kind} of {home}")
