"""The display name of a lead's company."""

from __future__ import annotations

from typing import Literal

from lustrum import Failed, step
from lustrum_plugins.standardise.company_case import repair_company_case
from lustrum_plugins.standardise.company_text import no_company, plain_company, split_trading_name, unquoted
from lustrum_plugins.standardise.legal_forms import find_form


@step("standardise.company")
def company(
    company: str,
    *,
    legal_form: Literal["keep", "standardise", "remove"] = "keep",
    trading_name: Literal["keep", "use", "drop"] = "keep",
    case: Literal["repair", "keep"] = "repair",
) -> str | Failed:
    """Clean the display name of a company: spaces, stray quotes and commas, the case of shouted names.

    Words are never shortened. Case is repaired only where the whole name is in capitals or in small letters; acronyms
    and short words that may be acronyms stay.

    Options: `legal_form: standardise` writes the legal form in its usual way (Aktiengesellschaft as AG), `remove`
    leaves it out; either only at the end of the name, or in front where the country puts it there (PT, ООО, 株式会社).
    `trading_name` says what to do with a name after d/b/a: `keep` both, `use` only it, or `drop` it. `case: keep`
    leaves the case alone.

    Fails with `placeholder` (n/a, self, none) or `not_a_company` (an e-mail or web address, a bare
    number, a legal form alone).

    >>> company(' "BLUE LAMP GMBH", '), company("Blue Lamp Aktiengesellschaft", legal_form="standardise")
    ('Blue Lamp GmbH', 'Blue Lamp AG')
    >>> company("S.A. Brightwater Ltd", legal_form="remove"), company("self").code
    ('S.A. Brightwater', 'placeholder')
    """
    before, text = "", plain_company(company)
    while text != before:
        before, text = text, _standard(text, legal_form, trading_name, case)
    return no_company(text) or text


def _standard(text: str, legal_form: str, trading_name: str, case: str) -> str:
    legal, trading = (_cased(part, case) for part in split_trading_name(text))
    if trading and trading_name == "use":
        legal, trading = trading, ""
    legal = _with_form(legal, legal_form)
    shown = f"{legal} d/b/a {_with_form(trading, legal_form)}" if trading and trading_name == "keep" else legal
    return plain_company(shown)


def _cased(text: str, case: str) -> str:
    return repair_company_case(text) if case == "repair" else text


def _with_form(text: str, legal_form: str) -> str:
    found = find_form(text) if legal_form != "keep" else None
    if found is None:
        return text
    if legal_form == "remove":
        return unquoted(found.rest)
    if found.where == "front":
        return text.replace(found.text, found.display, 1)
    return text[: text.rindex(found.text)] + found.display
