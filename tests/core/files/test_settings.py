from __future__ import annotations

import warnings

import pytest

from lustrum.files.guards import ANY_FIELD
from lustrum.files.limits import Limit
from lustrum.files.settings import ProjectSettings
from lustrum.files.validation import validate
from lustrum.files.yaml import read_yaml
from lustrum.words.errors import ProjectError
from lustrum.words.fields import FieldType

LEADS = "leads: {from: leads.csv, to: out.csv}\n"


def settings(text: str) -> ProjectSettings:
    return validate(ProjectSettings, read_yaml(LEADS + text, "lustrum.yaml"))


def test_the_example_of_the_design_is_read() -> None:
    text = """\
leads: {from: leads.csv, to: out/leads.csv, key: Lead ID, encoding: windows-1252, delimiter: ";", quote: "'"}
run: nightly
my: {region: EU}
fields:
  score: integer
  Country Code: text
  created_at: {column: Created At, type: datetime}
defaults: {on_fail: block}
allow: {quarantined: 3%}
guards: {quarantined: 5%, changed: {Country: 30%}, rows: -20%, raised: 10%}
timezone: Europe/Berlin
plugins: {disabled: [acme], settings: {crm: {url: x}}}
"""
    read = validate(ProjectSettings, read_yaml(text, "lustrum.yaml"))
    assert (read.leads.from_, read.leads.to, read.leads.key) == ("leads.csv", "out/leads.csv", "lead_id")
    assert read.leads.dialect == {"encoding": "windows-1252", "delimiter": ";", "quote": "'"}
    assert (read.run, read.my, read.timezone) == (("nightly",), {"region": "EU"}, "Europe/Berlin")
    assert {name: spec.type for name, spec in read.fields.items()} == {
        "score": FieldType.INTEGER,
        "country_code": FieldType.TEXT,
        "created_at": FieldType.DATETIME,
    }
    assert read.fields["created_at"].column == "Created At"
    assert read.guards.quarantined == Limit.parse("5%")
    assert read.guards.changed == {"country": Limit.parse("30%")}
    assert (str(read.guards.rows), str(read.guards.raised), str(read.allow.quarantined)) == ("-20%", "10%", "3%")
    assert (read.plugins.disabled, read.plugins.settings) == (("acme",), {"crm": {"url": "x"}})


def test_only_the_leads_must_be_named() -> None:
    read = settings("")
    assert (read.leads.key, read.leads.dialect, read.run, read.fields) == (None, {}, (), {})
    assert (read.timezone, str(read.allow.quarantined)) == ("UTC", "0")
    assert (read.guards.quarantined, read.guards.changed, read.guards.rows) == (None, {}, None)


def test_limits_are_read_as_seconds() -> None:
    assert settings("").limits.seconds == (60, 6 * 3_600)
    assert settings("limits: {step: 90s, batch: 1 hour}").limits.seconds == (90, 3_600)


def test_several_campaigns_may_run() -> None:
    assert settings("run: [on-new-lead, nightly]").run == ("on-new-lead", "nightly")


