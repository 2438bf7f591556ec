"""The display name of a lead's company."""

from __future__ import annotations

from typing import Literal

from lustrum import Failed, step
from lustrum_plugins.standardise.company_column import companies_at_once
from lustrum_plugins.standardise.company_text import no_company
from lustrum_plugins.standardise.company_tidy import tidied


@step("standardise.company", vectorised=companies_at_once)
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
    text = tidied(company, legal_form, trading_name, case)
    return no_company(text) or text
