"""Rule 13: every name nobody knows is an error when the project is loaded, with file, line and the nearest name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from lustrum.testing import run_campaign
from lustrum.words.errors import ProjectError

ROWS: list[dict[str, Any]] = [{"id": "1", "country": "US", "score": None}]
PROJECT = "leads: {from: leads.csv, to: out.csv, key: id}\nfields: {score: integer}\n"
CHILD = "campaign: child\nkind: executable\nflow:\n  - {use: change.value, with: {field: country, value: x}}\n"
NIGHTLY = "campaign: nightly\nkind: batch\nflow:\n"


def run(nightly: str, files: Mapping[str, str] | None = None) -> None:
    project = {"lustrum.yaml": PROJECT, "campaigns/child.yaml": CHILD, "campaigns/nightly.yaml": nightly}
    run_campaign({**project, **(files or {})}, ROWS, "nightly")


def test_the_project_of_these_tests_is_fine() -> None:
    run(NIGHTLY + "  - execute: child")


@pytest.mark.parametrize(
    ("entry", "nearest"),
    [
        pytest.param("{use: chnge.value, with: {field: country}}", "change.value", id="step"),
        pytest.param("{use: change.value, with: {field: country, valu: x}}", "value", id="option"),
        pytest.param("{use: change.value, with: {field: contry}}", "country", id="field of an option"),
        pytest.param("{use: change.score, with: {change: +5, field: scor}}", "score", id="field it reads"),
        pytest.param("{execute: chid}", "child", id="campaign"),
        pytest.param("{execute: child, tokns: parent}", "tokens", id="key of an entry"),
        pytest.param("{execute: child, tokens: parents}", "parent", id="word of a key"),
        pytest.param("{execute: child, on_fail: blok}", "block", id="on_fail"),
        pytest.param("{execute: child, retry: {repare: child}}", "repair", id="key of retry"),
        pytest.param("{execute: child, retry: {repair: chld}}", "child", id="repair"),
        pytest.param("{execute: child, retry: {transient: {atempts: 2}}}", "attempts", id="key of transient"),
        pytest.param("{execute: child, retry: {until: contry = 'x'}}", "country", id="field of until"),
        pytest.param("{execute: child, choices: [{whn: country = 'x'}]}", "when", id="key of a choice"),
        pytest.param("{execute: child, choices: [{when: contry = 'x'}]}", "country", id="field of a choice"),
        pytest.param("{execute: child, choices: [{when: score = 1, execute: chil}]}", "child", id="child of a choice"),
        pytest.param("{execute: child, when: contry IS NULL}", "country", id="field of a when"),
        pytest.param("{use: moment.record, with: {type: Wbe, text: x}}", "Web", id="value of an option"),
        pytest.param("{use: moment.record, with: {type: Web, text: '{{lead.contry}}'}}", "country", id="lead token"),
        pytest.param("{use: standardise.country, reads: {contry: country}}", "country", id="parameter of reads"),
        pytest.param("{use: standardise.country, writes: {contry: country}}", "country", id="result of writes"),
    ],
)
def test_an_unknown_name_in_an_entry_is_refused_with_line_and_nearest_name(entry: str, nearest: str) -> None:
    with pytest.raises(ProjectError, match=rf"campaigns/nightly\.yaml:5: .*{nearest}") as error:
        run(f"{NIGHTLY}  -\n    {entry}")
    assert len(error.value.problems) == 1


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("{use: change.value}", id="an option that is missing"),
        pytest.param("{use: change.score, with: {change: five}}", id="an option of the wrong kind"),
        pytest.param("{execute: child, needs: [nobody]}", id="an id nobody has"),
        pytest.param("{execute: child, needs: [later]}", id="an id further down"),
        pytest.param("{request: child, with: {x: y}}", id="a key that means nothing here"),
        pytest.param("{execute: child, retry: {attempts: 0}}", id="no attempt"),
        pytest.param("{execute: child, retry: {transient: {wait: soon}}}", id="no duration"),
        pytest.param("{use: moment.record, repeat: every now, with: {type: Web, text: x}}", id="no such repetition"),
        pytest.param("{execute: nightly}", id="a batch campaign that is executed"),
        pytest.param("{use: change.value, with: {field: country}, retry: {repair: nightly}}", id="as a repair"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(entry: str) -> None:
    with pytest.raises(ProjectError, match=r"campaigns/nightly\.yaml:5: "):
        run(f"{NIGHTLY}  -\n    {entry}\n  - {{use: change.value, id: later, with: {{field: country}}}}")


@pytest.mark.parametrize(
    ("head", "line", "nearest"),
    [
        ("campaign: nightly\nkind: bach\n", 2, "batch"),
        ("campaign: nightly\nkind: batch\nsmart_lst: country IS NULL\n", 3, "smart_list"),
        ("campaign: nightly\nkind: batch\nsmart_list: contry IS NULL\n", 3, "country"),
        ("campaign: nightly\nkind: batch\nqualification: onse\n", 3, "once"),
        ("campaign: nightly\nkind: batch\ndefaults: {on_fial: stop}\n", 3, "on_fail"),
    ],
)
def test_an_unknown_name_in_a_campaign_is_refused(head: str, line: int, nearest: str) -> None:
    with pytest.raises(ProjectError, match=rf"campaigns/nightly\.yaml:{line}: .*{nearest}"):
        run(head + "flow: [{execute: child}]")


@pytest.mark.parametrize(
    ("project", "line", "nearest"),
    [
        ("leads: {form: leads.csv, to: out.csv, key: id}\n", 1, "from"),
        (PROJECT + "defaults: {on_fail: blck}\n", 3, "block"),
        (PROJECT + "guards: {quarantine: 5%}\n", 3, "quarantined"),
        (PROJECT + "guards: {changed: {contry: 5%}}\n", 3, "country"),
        (PROJECT + "run: nightli\n", 3, "nightly"),
        ("leads: {from: leads.csv, to: out.csv, key: idd}\n", 1, "id"),
        ("leads: {from: leads.csv, to: out.csv, key: id}\nfields: {score: intger}\n", 2, "integer"),
    ],
)
def test_an_unknown_name_in_the_project_is_refused(project: str, line: int, nearest: str) -> None:
    files = {"campaigns/child.yaml": CHILD, "campaigns/nightly.yaml": NIGHTLY + "  - execute: child"}
    with pytest.raises(ProjectError, match=rf"lustrum\.yaml:{line}: .*{nearest}"):
        run_campaign({**files, "lustrum.yaml": project}, ROWS)


@pytest.mark.parametrize("plugins", ["disabled: [standardize]", "settings: {standardize: {x: y}}"])
def test_an_unknown_plugin_in_the_settings_is_an_error_or_a_warning(plugins: str) -> None:
    """The plugin may be missing on this machine only, so a warning is enough."""
    files = {"lustrum.yaml": f"{PROJECT}plugins: {{{plugins}}}\n", "campaigns/child.yaml": CHILD}
    try:
        said = str(run_campaign(files, ROWS, "child").plan.warnings)
    except ProjectError as error:
        said = str(error)
    assert "standardise" in said


def test_a_repeat_where_nothing_adds_up_is_an_error_or_a_warning() -> None:
    files = {"campaigns/child.yaml": CHILD.replace("{use: change.value,", "{use: change.value, repeat: always,")}
    try:
        said = str(run_campaign(files, ROWS, "child").plan.warnings)
    except ProjectError as error:
        said = str(error)
    assert "repeat" in said


@pytest.mark.parametrize(
    ("head", "entry"),
    [
        ("", "{use: moment.record, with: {type: Web, text: x}}"),
        ("", "{use: change.score, with: {change: +5}}"),
        ("qualification: once\n", "{execute: child}"),
    ],
)
def test_what_needs_history_is_refused_without_a_key(head: str, entry: str) -> None:
    project = {"lustrum.yaml": PROJECT.replace(", key: id", "")}
    with pytest.raises(ProjectError, match=r"campaigns/nightly\.yaml:\d: .*key"):
        run(f"campaign: nightly\nkind: batch\n{head}flow: [{entry}]", project)
    run(NIGHTLY + "  - execute: child", project)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(ProjectError) as error:
        run(NIGHTLY + "  - use: nobody.knows\n  - execute: nobody\n  - {use: change.value, with: {field: contry}}")
    assert [str(problem.place) for problem in error.value.problems] == [
        f"campaigns/nightly.yaml:{line}" for line in (4, 5, 6)
    ]


def test_a_problem_in_a_child_names_the_childs_file_once() -> None:
    child = CHILD.replace("field: country", "field: contry")
    with pytest.raises(ProjectError, match=r"campaigns/child\.yaml:4: .*country") as error:
        run(NIGHTLY + "  - execute: child\n  - execute: child", {"campaigns/child.yaml": child})
    assert len(error.value.problems) == 1


def test_a_campaign_nobody_knows_is_named_with_the_nearest() -> None:
    files = {"campaigns/child.yaml": CHILD, "campaigns/nightly.yaml": NIGHTLY + "  - execute: child"}
    with pytest.raises(ProjectError, match=r'nightli.*did you mean "nightly"'):
        run_campaign(files, ROWS, "nightli")
