from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lustrum_plugins.phones.states import LONGEST, States, compiled, membership
from lustrum_plugins.phones.syntax import UnknownPatternError, read_pattern
from lustrum_plugins.phones.terms import Terms
from lustrum_plugins.phones.threads import MARKED_MATCH, NO_MATCH, first_threads, prefix_machine

DIGIT = st.sampled_from(["0", "1", "2", r"\d", "[12]", "[0-1]", "[02-9]"])
PATTERNS = st.recursive(
    DIGIT,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda both: f"(?:{both[0]}|{both[1]})"),
        inner.map(lambda one: f"({one})"),
        st.tuples(inner, st.sampled_from(["?", "{2}", "{1,3}", "{0,2}"])).map(lambda both: f"(?:{both[0]}){both[1]}"),
    ),
    max_leaves=6,
)
TEXTS = st.text("0123", max_size=9)


def state_after(states: States, first: int, text: str) -> int:
    for digit in text:
        first = states.leads[first][int(digit)]
    return first


@given(PATTERNS, TEXTS)
def test_the_automaton_of_a_pattern_accepts_what_the_pattern_matches(pattern: str, text: str) -> None:
    terms, states = Terms(), States()
    first = compiled(membership(terms), read_pattern(pattern, terms), states)
    assert states.says[state_after(states, first, text)] == bool(re.fullmatch(pattern, text))


@example("0", "", "|(?:(?:(?:0)?|2))?", "2")
@given(PATTERNS, st.sampled_from(["", "$"]), st.one_of(st.just(""), PATTERNS.map("|{}".format)), TEXTS)
def test_a_prefix_reaches_as_far_as_the_pattern_does(pattern: str, end: str, other: str, text: str) -> None:
    whole = f"{pattern}{end}{other}"
    terms, states = Terms(), States()
    first = compiled(prefix_machine(terms), first_threads(terms, read_pattern(whole, terms, True)), states)
    reached, said = None, NO_MATCH
    for length in range(len(text) + 2):
        state = state_after(states, first, text[:length])
        state = states.leads[state][10] if length > len(text) else state
        if states.says[state] != NO_MATCH:
            reached, said = min(length, len(text)), states.says[state]
    match = re.match(whole, text)
    assert reached == (match and match.end())
    groups = match.groups() if match else ()
    assert (said == MARKED_MATCH) == bool(groups and groups[-1] is not None)


def test_longer_numbers_than_an_automaton_follows_say_nothing_new() -> None:
    terms, states = Terms(), States()
    first = compiled(membership(terms), read_pattern(r"\d*", terms), states)
    assert states.says[state_after(states, first, "1" * LONGEST)] == 1


@pytest.mark.parametrize(
    "pattern", ["a", "(?=1)2", "1*?", "1++", "[^1]", "(1", "[1", "1{a}", "1{2", "1)", r"\w", "^1", "[2-"]
)
def test_a_pattern_of_a_kind_no_plan_has_is_refused(pattern: str) -> None:
    with pytest.raises(UnknownPatternError):
        read_pattern(pattern, Terms())


def test_states_with_the_same_future_are_one() -> None:
    terms, states = Terms(), States()
    first = [compiled(membership(terms), read_pattern(pattern, terms), states) for pattern in ("12|32", "[13]2")]
    assert first[0] == first[1]
