from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from lustrum.planning.registry import Registry
Registry.load()
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
HEAVY = {
    "babel",
    "email_validator",
    "ftfy",
    "nameparser",
    "phonenumbers",
    "pycountry",
    "requests",
    "rigour",
    "tldextract",
}


def test_offering_the_built_in_steps_loads_no_library_that_only_some_of_them_need() -> None:
    loaded = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert "lustrum_plugins" in loaded.stdout.split()
    assert HEAVY & {*loaded.stdout.split()} == set()
