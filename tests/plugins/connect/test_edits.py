from __future__ import annotations

import pytest
from tests.plugins.cell_changes import changed

from lustrum.words.errors import SinkError
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.edits import Edits

CHANGES = [changed(2, {"b": {0: "x", 1: None}, "new": {1: "y"}}), changed(1, {"a": {0: "z"}})]


def test_edits_are_handed_out_lead_by_lead_across_batches() -> None:
    edits = Edits("out.csv", CHANGES, ["a", "b", "new"], Dialect())
    assert edits.take(1).by_lead() == [{1: "x"}]
    assert edits.take(3).by_lead() == [{1: "", 2: "y"}, {0: "z"}, {}]
    assert edits.taken == 4
    edits.finish()


def test_edits_for_more_leads_than_there_are_are_refused() -> None:
    edits = Edits("out.csv", CHANGES, ["a", "b", "new"], Dialect())
    edits.take(2)
    with pytest.raises(SinkError, match=r"out\.csv: the changes are for more leads than the 2 of the source"):
        edits.finish()


def test_an_edit_of_an_unknown_column_is_refused() -> None:
    with pytest.raises(SinkError, match='a change for "new", which is neither a column nor a new one'):
        Edits("out.csv", CHANGES, ["a", "b"], Dialect()).take(1)


@pytest.mark.parametrize("row", [2, 5])
def test_an_edit_outside_its_batch_is_refused(row: int) -> None:
    with pytest.raises(SinkError, match="outside its batch of 2"):
        Edits("out.csv", [changed(2, {"a": {row: "x"}})], ["a"], Dialect()).take(1)
