"""Options whose text is rendered for each lead."""

from __future__ import annotations

from lustrum.planning.bindings import RenderedOption
from lustrum.planning.plan import Schema
from lustrum.words.tokens import TokenText


def rendered_option(name: str, text: TokenText, schema: Schema) -> RenderedOption:
    """Make an option of a text in which lead or trigger tokens are left. Raises `TokenError`."""
    return RenderedOption(
        option=name,
        expression=text.expression(schema.types),
        reads=frozenset(text.lead_fields),
        text=str(text),
        triggers=frozenset(text.trigger_fields),
        required=frozenset(text.required_triggers),
    )
