"""The pulse tells what a worker is at."""

from __future__ import annotations

from pathlib import Path

import pytest

from lustrum.running.workers.pulse import Beat, Pulse


def test_the_other_side_sees_what_is_shown(tmp_path: Path) -> None:
    shown = Pulse.make(tmp_path / "pulse")
    seen = Pulse(tmp_path / "pulse")
    assert not seen.look().asking
    shown.trace(b"0123456789abcdef")
    shown.begin(7, leads=2_001)
    assert seen.look() == Beat(1, 7, 3, b"0123456789abcdef")
    assert seen.look().asking
    shown.end()
    assert not seen.look().asking
    assert seen.look().traced is None


@pytest.mark.parametrize(("leads", "shares"), [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (100_000, 100)])
def test_a_step_has_its_time_for_each_thousand_leads(tmp_path: Path, leads: int, shares: int) -> None:
    pulse = Pulse.make(tmp_path / "pulse")
    pulse.begin(0, leads)
    assert pulse.look().shares == shares
