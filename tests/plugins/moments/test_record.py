from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lustrum import Moment, Skip
from lustrum.words.outcomes import MomentType
from lustrum_plugins.moments.record import record


@pytest.mark.parametrize("kind", ["Email", "Milestone", "Web"])
def test_a_moment_has_its_type_and_text(kind: MomentType) -> None:
    assert record(type=kind, text="Asked for a quote") == Moment(kind, "Asked for a quote")


@given(text=st.text())
def test_a_text_stands_on_one_line_and_is_never_empty(text: str) -> None:
    said = record(type="Web", text=text)
    if isinstance(said, Skip):
        assert (said.reason, text.strip()) == ("empty", "")
    else:
        assert said.text.splitlines() == [said.text]
        assert record(type="Web", text=said.text) == said


@pytest.mark.parametrize("wrong", ["web", "Call", "MILESTONE", ""])
def test_any_other_type_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="'Email', 'Milestone' or 'Web'"):
        record.options.validate({"type": wrong, "text": "x"})


@pytest.mark.parametrize("wrong", [{"type": "Web"}, {"text": "x"}, {"type": "Web", "text": "x", "at": "now"}])
def test_type_and_text_and_nothing_else_are_asked_for(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        record.options.validate(wrong)


def test_a_moment_is_an_effect_that_reads_and_writes_no_field_of_its_own() -> None:
    options = record.options.validate({"type": "Web", "text": "{{lead.company}} came back"})
    assert record.adds_up(options)
    assert record.options.templates == {"text"}
    assert (record.parameters, record.fields_written(options)) == ((), None)
