"""`standardise.job_title`: what a title's words name counts, not how they sound."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import KEEP, Answer, Attempt, Failed
from lustrum.words.outcomes import Keep
from lustrum_plugins.standardise.job_title import JobTitle, job_title
from lustrum_plugins.standardise.title_reading import LEVELS
from lustrum_plugins.standardise.title_typos import nearest
from lustrum_plugins.standardise.title_words import phrases
from lustrum_plugins.standardise.word_tables import rows

CODES = {"placeholder", "ambiguous", "not_a_title", "not_a_known_title"}
WORDS = st.sampled_from([row["phrase"] for row in rows("title_words")] + ["/", "&", ",", "to the", "whale", "(m/w/d)"])
TITLES = st.one_of(st.text(max_size=30), st.lists(WORDS, min_size=1, max_size=5).map(" ".join))


def told(said: Answer[JobTitle] | Failed) -> JobTitle:
    assert isinstance(said, Answer), said
    return said.value


def level_and_function(text: str) -> tuple[str | Keep, str | Keep]:
    title = told(job_title(text))
    return title.job_level, title.job_function


@given(TITLES)
def test_any_text_is_answered_and_a_second_pass_changes_nothing(text: str) -> None:
    said = job_title(text)
    if isinstance(said, Failed):
        assert said.code in CODES
        return
    assert said.value.job_level in {*LEVELS, KEEP}
    assert told(job_title(said.value.job_title)).job_title == said.value.job_title


@given(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), st.sampled_from(["NFD", "NFKC", "NFKD"]))
def test_blanks_around_and_the_form_of_unicode_make_no_difference(text: str, form: str) -> None:
    other = job_title(f" \u00a0{unicodedata.normalize(form, text)}\t")  # type: ignore[arg-type]  # one of the forms
    alone = job_title(text)
    assert isinstance(other, Failed) == isinstance(alone, Failed)
    if isinstance(alone, Answer):
        title, same = alone.value, told(other)
        assert (same.job_level, same.job_function) == (title.job_level, title.job_function)


def test_the_closed_lists_are_those_of_the_docstring() -> None:
    page = " ".join((job_title.__doc__ or "").split())
    assert {row["level"] for row in rows("title_words") if row["level"]} == set(LEVELS)
    assert all(level in page for level in LEVELS)
    assert all(row["function"] in page for row in rows("title_words"))


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Assistant to the CEO", "Individual Contributor"),
        ("EA, CEO", "Individual Contributor"),
        ("Assistent Geschäftsführung", "Individual Contributor"),
        ("Assistant Director", "Director"),
        ("CEO Office Manager", "Manager"),
        ("Partner Manager", "Manager"),
        ("Advisor to the CEO and Owner", "Individual Contributor"),
        ("Chief Engineer", "Senior"),
        ("Chief Happiness Officer", "C-Level"),
        ("ex-CEO", "Not Active"),
        ("ex-CEO / Consultant", "Individual Contributor"),
        ("Marketing Lead", "Senior"),
        ("Sales Manager Intern", "Intern"),
        ("Retired Teacher", "Not Active"),
        ("Staff Nurse", "Individual Contributor"),
        ("School Principal", "Head"),
        ("CEO & Founder", "Owner"),
    ],
)
def test_the_level_is_that_of_the_person(title: str, level: str) -> None:
    assert level_and_function(title)[0] == level


@pytest.mark.parametrize(
    ("title", "function"),
    [
        ("Product Marketing Manager", "Marketing"),
        ("Directeur marketing IT", "Marketing"),
        ("Director of Sales and Marketing", "Sales"),
        ("Owner / Marketing Manager", "General Management"),
        ("Managing Director - Sales", "Sales"),
        ("Assistant to the CFO", "Administration"),
        ("Marketing Assistant", "Marketing"),
        ("Assistant, Marketing", "Marketing"),
        ("Marketing Assistant, Finance", "Marketing"),
        ("Sales/E-Commerce Manager", "Sales"),
    ],
)
def test_the_function_is_what_the_title_is_about(title: str, function: str) -> None:
    assert level_and_function(title)[1] == function


@pytest.mark.parametrize("title", ["Executive", "Office of the CEO", "Whale Whisperer", "Chief"])
def test_a_level_nobody_named_is_left_as_it_is(title: str) -> None:
    assert level_and_function(title)[0] is KEEP


def test_an_assistant_manager_is_no_administrator() -> None:
    assert level_and_function("Assistant Manager") == ("Manager", KEEP)


def test_a_strategy_answers_only_when_its_attempt_has_come() -> None:
    one, two = Attempt(1, ("exact",)), Attempt(2, ("exact", "words"))
    for attempt, title in ((one, "Head of Sales"), (two, "Head of Makreting"), (two, "Whale Whisperer")):
        said = job_title(title, attempt=attempt)
        assert isinstance(said, Failed)
        assert said.code == "not_a_known_title"
    said = job_title("Geschäftsführer", attempt=one)
    assert isinstance(said, Answer)
    assert said.reason == "known title"
    said = job_title("Head of Makreting")
    assert isinstance(said, Answer)
    assert (said.value.job_function, said.reason) == ("Marketing", "words of the title, one with a slip")


def test_an_assistant_who_is_something_higher_too_is_asked_about() -> None:
    said = job_title("Assistant & Owner")
    assert isinstance(said, Failed)
    assert (said.code, said.candidates) == ("ambiguous", ("Individual Contributor", "Owner"))


@pytest.mark.parametrize("word", ["producer", "zoo", "мэнеджер", "xxxxxxxx"])
def test_a_word_with_no_near_word_is_not_guessed_at(word: str) -> None:
    assert nearest(word) in {None, "producer"}


def test_words_of_two_languages_that_are_near_say_the_same_or_nothing() -> None:
    assert nearest("direktorr") is not None
    assert phrases()[(nearest("direktorr") or "",)].level == "Director"


def test_ten_thousand_characters_are_only_cleaned() -> None:
    assert told(job_title("Manager " + "x" * 10_000)).job_level == "Manager"
