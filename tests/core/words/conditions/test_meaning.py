"""Random conditions, in both spellings, hold for the leads for which a few lines of plain Python say so."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lustrum.words.conditions import bind, compile_condition, parse_condition
from lustrum.words.fields import FieldType

Lead = Mapping[str, Any]
Holds = Callable[[Lead], bool | None]


@dataclass(frozen=True)
class Asked:
    """A condition as written, and what it means."""

    written: Any
    holds: Holds


TEXTS = ["", "de", "DE", "Straße", "STRASSE", "ÖL", "öl", "a%b", "a_b", "a\nb", " de "]
NUMBERS = [-3, 0, 1, 5]
FIELDS = ["country", "billing_country"]
ORDERS = {"=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
LEADS = st.lists(
    st.fixed_dictionaries(
        {name: st.sampled_from([None, *TEXTS]) for name in FIELDS}
        | {"score": st.sampled_from([None, *NUMBERS]), "active": st.sampled_from([None, True, False])}
    ),
    min_size=1,
    max_size=6,
)


def value(lead: Lead, field: str) -> Any:
    return None if lead[field] == "" else lead[field]


def quoted(text: object) -> str:
    return "'" + text.replace("'", "''") + "'" if isinstance(text, str) else str(text)


def compared(sign: str, one: Any, other: Any) -> bool | None:
    return None if one is None or other is None else bool(ORDERS[sign](one, other))


def both(one: bool | None, other: bool | None) -> bool | None:
    return False if one is False or other is False else (None if None in (one, other) else True)


def inverted(one: bool | None) -> bool | None:
    return None if one is None else not one


def either(one: bool | None, other: bool | None) -> bool | None:
    return inverted(both(inverted(one), inverted(other)))


def sql_comparison(field: str, sign: str, other: Any) -> Asked:
    if other == "":
        empty = sign == "="
        return Asked(f"{field} {sign} ''", lambda lead: (value(lead, field) is None) == empty)
    return Asked(f"{field} {sign} {quoted(other)}", lambda lead: compared(sign, value(lead, field), other))


def sql_between_fields(sign: str) -> Asked:
    one, other = FIELDS
    return Asked(
        f"{one} {sign} '{{{{lead.{other}}}}}'", lambda lead: compared(sign, value(lead, one), value(lead, other))
    )


def sql_in(field: str, choices: Sequence[Any]) -> Asked:
    def holds(lead: Lead) -> bool | None:
        found = value(lead, field)
        if found is None:
            return True if "" in choices else (None if any(choice != "" for choice in choices) else False)
        return found in choices

    return Asked(f"{field} IN ({', '.join(map(quoted, choices))})", holds)


def sql_like(field: str, pattern: str, ignoring: bool) -> Asked:
    regex = "".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in pattern)
    fits = re.compile(regex.lower() if ignoring else regex, re.DOTALL)

    def holds(lead: Lead) -> bool | None:
        found = value(lead, field)
        return None if found is None else bool(fits.fullmatch(found.lower() if ignoring else found))

    return Asked(f"{field} {'ILIKE' if ignoring else 'LIKE'} {quoted(pattern)}", holds)


def sql_distinct(field: str, other: Any) -> Asked:
    return Asked(f"{field} IS DISTINCT FROM {quoted(other)}", lambda lead: value(lead, field) != (other or None))


SQL_LEAVES = st.one_of(
    st.builds(sql_comparison, st.sampled_from(FIELDS), st.sampled_from(["=", "<>"]), st.sampled_from(TEXTS)),
    st.builds(sql_comparison, st.just("score"), st.sampled_from(list(ORDERS)), st.sampled_from(NUMBERS)),
    st.builds(sql_between_fields, st.sampled_from(list(ORDERS))),
    st.builds(sql_in, st.sampled_from(FIELDS), st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3)),
    st.builds(sql_in, st.just("score"), st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=3)),
    st.builds(sql_like, st.sampled_from(FIELDS), st.text("aDe%_ö\n", min_size=1, max_size=5), st.booleans()),
    st.builds(sql_distinct, st.sampled_from(FIELDS), st.sampled_from(TEXTS)),
    st.sampled_from([*FIELDS, "score", "active"]).map(
        lambda field: Asked(f"{field} IS NULL", lambda lead: value(lead, field) is None)
    ),
    st.just(Asked("active", lambda lead: lead["active"])),
)


def sql_not(asked: Asked) -> Asked:
    return Asked(f"NOT ({asked.written})", lambda lead: inverted(asked.holds(lead)))


def sql_join(word: str, parts: Sequence[Asked]) -> Asked:
    joined = both if word == "AND" else either
    text = f" {word} ".join(f"({part.written})" for part in parts)
    return Asked(text, lambda lead: reduce(joined, (part.holds(lead) for part in parts)))


SQL = st.recursive(
    SQL_LEAVES,
    lambda inner: (
        st.builds(sql_not, inner)
        | st.builds(sql_join, st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=1, max_size=3))
    ),
    max_leaves=6,
)

MATCHES: dict[str, Callable[[str, str], bool]] = {
    "is": operator.eq,
    "contains": lambda found, asked: asked in found,
    "starts with": str.startswith,
    "ends with": str.endswith,
}
COMPARED = {"is": "=", "at least": ">=", "at most": "<=", "greater than": ">", "less than": "<"}


def leaf(field: str, word: str, texts: Sequence[str], negative: bool) -> Asked:
    def positive(lead: Lead) -> bool:
        found = value(lead, field)
        return found is not None and any(MATCHES[word](found.lower(), text.lower()) for text in texts)

    name = {"is": "is not"}.get(word, f"not {word}") if negative else word
    return Asked({field: {name: list(texts)}}, lambda lead: positive(lead) is not negative)


def number_leaf(word: str, number: int) -> Asked:
    return Asked({"score": f"{word} {number}"}, lambda lead: compared(COMPARED[word], lead["score"], number) is True)


def group(parts: Mapping[str, Sequence[Asked]]) -> Asked:
    def holds(lead: Lead) -> bool:
        each = {word: [part.holds(lead) is True for part in joined] for word, joined in parts.items()}
        return all(each.get("all", [])) and any(each.get("any", [True])) and not any(each.get("none", []))

    return Asked({word: [part.written for part in joined] for word, joined in parts.items()}, holds)


FILLED = st.sampled_from([text for text in TEXTS if text])
STRUCTURED_LEAVES = st.one_of(
    st.builds(
        leaf,
        st.sampled_from(FIELDS),
        st.sampled_from(list(MATCHES)),
        st.lists(FILLED, min_size=1, max_size=3),
        st.booleans(),
    ),
    st.builds(number_leaf, st.sampled_from(list(COMPARED)), st.sampled_from(NUMBERS)),
    st.just(Asked({"active": "is false"}, lambda lead: lead["active"] is False)),
    SQL,
)
STRUCTURED = st.recursive(
    STRUCTURED_LEAVES,
    lambda inner: st.dictionaries(
        st.sampled_from(["all", "any", "none"]), st.lists(inner, min_size=1, max_size=3), min_size=1
    ).map(group),
    max_leaves=6,
).map(lambda asked: group({"all": [asked]}))


def answers(written: object, leads: Sequence[Lead], types: Mapping[str, FieldType], now: datetime) -> list[bool | None]:
    schema = {name: types[name].dtype for name in leads[0]}
    expr = compile_condition(bind(parse_condition(written), {}), types, now)
    return pl.DataFrame(leads, schema=schema).select(expr.alias("held"))["held"].to_list()


def lowered(text: str) -> Any:
    return pl.select(pl.lit(text).str.to_lowercase()).item()


def test_python_and_polars_lower_these_texts_alike() -> None:
    assert [lowered(text) for text in TEXTS] == [text.lower() for text in TEXTS]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(SQL, LEADS)
def test_sql_text_means_what_three_valued_logic_says(
    types: Mapping[str, FieldType], now: datetime, asked: Asked, leads: list[Lead]
) -> None:
    assert answers(asked.written, leads, types, now) == [asked.holds(lead) for lead in leads]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(STRUCTURED, LEADS)
def test_the_structured_form_is_true_or_false_as_plain_python(
    types: Mapping[str, FieldType], now: datetime, asked: Asked, leads: list[Lead]
) -> None:
    assert answers(asked.written, leads, types, now) == [asked.holds(lead) for lead in leads]
