"""The loop that a good programmer writes in an afternoon: one lead at a time, a library a field, a list of changes.

`python -m benchmarks.performance.naive retrying|plain LEADS.csv OUT.csv CHANGES.csv` writes both files and prints the
leads, the seconds of the loop and those of the processor, imports and tables not counted. With `retrying` tenacity is
around every call and tries again what may pass; with `plain` there is a `try`. Both give the same leads.

This module is frozen: what is measured against it stays comparable.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, cast

import phonenumbers
import pycountry
from email_validator import validate_email
from nameparser import HumanName
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

Lead = dict[str, str]
Step = Callable[[Lead], dict[str, str]]

AMER = frozenset(("US", "CA", "BR", "MX", "AR", "CL", "CO"))
APAC = frozenset(("AU", "CN", "HK", "ID", "IN", "JP", "KR", "MY", "NZ", "PH", "SG", "TH", "TW", "VN"))
CURRENCIES = {"US": "USD", "GB": "GBP", "CA": "CAD", "JP": "JPY", "CN": "CNY", "IN": "INR", "CH": "CHF", "AU": "AUD"}
STATES = {
    (division.country_code, text.casefold()): division.code
    for division in cast("Iterable[Any]", pycountry.subdivisions)
    for text in (division.name, division.code, division.code.partition("-")[2])
}
FREE_MAIL = ("@gmail.com", "@yahoo.com", "@hotmail.com", "@outlook.com")


def country(lead: Lead) -> dict[str, str]:
    try:
        return {"country_code": pycountry.countries.lookup(lead["country"].strip()).alpha_2}
    except LookupError:
        return {}


def state(lead: Lead) -> dict[str, str]:
    try:
        return {"state": STATES[lead["country_code"], lead["state"].strip().casefold()]}
    except KeyError:
        return {}


def phone(lead: Lead) -> dict[str, str]:
    try:
        number = phonenumbers.parse(lead["phone"], lead["country_code"] or None)
    except phonenumbers.NumberParseException:
        return {}
    if not phonenumbers.is_valid_number(number):
        return {}
    return {"phone": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}


def email(lead: Lead) -> dict[str, str]:
    text = lead["email"].strip().removeprefix("mailto:").rstrip(";")
    try:
        return {"email": validate_email(text, check_deliverability=False).normalized}
    except ValueError:
        return {}


def person_name(lead: Lead) -> dict[str, str]:
    first, last = lead["first_name"].strip(), lead["last_name"].strip()
    if not any(name in (name.upper(), name.lower()) for name in (first, last)):
        return {"first_name": first, "last_name": last}
    name = HumanName(first=first, last=last)
    name.capitalize()
    return {"first_name": name.first, "last_name": name.last}


def company(lead: Lead) -> dict[str, str]:
    text = re.sub(r"\s+", " ", lead["company"]).strip(" ,\"'")
    return {"company": text.title() if text in (text.upper(), text.lower()) else text}


def region(lead: Lead) -> dict[str, str]:
    code = lead["country_code"]
    name = "AMER" if code in AMER else "APAC" if code in APAC else "EMEA"
    return {"region": name, "currency": CURRENCIES.get(code, "EUR")}


def score(lead: Lead) -> dict[str, str]:
    points, title = 0, lead["title"].casefold()
    if any(word in title for word in ("ceo", "cto", "chief", "founder", "owner")):
        points += 40
    if "vp" in title or "director" in title or "head of" in title:
        points += 30
    if lead["region"] in ("EMEA", "AMER"):
        points += 20
    if lead["phone"]:
        points += 10
    if lead["email"].endswith(FREE_MAIL):
        points -= 15
    return {"fit_score": str(max(0, min(100, points)))}


def territory(lead: Lead) -> dict[str, str]:
    return {"territory": "North America" if lead["country_code"] in ("US", "CA") else lead["region"]}


STEPS: list[tuple[Step, str]] = [
    (country, "country"), (state, "state"), (phone, "phone"), (email, "email"), (person_name, "last_name"),
    (company, "company"), (region, "country_code"), (score, "id"), (territory, "region"),
]  # fmt: skip
NEW = ("country_code", "region", "currency", "fit_score", "territory")


def retrying(step: Step) -> Step:
    policy = Retrying(
        retry=retry_if_exception_type((TimeoutError, ConnectionError)),
        stop=stop_after_attempt(3),
        wait=wait_exponential(),
        reraise=True,
    )
    return lambda lead: policy(step, lead)


def plain(step: Step) -> Step:
    def attempt(lead: Lead) -> dict[str, str]:
        try:
            return step(lead)
        except (TimeoutError, ConnectionError):
            return {}

    return attempt


def clean(lead: Lead, steps: list[tuple[Step, str, str]], note: Callable[[list[str]], Any]) -> None:
    for step, needed, name in steps:
        if not lead[needed]:
            continue
        for field, after in step(lead).items():
            if after != lead[field]:
                note([lead["id"], field, lead[field], after, name])
                lead[field] = after


def main(way: str, source: str, target: str, changes: str) -> None:
    around = {"retrying": retrying, "plain": plain}[way]
    steps = [(around(step), needed, step.__name__) for step, needed in STEPS]
    begun, used, count = time.perf_counter(), time.process_time(), 0
    with open(source, newline="") as leads, open(target, "w", newline="") as out, open(changes, "w", newline="") as log:  # noqa: PTH123  # as in an afternoon
        reader, noted = csv.DictReader(leads), csv.writer(log)
        writer = csv.DictWriter(out, [*(reader.fieldnames or ()), *NEW])
        writer.writeheader()
        noted.writerow(["key", "field", "before", "after", "step"])
        for count, row in enumerate(reader, 1):  # noqa: B007  # counted for the report
            row.update(dict.fromkeys(NEW, ""))
            clean(row, steps, noted.writerow)
            writer.writerow(row)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    json.dump({"leads": count, "seconds": seconds, "cpu": cpu}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
