"""The e-mail address of a lead, as it can be sent to."""

from __future__ import annotations

import re
from typing import Literal

from lustrum import Answer, Failed, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.mail_domains import is_disposable, providers, suggest_domain
from lustrum_plugins.standardise.placeholders import is_placeholder

_MAILTO = re.compile(r"^(?:mailto|e-?mail|mail)\s*:\s*(?:mailto:)?", re.IGNORECASE)
_NAMED = re.compile(r"^[^<>@]*<\s*([^<>]+?)\s*>[\s.,;]*$")
_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\{at\}|＠|@)\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*(?:\(dot\)|\[dot\]|\{dot\})\s*", re.IGNORECASE)
_COMMA_ENDING = re.compile(r"(@[\w-]+(?:\.[\w-]+)*),(com|net|org|de|fr|uk|it|es|nl|ch|at|eu)$", re.IGNORECASE)
_PAIRS = (("'", "'"), ('"', '"'), ("<", ">"), ("(", ")"), ("[", "]"), ("“", "”"), ("‘", "’"))
_ADDRESS = re.compile(r"[^\s<>,;:/|()\[\]\"@]+@[^\s<>,;:/|()\[\]\"@]+")
_NOBODY = frozenset({"noemail", "no-email", "no.email", "no_email", "nomail", "no-mail", "notprovided", "donthave"})
_SAME_TWICE = frozenset(
    {"a", "aa", "aaa", "abc", "asd", "asdf", "blah", "email", "fake", "foo", "mail", "me", "na", "no", "noemail"}
    | {"nomail", "none", "null", "qwerty", "test", "testing", "unknown", "x", "xx", "xxx", "xyz"}
)


@step("standardise.email")
def email(
    email: str,
    *,
    repair: bool = True,
    lower_local: bool = False,
    domain: Literal["unicode", "ascii"] = "unicode",
    fix_typos: bool = False,
    disposable: Literal["allow", "fail"] = "allow",
) -> str | Answer[str] | Failed:
    """Write an e-mail address without what surrounds it, with its domain in lower case.

    `mailto:`, `Name <address>`, quotes, brackets, closing punctuation and `(at)` are taken off; the part before the
    `@` keeps its case. A clear typing error in the domain (gmial.com) is named in the reason and left as it is.

    Options: `repair: false` accepts only what is an address as it stands. `lower_local: true` lowers the part before
    the `@` too. `domain: ascii` writes international domains as xn--…. `fix_typos: true` corrects a mistyped domain.
    `disposable: fail` refuses throw-away mailboxes.

    Fails with `placeholder` (test@test.com, n/a), `several_addresses` (with the addresses as candidates),
    `disposable`, or `not_an_email` (with the address that was probably meant as candidate).

    >>> email("Jo Doe <Jo.Doe@Example.COM>"), email("mailto:jo@example.com?subject=Hi")
    ('Jo.Doe@example.com', 'jo@example.com')
    >>> email("jo@gmial.com", fix_typos=True).value, email("jo@example").code
    ('jo@gmail.com', 'not_an_email')
    """
    text = _cleaned(email) if repair else email
    if is_placeholder(text, "email"):
        return Failed("placeholder", "the text only fills the field")
    found = _several(text) if repair and text.count("@") > 1 else None
    if isinstance(found, Failed):
        return found
    address = _checked(found or text, domain)
    if isinstance(address, Failed):
        meant = _mistyped(text, address)
        return (
            meant if fix_typos or isinstance(meant, Failed) else Failed(address.code, address.message, (meant.value,))
        )
    return _judged(address.lower() if lower_local else address, fix_typos, disposable)


def match_key(address: str) -> str:
    """Fold an address so that spellings that reach the same mailbox are equal; for comparing, never for sending.

    Lower case; where the provider says so, dots and the tag are left out, and its domains are one.

    >>> match_key("Jo.Doe+news@GoogleMail.com"), match_key("Jo.Doe+news@example.com")
    ('jodoe@gmail.com', 'jo.doe+news@example.com')
    """
    local, _, domain = address.lower().rpartition("@")
    rule = providers().get(domain)
    if rule is None:
        return f"{local}@{domain}"
    local = local.partition(rule["tag"])[0] if rule["tag"] else local
    local = local.replace(".", "") if rule["dots"] == "ignored" else local
    return f"{local}@{rule['canonical'] or domain}" if local else ""


def _cleaned(text: str) -> str:
    text = one_line(text)
    link = _MAILTO.match(text)
    text = text[link.end() :].partition("?")[0] if link else text
    named = _NAMED.match(text)
    text = _unwrapped(named[1] if named else text)
    text = _DOT.sub(".", _AT.sub("@", text))
    return _COMMA_ENDING.sub(r"\1.\2", text)


def _unwrapped(text: str) -> str:
    before = ""
    while text != before:
        before = text
        text = text.strip().rstrip(".,;:!").strip()
        text = text.rstrip(">)]") if "@" in text and not set(text) & set("<([") else text
        for left, right in _PAIRS:
            if text.startswith(left) and text.endswith(right) and len(text) > 1:
                text = text[1:-1]
    return text.removeprefix("'") if "'" not in text[1:] else text


def _several(text: str) -> str | Failed | None:
    found = [_checked(_unwrapped(piece), "unicode") for piece in _ADDRESS.findall(text)]
    addresses = tuple(dict.fromkeys(one for one in found if isinstance(one, str)))
    if len(addresses) > 1:
        return Failed("several_addresses", f"the cell holds {len(addresses)} addresses; keep one", addresses)
    return addresses[0] if len(addresses) == 1 and len(found) == text.count("@") else None


def _checked(text: str, domain: str) -> str | Failed:
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        return Failed("not_an_email", str(error))
    return f"{valid.local_part}@{valid.ascii_domain if domain == 'ascii' else valid.domain}"


def _mistyped(text: str, failed: Failed) -> Answer[str] | Failed:
    local, _, domain = text.rpartition("@")
    meant = suggest_domain(domain) if local and domain else None
    address = _checked(f"{local}@{meant}", "unicode") if meant else failed
    return Answer(address, reason=f"domain {domain} corrected to {meant}") if isinstance(address, str) else failed


def _judged(address: str, fix_typos: bool, disposable: str) -> str | Answer[str] | Failed:
    local, _, domain = address.rpartition("@")
    word = local.lower()
    if word in _NOBODY or (word in _SAME_TWICE and domain in (f"{word}.com", f"{word}.net", f"{word}.org")):
        return Failed("placeholder", f"{address} belongs to nobody")
    if disposable == "fail" and is_disposable(domain):
        return Failed("disposable", f"{domain} hands out mailboxes to throw away")
    meant = suggest_domain(domain)
    if meant is None:
        return address
    if not fix_typos:
        return Answer(address, reason=f"did you mean {meant}?")
    return Answer(f"{local}@{meant}", reason=f"domain {domain} corrected to {meant}")
