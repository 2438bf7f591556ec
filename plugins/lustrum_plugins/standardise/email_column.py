"""The e-mail addresses of many leads at once: those of plain shapes, of which is known what `email` says."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

import polars as pl

from lustrum import Failed
from lustrum_plugins.standardise.email_key import read_address
from lustrum_plugins.standardise.email_nobody import are_nobody
from lustrum_plugins.standardise.mail_domains import are_disposable, suggest_domains
from lustrum_plugins.standardise.placeholders import are_placeholders
from lustrum_plugins.standardise.word_tables import rows

_SOUND = r"^[A-Za-z0-9_][A-Za-z0-9_+'-]*(?:\.[A-Za-z0-9_+'-]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]+$"
_LOCAL = r"[A-Za-z0-9_][A-Za-z0-9_.+'-]*"
_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
_ADDRESS = f"^{_LOCAL}@{_DOMAIN}$"
_NO_ADDRESS = "^[A-Za-z0-9_/-](?: ?[A-Za-z0-9_/.-])*$"
_SPOKEN = "(?i) at "
_LINK = "^(?i:mailto|e-?mail|mail) *: *(?i:mailto:)?"
_NAME = r"^[ A-Za-z0-9.,'\"()_/\u00C0-\u1FFF\u3041-\u9FFF\uAC00-\uD7A3-]*[<\[] *(?i:mailto:)?"
_AT = r" *(?:@|\((?i:at)\)|\[(?i:at)\]) *"
_HOST = r"[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*"
_COMMA_ENDINGS = "com|net|org|de|fr|uk|it|es|nl|ch|at|eu"
_CLOSING = " .,;:!>]"
_LONGEST_LOCAL, _LONGEST_LABEL = 64, 63


def emails_at_once(
    inputs: pl.DataFrame,
    *,
    repair: bool,
    lower_local: bool,
    domain: Literal["unicode", "ascii"],
    fix_typos: bool,
    known_domains: tuple[str, ...],
    disposable: Literal["allow", "fail"],
    placeholders: Literal["fail", "empty", "keep"],
) -> pl.DataFrame:
    """Say what `email` says of the texts that are an ASCII address, with little around it, or hold no `@`.

    Left to it: names that begin with xn--, what is longer than usual, and a mistyped domain that no address can have.
    """
    del domain  # the domains claimed are the same in both spellings
    read = _read(*_plain(inputs["email"], repair=repair), known_domains)
    filled = _stands_for_nobody() if placeholders != "keep" else pl.lit(value=False)
    refused = are_disposable(read["host"]) if disposable == "fail" else pl.lit(value=False)
    read = read.with_columns(filled.alias("filled"), refused.alias("refused"))
    good = ~pl.col("filled") & ~pl.col("refused") & pl.col("problem").is_null()
    return read.select(
        pl.when(good).then(_address(lower_local=lower_local, fix_typos=fix_typos)).alias("value"),
        pl.when(good).then(_reason(fix_typos=fix_typos)).alias("_reason"),
        *_failure(emptied=placeholders == "empty"),
        pl.col("claimed").alias("_claimed"),
    )


def _plain(texts: pl.Series, *, repair: bool) -> tuple[pl.Series, pl.Series]:
    """Give the addresses and the texts without `@`, bare, null for all others; and which are not sound at once."""
    text = texts.str.strip_chars(" \t\r\n") if repair else texts
    odd = ~text.str.contains(_SOUND)
    rest = text.filter(odd)
    words = rest.str.contains(_NO_ADDRESS) & ~rest.str.ends_with(".") & ~rest.str.contains(_SPOKEN)
    wrapped = ~(words | rest.str.contains(_ADDRESS))
    inner = _unwrapped(rest.filter(wrapped)) if repair else None
    return text.scatter(odd.arg_true(), rest.scatter(wrapped.arg_true(), inner)), odd


def _unwrapped(texts: pl.Series) -> pl.Series:
    address, after = f"{_LOCAL}@{_DOMAIN}", "[ .,;:!]*$"
    text = pl.col(texts.name)
    inner = (
        pl.when(text.str.contains(f"{_LINK}{address}{after}"))
        .then(text.str.replace(_LINK, ""))
        .when(text.str.contains(rf"{_NAME}{address} *[>\]][ .,;]*$"))
        .then(text.str.replace(_NAME, ""))
        .when(text.str.contains(f"^{_LOCAL}{_AT}{_DOMAIN}{after}"))
        .then(text.str.replace(_AT, "@"))
        .when(text.str.contains(f"^{_LOCAL}@{_HOST},(?i:{_COMMA_ENDINGS}){after}"))
        .then(text.str.replace(",", ".", literal=True))
    )
    return texts.to_frame().select(inner.str.strip_chars_end(_CLOSING)).to_series()


def _read(plain: pl.Series, odd: pl.Series, known: tuple[str, ...]) -> pl.DataFrame:
    """Part the addresses, and say what is wrong with them, what their domain was meant to be, and which are claimed."""
    at, lower, host = pl.col("at"), pl.col("lower"), pl.col("host")
    read = pl.DataFrame({"plain": plain, "at": plain.str.find("@", literal=True), "lower": plain.str.to_lowercase()})
    read = read.with_columns(
        pl.col("plain").str.head(at).alias("local"),
        lower.str.head(at).alias("mailbox"),
        lower.str.slice(at + 1).alias("host"),
    )
    problem = read.select(_reserved(read["host"]).alias("problem")).to_series()
    if odd.any():
        problem = problem.scatter(odd.arg_true(), read.filter(odd).select(_problem(read["host"])).to_series())
    read = read.with_columns(suggest_domains(read["host"], known).alias("meant"), problem)
    long = (pl.col("local").str.len_bytes() > _LONGEST_LOCAL) | (host.str.len_bytes() > _LONGEST_LABEL)
    candidate = pl.col("problem").is_not_null() & pl.col("meant").is_not_null()
    left = long | host.str.contains("--", literal=True) | candidate
    return read.with_columns((pl.col("plain").is_not_null() & ~left.fill_null(value=False)).alias("claimed"))


def _problem(hosts: pl.Series) -> pl.Expr:
    local, host = pl.col("local"), pl.col("host")
    return (
        pl.when(local.is_null())
        .then(_said("jo"))
        .when(local.str.ends_with("."))
        .then(_said("jo.@example.com"))
        .when(local.str.contains("..", literal=True))
        .then(_said("j..o@example.com"))
        .when(host.str.contains("..", literal=True))
        .then(_said("jo@example..com"))
        .when(host.str.contains(r"\.-|-\."))
        .then(_said("jo@example-.com"))
        .when(~host.str.contains(".", literal=True))
        .then(_said("jo@example"))
        .when(~host.str.contains("[a-z]$"))
        .then(_said("jo@example.c0"))
        .otherwise(_reserved(hosts))
    )


def _reserved(hosts: pl.Series) -> pl.Expr:
    """Give what is said of reserved domains; where there are none, the library, which takes time, is not asked."""
    names = "|".join(map(re.escape, _names("reserved domain")))
    reserved = rf"(?:^|\.)(?:{names})$"
    said = _said("jo@example.test") if hosts.str.contains(reserved).any() else pl.lit(None, pl.String())
    return pl.when(pl.col("host").str.contains(reserved)).then(said)


def _names(kind: str) -> list[str]:
    return [row["name"] for row in rows("email_names") if row["kind"] == kind]


@cache
def _said(address: str) -> pl.Expr:
    """Give what the library says of every address with the same fault as this one."""
    failed = read_address(address)
    return pl.lit(failed.message if isinstance(failed, Failed) else None, pl.String())


def _stands_for_nobody() -> pl.Expr:
    lower = pl.col("lower")
    made_up = are_nobody(lower, pl.col("mailbox"))
    return are_placeholders(lower, "email") | (pl.col("problem").is_null() & made_up)


def _address(*, lower_local: bool, fix_typos: bool) -> pl.Expr:
    mailbox = pl.col("mailbox")
    lowered = pl.lit(lower_local) | mailbox.is_in(_names("mailbox in any case"))
    local = pl.when(lowered).then(mailbox).otherwise("local")
    host = pl.coalesce("meant", "host") if fix_typos else pl.col("host")
    return pl.concat_str(local, host, separator="@")


def _reason(*, fix_typos: bool) -> pl.Expr:
    if fix_typos:
        return pl.format("domain {} corrected to {}", "host", "meant")
    return pl.format("did you mean {}?", "meant")


def _failure(*, emptied: bool) -> tuple[pl.Expr, pl.Expr]:
    placeholder = (None, None) if emptied else ("placeholder", "the text only fills the field")
    code, message = (pl.when("filled").then(pl.lit(word, pl.String())) for word in placeholder)
    throw_away = pl.format("{} hands out mailboxes to throw away", "host")
    return (
        code.when(pl.col("problem").is_not_null())
        .then(pl.lit("not_an_email"))
        .when("refused")
        .then(pl.lit("disposable"))
        .alias("_code"),
        message.when(pl.col("problem").is_not_null())
        .then("problem")
        .when("refused")
        .then(throw_away)
        .alias("_message"),
    )
