"""Rules 1 to 3: executable campaigns run inside others, in series, behind their gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from lustrum.testing import CampaignRun
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

TIDY = """
flow:
  - use: probe.tidy
    reads: {value: country}
"""


def test_an_entry_starts_only_after_the_entry_before_has_ended_for_every_lead(run: Run, calls: Calls) -> None:
    flow = """
    flow:
      - {use: probe.tidy, reads: {value: country}}
      - {use: probe.copy, reads: {value: country}, writes: {value: city}}
    """
    run(flow, [{"id": "1", "country": "US", "city": None}, {"id": "2", "country": "DE", "city": None}])
    assert calls() == [("tidy", "US"), ("tidy", "DE"), ("copy", "us"), ("copy", "de")]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param("use: probe.copy, reads: {value: country}, writes: {value: seen}", id="a parameter"),
        pytest.param("use: change.value, with: {field: seen, value: '{{lead.country}}'}", id="a token"),
        pytest.param("use: change.value, when: country = 'us', with: {field: seen, value: us}", id="a when"),
        pytest.param(
            "use: change.value, with: {field: seen}, choices: [{when: country = 'us', with: {value: us}}]",
            id="a choice",
        ),
        pytest.param("execute: gated", id="another child's smart list"),
    ],
)
def test_what_follows_an_execute_sees_the_changes_of_the_child(run: Run, after: str) -> None:
    children = {
        "standardise": TIDY,
        "gated": "smart_list: country = 'us'\nflow:\n  - {use: change.value, with: {field: seen, value: us}}",
    }
    ran = run(
        f"flow:\n  - execute: standardise\n  - {{{after}}}",
        [{"id": "1", "country": "US", "seen": None}],
        children=children,
    )
    assert ran.leads[0]["seen"] == "us"


def test_a_child_sees_what_its_caller_changed_before(run: Run, calls: Calls) -> None:
    run(
        "flow:\n  - {use: change.value, with: {field: country, value: DE}}\n  - execute: standardise",
        [{"id": "1", "country": "US"}],
        children={"standardise": TIDY},
    )
    assert calls("tidy") == ["DE"]


def test_a_lead_that_does_not_meet_the_smart_list_passes_by_and_the_caller_goes_on(run: Run) -> None:
    ran = run(
        """
        flow:
          - execute: standardise
          - {use: probe.copy, reads: {value: country}, writes: {value: seen}}
        """,
        [{"id": "1", "country": "US", "seen": None}, {"id": "2", "country": "DE", "seen": None}],
        children={"standardise": "smart_list: {country: is US}" + TIDY},
    )
    assert ran.outcomes["nightly > standardise"] == ["changed", "skipped:not_qualified"]
    assert ran.outcomes["nightly > standardise > probe.tidy"] == ["changed", ""]
    assert [lead["seen"] for lead in ran.leads] == ["us", "DE"]


def test_a_lead_the_batch_campaign_does_not_take_stays_as_it_is(run: Run) -> None:
    ran = run("smart_list: {country: is not US}" + TIDY, [{"id": "1", "country": "US"}, {"id": "2", "country": "DE"}])
    assert ran.outcomes["nightly > probe.tidy"] == ["", "changed"]
    assert [lead["country"] for lead in ran.leads] == ["US", "de"]


def test_an_execute_is_unchanged_where_the_child_changed_nothing(run: Run) -> None:
    ran = run(
        "flow: [{execute: standardise}]",
        [{"id": "1", "country": "us"}, {"id": "2", "country": "DE"}],
        children={"standardise": TIDY},
    )
    assert ran.outcomes["nightly > standardise"] == ["unchanged", "changed"]


def test_the_same_child_may_be_executed_twice_and_its_paths_tell_the_two_apart(run: Run) -> None:
    ran = run(
        "flow: [{execute: standardise}, {execute: standardise}, {execute: standardise, id: again}]",
        [{"id": "1", "country": "US"}],
        children={"standardise": TIDY},
    )
    assert ran.outcomes["nightly > standardise > probe.tidy"] == ["changed"]
    assert ran.outcomes["nightly > standardise-2 > probe.tidy"] == ["unchanged"]
    assert ran.outcomes["nightly > again > probe.tidy"] == ["unchanged"]


def test_several_campaigns_of_a_run_go_one_after_the_other(run: Run, calls: Calls) -> None:
    other = {"campaigns/other.yaml": "campaign: other\nkind: batch\n" + TIDY}
    run(TIDY, [{"id": "1", "country": "US"}], "nightly", "other", files=other)
    assert calls("tidy") == ["US", "us"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"campaigns/other.yaml": "campaign: other\nkind: batch" + TIDY}, "other"),
        ({"campaigns/other.yaml": "campaign: other\nkind: trigger\non: {lead: created}" + TIDY}, "other"),
    ],
)
def test_only_an_executable_campaign_can_be_executed(run: Run, files: Mapping[str, str], message: str) -> None:
    with pytest.raises(ProjectError, match=rf"campaigns/nightly\.yaml:3: .*{message}.*executable"):
        run("flow: [{execute: other}]", [{"id": "1", "country": "US"}], files=files)
