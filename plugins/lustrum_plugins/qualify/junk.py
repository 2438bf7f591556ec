"""`qualify.junk`: say whether a lead was made up to get past a form."""

from __future__ import annotations

from dataclasses import dataclass

from lustrum import Answer, Skip, step
from lustrum_plugins.qualify.junk_signs import Sign, company_sign, email_sign, name_sign, phone_sign

_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Junk:
    """Whether the lead is junk, and what says so."""

    junk: bool
    junk_reason: str | None = None


@step("qualify.junk")
def junk(
    first_name: str | None = None,
    last_name: str | None = None,
    company: str | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> Answer[Junk] | Skip:
    """Say whether a lead was made up, and by which signs; the fields stay as they are.

    A lead is `junk` by one strong sign (test@test.com, Mickey Mouse, asdfgh, 000-000-0000, Musterfirma GmbH) or by weak
    ones (John Doe, a mailbox that is thrown away, keys of one row) in two fields, of which first and last name are
    one. Alone, a weak sign says nothing: Null, Test and Doe are real surnames, and Ng is a whole one. A field that is
    only filled (`n/a`, `Select`) is not told, and no sign at all. `junk_reason` names the signs; it is emptied where
    there is nothing to say.

    A lead of which nothing is told is skipped.

    >>> junk("Mickey", "Mouse").value.junk_reason, junk("Ann", "Null", email="ann.null@acme.com").value.junk
    ('“Mickey Mouse” is an invented name', False)
    >>> junk("John", "Doe", phone="12345").value.junk, junk("John", "Doe", phone="415 543 1234").value.junk
    (True, False)
    """
    told = [first_name, last_name, company, email, phone]
    if not any(text and not text.isspace() for text in told):
        return Skip("nothing_told")
    name = " ".join(text for text in (first_name, last_name) if text)
    found = (name_sign(name), company_sign(company or ""), email_sign(email or ""), phone_sign(phone or ""))
    signs = [sign for sign in found if sign is not None]
    reason = "; ".join(sign.reason for sign in signs)
    verdict = _is_junk(signs)
    return Answer(Junk(verdict, reason if verdict else None), reason or "no sign of an invented lead")


def _is_junk(signs: list[Sign]) -> bool:
    return any(sign.strong for sign in signs) or len(signs) >= _ENOUGH
