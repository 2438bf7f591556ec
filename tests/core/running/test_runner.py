"""A run from source to sink: what it reads, writes, counts, and how it ends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.journal.journal import Journal
from lustrum.running.runner import RunOptions, locate, run_project
from lustrum.running.summary import Summary
from lustrum.words.errors import ProjectError, RunInterrupted, SourceError, UsageError

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]
Rows = Callable[..., list[dict[str, str]]]
Status = Callable[..., str]
Leads = Callable[..., str]

TIDY = "{use: probe.tidy, reads: {value: country}}"
MOMENT = '{use: moment.record, with: {type: Web, text: "from {{lead.country}}"}}'
SCORE = '{use: change.score, with: {change: "+5"}}'
SCORED = "fields: {score: integer}\n"


def heard() -> list[tuple[Any, ...]]:
    """Give what the plugin of the last run noted."""
    noted: list[tuple[Any, ...]] = sys.modules["lustrum_project.probe"].heard
    return noted


# Leads in, leads out


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_leads_come_out_in_the_order_they_went_in(project: Project, run: Run, outputs: Outputs, size: int) -> None:
    root = project("id,country\n3,DE\n1,fr\n2,IT\n5,no?\n4,AT\n")
    run(root, batch_size=size)
    assert outputs(root)["leads.csv"] == b"id,country\n3,de\n1,fr\n2,it\n5,no?\n4,at\n"


def test_the_batch_size_changes_no_byte(project: Project, run: Run, outputs: Outputs) -> None:
    import shutil

    root = project("id,country,score\n1,DE,1\n2,no?,x\n,c,3\n1,d,4\n3,FR\n4,!,\n", TIDY, MOMENT, SCORE, settings=SCORED)
    written: list[dict[str, bytes]] = []
    for size in (1, 2, 100):
        run(root, batch_size=size)
        written.append(outputs(root))
        shutil.rmtree(root / "out")
        shutil.rmtree(root / ".lustrum")
    assert written[0] == written[1] == written[2]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"id,country\n1,de\n2,\n", id="plain"),
        pytest.param(b"id,country\n1,de", id="no last line end"),
        pytest.param(b'\xef\xbb\xbfid;country\r\n01; de\xc3\xa4 \r\n2;""\r\n', id="mark, semicolons, CRLF, spaces"),
        pytest.param(b'"id"\t"country"\n"1"\t"d ""e"", f"\n2\t\n', id="tabs and quotes"),
        pytest.param(b"id,country\n1,\xe4\xf6\xfc\n2,stra\xdfe\n", id="windows-1252"),
        pytest.param("id,country\n1,дом\n".encode("utf-16"), id="utf-16"),
        pytest.param(b'id,country\n1,"two\nlines"\n2,x\r\n3,y\n', id="mixed line ends"),
        pytest.param(b"id,country\n", id="no leads"),
    ],
)
def test_a_run_that_changes_nothing_returns_the_same_bytes(
    project: Project, run: Run, outputs: Outputs, content: bytes
) -> None:
    root = project(content)
    summary = run(root)
    assert outputs(root)["leads.csv"] == content
    assert summary.totals.changed_cells == 0


def test_untouched_cells_keep_their_bytes(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(b'id,country,note\r\n"01",DE," ""x"" "\r\n02,fr,""\r\n03,"IT",\r\n')
    run(root)
    assert outputs(root)["leads.csv"] == b'id,country,note\r\n"01",de," ""x"" "\r\n02,fr,""\r\n03,"it",\r\n'


def test_leads_beyond_a_limit_are_copied(project: Project, run: Run, outputs: Outputs) -> None:
    root = project("id,country\n1,DE\n2,FR\n3,IT\n4,AT\n5,CH\n", TIDY, MOMENT)
    for size in (1, 2, 3, 100):
        summary = run(root, f"size-{size}", batch_size=size, limit=3, dry_run=True)
        assert (summary.totals.leads, summary.totals.beyond_limit, summary.totals.changed_leads) == (3, 2, 3)
    summary = run(root, "r1", batch_size=2, limit=3)
    assert outputs(root)["leads.csv"] == b"id,country\n1,de\n2,fr\n3,it\n4,AT\n5,CH\n"
    assert summary.totals.effects == {"moment": 3}
    assert [each for each in heard() if each[0] == "tidy"] == [("tidy", country) for country in ("DE", "FR", "IT")]


@pytest.mark.parametrize("limit", [5, 6])
def test_a_limit_that_is_not_reached_changes_nothing(project: Project, run: Run, limit: int) -> None:
    totals = run(project("id,country\n1,A\n2,B\n3,C\n4,D\n5,E\n"), limit=limit).totals
    assert (totals.leads, totals.beyond_limit) == (5, 0)


def test_leads_and_output_may_be_named_by_the_caller(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n")
    (root / "other.csv").write_text("id,country\n1,FR\n", encoding="utf-8")
    summary = run(root, leads=str(root / "other.csv"), out=str(root / "clean.csv"))
    assert (root / "clean.csv").read_text(encoding="utf-8") == "id,country\n1,fr\n"
    assert (summary.source, summary.outputs["leads"]) == (str(root / "other.csv"), str(root / "clean.csv"))


def test_what_the_project_names_stands_in_its_folder(project: Project) -> None:
    opened = load_project(project("id\n1\n"))
    assert locate(opened, None, "in/leads.csv") == str(opened.root / "in" / "leads.csv")
    assert locate(opened, None, "../leads.csv") == str(opened.root.parent / "leads.csv")
    assert locate(opened, None, "s3://bucket/leads.csv") == "s3://bucket/leads.csv"
    assert locate(opened, "here.csv", "in/leads.csv") == "here.csv"


# Campaigns


def test_several_campaigns_run_one_after_the_other(project: Project, run: Run, rows: Rows) -> None:
    second = "campaign: second\nkind: batch\nflow:\n  - {use: change.value, with: {field: note, value: done}}\n"
    root = project("id,country,note\n1,DE,\n", files={"campaigns/second.yaml": second})
    assert run(root, "r1", campaigns=("second",)).campaigns == ("second",)
    assert rows(root) == [{"id": "1", "country": "DE", "note": "done"}]
    assert run(root, "r2", campaigns=("nightly", "second")).campaigns == ("nightly", "second")
    assert rows(root) == [{"id": "1", "country": "de", "note": "done"}]


def test_without_a_campaign_there_is_nothing_to_run(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n", files={"lustrum.yaml": "leads: {from: leads.csv, to: out/leads.csv}\n"})
    with pytest.raises(UsageError, match=r"which campaign\? name one, or write `run: NAME` into lustrum.yaml"):
        run(root)
    assert not (root / ".lustrum").exists()


def test_an_invalid_project_leaves_no_trace(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n", "{use: probe.tiddy}")
    with pytest.raises(ProjectError, match=r"there is no step probe\.tiddy"):
        run(root)
    assert not (root / ".lustrum").exists()


# Runs and their ids


def test_a_run_has_an_id_of_its_own_unless_it_is_given(project: Project) -> None:
    root = project("id,country\n1,DE\n")
    opened = load_project(root)
    ids = {run_project(opened, Registry.load(root), RunOptions()).run for _ in range(2)}
    assert len(ids) == 2
    assert all(each.startswith("20260131T030000Z-") for each in ids)


def test_a_run_id_is_not_given_twice(project: Project, run: Run, outputs: Outputs, status: Status) -> None:
    root = project("id,country\n1,DE\n")
    run(root, "r1")
    before = outputs(root)
    (root / "leads.csv").write_text("id,country\n1,FR\n", encoding="utf-8")
    with pytest.raises(UsageError, match="there was a run r1 already; give another --run-id, or leave it out"):
        run(root, "r1")
    assert outputs(root) == before
    assert status(root) == "applied"


@pytest.mark.parametrize("name", ["../r1", "a/b", "..", "."])
def test_a_run_id_is_a_name_not_a_path(project: Project, run: Run, name: str) -> None:
    root = project("id,country\n1,DE\n")
    with pytest.raises(UsageError):
        run(root, name)
    assert not (root / "out").exists()


def test_a_run_id_stands_in_every_output(project: Project, run: Run, rows: Rows) -> None:
    root = project("id,country\n1,DE\n2,no?\n", TIDY, MOMENT)
    assert run(root, "night-7").run == "night-7"
    assert {row["run"] for side in ("changes", "moments", "quarantine") for row in rows(root, side)} == {"night-7"}


def test_the_start_is_the_variables_in_every_output(
    project: Project, run: Run, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUSTRUM_NOW", "2027-03-01T12:00:00")
    root = project(
        "id,country\n1,DE\n",
        '{use: change.value, with: {field: country, value: "{{system.date}}"}}',
        MOMENT,
        settings="timezone: Asia/Tokyo\n",
    )
    run(root)
    assert rows(root)[0]["country"] == "2027-03-01"
    assert rows(root, "moments")[0]["at"] == "2027-03-01T12:00:00+09:00"


def test_values_of_tokens_are_journaled_with_the_run(project: Project, run: Run, rows: Rows) -> None:
    entry = '{use: change.value, with: {field: country, value: "{{my.region}}"}}'
    root = project("id,country\n1,DE\n", entry, settings="my: {region: EU}\n")
    run(root, tokens={"region": "IT"})
    assert rows(root)[0]["country"] == "IT"
    run(root, "r2")
    assert rows(root)[0]["country"] == "EU"
    with Journal.open_ledger(root) as ledger:
        assert [(ledger.run(name) or {})["tokens"] for name in ("r1", "r2")] == ['{"region": "IT"}', "{}"]


# Twice


def test_a_second_run_over_the_output_changes_nothing_and_has_no_effect(
    project: Project, run: Run, outputs: Outputs, rows: Rows
) -> None:
    root = project("id,country,score\n1,DE,7\n2,no?,\n3,!,many\n3,FR,1\n", TIDY, MOMENT, SCORE, settings=SCORED)
    first = run(root, "r1")
    assert (first.totals.changed_cells, first.totals.effects) == (3, {"moment": 1, "change.score": 2})
    before = outputs(root)["leads.csv"]
    second = run(root, "r2", leads=str(root / "out" / "leads.csv"))
    assert (second.totals.changed_cells, second.totals.effects) == (0, {})
    assert outputs(root)["leads.csv"] == before
    assert (rows(root, "changes"), rows(root, "moments")) == ([], [])
    assert second.totals.quarantined == first.totals.quarantined


ENDS = {
    "dry": {"dry_run": True},
    "stopped": {},
    "aborted": {},
}


@pytest.mark.parametrize("ends", ENDS)
def test_effects_count_only_from_applied_runs(project: Project, run: Run, ends: str, leads: Leads) -> None:
    content = leads("DE", "FR", times=60)
    root = project(content, MOMENT, TIDY)
    flow = {"aborted": f"  - {MOMENT}\n  - {TIDY[:-1]}, on_fail: abort}}\n"}.get(ends)
    settings = (root / "lustrum.yaml").read_text(encoding="utf-8")
    nightly = (root / "campaigns" / "nightly.yaml").read_text(encoding="utf-8")
    if ends == "stopped":
        (root / "lustrum.yaml").write_text(settings + "guards: {changed: 10%}\n", encoding="utf-8")
    if flow:
        (root / "campaigns" / "nightly.yaml").write_text(f"campaign: nightly\nkind: batch\nflow:\n{flow}", "utf-8")
        (root / "leads.csv").write_text(content + "121,no?\n", encoding="utf-8")
    first = run(root, "r1", **ENDS[ends])
    assert (first.status, first.totals.effects["moment"] >= 120) == (ends, True)
    (root / "lustrum.yaml").write_text(settings, encoding="utf-8")
    (root / "campaigns" / "nightly.yaml").write_text(nightly, encoding="utf-8")
    (root / "leads.csv").write_text(content, encoding="utf-8")
    assert run(root, "r2").totals.effects == {"moment": 120}
    assert run(root, "r3").totals.effects == {}


def test_qualifications_count_only_from_applied_runs(project: Project, run: Run) -> None:
    once = f"campaign: nightly\nkind: batch\nqualification: once\nflow:\n  - {TIDY}\n"
    root = project("id,country\n1,DE\n", files={"campaigns/nightly.yaml": once})
    outcomes = [run(root, f"r{number}", dry_run=number == 1).totals.outcomes for number in (1, 2, 3)]
    changed = [each["nightly > probe.tidy"].get("changed") for each in outcomes]
    assert changed == [1, 1, None]


# How a run ends


def test_a_dry_run_does_everything_but_apply(project: Project, run: Run, outputs: Outputs, status: Status) -> None:
    root = project("id,country\n1,DE\n2,no?\n", TIDY, MOMENT)
    summary = run(root, dry_run=True)
    assert (summary.status, status(root), summary.outputs) == ("dry", "dry", {})
    assert (summary.totals.changed_cells, summary.totals.effects, summary.totals.quarantined) == (1, {"moment": 1}, 1)
    assert outputs(root) == {}
    with Journal.open_ledger(root) as ledger:
        assert [frame.height for frame in Journal(root, "r1", ledger).read("net")] == [1]


@pytest.mark.parametrize(
    ("allow", "code"), [("", 1), ("allow: {quarantined: 1}\n", 1), ("allow: {quarantined: 2}\n", 0)]
)
def test_more_in_quarantine_than_allowed_is_exit_code_1(project: Project, run: Run, allow: str, code: int) -> None:
    root = project("id,country\n1,DE\n2,no?\n3,why?\n", settings=allow)
    summary = run(root)
    assert (summary.status, summary.totals.quarantined, summary.exit_code) == ("applied", 2, code)


@pytest.mark.parametrize(("unclear", "code"), [(49, 0), (50, 0), (51, 1)])
def test_what_is_allowed_may_be_a_share(project: Project, run: Run, leads: Leads, unclear: int, code: int) -> None:
    root = project(leads(*["no?"] * unclear, *["DE"] * (100 - unclear)), settings="allow: {quarantined: 50%}\n")
    assert run(root).exit_code == code


def test_an_abort_ends_the_run_and_applies_nothing(
    project: Project, run: Run, outputs: Outputs, status: Status
) -> None:
    root = project("id,country\n1,DE\n2,no?\n3,FR\n", f"{TIDY[:-1]}, on_fail: abort}}")
    summary = run(root, batch_size=1)
    assert (summary.status, status(root), summary.exit_code) == ("aborted", "aborted", 3)
    assert summary.aborted is not None
    assert summary.aborted.startswith("campaigns/nightly.yaml:4: nightly > probe.tidy gave up on 1 leads (unclear: ")
    assert outputs(root) == {}
    assert heard() == [("tidy", "DE"), ("tidy", "no?")]


def test_an_abort_is_told_before_any_guard(project: Project, run: Run, leads: Leads) -> None:
    root = project(leads("no?", times=120), f"{TIDY[:-1]}, on_fail: abort}}", settings="guards: {quarantined: 0}\n")
    assert (run(root).status, run(root, "r2").tripped) == ("aborted", ())


@pytest.mark.parametrize("existing", [False, True])
def test_an_interrupted_run_leaves_the_output_untouched(
    project: Project, run: Run, outputs: Outputs, status: Status, existing: bool
) -> None:
    root = project("id,country\n1,DE\n")
    if existing:
        run(root, "r0")
    before = outputs(root)
    (root / "leads.csv").write_text("id,country\n1,FR\n2,^C\n3,IT\n", encoding="utf-8")
    with pytest.raises(RunInterrupted, match="nothing was applied"):
        run(root, "r1", batch_size=1)
    assert status(root) == "interrupted"
    assert outputs(root) == before
    assert heard()[-1] == ("tidy", "^C")


def test_what_an_interrupted_run_finished_stays_in_its_journal(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n2,^C\n")
    with pytest.raises(RunInterrupted, match="nothing was applied"):
        run(root, batch_size=1)
    with Journal.open_ledger(root) as ledger:
        journal = Journal(root, "r1", ledger)
        assert journal.batch_sizes() == [1]
        assert [frame["after"].to_list() for frame in journal.read("net")] == [["de"]]


def test_a_source_that_changes_under_the_run_breaks_it(
    project: Project, run: Run, outputs: Outputs, status: Status
) -> None:
    spoil = """
    @step("probe.spoil")
    def spoil(value: str) -> str:
        from pathlib import Path
        Path(value).write_text("id,country\\n1,spoilt beyond recognition\\n")
        return value
    """
    root = project("", "{use: probe.spoil, reads: {value: country}}", steps=spoil)
    (root / "leads.csv").write_text(f"id,country\n1,{root}/leads.csv\n", encoding="utf-8")
    with pytest.raises(SourceError, match="changed while it was being read"):
        run(root)
    assert status(root) == "broken"
    assert outputs(root) == {}


def test_a_step_that_raises_costs_only_its_leads(project: Project, run: Run, rows: Rows) -> None:
    root = project("id,country\n1,DE\n2,oh!\n3,ah!\n4,oh!\n")
    summary = run(root, batch_size=2)
    assert [row["country"] for row in rows(root)] == ["de", "oh!", "ah!", "oh!"]
    held = rows(root, "quarantine")
    assert [(row["key"], row["code"]) for row in held] == [(key, "step_raised") for key in "234"]
    assert len(summary.raised) == 1
    assert summary.raised[0] == held[0]["message"]
    assert summary.raised[0].startswith("probe.py:")
    assert summary.raised[0].endswith(": ValueError: too loud")
    assert (summary.totals.raised, summary.status, summary.exit_code) == (3, "applied", 1)


def test_the_summary_is_plain_data(project: Project, run: Run) -> None:
    import json

    root = project(
        "id,country\n1,DE\n2,oh!\n", settings="guards: {raised: 0}\n", files={"campaigns/notes.txt": "not a campaign"}
    )
    summary = run(root)
    plain = summary.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert {name: plain[name] for name in ("run", "status", "exit_code", "leads", "raised", "aborted", "outputs")} == {
        "run": "r1",
        "status": "stopped",
        "exit_code": 3,
        "leads": 2,
        "raised": 1,
        "aborted": None,
        "outputs": {},
    }
    assert plain["guards"] == ["guard raised: 1 of 2 leads (50.0%), and the limit is 0"]
    assert len(plain["warnings"]) == len(plain["raised_at"]) == 1
    assert plain["warnings"][0].startswith("campaigns/notes.txt: looked at and not used")
    assert plain["dialect"] == 'utf-8, delimiter ",", quote "\\"", LF, 2 columns'


# Observers


OBSERVER = """
@hookimpl
def lustrum_run_started(run, campaigns):
    heard.append(("started", run, list(campaigns)))

