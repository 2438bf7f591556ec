"""A row without a key of its own stays as it is and stands in quarantine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lustrum.engine.execute import execute
from lustrum.engine.given import Given
from lustrum.testing import CampaignRun
from lustrum.testing.leads import batch_of
from lustrum.testing.steps import START

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

FLOW = "flow: [{use: probe.tidy, reads: {value: country}}]"


def test_rows_in_trouble_are_quarantined_and_not_touched(run: Run, calls: Calls) -> None:
    rows = [{"id": key, "country": country} for key, country in (("1", "US"), ("1", "DE"), (None, "FR"))]
    plan = run(FLOW, rows[:1]).plan
    calls().clear()
    result = execute(plan, batch_of(rows, plan.schema, [None, "key_repeated", "key_missing"]), Given("test", START))
    assert result.leads["country"].to_list() == ["us", "DE", "FR"]
    assert result.quarantine.select("row", "code").rows() == [(1, "key_repeated"), (2, "key_missing")]
    assert calls("tidy") == ["US"]
    assert result.outcomes["nightly > probe.tidy"].to_list() == ["changed", None, None]


def test_rows_in_trouble_reach_nothing_else(run: Run) -> None:
    rows = [{"id": "1", "country": "?"}, {"id": "1", "country": "?"}]
    plan = run("flow: [{use: moment.record, with: {type: Web, text: x}}]", rows[:1]).plan
    result = execute(plan, batch_of(rows, plan.schema, [None, "key_repeated"]), Given("test", START))
    assert result.effects["row"].to_list() == [0]
