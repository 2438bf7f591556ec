"""What no run may do, whatever its guards say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.running.summary import Summary
from lustrum.words.errors import SourceError, UsageError

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]

TIDY = "{use: probe.tidy, reads: {value: country}}"


@pytest.mark.parametrize(
    "out", ["lustrum.yaml", "decisions.csv", "campaigns/leads.csv", "plugins/leads.csv", "leads.csv"]
)
def test_a_run_replaces_no_file_of_its_project_and_no_source(project: Project, run: Run, out: str) -> None:
    """With the output `leads.csv`, the source `leads.rejects.csv` would become a list of rejects."""
    root = project("id,country\n1,DE\n", TIDY)
    source = root / "leads.rejects.csv"
    source.write_bytes((root / "leads.csv").read_bytes())
    with pytest.raises(UsageError, match="choose another --out"):
        run(root, leads=str(source), out=str(root / out))
    assert not (root / ".lustrum").exists()


def test_an_address_as_output_replaces_no_file(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n", TIDY)
    with pytest.raises(Exception, match="no plugin writes leads to here"):
        run(root, out="acme://crm/leads")


def test_leads_are_not_written_in_place_of_records_that_cannot_be_read(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n2\n3,FR\n", TIDY)
    before = (root / "leads.csv").read_bytes()
    with pytest.raises(SourceError, match="1 records cannot be read and would be lost"):
        run(root, out=str(root / "leads.csv"))
    assert (root / "leads.csv").read_bytes() == before


def test_a_source_of_which_nothing_can_be_read_is_an_error(project: Project, run: Run, outputs: Outputs) -> None:
    root = project("id,country\n1,DE,x\n2,FR,y\n", TIDY)
    with pytest.raises(SourceError, match=r"none of its 2 records can be read \(too_many_cells\)"):
        run(root)
    assert outputs(root) == {}


def test_too_many_rejects_stop_a_run(project: Project, run: Run, outputs: Outputs) -> None:
    sound, torn = [f"{number},DE" for number in range(80)], [str(number) for number in range(30)]
    root = project("\n".join(["id,country", *sound, *torn, ""]), TIDY)
    summary = run(root)
    assert (summary.status, summary.exit_code) == ("stopped", 3)
    assert str(summary.tripped[0]) == "guard rejected: 30 of 110 leads (27.3%), and the limit is 20%"
    assert outputs(root) == {}
