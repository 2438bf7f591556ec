"""Tokens: places in a text that are filled from the lead, the project, the campaign, the run or the trigger.

>>> text = parse_text("{{lead.First Name:default=there}}, your trial ends {{my.end - 2 days}}")
>>> print(text.resolve({"my": {"end": "2024-03-01"}}))
{{lead.first_name:default=there}}, your trial ends 2024-02-28
"""

from __future__ import annotations

from lustrum.words.tokens.overrides import override, parse_override
from lustrum.words.tokens.parsing import parse_text
from lustrum.words.tokens.system import system_tokens
from lustrum.words.tokens.text import TokenText, trigger_column
from lustrum.words.tokens.token import NAMESPACES, Token, TokenError
from lustrum.words.tokens.types import TokenType, check_token_value

__all__ = [
    "NAMESPACES",
    "Token",
    "TokenError",
    "TokenText",
    "TokenType",
    "check_token_value",
    "override",
    "parse_override",
    "parse_text",
    "system_tokens",
    "trigger_column",
]
