"""Which languages a name may mean: own spellings, and the names CLDR has in many languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import cast

from lustrum_plugins.standardise.language_tags import Tag, read_tag
from lustrum_plugins.standardise.place_text import fold
from lustrum_plugins.standardise.word_tables import rows

Tags = frozenset[Tag]

_NAMED_IN = (  # noqa: SIM905 - a list of 45 strings reads worse
    "en de fr es it pt nl pl cs da sv nb nn fi hu ro el ru uk bg sr hr sk sl et lv lt tr ar he fa hi bn ja ko zh"
    " zh_Hant id ms vi th ca eu gl is"
).split()


@cache
def aliases() -> Mapping[str, Tags]:
    """Give our own spellings, each with the languages it may mean."""
    return {
        fold(row["alias"]): frozenset(Tag.of(tag) for tag in row["tags"].split()) for row in rows("language_aliases")
    }


@cache
def _names() -> Mapping[str, Tags]:
    from babel import Locale

    found: defaultdict[str, set[Tag]] = defaultdict(set)
    for own in _NAMED_IN:
        for code, name in cast("Mapping[str, str]", Locale.parse(own).languages).items():
            if tag := read_tag(code):
                found[fold(name)].add(tag)
    return {name: _plainest(tags) for name, tags in found.items()}


def _plainest(tags: set[Tag]) -> Tags:
    """Leave out the tags that only narrow another one of them."""
    return frozenset(tag for tag in tags if tag == Tag(tag.language) or Tag(tag.language) not in tags)


@cache
def scripts() -> Mapping[str, str]:
    """Give the codes of scripts by their English names.

    >>> scripts()["cyrillic"], scripts()["simplified"]
    ('Cyrl', 'Hans')
    """
    from babel import Locale

    english = cast("Mapping[str, str]", Locale.parse("en").scripts)
    named = {fold(name): code for code, name in english.items()}
    return named | {"simplified": "Hans", "traditional": "Hant"}


def by_name(text: str) -> Tags:
    """Give the languages a name may mean.

    >>> [str(tag) for tag in by_name("Deutsch")], [str(tag) for tag in by_name("Mandarin")], by_name("xyzzy")
    (['de'], ['zh'], frozenset())
    """
    word = fold(text)
    return aliases().get(word) or _names().get(word) or frozenset()
