"""Reading one e-mail address, and the key that tells which mailbox it reaches."""

from __future__ import annotations

from typing import Literal

from lustrum import Failed
from lustrum_plugins.standardise.mail_domains import providers

Ignored = Literal["case", "dots", "tag", "provider"]
ALL: tuple[Ignored, ...] = ("case", "dots", "tag", "provider")


def read_address(text: str, domain: Literal["unicode", "ascii"] = "unicode") -> str | Failed:
    """Give the address that a text is, its domain in lower case, or why it is none.

    >>> read_address("Jo@EXAMPLE.com"), read_address("jo@example").code
    ('Jo@example.com', 'not_an_email')
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        return Failed("not_an_email", str(error))
    return f"{valid.local_part}@{valid.ascii_domain if domain == 'ascii' else valid.domain}"


def match_key(address: str, ignore: tuple[Ignored, ...] = ALL) -> str:
    """Fold an address so that spellings that reach the same mailbox are equal; for comparing, never for sending.

    What is ignored: the `case` of the letters; where the provider says so, the `dots` and the `tag`; and which of its
    domains the `provider` uses.

    >>> match_key("Jo.Doe+news@GoogleMail.com"), match_key("Jo.Doe+news@example.com")
    ('jodoe@gmail.com', 'jo.doe+news@example.com')
    >>> match_key("Jo.Doe+news@GoogleMail.com", ("case", "tag"))
    'jo.doe@googlemail.com'
    """
    local, _, domain = address.rpartition("@")
    local, domain = local.lower() if "case" in ignore else local, domain.lower()
    rule = providers().get(domain)
    if rule is None:
        return f"{local}@{domain}"
    local = local.partition(rule["tag"])[0] if rule["tag"] and "tag" in ignore else local
    local = local.replace(".", "") if rule["dots"] == "ignored" and "dots" in ignore else local
    return f"{local}@{(rule['canonical'] if 'provider' in ignore else '') or domain}" if local else ""
