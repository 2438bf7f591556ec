"""`lustrum why`: the story of one lead, or of one of its fields, across runs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.cli import call as call_program
from lustrum.testing.campaigns import write_project

Lustrum = Callable[..., Any]
Begin = Callable[..., Path]
Run = Callable[..., None]
Why = Callable[..., Any]

PLUGIN = '''
from lustrum import Answer, Attempt, Failed, Moment, Step, Template, Transient, hookimpl, step

asked = {}


@step("demo.tidy", strategies=("trim", "upper"))
def tidy(city: str, *, attempt: Attempt = Attempt()) -> Answer[str] | Failed:
    """Tidy a city."""
    if city.startswith("?"):
        return Failed("not_a_city", f"{city} is no city")
    asked[city] = asked.get(city, 0) + 1
    if city == "busy" and asked[city] < 2:
        raise Transient("try later", code="busy")
    return Answer(city.strip().title(), reason="tidied")


@step("demo.size")
def size(city: str) -> str:
    """Say how long a city's name is."""
    return f"{city} ({len(city)} letters)"


@step("demo.note")
def note(*, text: Template) -> Moment:
    """Note something."""
    return Moment("Web", text)


@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy, size, note]
'''

PROJECT = """\
leads: {from: leads.csv, to: out/leads.csv, key: id}
run: [nightly, on-new]
fields: {label: text, area: text}
lists: [hot]
activities: {from: activities.csv}
allow: {quarantined: 100%}
"""

FILES = {
    "lustrum.yaml": PROJECT,
    "plugins/demo.py": PLUGIN,
    "leads.csv": "id,City Name,country\n1, rome,IT\n2,?x,IT\n3,bern,CH\n4,busy,FR\n5,x,XX\n1,again,FR\n",
    "activities.csv": "id,lead,type,at\na1,1,new lead,2026-01-30T10:00:00Z\n",
    "campaigns/nightly.yaml": """\
campaign: nightly
kind: batch
smart_list: "country <> 'XX' OR country IS NULL"
flow:
  - execute: tidy
  - use: demo.size
    reads: {city: city_name}
    writes: {city: label}
  - id: area
    use: change.value
    with: {field: area}
    choices:
      - {when: "country = 'FR'", with: {value: West}}
      - {when: "country = 'IT'", with: {value: South}}
      - otherwise: nothing
  - request: welcome
  - use: list.add
    with: {list: hot}
  - use: demo.note
    with: {text: "Hi {{lead.city_name}}"}
""",
    "campaigns/tidy.yaml": """\
campaign: tidy
kind: executable
flow:
  - use: demo.tidy
    reads: {city: city_name}
    retry: {attempts: 2, transient: {attempts: 3, wait: 10ms}}
""",
    "campaigns/welcome.yaml": """\
campaign: welcome
kind: batch
smart_list: "country = 'IT'"
qualification: once
flow:
  - {use: demo.note, with: {text: Welcome}}
  - wait: 3 days
  - {use: demo.note, id: later, with: {text: Still there?}}
""",
    "campaigns/on-new.yaml": """\
campaign: on-new
kind: trigger
on: new lead
flow:
  - {use: demo.note, with: {text: "New {{trigger.id}}"}}
""",
}


@pytest.fixture
def run(lustrum: Lustrum, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the project in the working folder, on a day."""

    def make(name: str, day: str, *arguments: str) -> None:
        monkeypatch.setenv("LUSTRUM_NOW", f"{day}T03:00:00+00:00")
        assert lustrum("run", "--run-id", name, "--quiet", *arguments).code == 0

    return make


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an applied run, `r1`, in batches of two leads; for tests that change nothing in it."""
    root = write_project(tmp_path_factory.mktemp("why"), FILES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LUSTRUM_NOW", "2026-01-31T03:00:00+00:00")
        assert call_program(["run", "--project", str(root), "--run-id", "r1", "--batch-size", "2", "--quiet"]) == 0
    return root


@pytest.fixture
def why(lustrum: Lustrum, applied: Path) -> Why:
    """Call `lustrum why` in that project."""
    return partial(lustrum, "why", "--project", applied)


@pytest.fixture
def done(applied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy that project for a test that goes on with it, and go there."""
    root = shutil.copytree(applied, tmp_path / "project")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def why_now(lustrum: Lustrum, done: Path) -> Why:
    """Call `lustrum why` in the copy."""
    return partial(lustrum, "why", "--project", done)


FIRST = """\
lead 1: in 1 run

run r1: nightly, on-new: applied
│ started    2026-01-31T03:00:00+00:00
│ source     {root}/leads.csv
│ net        city_name: " rome" → "Rome"
│ net        label: (empty) → "Rome (4 letters)"
│ net        area: (empty) → "South"
│ net        list_hot: (empty) → "true"
├─ nightly
│    executed   nightly
├─ nightly > tidy
│    executed   tidy
│    changed    by what it executed
├─ nightly > tidy > demo.tidy
│    changed    city_name: " rome" → "Rome" by demo.tidy of demo {demo}: tidied
├─ nightly > demo.size
│    changed    label: (empty) → "Rome (4 letters)" by demo.size of demo {demo}
├─ nightly > area
│    choice     2: country = 'IT'
│    changed    area: (empty) → "South" by change.value of change {version}
├─ nightly > welcome
│    executed   welcome
│    effect     request welcome
├─ nightly > list.add
│    changed    list_hot: (empty) → "true" by list.add of lists {version}
├─ nightly > demo.note
│    effect     moment Web: "Hi Rome"
├─ nightly > welcome > demo.note
│    effect     moment Web: "Welcome"
├─ nightly > welcome > wait
│    parked     until 2026-02-03T03:00:00+00:00
├─ on-new
│    activity   a1
│    executed   on-new
├─ on-new > demo.note
│    effect     moment Web: "New a1"
├─ quarantine
│    held       key_repeated: a further lead with this key
└─ qualification
     used up    welcome
"""


def sections(text: str) -> dict[str, list[str]]:
    """Give what is said at each path of a story, of its last run."""
    found: dict[str, list[str]] = {}
    path = ""
    for line in text.splitlines():
        if line.startswith(("├─ ", "└─ ")):
            path = line[3:]
            found[path] = []
        elif path:
            found[path].append(line.strip("│ "))
    return found


def at(why: Why, path: str, *arguments: str) -> list[str]:
    return sections(why(*arguments).out)[path]


def test_a_lead_s_story_goes_entry_by_entry_in_the_order_of_the_flow(why: Why, applied: Path) -> None:
    story = json.loads(why("1", "--json").out)
    writes = {write["plugin"]: write["version"] for e in story["runs"][0]["entries"] for write in e["writes"]}
    said = why("1")
    assert said.code == 0
    assert said.out == FIRST.format(root=applied, demo=writes["demo"], version=writes["change"])


def test_a_failure_is_told_with_its_attempts_inputs_and_whom_it_blocked(why: Why) -> None:
    assert at(why, "nightly > tidy > demo.tidy", "2") == [
        "attempt 1  not_a_city; asked again at once",
        "attempt 2  not_a_city",
        "failed     not_a_city: ?x is no city",
        'quarantine city_name; inputs {"city_name":"?x"}',
        'quarantine label; inputs {"city_name":"?x"}',
    ]
    assert at(why, "nightly > demo.size", "2") == ["blocked    by nightly > tidy > demo.tidy"]
    assert "failed     not_a_city: ?x is no city" in at(why, "nightly > tidy", "2")


def test_a_wait_between_attempts_is_told(why: Why) -> None:
    told = at(why, "nightly > tidy > demo.tidy", "4")
    assert told[0].startswith("attempt 1  busy; asked again after 0")
    assert told[1].startswith('changed    city_name: "busy" → "Busy" by demo.tidy')


def test_gates_that_kept_a_lead_out_are_told(why: Why) -> None:
    assert sections(why("5").out) == {"nightly": ["skipped    not_qualified"]}
    assert at(why, "nightly > welcome", "3") == ["effect     request welcome", "skipped    not_qualified"]
    assert at(why, "nightly > area", "3") == ["choice     3: otherwise", "skipped    nothing"]


def test_a_lead_that_waits_or_has_qualified_already_is_told_so(lustrum: Lustrum, begin: Begin, run: Run) -> None:
    flow = "flow: [{use: demo.tidy}, {wait: 3 days}, {use: demo.note, with: {text: Hi}}]\n"
    begin({"campaigns/nightly.yaml": f"campaign: nightly\nkind: batch\nqualification: once\n{flow}"})
    for number, day in enumerate(("01", "02", "05", "06"), start=1):
        run(f"r{number}", f"2026-02-{day}")
    told = [sections(lustrum("why", "1", "--run", f"r{number}").out) for number in (1, 2, 3, 4)]
    assert told[0]["nightly > wait"] == ["parked     until 2026-02-04T03:00:00+00:00"]
    assert told[1] == {"nightly": ["skipped    waiting"]}
    assert told[2]["nightly > wait"] == ["effect     the wait is over"]
    assert told[3] == {"nightly": ["skipped    already_qualified"]}


def test_a_later_run_goes_on_behind_the_wait_and_stands_after_the_root_flow(why_now: Why, run: Run) -> None:
    run("r2", "2026-02-05", "--dry-run")
    told = why_now("1").out
    assert told.index("run r1: nightly, on-new: applied") < told.index("run r2: nightly, on-new: dry run, not applied")
    last = sections(told[told.index("run r2") :])
    assert last["nightly > welcome > wait"] == ["effect     the wait is over"]
    assert last["nightly > welcome > later"] == ['effect     moment Web: "Still there?"']
    assert list(last)[-3:] == ["nightly > welcome > wait", "nightly > welcome > later", "quarantine"]


def test_one_run_may_be_told_alone(why_now: Why, run: Run) -> None:
    run("r2", "2026-02-05", "--dry-run")
    said = why_now("3", "--run", "r1").out
    assert said.startswith("lead 3: in 1 run\n\nrun r1: ")
    assert "run r2" not in said


@pytest.mark.parametrize("field", ["city_name", "City Name", "CITY-NAME"])
def test_the_story_of_a_field_has_only_what_wrote_it(why: Why, field: str) -> None:
    said = why("1", field).out
    assert said.startswith("city_name of lead 1: in 1 run\n")
    assert [line for line in said.splitlines() if " net " in line] == ['│ net        city_name: " rome" → "Rome"']
    assert list(sections(said)) == ["nightly > tidy > demo.tidy", "quarantine"]


def test_the_story_of_a_field_has_what_failed_or_held_it_back_and_the_root_cause(why: Why) -> None:
    assert sections(why("2", "label").out) == {
        "nightly > tidy > demo.tidy": [
            "attempt 1  not_a_city; asked again at once",
            "attempt 2  not_a_city",
            "failed     not_a_city: ?x is no city",
            'quarantine label; inputs {"city_name":"?x"}',
        ],
        "nightly > demo.size": ["blocked    by nightly > tidy > demo.tidy"],
    }
    assert list(sections(why("2", "city_name").out)) == ["nightly > tidy", "nightly > tidy > demo.tidy"]
    assert sections(why("5", "label").out) == {"nightly": ["skipped    not_qualified"]}
    assert sections(why("3", "area").out) == {"nightly > area": ["choice     3: otherwise", "skipped    nothing"]}


def test_a_list_is_a_field_in_either_spelling(why: Why) -> None:
    told = at(why, "nightly > list.add", "3", "list.hot")
    assert told[0].startswith('changed    list_hot: (empty) → "true" by list.add')


def test_a_field_that_nothing_wrote_stays_as_it_was(why: Why) -> None:
    said = why("1", "country").out
    assert "net        country stays as it was\n" in said
    assert "nightly" not in sections(said)


def test_json_has_the_whole_story(why: Why) -> None:
    found = json.loads(why("2", "--json").out)
    assert (found["key"], found["field"]) == ("2", None)
    (told,) = found["runs"]
    assert (told["run"], told["status"], told["campaigns"]) == ("r1", "applied", ["nightly", "on-new"])
    entries = {entry["path"]: entry for entry in told["entries"]}
    assert entries["nightly"]["campaign"] == "nightly"
    assert entries["nightly > tidy > demo.tidy"]["asks"] == [
        {"attempt": 1, "tries": 1, "code": "not_a_city", "wait": 0.0},
        {"attempt": 2, "tries": 2, "code": "not_a_city", "wait": None},
    ]
    assert entries["nightly > area"]["outcome"] == "changed"
    assert entries["nightly > welcome"]["outcome"] == "unchanged"
    assert entries["nightly > welcome > wait"]["parked"] == [{"due": "2026-02-03T03:00:00+00:00", "activity": None}]
    assert told["qualified"] == ["welcome"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["2x"], 'no run has anything of lead 2x; did you mean "2"?'),
        (["nobody"], "no run has anything of lead nobody; give the key as it stands in the source"),
        (["1", "labl"], 'there is no field labl; did you mean "label"?'),
        (["1", "zzz"], "there is no field zzz; there are: area, city_name, country, id, label, list_hot"),
        (["1", "--run", "r"], 'there was no run r; did you mean "r1"? the last runs: r1'),
    ],
)
def test_what_is_not_there_is_exit_code_2_with_the_nearest_name(why: Why, arguments: list[str], message: str) -> None:
    said = why(*arguments)
    assert (said.code, said.err) == (2, f"lustrum: {message}\n")


def test_a_lead_that_was_not_in_the_run_is_told_where_it_was(why_now: Why, done: Path, run: Run) -> None:
    (done / "leads.csv").write_text("id,City Name,country\n3,bern,CH\n3,bern,CH\n")
    run("r2", "2026-02-01", "--dry-run")
    said = why_now("4", "--run", "r2")
    assert (said.code, said.err) == (2, "lustrum: the run r2 has nothing of lead 4; it was in: r1\n")


def test_without_a_run_nothing_is_made(lustrum: Lustrum, begin: Begin) -> None:
    root = begin()
    said = lustrum("why", "1")
    assert (said.code, "begin with: lustrum run" in said.err) == (2, True)
    assert not (root / ".lustrum").exists()


def test_a_run_whose_journal_lacks_parts_and_columns_is_told_by_what_there_is(why_now: Why, done: Path) -> None:
    for name in ("attempts", "choices", "executed", "parked", "consumed"):
        for path in (done / ".lustrum/runs/r1").glob(f"*/{name}.parquet"):
            path.unlink()
    for path in (done / ".lustrum/runs/r1").glob("*/effects.parquet"):
        pl.read_parquet(path).drop("at", "before", "after").write_parquet(path)
    told = sections(why_now("1").out)
    assert told["nightly > demo.note"] == ['effect     moment Web: "Hi Rome"']
    assert told["nightly > area"][0].startswith('changed    area: (empty) → "South"')
    assert "nightly > tidy" not in told
    assert sections(why_now("2").out)["nightly > tidy > demo.tidy"][0] == "failed     not_a_city: ?x is no city"


def test_a_project_that_cannot_be_planned_any_more_is_told_from_the_journal(why_now: Why, done: Path) -> None:
    (done / "plugins/demo.py").unlink()
    said = why_now("2", "label")
    assert said.code == 0
    assert said.err == "note: the project cannot be planned now, so this is told by what was written only\n"
    assert "nightly > tidy > demo.tidy" in sections(said.out)
    assert at(why_now, "nightly > area", "1")[0] == "choice     2"
    assert why_now("1", "label").out.count("changed ") == 1


def test_the_conditions_of_another_plan_are_not_told(why_now: Why, done: Path) -> None:
    flow = done / "campaigns/nightly.yaml"
    flow.write_text(flow.read_text().replace("country = 'IT'", "country = 'ES'"))
    assert at(why_now, "nightly > area", "1")[0] == "choice     2"


def test_a_run_that_broke_off_is_told_as_far_as_it_came(lustrum: Lustrum, begin: Begin) -> None:
    begin({"leads.csv": "id,city\n1, rome\n2,stop\n"})
    assert lustrum("run", "--quiet", "--batch-size", "1").code == 4
    said = lustrum("why", "1").out
    assert ": nightly: interrupted, not applied\n" in said
    assert 'city: " rome" → "Rome"' in said


def test_what_the_last_run_left_and_the_source_lacks_is_told_before_all_else(
    lustrum: Lustrum, begin: Begin, run: Run
) -> None:
    size = "{use: demo.size, writes: {city: label}}"
    begin(
        {
            "lustrum.yaml": PROJECT,
            "activities.csv": "id,lead,type,at\na1,1,new lead,2026-01-30T10:00:00Z\n",
            "campaigns/on-new.yaml": f"campaign: on-new\nkind: trigger\non: new lead\nflow: [{size}]\n",
        }
    )
    run("r1", "2026-01-31")
    run("r2", "2026-02-01")
    said = lustrum("why", "1", "label", "--run", "r2").out
    begins = '"Rome (4 letters)": as the last run left it; the source does not have it yet'
    assert f"  begins     label: (empty) → {begins}\n" in said
    assert '  net        label: (empty) → "Rome (4 letters)"\n' in said
    assert sections(said) == {}
    assert "\ncarried: label: 1 cell\n" in lustrum("diff", "r2").out


WEIGHING = '''
from lustrum import Answer, Failed, Step, hookimpl, step


