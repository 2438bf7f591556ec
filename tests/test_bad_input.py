"""Bad input from end to end: one clear message with its place and what to do, the exit code, nothing half-written."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from lustrum.cli import call

SETTINGS = "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\n"
NIGHTLY = """\
campaign: nightly
kind: batch
flow:
  - execute: child
  - {use: probe.tidy, reads: {value: country}}
"""
CHILD = """\
campaign: child
kind: executable
flow:
  - {use: change.value, with: {field: note, value: seen}}
"""
PLUGIN = '''\
from lustrum import Failed, Step, hookimpl, step


@step("probe.tidy")
def tidy(value: str) -> str | Failed:
    """Write in lower case; what is loud is too much."""
    if "!" in value:
        raise ValueError(f"{value} is too loud")
    if "%" in value:
        raise LookupError("nobody knows")
    return value.lower()


@step("probe.later", writes=["note"], deferred=True)
def later() -> str:
    return "later"


@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy, later]
'''
LEADS = "id,country,note\n1,DE,\n2,FR,x\n"
OLD = {"leads.csv": b"the leads of yesterday\n", "leads.changes.csv": b"their changes\n"}

Content = str | bytes | None


@dataclass(frozen=True)
class Broken:
    """A project with something wrong: the files that differ from a good one (None: left out), and what is said."""

    name: str
    files: Mapping[str, Content]
    says: tuple[str, ...]
    code: int = 2
    arguments: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


def nightly(old: str, new: str) -> dict[str, Content]:
    assert old in NIGHTLY
    return {"campaigns/nightly.yaml": NIGHTLY.replace(old, new)}


def child(entry: str) -> dict[str, Content]:
    return {"campaigns/child.yaml": f"campaign: child\nkind: executable\nflow:\n  - {entry}\n"}


def settings(*lines: str) -> dict[str, Content]:
    return {"lustrum.yaml": SETTINGS + "".join(f"{line}\n" for line in lines)}


def leads(content: str | bytes) -> dict[str, Content]:
    return {"leads.csv": content}


TIDY = "{use: probe.tidy, reads: {value: country}}"
VALUE = "{use: change.value, with: {field: note, value: seen}}"

NAMES = [
    Broken("an unknown step", nightly("probe.tidy", "probe.tiddy"), (
        "campaigns/nightly.yaml:5: there is no step probe.tiddy", 'did you mean "probe.tidy"?')),
    Broken("an unknown option", child("{use: change.value, with: {field: note, valeu: x}}"), (
        'campaigns/child.yaml:4: change.value has no option "valeu"', 'did you mean "value"?')),
    Broken("an option that is missing", child("{use: change.value, with: {value: x}}"), (
        'campaigns/child.yaml:4: change.value needs the option "field"', "add it under with:")),
    Broken("an option of a wrong value", child("{use: change.score, with: {field: note, change: plus}}"), (
        'campaigns/child.yaml:4: the option "change" of change.score is "plus"', "write +5 to add"),
        hides=("it should",)),
    Broken("an unknown field that is read", nightly("value: country", "value: contry"), (
        "campaigns/nightly.yaml:5: probe.tidy reads the field contry", 'did you mean "country"?')),
    Broken("an unknown field in a condition", nightly("execute: child", "{execute: child, when: {contry: is DE}}"), (
        "campaigns/nightly.yaml:4: ", "contry", 'did you mean "country"?')),
    Broken("an unknown field in a token", child('{use: change.value, with: {field: note, value: "{{lead.contry}}"}}'), (
        "campaigns/child.yaml:4: ", "contry", 'did you mean "country"?')),
    Broken("an unknown parameter", nightly("value: country", "vaule: country"), (
        'campaigns/nightly.yaml:5: probe.tidy reads no "vaule"', 'did you mean "value"?')),
    Broken("an unknown campaign", nightly("execute: child", "execute: chidl"), (
        "campaigns/nightly.yaml:4: there is no campaign chidl", 'did you mean "child"?')),
    Broken("an unknown campaign to run", {"lustrum.yaml": SETTINGS.replace("run: nightly", "run: nihgtly")}, (
        "lustrum.yaml:2: there is no campaign nihgtly", 'did you mean "nightly"?')),
    Broken("an unknown campaign on the command line", {}, (
        "there is no campaign nihgtly", 'did you mean "nightly"?'), arguments=("nihgtly",)),
    Broken("an unknown kind", nightly("kind: batch", "kind: bacth"), (
        'campaigns/nightly.yaml:2: "kind" cannot be "bacth"', 'did you mean "batch"?')),
    Broken("an unknown key of a campaign", nightly("kind: batch", "kind: batch\nsmartlist: {country: is DE}"), (
        'campaigns/nightly.yaml:3: unknown key "smartlist"', 'did you mean "smart_list"?')),
    Broken("an unknown key of an entry", nightly("execute: child", "{execute: child, wen: {country: is DE}}"), (
        'campaigns/nightly.yaml:4: unknown key "wen"', 'did you mean "when"?')),
    Broken("an unknown key of the project", settings("gards: {rows: -20%}"), (
        'lustrum.yaml:3: unknown key "gards"', 'did you mean "guards"?')),
    Broken("an unknown field of a guard", settings("guards: {changed: {contry: 5%}}"), (
        "lustrum.yaml:3: ", "contry", 'did you mean "country"?')),
    Broken("an unknown key field", {"lustrum.yaml": SETTINGS.replace("key: id", "key: idd")}, (
        "lustrum.yaml:1: the source has no field idd", 'did you mean "id"?')),
    Broken("an unknown column", settings("fields: {land: {column: Contry}}"), (
        'lustrum.yaml:3: the source has no column "Contry"', 'did you mean "country"?')),
    Broken("an unknown type", settings("fields: {note: itneger}"), (
        "lustrum.yaml:3: ", '"itneger"', "integer")),
    Broken("an unknown time zone", settings("timezone: Europe/Belrin"), (
        'lustrum.yaml:3: there is no time zone "Europe/Belrin"', 'did you mean "Europe/Berlin"?')),
    Broken("an unknown field of a decision", {"decisions.csv": (
        "scope,key,field,before,after,verdict,until,who,when\nlead,1,contry,DE,FR,set,,Ada,2026-01-01\n")}, (
        "decisions.csv:2: ", "contry", 'did you mean "country"?')),
    Broken("an unknown option of the command", {}, ("--dryrun", "--dry-run"), arguments=("--dryrun",)),
]  # fmt: skip

FILES = [
    Broken("invalid YAML", nightly("flow:", "flow: ["), ("campaigns/nightly.yaml:",)),
    Broken("a tab where spaces belong", nightly("  - execute", "\t- execute"), ("campaigns/nightly.yaml:4: ", "tab")),
    Broken("a key that stands twice", nightly("kind: batch", "kind: batch\nkind: batch"), (
        "campaigns/nightly.yaml:3: ", '"kind"')),
    Broken("a project file that is empty", {"lustrum.yaml": ""}, ("lustrum.yaml:1: the file is empty",)),
    Broken("a campaign file that is empty", {"campaigns/nightly.yaml": "# nothing\n"}, (
        "campaigns/nightly.yaml:1: the file is empty",)),
    Broken("a campaign file in another encoding", {"campaigns/nightly.yaml": NIGHTLY.encode("utf-16")}, (
        "campaigns/nightly.yaml:1: ", "UTF-16", "save the file as UTF-8")),
    Broken("an unquoted token", child("{use: change.value, with: {field: note, value: {{lead.country}}}}"), (
        "campaigns/child.yaml:4: ", "quotes")),
    Broken("an unquoted token on a line of its own", {"campaigns/child.yaml": (
        "campaign: child\nkind: executable\nflow:\n  - use: change.value\n    with:\n      field: note\n"
        "      value: {{lead.country}}\n")}, (
        "campaigns/child.yaml:7: ", "quotes")),
    Broken("a token nobody knows", child('{use: change.value, with: {field: note, value: "{{laed.country}}"}}'), (
        "campaigns/child.yaml:4: ", "laed")),
    Broken("a campaign without a flow", {"campaigns/child.yaml": "campaign: child\nkind: executable\n"}, (
        'campaigns/child.yaml:1: missing key "flow"', "add it")),
    Broken("two campaigns of one name", {"campaigns/other.yaml": CHILD}, (
        'campaigns/other.yaml:1: the campaign "child" stands in campaigns/child.yaml:1 too', "rename one")),
    Broken("no folder of campaigns", {"campaigns/nightly.yaml": None, "campaigns/child.yaml": None}, (
        "campaigns", "put its campaigns there")),
    Broken("no project", {"lustrum.yaml": None}, ("there is no lustrum.yaml in ", "lustrum new project")),
    Broken("a condition that cannot be read", nightly("execute: child", "{execute: child, when: country = }"), (
        "campaigns/nightly.yaml:4: ",)),
    Broken("a written field that is not declared", child("{use: change.value, with: {field: region, value: x}}"), (
        "campaigns/child.yaml:4: change.value writes the field region, which the source lacks",
        "declare it in lustrum.yaml under fields: (region: text)")),
    Broken("a field of another type", settings("fields: {country: integer}"), (
        "campaigns/nightly.yaml:5: probe.tidy reads country as text, and it is integer",)),
    Broken("a limit that is none", settings("guards: {quarantined: lots}"), (
        'lustrum.yaml:3: "lots" is no limit', "write a share such as 5% or a count such as 12")),
    Broken("a plugin of the project that is broken", {"plugins/probe.py": "import nothing_of_that_name\n"}, (
        "campaigns/nightly.yaml:5: there is no step probe.tidy", "not loaded: probe (see `lustrum plugins`)")),
    Broken("an effect without a key", {"lustrum.yaml": SETTINGS.replace(", key: id", ""), **child(
        "{use: moment.record, with: {type: Web, text: x}}")}, (
        "campaigns/child.yaml:4: moment.record adds up", "leads: {key: id}")),
]  # fmt: skip

EXECUTABLE = [
    Broken("a cycle", {**child("execute: other"), "campaigns/other.yaml": CHILD.replace("child", "other").replace(
        VALUE, "execute: child")}, (
        "campaigns/other.yaml:4: ", "child > other > child", "remove one of the entries")),
    Broken("a campaign that executes itself", child("execute: child"), (
        "campaigns/child.yaml:4: ", "child > child", "remove one of the entries")),
    Broken("a trigger in an executable", {"campaigns/child.yaml": CHILD.replace(
        "flow:", "on: {lead: created}\nflow:")}, (
        'campaigns/child.yaml:3: "on" is a trigger, and this campaign is executable',)),
    Broken("a trigger campaign that is executed", {"campaigns/child.yaml": CHILD.replace(
        "kind: executable", "kind: trigger\non: {lead: created}")}, (
        "campaigns/nightly.yaml:4: the campaign child is trigger; only an executable one can be executed",)),
    Broken("a wait as a step", child("use: wait"), (
        "campaigns/child.yaml:4: waiting is no step", "request a batch campaign")),
    Broken("a wait as a key of its own", child("wait: 3 days"), (
        "campaigns/child.yaml:4: wait does not finish within the call", "into a batch campaign")),
    Broken("a webhook in an executable", child("use: call_webhook"), (
        "campaigns/child.yaml:4: call_webhook does not finish within the call", "into a batch campaign")),
    Broken("a deferred step in an executable", child("use: probe.later"), (
        "campaigns/child.yaml:4: probe.later does not finish within the call", "into a batch campaign")),
    Broken("an executable campaign to run", {"lustrum.yaml": SETTINGS.replace("run: nightly", "run: child")}, (
        "campaigns/child.yaml:2: the campaign child is executable", "run a batch campaign that executes it")),
    Broken("a batch campaign that is executed", {"campaigns/child.yaml": CHILD.replace("executable", "batch")}, (
        "campaigns/nightly.yaml:4: the campaign child is batch; only an executable one can be executed",
        "write kind: executable in campaigns/child.yaml")),
]  # fmt: skip

SOURCES = [
    Broken("a missing file of leads", {"leads.csv": None}, (
        "leads.csv: there is no such file", "check the path"), code=5),
    Broken("a missing file on the command line", {}, (
        "nowhere.csv: there is no such file", "check the path"), code=5, arguments=("--leads", "nowhere.csv")),
    Broken("a folder instead of a file", {"leads.csv": None, "leads.csv/x": ""}, (
        "leads.csv: this is a folder", "name a file of leads in it"), code=5),
    Broken("a file of another kind", {"lustrum.yaml": SETTINGS.replace("leads.csv,", "leads.xlsx,")}, (
        "leads.xlsx: no plugin reads leads from here", "`lustrum plugins`"), code=5),
    Broken("an empty file", leads(""), (
        "leads.csv: the file is empty", "its first line must be a header"), code=5),
    Broken("a file with nothing but a mark", leads(b"\xef\xbb\xbf"), (
        "leads.csv: the file is empty", "its first line must be a header"), code=5),
    Broken("a file with a blank line for a header", leads("\n1,DE,\n"), (
        "leads.csv:1: the first line is blank", "the header must stand there"), code=5),
    Broken("a file with no header", leads("1,DE,x\n2,FR,\n"), (
        "the source has no field id", "leads.csv", "header")),
    Broken("a file in another encoding than declared", {
        "lustrum.yaml": SETTINGS.replace("key: id", "key: id, encoding: utf-16")}, (
        "leads.csv:1: the header holds bytes that are no utf-16", "declare the right `encoding`"), code=5),
    Broken("an empty header", leads("id,,country,note\n1,a,DE,\n"), (
        "leads.csv:1: column 2 of the header has no name", "name it"), code=5),
    Broken("two headers that are the same", leads("id,country,note,country\n1,DE,,FR\n"), (
        'leads.csv:1: the header "country" stands in columns 2 and 4', "rename all but one"), code=5),
    Broken("two headers that meet", leads("id,country,note,Country \n1,DE,,FR\n"), (
        'leads.csv:1: the headers "country" and "Country " are both the field country', "fields:")),
    Broken("a header of signs alone", leads("id,country,note,---\n1,DE,,x\n"), (
        'leads.csv:1: the header "---" has no letter or digit', "fields:")),
    Broken("an encoding that is none", {"lustrum.yaml": SETTINGS.replace("key: id", "key: id, encoding: utf-99")}, (
        'lustrum.yaml:1: "utf-99" is no encoding of text', "write one such as utf-8")),
    Broken("a header that is not in the declared encoding", {
        "lustrum.yaml": SETTINGS.replace("key: id", "key: id, encoding: utf-8"),
        "leads.csv": "id,country,größe,note\n1,DE,5,\n".encode("windows-1252")}, (
        "leads.csv:1: the header holds bytes that are no utf-8", "declare the right `encoding`"), code=5),
]  # fmt: skip

SINKS = [
    Broken("an output of another kind", {"lustrum.yaml": SETTINGS.replace("out/leads.csv", "out/leads.xlsx")}, (
        "leads.xlsx: no plugin writes leads to here", "`lustrum plugins`"), code=5),
    Broken("an output that is a folder", {}, (
        "plugins.csv: this is a folder", "name a file in it"), code=5, arguments=("--out", "plugins.csv")),
    Broken("an output below a file", {}, (
        "leads.csv", "nothing was applied"), code=5, arguments=("--out", "leads.csv/new.csv")),
    Broken("a compressed output", {}, (
        "new.csv.gz: compressed files are read, not written",), code=5, arguments=("--out", "new.csv.gz")),
]  # fmt: skip


def write(root: Path, files: Mapping[str, Content]) -> None:
    good: dict[str, Content] = {
        "lustrum.yaml": SETTINGS,
        "campaigns/nightly.yaml": NIGHTLY,
        "campaigns/child.yaml": CHILD,
        "plugins/probe.py": PLUGIN,
        "leads.csv": LEADS,
        **{f"out/{name}": content for name, content in OLD.items()},
    }
    (root / "plugins.csv").mkdir(parents=True)
    for name, content in {**good, **files}.items():
        if content is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())


def written(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((root / "out").iterdir())}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_the_good_project_is_good(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {})
    assert call(["run", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert written(root)["leads.csv"] == b"id,country,note\n1,de,seen\n2,fr,seen\n"


@pytest.mark.parametrize("broken", [*NAMES, *FILES, *EXECUTABLE, *SOURCES, *SINKS], ids=str)
def test_bad_input_is_one_clear_message_and_leaves_nothing_half_written(
    broken: Broken, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, broken.files)
    code = call(["run", "--quiet", *broken.arguments])
    out, err = capsys.readouterr()
    assert code == broken.code, err
    assert out == ""
    message = err.removeprefix("Usage: lustrum run [OPTIONS] [CAMPAIGN]...\nTry 'lustrum run --help' for help.\n\n")
    assert message.count("\n") == 1, err
    assert [part for part in broken.says if part not in message] == [], err
    assert [part for part in ("Traceback", "this is a bug", *broken.hides) if part in err] == []
    assert written(root) == OLD
    assert list(root.glob("new*")) == []


def rows(root: Path, side: str) -> list[dict[str, str]]:
    with (root / "out" / f"leads.{side}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_leads_with_an_empty_or_repeated_key_stay_and_stand_in_quarantine(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, leads("id,country,note\n1,DE,\n,FR,\n1,IT,\n"))
    assert call(["run"]) == 1
    assert "quarantine   2 leads: key_missing 1, key_repeated 1\n" in capsys.readouterr().out
    assert written(root)["leads.csv"] == b"id,country,note\n1,de,seen\n,FR,\n1,IT,\n"
    assert [(row["key"], row["code"]) for row in rows(root, "quarantine")] == [
        ("", "key_missing"),
        ("1", "key_repeated"),
    ]


def test_a_step_that_raises_is_told_once_a_place_and_costs_only_its_leads(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, leads("id,country,note\n1,DE!,\n2,FR%,\n3,IT!,\n4,AT!,\n5,CH,\n"))
    assert call(["run", "--batch-size", "2"]) == 1
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    held = rows(root, "quarantine")
    assert [(row["key"], row["code"]) for row in held] == [(key, "step_raised") for key in "1234"]
    assert held[0]["message"] == "probe.py:8: ValueError: DE! is too loud"
    told = [line.removeprefix("step raised  ") for line in out.splitlines() if line.startswith("step raised")]
    assert [line.partition(": ")[0] for line in told] == ["probe.py:8", "probe.py:10"]
    assert written(root)["leads.csv"].splitlines()[1:] == [
        b"1,DE!,seen", b"2,FR%,seen", b"3,IT!,seen", b"4,AT!,seen", b"5,ch,seen",
    ]  # fmt: skip


@pytest.mark.parametrize(("raising", "code"), [(5, 1), (6, 3)])
def test_too_many_leads_for_which_a_step_raises_stop_the_run(
    root: Path, capsys: pytest.CaptureFixture[str], raising: int, code: int
) -> None:
    cells = "".join(f"{number},DE{'!' * (number <= raising)},\n" for number in range(1, 101))
    write(root, leads(f"id,country,note\n{cells}"))
    assert call(["run"]) == code
    stopped = "guard raised: 6 of 100 leads (6.0%), and the limit is 5%" in capsys.readouterr().out
    assert (stopped, written(root) == OLD) == (code == 3, code == 3)


def test_cells_in_another_encoding_than_declared_are_rejected_with_their_bytes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = "id,country,note\n1,Österreich,\n2,FR,\n".encode("windows-1252")
    write(root, {"lustrum.yaml": SETTINGS.replace("key: id", "key: id, encoding: utf-8"), **leads(content)})
    call(["run"])
    out = capsys.readouterr().out
    assert "1 rejected" in out
    assert "invalid_bytes" in out
    assert written(root)["leads.rejects.csv"] == b'line,reason,text\n2,invalid_bytes,"1,\xd6sterreich,"\n'
    assert written(root)["leads.csv"] == b"id,country,note\n2,fr,seen\n"


SINK = """
class Shaky:
    def prepare(self, source, changes, new_columns, into):
        raise {raised}

    def publish(self, prepared): ...


