"""Rule 5: what an executable campaign cannot contain, at any depth, and the way out."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from lustrum.testing import run_campaign
from lustrum.words.errors import ProjectError

LATER = """
from lustrum import Step, hookimpl, step

@step("mine.later", writes=["note"], deferred=True)
def later() -> str:
    return "later"

@hookimpl
def lustrum_steps() -> list[Step]:
    return [later]
"""
ROWS = [{"id": "1", "note": None}]


def project(nightly: str, **children: str) -> Mapping[str, str]:
    files = {name: f"campaign: {name}\nkind: executable\nflow:\n{flow}" for name, flow in children.items()}
    files["nightly"] = f"campaign: nightly\nkind: batch\nflow:\n{nightly}"
    return {"plugins/mine.py": LATER, **{f"campaigns/{name}.yaml": text for name, text in files.items()}}


@pytest.mark.parametrize(
    ("nightly", "children"),
    [
        pytest.param("  - execute: forbidden", {}, id="executed"),
        pytest.param(
            "  - execute: one",
            {"one": "  - execute: two", "two": "  - execute: forbidden"},
            id="three levels deep",
        ),
        pytest.param(
            "  - {use: change.value, with: {field: note, value: x}, retry: {repair: forbidden}}",
            {},
            id="as a repair",
        ),
        pytest.param(
            "  - {execute: one, choices: [{when: note = 'x', execute: forbidden}]}",
            {"one": "  - {use: change.value, with: {field: note, value: x}}"},
            id="by a choice",
        ),
    ],
)
@pytest.mark.parametrize("entry", ["use: mine.later", "wait: 3 days", "use: wait", "use: call_webhook"])
def test_what_does_not_finish_in_the_call_is_refused_with_the_way_out(
    nightly: str, children: Mapping[str, str], entry: str
) -> None:
    with pytest.raises(ProjectError, match=r"(?s)campaigns/forbidden\.yaml:4: .*request") as error:
        run_campaign(project(nightly, **children, forbidden=f"  - {entry}"), ROWS)
    assert "campaigns/forbidden.yaml:4" in str(error.value)


def test_it_is_refused_once_however_often_the_campaign_is_executed() -> None:
    with pytest.raises(ProjectError) as error:
        run_campaign(project("  - execute: child\n  - execute: child\n", child="  - use: mine.later"), ROWS)
    assert len(error.value.problems) == 1


def test_a_batch_campaign_may_use_a_deferred_step() -> None:
    assert run_campaign(project("  - use: mine.later"), ROWS).leads[0]["note"] == "later"


def test_an_executable_campaign_has_no_trigger() -> None:
    files = {
        **project("  - execute: child"),
        "campaigns/child.yaml": "campaign: child\nkind: executable\non: {lead: created}\nflow:\n  - use: change.value",
    }
    with pytest.raises(ProjectError, match=r"campaigns/child\.yaml:3: .*trigger"):
        run_campaign(files, ROWS)


def test_a_campaign_called_by_two_entries_at_one_path_is_refused() -> None:
    top = "  - {execute: one, choices: [{when: note IS NULL, execute: two}, {otherwise: {}}]}"
    write = "  - {use: change.value, with: {field: note, value: x}}"
    with pytest.raises(ProjectError, match=r"nightly > one > two is called by this entry and.*id of its own"):
        run_campaign(project(top, one="  - execute: two", two=write), ROWS)
