"""The step that standardises an amount of money."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from lustrum import Answer, Failed, step
from lustrum.words.fields import FieldType
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.number_text import plain_digits, written
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.sums import Sum, context, read_sum

Part = Literal["amount", "amount_number", "amount_currency"]
Parts = tuple[Part, ...]
Written = Mapping[str, str | float]

_TYPES = {"amount_number": FieldType.DECIMAL}
_MINUS = re.compile(
    r"(?<=[^\w\s])[-−](?=\d)|^[-−–](?=\s?[^\s\d]{0,4}\s?\d)|(?<=\d)[-−](?=\s?[^\d\s]{0,4}$)|^[^\W\d_]{1,4}\s?[-−](?=\d)"
)
_BRACKETS = re.compile(r"(\D{0,4})\(([^()]+)\)(\D{0,4})")


@step(
    "standardise.amount", writes=lambda options: {part: _TYPES.get(part, FieldType.TEXT) for part in options["parts"]}
)
def amount(
    amount: str,
    currency: str | None = None,
    country: str | None = None,
    *,
    parts: Parts = ("amount",),
    default_currency: str | None = None,
    default_country: str | None = None,
) -> Written | Answer[Written] | Failed:
    """Write an amount of money as a number and its ISO 4217 code: 1234.56 EUR.

    Reads separators of every kind, K, M, Mio., crore, amounts below zero (-5, (5), 5-). The currency is the one in the
    text, else that of `currency`, else `default_currency`; `country` (else `default_country`) settles a sign that many
    countries share. Whether 1.234 is a thousand and more is said by the text itself (1.234,50), else by the country,
    else by the country of a currency such as GBP where no third decimal would come out of it.

    Options: `parts` names the fields to write: amount (number and code), amount_number (a decimal number),
    amount_currency.

    Fails with `placeholder`, `ambiguous` (with the readings), `currency_unknown` (no currency is told, and the number
    alone was not asked for), `withdrawn_currency`, `not_an_amount` (a band, a text).

    >>> amount("1.234,56 €").value, amount("$1.5M", country="US").value, amount("(1,000.00)", "GBP").value
    ({'amount': '1234.56 EUR'}, {'amount': '1500000 USD'}, {'amount': '-1000 GBP'})
    >>> amount("€ 1.234").candidates, amount("€ 1.234", country="DE").value, amount("12.50").code
    (('1234', '1.2340'), {'amount': '1234 EUR'}, 'currency_unknown')
    """
    text = one_line(plain_digits(amount))
    bare, negative = _sign(text)
    beside = context(country, default_country, currency if currency and currency.strip() else default_currency)
    found = read_sum(bare, beside)
    if isinstance(found, Failed):
        return found
    if found is None or found.low is None or found.low != found.high:
        code = "placeholder" if is_placeholder(text) else "not_an_amount"
        return Failed(code, f"“{amount}” is no single amount; write a number and a currency such as 12.50 EUR")
    if found.currency is None and parts != ("amount_number",):
        return Failed("currency_unknown", f"“{amount}” names no currency; set `currency` or `default_currency`")
    result = _written(-found.low if negative and found.low else found.low, found, parts)
    return result if result.get("amount") == amount else Answer(result, found.reason)


def _written(value: Decimal, found: Sum, parts: Parts) -> Written:
    number = written(value)
    code = found.currency or ""
    all_parts: dict[str, str | float] = {
        "amount": f"{number} {code}",
        "amount_number": float(value),
        "amount_currency": code,
    }
    return {part: all_parts[part] for part in parts}


def _sign(text: str) -> tuple[str, bool]:
    if match := _BRACKETS.fullmatch(text):
        return f"{match[1]} {match[2]} {match[3]}".strip(), True
    match = _MINUS.search(text)
    if not match:
        return text, False
    kept = match[0].rstrip("-−–")
    return (text[: match.start()] + kept + text[match.end() :]).strip(), True
