"""Rule 1: which campaigns a run may start."""

from __future__ import annotations

from pathlib import Path

import pytest

from lustrum.files.project import load_project
from lustrum.planning.plan import Plan
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.testing.campaigns import write_project
from lustrum.testing.steps import START
from lustrum.words.errors import ProjectError

FLOW = "flow: [{use: change.value, with: {field: note, value: x}}]\n"


def plan(root: Path, kind: str) -> Plan:
    files = {"campaigns/mine.yaml": f"campaign: mine\nkind: {kind}\n{FLOW}"}
    project = load_project(write_project(root, files))
    request = Request(START, ["id", "note"], "leads.csv", ("mine",))
    return make_plan(project, Registry.load(root, ()), request)


def test_a_batch_campaign_is_run(tmp_path: Path) -> None:
    assert [campaign.name for campaign in plan(tmp_path, "batch").campaigns] == ["mine"]


def test_an_executable_campaign_is_never_run_by_itself(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"mine.*executable.*execute"):
        plan(tmp_path, "executable")
