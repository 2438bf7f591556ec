"""The steps at work in a campaign, found through their entry point as any installed plugin is."""

from __future__ import annotations

from lustrum.testing import run_campaign

PROJECT = {
    "lustrum.yaml": """
leads: {from: leads.csv, to: out/leads.csv, key: id}
run: acme
fields: {score: integer, employees: integer, product_line: text, grade: text}
""",
    "campaigns/acme.yaml": """
campaign: acme
kind: batch
flow:
  - use: acme.tidy_department
    on_fail: continue
  - use: acme.product_line
    writes: {interest: product_line}
    retry: {attempts: 2}
  - use: acme.grade
    with: {large: "100"}
  - use: moment.record
    when: grade = 'A'
    with: {type: Milestone, text: "Wants {{lead.product_line}}"}
""",
}
LEADS: list[dict[str, object]] = [
    {"id": "1", "department": "mktg", "interest": "a rocket", "score": 90, "employees": 300},
    {"id": "2", "department": "Sales/IT", "interest": "an anvill", "score": 90, "employees": 300},
    {"id": "3", "department": None, "interest": None, "score": None, "employees": 5},
]


def test_each_lead_goes_its_way_through_the_campaign() -> None:
    run = run_campaign(PROJECT, LEADS)
    assert [lead["department"] for lead in run.leads] == ["Marketing", "Sales/IT", None]
    assert [lead["product_line"] for lead in run.leads] == ["Rockets", None, None]
    assert [lead["grade"] for lead in run.leads] == ["A", "A", "C"]


def test_a_typing_error_is_not_guessed_at_and_blocks_what_shows_the_line() -> None:
    run = run_campaign(PROJECT, LEADS)
    assert run.outcomes["acme > acme.product_line"] == ["changed", "failed:unknown_line", "skipped:empty"]
    assert run.outcomes["acme > moment.record"] == ["unchanged", "blocked", "skipped:when"]
    assert [moment["text"] for moment in run.moments] == ["Wants Rockets"]
    assert [entry["key"] for entry in run.quarantine] == ["2"]


def test_a_second_run_changes_nothing() -> None:
    once = run_campaign(PROJECT, LEADS)
    assert run_campaign(PROJECT, once.leads).changes == []
