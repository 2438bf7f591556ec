"""The pattern of a text: letters as `a` and `A`, digits as `9`, everything else as it is.

`(415) 555-2671` has the pattern `(999) 999-9999`. Folded, a run of two or more alike is one sign with a plus:
`(9+) 9+-9+`. Characters that cannot be seen stand as `·`, an empty cell as `(empty)`.
"""

from __future__ import annotations

import polars as pl

EMPTY = "(empty)"
HIDDEN = "·"

_SIGNS = (
    (r"\p{M}", ""),
    (r"[\p{L}--[\p{Lu}\p{Lt}]]", "a"),
    (r"[\p{Lu}\p{Lt}]", "A"),
    (r"\p{Nd}", "9"),
    (r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]", HIDDEN),
)


def patterns_of(texts: pl.Expr) -> pl.Expr:
    """Give the patterns of a text column.

    >>> frame = pl.DataFrame({"x": ["(415) 555-2671", "Jörg O'Neil", None]})
    >>> frame.select(patterns_of(pl.col("x"))).to_series().to_list()
    ['(999) 999-9999', "Aaaa A'Aaaa", '(empty)']
    """
    for written, sign in _SIGNS:
        texts = texts.str.replace_all(written, sign)
    return texts.fill_null(EMPTY).replace("", EMPTY)


def folded(patterns: pl.Expr) -> pl.Expr:
    """Fold patterns: every run of two or more letters of one case, or digits, becomes one sign with a plus.

    >>> pl.DataFrame({"x": ["Aaaa A'Aaaa", "AA 99", "(empty)"]}).select(folded(pl.col("x"))).to_series().to_list()
    ["Aa+ A'Aa+", 'A+ 9+', '(empty)']
    """
    short = patterns
    for sign in "aA9":
        short = short.str.replace_all(f"{sign}{sign}+", f"{sign}+")
    return pl.when(patterns == EMPTY).then(patterns).otherwise(short)
