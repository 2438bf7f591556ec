"""Signs, field by field, that a lead was made up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from lustrum_plugins.qualify.typed_keys import is_one_key, is_run, is_run_of_few
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.email_nobody import is_nobody
from lustrum_plugins.standardise.mail_domains import is_disposable
from lustrum_plugins.standardise.word_tables import fold, rows

Kind = Literal["person", "company", "domain", "mailbox"]

_LONGEST = 200
_DIGITS = 7
_INITIALS = 3
_FICTITIOUS = re.compile(r"(?:1?[2-9]\d\d)?55501\d\d")


@dataclass(frozen=True, slots=True)
class Sign:
    """What speaks against a field, and whether it is enough alone."""

    reason: str
    strong: bool


def name_sign(name: str) -> Sign | None:
    """Look at a whole name.

    >>> name_sign("Max Mustermann").strong, name_sign("John Doe").strong, name_sign("asdfg hjkl").strong
    (True, False, True)
    >>> name_sign("Jack Ma"), name_sign("n/a")
    (None, None)
    """
    text = fold(one_line(name)[:_LONGEST])
    if weight := _weight("person", text):
        return Sign(f"“{one_line(name)}” is an invented name", weight == "strong")
    parts = text.split()
    if len(parts) > 1 and all(_weight("person", part) for part in parts):
        return Sign(f"“{one_line(name)}” is made of words for nobody", strong=True)
    return _typed(parts, f"“{one_line(name)}”") if parts else None


def company_sign(company: str) -> Sign | None:
    """Look at a company's name; none is no sign.

    >>> company_sign("Musterfirma GmbH").strong, company_sign("n/a"), company_sign("AAA"), company_sign("qwertz").strong
    (True, None, None, True)
    """
    text = fold(one_line(company)[:_LONGEST])
    if weight := _weight("company", text):
        return Sign(f"company “{one_line(company)}” is invented", weight == "strong")
    return _typed(text.split(), f"company “{one_line(company)}”") if len(text) > _INITIALS else None


def email_sign(email: str) -> Sign | None:
    """Look at an e-mail address.

    >>> email_sign("test@test.com").strong, email_sign("test@acme.com").strong, email_sign("ann@acme.com")
    (True, False, None)
    """
    text = one_line(email)[:_LONGEST].lower()
    local, at, domain = text.rpartition("@")
    if not at:
        return None
    if is_nobody(text) or is_run(local) or _weight("domain", domain):
        return Sign(f"{text} reaches nobody", strong=True)
    if _weight("mailbox", local) or is_run_of_few(local) or (len(local) > 1 and is_one_key(local)):
        return Sign(f"{text} is a name for trying out", strong=False)
    return Sign(f"{domain} is thrown away after use", strong=False) if is_disposable(domain) else None


def phone_sign(phone: str) -> Sign | None:
    """Look at a phone number.

    >>> phone_sign("000-000-0000").strong, phone_sign("(212) 555-0123").strong, phone_sign("12345").strong
    (True, True, False)
    >>> phone_sign("n/a"), phone_sign("415 543 1234"), phone_sign("+49 30 901820")
    (None, None, None)
    """
    digits = "".join(str(int(sign)) for sign in one_line(phone)[:_LONGEST] if sign.isdecimal())
    if not digits:
        return None
    if len(set(digits)) == 1 or digits in "01234567890123456789" or digits in "09876543210":
        return Sign(f"phone {digits} is one key or a row of keys", strong=len(digits) >= _DIGITS)
    if _FICTITIOUS.fullmatch(digits):
        return Sign(f"phone {digits} is kept for films", strong=True)
    return None


def _typed(parts: list[str], what: str) -> Sign | None:
    """Look at how words were typed: on one key, or along a row of the keyboard."""
    if any(is_run(part) for part in parts) or any(is_one_key(part) for part in parts if len(part) > _INITIALS):
        return Sign(f"{what} is typed along the keyboard", strong=True)
    if any(is_run_of_few(part) for part in parts) or all(is_one_key(part) for part in parts):
        return Sign(f"{what} looks like keys hit at random", strong=False)
    return None


def _weight(kind: Kind, text: str) -> str | None:
    return _invented(kind).get(text)


@cache
def _invented(kind: Kind) -> Mapping[str, str]:
    return {fold(row["text"]): row["weight"] for row in rows("invented_words") if row["kind"] == kind}
