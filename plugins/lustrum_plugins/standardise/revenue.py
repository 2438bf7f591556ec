"""The step that standardises a company's yearly revenue."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Literal

from lustrum import Answer, Failed, step
from lustrum.words.fields import FieldType
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.number_text import plain_digits, written
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.quantities import quantities
from lustrum_plugins.standardise.sums import Sum, context, read_sum

Part = Literal["revenue", "revenue_min", "revenue_max", "revenue_currency", "revenue_band"]
Parts = tuple[Part, ...]
Written = Mapping[str, str | float | None]

_BANDS = ("0-1M", "1M-10M", "10M-50M", "50M-100M", "100M-250M", "250M-500M", "500M-1B", "1B-10B", "10B+")
_TYPES = {"revenue_min": FieldType.DECIMAL, "revenue_max": FieldType.DECIMAL}


@step(
    "standardise.revenue", writes=lambda options: {part: _TYPES.get(part, FieldType.TEXT) for part in options["parts"]}
)
def revenue(
    revenue: str,
    country: str | None = None,
    *,
    parts: Parts = ("revenue",),
    bands: tuple[str, ...] = _BANDS,
    default_currency: str | None = None,
    default_country: str | None = None,
) -> Written | Answer[Written] | Failed:
    """Write a yearly revenue as a sum (5000000 USD), a band (1000000-5000000 USD) or an open band (1000000000+ USD).

    Reads signs and codes of currencies, K, M, B, Mio., Mrd., crore and lakh, bounds in words ("mehr als 5 Mio. €";
    "less than 1M" is 0-1000000). `country` (else `default_country`) settles shared signs such as $ and whether 1.234 is
    a thousand and more. A text without a currency has that of `default_currency`, else none: the number stands alone.

    Options: `parts` names the fields to write: revenue, revenue_min and revenue_max (decimal numbers; the maximum of an
    open band is emptied), revenue_currency, revenue_band (the one of `bands` that holds the sum, in its own currency;
    the upper bound belongs to the next band).

    Fails with `placeholder`, `ambiguous` (with the readings; or with the bands, where it lies in several),
    `withdrawn_currency`, `not_a_revenue`.

    >>> revenue("€1,2 Mio.").value, revenue("$1-5M", "US").value, revenue("over 1B USD").value
    ({'revenue': '1200000 EUR'}, {'revenue': '1000000-5000000 USD'}, {'revenue': '1000000000+ USD'})
    >>> revenue("₹5 crore", parts=("revenue_min", "revenue_currency", "revenue_band")).value
    {'revenue_min': 50000000.0, 'revenue_currency': 'INR', 'revenue_band': '50M-100M'}
    >>> revenue("$5M").code
    'ambiguous'
    """
    text = one_line(plain_digits(revenue))
    found = read_sum(text, context(country, default_country, default_currency))
    if isinstance(found, Failed):
        return found
    if found is None:
        code = "placeholder" if is_placeholder(text) else "not_a_revenue"
        return Failed(code, f"“{revenue}” is no revenue; write a sum or a band such as 1-5M EUR")
    band = _band_of(found, bands) if "revenue_band" in parts else ""
    if isinstance(band, Failed):
        return band
    result = _written(found, band, parts)
    return result if result.get("revenue") == revenue else Answer(result, found.reason)


def _written(found: Sum, band: str, parts: Parts) -> Written:
    all_parts: dict[str, str | float | None] = {
        "revenue": f"{_span(found)} {found.currency or ''}".strip(),
        "revenue_min": float(found.low or 0),
        "revenue_max": None if found.high is None else float(found.high),
        "revenue_currency": found.currency,
        "revenue_band": band,
    }
    return {part: all_parts[part] for part in parts}


def _span(found: Sum) -> str:
    low = written(found.low or Decimal(0))
    if found.high is None:
        return f"{low}+"
    return low if found.low == found.high else f"{low}-{written(found.high)}"


def _band_of(found: Sum, bands: tuple[str, ...]) -> str | Failed:
    low, high = found.low or Decimal(0), found.high
    held = [text for text in bands if _holds(_bounds(text), low, high, exact=found.low == high)]
    if held:
        return held[0]
    near = tuple(text for text in bands if _meets(_bounds(text), low, high))
    return Failed("ambiguous", f"{_span(found)} lies in more than one band, or in none", candidates=near)


_Bounds = tuple[Decimal, Decimal | None]


@cache
def _bounds(text: str) -> _Bounds:
    (one,) = quantities(text, "money", (".",))
    return one.low or Decimal(0), one.high


def _holds(band: _Bounds, low: Decimal, high: Decimal | None, *, exact: bool) -> bool:
    least, most = band
    if low < least or (exact and most is not None and low >= most):
        return False
    return most is None or (high is not None and high <= most)


def _meets(band: _Bounds, low: Decimal, high: Decimal | None) -> bool:
    least, most = band
    return (most is None or low < most) and (high is None or least < high)
