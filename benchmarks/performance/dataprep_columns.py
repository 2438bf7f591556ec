"""Three columns by dataprep, in an environment of its own: `python dataprep_columns.py LEADS.csv OUT.csv`.

It imports nothing of ours, prints the leads and the seconds, imports not counted.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any


def main(source: str, target: str) -> None:
    """Read the leads, clean country, phone and e-mail, and write the leads."""
    pandas: Any = import_module("pandas")
    dataprep: Any = import_module("dataprep.clean")
    begun, used = time.perf_counter(), time.process_time()
    leads = pandas.read_csv(source, dtype=str)
    leads = dataprep.clean_country(leads, "country", output_format="alpha-2", progress=False)
    leads = dataprep.clean_phone(leads, "phone", output_format="e164", progress=False)
    leads = dataprep.clean_email(leads, "email", progress=False)
    leads.to_csv(target, index=False)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    json.dump({"leads": len(leads), "seconds": seconds, "cpu": cpu}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
