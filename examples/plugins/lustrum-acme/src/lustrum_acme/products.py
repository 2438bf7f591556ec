"""`acme.product_line`: which of our product lines a lead asks for."""

from __future__ import annotations

from difflib import get_close_matches

from lustrum import Answer, Attempt, Failed, step

_LINES = {
    "Anvils": ("anvil", "anvils", "forge"),
    "Rockets": ("rocket", "rockets", "roller skates"),
    "Magnets": ("magnet", "magnets", "magnetic"),
}
_WORDS = {word: line for line, words in _LINES.items() for word in words}
_ANY = Attempt()


@step("acme.product_line", strategies=("name", "words", "typo"))
def product_line(interest: str, *, attempt: Attempt = _ANY) -> Answer[str] | Failed:
    """Find the product line a lead asks for.

    The first attempt takes the field as the name of a line, the second looks for the words of a line in it, the third
    for words that are nearly one. A retry therefore only turns failures into answers: `retry: {attempts: 2}` never
    guesses at typing errors.

    Fails with `ambiguous` where several lines are asked for, with `unknown_line` where none is.

    >>> product_line("magnets").value, product_line("I need an anvill").reason
    ('Magnets', 'anvill is nearly anvil')
    """
    text = interest.strip().lower()
    if text.capitalize() in _LINES:
        return Answer(text.capitalize(), "the name of a line")
    found: dict[str, str] = {}
    if attempt.tries("words"):
        found = {_WORDS[word]: f"{word} stands in the field" for word in _WORDS if word in text.split()}
    if not found and attempt.tries("typo"):
        found = {_WORDS[near]: f"{word} is nearly {near}" for word in text.split() for near in _near(word)}
    return _only(found)


def _near(word: str) -> list[str]:
    return get_close_matches(word, _WORDS, n=1, cutoff=0.8)


def _only(found: dict[str, str]) -> Answer[str] | Failed:
    if not found:
        return Failed("unknown_line", "the field names none of our product lines")
    if len(found) > 1:
        return Failed("ambiguous", "the field names several product lines", tuple(found))
    line, reason = next(iter(found.items()))
    return Answer(line, reason)
