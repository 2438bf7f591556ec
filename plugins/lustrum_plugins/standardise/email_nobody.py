"""E-mail addresses made up to fill a field: test@test.com, noemail@example.org."""

from __future__ import annotations

import polars as pl

_NOBODY = frozenset({"noemail", "no-email", "no.email", "no_email", "nomail", "no-mail", "notprovided", "donthave"})
_SAME_TWICE = frozenset(
    {"a", "aa", "aaa", "abc", "asd", "asdf", "blah", "email", "fake", "foo", "mail", "me", "na", "no", "noemail"}
    | {"nomail", "none", "null", "qwerty", "test", "testing", "unknown", "x", "xx", "xxx", "xyz"}
)
_TWICE = frozenset(f"{word}@{word}.{ending}" for word in _SAME_TWICE for ending in ("com", "net", "org"))


def is_nobody(address: str) -> bool:
    """Say whether an address, though well-formed, is made up to fill a field.

    >>> is_nobody("test@test.com"), is_nobody("noemail@example.org"), is_nobody("test@example.org")
    (True, True, False)
    """
    address = address.lower()
    return address in _TWICE or address.rpartition("@")[0] in _NOBODY


def are_nobody(addresses: pl.Expr, mailboxes: pl.Expr) -> pl.Expr:
    """Say the same of many addresses in small letters, each with the part before its `@`."""
    return addresses.is_in(_TWICE) | mailboxes.is_in(_NOBODY)
