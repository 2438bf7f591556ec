"""What a plugin does wrong costs the leads it does it for, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lustrum.testing import CampaignRun
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]

LEADS = [{"id": "1", "name": "good"}, {"id": "2", "name": "odd"}, {"id": "3", "name": "fine"}]
ONE_ODD = """
@step("probe.odd")
def odd(name: str) -> str | Failed | Skip | Answer[str]:
    if name == "odd":
        {what}
    return name.upper()
"""
OTHERS = ["GOOD", "odd", "FINE"]


@pytest.mark.parametrize(
    "what",
    [
        'return Failed(5, "a code that is no text")',
        'return Failed("code", object())',
        'return Failed("code", "message", (5, None))',
        "return Skip(5)",
        "return Failed(None)",
        'return "\\ud800"',
        "return 10 ** 30",
        'raise Transient("busy", code=5)',
        'raise Transient("busy", retry_after="5")',
        'raise ValueError("\\ud800")',
        "class Mute(Exception):\n            __str__ = None\n        raise Mute",
        'raise GeneratorExit("gone")',
        "raise SystemExit(0)",
        "raise pl.exceptions.PanicException('panic')",
        "import asyncio\n        raise asyncio.CancelledError",
    ],
)
def test_an_odd_answer_costs_its_own_lead(run: Run, what: str) -> None:
    ran = run("flow: [{use: probe.odd}]", LEADS, steps=ONE_ODD.replace("{what}", what))
    assert [lead["name"] for lead in ran.leads] == OTHERS
    assert ran.outcomes["nightly > probe.odd"][0::2] == ["changed", "changed"]
    assert ran.outcomes["nightly > probe.odd"][1].partition(":")[0] in ("failed", "skipped")


def test_an_odd_reason_is_written_as_text(run: Run) -> None:
    ran = run("flow: [{use: probe.odd}]", LEADS, steps=ONE_ODD.replace("{what}", "return Answer('ODD', 5)"))
    assert [lead["name"] for lead in ran.leads] == ["GOOD", "ODD", "FINE"]
    assert "5" in ran.result.trail["reason"].to_list()


def test_a_moment_of_a_type_nobody_knows_is_none(run: Run) -> None:
    steps = """
    @step("probe.when", reads=["name"])
    def when(*values: str) -> Moment:
        return Moment("Foo" if values[0] == "odd" else "Web", values[0])
    """
    ran = run("flow: [{use: probe.when}]", LEADS, steps=steps)
    assert [moment["text"] for moment in ran.moments] == ["good", "fine"]


def test_a_step_that_changes_its_options_changes_them_for_nobody_else(run: Run) -> None:
    steps = """
    @step("probe.grow")
    def grow(name: str, *, words: list[str]) -> str:
        words.append(name)
        return "-".join(words)
    """
    ran = run("flow: [{use: probe.grow, with: {words: [a]}}]", LEADS, steps=steps)
    assert [lead["name"] for lead in ran.leads] == ["a-good", "a-odd", "a-fine"]


@pytest.mark.parametrize("raising", ["reads=lambda o: 1 / 0, ", "reads=[], adds_up=lambda o: 1 / 0, "])
def test_a_plugin_that_raises_while_planning_is_named(run: Run, raising: str) -> None:
    steps = f"""
    @step("probe.plan", {raising}writes=["name"])
    def plan() -> str:
        return "x"
    """
    with pytest.raises(ProjectError, match=r"probe\.plan of plugin probe raised ZeroDivisionError"):
        run("flow: [{use: probe.plan}]", LEADS, steps=steps)


def test_a_plugin_cannot_end_the_program_while_planning(run: Run) -> None:
    steps = """
    import sys
    @step("probe.plan", reads=lambda o: sys.exit(0), writes=["name"])
    def plan() -> str:
        return "x"
    """
    with pytest.raises(ProjectError, match="SystemExit"):
        run("flow: [{use: probe.plan}]", LEADS, steps=steps)


def test_fields_and_options_may_have_any_names(run: Run) -> None:
    steps = """
    @step("probe.both")
    def both(a: str, b: str, *, name: Template = "") -> str | Failed:
        return Failed("no")
    """
    entry = '{use: probe.both, reads: {a: row, b: row}, with: {name: "{{lead.row}}"}}'
    ran = run(f"flow: [{entry}]", [{"id": "1", "row": "x"}], steps=steps)
    assert ran.quarantine[0]["inputs"] == '{"row":"x","b (read:1)":"x","name":"x"}'


def test_what_adds_up_is_done_once_however_its_loop_goes_on(run: Run) -> None:
    entry = "{use: change.score, with: {change: +5}, retry: {until: score >= 100, repair: fix}}"
    ran = run(
        f"flow:\n  - {entry}",
        [{"id": "1", "score": 1, "tag": "x"}],
        children={"fix": 'flow: [{use: change.value, with: {field: tag, value: "{{lead.tag}}x"}}]'},
        files={"lustrum.yaml": "leads: {from: a.csv, to: b.csv, key: id}\nfields: {score: integer}\n"},
    )
    assert (ran.leads[0]["score"], len(ran.result.effects)) == (6, 1)


def test_a_key_of_an_id_cannot_part_a_path(run: Run) -> None:
    with pytest.raises(ProjectError, match='"a > b" is no id'):
        run('flow: [{use: change.value, id: "a > b", with: {field: name}}]', LEADS)
