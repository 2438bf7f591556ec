from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lustrum import Failed, Program, Skip
from lustrum.testing import run_step
from lustrum_plugins.change.status import status

STATUSES = ("Invited", "Registered", "Attended On Demand")
WEBINAR = Program("Webinar 24", STATUSES)
CONTEXT = {"programs": {"Webinar 24": STATUSES}}


@pytest.mark.parametrize(
    ("held", "wanted", "said"),
    [
        (None, "Invited", "Invited"),
        ("", "Registered", "Registered"),
        ("Invited", "Registered", "Registered"),
        ("Invited", "Attended On Demand", "Attended On Demand"),
        ("Registered", "Registered", "Registered"),
        (" registered ", "Registered", "Registered"),
        ("ATTENDED  on demand", "Attended On Demand", "Attended On Demand"),
        ("Registered", "Invited", Skip("already_past")),
        ("attended on demand", "Invited", Skip("already_past")),
    ],
)
def test_a_lead_moves_forward_only(held: str | None, wanted: str, said: object) -> None:
    assert status(held, program=WEBINAR, status=wanted) == said


def test_what_is_no_status_is_a_failure_that_names_those_there_are() -> None:
    said = status("Walked in", program=WEBINAR, status="Invited")
    message = '"Walked in" is no status of the program Webinar 24; it has: Invited, Registered, Attended On Demand'
    assert said == Failed("unknown_status", message)


@given(held=st.sampled_from([None, *STATUSES]), wanted=st.sampled_from(STATUSES))
def test_on_its_own_output_it_changes_nothing(held: str | None, wanted: str) -> None:
    once = run_step(status, [{"status_webinar_24": held}], program=WEBINAR, status=wanted)
    again = run_step(status, once.leads, program=WEBINAR, status=wanted)
    assert again.leads == once.leads
    assert again.result.trail.is_empty()


def test_the_status_is_read_and_written_in_the_programs_field() -> None:
    options = status.options.validate({"program": "webinar_24", "status": "registered"}, CONTEXT)
    assert options["status"] == "Registered"
    assert status.fields_read(options) == {"status_webinar_24": False}
    assert status.fields_written(options) == {"status_webinar_24": None}
    assert not status.adds_up(options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"program": "Webinar 24", "status": "Atended"}, "the program Webinar 24 has no status"),
        ({"program": "Webinar 24", "status": "Regstered"}, 'did you mean "Registered"?'),
        ({"program": "Webinar 24", "status": "?"}, "it has: Invited, Registered, Attended On Demand"),
        ({"program": "Webinar 42", "status": "Invited"}, 'did you mean "webinar_24"?'),
        ({"program": "Webinar 24"}, "status"),
        ({"status": "Invited"}, "program"),
    ],
)
def test_an_unknown_program_or_status_is_found_at_load(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        status.options.validate(options, CONTEXT)
    assert message in str(caught.value)
