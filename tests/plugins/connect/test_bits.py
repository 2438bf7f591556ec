from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lustrum_plugins.connect.bits import after, before, odd, packed, places

flags = st.lists(st.booleans(), min_size=1, max_size=200)


@given(flags)
def test_flags_are_moved_by_one_and_counted(some: list[bool]) -> None:
    bits = packed(np.array(some))
    size = len(some)
    assert places(bits).tolist() == [at for at in range(size) if some[at]]
    assert [at for at in places(before(bits)).tolist() if at < size] == [at for at in range(1, size) if some[at - 1]]
    assert places(after(bits)).tolist() == [at for at in range(size - 1) if some[at + 1]]
    odds = [at for at in range(size) if sum(some[: at + 1]) % 2]
    assert [at for at in places(odd(bits)).tolist() if at < size] == odds
