"""The step that cleans a job title and tells its level and function."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lustrum import KEEP, Answer, Attempt, Failed, step
from lustrum.words.outcomes import Keep
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.title_reading import Reading, read_title
from lustrum_plugins.standardise.title_text import plain_title
from lustrum_plugins.standardise.title_typos import mended
from lustrum_plugins.standardise.title_words import title_words, tokens
from lustrum_plugins.standardise.word_tables import rows

_LONGEST = 200
_NO_TITLE = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+|[\d\s().+/-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class JobTitle:
    """A title cleaned, with what it says of the level and the function."""

    job_title: str
    job_level: str | Keep = KEEP
    job_function: str | Keep = KEEP


@step("standardise.job_title", strategies=("exact", "words", "typo"))
def job_title(job_title: str, *, attempt: Attempt = Attempt()) -> Answer[JobTitle] | Failed:  # noqa: B008 - an Attempt is frozen
    """Clean a job title and tell the level and the function it names.

    Reads `job_title` in 13 languages; writes it cleaned (blanks, stray signs, and the case of a title typed in one
    case only), `job_level` and `job_function`. What the title does not tell leaves its field as it is.

    Levels, the highest first: Owner, C-Level, Board, Partner, VP, Director, Head, Manager, Senior, Individual
    Contributor, Intern, Student, Not Active (former, retired). Of two titles the higher level counts ("CEO & Founder":
    Owner). Words count by what they name: a bank's Vice President is a VP, an Account Manager a Manager, a Chief
    Engineer a Senior, whoever assists the CEO an Individual Contributor. Of two functions the first named is written.

    Functions: General Management, Sales, Marketing, Product, Engineering, IT, Data, Design, Finance, Human Resources,
    Legal, Operations, Procurement, Project Management, Customer Service, Administration, Consulting, Research, Medical,
    Education.

    Strategies: `exact` (the whole title is known), `words` (what its words say), `typo` (an unknown word is a slip away
    from a known one). A title that all three leave untold is only cleaned.

    Fails with `placeholder`, `ambiguous` (MD, PM; candidates are named), `not_a_title` (an address, a number),
    `not_a_known_title` (only where `retry` allows fewer attempts than there are strategies).

    >>> job_title("VP SALES, EMEA").value
    JobTitle(job_title='VP Sales, EMEA', job_level='VP', job_function='Sales')
    >>> job_title("whale  whisperer").value
    JobTitle(job_title='Whale Whisperer', job_level=KEEP, job_function=KEEP)
    >>> job_title("MD").candidates
    ('Managing Director', 'Medical Doctor')
    """
    text = plain_title(job_title)
    if is_placeholder(text):
        return Failed("placeholder", "the text names no job")
    if _NO_TITLE.fullmatch(text):
        return Failed("not_a_title", "this is an address or a number, not a job title")
    words = tokens(text[:_LONGEST])
    if candidates := _ambiguous().get(words):
        return Failed("ambiguous", f"“{text}” may be {' or '.join(candidates)}", candidates=candidates)
    return _told(text, words, attempt)


def _told(text: str, words: tuple[str, ...], attempt: Attempt) -> Answer[JobTitle] | Failed:
    read = title_words(words)
    reading = read_title(read)
    if reading.doubtful:
        message = f"“{text}” names an assistant and more; say which counts"
        return Failed("ambiguous", message, candidates=reading.doubtful)
    if len(read) == 1 and read[0].level and attempt.tries("exact"):
        return _answer(text, reading, "known title")
    better = mended(words, read)
    if attempt.tries("words") and reading.level and (reading.function or better == words):
        return _answer(text, reading, "words of the title")
    if not attempt.tries("typo"):
        return Failed("not_a_known_title", f"“{text}” is not a title we know; further strategies may tell")
    second = read_title(title_words(better))
    if second.known > reading.known and not second.doubtful:
        return _answer(text, second, "words of the title, one with a slip")
    return _answer(text, reading, "words of the title" if reading.known else "level and function not known")


def _answer(text: str, reading: Reading, reason: str) -> Answer[JobTitle]:
    return Answer(JobTitle(text, reading.level or KEEP, reading.function or KEEP), reason=reason)


@cache
def _ambiguous() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    return {tokens(row["title"]): tuple(row["candidates"].split("|")) for row in rows("title_ambiguous")}
