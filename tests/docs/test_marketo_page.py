"""docs/marketo.md: every rule, recipe and complaint once, every word of ours; where links lead, test_pages sees to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lustrum.planning.registry import Registry
from lustrum.words.conditions.operators import OPERATORS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "marketo.md"
TEXT = PAGE.read_text(encoding="utf-8")
LINK = re.compile(r"\[[^]]+\]\([^)\s]+\)")
BUILT_IN = [name for name, offers in Registry.load().steps.items() if offers[0].plugin.source.startswith("lustrum (")]
VERDICTS = ("**same**", "**better**", "**not here, because**", "**not here yet**")


def rows(heading: str) -> list[list[str]]:
    section = TEXT[TEXT.index(f"## {heading}\n") :].partition("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]


HEADINGS = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
TABLES = [(heading, row) for heading in HEADINGS for row in rows(heading)]


@pytest.mark.parametrize(
    ("heading", "letter", "numbers"),
    [
        ("Executable campaigns: the rules", "E", range(1, 19)),
        ("Recipes", "R", range(18)),
        ("Complaints", "C", range(1, 26)),
    ],
)
def test_every_number_stands_there_once_and_in_order(heading: str, letter: str, numbers: range) -> None:
    assert [row[0] for row in rows(heading)] == [f"{letter}{number}" for number in numbers]


@pytest.mark.parametrize(("heading", "row"), TABLES, ids=str)
def test_a_row_says_how_it_is_here_and_where(heading: str, row: list[str]) -> None:
    *_, verdict, where = row
    assert verdict.startswith(VERDICTS), heading
    assert all(map(LINK.fullmatch, where.split(", "))), heading


@pytest.mark.parametrize("heading", ["Executable campaigns: the rules", "Complaints"])
def test_a_rule_and_a_complaint_have_their_own_test_unless_they_are_not_here_yet(heading: str) -> None:
    for number, *_, verdict, where in rows(heading):
        own = f"#test_{number[0].lower()}{int(number[1:]):02}_"
        assert own in where or verdict.startswith("**not here yet**"), number


def test_every_operator_is_named() -> None:
    section = " ".join(" | ".join(row) for row in rows("Operators of filters"))
    assert [name for name in OPERATORS if f"`{name}`" not in section] == []


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_step_of_ours_is_named(name: str) -> None:
    assert f"`{name}`" in " ".join(" | ".join(row) for row in rows("Flow steps"))


def test_everything_an_entry_can_do_is_named() -> None:
    section = " ".join(" | ".join(row) for row in rows("Flow steps"))
    assert all(f"`{verb}`" in section for verb in ("execute", "request", "wait", "use: remove_from_flow"))
