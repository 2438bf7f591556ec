"""The names of many companies at once: those in plain Latin letters, of which is known what `company` says."""

from __future__ import annotations

import unicodedata
from typing import Literal

import polars as pl

from lustrum import Failed
from lustrum_plugins.standardise.company_endings import with_endings
from lustrum_plugins.standardise.company_text import no_company
from lustrum_plugins.standardise.form_words import begins_no_form
from lustrum_plugins.standardise.placeholders import are_placeholders


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
    as_they_are = pl.lit(legal_form == "keep") & ((case == "keep") | _is_mixed())
    changed = names.to_frame("name").select(~as_they_are & pl.col("name").is_not_null()).to_series().arg_true()
    tidy = names.scatter(changed, with_endings(names.gather(changed), legal_form, case))
    filled = tidy.to_frame("name").select(_is_placeholder()).to_series()
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
    plain = (
        text.str.contains(_NAME) & text.str.contains(_ENDING) & text.str.contains(r"\pL") & ~text.str.contains(_TRADING)
    )
    text = pl.select(pl.when(plain).then(text)).to_series()
    first = text.str.head(text.str.find(" ", literal=True).fill_null(1 << 16))
    sure = [
        word for word in first.drop_nulls().unique() if begins_no_form(word) and not word.lower().startswith("www.")
    ]
    return pl.select(pl.when(first.is_in(sure)).then(text)).to_series()


def _is_mixed() -> pl.Expr:
    return pl.col("name").str.contains(r"\p{Lu}") & pl.col("name").str.contains(r"\p{Ll}")


def _is_placeholder() -> pl.Expr:
    word = pl.col("name").str.to_lowercase().str.strip_chars("()' ")
    return are_placeholders(word, "company") | are_placeholders(word.str.strip_chars_end("."), "company")


def _placeholder() -> dict[str, str]:
    failed = no_company("n/a")
    return {"_code": failed.code, "_message": failed.message} if isinstance(failed, Failed) else {}
