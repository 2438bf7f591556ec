"""Three columns by pandas, calling the same libraries: `python -m benchmarks.performance.pandas_columns WAY LEADS OUT`.

Ways: `apply` and `comprehension`. It prints the leads and the seconds, imports not counted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks.performance.naive import country, email, phone


def country_of(text: str) -> str:
    """Give the code of a country, or nothing."""
    return country({"country": text}).get("country_code", "")


def phone_of(text: str, code: str) -> str:
    """Give a phone number in E.164, or as it is."""
    return phone({"phone": text, "country_code": code}).get("phone", text)


def email_of(text: str) -> str:
    """Give an e-mail address, or as it is."""
    return email({"email": text}).get("email", text)


def _phone_of_row(lead: Any) -> str:
    return phone_of(lead["phone"], lead["country_code"])


def by_apply(leads: Any) -> None:
    """Write the columns by `apply`."""
    leads["country_code"] = leads["country"].apply(country_of)
    leads["phone"] = leads.apply(_phone_of_row, axis=1)
    leads["email"] = leads["email"].apply(email_of)


def by_comprehension(leads: Any) -> None:
    """Write the columns by list comprehensions."""
    leads["country_code"] = [country_of(text) for text in leads["country"]]
    leads["phone"] = [phone_of(*pair) for pair in zip(leads["phone"], leads["country_code"], strict=True)]
    leads["email"] = [email_of(text) for text in leads["email"]]


WAYS: dict[str, Callable[[Any], None]] = {"apply": by_apply, "comprehension": by_comprehension}


def main(way: str, source: str, target: str) -> None:
    """Read the leads, write the columns, and write the leads."""
    pandas: Any = import_module("pandas")
    begun, used = time.perf_counter(), time.process_time()
    leads = pandas.read_csv(source, dtype=str, keep_default_na=False)
    WAYS[way](leads)
    leads.to_csv(target, index=False)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    json.dump({"leads": len(leads), "seconds": seconds, "cpu": cpu}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