@step("demo.weigh")
def weigh(city: str) -> Answer[str] | Failed:
    """Choose among readings."""
    readings = ('Rome, "GA"', "Roma")
    return Failed("ambiguous", "two towns", readings) if city == "rome" else Answer("Rom", candidates=readings)


@hookimpl
def lustrum_steps() -> list[Step]:
    return [weigh]
'''


@pytest.fixture
def weighed(begin: Begin) -> Path:
    """A project whose only entry weighs readings: it fails for lead 1 and answers for lead 2."""
    return begin(
        {
            "lustrum.yaml": "leads: {from: leads.csv, to: out.csv, key: id}\nrun: nightly\nallow: {quarantined: 1}\n",
            "plugins/demo.py": WEIGHING,
            "leads.csv": "id,city\n1,rome\n2,rom\n",
            "campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow: [{use: demo.weigh}]\n",
        }
    )


@pytest.mark.usefixtures("weighed")
def test_readings_that_lost_are_told_and_are_data(lustrum: Lustrum, run: Run) -> None:
    run("r1", "2026-01-31")
    readings = ['Rome, "GA"', "Roma"]
    (failed,) = json.loads(lustrum("why", "1", "--json").out)["runs"][0]["entries"][1:]
    assert (failed["code"], failed["candidates"]) == ("ambiguous", readings)
    assert failed["quarantine"][0]["candidates"] == readings
    (wrote,) = json.loads(lustrum("why", "2", "city", "--json").out)["runs"][0]["entries"]
    assert wrote["writes"][0]["candidates"] == readings
    assert lustrum("why", "2", "city").out.endswith(f"; instead of: {', '.join(readings)}\n")
    assert 'failed     ambiguous: two towns (could be: Rome, "GA", Roma)\n' in lustrum("why", "1").out


def test_a_run_of_before_there_were_readings_is_told_without_them(lustrum: Lustrum, run: Run, weighed: Path) -> None:
    run("r1", "2026-01-31")
    for path in weighed.glob(".lustrum/runs/r1/batch-*/*.parquet"):
        frame = pl.read_parquet(path)
        frame.drop("candidates", strict=False).write_parquet(path)
    run("r2", "2026-02-01")
    told = json.loads(lustrum("why", "2", "--json").out)["runs"]
    assert [run["entries"][-1]["writes"][0]["candidates"] for run in told] == [[], ['Rome, "GA"', "Roma"]]
    assert lustrum("diff", "r1").code == lustrum("quarantine", "list").code == 0
    assert lustrum("undo", "r2", "--field", "city").code == 0


@pytest.mark.usefixtures("weighed")
def test_each_run_tells_which_libraries_were_others_before(
    lustrum: Lustrum, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights = [{"lustrum": "1", "phones": "9.0"}, {"lustrum": "1", "phones": "9.1", "names": "2"}]
    for number, versions in enumerate([*nights, nights[1]], 1):
        monkeypatch.setattr("lustrum.running.summary.library_versions", partial(dict[str, str], versions))
        run(f"r{number}", f"2026-02-0{number}")
    said = [block.splitlines() for block in lustrum("why", "2").out.split("\n\n")[1:]]
    told = [[line.strip("│ ") for line in block if "│ versions" in line] for block in said]
    assert told == [[], ["versions   phones 9.1 (was 9.0), names 2 (new)"], []]
    runs = json.loads(lustrum("why", "2", "--json").out)["runs"]
    assert [each["versions"] for each in runs] == [*nights, nights[1]]
    assert [each["updated"] for each in runs] == [{}, {"phones": "9.0", "names": None}, {}]
    alone = json.loads(lustrum("why", "2", "--run", "r2", "--json").out)["runs"]
    assert (alone[0]["versions"], alone[0]["updated"]) == (nights[1], {})
