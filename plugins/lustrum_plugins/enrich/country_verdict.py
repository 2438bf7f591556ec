"""What the country told and the other fields together say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import prod

from lustrum import Answer, Failed
from lustrum_plugins.enrich import country_evidence
from lustrum_plugins.enrich.country_evidence import Evidence, in_words, is_told
from lustrum_plugins.standardise.country import country_readings
from lustrum_plugins.standardise.country_codes import CountryFormat, read_code, written_as
from lustrum_plugins.standardise.country_phrases import state_names
from lustrum_plugins.standardise.place_text import fold, tidy

_READERS: dict[str, Callable[[str], Evidence | None]] = {
    "state": country_evidence.from_state,
    "city": country_evidence.from_city,
    "postal_code": country_evidence.from_postal_code,
    "phone": country_evidence.from_phone,
    "email": country_evidence.from_email,
    "website": country_evidence.from_website,
}
_DOUBTS = {
    "state": 0.05,
    "city": 0.2,
    "postal_code": 0.05,
    "phone": 0.1,
    "email": 0.15,
    "website": 0.15,
    "language": 0.4,
}
_DOUBT_OF_SEVERAL = 0.5
_SUREST = 0.99
_FEW = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What the country field says: the countries it may mean, and those only other fields can make likely."""

    text: str
    surely: frozenset[str]
    perhaps: frozenset[str]

    @classmethod
    def read(cls, text: str | None, form: CountryFormat) -> Told:
        """Read the field; a name that is a state's too, as written or as it would be written, leaves both open."""
        readings = country_readings(text) if text else frozenset[str]()
        written = written_as(next(iter(readings)), form) if len(readings) == 1 else ""
        names = [name for name in (text or "", written) if name and not read_code(name)]
        others = frozenset[str]().union(*(state_names().get(fold(name), frozenset()) for name in names))
        return cls(text or "", readings, readings | others if readings else readings)

    @property
    def label(self) -> str:
        """The field in words."""
        return f"country “{tidy(self.text)}”"


@dataclass(frozen=True, slots=True)
class Given:
    """The other fields, by name."""

    texts: Mapping[str, str]

    def evidence(self) -> Iterator[Evidence]:
        """Say what each field that tells allows."""
        for name, text in self.texts.items():
            if name in _READERS and is_told(text) and (found := _READERS[name](text)):
                yield found

    def choices(self, candidates: frozenset[str]) -> Iterator[Evidence]:
        """Say what the digits of a postal code and the language leave of some countries, where they leave any."""
        for name, fitting, noun in (
            ("postal_code", country_evidence.fitting_postal_code, "postal code"),
            ("language", country_evidence.fitting_language, "language"),
        ):
            text = self.texts.get(name, "")
            if text and (left := fitting(text, candidates)) and left != candidates:
                yield Evidence(left, name, f"{noun} {tidy(text)}")

    def objection(self, found: list[Evidence], code: str) -> Failed | None:
        """Refuse a country that does not write the postal code so, though others do."""
        text = self.texts.get("postal_code", "")
        if not is_told(text) or country_evidence.may_have_postal_code(text, code):
            return None
        said = "; ".join(f"{each.label} says {each.names}" for each in found)
        return Failed("ambiguous", f"{said}; postal code {tidy(text)} is not one of {in_words([code])}", (code,))


def verdict(told: Told, given: Given, form: CountryFormat) -> Answer | Failed:
    """Give the one country that all fields allow, or say why there is none."""
    if len(told.perhaps) == 1:
        value = written_as(next(iter(told.perhaps)), form)
        return Answer(value, reason="" if value == told.text else f"from {told.label}")
    found = list(given.evidence())
    if told.perhaps:
        found.insert(0, Evidence(told.perhaps, "country", told.label))
    common = frozenset[str].intersection(*(each.countries for each in found)) if found else frozenset[str]()
    for choice in given.choices(common):
        if len(common) > 1 and choice.countries & common:
            found, common = [*found, choice], common & choice.countries
    if len(common) == 1 and not _overturns(told, common):
        (code,) = common
        return given.objection(found, code) or _answer(found, code, form)
    if len(told.surely) == 1 and common == told.perhaps:
        return _kept(told, form)
    return _refusal(found, common)


def _overturns(told: Told, common: frozenset[str]) -> bool:
    return bool(read_code(told.text)) and not common <= told.surely


def _kept(told: Told, form: CountryFormat) -> Answer:
    value = written_as(next(iter(told.surely)), form)
    return Answer(value, reason="" if value == told.text else f"from {told.label}")


def _answer(found: list[Evidence], code: str, form: CountryFormat) -> Answer:
    evidence = {each.source: each.label for each in found}
    doubt = prod(_DOUBTS[each.source] if len(each.countries) == 1 else _DOUBT_OF_SEVERAL for each in found)
    reason = ", ".join(f"from {each.label}" for each in found)
    certainty = min(round(1 - doubt, 2), _SUREST)
    lost = tuple(other for other in _ranked(found, _named(found)) if other != code)
    return Answer(written_as(code, form), reason, evidence, certainty, candidates=lost)


def _named(found: list[Evidence]) -> frozenset[str]:
    """Give the countries that are named by what leaves but a few."""
    return frozenset[str]().union(*(each.countries for each in found if len(each.countries) <= _FEW))


def _ranked(found: list[Evidence], countries: frozenset[str]) -> tuple[str, ...]:
    """Rank countries by how many fields allow them."""
    support = Counter(code for each in found for code in each.countries)
    return tuple(sorted(countries, key=lambda code: (-support[code], code)))


def _refusal(found: list[Evidence], common: frozenset[str]) -> Failed:
    named = common or _named(found)
    if not named or len(common) > _FEW:
        return Failed("no_evidence", "no other field tells the country surely")
    said = [f"{each.label} says {each.names}" for each in found if len(each.countries) <= _FEW]
    return Failed("ambiguous", "; ".join(said), candidates=_ranked(found, named))