@hookimpl
def lustrum_step_finished(run, path, outcomes):
    heard.append(("finished", run, path, dict(outcomes)))

@hookimpl
def lustrum_run_finished(run, status, summary):
    heard.append(("ended", run, status, summary["leads"], summary["exit_code"]))
"""


def test_observers_hear_how_a_run_goes(project: Project, run: Run) -> None:
    run(project("id,country\n1,DE\n2,no?\n3,fr\n", steps=OBSERVER), batch_size=2)
    assert [told for told in heard() if told[0] != "tidy"] == [
        ("started", "r1", ["nightly"]),
        ("finished", "r1", "nightly > probe.tidy", {"changed": 1, "failed": 1}),
        ("finished", "r1", "nightly > probe.tidy", {"unchanged": 1}),
        ("ended", "r1", "applied", 3, 1),
    ]


@pytest.mark.parametrize("hook", ["lustrum_run_started", "lustrum_step_finished", "lustrum_run_finished"])
@pytest.mark.parametrize("raised", ["ValueError('deaf')", "SystemExit('deaf')"])
def test_an_observer_that_raises_fails_nothing_and_is_named(
    project: Project, run: Run, outputs: Outputs, hook: str, raised: str
) -> None:
    observer = f"\n@hookimpl\ndef {hook}():\n    raise {raised}\n"
    root = project("id,country\n1,DE\n", steps=observer)
    summary = run(root)
    assert (summary.status, summary.exit_code) == ("applied", 0)
    assert outputs(root)["leads.csv"] == b"id,country\n1,de\n"
    assert summary.complaints == (f"plugin probe: {hook} raised {raised.partition('(')[0]}: deaf",)


VANDAL = """
@hookimpl
def lustrum_run_started(campaigns):
    campaigns.clear()

