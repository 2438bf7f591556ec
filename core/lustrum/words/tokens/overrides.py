"""Values of `my` tokens given for one run."""

from __future__ import annotations

from collections.abc import Mapping

from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean
from lustrum.words.tokens.parsing import parse_text
from lustrum.words.tokens.token import Token, TokenError


def parse_override(text: str) -> tuple[str, str]:
    """Read a value given to a token: its name and the value. Raises `TokenError`.

    >>> parse_override("my.region=IT"), parse_override("{{my.Lead Points}}==0")
    (('region', 'IT'), ('lead_points', '=0'))
    """
    written, equals, value = (part.strip() for part in text.partition("="))
    name = written.removeprefix("{{").removesuffix("}}").strip()
    if not equals or not name:
        raise TokenError(f'"{text}" gives no token a value', "write my.region=IT")
    if "." not in name:
        raise TokenError(f'"{text}" says no namespace', f"write my.{name}={value}")
    token = parse_text(f"{{{{{name}}}}}").tokens[0]
    if token != Token("my", token.name):
        raise TokenError(f'"{text}": only plain tokens of my can be given a value', "write my.region=IT")
    return token.name, value


def override(values: Mapping[str, str], overrides: Mapping[str, str]) -> dict[str, str]:
    """Give the values with those overridden replaced, in either spelling. Raises `TokenError` for an unknown name.

    >>> override({"Region": "EU", "points": "+5"}, {"region": "IT"})
    {'Region': 'IT', 'points': '+5'}
    """
    given = {field_name(name): value for name, value in overrides.items()}
    known = {field_name(name) for name in values}
    for name in given:
        if name not in known:
            remedy = did_you_mean(name, sorted(known)) or "declare it under my: in lustrum.yaml"
            raise TokenError(f"there is no token {{{{my.{name}}}}} to override", remedy)
    return {name: given.get(field_name(name), value) for name, value in values.items()}
