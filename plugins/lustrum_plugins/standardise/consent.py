"""Consent to be written to: yes, no or unknown, and a withdrawal is not overruled by an older yes."""

from __future__ import annotations

from lustrum import Answer, Failed, Skip, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.consent_words import Asks, Said, read_consent
from lustrum_plugins.standardise.moment_text import Moment, read_moment

_UNREADABLE = "the date of withdrawal cannot be read, so consent cannot be told"


@step("standardise.consent")
def consent(
    consent: str | None = None,
    consent_at: str | None = None,
    withdrawn_at: str | None = None,
    *,
    asks: Asks = "opt_in",
    yes: str = "yes",
    no: str = "no",
    unknown: str = "unknown",
) -> str | Answer[str] | Failed | Skip:
    """Write whether a lead has consented as `yes`, `no` or `unknown`; nothing ever becomes yes that does not say so.

    Reads `consent` (words of 20 languages, ticks, `opt-out: no`) and, where the lead has them, `consent_at` and
    `withdrawn_at` (ISO 8601 dates or times; standardise them first). The latest word counts: where there is a
    withdrawal, yes needs a date after it; a date of withdrawal that cannot be read leaves a yes `unknown`. Source and
    legal basis stay as they are. A lead that tells nothing is skipped.

    Options: `asks: opt_out` for a field that asks the opposite (“unsubscribed?”): the answer stays in its sense, so a
    withdrawal makes it yes. `yes`, `no` and `unknown` are the words written.

    Fails with `ambiguous` (an x: a tick or a cross?) and `not_an_answer`.

    >>> consent("Ja"), consent("opt-out: no").value, consent("double opt-in pending").value
    (Answer(value='yes', reason='“Ja” is yes', evidence={}, certainty=None), 'yes', 'unknown')
    >>> consent("yes", "2024-01-10", "2025-06-01").value, consent("yes", "2025-07-01", "2025-06-01")
    ('no', 'yes')
    """
    text, withdrawal = one_line(consent or ""), one_line(withdrawn_at or "")
    if not text and not withdrawal:
        return Skip("nothing_told")
    own: dict[str, Said] = {yes.casefold(): "yes", no.casefold(): "no", unknown.casefold(): "unknown"}
    said: Said | None = (own.get(text.casefold()) or read_consent(text, asks)) if text else "unknown"
    if said is None:
        return Failed("not_an_answer", f"“{text[:80]}” is neither yes nor no")
    if said == "either":
        return Failed("ambiguous", f"“{text}” may be a tick or a cross", (yes, no))
    now, reason = _counted(said, asks, read_moment(consent_at or ""), withdrawal) if withdrawal else (said, "")
    word = {"yes": yes, "no": no}.get(now, unknown)
    return word if word == consent else Answer(word, reason or f"“{text}” is {now}")


def _counted(said: Said, asks: Asks, given: Moment | None, withdrawal: str) -> tuple[Said, str]:
    """Hold the answer against a withdrawal, in the sense of what the field asks."""
    consented, refused = _senses(asks)
    if said == refused:
        return said, ""
    withdrawn = read_moment(withdrawal)
    if withdrawn is None:
        return "unknown", _UNREADABLE
    if said == consented and given and given.is_after(withdrawn):
        return said, ""
    return refused, f"withdrawn at {withdrawal}, and no later consent has a date"


def _senses(asks: Asks) -> tuple[Said, Said]:
    return ("yes", "no") if asks == "opt_in" else ("no", "yes")
