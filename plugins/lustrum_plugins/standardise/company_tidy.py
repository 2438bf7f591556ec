"""A company's name made tidy: its parts in their case, its legal form and trading name as asked for."""

from __future__ import annotations

from lustrum_plugins.standardise.company_case import repair_company_case
from lustrum_plugins.standardise.company_text import plain_company, split_trading_name, unquoted
from lustrum_plugins.standardise.legal_forms import find_form


def tidied(company: str, legal_form: str = "keep", trading_name: str = "keep", case: str = "repair") -> str:
    """Tidy a name until nothing changes any more; the options are those of the step `standardise.company`.

    >>> tidied(' "BLUE LAMP GMBH", '), tidied("blue lamp ltd", "remove")
    ('Blue Lamp GmbH', 'Blue Lamp')
    """
    before, text = "", plain_company(company)
    while text != before:
        before, text = text, _standard(text, legal_form, trading_name, case)
    return text


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
