"""The step that standardises a state, province or region."""

from __future__ import annotations

from collections.abc import Callable

from lustrum import Answer, Attempt, Failed, step
from lustrum_plugins.standardise.country import find_country
from lustrum_plugins.standardise.state_answers import answer, filler, without_country
from lustrum_plugins.standardise.state_pairs import states_at_once
from lustrum_plugins.standardise.state_text import BY_NAME, States, by_name, by_parts, by_typo, state_text
from lustrum_plugins.standardise.subdivisions import StateFormat

_STRATEGIES: dict[str, Callable[[str, str], States]] = {"names": by_name, "parts": by_parts, "typo": by_typo}
_REASONS = {"names": BY_NAME, "parts": "named within the text", "typo": "nearest name"}


@step("standardise.state", strategies=("names", "parts", "typo"), vectorised=states_at_once)
def state(
    state: str,
    country: str | None = None,
    *,
    format: StateFormat = "code",  # noqa: A002 - the option's name
    attempt: Attempt = Attempt(),  # noqa: B008 - an Attempt is frozen
) -> Answer | Failed:
    """Write a state, province or region as its ISO 3166-2 code.

    Reads codes, postal abbreviations, local and English names and "City, ST". The country (a code or a name) settles
    what is ambiguous; without it only a name that is one place in the world is taken.

    `format` writes the `code` (US-CA), its `local` part (CA; needs the country) or the local `name` (California).

    Strategies: `names`, `parts` (a state beside a city, county or country), `typo` (one slip, no other as near).

    Fails with `placeholder`, `ambiguous` (candidates are named), `not_in_country` (candidates say where it is),
    `country_unknown` (a local code is wanted without a country), `not_a_state`.

    >>> state("Calif.", "US").value, state("Bavaria", "Germany").value, state("Savannah, GA", "US").value
    ('US-CA', 'DE-BY', 'US-GA')
    >>> state("Ontario", "US").code, state("Ontario", "US").candidates
    ('not_in_country', ('CA-ON',))
    """
    home = find_country(country)
    if home is None:
        return without_country(state, format)
    return filler(state, home) or answer(state, home, format, *_inside(state_text(state), home, attempt))


def _inside(text: str, country: str, attempt: Attempt) -> tuple[States, str]:
    for name, strategy in _STRATEGIES.items():
        if attempt.tries(name) and (codes := strategy(text, country)):
            return codes, _REASONS[name]
    return frozenset(), ""
