"""Writes many texts at once as raw cells of a delimited file, each as `Dialect.raw` would."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.views import Flags

WHITE = "".join(map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)))) + (
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Python strips from a text: cells that begin or end with it are written in quotes."""


@dataclass(frozen=True)
class RawTexts:
    """Texts, none null, as cells without quotes and with them; `bound` are those that must have them."""

    texts: pl.Series
    dialect: Dialect

    @cached_property
    def bound(self) -> Flags:
        """Say which texts must stand in quotes."""
        signs = _class(f"\r\n{self.dialect.delimiter}{self.dialect.quote}")
        white = _class(WHITE)
        return self.texts.str.contains(rf"{signs}|\A{white}|{white}\z").to_numpy()

    @cached_property
    def wrapped(self) -> pl.Series:
        """Write every text in quotes."""
        quote = self.dialect.quote
        inner = pl.col("").str.replace_all(quote, quote * 2, literal=True)
        return self.texts.alias("").to_frame().select(pl.concat_str(pl.lit(quote), inner, pl.lit(quote))).to_series()

    def cells(self, quoted: Flags, first: int = 0) -> pl.Series:
        """Write as many texts as there are flags, from one on, in quotes where they must be and where it is said.

        >>> from numpy import array
        >>> raw = RawTexts(pl.Series(["plain", "plain", "5' tall", " x"]), Dialect(";", "'"))
        >>> raw.cells(array([False, True, False, False])).to_list()
        ['plain', "'plain'", "'5'' tall'", "' x'"]
        """
        flags = quoted | self.bound[first : first + len(quoted)]
        texts = self.texts.slice(first, len(flags))
        if not flags.any():
            return texts
        wrapped = self.wrapped.slice(first, len(flags))
        return wrapped if flags.all() else wrapped.zip_with(pl.Series(flags), texts)


def _class(signs: str) -> str:
    return "[" + "".join(f"\\x{{{ord(sign):x}}}" for sign in signs) + "]"
