from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lustrum.report.flow_order import FlowOrder

ENTRIES = [
    "nightly > tidy",
    "nightly > tidy > city",
    "nightly > welcome",
    "nightly > welcome > greet",
    "nightly > welcome > more",
    "nightly > welcome > more > ask",
    "nightly > other",
    "nightly > other > step",
    "nightly > last",
    "weekly > tidy",
]
REQUESTS = ["nightly > welcome", "nightly > other", "nightly > welcome > more"]
IN_ORDER = [
    "nightly",
    "nightly > tidy",
    "nightly > tidy > city",
    "nightly > welcome",
    "nightly > other",
    "nightly > last",
    "nightly > welcome > greet",
    "nightly > welcome > more",
    "nightly > other > step",
    "nightly > welcome > more > ask",
    "weekly",
    "weekly > tidy",
]


@given(st.permutations(IN_ORDER))
def test_campaigns_stand_before_their_entries_and_requests_after_the_root_flow_first_in_first_out(
    paths: list[str],
) -> None:
    assert sorted(paths, key=FlowOrder(ENTRIES, REQUESTS).rank) == IN_ORDER


def test_a_path_that_the_flow_does_not_have_stands_at_its_end() -> None:
    paths = ["nightly > gone", "nightly > last", "nightly"]
    assert sorted(paths, key=FlowOrder(ENTRIES, []).rank) == ["nightly", "nightly > last", "nightly > gone"]
