"""The parts of a company's name: the name without its legal form, the form, the trading name, and a match key."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from lustrum import Failed, step
from lustrum_plugins.standardise.company_case import repair_company_case
from lustrum_plugins.standardise.company_text import no_company, plain_company, split_trading_name, unquoted
from lustrum_plugins.standardise.legal_forms import find_form

_THE = re.compile("^(?:the )+")
_NO_KEY = re.compile(r"[^\w&]+")


@dataclass(frozen=True, slots=True)
class CompanyParts:
    """A company's name in its parts; a part it does not have is None, which empties its field."""

    company_base: str
    legal_form: str | None
    company_key: str
    trading_name: str | None = None


@step("standardise.company_parts")
def company_parts(company: str) -> CompanyParts | Failed:
    """Divide a company's name into base name, legal form, trading name and a key to match it by.

    Reads `company`; writes `company_base`, the name without its legal form; `legal_form`, as usually written;
    `company_key`, the base name folded (case, accents, signs and a leading The aside), for comparing only; and
    `trading_name`, the name behind d/b/a. A legal form and a trading name that are not there empty their fields.
    `writes:` gives the fields other names.

    A legal form counts at the end, in front where the country puts it there (PT, ООО, 株式会社), and between words
    where its letters are nothing else (GmbH, LLC). The same letters in a name stay: AS Roma, AB InBev, S.A. Brain.

    Fails with `placeholder` (n/a, self, none) or `not_a_company` (an address, a number, a legal form alone).

    >>> company_parts("The Blue Lamp Co., Ltd.")
    CompanyParts(company_base='The Blue Lamp', legal_form='Co., Ltd.', company_key='blue lamp', trading_name=None)
    >>> company_parts("Blue Lamp, Inc. of Ohio d/b/a Lumen").trading_name, company_parts("GmbH").code
    ('Lumen', 'not_a_company')
    """
    text = plain_company(company)
    if problem := no_company(text):
        return problem
    name, trading = split_trading_name(text)
    base, form = _divided(repair_company_case(name))
    return CompanyParts(base, form or None, match_key(base), repair_company_case(trading) or None)


def match_key(base: str) -> str:
    """Fold a base name so that spellings of one company are equal; for comparing only.

    >>> match_key("The Müller & Söhne"), match_key("Mueller and Sons")
    ('muller and sohne', 'mueller and sons')
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", base).casefold())  # ㎴ holds a capital letter
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    text = _NO_KEY.sub(" ", re.sub(r"[.'’]", "", bare)).replace("&", " and ")
    return unicodedata.normalize("NFC", _THE.sub("", " ".join(text.split())))


def _divided(name: str) -> tuple[str, str]:
    found = find_form(name, middle=True)
    if found is None:
        return name, ""
    inner = find_form(found.rest, middle=True)
    return unquoted(inner.rest if inner else found.rest), found.display
