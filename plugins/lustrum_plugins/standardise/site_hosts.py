"""Hosts and the companies they belong to: registrable domains, and sites where everybody has a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import Any

from lustrum_plugins.standardise.mail_domains import is_free
from lustrum_plugins.standardise.word_tables import words

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?")
_LONGEST = 253


@lru_cache(maxsize=4096)
def host_of(text: str) -> str | None:
    """Give a host as the name system writes it, in lower case and punycode, or None where it is no name of a host.

    >>> host_of("WWW.Acme.COM."), host_of("müller.de"), host_of("acme"), host_of("a..b.com"), host_of("192.0.2.1")
    ('www.acme.com', 'xn--mller-kva.de', None, None, None)
    """
    host = text.rstrip(".").lower()
    ascii_host = host if host.isascii() else _punycode(host)
    labels = ascii_host.split(".")
    if len(ascii_host) > _LONGEST or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    parts = _parts(ascii_host)
    return ascii_host if parts.top_domain_under_public_suffix or parts.is_private else None


def is_address_of_machine(text: str) -> bool:
    """Say whether a host is an IP address.

    >>> is_address_of_machine("192.0.2.1"), is_address_of_machine("[2001:db8::1]"), is_address_of_machine("acme.com")
    (True, True, False)
    """
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def readable(host: str) -> str:
    """Write a punycode host in the letters of its language.

    >>> readable("xn--mller-kva.de"), readable("acme.com")
    ('müller.de', 'acme.com')
    """
    if "xn--" not in host:
        return host
    import idna

    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host


@lru_cache(maxsize=4096)
def registrable(host: str) -> str | None:
    """Give the domain somebody has registered: one label under a public suffix, those of site builders among them.

    >>> registrable("www.acme.co.uk"), registrable("acme.github.io"), registrable("github.io")
    ('acme.co.uk', 'acme.github.io', None)
    """
    return _parts(host).top_domain_under_public_suffix or None


def is_everybodys(host: str) -> bool:
    """Say whether anybody can have a page or mailbox there, so that the domain tells no company.

    >>> is_everybodys("de.linkedin.com"), is_everybodys("gmail.com"), is_everybodys("acme.com")
    (True, True, False)
    """
    labels = host.split(".")
    shared = words("shared_sites", "domain")
    return any((name := ".".join(labels[start:])) in shared or is_free(name) for start in range(len(labels) - 1))


def _punycode(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return ""


def _parts(host: str) -> Any:
    return _extract()(host)


@cache
def _extract() -> Callable[[str], Any]:
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
