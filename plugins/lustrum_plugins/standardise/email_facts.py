"""What an e-mail address tells: the mailbox it reaches, its domain, and what kind of address it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from lustrum import Failed, step
from lustrum.contracts.options import OptionValues
from lustrum.words.fields import FieldType
from lustrum_plugins.standardise.email_key import ALL, Ignored, match_key, read_address
from lustrum_plugins.standardise.email_text import plain_email
from lustrum_plugins.standardise.mail_domains import is_disposable, is_free
from lustrum_plugins.standardise.word_tables import words

Part = Literal["email_key", "email_domain", "email_free", "email_disposable", "email_role"]

_FLAGS: dict[Part, Callable[[str, str], bool]] = {
    "email_free": lambda _local, domain: is_free(domain),
    "email_disposable": lambda _local, domain: is_disposable(domain),
    "email_role": lambda local, _domain: is_role(local),
}


def _writes(options: OptionValues) -> dict[str, FieldType]:
    return {part: FieldType.BOOLEAN if part in _FLAGS else FieldType.TEXT for part in options["parts"]}


@step("standardise.email_facts", writes=_writes)
def email_facts(
    email: str,
    *,
    parts: tuple[Part, ...] = ("email_domain", "email_free", "email_disposable", "email_role"),
    key_ignores: tuple[Ignored, ...] = ALL,
) -> Mapping[str, str | bool] | Failed:
    """Write what an e-mail address tells, each fact in its field, and leave the address alone.

    Options: `parts` names the facts to write: `email_key` (text; equal for spellings that reach the same mailbox: for
    finding duplicates, never for sending), `email_domain` (text), and the flags `email_free` (a provider's mailbox that
    anybody can have), `email_disposable` (thrown away after use) and `email_role` (info@, sales@: no single person),
    which are boolean fields. `key_ignores` says what the key leaves out: `case`, the `dots` and the `tag` (+news) where
    the provider ignores them, and which of its domains (googlemail.com) the `provider` uses.

    Fails with `not_an_email`; standardise the address first.

    >>> email_facts("Jo.Doe+news@GoogleMail.com", parts=("email_key", "email_free"))
    {'email_key': 'jodoe@gmail.com', 'email_free': True}
    >>> email_facts("sales@acme.example", parts=("email_domain", "email_role"))
    {'email_domain': 'acme.example', 'email_role': True}
    """
    address = read_address(plain_email(email))
    if isinstance(address, Failed):
        return address
    local, _, domain = address.rpartition("@")
    told: dict[Part, str] = {"email_key": match_key(address, key_ignores), "email_domain": domain}
    return {part: told[part] if part in told else _FLAGS[part](local, domain) for part in parts}


def is_role(local: str) -> bool:
    """Say whether the part before the `@` names an office, not a person.

    >>> is_role("Info"), is_role("sales+de"), is_role("no-reply"), is_role("jo.doe")
    (True, True, True, False)
    """
    word = local.lower().partition("+")[0]
    bare = "".join(sign for sign in word if sign not in ".-_").rstrip("0123456789")
    known = words("role_accounts", "word")
    return word in known or bare in known
