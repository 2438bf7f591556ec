"""A batch that is taken through in pieces has the result of the whole."""

from __future__ import annotations

import pytest

from lustrum.engine.execute import execute
from lustrum.engine.given import Batch, Given
from lustrum.engine.result import BY_ROW, Result
from lustrum.running.workers.pieces import in_pieces
from lustrum.testing import run_campaign
from lustrum.testing.leads import batch_of

PROJECT = {
    "lustrum.yaml": "leads: {from: leads.csv, to: out.csv, key: id}\nrun: nightly\nfields: {score: integer}\n",
    "campaigns/nightly.yaml": """
campaign: nightly
kind: batch
flow:
  - {use: standardise.country}
  - {use: change.score, with: {change: "+5"}}
  - {use: moment.record, with: {type: Web, text: "from {{lead.country}}"}}
""",
}
ROWS = [{"id": str(number), "country": name, "score": number} for number, name in enumerate(["Italia", "??", "", "DE"])]


@pytest.mark.parametrize("pieces", [1, 2, 3, 9])
def test_the_pieces_give_what_the_whole_gives(pieces: int) -> None:
    plan = run_campaign(PROJECT, ROWS).plan
    batch = batch_of(ROWS, plan.schema)

    def go(batch: Batch) -> Result:
        return execute(plan, batch, Given("r1", plan.start))

    whole, found = go(batch), in_pieces(go, pieces)(batch)
    for name in BY_ROW:
        first, second = getattr(whole, name), getattr(found, name)
        order = ["row", *(column for column in first.columns if column in ("field", "path"))]
        assert first.sort(order).equals(second.sort(order)), name
    assert whole.leads.equals(found.leads)
    assert whole.outcomes.equals(found.outcomes)
    assert whole.keys.equals(found.keys)
