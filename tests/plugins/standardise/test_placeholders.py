from __future__ import annotations

import pytest

from lustrum_plugins.standardise.placeholders import is_placeholder


@pytest.mark.parametrize("text", ["", " - ", "N/A", "n.a.", "<null>", "[unknown]", "Unknown.", "k.A.", "不明", "#N/A"])
def test_fillers(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["Nora", "Unknown Pleasures", "0", "N"])
def test_answers(text: str) -> None:
    assert not is_placeholder(text)


def test_some_words_fill_one_kind_of_field_only() -> None:
    assert is_placeholder("Last Name", "person")
    assert not is_placeholder("Last Name", "company")
    assert not is_placeholder("AAA", "company")
