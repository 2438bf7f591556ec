"""Where in a user's files something stands."""

from __future__ import annotations

import pytest

from lustrum.words.places import Place


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("campaigns/nightly.yaml", 7), "campaigns/nightly.yaml:7"),
        (Place("lustrum.yaml"), "lustrum.yaml"),
        (Place("lustrum.yaml", 1), "lustrum.yaml:1"),
    ],
)
def test_a_place_is_written_as_editors_read_it(place: Place, text: str) -> None:
    assert str(place) == text


def test_places_are_equal_by_what_they_name() -> None:
    assert len({Place("a", 1), Place("a", 1), Place("a", 2), Place("a")}) == 3
