"""The company of a lead: its display name, its legal form, and a key to compare it by."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from lustrum import Failed, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.company_case import repair_company_case
from lustrum_plugins.standardise.legal_forms import find_form
from lustrum_plugins.standardise.placeholders import is_placeholder

_TRADING = re.compile(r"[\s,(]+(?:d/?b/?a/?|d\.b\.a\.|t/a|doing business as|trading as)[\s:]+", re.IGNORECASE)
_EDGES = re.compile(r"^[\s,;:*•·|_-]+|[\s,;:*•·|_–-]+$")
_PAIRS = (('"', '"'), ("'", "'"), ("“", "”"), ("„", "“"), ("«", "»"), ("‘", "’"))
_WEB = re.compile(r"\S+@\S+\.\S+|(?:https?://|www\.)\S+", re.IGNORECASE)
_NO_KEY = re.compile(r"[^\w&]+")


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A company's name in its parts.

    `base` is the name without its legal form, `legal_form` the form as usually written (empty if there is none),
    `key` the base folded for comparing, `trading_as` the name after d/b/a.
    """

    base: str
    legal_form: str
    key: str
    trading_as: str = ""


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

    Fails with `placeholder` (n/a, self, none) or `not_a_company` (an e-mail or web address, a bare number).

    >>> company(' "BLUE LAMP GMBH", '), company("Blue Lamp Aktiengesellschaft", legal_form="standardise")
    ('Blue Lamp GmbH', 'Blue Lamp AG')
    >>> company("S.A. Brightwater Ltd", legal_form="remove"), company("self").code
    ('S.A. Brightwater', 'placeholder')
    """
    before, text = "", _cleaned(company)
    while text != before:
        before, text = text, _standard(text, legal_form, trading_name, case)
    if is_placeholder(text, "company"):
        return Failed("placeholder", "the text names no company")
    if _WEB.fullmatch(text) or (text.isdecimal() and len(text) > 4):
        return Failed("not_a_company", "this is an address or a number, not the name of a company")
    return text


def split_company(name: str) -> CompanyName:
    """Split a company's name into base name, legal form, trading name and match key.

    >>> split_company("The Blue Lamp Co., Ltd.")
    CompanyName(base='The Blue Lamp', legal_form='Co., Ltd.', key='blue lamp', trading_as='')
    >>> split_company("Blue Lamp, Inc. of Ohio d/b/a Lumen").trading_as
    'Lumen'
    """
    legal, trading = _trading(_cleaned(name))
    found = find_form(legal, middle=True)
    base = _unquoted(found.rest) if found else legal
    return CompanyName(base, found.display if found else "", match_key(base), trading)


def match_key(base: str) -> str:
    """Fold a base name so that spellings of one company are equal; for comparing only.

    >>> match_key("The Müller & Söhne"), match_key("Mueller and Sons")
    ('muller and sohne', 'mueller and sons')
    """
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", base.casefold()) if not unicodedata.combining(sign))
    text = _NO_KEY.sub(" ", re.sub(r"[.'’]", "", bare)).replace("&", " and ")
    return unicodedata.normalize("NFC", " ".join(text.split()).removeprefix("the "))


def _standard(text: str, legal_form: str, trading_name: str, case: str) -> str:
    legal, trading = (_cased(part, case) for part in _trading(text))
    if trading and trading_name == "use":
        legal, trading = trading, ""
    legal = _with_form(legal, legal_form)
    shown = f"{legal} d/b/a {_with_form(trading, legal_form)}" if trading and trading_name == "keep" else legal
    return _cleaned(shown)


def _cased(text: str, case: str) -> str:
    return repair_company_case(text) if case == "repair" else text


def _with_form(text: str, legal_form: str) -> str:
    found = find_form(text) if legal_form != "keep" else None
    if found is None:
        return text
    if legal_form == "remove":
        return _unquoted(found.rest)
    if found.where == "front":
        return text.replace(found.text, found.display, 1)
    return text[: text.rindex(found.text)] + found.display


def _trading(text: str) -> tuple[str, str]:
    legal, *rest = _TRADING.split(text, maxsplit=1)
    trading = rest[0].rstrip(")") if rest and "(" in text and "(" not in rest[0] else "".join(rest)
    return (legal, trading) if legal and trading else (text, "")


def _cleaned(text: str) -> str:
    text = one_line(html.unescape(text) if "&" in text and ";" in text else text)
    text = re.sub(r"\s+([,;])", r"\1", re.sub(r",(?=[^\W\d_])", ", ", text))
    text = re.sub(r"([,;])[,;\s]*(?=[,;])", "", text)
    before = ""
    while text != before:
        before, text = text, _unquoted(_EDGES.sub("", text))
    return text


def _unquoted(text: str) -> str:
    for left, right in _PAIRS:
        inner = text[1:-1]
        if (
            len(text) > 2
            and text.startswith(left)
            and text.endswith(right)
            and left not in inner
            and right not in inner
        ):
            return inner.strip()
    return text
