"""What the words of a job title say: the level and the function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from lustrum_plugins.standardise.title_words import Word

LEVELS = (
    "Owner",
    "C-Level",
    "Board",
    "Partner",
    "VP",
    "Director",
    "Head",
    "Manager",
    "Senior",
    "Individual Contributor",
    "Intern",
    "Student",
    "Not Active",
)
"""The levels, the highest first: of two titles in one text the higher counts."""

_ONE = "Individual Contributor"
_TOPS = frozenset({"Owner", "C-Level", "Board", "Partner"})
_ATTRIBUTES = frozenset({"Partner", "Board", "Student"})
_HEAD_FIRST = frozenset({"fr", "es", "it", "pt", "pl"})
_SEPARATE = frozenset({"and", "mark"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A level and a function, empty where the title does not say; `doubtful` levels exclude each other."""

    level: str = ""
    function: str = ""
    doubtful: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        """Count what is known."""
        return bool(self.level) + bool(self.function)


@dataclass(frozen=True, slots=True)
class _Part:
    words: tuple[Word, ...]
    before: str

    @property
    def head(self) -> tuple[Word, ...]:
        return tuple(takewhile(lambda word: word.kind not in {"to", "of"}, self.words))


def read_title(words: Sequence[Word]) -> Reading:
    """Read the level and the function from the words of one or several titles.

    >>> from lustrum_plugins.standardise.title_words import title_words, tokens
    >>> read_title(title_words(tokens("Assistant to the CEO")))
    Reading(level='Individual Contributor', function='Administration', doubtful=())
    """
    parts = _parts(words)
    levels = [_level(part.head) for part in parts]
    assisting = bool(parts) and _assists(parts[0].head)
    if assisting and len(parts) > 1:
        above = [level for level in levels[1:] if level in _TOPS]
        if above and parts[1].before == "and" and parts[0].head == parts[0].words:
            return Reading(doubtful=(levels[0], above[0]))
        topic = (
            ()
            if any(word.function and not word.weak for word in parts[0].head)
            else tuple(part for part, level in zip(parts[1:], levels[1:], strict=True) if not level)
        )
        parts, levels = [parts[0], *topic], [levels[0], *[""] * len(topic)]
    level = min((level for level in levels if level), key=LEVELS.index, default="")
    return Reading(level, "" if level == "Not Active" else _function(parts, levels, level))


def _parts(words: Sequence[Word]) -> list[_Part]:
    parts: list[_Part] = []
    current: list[Word] = []
    before = ""
    attached = False
    for word in (*words, Word("", "mark")):
        if word.kind not in _SEPARATE:
            current.append(word)
            continue
        if current and not (attached and before == "and"):
            parts.append(_Part(tuple(current), before))
            attached = any(each.kind == "to" for each in current)
        before, current = (word.kind if current or not before else before), []
    return parts


def _assists(head: Sequence[Word]) -> bool:
    """Say whether somebody assists: unless the word describes another title, as in Assistant Director."""
    place = next((place for place, word in enumerate(head) if word.kind == "assistant"), None)
    if place is None:
        return False
    after = [word for word in head[place + 1 :] if word.level]
    return not after or head[place].language != "en" or after[0].level in _TOPS


def _level(head: Sequence[Word]) -> str:
    kinds = {word.kind for word in head}
    titles = [word for word in head if word.level]
    if "former" in kinds or (titles and titles[0].level == "Not Active"):
        return "Not Active"
    if _assists(head):
        return _ONE
    if any(word.level == "Intern" for word in titles):
        return "Intern"
    if "chief" in kinds and any(word.text == "officer" for word in titles):
        return "C-Level"
    told = [word.level for word in titles if word is titles[-1] or not _describes(word, titles[-1])]
    level = min(told, key=LEVELS.index, default=_without_title(head, kinds))
    return "Senior" if level == _ONE and kinds & {"senior", "chief"} else level


def _describes(word: Word, title: Word) -> bool:
    """Say whether a title only describes the one at the end: Partner Manager, CEO Office Manager."""
    below = LEVELS.index(title.level) >= LEVELS.index("Manager")
    return word.level in _ATTRIBUTES or (word.level == "C-Level" and word.language == "en" and below)


def _without_title(head: Sequence[Word], kinds: Iterable[str]) -> str:
    topics = any(word.kind == "topic" and word.function for word in head)
    return _ONE if topics and head[-1].kind in {"executive", "senior"} and "topic" in kinds else ""


def _function(parts: Sequence[_Part], levels: Sequence[str], level: str) -> str:
    counted = [part for part, own in zip(parts, levels, strict=True) if own in {"", level}]
    strong = (function for part in counted if (function := _told(part)))
    weak = [word for part in counted for word in part.head if word.weak and _counts(word, part)]
    weak.sort(key=lambda word: word.kind != "assistant")
    return next(strong, "") or next((word.function for word in weak), "")


def _counts(word: Word, part: _Part) -> bool:
    return word.kind != "assistant" or _assists(part.head)


def _told(part: _Part) -> str:
    telling = [word for word in part.head if word.function and not word.weak]
    rest = () if _assists(part.head) else part.words[len(part.head) :]
    chosen = (
        [word for word in telling if word.level]
        or telling
        or [word for word in rest if word.function and not word.weak]
    )
    if not chosen:
        return ""
    lead = next((word for word in part.words if word.level), chosen[0])
    return chosen[0 if lead.language in _HEAD_FIRST else -1].function
