"""Addresses of the web."""

from __future__ import annotations

from urllib.parse import urlsplit

from lustrum_plugins.web.secret import Secret, SecretMissing


def is_address(url: str) -> bool:
    """Say whether a text is an address that can be called.

    >>> is_address("https://hooks.acme.example/leads?a=1"), is_address("hooks.acme.example"), is_address("ftp://acme.example")
    (True, False, False)
    """
    try:
        parts = urlsplit(url)
        sound = parts.port != 0
    except ValueError:
        return False
    return sound and parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable() and " " not in url


def has_password(url: str) -> bool:
    """Say whether an address carries a user or a password."""
    parts = urlsplit(url)
    return bool(parts.username or parts.password)


def open_address(url: str | Secret) -> tuple[str, str]:
    """Give an address, and how messages may name it. Raises `SecretMissing`."""
    if isinstance(url, str):
        return url, urlsplit(url).hostname or ""
    address = url.reveal()
    if not is_address(address):
        raise SecretMissing(f"the variable {url.env} of the environment is no address of the web")
    return address, f"the address of {url}"
