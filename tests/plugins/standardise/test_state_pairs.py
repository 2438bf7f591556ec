"""Many states at once: what is claimed is what the step's function says, over lead-like states with dirt."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import islice

import polars as pl
import pytest

from lustrum import Answer, Attempt, Failed
from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.state import state
from lustrum_plugins.standardise.state_pairs import states_at_once
from lustrum_plugins.standardise.subdivisions import StateFormat, names_in

SIZE = 6_000
FORMATS: tuple[StateFormat, ...] = ("code", "local", "name")
OFTEN = ("US", "US", "CA", "IT", "DE", "Brasil", "japan", "UK", "Congo", "Narnia", None)
ODD = ("state", "n/a", "-", "Region", "of", ",", "GA", "(USA)", "Co", "\u00a0", "é", "7", "Ã©")
NAMES = {country: [name for names in names_in(country) for name in names] for country in countries()}

Pair = tuple[str, str | None]


def dirty_states(seed: int) -> Iterator[Pair]:
    """Give states and countries as leads have them: of the country or another, in any case, with slips and company."""
    chance = random.Random(seed)  # noqa: S311  # the same states each time
    own = [country for country, names in NAMES.items() if names]
    while True:
        country = chance.choice((*OFTEN, chance.choice(own)))
        home = country if country in NAMES and NAMES[country] and chance.random() < 0.8 else chance.choice(own)
        text = chance.choice(NAMES[home])
        if chance.random() < 0.1:
            text = f"{text} {chance.choice(ODD)}" if chance.random() < 0.5 else f"{chance.choice(ODD)} {text}"
        if chance.random() < 0.1:
            place = chance.randrange(len(text))
            text = text[:place] + chance.choice(("", ".", "-", "x", "É")) + text[place + 1 :]
        yield chance.choice((str, str.title, str.upper, " {}".format))(text) or " ", country


def told(
    value: str | None, code: str | None, message: str, reason: str | None, candidates: list[str] | None
) -> Answer[str | None] | Failed:
    if code:
        return Failed(code, message, tuple(candidates or ()))
    return Answer(value, reason=reason or "", candidates=tuple(candidates or ()))


def differences(pairs: Sequence[Pair], form: StateFormat, attempt: Attempt = Attempt()) -> tuple[list[str], int]:  # noqa: B008 - an Attempt is frozen
    """Name what is claimed and is not what the function says, and count what is claimed."""
    frame = pl.DataFrame(pairs, dict.fromkeys(("state", "country"), pl.String()), orient="row")
    found: list[str] = []
    said = states_at_once(frame, format=form, attempt=attempt)
    for pair, (*cells, claimed) in zip(pairs, said.iter_rows(), strict=True):
        if claimed and told(*cells) != (expected := state(*pair, format=form, attempt=attempt)):
            found.append(f"{pair} {form}: {cells}, not {expected}")
    return found, int(said["_claimed"].sum())


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_claimed_is_what_the_function_says(form: StateFormat) -> None:
    found, claimed = differences(list(islice(dirty_states(FORMATS.index(form)), SIZE)), form)
    assert found == []
    assert claimed > SIZE // 4


def test_nothing_is_claimed_that_an_attempt_does_not_try() -> None:
    assert differences([("Texas", "US")], "code", Attempt(1, ("names",))) == ([], 1)
    assert differences([("Texas", "US")], "code", Attempt(1, ("parts",))) == ([], 0)
