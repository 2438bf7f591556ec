"""The texts of many leads at once: those in plain ASCII, where there is nothing to repair but blanks."""

from __future__ import annotations

from typing import Literal

import polars as pl

from lustrum_plugins.standardise.placeholders import are_placeholders, unbracketed

_ASCII = r"^[\t\n\r\x20-\x7E]*$"
_UNTIDY = r"[\t\n\r]|  "


def texts_at_once(
    inputs: pl.DataFrame,
    *,
    lines: Literal["keep", "join"],
    mojibake: Literal["repair", "keep"],
    entities: Literal["keep", "read"],
    unicode: Literal["NFC", "NFKC"],
    placeholders: Literal["keep", "empty", "fail"],
) -> pl.DataFrame:
    """Say what `text` says of texts of printable ASCII, blanks and line breaks, without HTML entities to be read."""
    del mojibake, unicode  # ASCII is the same in all encodings and forms
    text = inputs["text"]
    claimed = text.str.contains(_ASCII)
    if entities == "read":
        claimed &= ~text.str.contains("&", literal=True)
    clean = _clean(text, join=lines == "join").alias("text").to_frame()
    clean = clean.with_columns(filled=_is_placeholder(clean["text"]) if placeholders != "keep" else pl.lit(value=False))
    failed = pl.col("filled") & (placeholders == "fail")
    return clean.select(
        pl.when(~pl.col("filled") & (pl.col("text") != "")).then("text").alias("value"),
        pl.when(failed).then(pl.lit("placeholder")).alias("_code"),
        pl.when(failed).then(pl.lit("the text only fills the field")).alias("_message"),
        claimed.alias("_claimed"),
    )


def _clean(texts: pl.Series, *, join: bool) -> pl.Series:
    untidy = texts.str.contains(_UNTIDY)
    some = texts.filter(untidy).str
    if join:
        tidy = some.replace_all(r"[ \t\n\r]+", " ")
    else:
        blanks = some.replace_all("\r\n?", "\n").str.replace_all(r"[ \t]+", " ")
        tidy = blanks.str.replace_all(" ?\n ?", "\n").str.replace_all("\n{3,}", "\n\n")
    return texts.scatter(untidy.arg_true(), tidy).str.strip_chars(" \n")


def _is_placeholder(texts: pl.Series) -> pl.Series:
    word = texts.str.to_lowercase().str.replace_all("\n+", " ").to_frame("word").select(unbracketed(pl.col("word")))
    return word.select(
        are_placeholders(pl.col("word")) | are_placeholders(pl.col("word").str.strip_chars_end(".!?:"))
    ).to_series()