@hookimpl
def lustrum_step_finished(outcomes):
    outcomes.clear()

@hookimpl
def lustrum_run_finished(summary):
    for part in summary.values():
        if isinstance(part, dict | list):
            part.clear()
    summary.clear()
"""


def test_an_observer_can_change_nothing(project: Project, run: Run) -> None:
    summaries: list[dict[str, Any]] = []
    for run_id, steps in (("r1", ""), ("r2", VANDAL)):
        root = project("id,country\n1,DE\n2,no?\n", TIDY, steps=steps)
        summaries.append(run(root, run_id).as_dict() | {"run": ""})
    assert summaries[0] == summaries[1]
    assert "lustrum" in summaries[1]["versions"]


def test_a_score_raised_once_is_not_taken_back_by_the_next_run_over_the_same_source(
    project: Project, run: Run, rows: Rows
) -> None:
    score = "{use: change.score, with: {change: +5}}"
    root = project("id,score\n1,1\n2,\n", score, settings="fields: {score: integer}\n")
    for name in ("r1", "r2", "r3"):
        effects = run(root, name).totals.effects
        assert [lead["score"] for lead in rows(root)] == ["6", "5"]
        assert effects == ({"change.score": 2} if name == "r1" else {})
    run(root, "r4", leads=str(root / "out" / "leads.csv"), out=str(root / "out" / "again.csv"))
    assert (root / "out" / "again.csv").read_bytes() == (root / "out" / "leads.csv").read_bytes()


def test_a_score_raised_in_place_is_raised_once(project: Project, run: Run) -> None:
    score = "{use: change.score, with: {change: +5}}"
    root = project("id,score\n1,1\n", score, settings="fields: {score: integer}\n")
    for name in ("r1", "r2"):
        run(root, name, out=str(root / "leads.csv"))
        assert (root / "leads.csv").read_text() == "id,score\n1,6\n"
