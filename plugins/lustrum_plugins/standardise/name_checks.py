"""What stands in a name field although it is not the name of one person."""

from __future__ import annotations

import re

from lustrum import Failed
from lustrum_plugins.standardise.legal_forms import has_sure_form
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.word_tables import fold, words

_ALSO_NAMES = frozenset(
    {"na", "nan", "nil", "null", "none", "no", "test", "guest", "name", "nom", "brak", "abc", "sdf"}
)
_NOT_A_NAME = re.compile(r"[@#$%^=<>{}\\_\d]|https?:|www\.", re.IGNORECASE)
_AND = re.compile(r"\s*[&+]\s*|\s+(?:and|und(?!\s+zu[mr]?\b)|et|og|och)\s+", re.IGNORECASE)
_SEVERAL = re.compile(r"\S\s*(?:[&+/;]|\band\b|\bund\b(?!\s+zu[mr]?\b)|\bet\b|\bog\b|\boch\b)\s*\S", re.IGNORECASE)


def not_a_person(fields: tuple[str, ...], *, household: bool = False) -> Failed | None:
    """Say why these fields together do not name one person (or one `household`: Jo and Ann Doe), or nothing.

    >>> not_a_person(("Blue Lamp GmbH",)).code, not_a_person(("Jo & Ann", "Doe")).code
    ('company_in_name', 'several_persons')
    >>> not_a_person(("Jo", "Null")), not_a_person(("n/a", "Doe")).code, not_a_person(("jo@example.com",)).code
    (None, 'placeholder', 'not_a_name')
    """
    return _placeholder(fields) or _strange(" ".join(fields)) or _company(fields) or _several(fields, household)


def job_title_after_comma(text: str) -> tuple[str, str]:
    """Split `Name, job title` at its comma; the title is empty where no job stands behind it.

    >>> job_title_after_comma("Jo Doe, VP Sales"), job_title_after_comma("Doe, Jo")
    (('Jo Doe', 'VP Sales'), ('Doe, Jo', ''))
    """
    head, _, tail = text.partition(",")
    job = any(word.strip(".,") in words("job_words", "word") for word in fold(tail).split())
    return (head.strip(), tail.strip()) if job else (text, "")


def _placeholder(fields: tuple[str, ...]) -> Failed | None:
    if not fields:
        return Failed("placeholder", "only signs fill the fields")
    fillers = [text for text in fields if is_placeholder(text, "person")]
    sure = [text for text in fillers if fold(text) not in _ALSO_NAMES]
    if sure or len(fillers) == len(fields):
        return Failed("placeholder", f"{(sure or fillers)[0]!r} only fills the field")
    return None


def _strange(text: str) -> Failed | None:
    match = _NOT_A_NAME.search(text)
    return Failed("not_a_name", f"{match[0]!r} does not occur in a person's name") if match else None


def _company(fields: tuple[str, ...]) -> Failed | None:
    for text in (*fields, " ".join(fields)):
        last = fold(text).rpartition(" ")[2].strip(".,")
        if has_sure_form(text) or (len(fields) == 1 and _is_organisation(last, text)):
            return Failed("company_in_name", f"{text!r} looks like a company")
    return None


def _is_organisation(last: str, text: str) -> bool:
    return " " in text.strip() and last in words("company_words", "word", kind="organisation")


def _several(fields: tuple[str, ...], household: bool) -> Failed | None:
    for text in fields:
        if _SEVERAL.search(text) and not (household and _is_household(text)):
            return Failed("several_persons", f"{text!r} names more than one person")
    return None


def _is_household(text: str) -> bool:
    first, *others = _AND.split(text)
    alone = [
        word for word in first.split() if fold(word).rstrip(".") not in words("name_words", "word", kind="salutation")
    ]
    return len(others) == 1 and len(alone) < 2 and not _SEVERAL.search(others[0])
