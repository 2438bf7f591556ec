from __future__ import annotations

import pytest
from lustrum import Answer, Attempt, Failed
from lustrum.testing import run_step

from lustrum_acme import product_line


@pytest.mark.parametrize(
    ("interest", "line"), [("anvils", "Anvils"), ("a rocket please", "Rockets"), ("some magnetts", "Magnets")]
)
def test_the_line_is_found_by_name_by_word_and_by_a_word_that_is_nearly_one(interest: str, line: str) -> None:
    assert run_step(product_line, [{"interest": interest}]).leads == [{"interest": line}]


@pytest.mark.parametrize(("interest", "attempts"), [("Anvils", 1), ("an anvil", 2), ("an anvill", 3)])
def test_each_attempt_tries_one_strategy_more(interest: str, attempts: int) -> None:
    answers = [product_line(interest, attempt=Attempt(n, product_line.strategies[:n])) for n in (1, 2, 3)]
    assert [isinstance(answer, Answer) for answer in answers] == [n >= attempts for n in (1, 2, 3)]


def test_several_lines_are_a_failure_with_candidates() -> None:
    assert product_line("a rocket and an anvil") == Failed(
        "ambiguous", "the field names several product lines", ("Anvils", "Rockets")
    )


def test_no_line_is_a_failure() -> None:
    assert run_step(product_line, [{"interest": "birdseed"}]).outcomes == ["failed:unknown_line"]
