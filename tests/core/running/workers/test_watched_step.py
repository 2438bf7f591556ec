"""A step that a worker watches answers as it would unwatched."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lustrum import step
from lustrum.running.workers.pulse import Pulse
from lustrum.running.workers.watched_step import Watch, WatchedStep
from lustrum.testing import run_step


def shouts(inputs: pl.DataFrame) -> pl.DataFrame:
    return inputs.select(pl.col("company").str.to_uppercase().alias("value"))


@step("acme.shout", vectorised=shouts)
def shout(company: str) -> str:
    return company.upper()


def test_a_step_that_is_looked_at_closely_leaves_every_input_to_its_function_without_a_warning(tmp_path: Path) -> None:
    watch = Watch(Pulse.make(tmp_path / "pulse"), tracing=True)
    run = run_step(
        WatchedStep(shout, 0, watch), [{"company": "acme"}, {"company": "blue lamp"}, {"company": "quorvex"}]
    )
    assert [lead["company"] for lead in run.leads] == ["ACME", "BLUE LAMP", "QUORVEX"]
