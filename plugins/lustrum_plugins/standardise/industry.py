"""The step that standardises an industry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from lustrum import Answer, Attempt, Failed, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.industry_codes import Scheme, Segments, code_parts, code_segments
from lustrum_plugins.standardise.industry_names import by_name, by_typo, segments
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.word_tables import fold

_LONGEST = 200
_EDGES = " \t,;:*•|\"'()[]."


@step("standardise.industry", strategies=("code", "name", "typo"))
def industry(
    industry: str,
    *,
    scheme: Scheme | None = None,
    format: Literal["name", "code"] = "name",  # noqa: A002 - the option's name
    attempt: Attempt = Attempt(),  # noqa: B008 - an Attempt is frozen
) -> Answer[str] | Failed:
    """Write an industry as one of 28 segments.

    Reads `industry`: a name in one of 12 languages, or a code of NAICS, SIC (US; UK's five digits are NACE), NACE (2.0
    and 2.1) or ISIC, with or without its label. A number that means one segment in every scheme that has it is read;
    one that does not is ambiguous unless the text ("NAICS 62"), its label or `scheme` says which scheme it is of.

    Segments: AGR Agriculture, Forestry & Fishing; MIN Mining & Quarrying; ENE Energy, Utilities & Environment; CON
    Construction & Engineering; FOO Food & Beverages; CHE Chemicals & Materials; PHA Pharmaceuticals, Biotechnology
    & Medical Devices; AUT Automotive; AER Aerospace & Defence; ELE Electronics & Electrical Equipment; CGO Consumer
    Goods; MAN Manufacturing & Machinery; WHO Wholesale & Distribution; RET Retail & E-Commerce; TRA Transport &
    Logistics; HOS Hospitality & Travel; MED Media, Entertainment & Leisure; TEL Telecommunications; TEC Software &
    IT Services; FIN Banking & Financial Services; INS Insurance; REA Real Estate; PRO Professional & Business
    Services; EDU Education; HEA Healthcare & Social Services; GOV Government & Public Sector; NPO Nonprofit &
    Associations; SVC Consumer Services.

    Options: `scheme` says what numbers are of (naics, sic, nace, isic). `format` writes the `name` of the segment or
    its `code` (TEC).

    Strategies: `code`, `name`, `typo` (a slip in a longer name, where all names as near mean the same).

    Fails with `placeholder`, `other` (other, miscellaneous: tells no industry), `ambiguous` (candidates are named),
    `not_an_industry`.

    >>> industry("Informatique").value, industry("NAICS 541511").value, industry("62.01", format="code").value
    ('Software & IT Services', 'Software & IT Services', 'TEC')
    >>> industry("62").candidates
    ('Banking & Financial Services', 'Healthcare & Social Services', 'Software & IT Services')
    >>> industry("Other").code, industry("Whales").code
    ('other', 'not_an_industry')
    """
    text = one_line(industry)[:_LONGEST].strip(_EDGES)
    if text.upper() in segments():
        return _written(text.upper(), format, "segment")
    for strategy, found in _readings(text, scheme, attempt):
        if not found:
            return Failed("other", f"“{text}” tells no industry")
        if len(found) == 1:
            return _written(next(iter(found)), format, _REASONS[strategy])
        return _hesitation(text, found, format)
    if is_placeholder(text):
        return Failed("placeholder", "the text names no industry")
    return Failed("not_an_industry", f"“{text}” is not an industry we know; correct it or add it as an alias")


_REASONS = {"code": "code of a classification", "name": "known name", "typo": "nearest name, no other is as near"}


def _readings(text: str, scheme: Scheme | None, attempt: Attempt) -> Iterator[tuple[str, Segments]]:
    if attempt.tries("code") and (found := _by_code(text, scheme)):
        yield "code", found
    for strategy, way in (("name", by_name), ("typo", by_typo)):
        if attempt.tries(strategy) and (named := way(text)) is not None:
            yield strategy, named


def _by_code(text: str, scheme: Scheme | None) -> Segments | None:
    parts = code_parts(fold(text))
    if parts is None:
        return None
    named, code, label = parts
    found = frozenset[str]().union(*code_segments(code, named or scheme).values())
    told = by_name(label) if label and len(found) > 1 else None
    return (found & told or found) if told else found


def _written(code: str, form: Literal["name", "code"], reason: str) -> Answer[str]:
    return Answer(segments()[code] if form == "name" else code, reason=reason)


def _hesitation(text: str, found: Segments, form: Literal["name", "code"]) -> Failed:
    listed = tuple(sorted(code if form == "code" else segments()[code] for code in found))
    return Failed("ambiguous", f"“{text}” may be {' or '.join(listed)}", candidates=listed)