@hookimpl
def lustrum_open_sink(location):
    return Shaky() if location.endswith(".shaky") else None
"""


@pytest.mark.parametrize("raised", ['OSError(28, "disk full")', 'ValueError("disk full")'])
def test_a_sink_of_a_plugin_that_fails_is_exit_code_5(
    root: Path, capsys: pytest.CaptureFixture[str], raised: str
) -> None:
    write(root, {"plugins/probe.py": PLUGIN + SINK.replace("{raised}", raised)})
    code = call(["run", "--quiet", "--out", "out/leads.shaky"])
    err = capsys.readouterr().err
    assert (code, err.count("\n"), "disk full" in err, "out/leads.shaky" in err) == (5, 1, True, True)
    assert written(root) == OLD


def test_a_plugin_that_is_disabled_and_not_there_is_a_warning(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, settings("plugins: {disabled: [chagne]}"))
    assert call(["run"]) == 0
    assert 'lustrum.yaml:3: there is no plugin chagne; did you mean "change"?' in capsys.readouterr().out


def test_several_problems_are_told_at_once_in_the_order_of_their_files(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, {**nightly("probe.tidy", "probe.tiddy"), **child("{use: change.value, with: {field: region}}")})
    assert call(["run"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        "lustrum:", "campaigns/child.yaml:4", "campaigns/nightly.yaml:5",
    ]  # fmt: skip
