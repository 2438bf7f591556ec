"""Sums of money as texts tell them: which readings, in which currency, by the conventions of which country."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lustrum import Answer, Failed
from lustrum_plugins.standardise.country_hint import country_hint, decimal_mark, languages_of
from lustrum_plugins.standardise.currency import currency, gone, settle
from lustrum_plugins.standardise.currency_names import withdrawn
from lustrum_plugins.standardise.number_text import MARKS, written
from lustrum_plugins.standardise.quantities import Quantity, quantities

_HOMES = {
    "USD": "US", "GBP": "GB", "AUD": "AU", "NZD": "NZ", "SGD": "SG", "HKD": "HK", "JPY": "JP", "CNY": "CN", "INR": "IN",
    "KRW": "KR", "MXN": "MX", "BRL": "BR", "PLN": "PL", "CZK": "CZ", "HUF": "HU", "SEK": "SE", "DKK": "DK", "NOK": "NO",
    "TRY": "TR", "RUB": "RU", "UAH": "UA", "ILS": "IL", "THB": "TH", "ARS": "AR", "CLP": "CL", "COP": "CO", "RON": "RO",
}  # fmt: skip
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum or a band of sums: both bounds (equal where exact, None where open), the currency where it is told."""

    low: Decimal | None
    high: Decimal | None
    currency: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What stands beside the sum: the lead's country, and its currency where the text names none."""

    country: str | None = None
    currency: str | None = None


def context(country: str | None, default_country: str | None, default_currency: str | None) -> Context:
    """Gather what helps to read a sum."""
    return Context(country_hint(country, default_country), default_currency)


def read_sum(text: str, beside: Context) -> Sum | Failed | None:
    """Read a sum of money; None where the text is none.

    >>> read_sum("€ 1.234,56", Context()), read_sum("1.234", Context("DE", "EUR")).low
    (Sum(low=Decimal('1234.56'), high=Decimal('1234.56'), currency='EUR', reason='sum read'), Decimal('1234'))
    >>> read_sum("$5", Context()).code, read_sum("a lot", Context())
    ('ambiguous', None)
    """
    languages = languages_of(beside.country) if beside.country else ()
    readings = quantities(text, "money", MARKS, languages)
    if not readings:
        return None
    code = _currency(next(iter(readings)), beside)
    if isinstance(code, Failed):
        return code
    if len(readings) > 1:
        readings = _settled(text, readings, code, beside.country, languages)
    if len(readings) > 1:
        return _ambiguous(text, readings)
    (one,) = readings
    return Sum(one.low, one.high, code, "about so much" if one.about else "sum read")


def _currency(one: Quantity, beside: Context) -> str | Failed | None:
    if len(one.currencies) == 1:
        (code,) = one.currencies
        return gone(code) if code in withdrawn() else code
    if one.currencies:
        own = currency(beside.currency, beside.country) if beside.currency else None
        named = own.value if isinstance(own, Answer) else own
        if isinstance(named, str) and named in one.currencies:
            return named
        chosen = settle(one.sign, one.currencies, beside.country)
        return chosen.value if isinstance(chosen, Answer) else chosen
    found = currency(beside.currency, beside.country) if beside.currency else None
    return found.value if isinstance(found, Answer) else found


def _settled(
    text: str, readings: frozenset[Quantity], code: str | None, country: str | None, languages: tuple[str, ...]
) -> frozenset[Quantity]:
    mark = decimal_mark(country) if country else None
    if mark:
        return quantities(text, "money", (mark,), languages)
    home = decimal_mark(_HOMES[code]) if code in _HOMES else None
    usual = quantities(text, "money", (home,), languages) if home else readings
    return usual if all(_plausible(one) for one in usual) else readings


def _plausible(one: Quantity) -> bool:
    """Say whether no bound has a third decimal, which money does not have."""
    bounds = [bound.normalize() for bound in (one.low, one.high) if bound is not None]
    return all(-int(bound.as_tuple().exponent) <= _DECIMALS for bound in bounds)


def _ambiguous(text: str, readings: frozenset[Quantity]) -> Failed:
    values = sorted({bound for one in readings for bound in (one.low,) if bound is not None}, reverse=True)
    shown = tuple(written(value) for value in values)
    return Failed("ambiguous", f"“{text}” may be {' or '.join(shown)}; a country would settle it", shown)
