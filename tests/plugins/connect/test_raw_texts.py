from __future__ import annotations

import sys

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.raw_texts import WHITE, RawTexts


def test_white_is_what_python_strips() -> None:
    assert set(WHITE) == {sign for sign in map(chr, range(sys.maxunicode + 1)) if sign.isspace()}


@given(
    cells=st.lists(
        st.tuples(st.text(st.sampled_from("ab ,;.[]^-\\'\"\r\n\té\x1c\u3000\x00"), max_size=4), st.booleans()),
        min_size=1,
    ),
    dialect=st.builds(Dialect, st.sampled_from(",;\t|.-^]\\"), st.sampled_from("\"'")),
    first=st.integers(0, 3),
)
def test_texts_are_written_as_one_by_one(cells: list[tuple[str, bool]], dialect: Dialect, first: int) -> None:
    raw = RawTexts(pl.Series(["before"] * first + [text for text, _ in cells]), dialect)
    quoted = np.array([flag for _, flag in cells])
    assert raw.cells(quoted, first).to_list() == [dialect.raw(text, quoted=flag) for text, flag in cells]