def test_one_limit_of_changes_holds_for_every_field() -> None:
    assert settings("guards: {changed: 30%}").guards.changed == {ANY_FIELD: Limit.parse("30%")}
    both = settings("guards: {changed: {'*': 30%, Last Name: 5}}").guards.changed
    assert {name: str(limit) for name, limit in both.items()} == {"*": "30%", "last_name": "5"}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("guard: {rows: 5}", 2, 'unknown key "guard"; did you mean "guards"?'),
        ("limits:\n  step: 0.5s", 3, '"0.5s" leaves no time for anything; write 1s or more'),
        (
            "limits:\n  batch: soon",
            3,
            '"soon" is no duration; write a number and a unit, such as 30s, 5m, 2 hours, 3 weeks or 14 months',
        ),
        ("limits: {steps: 5s}", 2, 'unknown key "steps" in "limits"; did you mean "step"?'),
        ("run: [a, {b: c}]", 2, 'item 2 of "run" must be text, not a mapping'),
        ("fields:\n  score: integr", 3, '"type" cannot be "integr"; did you mean "integer"?'),
        ("fields:\n  score: [integer]", 3, '"score" must be a mapping of key: value, not a list'),
        ("fields:\n  a:\n    colunm: b", 4, 'unknown key "colunm" in "a"; did you mean "column"?'),
        (
            "fields:\n  First Name: text\n  first_name: text",
            4,
            '"first_name" is the field first_name, which stands here already; rename one',
        ),
        ("fields:\n  '!': text", 3, '"!" is no name of a field; use letters or digits'),
        (
            "fields:\n  a: {column: X}\n  b:\n    column: X",
            5,
            'the column "X" is that of a already; give one of them another column',
        ),
        ("allow: {quarantined: -5%}", 2, 'the limit "-5%" cannot be negative; remove the minus sign'),
        ("guards: {rows: some}", 2, '"some" is no limit; write a share such as 5% or a count such as 12'),
        ("guards: {rows: [1]}", 2, '"rows" must be a share such as 5% or a count such as 12'),
        ("guards:\n  changed:\n    country: x", 4, '"x" is no limit; write a share such as 5% or a count such as 12'),
        ("guards: {changed: [5%]}", 2, '"changed" must be a mapping of key: value, not a list'),
        ("timezone: Europe/Berln", 2, 'there is no time zone "Europe/Berln"; did you mean "Europe/Berlin"?'),
        ("timezone: ../etc", 2, 'there is no time zone "../etc"; write one such as Europe/Berlin'),
        ("plugins: {disabled: acme}", 2, '"disabled" must be a list, not "acme"'),
        ("plugins: {settings: {acme: 1}}", 2, '"acme" must be a mapping of key: value, not "1"'),
        ("my: [a]", 2, '"my" must be a mapping of key: value, not a list'),
        ("defaults: {on_fail: halt}", 2, '"on_fail" cannot be "halt"; write one of: block, stop, continue, abort'),
    ],
)
def test_a_wrong_setting_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(ProjectError) as raised:
        settings(text)
    assert str(raised.value) == f"lustrum.yaml:{line}: {message}"


@pytest.mark.parametrize(
    ("leads", "message"),
    [
        (
            "{form: a, to: b}",
            'missing key "from" in "leads"; add it\nlustrum.yaml:1: unknown key "form" in "leads"; did '
            'you mean "from"?',
        ),
        ("{from: a, to: ''}", '"to" is empty; give it a value or leave the key out'),
        ("{from: a, to: b, key: '?'}", '"?" is no name of a field; use letters or digits'),
        (
            "{from: a, to: b, encoding: utf-9}",
            '"utf-9" is no encoding of text; write one such as utf-8, windows-1252 or utf-16',
        ),
        (
            "{from: a, to: b, encoding: base64}",
            '"base64" is no encoding of text; write one such as utf-8, windows-1252 or utf-16',
        ),
        ("{from: a, to: b, delimiter: '||'}", '"delimiter" must be one character, not "||"'),
        ("leads.csv", '"leads" must be a mapping of key: value, not "leads.csv"'),
    ],
)
def test_wrong_leads_are_refused(leads: str, message: str) -> None:
    with pytest.raises(ProjectError) as raised:
        validate(ProjectSettings, read_yaml(f"leads: {leads}", "lustrum.yaml"))
    assert str(raised.value) == f"lustrum.yaml:1: {message}"


def test_a_model_made_in_python_takes_limits_as_they_are() -> None:
    limit = Limit.parse("5%")
    leads = {"from": "a", "to": "b"}
    read = ProjectSettings.model_validate({"leads": leads, "guards": {"rows": limit, "raised": limit}})
    assert (read.guards.rows, read.guards.raised) == (limit, limit)


def test_the_model_gives_a_schema_for_editors() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        schema = ProjectSettings.model_json_schema()
    assert schema["$defs"]["FieldSpec"]["properties"]["type"]["enum"] == [kind.value for kind in FieldType]
    assert schema["$defs"]["Allow"]["properties"]["quarantined"]["default"] == "0"
    assert schema["$defs"]["FieldSpec"]["properties"]["column"]["description"] == "Its header in the source."
    assert schema["properties"]["leads"]["description"] == "Where the leads come from and go to."
    assert schema["$defs"]["Leads"]["properties"]["from"]["description"]
