from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lustrum.files.decisions import Decision, load_decisions, read_decisions
from lustrum.words.errors import ProjectError

HEADER = "scope,key,field,before,after,verdict,until,who,when\n"


def decisions(rows: str) -> tuple[Decision, ...]:
    return read_decisions((HEADER + rows).encode(), "decisions.csv")


def test_a_decision_is_read_with_its_place() -> None:
    (decision,) = decisions("lead,7,Job Title,CEO of me,Owner,set,2030-12-31,ann,2026-01-02")
    assert decision == Decision(
        "lead", "7", "job_title", "CEO of me", "Owner", "set", date(2030, 12, 31), "ann", "2026-01-02"
    )
    assert str(decision.place) == "decisions.csv:2"


def test_empty_cells_are_none_and_words_may_be_capital() -> None:
    (decision,) = decisions("Value,,country,Narnia,,SET,,,")
    assert decision == Decision("value", None, "country", "Narnia", None, "set")


def test_a_decision_of_one_source_names_it() -> None:
    (decision,) = decisions("source,webform,country,Narnia,,keep,,,")
    assert (decision.scope, decision.key) == ("source", "webform")


def test_columns_may_stand_in_any_order_and_be_separated_by_semicolons() -> None:
    content = b"who;when;field;verdict;scope;until;key;before;after\nann;;city;always;lead;;7;;Rome\n"
    (decision,) = read_decisions(content, "decisions.csv")
    assert (decision.who, decision.verdict, decision.after) == ("ann", "always", "Rome")


def test_a_decision_counts_up_to_and_with_its_last_day() -> None:
    (decision, lasting) = decisions("lead,7,city,,Rome,always,2026-03-01,,\nlead,8,city,,Rome,always,,,")
    assert not decision.expired(date(2026, 3, 1))
    assert decision.expired(date(2026, 3, 2))
    assert not lasting.expired(date.max)


def test_what_was_refused_and_what_was_found_may_be_damaged() -> None:
    (decision,) = decisions("lead,7,phone,3.93E+11,3.93E+11,keep,,,")
    assert decision.before == "3.93E+11"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("leed,7,city,,Rome,set,,,", 'unknown scope "leed"; did you mean "lead"?'),
        (",7,city,,Rome,set,,,", 'unknown scope ""; write one of: lead, value, source'),
        ("lead,7,city,,Rome,alway,,,", 'unknown verdict "alway"; did you mean "always"?'),
        ("lead,7,city,,Rome,,,,", 'unknown verdict ""; write one of: keep, set, always'),
        (
            "lead,7,city,,Rome,set,31.12.2030,,",
            'until is "31.12.2030", which is no date; write it as 2030-12-31 or leave it empty',
        ),
        ("lead,7,!,,Rome,set,,,", "field is empty; name the field the decision is about"),
        ("lead,,city,,Rome,set,,,", "scope lead has no key; write the lead's key"),
        ("source,,city,Roma,Rome,set,,,", "scope source has no key; write the source's name as its key"),
        ("source,web,city,,Rome,set,,,", "scope source has no before; write the value the decision is about"),
        ("value,,city,,Rome,set,,,", "scope value has no before; write the value the decision is about"),
        (
            "value,7,city,Roma,Rome,set,,,",
            "scope value speaks of every lead, so it has no key; empty the key, or write scope lead",
        ),
        (
            "lead,7,phone,,3.93E+11,set,,,",
            'after is "3.93E+11", a number in scientific notation: a spreadsheet has damaged the '
            "table; type the cell anew in a text editor",
        ),
        (
            "lead,1E+12,phone,,x,keep,,,",
            'key is "1E+12", a number in scientific notation: a spreadsheet has damaged the table; '
            "type the cell anew in a text editor",
        ),
    ],
)
def test_a_wrong_decision_is_refused_with_its_line(row: str, message: str) -> None:
    with pytest.raises(ProjectError) as raised:
        decisions(f"lead,1,city,,Rome,set,,,\n{row}")
    assert str(raised.value) == f"decisions.csv:3: {message}"


def test_every_wrong_row_is_told() -> None:
    with pytest.raises(ProjectError) as raised:
        decisions("a,1,city,,Rome,set,,,\nlead,1,city,,Rome,b,,,")
    assert [str(problem.place) for problem in raised.value.problems] == ["decisions.csv:2", "decisions.csv:3"]


def test_missing_and_unknown_columns_are_told() -> None:
    with pytest.raises(ProjectError) as raised:
        read_decisions(b"scope,key,feild,before,after,verdict,until,who,when,zzzz\n", "decisions.csv")
    assert str(raised.value).splitlines() == [
        'decisions.csv:1: unknown column "feild"; did you mean "field"?',
        'decisions.csv:1: unknown column "zzzz"; known: scope, key, field, before, after, verdict, until, who, when',
        'decisions.csv:1: missing column "field"; add it, empty where there is nothing to say',
    ]


def test_a_project_may_have_no_decisions(tmp_path: Path) -> None:
    assert load_decisions(tmp_path) == ()
    (tmp_path / "decisions.csv").write_text(HEADER, encoding="utf-8")
    assert load_decisions(tmp_path) == ()
