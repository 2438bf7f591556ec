from __future__ import annotations

from lustrum.testing import run_step

from lustrum_acme import grade


def test_a_grade_needs_score_and_size() -> None:
    rows: list[dict[str, object]] = [
        {"score": 80, "employees": 1000},
        {"score": 80, "employees": 3},
        {"score": 80, "employees": None},
        {"score": None, "employees": 1000},
    ]
    assert [lead["grade"] for lead in run_step(grade, rows).leads] == ["A", "B", "B", "C"]


def test_the_campaign_says_what_large_is() -> None:
    assert run_step(grade, [{"score": 80, "employees": 60}], large=50).leads[0]["grade"] == "A"


def test_a_negative_size_fails_for_that_lead_only() -> None:
    run = run_step(grade, [{"score": 80, "employees": -1}, {"score": 80, "employees": 300}])
    assert run.outcomes == ["failed:impossible", "changed"]
