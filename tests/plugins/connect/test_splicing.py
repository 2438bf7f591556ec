from __future__ import annotations

import numpy as np
import polars as pl

from lustrum_plugins.connect.splicing import Cuts, splice


def cuts(*places: tuple[int, int, str]) -> Cuts:
    return Cuts(
        np.array([place[:2] for place in places], np.int64).reshape(-1, 2),
        pl.Series(values=[text for *_, text in places], dtype=pl.String),
    )


def test_what_is_not_cut_out_keeps_its_bytes() -> None:
    data = "aébécé".encode()
    assert splice(data, [cuts()]) == data
    assert splice(data, [cuts((6, 7, "x")), cuts((0, 1, ""), (3, 4, "yy"))]) == "éyyéxé".encode()


def test_texts_at_one_place_keep_their_order() -> None:
    assert splice(b"ab", [cuts((1, 1, "1")), cuts((1, 1, "2")), cuts((2, 2, "3"))]) == b"a12b3"
