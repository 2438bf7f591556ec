"""Alerts: a file beside the leads where somebody may be told, and a hook for who delivers them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lustrum.running.summary import Summary

Project = Callable[..., Path]
Run = Callable[..., Summary]
Rows = Callable[..., list[dict[str, str]]]
Outputs = Callable[[Path], dict[str, bytes]]

ALERT = (
    '{use: send.alert, when: "country IS NOT NULL", with: {to: "{{lead.owner}}", subject: "New: {{lead.country}}", '
    'text: "Call {{lead.id}}"}}'
)
TIDY = "{use: probe.tidy, reads: {value: country}}"
LEADS = "id,country,owner\n1,DE,ada@acme.example\n2,,bob@acme.example\n3,FR,\n4,IT,bob@acme.example\n"
POSTMAN = """
@hookimpl
def lustrum_alerts(run, alerts):
    heard.append((run, [dict(alert) for alert in alerts]))
"""


def heard() -> list[tuple[Any, ...]]:
    noted: list[tuple[Any, ...]] = sys.modules["lustrum_project.probe"].heard
    return noted


def test_alerts_are_listed_and_told_once(project: Project, run: Run, rows: Rows) -> None:
    root = project(LEADS, ALERT, steps=POSTMAN, settings="timezone: Europe/Berlin\n")
    summary = run(root, batch_size=3)
    common = {"run": "r1", "at": "2026-01-31T04:00:00+01:00", "path": "nightly > send.alert"}
    expected = [
        {"key": "1", "to": "ada@acme.example", "subject": "New: DE", "text": "Call 1", **common},
        {"key": "4", "to": "bob@acme.example", "subject": "New: IT", "text": "Call 4", **common},
    ]
    assert rows(root, "alerts") == expected
    assert heard() == [("r1", expected)]
    assert (summary.outputs["alerts"], summary.totals.effects) == (str(root / "out" / "leads.alerts.csv"), {"alert": 2})
    again = run(root, "r2")
    assert (rows(root, "alerts"), heard(), again.totals.effects) == ([], [], {})


def test_nobody_is_told_of_what_was_not_applied(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, ALERT, steps=POSTMAN)
    run(root, dry_run=True)
    assert (heard(), outputs(root)) == ([], {})


def test_where_nobody_can_be_told_there_is_no_file(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, TIDY, steps=POSTMAN)
    summary = run(root)
    assert "leads.alerts.csv" not in outputs(root)
    assert "alerts" not in summary.outputs


def test_alerts_of_an_earlier_run_are_not_left_lying(project: Project, run: Run, rows: Rows) -> None:
    root = project(LEADS, ALERT)
    run(root)
    nightly = f"campaign: nightly\nkind: batch\nflow:\n  - {TIDY}\n"
    (root / "campaigns" / "nightly.yaml").write_text(nightly, encoding="utf-8")
    run(root, "r2")
    assert rows(root, "alerts") == []


def test_a_file_of_that_name_which_is_none_of_ours_stays(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, TIDY)
    (root / "out").mkdir()
    (root / "out" / "leads.alerts.csv").write_text("mine\n", encoding="utf-8")
    run(root)
    assert outputs(root)["leads.alerts.csv"] == b"mine\n"


@pytest.mark.parametrize("body", ["raise ValueError('deaf')", "alerts[0]['to'] = 'me'"])
def test_who_delivers_them_can_fail_and_change_nothing(project: Project, run: Run, rows: Rows, body: str) -> None:
    postman = f"\n@hookimpl\ndef lustrum_alerts(alerts):\n    {body}\n"
    root = project(LEADS, ALERT, steps=postman)
    summary = run(root)
    assert (summary.status, len(rows(root, "alerts")), len(summary.complaints)) == ("applied", 2, 1)
    assert "lustrum_alerts raised" in summary.complaints[0]
