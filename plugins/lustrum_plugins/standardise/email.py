"""The e-mail address of a lead, as it can be sent to."""

from __future__ import annotations

from typing import Literal

from lustrum import Answer, Failed, step
from lustrum_plugins.standardise.email_column import emails_at_once
from lustrum_plugins.standardise.email_key import read_address
from lustrum_plugins.standardise.email_nobody import is_nobody
from lustrum_plugins.standardise.email_text import addresses_in, plain_email
from lustrum_plugins.standardise.mail_domains import is_disposable, suggest_domain
from lustrum_plugins.standardise.placeholders import is_placeholder


@step("standardise.email", vectorised=emails_at_once)
def email(
    email: str,
    *,
    repair: bool = True,
    lower_local: bool = False,
    domain: Literal["unicode", "ascii"] = "unicode",
    fix_typos: bool = False,
    known_domains: tuple[str, ...] = (),
    disposable: Literal["allow", "fail"] = "allow",
    placeholders: Literal["fail", "empty", "keep"] = "fail",
) -> str | Answer[str] | Failed | None:
    """Write an e-mail address without what surrounds it, with its domain in lower case.

    `mailto:`, `Name <address>`, quotes, brackets, notes in brackets, closing punctuation, HTML entities, full-width
    letters and `(at)` are taken off; the part before the `@` keeps its case. A clear typing error in the domain
    (gmial.com) is named in the reason and left as it is.

    Options: `repair: false` accepts only what is an address as it stands, blanks included. `lower_local: true` lowers
    the part before the `@` too. `domain: ascii` writes international domains as xn--…. `fix_typos: true` corrects a
    mistyped domain; `known_domains` are looked for beside the large providers (your customers', your own).
    `disposable: fail` refuses throw-away mailboxes. `placeholders: empty` empties a field that is only filled, `keep`
    takes test@test.com for the address that it is.

    Fails with `placeholder` (test@test.com, n/a), `ambiguous` (several addresses, which are the candidates),
    `disposable`, or `not_an_email` (with the address that was probably meant as candidate).

    >>> email("Jo Doe <Jo.Doe@Example.COM>"), email("mailto:jo@example.com?subject=Hi")
    ('Jo.Doe@example.com', 'jo@example.com')
    >>> email("jo@gmial.com", fix_typos=True).value, email("jo@example").code
    ('jo@gmail.com', 'not_an_email')
    """
    text = plain_email(email) if repair else email
    found = addresses_in(text) if repair else ()
    if len(found) > 1:
        return Failed("ambiguous", f"the cell holds {len(found)} addresses; keep one", found)
    address = read_address(found[0] if found else text, domain)
    if placeholders != "keep" and _stands_for_nobody(text, address):
        return None if placeholders == "empty" else Failed("placeholder", "the text only fills the field")
    if isinstance(address, Failed):
        return _meant(text, address, fix_typos, known_domains)
    if disposable == "fail" and is_disposable(address.rpartition("@")[2]):
        return Failed("disposable", f"{address.rpartition('@')[2]} hands out mailboxes to throw away")
    return _judged(address.lower() if lower_local else address, fix_typos, known_domains)


def _stands_for_nobody(text: str, address: str | Failed) -> bool:
    return is_placeholder(text, "email") or (isinstance(address, str) and is_nobody(address))


def _meant(text: str, failed: Failed, fix_typos: bool, known: tuple[str, ...]) -> Answer[str] | Failed:
    local, _, domain = text.rpartition("@")
    suggested = suggest_domain(domain, known) if local and domain else None
    address = read_address(f"{local}@{suggested}") if suggested else failed
    if isinstance(address, Failed):
        return failed
    if fix_typos:
        return Answer(address, reason=f"domain {domain} corrected to {suggested}")
    return Failed(failed.code, failed.message, (address,))


def _judged(address: str, fix_typos: bool, known: tuple[str, ...]) -> str | Answer[str]:
    local, _, domain = address.rpartition("@")
    meant = suggest_domain(domain, known)
    if meant is None:
        return address
    if not fix_typos:
        return Answer(address, reason=f"did you mean {meant}?")
    return Answer(f"{local}@{meant}", reason=f"domain {domain} corrected to {meant}")
