"""The lead source: where a lead comes from, in the words of a closed list."""

from __future__ import annotations

from lustrum import Answer, Attempt, Failed, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.source_list import SourceList
from lustrum_plugins.standardise.source_words import concepts_of, detail_apart, meant_by_typo, usual_list

STRATEGIES = ("exact", "alias", "typo")
_LONGEST = 120


@step("standardise.lead_source", strategies=STRATEGIES)
def lead_source(
    lead_source: str,
    *,
    values: tuple[str, ...] = (),
    attempt: Attempt = Attempt(),  # noqa: B008
) -> Answer[str] | Failed:
    """Write a lead source as the closed list of sources has it.

    Options: `values` is your list; what means the same as one of its values becomes that value, in your spelling
    (Tradeshow, Messe and Trade Show are one). Without it the list is ours: see `source_words.csv`, column `concept`.

    Strategies: `exact` finds a value of the list, whatever its case and marks; `alias` what means the same (in nine
    languages, Google Analytics' “google / cpc” among them), or the broader value of the list (a webinar is an event);
    `typo` a slip in a word of more than five letters, where no other word is near.

    Fails with `placeholder`, `ambiguous` (“Google” may be paid or not; candidates are values of the list), or
    `not_in_the_list` (with the candidate that stands before a detail: “Webinar: spring 2024”).

    >>> lead_source("trade-show").value, lead_source("google / cpc").value, lead_source("Messe").value
    ('Trade Show', 'Paid Search', 'Trade Show')
    >>> lead_source("tradeshow", values=("Exhibition", "Online")).value, lead_source("Google").candidates
    ('Exhibition', ('Organic Search', 'Paid Search'))
    """
    text = one_line(lead_source)
    listed = SourceList.of(values or usual_list())
    if attempt.tries("exact") and (own := listed.exact(text)):
        return Answer(own, "" if own == lead_source else "as the list spells it")
    if is_placeholder(text) or not attempt.tries("alias"):
        return _none(text, listed)
    if concepts := concepts_of(text[:_LONGEST]):
        return listed.meant(text, concepts) or _none(text, listed)
    if attempt.tries("typo") and (word := meant_by_typo(text[:_LONGEST], listed.values)):
        return listed.named(word, f"a slip in “{word}”") or _none(text, listed)
    return _none(text, listed)


def _none(text: str, listed: SourceList) -> Failed:
    if is_placeholder(text):
        return Failed("placeholder", "the text only fills the field")
    before = detail_apart(text[:_LONGEST])
    said = listed.named(before, "") if before else None
    candidates = (said.value,) if isinstance(said, Answer) else ()
    return Failed("not_in_the_list", f"“{text[:80]}” is no source of the list", candidates)
