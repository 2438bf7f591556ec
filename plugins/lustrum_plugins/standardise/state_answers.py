"""What the step that standardises a state says, once the states are known that a text may mean."""

from __future__ import annotations

from lustrum import Answer, Failed
from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.place_text import fold, is_placeholder
from lustrum_plugins.standardise.state_text import States, anywhere, by_name, reads_back, state_text
from lustrum_plugins.standardise.subdivisions import StateFormat, names_anywhere, written_as


def answer(state: str, home: str | None, form: StateFormat, codes: States, reason: str) -> Answer | Failed:
    """Write the one state that a text means, or say why there is none.

    >>> answer("Calif.", "US", "code", frozenset({"US-CA"}), "name or code of the state").value
    'US-CA'
    """
    if len(codes) != 1:
        return _refusal(state, home, codes)
    value = written_as(next(iter(codes)), form)
    if not reads_back(value, home, form):
        return Failed("ambiguous", f"“{value}” is the name of several states: write the code", tuple(codes))
    return Answer(value, reason="" if value == state else reason)


def filler(state: str, home: str | None) -> Failed | None:
    """Say that a text only fills the field, where it is no state of the country.

    >>> filler("n/a", "US").code, filler("NA", "ES")
    ('placeholder', None)
    """
    text = state_text(state)
    if is_placeholder(text) and not (home and by_name(text, home)):
        return Failed("placeholder", f"“{state}” stands for a state not told")
    return None


def without_country(state: str, form: StateFormat) -> Answer | Failed:
    """Read a state whose country is not told.

    >>> without_country("Bavaria", "code").value, without_country("Bavaria", "local").code
    ('DE-BY', 'country_unknown')
    """
    if said := filler(state, None):
        return said
    if form == "local":
        return Failed("country_unknown", f"“{state}”: a local code says nothing without its country")
    return answer(state, None, form, *anywhere(state_text(state)))


def _refusal(state: str, country: str | None, codes: States) -> Failed:
    if codes:
        return Failed("ambiguous", f"“{state}” may be {' or '.join(sorted(codes))}", candidates=tuple(sorted(codes)))
    elsewhere = tuple(sorted(names_anywhere().get(fold(state_text(state)), frozenset())))
    if country and elsewhere:
        message = f"“{state}” is not in {countries()[country].name}; it may be {' or '.join(elsewhere)}"
        return Failed("not_in_country", message, candidates=elsewhere)
    return Failed("not_a_state", f"“{state}” is not a state we know{'' if country else ' without its country'}")
