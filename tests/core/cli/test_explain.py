"""`lustrum explain`: the plan as text, as a flowchart, as data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lustrum = Callable[..., Any]
Begin = Callable[..., Path]

FILES = {
    "lustrum.yaml": (
        "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\nfields: {label: text, score: integer}\n"
    ),
    "leads.csv": "id,city,country\n1,rome,IT\n",
    "campaigns/nightly.yaml": """\
campaign: nightly
kind: batch
smart_list: "country IS NOT NULL"
qualification: once every 30 days
flow:
  - execute: tidy
  - use: demo.note
    when: "label IS NOT NULL"
    with: {text: "From {{lead.city}} & \\"more\\""}
    repeat: every 7 days
  - execute: tidy
    id: again
    choices:
      - {when: "city IS NULL", execute: mend}
      - otherwise: nothing
""",
    "campaigns/tidy.yaml": """\
campaign: tidy
kind: executable
smart_list: "city IS NOT NULL"
flow:
  - use: demo.tidy
    with: {mark: "!"}
    retry: {repair: mend, attempts: 2, transient: {attempts: 5, wait: 2s}, until: "city IS NOT NULL"}
    on_fail: stop
  - use: demo.size
    writes: {city: label}
    choices:
      - {when: "country = 'IT'", reads: {city: country}}
      - otherwise: {}
