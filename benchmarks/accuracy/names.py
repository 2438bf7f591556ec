"""Names of persons: the parts of a whole name as they are written, and the usual case of shouted names."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Literal, get_args

from benchmarks.accuracy.contest import Case, Contender, Goal, Table, Verdict, exact

from lustrum import Answer, Failed, Skip
from lustrum_plugins.standardise.person_name import Part, Parts, person_name

FIELDS: Mapping[str, str] = {
    "title": "salutation",
    "first": "first_name",
    "middle": "middle_name",
    "last": "last_name",
    "suffix": "suffix",
    "nickname": "nickname",
}
"""The columns of the table and the fields of a lead."""
_PARTS: Parts = get_args(Part)


def _case(row: Mapping[str, str]) -> Case:
    wanted = {column: row[column] for column in row["scored_fields"].split("|")}
    return Case(row["id"], row["slice"], {"name": row["raw"]}, wanted)


def _judge(case: Case, answer: Mapping[str, str] | None) -> Verdict:
    if answer is None:
        return "left"
    return "right" if all(answer[column] == value for column, value in case.expected.items()) else "wrong"


def _lustrum(case: Case) -> Mapping[str, str] | None:
    """Read as of a source that writes given names first; the table asks for the parse: its case, households too."""
    name = case.given["name"]
    reply = person_name(full_name=name, parts=_PARTS, order="given_first", case="keep", household=True)
    if isinstance(reply, (Failed, Skip)):
        return None
    named = reply.value if isinstance(reply, Answer) else reply
    return {column: named.get(field, "") for column, field in FIELDS.items()}


def _nameparser(case: Case) -> Mapping[str, str]:
    from nameparser import parse

    name = parse(case.given["name"])
    return {
        "title": name.title,
        "first": name.given,
        "middle": name.middle,
        "last": name.family,
        "suffix": name.suffix,
        "nickname": name.nickname,
    }


def _probablepeople(case: Case) -> Mapping[str, str] | None:
    library: Any = import_module("probablepeople")
    try:
        labelled, kind = library.tag(case.given["name"])
    except library.RepeatedLabelError:
        return None
    if kind != "Person":
        return None
    read = {column: " ".join(labelled.get(label, "") for label in labels).strip() for column, labels in _LABELS.items()}
    return {column: value.rstrip(",") for column, value in read.items()}


_LABELS = {
    "title": ("PrefixMarital", "PrefixOther"),
    "first": ("GivenName", "FirstInitial"),
    "middle": ("MiddleName", "MiddleInitial"),
    "last": ("Surname", "LastInitial"),
    "suffix": ("SuffixGenerational", "SuffixOther"),
    "nickname": ("Nickname",),
}


def _written(row: Mapping[str, str]) -> Case:
    return Case(row["raw"], row["option"], {"name": row["raw"]}, row["expected"])


def _lustrum_case(case: Case) -> str | None:
    way: Literal["force", "repair"] = "force" if case.slice == "force=True" else "repair"
    reply = person_name(full_name=case.given["name"], parts=("full_name",), order="given_first", case=way)
    if isinstance(reply, (Failed, Skip)):
        return None
    return (reply.value if isinstance(reply, Answer) else reply)["full_name"]


def _nameparser_case(case: Case) -> str:
    from nameparser import parse

    return str(parse(case.given["name"]).capitalized(force=case.slice == "force=True"))


CONTENDERS: Mapping[str, Contender] = {
    "lustrum": _lustrum,
    "nameparser": _nameparser,
    "probablepeople": _probablepeople,
}

TABLES = (
    Table("names", "names.csv", _case, _judge, CONTENDERS, (Goal(right=0.97),)),
    Table(
        "names_case",
        "names_case.csv",
        _written,
        exact,
        {"lustrum": _lustrum_case, "nameparser": _nameparser_case},
        (Goal(right=1.0, wrong=0.0),),
    ),
)
