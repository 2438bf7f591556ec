"""Many names at once: what is claimed is what the step's function says, over lead-like names with dirt."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl
import pytest

from lustrum import Answer, Failed
from lustrum_plugins.standardise.legal_forms import has_sure_form
from lustrum_plugins.standardise.name_facts import NEUTRAL, NEUTRAL_SHORT
from lustrum_plugins.standardise.name_fields import Parts
from lustrum_plugins.standardise.name_pairs import COMPARABLE, names_at_once
from lustrum_plugins.standardise.person_name import person_name
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.word_tables import fold, rows

Names = tuple[str | None, str | None, str | None]


def words(text: str) -> list[str]:
    return text.split("|")


SIZE = 2_000
ALL: Parts = ("first_name", "last_name", "full_name", "salutation", "middle_name", "suffix", "nickname")
WAYS: list[dict[str, Any]] = [
    {},
    {"case": "force"},
    {"case": "keep", "order": "given_first"},
    {"household": True},
    {"parts": ("last_name", "salutation")},
    {"parts": ALL[:1] + ALL[3:4]},
    {"parts": ("first_name", "last_name", *ALL[3:])},
    {"parts": ALL},
    {"parts": ALL, "case": "force", "household": True},
]
FIRSTS = words("Jo|Ann|Chiara|Dmitri|Zoë|Jean-Luc|José María|İpek|Ng'ang'a|Åsa|Li|ED|J.|A.|Σοφία|Пётр|山田|Ng|Al")
LASTS = words("Doe|Muñoz|Krüger|O'Neill|McDonald|Novák-Krüger|D'Angelo|Berg|Ng|Y|Ferreira|Ağaoğlu|ß|Öqvist|花子|Bank")
PARTICLES = words("van|der|de|la|von|y|und|El|bin|St.")
ODD = words(
    "Dr.|Prof.|Mr|Mrs. Jo|Jr.|III|MD|Null|None|na|test|n/a|abc|-|.|, |&|and|et|+|/|GmbH|S.|A.|SA|Limited|Co|Co.|Inc|Kg"
    "|Company|株式会社|จำกัด|(มหาชน)|(Bob)|7|@|\u00a0|\u200d|\u0301|´|ﬁ|Ｊｏ|Group|und Co|LLC|Ltd.|Pte|Doe Jo|Nobody"
)
CASES: tuple[Callable[[str], str], ...] = (str, str, str, str.upper, str.lower, str.swapcase, str.title)


def dirty_names(seed: int, size: int) -> Iterator[Names]:
    """Give first, last and full names as leads have them: mostly clean, some shouted, titled, repeated, misplaced."""
    chance = random.Random(seed)  # noqa: S311  # the same names each time
    for _ in range(size):
        first, last = dirty_name(chance, FIRSTS, LASTS), dirty_name(chance, LASTS, FIRSTS)
        first = f"{first} {last}" if chance.random() < 0.03 else first
        last = f"{first} {last}" if chance.random() < 0.03 else last
        last = first if chance.random() < 0.01 else last
        full = chance.choice([None, f"{first}  {last}", f"{last}, {first}".title(), f"{first} {last}".upper(), first])
        yield first or None, (last or None) if chance.random() > 0.02 else None, full or None


def dirty_name(chance: random.Random, own: list[str], others: list[str]) -> str:
    pieces = [chance.choice(own)]
    for pool, share in ((own, 0.2), (others, 0.05), (PARTICLES, 0.1), (ODD, 0.15), (ODD, 0.05)):
        if chance.random() < share:
            pieces.insert(chance.randrange(len(pieces) + 1), chance.choice(pool))
    text = chance.choice((" ", " ", " ", "  ", "-", ", ")).join(pieces)
    return chance.choice(CASES)(text) + chance.choice(("", "", "", "", " ", ";"))


def test_comparable_letters_that_are_alike_in_small_letters_are_alike_folded() -> None:
    letters = pl.Series([letter for letter in map(chr, range(0x30000)) if not "\ud800" <= letter <= "\udfff"])
    small = letters.str.to_lowercase()
    comparable = small.is_in(small.filter(letters.str.contains(COMPARABLE)).implode())
    folded = [(letter, letter.casefold()) for letter in letters.filter(comparable)]
    assert [
        letter for (letter, fold), low in zip(folded, small.filter(comparable), strict=True) if fold != low.casefold()
    ] == []


def said(names: Names, options: dict[str, Any]) -> dict[str, str | None] | Failed:
    reply = person_name(*names, **options)
    value, reason = (reply.value, reply.reason) if isinstance(reply, Answer) else (reply, "")
    return value if isinstance(value, Failed) else {**value, "_reason": reason or None}  # type: ignore[dict-item]


def differences(names: Sequence[Names], options: dict[str, Any]) -> tuple[list[str], int]:
    """Name what is claimed and is not what the function says, and count what is claimed."""
    frame = pl.DataFrame(names, dict.fromkeys(("first_name", "last_name", "full_name"), pl.String()), orient="row")
    at_once = names_at_once(frame, **options)
    found: list[str] = []
    for given, row in zip(names, at_once.iter_rows(named=True), strict=True):
        if not row["_claimed"]:
            continue
        parts = options.get("parts", ("first_name", "last_name"))
        claimed = {part: row[part] for part in parts if not row[f"_keep_{part}"]} | {"_reason": row["_reason"]}
        if claimed != (expected := said(given, options)):
            found.append(f"{given} {options}: {claimed}, not {expected}")
    return found, int(at_once["_claimed"].sum())


@pytest.mark.parametrize("number", range(len(WAYS)))
def test_what_is_claimed_is_what_the_function_says(number: int) -> None:
    found, claimed = differences(list(dirty_names(number, SIZE)), WAYS[number])
    assert found == []
    assert claimed > SIZE // 5


def test_names_as_most_leads_have_them_are_claimed() -> None:
    clean: list[Names] = [(first, last, None) for first in FIRSTS[:8] for last in (*LASTS[:8], "VAN DER BERG")]
    titled: list[Names] = [(f"Dr. {first}".upper(), last, f"{first} {last}") for first, last, _ in clean]
    assert differences(clean + titled, {}) == ([], 2 * len(clean))


def test_the_neutral_names_are_neutral() -> None:
    for name in (NEUTRAL, NEUTRAL_SHORT):
        assert not is_placeholder(name, "person")
        assert not any(fold(row["spelling"]).endswith(fold(name)) for row in rows("legal_forms"))
        assert not has_sure_form(f"{name} {name}")
        assert not name.isascii()


def test_joined_legal_forms_with_a_blank_are_two_words_at_the_end() -> None:
    blanks = [row for row in rows("legal_forms") if row["when"] == "joined" and " " in row["spelling"]]
    assert all(row["place"] == "end" and len(row["spelling"].split()) == 2 for row in blanks)