""",
    "campaigns/mend.yaml": "campaign: mend\nkind: executable\nflow:\n  - {use: demo.size, when: failed(city)}\n",
}

TEXT = """\
campaign nightly (batch), campaigns/nightly.yaml:1
│ takes      leads with country IS NOT NULL
│ qualifies  once every 30d
├─ 1 execute tidy
│  │ at         nightly > tidy, campaigns/nightly.yaml:6
│  │ campaign   campaigns/tidy.yaml:1
│  │ takes      leads with city IS NOT NULL
│  │ fields     city, country → city, label
"""


def test_text_is_a_tree_of_the_campaigns(lustrum: Lustrum, begin: Begin) -> None:
    begin(FILES)
    said = lustrum("explain")
    assert said.code == 0
    assert said.out.startswith(TEXT)


@pytest.mark.parametrize(
    "line",
    [
        "1.1 use demo.tidy",
        "at         nightly > tidy > demo.tidy, campaigns/tidy.yaml:5",
        "options    mark: !",
        "fields     city → city",
        "retry      2 attempts (trim, upper); transient failures 5 times, waiting 2s; "
        "repair mend; until city IS NOT NULL",
        "on_fail    stop",
        "repair mend, campaigns/mend.yaml:1",
        "1.1r.1 use demo.size",
        "when       failed(city)",
        "choice country = 'IT'",
        "needs      city from demo.tidy or nightly > tidy > demo.tidy > mend > demo.size, country (source)",
        "2 use demo.note",
        "when       label IS NOT NULL",
        "happens    every 7d for a lead and what is read here",
        "needs      city from nightly > tidy > demo.tidy or nightly > tidy > demo.tidy > mend > demo.size, "
        "label from nightly > tidy > demo.size",
        "3 execute mend, as again",
        "choice city IS NULL: execute mend",
        "otherwise: nothing",
        "fields: 5, key id; the source lacks label (text), score (integer); carried from run to run city, label",
    ],
)
def test_text_says_of_each_entry(lustrum: Lustrum, begin: Begin, line: str) -> None:
    begin(FILES)
    shown = [found.strip("│├└─ ") for found in lustrum("explain").out.splitlines()]
    assert line in shown


def test_mermaid_draws_nesting_as_subgraphs_and_dependencies_as_labelled_arrows(lustrum: Lustrum, begin: Begin) -> None:
    begin(FILES)
    lines = lustrum("explain", "--format", "mermaid").out.splitlines()
    assert lines[0] == "flowchart TB"
    assert lines[1] == '  subgraph n1["nightly (batch)<br/>takes country IS NOT NULL<br/>qualifies once every 30d"]'
    assert '    subgraph n2["1 execute tidy<br/>takes city IS NOT NULL"]' in lines
    assert (
        '      n3["1.1 use demo.tidy<br/>→ city<br/>2 attempts (trim, upper)<br/>'
        'transient failures 5 times, waiting 2s<br/>until city IS NOT NULL<br/>on_fail stop"]'
    ) in lines
    assert '      subgraph n4["repair mend"]' in lines
    assert '  n3 -->|"city"| n6' in lines
    assert '  n3 -.->|"failed"| n4' in lines
    assert '  n4 -.->|"again"| n3' in lines
    assert sum(line.strip().startswith("subgraph") for line in lines) == sum(line.strip() == "end" for line in lines)


def test_json_has_every_entry_with_its_needs(lustrum: Lustrum, begin: Begin) -> None:
    begin(FILES)
    plan = json.loads(lustrum("explain", "--format", "json").out)
    assert plan["format"] == "lustrum-plan/2"
    assert [campaign["name"] for campaign in plan["campaigns"]] == ["nightly"]
    tidy, note, again = plan["campaigns"][0]["entries"]
    assert [entry["path"] for entry in (tidy, note, again)] == [
        "nightly > tidy",
        "nightly > demo.note",
        "nightly > again",
    ]
    assert note["repeat"] == "every 7d"
    (template,) = note["actions"][0]["templates"]
    assert (template["option"], template["reads"]) == ("text", ["city"])
    inner = tidy["actions"][0]["campaign"]["entries"][0]
    assert inner["retry"]["strategies"] == ["trim", "upper"]
    assert inner["retry"]["repair"]["entries"][0]["when"]["text"] == "failed(city)"
    assert inner["needs"] == [{"field": "city", "settled_by": [], "blocks": False, "own": True}]
    (label,) = [field for field in plan["fields"] if field["name"] == "label"]
    assert (label["type"], label["column"], label["new"], label["kept"]) == ("text", "label", True, False)
    assert label["users"]["written_by"] == ["nightly > tidy > demo.size"]


def test_an_executable_campaign_may_be_explained_alone(lustrum: Lustrum, begin: Begin) -> None:
    begin(FILES)
    said = lustrum("explain", "mend")
    assert said.out.startswith("campaign mend (executable), campaigns/mend.yaml:1\n│ takes      every lead\n")


def test_warnings_stand_at_the_end(lustrum: Lustrum, begin: Begin) -> None:
    flow = "campaign: nightly\nkind: batch\nflow:\n  - {use: demo.size, writes: {city: country}}\n  - use: demo.tidy\n"
    begin({"campaigns/nightly.yaml": flow, "leads.csv": "id,city,country\n"})
    assert lustrum("explain").out.splitlines()[-1].startswith("warning: campaigns/nightly.yaml:4: ")


def test_nothing_to_explain_is_exit_code_2(lustrum: Lustrum, begin: Begin) -> None:
    begin({"lustrum.yaml": "leads: {from: leads.csv, to: out/leads.csv, key: id}\n"})
    said = lustrum("explain")
    assert (said.code, said.err.startswith("lustrum: which campaign?")) == (2, True)
    assert 'did you mean "nightly"?' in lustrum("explain", "nihgtly").err


def test_another_source_gives_other_fields(lustrum: Lustrum, begin: Begin) -> None:
    begin(FILES | {"other.csv": "id,city,country,more\n"})
    assert "fields: 6, key id;" in lustrum("explain", "--leads", "other.csv").out


@pytest.mark.parametrize(
    ("rule", "line"), [("once", "qualifies  once"), ("once every 12 hours", "qualifies  once every 12h")]
)
def test_qualification_is_told(lustrum: Lustrum, begin: Begin, rule: str, line: str) -> None:
    head = f"campaign: nightly\nkind: batch\nqualification: {rule}\n"
    begin({"campaigns/nightly.yaml": f"{head}flow: [{{use: demo.tidy}}]\n"})
    assert f"\n│ {line}\n" in lustrum("explain").out


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("", "happens    once for a lead and what is read here"),
        (", repeat: always", "happens    always for a lead and what is read here"),
        (
            ", retry: {transient: {attempts: 3, wait: 500ms..2m}}",
            "retry      transient failures 3 times, waiting 0.5s..2m",
        ),
    ],
)
def test_what_happens_again_is_told(lustrum: Lustrum, begin: Begin, keys: str, line: str) -> None:
    flow = f"flow:\n  - {{use: demo.note, with: {{text: Hi}}{keys}}}\n"
    begin({"campaigns/nightly.yaml": f"campaign: nightly\nkind: batch\n{flow}"})
    assert f"\n     {line}\n" in lustrum("explain").out


def test_files_among_the_options_are_named_from_the_project(lustrum: Lustrum, begin: Begin) -> None:
    table = "{use: enrich.lookup, with: {table: areas.csv, on: {city: City}, take: {area: Area}}}"
    fields = "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\nfields: {area: text}\n"
    begin(
        {
            "lustrum.yaml": fields,
            "areas.csv": "City,Area\nRome,Lazio\n",
            "campaigns/nightly.yaml": f"campaign: nightly\nkind: batch\nflow: [{table}]\n",
        }
    )
    said = lustrum("explain").out
    assert 'options    table: areas.csv; on: {"city": "City"}; take: {"area": "Area"}' in said
