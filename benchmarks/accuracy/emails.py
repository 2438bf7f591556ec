"""E-mail addresses: is it one, which mailbox does it reach, which domain was meant.

Our policy for match keys, in validator.js's options: case is ignored; at the providers that do, dots and tags are; a
provider's domains are one. Each of these can be switched off for all providers at once, and rows that do so are scored.
Out of policy, and counted apart: rows whose address no mail server takes (two dots in a row, quotes), which get no key
at all; and rows that keep the case of some providers and fold that of others.

Our policy for typing errors: one slip in the name of a large provider (or of a domain the user names) of at least five
letters, or an ending that no domain has. Shorter names (msn, gmx, aol) are out of policy: their neighbours are real.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from benchmarks.accuracy.contest import Case, Goal, Table, exact

OUT = "out of policy"
_NEEDS, _IN_LIST = "needs ", " in the domain list"
_SWITCHES = {
    "dots": ("gmail_remove_dots",),
    "tag": ("gmail_remove_subaddress", "icloud_remove_subaddress", "outlookdotcom_remove_subaddress"),
    "provider": ("gmail_convert_googlemaildotcom", "yandex_convert_yandexru"),
    "case": ("all_lowercase",),
}
_SHORTEST = 5


def address(row: Mapping[str, str]) -> Case | None:
    """Read a row of the table of verdicts; what its sources disagree about is not scored."""
    if row["expected"] == "grey":
        return None
    raw: str = json.loads(row["raw"]) if row["raw_is_json"] == "1" else row["raw"]
    return Case(row["id"], row["expected"], {"raw": raw}, row["expected"])


def lustrum_verdict(case: Case) -> str:
    """Judge the text as it stands, as the table does: without repair, and whoever the address belongs to."""
    from lustrum import Failed
    from lustrum_plugins.standardise.email import email

    answer = email(case.given["raw"], repair=False, placeholders="keep")
    return "invalid" if isinstance(answer, Failed) else "valid"


def validator_verdict(case: Case) -> str:
    """Ask email-validator, as it is installed."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(case.given["raw"], check_deliverability=False)
    except EmailNotValidError:
        return "invalid"
    return "valid"


def keyed(row: Mapping[str, str]) -> Case:
    """Read a row of the table of match keys, and say whether our policy speaks about it."""
    options = _options(row["options"])
    given = {"raw": row["raw"], "ignore": ",".join(_ignored(options))}
    return Case(f"{row['raw']} {row['options']}", _slice(row["raw"], options), given, row["expected"] or None)


def _options(text: str) -> Mapping[str, bool]:
    options: list[dict[str, bool]] = json.loads(text) if text else [{}]
    return options[0]


def _ignored(options: Mapping[str, bool]) -> list[str]:
    folded = any(options.get(name, True) for name in ("gmail_lowercase", "icloud_lowercase", "yahoo_lowercase"))
    off = {what for what, names in _SWITCHES.items() if not any(options.get(name, True) for name in names)}
    off |= {"provider"} if any(options.get(name) is False for name in _SWITCHES["provider"]) else set()
    return [what for what in ("case", "dots", "tag", "provider") if what not in off or (what == "case" and folded)]


def _slice(raw: str, options: Mapping[str, bool]) -> str:
    from lustrum_plugins.standardise.mail_domains import is_free

    local, _, domain = raw.rpartition("@")
    split_case = options.get("all_lowercase") is False and options.get("gmail_lowercase", True)
    unkept = ".." in local or '"' in local or (split_case and local != local.lower() and not is_free(domain))
    return OUT if unkept else "policy"


def lustrum_key(case: Case) -> str | None:
    """Give the key of the mailbox that the address reaches."""
    from lustrum import Failed
    from lustrum_plugins.standardise.email_facts import email_facts

    ignore: Any = tuple(case.given["ignore"].split(","))
    facts = email_facts(case.given["raw"], parts=("email_key",), key_ignores=ignore)
    return None if isinstance(facts, Failed) else str(facts["email_key"])


def validator_key(case: Case) -> str | None:
    """Give email-validator's normal form, the nearest that it has to a key."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(case.given["raw"], check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def mistyped(row: Mapping[str, str]) -> Case:
    """Read a row of the table of typing errors; what its note asks for is given as options."""
    note, expected = row["note"], row["expected_domain"] or None
    raw = "".join(row["raw"].split()) if note == "with remove_whitespace" else row["raw"]
    known = note.removeprefix(_NEEDS).removesuffix(_IN_LIST) if note.startswith(_NEEDS) else ""
    short = expected is not None and len(expected.partition(".")[0]) < _SHORTEST
    return Case(row["raw"], OUT if short else "policy", {"raw": raw, "known": known}, expected)


def lustrum_domain(case: Case) -> str | None:
    """Give the domain that `fix_typos` corrects to, if it does."""
    from lustrum import Answer
    from lustrum_plugins.standardise.email import email

    known = (case.given["known"],) if case.given["known"] else ()
    answer = email(case.given["raw"], fix_typos=True, known_domains=known)
    return answer.value.rpartition("@")[2] if isinstance(answer, Answer) else None


def never(case: Case) -> None:
    """Suggest nothing, as a library without suggestions does."""
    del case


TABLES = (
    Table(
        "emails",
        "emails.csv",
        address,
        exact,
        {"lustrum": lustrum_verdict, "email-validator": validator_verdict},
        (Goal(right=0.985),),
    ),
    Table(
        "emails_normalize",
        "emails_normalize.csv",
        keyed,
        exact,
        {"lustrum": lustrum_key, "email-validator": validator_key},
        (Goal(right=1.0, wrong=0.0, slices=("policy",)),),
    ),
    Table(
        "email_typos",
        "email_typos.csv",
        mistyped,
        exact,
        {"lustrum": lustrum_domain, "email-validator": never},
        (Goal(right=1.0, wrong=0.0, slices=("policy",)), Goal(right=0.0, wrong=0.0)),
    ),
)
