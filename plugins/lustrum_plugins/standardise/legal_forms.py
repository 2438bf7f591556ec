"""Legal forms of companies: which one a name carries, and where it stands.

A form counts only where its country writes it: at the end, or in front for `PT`, `ООО` or `株式会社`. Short forms that
are also words or initials (AS, SE, SA, PC) count only as their country spells them, or set off by dots or a comma.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from lustrum_plugins.standardise.known_forms import known_forms
from lustrum_plugins.standardise.word_tables import rows

Where = Literal["end", "front", "middle"]

_LONGEST = 8
_MARKS = re.compile(r"[\s.,()\"'“”„«»]+")
_AND = re.compile(r"\b(?:und|and)\b|\+")
JOINING = frozenset({"and", "&", "und", "et", "y", "the", "of"})


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling of a legal form, how it is usually written, and when it counts."""

    spelling: str
    display: str
    place: str
    when: str


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A legal form found in a name: its text there, the usual way to write it, and the name without it."""

    text: str
    display: str
    rest: str
    where: Where


def find_form(name: str, *, middle: bool = False) -> FoundForm | None:
    """Find the legal form of a company in its name; with `middle`, also one that more words follow.

    >>> find_form("Blue Lamp GmbH & Co. KG")
    FoundForm(text='GmbH & Co. KG', display='GmbH & Co. KG', rest='Blue Lamp', where='end')
    >>> find_form("PT Lampu Biru").rest, find_form("青灯株式会社").rest
    ('Lampu Biru', '青灯')
    >>> find_form("S.A. Brightwater"), find_form("AS Meridian"), find_form("SE Electronics")
    (None, None, None)
    """
    words = name.split()
    found = _joined(name) or _at_the_end(words, name) or _in_front(words, name) or _spelt_out(words)
    return found or (_in_between(words) if middle else None)


def has_sure_form(name: str) -> bool:
    """Say whether a text surely names a company, because it ends in a legal form that no person's name ends in.

    >>> has_sure_form("Blue Lamp GmbH"), has_sure_form("Maria Sa"), has_sure_form("Ana SA")
    (True, False, False)
    """
    words = name.split()
    if _joined(name):
        return True
    if not words or form_letters(words[-1]) not in _ends():
        return False
    return any((form := _form_of(words[-size:])) and form.when == "always" for size in _sizes(words))


def may_begin_form(text: str) -> bool:
    """Say whether a legal form may begin behind the first word of a text and go on in words that follow it.

    >>> may_begin_form("Lamp Limited"), may_begin_form("Limited"), may_begin_form("Mary Ann")
    (True, False, False)
    """
    words = text.split()
    tails = (form_letters(" ".join(words[place:])) for place in range(1, len(words)))
    return text.endswith(_halves(0)) or any(tail in _beginnings() for tail in tails)


def may_close_form(text: str) -> bool:
    """Say whether a text may be what ends a legal form that begins in words before it.

    >>> may_close_form("Company"), may_close_form("Doe")
    (True, False)
    """
    return text.endswith(_halves(1)) or form_letters(text) in _ends()


def is_form(text: str) -> bool:
    """Say whether a text is a legal form and nothing else.

    >>> is_form("GmbH & Co. KG"), is_form("Inc."), is_form("The Limited"), is_form("SAP")
    (True, True, False, False)
    """
    form = _forms().get(form_letters(text).removesuffix("&co"))
    return form is not None and form.when == "always"


def form_at_the_end(name: str) -> FoundForm | None:
    """Find the legal form at the end of a name, of those in our table.

    >>> form_at_the_end("Blue Lamp GmbH").rest, form_at_the_end("Blue Lamp")
    ('Blue Lamp', None)
    """
    return _at_the_end(name.split(), name)


def _sizes(words: Sequence[str]) -> range:
    return range(min(_LONGEST, len(words) - 1), 0, -1)


def _at_the_end(words: Sequence[str], name: str) -> FoundForm | None:
    if not words or form_letters(words[-1]) not in _ends():
        return None
    for size in _sizes(words):
        head, tail = words[:-size], words[-size:]
        form = _form_of(tail)
        if form and form.place != "front" and _counts(form, head, tail, name) and _is_name(head):
            return FoundForm(" ".join(tail), form.display, " ".join(head).rstrip(" ,;-–"), "end")
    return None


def _form_of(tail: Sequence[str]) -> Form | None:
    form = _forms().get(form_letters(" ".join(tail)))
    if form is None:
        return None
    dotted = all("." in word for word in tail)
    return form if dotted or len(tail) <= _most_words()[form_letters(form.spelling)] else None


def _counts(form: Form, head: Sequence[str], tail: Sequence[str], name: str) -> bool:
    text = " ".join(tail)
    if form.when == "always":
        return not (text.casefold().startswith("co") and len(tail) > 1 and head[-1].casefold() in JOINING)
    if "." in tail[0][:-1] or (len(tail) > 1 and "." in text) or head[-1].endswith(","):
        return True
    mixed = not (name.isupper() or name.islower())
    return form.when == "as_written" and mixed and _MARKS.sub("", text) in _exact_spellings()


def _is_name(words: Sequence[str]) -> bool:
    return form_letters(" ".join(words)) not in _forms() and any(
        any(sign.isalnum() for sign in word) and word.casefold().strip(".,") not in JOINING for word in words
    )


def _in_front(words: Sequence[str], name: str) -> FoundForm | None:
    if not words or form_letters(words[0]) not in front_beginnings():
        return None
    for size in _sizes(words):
        head, tail = words[:size], words[size:]
        form = _front_forms().get(form_letters(" ".join(head)))
        if form and _counts_in_front(form, " ".join(head), name) and _is_name(tail):
            return FoundForm(" ".join(head), form.display, " ".join(tail).strip(" ,;-–"), "front")
    return None


def _counts_in_front(form: Form, text: str, name: str) -> bool:
    if form.when == "front_word":
        return text.rstrip(".") == form.spelling and not name.isupper()
    if text == form.spelling or (form.when == "always" and not text.isascii()):
        return True
    return not name.isascii() and (name.isupper() or name.islower())


def _joined(name: str) -> FoundForm | None:
    if name.isascii() or not (name.endswith(_joined_spellings()) or name.startswith(_joined_spellings())):
        return None
    for spelling, form in _joined_forms().items():
        before, after = name.removesuffix(spelling).strip(), name.removeprefix(spelling).strip()
        if name.endswith(spelling) and _is_name([before]):
            return FoundForm(spelling, form.display, before, "end")
        if form.place == "both" and name.startswith(spelling) and _is_name([after]):
            return FoundForm(spelling, form.display, after, "front")
    return None


def _in_between(words: Sequence[str]) -> FoundForm | None:
    if words and words[-1].startswith("(") and (before := _at_the_end(words[:-1], " ".join(words))):
        return FoundForm(before.text, before.display, f"{before.rest} {words[-1]}", "middle")
    for place in range(1, len(words) - 1):
        word = words[place]
        form = _forms().get(form_letters(word))
        if form and (form.place == "any" or word.casefold().strip(",") in ("p.c.", "p.a.")):
            head = [*words[: place - 1], words[place - 1].rstrip("" if word.endswith(",") else ",")]
            return FoundForm(word, form.display, " ".join([*head, *words[place + 1 :]]), "middle")
    return None


def _spelt_out(words: Sequence[str]) -> FoundForm | None:
    if len(words) < 2 or len(words[-1]) < 6:
        return None
    folded = " ".join(words).casefold()
    for found in known_forms(folded):
        size = len(found.split())
        if folded.endswith(f" {found}") and len(found) > 9 and _is_name(words[:-size]):
            from rigour.names import replace_org_types_display

            text = " ".join(words[-size:])
            short = replace_org_types_display(text.title())
            display = text if short.islower() else short
            return FoundForm(text, display, " ".join(words[:-size]).rstrip(" ,"), "end")
    return None


def form_letters(text: str) -> str:
    """Fold a legal form so that its spellings with dots, blanks and brackets are equal.

    >>> form_letters("GmbH & Co. KG"), form_letters("g.m.b.h. und Co KG")
    ('gmbh&cokg', 'gmbh&cokg')
    """
    return _MARKS.sub("", _AND.sub("&", text.casefold()))


@cache
def _forms() -> Mapping[str, Form]:
    return {form_letters(form.spelling): form for form in _all() if form.when != "joined"}


def known_letters() -> Collection[str]:
    """Give the letters of all forms that stand apart from the name."""
    return _forms().keys()


@cache
def _ends() -> frozenset[str]:
    return frozenset(letters[place:] for letters in _forms() for place in range(len(letters) + 1))


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(letters[:place] for letters in _forms() for place in range(len(letters) + 1))


@cache
def _halves(half: int) -> tuple[str, ...]:
    return tuple(spelling.split()[half] for spelling in _joined_forms() if " " in spelling)


@cache
def front_beginnings() -> frozenset[str]:
    """Give what the letters of the forms that may stand in front begin with."""
    return frozenset(letters[:place] for letters in _front_forms() for place in range(1, len(letters) + 1))


@cache
def _most_words() -> Mapping[str, int]:
    counts = [(len(form.spelling.split()), form_letters(form.spelling)) for form in _all()]
    return {letters: count for count, letters in sorted(counts)}


@cache
def _exact_spellings() -> frozenset[str]:
    return frozenset(_MARKS.sub("", form.spelling) for form in _all() if form.when == "as_written")


@cache
def _front_forms() -> Mapping[str, Form]:
    return {key: form for key, form in _forms().items() if form.place in ("front", "both")}


@cache
def _joined_forms() -> Mapping[str, Form]:
    forms = [form for form in _all() if form.when == "joined"]
    return {form.spelling: form for form in sorted(forms, key=lambda form: -len(form.spelling))}


@cache
def _joined_spellings() -> tuple[str, ...]:
    return tuple(_joined_forms())


@cache
def _all() -> tuple[Form, ...]:
    read = [Form(row["spelling"], row["display"], row["place"], row["when"]) for row in rows("legal_forms")]
    return tuple(reversed(read))
