"""Domains of e-mail addresses: the large providers, typing errors of their names, and throw-away mailboxes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache

import polars as pl

from lustrum_plugins.standardise.word_tables import rows

_COMMON_ENDINGS = ("com", "net", "org")
_ENDLESS = 1 << 16
_DOUBTFUL_ENDINGS = frozenset({"co", "cm", "om"})


@cache
def providers() -> Mapping[str, Mapping[str, str]]:
    """Give the large mail providers by domain: how they read dots and tags, and whether we look for typos of them."""
    return {row["domain"]: row for row in rows("mail_domains")}


@lru_cache(maxsize=4096)
def suggest_domain(domain: str, known: tuple[str, ...] = ()) -> str | None:
    """Suggest the domain that was meant by an obvious typing error, or nothing.

    Two kinds are found: one slip in the name of a large provider or of a `known` domain (names of at least five
    letters, the first letter right, so that no real company is suspected), and an ending that no domain has. A domain
    that is itself a provider's or `known` is never suspected.

    >>> suggest_domain("gmial.com"), suggest_domain("outlok.com"), suggest_domain("blue-lamp.cmo")
    ('gmail.com', 'outlook.com', 'blue-lamp.com')
    >>> suggest_domain("gmx.at"), suggest_domain("mail.com"), suggest_domain("yahoo.com.br")
    (None, None, None)
    """
    plain = re.sub(r"\.{2,}", ".", "".join(sign for sign in domain.lower() if sign.isalnum() or sign in ".-"))
    if plain in providers() or plain in known:
        return plain if plain != domain.lower() else None
    near = [meant for meant in (*_with_typos(), *known) if _is_slip(plain, meant)]
    if near:
        return near[0] if len(near) == 1 else None
    return _with_real_ending(plain)


def suggest_domains(domains: pl.Series, known: tuple[str, ...] = ()) -> pl.Series:
    """Suggest the same for many domains of small ASCII letters, digits, dots and hyphens; null where nothing is.

    >>> suggest_domains(pl.Series(["gmial.com", "blue-lamp.com", "blue-lamp.cmo"])).to_list()
    ['gmail.com', None, 'blue-lamp.com']
    """
    doubtful = _doubtful(domains.drop_nulls().unique(), known)
    meant = {domain: suggest_domain(domain, known) for domain in _near(doubtful.to_list(), known)}
    return domains.replace_strict(meant, default=None, return_dtype=pl.String())


def is_free(domain: str) -> bool:
    """Say whether everybody can have a mailbox of this domain, so that it tells nothing about the company.

    >>> is_free("Gmail.com"), is_free("t-online.de"), is_free("example.com")
    (True, True, False)
    """
    return domain.lower() in providers()


def is_disposable(domain: str) -> bool:
    """Say whether a domain, or one above it, hands out mailboxes to throw away.

    >>> is_disposable("mailinator.com"), is_disposable("eu.mailinator.com"), is_disposable("gmail.com")
    (True, True, False)
    """
    from disposable_email_domains import blocklist

    labels = domain.lower().split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


def are_disposable(domains: pl.Series) -> pl.Series:
    """Say of many domains in small letters whether they, or one above, hand out mailboxes to throw away."""
    from disposable_email_domains import blocklist

    listed, rest = pl.repeat(False, len(domains), eager=True), domains
    while (dotted := rest.str.contains(".", literal=True).fill_null(value=False)).any():
        listed |= dotted & rest.is_in(blocklist)
        rest = rest.str.splitn(".", 2).struct.field("field_1")
    return listed


@cache
def _with_typos() -> tuple[str, ...]:
    return tuple(domain for domain, row in providers().items() if row["typos"] == "yes")


def _doubtful(domains: pl.Series, known: tuple[str, ...]) -> pl.Series:
    """Leave out the domains with a real ending that are no known one and, by their form, no slip of one."""
    dots = pl.col("plain").str.find(".", literal=True)
    frame = domains.str.replace_all(r"\.{2,}", ".").alias("plain").to_frame()
    frame = frame.with_columns(pl.col("plain").str.slice(dots.fill_null(_ENDLESS) + 1).alias("ending"))
    endings = frame["ending"].unique()
    unreal = endings.filter(~endings.str.split(".").list.last().is_in(_endings()))
    form = pl.concat_str(pl.col("plain").str.head(1), pl.col("plain").str.len_bytes(), "ending")
    doubted = pl.col("ending").is_in(unreal.implode()) | form.is_in(_forms(known))
    return domains.filter(frame.select(doubted | pl.col("plain").is_in({*providers(), *known})).to_series())


def _forms(known: tuple[str, ...]) -> set[str]:
    meant = [(domain, domain.partition(".")[2]) for domain in (*_with_typos(), *known)]
    return {
        f"{domain[:1]}{length}{ending}"
        for domain, own in meant
        for length in range(len(domain) - 2, len(domain) + 3)
        for ending in (own, *_DOUBTFUL_ENDINGS)
    }


def _near(domains: list[str], known: tuple[str, ...]) -> list[str]:
    """Leave out the domains that are nothing but one slip from a known one, or their name from its, or their ending."""
    plain = [re.sub(r"\.{2,}", ".", domain) if ".." in domain else domain for domain in domains]
    slips, sure = _slips(set(plain), known), {*providers(), *known}
    return [
        domain
        for domain, one in zip(domains, plain, strict=True)
        if one in slips or one in sure or _with_real_ending(one)
    ]


def _slips(domains: Collection[str], known: tuple[str, ...]) -> set[str]:
    """Give the domains that are, or whose name is, at most one slip from a known one that begins with their letter."""
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    for domain in domains:
        by_letter[domain[:1]].append(domain)
    meant = {letter: [each for each in (*_with_typos(), *known) if each[:1] == letter] for letter in by_letter}
    return {slip for letter, typed in by_letter.items() if meant[letter] for slip in _at_most_one(typed, meant[letter])}


def _at_most_one(typed: list[str], meant: list[str]) -> Iterator[str]:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    names = [domain.partition(".")[0] for domain in typed], [domain.partition(".")[0] for domain in meant]
    near = [cdist(*both, scorer=OSA.distance, score_cutoff=1).min(axis=1) < 2 for both in (names, (typed, meant))]
    return (domain for domain, *are_near in zip(typed, *near, strict=True) if any(are_near))


def _is_slip(typed: str, known: str) -> bool:
    from rapidfuzz.distance import OSA

    if typed[:1] != known[:1] or abs(len(typed) - len(known)) > 2:
        return False
    name, _, ending = typed.partition(".")
    known_name, _, known_ending = known.partition(".")
    if _is_ending(ending) and ending not in (known_ending, *_DOUBTFUL_ENDINGS):
        return False
    if OSA.distance(typed, known) <= 1:
        return True
    if name == known_name:
        return not _is_ending(ending) and OSA.distance(ending, known_ending) <= 2
    return OSA.distance(name, known_name) <= 1 and OSA.distance(ending, known_ending) <= 1


def _with_real_ending(domain: str) -> str | None:
    name, _, ending = domain.rpartition(".")
    meant = _real_ending(ending) if name else None
    return f"{name}.{meant}" if meant else None


@lru_cache(maxsize=4096)
def _real_ending(ending: str) -> str | None:
    from rapidfuzz.distance import OSA

    if len(ending) < 3 or not ending.isascii() or _is_ending(ending):
        return None
    meant = [real for real in _COMMON_ENDINGS if OSA.distance(ending, real) == 1]
    return meant[0] if len(meant) == 1 else None


def _is_ending(ending: str) -> bool:
    return ending.rpartition(".")[2] in _endings()


@cache
def _endings() -> frozenset[str]:
    return frozenset(row["ending"] for row in rows("top_level_domains"))
