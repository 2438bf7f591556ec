"""Names of companies parted from what may be their legal form: the one is told word by word, the other once for all."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from lustrum_plugins.standardise.company_case import cased_word
from lustrum_plugins.standardise.company_tidy import tidied
from lustrum_plugins.standardise.form_words import begins_front_form, ends_no_form, is_apart
from lustrum_plugins.standardise.known_forms import known_forms
from lustrum_plugins.standardise.legal_forms import form_at_the_end

_MOST_WORDS = 8
_SPELT_OUT = 10
_STAND_IN = "Lumenolix"
"""A word like any other: part of no form, no acronym, and with a case to be repaired."""


def with_endings(names: pl.Series, legal_form: str, case: str) -> pl.Series:
    """Tidy names of plain words of which the first begins no form; null where the name's words may spell a form.

    What stands at the end and may be of a form is tidied behind a stand-in, once for all names that end so.
    """
    parts = _parted(names)
    parts = _with_case_repaired(parts) if case == "repair" else parts
    keys = parts.select("tail", "comma", "style", "alone").unique().drop_nulls()
    endings = [_ending(*key, legal_form, case) for key in keys.iter_rows()]
    told = pl.DataFrame(endings, schema={"ending": pl.String, "uncomma": pl.Boolean, "whole": pl.Boolean}, orient="row")
    parts = parts.join(pl.concat([keys, told], how="horizontal"), on=keys.columns, how="left", maintain_order="left")
    head = pl.when("uncomma").then(pl.col("shown").str.strip_chars_end(",")).otherwise("shown")
    return parts.select(
        pl.when(~_may_be_spelt_out(parts, again=legal_form != "keep")).then(head + pl.col("ending"))
    ).to_series()


def _parted(names: pl.Series) -> pl.DataFrame:
    """Part the names into `head`, up to the last word that is part of no form, and `tail`, which may be a form."""
    words = names.str.split(" ")
    vocabulary = words.explode().drop_nulls().unique().to_list()
    apart = [word for word in vocabulary if is_apart(word)]
    run = words.list.last().is_in([word for word in vocabulary if not ends_no_form(word)])
    size = run.cast(pl.UInt32)
    for place in range(2, _MOST_WORDS + 1):
        if not run.any():
            break
        word = words.list.get(-place, null_on_oob=True)
        run = run & word.is_not_null() & ~word.is_in(apart).fill_null(value=True)
        size += run.cast(pl.UInt32)
    frame = pl.DataFrame({"name": names, "words": words, "size": size, "long": run})
    head = pl.col("words").list.head(pl.col("words").list.len() - pl.col("size"))
    tail = pl.col("words").list.tail("size").list.join(" ")
    fronts = [word for word in vocabulary if begins_front_form(word)]
    sure = (pl.col("size") < pl.col("words").list.len()) & ~pl.col("long") & ~pl.col("words").list.first().is_in(fronts)
    frame = frame.select("name", head.alias("head"), pl.when(sure).then(tail).alias("tail"), alone=pl.lit(value=False))
    shown = pl.col("head").list.join(" ")
    return frame.with_columns(
        shown.alias("shown"), _style(shown).alias("style"), shown.str.ends_with(",").alias("comma")
    )


def _style(text: pl.Expr) -> pl.Expr:
    capital, small = text.str.contains(r"\p{Lu}"), text.str.contains(r"\p{Ll}")
    return (
        pl.when(capital & small)
        .then(pl.lit("mixed"))
        .when(capital)
        .then(pl.lit("capitals"))
        .when(small)
        .then(pl.lit("small"))
    )


def _with_case_repaired(parts: pl.DataFrame) -> pl.DataFrame:
    """Repair the case of the heads of names in one case; a name that stays in one case is left."""
    typed = (pl.col("style") != "mixed") & pl.col("tail").is_not_null()
    rows = parts.select(typed).to_series().fill_null(value=False).arg_true()
    some = parts.gather(rows)
    repaired = _repaired(some["head"])
    same = _style(pl.col("name")) == pl.col("style")
    sure = repaired["sure"] & (repaired.select(_style(pl.col("shown"))).to_series() == "mixed")
    tail = some.select(pl.when(same & sure).then("tail")).to_series()
    return parts.with_columns(
        parts["tail"].scatter(rows, tail),
        parts["shown"].scatter(rows, repaired["shown"]),
        parts["alone"].scatter(rows, repaired["alone"]),
    )


def _repaired(heads: pl.Series) -> pl.DataFrame:
    """Give each head with its words in their case, whether one word alone has letters, and whether it is sure then."""
    spelt = {word: _spellings(word) for word in heads.explode().drop_nulls().unique()}
    first = {word: spellings[0] for word, spellings in spelt.items()}
    later = {word: spellings[1] for word, spellings in spelt.items()}
    lettered = [word for word in spelt if any(sign.isalpha() for sign in word)]
    doubtful = [word for word, spellings in spelt.items() if spellings[:2] != spellings[2:]]
    opening = heads.list.first().replace_strict(first, return_dtype=pl.String())
    following = heads.list.slice(1).list.eval(pl.element().replace_strict(later, return_dtype=pl.String()))
    alone = heads.list.eval(pl.element().is_in(lettered)).list.sum() == 1
    sure = ~alone | ~heads.list.eval(pl.element().is_in(doubtful)).list.any()
    shown = pl.select(pl.concat_list(opening, following).list.join(" ")).to_series()
    return pl.DataFrame({"shown": shown, "alone": alone, "sure": sure})


@lru_cache(maxsize=1 << 15)
def _spellings(word: str) -> tuple[str, str, str, str]:
    """Give a word in its case as the first one and as a later one, both among others with letters and without."""
    return (
        cased_word(word, first=True, several=True),
        cased_word(word, first=False, several=True),
        cased_word(word, first=True, several=False),
        cased_word(word, first=False, several=False),
    )


@lru_cache(maxsize=4096)
def _ending(
    tail: str, comma: bool, style: str, alone: bool, legal_form: str, case: str
) -> tuple[str | None, bool, bool]:
    """Give what becomes of an ending, whether the name before it loses its comma, and whether all of it is a form."""
    head = (_STAND_IN if alone else f"{_STAND_IN} {_STAND_IN}") + ("," if comma else "")
    typed = {"capitals": head.upper(), "small": head.lower()}.get(style, head)
    name, head = f"{typed} {tail}".strip(), head if case == "repair" else typed
    said = tidied(name, legal_form, case=case)
    forms = [form_at_the_end(text) for text in (name, tidied(name, case=case))]
    whole = all(form is not None and form.text.casefold() == tail.casefold() for form in forms)
    if said.startswith(head):
        return said.removeprefix(head), False, whole
    return ("", True, whole) if said == head.rstrip(",") else (None, False, whole)


def _may_be_spelt_out(parts: pl.DataFrame, *, again: bool) -> pl.Series:
    """Say which names hold a form in many letters, of which the library knows more than our table.

    Where the form at the end is known it is not looked for, unless the name without its form is looked through `again`.
    """
    whole = parts["whole"].fill_null(value=False)
    names = parts["name"].filter(~whole).str.to_lowercase()
    heads = parts["shown"].str.to_lowercase() if again else pl.Series([], dtype=pl.String)
    long = {form for form in known_forms("\n".join([*names, *heads])) if len(form) >= _SPELT_OUT}
    unsafe = pl.repeat(False, parts.height, eager=True)
    for form in long:
        unsafe = unsafe.scatter((~whole).arg_true().filter(names.str.contains(form, literal=True)), True)
        unsafe = unsafe | heads.str.ends_with(form) if again else unsafe
    return unsafe
