"""The e-mail addresses of many leads at once: those of plain shapes, of which is known what `email` says."""

from __future__ import annotations

from functools import cache
from typing import Literal

import polars as pl

from lustrum import Failed
from lustrum_plugins.standardise.email_key import read_address
from lustrum_plugins.standardise.email_nobody import are_nobody
from lustrum_plugins.standardise.mail_domains import are_disposable, suggest_domains
from lustrum_plugins.standardise.placeholders import are_placeholders

_SOUND = r"^[A-Za-z0-9_][A-Za-z0-9_+'-]*(?:\.[A-Za-z0-9_+'-]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]+$"
_LOCAL = r"[A-Za-z0-9_][A-Za-z0-9_.+'-]*"
_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
_ADDRESS = f"^{_LOCAL}@{_DOMAIN}$"
_NO_ADDRESS = "^[A-Za-z0-9_/-](?: ?[A-Za-z0-9_/.-])*$"
_SPOKEN = "(?i) at "
_LINK = "^(?i:mailto|e-?mail|mail) *: *(?i:mailto:)?"
_NAME = r"^[ A-Za-z0-9.,'\"()_/\u00C0-\u1FFF\u3041-\u9FFF\uAC00-\uD7A3-]*[<\[] *(?i:mailto:)?"
_AT = r" *(?:@|\((?i:at)\)|\[(?i:at)\]) *"
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
    bare = words | rest.str.contains(_ADDRESS)
    unwrapped = _unwrapped(rest) if repair else pl.Series([None], dtype=pl.String)
    found = pl.select(pl.when(bare).then(rest).otherwise(unwrapped)).to_series()
    return text.scatter(odd.arg_true(), found), odd


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
    reserved = read.select(_reserved().alias("problem")).to_series()
    problem = reserved.scatter(odd.arg_true(), read.filter(odd).select(_problem()).to_series())
    read = read.with_columns(suggest_domains(read["host"], known).alias("meant"), problem)
    long = (pl.col("local").str.len_bytes() > _LONGEST_LOCAL) | (host.str.len_bytes() > _LONGEST_LABEL)
    candidate = pl.col("problem").is_not_null() & pl.col("meant").is_not_null()
    left = long | host.str.contains("--", literal=True) | candidate
    return read.with_columns((pl.col("plain").is_not_null() & ~left.fill_null(value=False)).alias("claimed"))


def _problem() -> pl.Expr:
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
        .otherwise(_reserved())
    )


def _reserved() -> pl.Expr:
    from email_validator import SPECIAL_USE_DOMAIN_NAMES

    names = "|".join(SPECIAL_USE_DOMAIN_NAMES)
    return pl.when(pl.col("host").str.contains(rf"(?:^|\.)(?:{names})$")).then(_said("jo@example.test"))


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
    from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

    mailbox = pl.col("mailbox")
    lowered = pl.lit(lower_local) | mailbox.is_in(CASE_INSENSITIVE_MAILBOX_NAMES)
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
