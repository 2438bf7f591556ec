"""Campaigns made at random: the engine does to each lead what the reference interpreter says of it alone."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

ON = frozenset(os.environ.get("LUSTRUM_ON", "").split(","))
EXAMPLES = int(os.environ.get("LUSTRUM_EXAMPLES", "100"))
PROJECT = {
    "leads": {"from": "leads.csv", "to": "out/leads.csv", "key": "id"},
    "fields": {"n": "integer"},
    "my": {"t": "x", "u": "bad"},
}
FIELDS = ("a", "b", "c", "d")
VALUES = ("x", "xy", "bad", "worse", "skip", "boom", "odd", "keep", "A", "X")
RENDERED = ("{{lead.a}}", "{{lead.b}} {{my.t}}", "so", "{{lead.c:default=none}}", "{{my.u}}", "{{campaign.name}}")

Drawn = dict[str, Any]
fields = st.sampled_from(FIELDS)
values = st.sampled_from(VALUES)


def seldom(strategy: st.SearchStrategy[Any], times: int = 3) -> st.SearchStrategy[Any]:
    return st.integers(0, times).flatmap(lambda number: strategy if number == times else st.none())


conditions = st.one_of(
    st.builds("{} = '{}'".format, fields, values),
    st.builds("{} IS NULL".format, fields),
    st.builds("{} IS NOT NULL".format, fields),
    st.builds("failed({})".format, fields),
    st.builds("failed({}) OR {} IS NULL".format, fields, fields),
    st.builds("{} = '{{{{lead.{}}}}}'".format, fields, fields),
    st.builds("{} <> '{{{{my.t}}}}'".format, fields),
    st.sampled_from(["n >= 2", "n IS NULL", {"a": "is not x"}, {"any": [{"failed": "b"}, {"c": "is empty"}]}]),
)
leads = st.fixed_dictionaries({name: st.none() | values for name in FIELDS} | {"n": st.none() | st.integers(0, 3)})


def _kept(**keys: Any) -> Drawn:
    return {name: value for name, value in keys.items() if value not in (None, {}, [])}


@st.composite
def uses(draw: st.DrawFn) -> Drawn:
    """Draw an entry that uses a step."""
    name = draw(st.sampled_from([*STEPS, *("flaky", "slow") * ("transient" in ON)]))
    text = draw(st.sampled_from(RENDERED))
    if name == "value":
        return {"use": "change.value", "with": {"field": draw(fields), "value": text}}
    if name == "score":
        return {"use": "change.score", "with": {"field": "n", "change": draw(st.sampled_from(["+1", "=2", "-1"]))}}
    if name == "record":
        return {"use": "moment.record", "with": {"type": "Web", "text": text}}
    if name == "grade":
        return {"use": "probe.grade", "writes": draw(st.sampled_from([{}, {"c": "d"}]))}
    entry: Drawn = {"use": f"probe.{name}", "reads": {"value": draw(fields)}}
    for other in {"mend": ["hint"], "guess": ["hint"], "part": ["other"]}.get(name, []):
        entry["reads"][other] = draw(fields)
    if name == "part":
        left, right = draw(st.permutations(FIELDS))[:2]
        entry["writes"] = {"left": left, "right": right}
    elif name == "tell":
        entry["with"] = {"text": text}
    elif draw(st.booleans()):
        entry["writes"] = {"value": draw(fields)}
    return entry


@st.composite
def retries(draw: st.DrawFn, repairs: Sequence[str], codes: Sequence[str]) -> Drawn:
    """Draw how an entry is retried."""
    transient = _kept(attempts=draw(st.sampled_from(["1", "2", "3"])), wait="2s")
    if "lists" in ON:
        transient["wait"] = draw(st.sampled_from(["2s", ["1s", "4s"], ["3s"]]))
    if "deadline" in ON:
        transient |= _kept(deadline=draw(seldom(st.sampled_from(["3s", "6s"]))))
    return _kept(
        attempts=draw(seldom(st.sampled_from(["1", "2", "3"]), 1)),
        transient=transient,
        repair=draw(seldom(st.sampled_from(repairs), 1)) if repairs else None,
        until=draw(seldom(conditions)) if "until" in ON else None,
        on=draw(seldom(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True))) if "on" in ON else None,
    )


@st.composite
def choices(draw: st.DrawFn, entry: Drawn, children: Sequence[str]) -> list[Drawn]:
    """Draw choices that fit an entry."""

    def change() -> Drawn:
        if "execute" in entry:
            return {"execute": draw(st.sampled_from(children))}
        if entry.get("use") == "change.value":
            return {"with": {"value": draw(st.sampled_from(RENDERED))}}
        if "value" in entry.get("reads", {}) and draw(st.booleans()):
            return {"reads": {"value": draw(fields)}}
        return {}

    drawn = [{"when": draw(conditions), **change()} for _ in range(draw(st.integers(1, 2)))]
    last = draw(st.sampled_from(["", "nothing", "change"]))
    if last == "nothing":
        return [*drawn, {"otherwise": "nothing"}]
    return [*drawn, {"otherwise": change()}] if last else drawn


STEPS = ("tidy", "mend", "guess", "part", "tell", "grade", "value", "score", "record")
CODES = ("bad_value", "worse_value", "flaky_busy", "slow_busy", "no_hint", "odd", "slow_value")


@st.composite
def entries(draw: st.DrawFn, children: Sequence[str], requested: Sequence[str], ids: Sequence[str]) -> Drawn:
    """Draw an entry."""
    verbs = ["use"] * 4 + ["execute"] * 3 * bool(children) + ["request"] * 2 * bool(requested) + ["remove"] * ("remove" in ON)
    verb = draw(st.sampled_from(verbs))
    entry: Drawn
    if verb == "use":
        entry = draw(uses())
    elif verb == "remove":
        entry = {"use": "remove_from_flow", "when": draw(conditions)}
    else:
        entry = {verb: draw(st.sampled_from(children if verb == "execute" else requested))}
        entry |= _kept(tokens=draw(seldom(st.just("parent"))))
    if verb in ("use", "execute"):
        entry |= _kept(on_fail=draw(on_fails))
    if verb == "use" or (verb == "execute" and "out" in ON):
        entry |= _kept(retry=draw(seldom(retries(children, CODES), 1)))
    entry |= _kept(when=entry.get("when") or draw(seldom(conditions)), needs=draw(seldom(st.sampled_from([[each] for each in ids]))) if ids else None)
    if verb != "remove" and draw(st.integers(0, 4)) == 4:
        entry["choices"] = draw(choices(entry, children))
    if "repeat" in ON and entry.get("use") in ("moment.record", "change.score", "probe.tell"):
        entry |= _kept(repeat=draw(seldom(st.sampled_from(["always", "every 30 days"]))))
    return entry


on_fails = st.sampled_from([None] * 5 + ["block", "continue"] + ["stop"] * ("out" not in ON) + ["abort"] * ("abort" in ON))


@st.composite
def campaigns(draw: st.DrawFn, name: str, kind: str, children: Sequence[str], requested: Sequence[str]) -> Drawn:
    """Draw a campaign that executes and requests only those given."""
    flow: list[Drawn] = []
    for number in range(draw(st.integers(1, 4))):
        ids = [entry["id"] for entry in flow if "id" in entry]
        entry = draw(entries(children, requested, ids))
        flow.append(entry | _kept(id=draw(seldom(st.just(f"e{number}"), 1))))
    return _kept(
        campaign=name,
        kind=kind,
        smart_list=draw(seldom(conditions)),
        my=draw(seldom(st.fixed_dictionaries({"t": values}))),
        defaults=draw(seldom(st.sampled_from([{"on_fail": "continue"}, {"on_fail": "block" if "out" in ON else "stop"}]), 6)),
        qualification=draw(seldom(st.just("once"), 6)) if "once" in ON else None,
        flow=flow,
    )


@st.composite
def projects(draw: st.DrawFn) -> dict[str, Drawn]:
    """Draw the files of a project: campaigns refer to later ones only."""
    kinds = draw(st.lists(st.sampled_from(["executable"] * 3 + ["batch"] * ("request" in ON)), min_size=1, max_size=4))
    names = {f"{kind[0]}k{number}": kind for number, kind in enumerate(kinds)}
    tops = {"top": "batch"} | ({"last": "batch"} if draw(st.integers(0, 4)) == 4 else {})
    files: dict[str, Drawn] = {"lustrum.yaml": {**PROJECT, "run": list(tops)}}
    for position, (name, kind) in enumerate((tops | names).items()):
        later = list(names)[max(0, position - len(tops) + 1) :]
        parted = [[other for other in later if names[other] == each] for each in ("executable", "batch")]
        files[f"campaigns/{name}.yaml"] = draw(campaigns(name, kind, *parted))
    return _reached(files, list(tops))


def _reached(files: dict[str, Drawn], tops: list[str]) -> dict[str, Drawn]:
    found, queue = {"lustrum.yaml"}, [f"campaigns/{name}.yaml" for name in tops]
    while queue:
        file = queue.pop()
        found.add(file)
        named = json.dumps(files[file])
        queue += [other for other in set(files) - found if f'"{other[10:-5]}"' in named]
    return {name: file for name, file in files.items() if name in found}


def written(files: Mapping[str, Drawn]) -> dict[str, str]:
    yaml = YAML(typ="safe", pure=True)
    texts: dict[str, str] = {}
    for name, data in files.items():
        stream = io.StringIO()
        yaml.dump(data, stream)
        texts[name] = stream.getvalue()
    return texts


@given(files=projects(), rows=st.lists(leads, min_size=1, max_size=3))
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
def test_the_engine_does_what_the_rules_say(compare: Callable[..., None], files: dict[str, Drawn], rows: list[Drawn]) -> None:
    numbered = [{"id": str(number + 1), **row} for number, row in enumerate(rows)]
    compare(written(files), numbered, None, 1)
