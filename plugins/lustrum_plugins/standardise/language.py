"""The step that standardises a language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from lustrum import Answer, Failed, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.country import find_country
from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.country_hint import languages_of
from lustrum_plugins.standardise.language_names import Tags, by_name, scripts
from lustrum_plugins.standardise.language_tags import Tag, read_tag, usual_script
from lustrum_plugins.standardise.place_text import fold
from lustrum_plugins.standardise.placeholders import is_placeholder

_LONGEST = 100
_CODE = 3
_HEADER = re.compile(r"\s*([\w-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{1,3})?))?\s*")
_DETAIL = re.compile(r"(.+?)\s*(?:\(([^()]+)\)|\s[-–—]\s(.+)|,\s*(.+)|/\s*(.+))")
_BREAKS = re.compile(r"\s*[,;/|+&()]\s*|\s[-–—]\s|\s+(?:and|und|et|y|e|en|i|or|oder)\s+")


@step("standardise.language")
def language(language: str, *, region: Literal["keep", "drop"] = "keep") -> str | Answer[str] | Failed:
    """Write a language as its BCP 47 tag: de, pt-BR, zh-Hant.

    Reads tags and locales (`de_AT.UTF-8`), ISO 639 codes of two and three letters (`ger`), names in 43 languages,
    names with a country or script ("English (US)", "Serbian - Latin"), and the header a browser sends
    (`de-DE,de;q=0.9`: the language it likes best). Codes no longer in use become today's (`iw` is `he`). `zh` stays as
    it is: which script is meant is not told.

    Options: `region: drop` leaves the country out (de-AT becomes de) but keeps the script it implies (zh-TW becomes
    zh-Hant).

    Fails with `placeholder`, `ambiguous` (several languages, or a name of more than one; candidates are named),
    `not_a_language` (the candidates of a country's code are the languages spoken there).

    >>> language("Ger").value, language("English (US)").value, language("繁體中文").value, language("pt_br").value
    ('de', 'en-US', 'zh-Hant', 'pt-BR')
    >>> language("English / German").candidates, language("JP").candidates, language("xyzzy").code
    (('de', 'en'), ('ja',), 'not_a_language')
    """
    text = one_line(language)[:_LONGEST]
    if is_placeholder(text):
        return Failed("placeholder", f"“{language}” stands for a language not told")
    for reason, tags in _readings(text):
        written = sorted({str(tag.without_region() if region == "drop" else tag) for tag in tags})
        if len(written) > 1:
            return Failed("ambiguous", f"“{language}” may be {' or '.join(written)}", candidates=tuple(written))
        return written[0] if written[0] == language else Answer(written[0], reason)
    return _unknown(text)


def _readings(text: str) -> Iterator[tuple[str, Tags]]:
    if tag := read_tag(text):
        yield "tag or code of a language", frozenset({tag})
    if tags := by_name(text):
        yield "name of a language", tags
    if tag := _preferred(text):
        yield "the language a browser likes best", frozenset({tag})
    if tag := _detailed(text):
        yield "name of a language with its country or script", frozenset({tag})
    if tags := _several(text):
        yield "names of languages", tags


def _preferred(text: str) -> Tag | None:
    if ";q" not in text.replace(" ", "").lower():
        return None
    found: list[tuple[float, Tag]] = []
    for part in text.lower().split(","):
        match = _HEADER.fullmatch(part)
        tag = read_tag(match[1]) if match else None
        if match and tag:
            found.append((float(match[2] or 1), tag))
    return max(found, key=lambda weighed: weighed[0])[1] if found else None


def _detailed(text: str) -> Tag | None:
    match = _DETAIL.fullmatch(text)
    if not match:
        return None
    name, detail = match[1], next(filter(None, match.groups()[1:]))
    tags = by_name(name) or frozenset(filter(None, [read_tag(name)]))
    if len(tags) != 1:
        return None
    (tag,) = tags
    return _narrowed(tag, detail.strip(), in_brackets=bool(match[2]))


def _narrowed(tag: Tag, detail: str, *, in_brackets: bool) -> Tag | None:
    """Narrow a language by a detail; where that names another language, only a country's code in brackets does."""
    script = scripts().get(fold(detail), "")
    if script and script != usual_script(tag.language):
        return Tag(tag.language, script)
    also = (read_tag(detail), *by_name(detail))
    named = next((each for each in also if each), None)
    if named and named.language == tag.language:
        return named
    if script:
        return tag if in_brackets or not named else None
    if named and not (in_brackets and detail.isupper() and len(detail) <= _CODE):
        return None
    country = find_country(detail)
    return Tag(tag.language, tag.script, country) if country and not tag.region else None


def _several(text: str) -> Tags:
    parts = [part for part in _BREAKS.split(text) if part]
    found = [by_name(part) or frozenset(filter(None, [read_tag(part)])) for part in parts]
    return frozenset[Tag]().union(*found) if len(parts) > 1 and all(found) else frozenset()


def _unknown(text: str) -> Failed:
    code = text.upper()
    spoken = tuple(str(tag) for tag in map(read_tag, languages_of(code)) if tag) if code in countries() else ()
    message = "is a country's code, not a language's" if spoken else "is no language we know; write its BCP 47 tag"
    return Failed("not_a_language", f"“{text}” {message}", candidates=spoken)
