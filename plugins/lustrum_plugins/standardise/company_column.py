"""The names of many companies at once: those in plain Latin letters, of which is known what `company` says."""

from __future__ import annotations

import unicodedata
from typing import Literal

import polars as pl

from lustrum import Failed
from lustrum_plugins.standardise.company_endings import with_endings
from lustrum_plugins.standardise.company_text import no_company
from lustrum_plugins.standardise.form_words import begins_no_form, is_apart
from lustrum_plugins.standardise.placeholders import is_placeholder, may_begin_placeholder


def _is_plain(letter: str) -> bool:
    return (
        letter.islower() != letter.isupper()
        and letter.swapcase().swapcase() == letter
        and letter.casefold() == letter.lower()
        and unicodedata.normalize("NFKC", letter) == letter
    )


_LETTERS = "A-Za-z" + "".join(sign for sign in map(chr, range(0xC0, 0x180)) if _is_plain(sign))
_SIGNS = rf"[{_LETTERS}0-9&.'()/+]"
_NAME = rf"^[{_LETTERS}0-9]{_SIGNS}*(?:-{_SIGNS}+)*(?:,? {_SIGNS}+(?:-{_SIGNS}+)*)*$"
_ENDING = rf"[{_LETTERS}0-9.)]$"
_TRADING = r"(?i)[ ,(](?:d/?b/?a/?|d\.b\.a\.|t/a|doing business as|trading as) "
_EDGES = " \t\r\n,:*|_-"


def companies_at_once(
    inputs: pl.DataFrame,
    *,
    legal_form: Literal["keep", "standardise", "remove"],
    trading_name: Literal["keep", "use", "drop"],
    case: Literal["repair", "keep"],
) -> pl.DataFrame:
    """Say what `company` says of names without a trading name, whose first word begins no legal form.

    Left to it: quotes, web addresses, other scripts, and where case or form is changed, what is not sure to be the
    name before the form.
    """
    del trading_name  # none of the names claimed has one
    names = _names(inputs["company"])
    first = _first_word(names)
    names = pl.select(pl.when(_is_no_form(names, first)).then(names)).to_series()
    as_they_are = pl.lit(legal_form == "keep") & ((case == "keep") | _is_mixed())
    changed = names.to_frame("name").select(~as_they_are & pl.col("name").is_not_null()).to_series().arg_true()
    tidy = names.scatter(changed, with_endings(names.gather(changed), legal_form, case))
    filled = _are_placeholders(tidy, first)
    return pl.select(
        pl.when(~filled).then(tidy).alias("value"),
        *(pl.when(filled).then(pl.lit(word)).alias(name) for name, word in _placeholder().items()),
        tidy.is_not_null().alias("_claimed"),
    )


def _names(cells: pl.Series) -> pl.Series:
    """Give the names without what typing leaves round them, null for what is not sure to be one."""
    text = cells.str.strip_chars(_EDGES)
    crowded = text.str.contains("  | ,")
    loose = text.filter(crowded).str.replace_all(" +", " ").str.replace_all(" ,", ",", literal=True)
    text = text.scatter(crowded.arg_true(), loose)
    plain = text.str.contains(_NAME) & text.str.contains(_ENDING) & ~text.str.contains(_TRADING)
    return pl.select(pl.when(plain).then(text)).to_series()


def _is_no_form(names: pl.Series, first: pl.Series) -> pl.Series:
    """Say which names are surely no legal form alone, because of their first word or, failing this, their second."""
    sure = first.is_in([word for word in first.drop_nulls().unique() if _is_name(word)])
    rest = names.filter(~sure)
    second = _first_word(rest.str.slice(rest.str.find(" ", literal=True) + 1))
    apart = [word for word in second.drop_nulls().unique() if is_apart(word)]
    return sure.scatter((~sure).arg_true(), second.is_in(apart))


def _is_name(word: str) -> bool:
    return begins_no_form(word) and not word.isdecimal() and word[:4].lower() != "www."


def _first_word(texts: pl.Series) -> pl.Series:
    return texts.str.head(texts.str.find(" ", literal=True).fill_null(1 << 16))


def _is_mixed() -> pl.Expr:
    return pl.col("name").str.contains(r"\p{Lu}") & pl.col("name").str.contains(r"\p{Ll}")


def _are_placeholders(names: pl.Series, first: pl.Series) -> pl.Series:
    doubted = [word for word in first.drop_nulls().unique() if may_begin_placeholder(word, "company")]
    some = names.filter(first.is_in(doubted)).drop_nulls().unique()
    return names.is_in([name for name in some if is_placeholder(name, "company")])


def _placeholder() -> dict[str, str]:
    failed = no_company("n/a")
    return {"_code": failed.code, "_message": failed.message} if isinstance(failed, Failed) else {}
