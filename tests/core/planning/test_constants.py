"""A constant that is no value of the field it is written into is refused when the project is loaded."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from lustrum.testing import CampaignRun, run_campaign
from lustrum.words.errors import ProjectError

TYPES = ("integer", "decimal", "boolean", "date", "datetime")
PROJECT = f"leads: {{from: a.csv, to: b.csv, key: id}}\nfields: {{{', '.join(f'{kind}: {kind}' for kind in TYPES)}}}\n"
LEAD: dict[str, Any] = {"id": "1", "text": None, **dict.fromkeys(TYPES)}
HEAD = "campaign: nightly\nkind: batch\nmy: {number: 7, word: abc}\nflow:\n"


def run(flow: str, lead: dict[str, Any] = LEAD, files: dict[str, str] | None = None) -> CampaignRun:
    campaign = HEAD + textwrap.indent(textwrap.dedent(flow).strip(), "  ")
    return run_campaign({"lustrum.yaml": PROJECT, "campaigns/nightly.yaml": campaign, **(files or {})}, [lead])


def refused(flow: str, **more: Any) -> list[str]:
    with pytest.raises(ProjectError) as error:
        run(flow, **more)
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize("field", TYPES)
@pytest.mark.parametrize("value", ["abc", "7 kg", "2024-02-30", "'  '", "'{{my.word}}'"])
def test_a_constant_of_the_wrong_type_is_refused_with_line_field_type_and_value(field: str, value: str) -> None:
    (told,) = refused(f"- use: change.value\n  with:\n    field: {field}\n    value: {value}")
    text = "abc" if "my" in value else value.strip("'")
    what = f'change.value writes "{text}" into {field}, which is of type {field}'
    assert told.startswith(f"campaigns/nightly.yaml:8: {what}; write ")
    assert told.endswith(f"or declare {field}: text under fields:")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("text", value) for value in ("abc", "7", "' '")),
        *((field, value) for field in TYPES for value in ("NULL", "''")),
        *(("integer", value) for value in ("7", "-7", "' 7 '", "'{{my.number}}'")),
        *(("decimal", value) for value in ("7", "7.5", "1e3")),
        *(("boolean", value) for value in ("true", "NO", "1")),
        *((field, value) for field in ("date", "datetime") for value in ("2024-02-29", "'{{system.date}}'")),
        ("datetime", "2024-02-29T08:00:00Z"),
    ],
)
def test_a_constant_of_the_right_type_passes(field: str, value: str) -> None:
    ran = run(f"- {{use: change.value, with: {{field: {field}, value: {value}}}}}")
    assert ran.outcomes["nightly > change.value"][0] in ("changed", "unchanged")


def test_a_field_may_be_emptied_whatever_its_type() -> None:
    ran = run("- {use: change.value, with: {field: integer}}", {**LEAD, "integer": 7})
    assert ran.leads[0]["integer"] is None


def test_the_constant_of_a_choice_is_told_at_its_line() -> None:
    flow = """
    - use: change.value
      with: {field: integer}
      choices:
        - when: text = 'x'
          with: {value: 7}
        - when: text = 'y'
          with:
            value: abc
        - otherwise: nothing
    """
    (told,) = refused(flow)
    assert told.startswith('campaigns/nightly.yaml:12: change.value writes "abc" into integer')


def test_a_choice_of_the_field_is_held_against_the_entrys_constant() -> None:
    flow = """
    - use: change.value
      with: {field: text, value: abc}
      choices:
        - when: text = 'x'
        - when: text = 'y'
          with: {field: integer}
    """
    (told,) = refused(flow)
    assert told.startswith('campaigns/nightly.yaml:6: change.value writes "abc" into integer')


def test_the_field_that_counts_is_the_one_that_is_written_in_the_end() -> None:
    flow = "- {use: change.value, with: {field: text, value: abc}, writes: {text: integer}}"
    (told,) = refused(flow)
    assert 'change.value writes "abc" into integer' in told


PLUGIN = '''
from typing import Annotated
from lustrum import FieldName, Step, WrittenTo, hookimpl, step

@step("probe.set", writes=lambda options: [options["target"]])
def set_it(*, target: FieldName, to: Annotated[str, WrittenTo("target")] = "none") -> str:
    """Write something into a field."""
    return to

@hookimpl
def lustrum_steps() -> list[Step]:
    return [set_it]
'''


@pytest.mark.parametrize(("more", "text"), [(", to: abc", "abc"), ("", "none")])
def test_a_plugin_says_the_same_of_its_options(more: str, text: str) -> None:
    (told,) = refused(f"- {{use: probe.set, with: {{target: integer{more}}}}}", files={"plugins/probe.py": PLUGIN})
    assert told.startswith(f'campaigns/nightly.yaml:5: probe.set writes "{text}" into integer')


@pytest.mark.parametrize("value", ["{{lead.text}}", "{{lead.text}}0", "{{lead.nothing:default=abc}}"])
def test_what_tokens_render_to_is_bad_data_and_no_fault_of_the_step(value: str) -> None:
    lead = {**LEAD, "text": "abc", "nothing": None}
    ran = run(f"- {{use: change.value, with: {{field: integer, value: '{value}'}}}}", lead)
    assert ran.outcomes["nightly > change.value"] == ["failed:wrong_type"]
    (row,) = ran.quarantine
    said = value.replace("{{lead.text}}", "abc").replace("{{lead.nothing:default=abc}}", "abc")
    assert (row["field"], row["message"]) == ("integer", f'the answer for integer is "{said}", no integer')


def test_what_tokens_render_to_is_read_as_the_type_of_the_field() -> None:
    ran = run("- {use: change.value, with: {field: integer, value: '{{lead.text}}0'}}", {**LEAD, "text": "7"})
    assert ran.leads[0]["integer"] == 70
