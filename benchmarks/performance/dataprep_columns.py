"""Three columns by dataprep, in an environment of its own: `python dataprep_columns.py LEADS.csv OUT.csv`.

It imports nothing of ours, and is timed as a whole. `dataprep.txt` has the versions in which it runs on Python 3.11.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def main(source: str, target: str) -> None:
    """Read the leads, clean country, phone and e-mail, and write the leads."""
    pandas: Any = import_module("pandas")
    dataprep: Any = import_module("dataprep.clean")
    leads = pandas.read_csv(source, dtype=str)
    leads = dataprep.clean_country(leads, "country", output_format="alpha-2", progress=False)
    leads = dataprep.clean_phone(leads, "phone", output_format="e164", progress=False)
    leads = dataprep.clean_email(leads, "email", progress=False)
    leads.to_csv(target, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
