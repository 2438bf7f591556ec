from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lustrum import Alert, Skip
from lustrum.testing import run_step
from lustrum_plugins.alerts.send import alert


def test_an_alert_says_for_whom_about_what_and_how_much() -> None:
    said = alert(to="sales@acme.example", subject="Ada asked for a demo", text="Phone: +39 06 6982\nToday, please.")
    assert said == Alert("sales@acme.example", "Ada asked for a demo", "Phone: +39 06 6982\nToday, please.")


@given(to=st.text(), subject=st.text(), text=st.text())
def test_whom_and_subject_stand_on_one_line_and_an_alert_says_something(to: str, subject: str, text: str) -> None:
    said = alert(to=to, subject=subject, text=text)
    if isinstance(said, Skip):
        assert said.reason == "empty"
        assert not to.strip() or not (subject.strip() or text.strip())
    else:
        assert len(said.to.splitlines()) == 1
        assert len(said.subject.splitlines()) <= 1
        assert said.text == text.strip()
        assert alert(to=said.to, subject=said.subject, text=said.text) == said


@pytest.mark.parametrize(
    ("to", "subject", "text", "skipped"),
    [
        ("", "Hot", "now", True),
        (" \n", "Hot", "now", True),
        ("sales", " ", "\t", True),
        ("sales", "Hot", "", False),
        ("sales", "", "now", False),
    ],
)
def test_an_alert_to_nobody_or_about_nothing_is_none(to: str, subject: str, text: str, skipped: bool) -> None:
    assert (alert(to=to, subject=subject, text=text) == Skip("empty")) is skipped


def test_an_alert_is_an_effect_that_writes_no_field() -> None:
    options = {"to": "{{lead.owner}}", "subject": "{{lead.company}} is back"}
    leads: list[dict[str, Any]] = [{"owner": "ada@acme.example", "company": "Acme"}, {"owner": None, "company": "Acme"}]
    run = run_step(alert, leads, options=options)
    assert run.outcomes == ["unchanged", "skipped:empty"]
    (effect,) = run.result.effects.select("kind", "type", "subject", "text").to_dicts()
    assert effect == {"kind": "alert", "type": "ada@acme.example", "subject": "Acme is back", "text": ""}
    assert alert.adds_up(options)
    assert alert.options.templates == {"to", "subject", "text"}


@pytest.mark.parametrize(
    "wrong", [{"to": "sales"}, {"subject": "x"}, {"text": "x"}, {"to": "a", "subject": "b", "cc": "c"}]
)
def test_whom_and_subject_are_asked_for(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        alert.options.validate(wrong)
