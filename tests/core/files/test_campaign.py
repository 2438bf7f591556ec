from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from lustrum.files.campaign import CampaignFile, load_campaigns
from lustrum.files.validation import validate
from lustrum.files.yaml import read_yaml
from lustrum.words.errors import ProjectError

FLOW = "flow: [{use: standardise.phone}]\n"


def campaign(text: str) -> CampaignFile:
    return validate(CampaignFile, read_yaml(text, "x.yaml"))


def write(root: Path, name: str, text: str) -> None:
    (root / "campaigns").mkdir(exist_ok=True)
    (root / "campaigns" / name).write_text(text, encoding="utf-8")


def test_a_campaign_keeps_what_it_says_and_its_scalars_as_text() -> None:
    read = campaign(
        "campaign: 007\nkind: batch\ndescription: on\nsmart_list: {country: NO}\nmy: {zip: 01234, score: +5}\n"
        "defaults: {on_fail: continue, retry: {attempts: 2}}\nqualification: once every 30 days\n" + FLOW
    )
    assert (read.campaign, read.description, read.qualification) == ("007", "on", "once every 30 days")
    assert (read.smart_list, read.my) == ({"country": "NO"}, {"zip": "01234", "score": "+5"})
    assert read.defaults.on_fail == "continue"
    assert read.defaults.retry is not None
    assert read.defaults.retry.attempts == 2


def test_a_campaign_needs_a_name_a_kind_and_a_flow_only() -> None:
    read = campaign("campaign: nightly\nkind: executable\n" + FLOW)
    assert (read.description, read.smart_list, read.on, read.my) == ("", None, None, {})
    assert (read.qualification, read.defaults.on_fail, read.defaults.retry) == ("every time", None, None)


def test_a_trigger_campaign_says_what_it_waits_for() -> None:
    assert campaign("campaign: a\nkind: trigger\non: {fills_out_form: demo}\n" + FLOW).on == {"fills_out_form": "demo"}


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            "campaign: a\nkind: batch\nflows: []",
            ['1: missing key "flow"; add it', '3: unknown key "flows"; did you mean "flow"?'],
        ),
        ("campaign: a\nkind: Batch\n" + FLOW, ['2: "kind" cannot be "Batch"; did you mean "batch"?']),
        (
            "campaign: a\nkind: nightly\n" + FLOW,
            ['2: "kind" cannot be "nightly"; write one of: batch, executable, trigger'],
        ),
        (
            "campaign: a\nkind: [batch]\n" + FLOW,
            ['2: "kind" cannot be a list; write one of: batch, executable, trigger'],
        ),
        ("campaign:\nkind: batch\n" + FLOW, ['1: "campaign" is empty; give it a value or leave the key out']),
        ("campaign: a\nkind: batch\nflow: []", ['3: "flow" is empty; list at least one entry']),
        ("campaign: a\nkind: batch\nflow: x", ['3: "flow" must be a list, not "x"']),
        (
            "campaign: a\nkind: batch\nmy: {b: , c: [d]}\n" + FLOW,
            ['3: "b" is empty; give it a value or leave the key out', '3: "c" must be text, not a list'],
        ),
        (
            "campaign: a\nkind: batch\nqualification: onces\n" + FLOW,
            ['3: "onces" is no qualification; did you mean "once"?'],
        ),
        (
            "campaign: a\nkind: batch\ndefaults: {on_fial: stop}\n" + FLOW,
            ['3: unknown key "on_fial" in "defaults"; did you mean "on_fail"?'],
        ),
        (
            "campaign: a\nkind: executable\non: x\n" + FLOW,
            ['3: "on" is a trigger, and this campaign is executable; write kind: trigger'],
        ),
        ("campaign: a\nkind: trigger\n" + FLOW, ['2: a trigger campaign needs "on"; say what it waits for']),
    ],
)
def test_a_wrong_campaign_is_refused_with_every_line(text: str, problems: list[str]) -> None:
    with pytest.raises(ProjectError) as raised:
        campaign(text)
    assert str(raised.value).splitlines() == [f"x.yaml:{problem}" for problem in problems]


def test_no_message_speaks_of_the_library_behind() -> None:
    with pytest.raises(ProjectError) as raised:
        campaign("campaign: [a]\nkind: {}\nflow: [[], {use: a, retry: {attempts: x}, choices: {a: b}}]\nmy: x")
    text = str(raised.value)
    assert not any(word in text for word in ("pydantic", "http", "Input", "validation", "dict", "str_", "tuple"))


def test_the_campaigns_of_a_project_are_found_by_name_and_know_their_places(tmp_path: Path) -> None:
    write(tmp_path, "b.yml", "campaign: second\nkind: executable\n" + FLOW)
    write(tmp_path, "a.yaml", "campaign: first\nkind: batch\nflow:\n  - execute: second\n")
    campaigns = load_campaigns(tmp_path)
    assert list(campaigns) == ["first", "second"]
    assert len(campaigns) == 2
    assert (campaigns["first"].name, campaigns["first"].path) == ("first", "campaigns/a.yaml")
    assert str(campaigns["first"].place("flow", 0, "execute")) == "campaigns/a.yaml:4"
    assert campaigns.notes == ()


def test_files_that_are_not_used_and_texts_that_look_cut_are_noted(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "campaign: first\nkind: batch\nsmart_list: a = #b\n" + FLOW)
    write(tmp_path, "b.yaml.txt", "")
    write(tmp_path, ".hidden", "")
    (tmp_path / "campaigns" / "old.yaml").mkdir()
    notes = [str(note) for note in load_campaigns(tmp_path).notes]
    assert notes[0].startswith('campaigns/a.yaml:3: everything after " #" is a comment')
    assert notes[1:] == [
        "campaigns/b.yaml.txt: looked at and not used; a campaign is a file ending in .yaml or .yml",
        "campaigns/old.yaml: looked at and not used; a campaign is a file ending in .yaml or .yml",
    ]


def test_two_files_with_one_name_are_both_named(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "campaign: nightly\nkind: batch\n" + FLOW)
    write(tmp_path, "b.yaml", "# b\ncampaign: nightly\nkind: batch\n" + FLOW)
    with pytest.raises(ProjectError) as raised:
        load_campaigns(tmp_path)
    expected = 'campaigns/b.yaml:2: the campaign "nightly" stands in campaigns/a.yaml:1 too; rename one of the two'
    assert str(raised.value) == expected


def test_the_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "campaign: {{x}}")
    write(tmp_path, "b.yaml", "campaign: b\nkind: batc\n" + FLOW)
    with pytest.raises(ProjectError) as raised:
        load_campaigns(tmp_path)
    assert [str(problem.place) for problem in raised.value.problems] == ["campaigns/a.yaml:1", "campaigns/b.yaml:2"]


def test_a_project_without_the_folder_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"^campaigns: the project has no such folder; put its campaigns there$"):
        load_campaigns(tmp_path)


def test_the_model_gives_a_schema_for_editors_that_lets_numbers_pass_as_text() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        schema = CampaignFile.model_json_schema()
    assert schema["properties"]["campaign"]["type"] == ["string", "number", "boolean"]
    assert schema["properties"]["smart_list"]["description"].startswith("The condition")
    assert set(schema["$defs"]["Entry"]["properties"]) >= {"use", "with", "choices"}
