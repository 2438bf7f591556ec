"""What comes from outside is data: files of a project, leads and names run nothing and reach nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from lustrum.running.summary import Summary
from lustrum.words.errors import LustrumError, ProjectError, UsageError

Project = Callable[..., Path]
Run = Callable[..., Summary]
Rows = Callable[..., list[dict[str, str]]]

LEADS = "id,country\n1,DE\n"
_LEVELS = [f"{name}: &{name} [{','.join([f'*{below}'] * 9)}]\n" for below, name in pairwise("abcdefghi")]
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(_LEVELS)
FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.mark.parametrize("path", ["../outside.csv", "{parent}/outside.csv", "link.csv", "tables/../../outside.csv"])
def test_a_campaign_reads_no_file_outside_of_the_project(project: Project, run: Run, path: str) -> None:
    flow = f"{{use: enrich.lookup, reads: {{value: country}}, with: {{table: '{path}', on: country}}}}"
    root = project(LEADS)
    (root.parent / "outside.csv").write_text("country,region\nDE,EMEA\n")
    (root / "link.csv").symlink_to(root.parent / "outside.csv")
    (root / "tables").mkdir()
    campaign = root / "campaigns" / "nightly.yaml"
    campaign.write_text(f"campaign: nightly\nkind: batch\nflow:\n  - {flow}\n".replace("{parent}", str(root.parent)))
    with pytest.raises(ProjectError, match="lies outside of the project"):
        run(root)


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "a/b", "..", "nul\x00"])
def test_a_name_is_no_path(project: Project, run: Run, name: str) -> None:
    root = project(LEADS)
    with pytest.raises(UsageError, match="is no id of a run"):
        run(root, name)
    assert not (root.parent / "evil").exists()


def test_no_run_is_called_what_the_last_one_is_called(project: Project, run: Run) -> None:
    with pytest.raises(UsageError, match='"last" is no id of a run: commands mean the last run by it'):
        run(project(LEADS), "last")


def test_the_name_of_a_campaign_is_no_path_either(project: Project, run: Run) -> None:
    root = project(LEADS)
    campaign = root / "campaigns" / "nightly.yaml"
    campaign.write_text(campaign.read_text().replace("campaign: nightly", "campaign: ../../evil"))
    (root / "lustrum.yaml").write_text((root / "lustrum.yaml").read_text().replace("nightly", "../../evil"))
    assert run(root).status == "applied"
    assert sorted(path.name for path in root.parent.iterdir()) == ["project"]


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "a: " + "[" * 5000,
        "a: !!python/object/apply:os.system ['touch evil']\n",
        "a: !!python/name:os.system\n",
    ],
    ids=["bomb", "nesting", "code", "name"],
)
def test_a_yaml_file_runs_nothing_and_ends_soon(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    root = project(LEADS)
    monkeypatch.chdir(root)
    (root / "lustrum.yaml").write_text((root / "lustrum.yaml").read_text() + text)
    begun = time.monotonic()
    with pytest.raises(ProjectError):
        run(root)
    assert time.monotonic() - begun < 10
    assert not (root / "evil").exists()


@pytest.mark.parametrize(
    "condition",
    [
        "country = 'x'; DROP TABLE leads",
        "country IN (SELECT country FROM leads)",
        "read_csv('/etc/passwd') IS NOT NULL",
        "CAST(country AS INTEGER) = 1",
        "1 = 1 UNION SELECT 1",
        "getenv('HOME') = 'x'",
    ],
)
def test_a_condition_is_one_expression_of_known_words(project: Project, run: Run, condition: str) -> None:
    flow = f'{{use: probe.tidy, reads: {{value: country}}, when: "{condition}"}}'
    with pytest.raises(ProjectError):
        run(project(LEADS, flow))


def test_a_pattern_takes_linear_time(project: Project, run: Run) -> None:
    flow = "{use: probe.tidy, reads: {value: country}, when: \"country LIKE '%a%a%a%a%a%a%a%a%c'\"}"
    begun = time.monotonic()
    run(project(f"id,country\n1,{'a' * 50_000}b\n", flow))
    assert time.monotonic() - begun < 10


def test_the_leads_file_and_what_stands_beside_it_keep_every_cell_as_it_is(
    project: Project, run: Run, rows: Rows
) -> None:
    """A quote before a formula would change the data; only files made for people have it."""
    quoted = '"' + FORMULA.replace('"', '""') + '"'
    root = project(f"id,country,note\n1,DE,{quoted}\n2,{quoted},-1\n", "{use: probe.tidy, reads: {value: country}}")
    run(root)
    assert [lead["note"] for lead in rows(root)] == [FORMULA, "-1"]
    assert [change["before"] for change in rows(root, "changes")] == ["DE", FORMULA]


def test_a_giant_cell_is_a_lead_and_a_file_of_one_record_is_refused(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(f"id,country\n1,{'X' * 2_000_000}\n2,DE\n")
    assert run(root).totals.leads == 2
    monkeypatch.setattr("lustrum_plugins.connect.reading.LONGEST", 1_000)
    (root / "leads.csv").write_text('id,country\n1,"' + "x" * 300_000)
    with pytest.raises(LustrumError, match="does not end within 1,000 characters"):
        run(root, "r2")


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf"])
def test_a_file_that_is_empty_is_no_file_of_leads(project: Project, run: Run, content: bytes) -> None:
    root = project(content)
    with pytest.raises(LustrumError) as refused:
        run(root)
    assert refused.value.exit_code == 5


def test_a_header_without_leads_is_a_fall_in_rows(project: Project, run: Run) -> None:
    root = project("id,country\n" + "".join(f"{number},de\n" for number in range(100)))
    run(root, "r1")
    (root / "leads.csv").write_text("id,country\n")
    assert [trip.name for trip in run(root, "r2").tripped] == ["rows"]
