"""The names of many companies at once: those in plain Latin letters, and those in others that stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import polars as pl

from lustrum import Failed
from lustrum_plugins.standardise.company_endings import with_endings
from lustrum_plugins.standardise.company_letters import LATIN, MANY
from lustrum_plugins.standardise.company_text import no_company
from lustrum_plugins.standardise.form_words import begins_no_form, is_apart
from lustrum_plugins.standardise.placeholders import is_placeholder, may_begin_placeholder


def _name_in(letters: str, more: str = "") -> tuple[str, str]:
    """Give what all of a name in these letters, and its end, look like."""
    signs = rf"[{letters}0-9&.'()/+{more}]"
    name = rf"^[{letters}0-9]{signs}*(?:-{signs}+)*(?:,? {signs}+(?:-{signs}+)*)*$"
    return name, rf"[{letters}0-9.)]$"


_PLAIN = _name_in(LATIN)
_OTHER = _name_in(MANY, r'"!?§©®°²³¼½¾¤¶')
_TRADING = r"(?i)[ ,(](?:d/?b/?a/?|d\.b\.a\.|t/a|do[iıİ]ng bus[iıİ]ness as|trad[iıİ]ng as) "
_EDGES = " \t\r\n,:*|_-"


def companies_at_once(
    inputs: pl.DataFrame,
    *,
    legal_form: Literal["keep", "standardise", "remove"],
    trading_name: Literal["keep", "use", "drop"],
    case: Literal["repair", "keep"],
) -> pl.DataFrame:
    """Say what `company` says of names without a trading name, whose first word begins no legal form.

    Left to it: quotes round a name, web addresses, other letters where case or form is changed, and there also what is
    not sure to be the name before the form.
    """
    del trading_name  # none of the names claimed has one
    stay = partial(_stay, legal_form=legal_form, case=case)
    names = _names(inputs["company"], stay)
    first = _first_word(names)
    names = pl.select(pl.when(_is_no_form(names, first)).then(names)).to_series()
    changed = (names.is_not_null() & ~stay(names)).arg_true()
    tidy = names.scatter(changed, with_endings(names.gather(changed), legal_form, case))
    filled = _are_placeholders(tidy, first)
    return pl.select(
        pl.when(~filled).then(tidy).alias("value"),
        *(pl.when(filled).then(pl.lit(word)).alias(name) for name, word in _placeholder().items()),
        tidy.is_not_null().alias("_claimed"),
    )


def _names(cells: pl.Series, stay: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Give the names without what typing leaves round them, null for what is not sure to be one.

    In other letters than plain Latin ones are only those that stay as they are.
    """
    text = cells.str.strip_chars(_EDGES)
    crowded = text.str.contains("  | ,")
    loose = text.filter(crowded).str.replace_all(" +", " ").str.replace_all(" ,", ",", literal=True)
    text = text.scatter(crowded.arg_true(), loose)
    known = _looks(text, _PLAIN)
    others = (~known).arg_true()
    some = text.gather(others)
    known = known.scatter(others, stay(some) & _looks(some, _OTHER)) & ~text.str.contains(_TRADING)
    return pl.select(pl.when(known).then(text)).to_series()


def _looks(texts: pl.Series, like: tuple[str, str]) -> pl.Series:
    name, end = like
    return texts.str.contains(name) & texts.str.contains(end)


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


def _stay(names: pl.Series, legal_form: str, case: str) -> pl.Series:
    """Say which names are left as they are: those in small letters and capitals, or in neither, if not all."""
    mixed = names.str.contains("[a-z]") & names.str.contains("[A-Z]")
    doubted = (~mixed).arg_true()
    some = names.gather(doubted).str
    both = some.contains(r"\p{Lu}") & some.contains(r"\p{Ll}")
    mixed = mixed.scatter(doubted, both | ~some.contains(r"[\p{Lowercase}\p{Uppercase}\p{Lt}]"))
    return (mixed | (case == "keep")) & (legal_form == "keep")


def _are_placeholders(names: pl.Series, first: pl.Series) -> pl.Series:
    doubted = [word for word in first.drop_nulls().unique() if may_begin_placeholder(word, "company")]
    some = names.filter(first.is_in(doubted)).drop_nulls().unique()
    return names.is_in([name for name in some if is_placeholder(name, "company")])


def _placeholder() -> dict[str, str]:
    failed = no_company("n/a")
    return {"_code": failed.code, "_message": failed.message} if isinstance(failed, Failed) else {}
