"""BCP 47 tags: which subtags exist, and how a tag is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from lustrum_plugins.standardise.country_codes import countries

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<region>[a-z]{2}|\d{3}))?(?:[.@][\w@.-]*)?",
    re.IGNORECASE,
)
_AREAS = frozenset({"001", "150", "419"})
_LATIN_AMERICA = {"LA": "419"}
"""What systems call Latin America in tags of Spanish; elsewhere LA is Laos."""
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})


@dataclass(frozen=True, slots=True)
class Tag:
    """A language, the script it is written in and the region it is spoken in, where told."""

    language: str
    script: str = ""
    region: str = ""

    def __str__(self) -> str:
        return "-".join(filter(None, (self.language, self.script, self.region)))

    @classmethod
    def of(cls, text: str) -> Tag:
        """Read a tag that is known to be right, with `-` or `_`.

        >>> Tag.of("zh_Hant_TW"), Tag.of("es-419")
        (Tag(language='zh', script='Hant', region='TW'), Tag(language='es', script='', region='419'))
        """
        language, *rest = re.split(r"[-_]", text)
        script = next((part for part in rest if len(part) == 4), "")
        return cls(language, script, next((part for part in rest if len(part) < 4), ""))

    def without_region(self) -> Tag:
        """Leave the region out, but keep the script that it implies.

        >>> str(Tag("de", "", "AT").without_region()), str(Tag("zh", "", "TW").without_region())
        ('de', 'zh-Hant')
        """
        implied = _likely_script(f"{self.language}_{self.region}") if self.region else ""
        usual = _likely_script(self.language)
        return Tag(self.language, self.script or (implied if implied != usual else ""))


def read_tag(text: str) -> Tag | None:
    """Read a tag or a locale's name; deprecated and three-letter codes become the ones in use.

    >>> str(read_tag("de_at.UTF-8")), str(read_tag("iw")), str(read_tag("GER")), str(read_tag("en-UK"))
    ('de-AT', 'he', 'de', 'en-GB')
    >>> read_tag("xx"), read_tag("de-XQ"), read_tag("sex")
    (None, None, None)
    """
    match = _TAG.fullmatch(text)
    base = _languages().get(match["language"].lower()) if match else None
    if match is None or base is None:
        return None
    script = (match["script"] or "").title()
    region = _region((match["region"] or "").upper())
    if base.language == "es" and region:
        region = _LATIN_AMERICA.get(region, region)
    if region is None or (script and script not in _scripts()):
        return None
    return Tag(base.language, script or base.script, region or base.region)


def usual_script(language: str) -> str:
    """Give the script a language is usually written in.

    >>> usual_script("sr"), usual_script("en")
    ('Cyrl', 'Latn')
    """
    return _likely_script(language)


@cache
def _languages() -> Mapping[str, Tag]:
    import pycountry
    from babel import Locale
    from babel.core import get_global

    named = cast("Mapping[str, str]", Locale.parse("en").languages)
    found = {code: Tag(code) for code in named if len(code) < 4}
    for entry in cast("Iterable[Any]", pycountry.languages):
        if code := str(getattr(entry, "alpha_2", "")):
            forms = (code, str(entry.alpha_3), str(getattr(entry, "bibliographic", code)))
            found |= {form: Tag(code) for form in forms}
    replaced = cast("Mapping[str, str]", get_global("language_aliases"))
    found |= {old: Tag.of(new) for old, new in replaced.items() if old in found or len(old) == 2 or old in _COMMON}
    return {form: tag for form, tag in found.items() if form not in _NO_LANGUAGE}


_COMMON = frozenset({"cmn", "prs", "scc", "scr"})


@cache
def _scripts() -> frozenset[str]:
    import pycountry

    return frozenset(str(entry.alpha_4) for entry in cast("Iterable[Any]", pycountry.scripts))


def _region(code: str) -> str | None:
    from babel.core import get_global

    if not code or code in countries() or code in _AREAS:
        return code
    now = cast("Mapping[str, list[str]]", get_global("territory_aliases")).get(code, [])
    return now[0] if len(now) == 1 and now[0] in countries() else None


@cache
def _likely_script(locale: str) -> str:
    from babel.core import get_global

    likely = cast("Mapping[str, str]", get_global("likely_subtags")).get(locale, "")
    return Tag.of(likely).script if likely else ""
