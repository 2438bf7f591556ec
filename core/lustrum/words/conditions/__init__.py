"""Conditions: two spellings, one tree.

A condition is written as the text of an SQL WHERE (restricted to a white-list) or as plain data in the words of
Marketo. Both become one small tree, which says which fields it reads, what it warns of and, as text, what will run.

Empty text and null are one thing. A comparison that meets an empty value is null in SQL text, and null does not hold;
in the structured spelling it is false, so that its negation holds. A date compares with a time by the day, in the
time zone of the run.

The structured spelling also asks what happened to a lead (`had interesting moment: {times: at least 2}`) and what it is
a member of (`member of list: hot`). A key that is the phrase of such a filter is never read as a field's name: a field
of the same name is asked about in SQL.

>>> condition = parse_condition({"any": [{"Country": "is not Germany"}, "score >= 5"]})
>>> print(condition)
(country COLLATE NOCASE = 'Germany') IS NOT TRUE OR (score >= 5) IS TRUE
>>> sorted(condition.fields)
['country', 'score']
"""

from __future__ import annotations

from lustrum.words.conditions.activities import ActivityFilter, HadActivity, attribute_column
from lustrum.words.conditions.binding import bind
from lustrum.words.conditions.compiler import compile_condition, failed_column
from lustrum.words.conditions.constraints import parse_constraints
from lustrum.words.conditions.errors import ConditionError
from lustrum.words.conditions.matching import activity_matches
from lustrum.words.conditions.plain import parse_sql_text
from lustrum.words.conditions.smart_lists import expand
from lustrum.words.conditions.structured import parse_structured
from lustrum.words.conditions.tree import Condition, SmartListReference

__all__ = [
    "ActivityFilter",
    "Condition",
    "ConditionError",
    "HadActivity",
    "SmartListReference",
    "activity_matches",
    "attribute_column",
    "bind",
    "compile_condition",
    "expand",
    "failed_column",
    "parse_condition",
    "parse_constraints",
]


def parse_condition(written: object) -> Condition:
    """Read a condition: SQL text, or plain data of lists, mappings and text. Raises `ConditionError`.

    >>> str(parse_condition("country = '' OR NOT country IN ('DE', 'IT')"))
    "country IS NULL OR NOT (country IN ('DE', 'IT'))"
    """
    return parse_sql_text(written) if isinstance(written, str) else parse_structured(written)
