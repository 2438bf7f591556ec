"""Rule 12: nesting has no limit of depth, and a cycle prints itself."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from lustrum.testing import run_campaign
from lustrum.words.errors import ProjectError

ROWS = [{"id": "1", "note": None}]
WRITE = "{use: change.value, with: {field: note, value: reached}}"


def project(nightly: str, **children: str) -> Mapping[str, str]:
    files = {name: f"campaign: {name}\nkind: executable\nflow:\n  - {entry}" for name, entry in children.items()}
    files["nightly"] = f"campaign: nightly\nkind: batch\nflow:\n  - {nightly}"
    return {f"campaigns/{name}.yaml": text for name, text in files.items()}


def test_sixty_levels_are_executed() -> None:
    names = [f"level{number}" for number in range(60)]
    children = {name: f"execute: {deeper}" for name, deeper in zip(names, [*names[1:], "deepest"], strict=True)}
    ran = run_campaign(project("execute: level0", **children, deepest=WRITE), ROWS)
    assert ran.leads == [{"id": "1", "note": "reached"}]
    assert ran.outcomes[" > ".join(["nightly", *names, "deepest", "change.value"])] == ["changed"]


@pytest.mark.parametrize(
    ("children", "cycle"),
    [
        pytest.param({"a": "execute: a"}, "a > a", id="itself"),
        pytest.param({"a": "execute: b", "b": "execute: c", "c": "execute: a"}, "a > b > c > a", id="three"),
        pytest.param(
            {"a": f"{WRITE[:-1]}, retry: {{repair: b}}}}", "b": "execute: a"}, "a > b > a", id="through a repair"
        ),
        pytest.param(
            {"a": "{execute: b, choices: [{when: note = 'x', execute: c}]}", "b": WRITE, "c": "execute: a"},
            "a > c > a",
            id="through a choice",
        ),
        pytest.param({"a": "execute: b", "b": "execute: c", "c": "execute: b"}, "b > c > b", id="further down"),
    ],
)
def test_a_cycle_is_refused_and_prints_itself(children: Mapping[str, str], cycle: str) -> None:
    with pytest.raises(ProjectError, match=rf"campaigns/[abc]\.yaml:\d+: .*{cycle}"):
        run_campaign(project("execute: a", **children), ROWS)


def test_two_ways_to_one_campaign_are_no_cycle() -> None:
    files = project("execute: a", a="execute: c", c=WRITE)
    both = {**files, "campaigns/nightly.yaml": files["campaigns/nightly.yaml"] + "\n  - execute: c"}
    assert run_campaign(both, ROWS).leads[0]["note"] == "reached"
