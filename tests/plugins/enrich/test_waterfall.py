"""`enrich.waterfall`: who is asked, for what, and what becomes of a lead nobody knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_text
from hypothesis import strategies as st
from pydantic import ValidationError

from lustrum.contracts.ports import Calls
from lustrum.contracts.terms import BudgetSpent, Terms
from lustrum.engine.given import Given
from lustrum.testing import StepRun, run_campaign, run_step
from lustrum.words.errors import ProjectError
from lustrum_plugins.enrich.http import http
from lustrum_plugins.enrich.waterfall import waterfall

Server = Any
"""The fixture of `conftest.py`."""

START = datetime(2026, 1, 31, 3, tzinfo=UTC)
LEAD: Mapping[str, Any] = {"company": "Acme", "domain": "acme.example", "industry": None, "city": None}
BOTH = {"industry": "Industry", "city": "City"}
TABLE = {"table": "companies.csv", "on": {"company": "Name"}, "take": BOTH}
HOST = "127.0.0.1"
API_TAKES = {"industry": "$.industry", "city": "$.city"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "companies.csv").write_text("Name,Industry,City\nAcme,Energy,\nTorn,A,\nTorn,B,\n", encoding="utf-8")
    return tmp_path


def api(server: Server, path: str = "", **more: Any) -> dict[str, Any]:
    return {"url": f"{server.url}{path}/{{domain}}", "take": API_TAKES, **more}


def ask(root: Path, *providers: Mapping[str, Any], lead: Mapping[str, Any] = LEAD, **options: Any) -> StepRun:
    given: Given | None = options.pop("given", None)
    return run_step(waterfall, [lead], options={"providers": list(providers), **options}, root=root, given=given)


def reasons(run: StepRun) -> set[str]:
    return set(run.result.trail["reason"])


def test_the_next_is_asked_for_what_is_left_and_the_reason_tells_who_said_what(root: Path, server: Server) -> None:
    server.says({"industry": "Wrong", "city": "Rome"})
    run = ask(root, TABLE, api(server, provider="acme"))
    assert run.leads == [{**LEAD, "industry": "Energy", "city": "Rome"}]
    assert reasons(run) == {"companies.csv:2 (industry), acme (city)"}


def test_nobody_is_asked_who_knows_only_what_is_known(root: Path, server: Server) -> None:
    run = ask(root, TABLE, api(server, take={"industry": "industry"}), lead={**LEAD, "city": "Rome"})
    assert (run.leads[0]["industry"], server.asked) == ("Energy", [])


def test_the_most_certain_value_counts_and_a_certain_one_ends_the_asking(root: Path, server: Server) -> None:
    server.says({"industry": "Mining"}, {"industry": "Power"}, {"industry": "Never asked"})
    sure = [api(server, f"/{number}", certainty=sure) for number, sure in enumerate((0.5, 0.9, 1.0))]
    takes = [{**each, "take": {"industry": "industry"}} for each in sure]
    run = ask(root, {**TABLE, "take": {"industry": "Industry"}, "certainty": 0.4}, *takes, enough=0.8)
    assert run.leads[0]["industry"] == "Power"
    (lost,) = run.result.trail["candidates"]
    assert json.loads(lost) == [f"industry Mining ({HOST})", "industry Energy (companies.csv:2)"]
    assert [asked.path for asked in server.asked] == ["/leads/0/acme.example", "/leads/1/acme.example"]


def test_a_provider_that_fails_for_good_stands_in_the_reason(root: Path, server: Server) -> None:
    server.says((402, {}))
    run = ask(root, api(server, provider="acme"), TABLE)
    assert reasons(run) == {"companies.csv:2; acme failed: http_402"}


def test_a_lead_nobody_knows_fails_with_what_all_have_said(root: Path, server: Server) -> None:
    server.says((402, {}))
    run = ask(root, TABLE, api(server, provider="acme"), lead={**LEAD, "company": "Torn"})
    assert run.outcomes == ["failed:ambiguous"]
    (message,) = set(run.result.quarantine["message"])
    assert message == (
        "companies.csv: several rows of companies.csv differ in industry; "
        "acme: acme answered 402 Payment Required (could be: A, B)"
    ).replace("acme answered", "127.0.0.1 answered")


def test_while_a_provider_is_busy_a_lead_waits_and_nobody_dearer_is_asked(root: Path, server: Server) -> None:
    server.says((503, {}), {"industry": "Power", "city": "Rome"}, {"industry": "Dear", "city": "Dear"})
    run = ask(root, api(server), api(server, "/dear"))
    assert run.leads[0]["industry"] == "Power"
    assert [asked.path for asked in server.asked] == ["/leads/acme.example"] * 2


def test_with_next_the_next_is_asked_at_once(root: Path, server: Server) -> None:
    server.says((503, {}), {"industry": "Power", "city": "Rome"})
    run = ask(root, api(server, provider="acme"), api(server, "/dear", provider="dear"), if_down="next")
    assert [asked.path for asked in server.asked] == ["/leads/acme.example", "/leads/dear/acme.example"]
    assert reasons(run) == {"dear; acme failed: http_503"}


def test_even_so_a_lead_nobody_else_knows_is_tried_again(root: Path, server: Server) -> None:
    server.says((503, {}), {"industry": "Power"})
    run = ask(root, api(server), TABLE, lead={**LEAD, "company": "Nobody"}, if_down="next")
    assert (run.leads[0]["industry"], len(server.asked)) == ("Power", 2)


def test_a_table_that_is_gone_is_passed_by(root: Path, server: Server) -> None:
    server.says({"industry": "Power"})
    options = waterfall.options.validate({"providers": [TABLE, api(server)]}, {"root": root})
    (root / "companies.csv").unlink()
    cells = dict.fromkeys(waterfall.fields_read(options) or (), None) | dict(LEAD)
    said = waterfall(*cells.values(), calls=_Unkept(), **options)
    assert "companies.csv failed: table_wrong" in str(said)


class _Unkept:
    def call(self, key: str, send: Callable[[], str]) -> str:  # noqa: ARG002  # the port's signature
        return send()


def test_a_budget_that_is_spent_leads_to_the_next(root: Path, server: Server) -> None:
    class Poor(_Unkept):
        def on(self, terms: Terms) -> Calls:
            if terms.budget == 0:
                raise BudgetSpent("spent")
            return self

    server.says({"industry": "Power", "city": "Rome"})
    given = Given("test", START, calls=Poor())
    run = ask(root, api(server, budget=0), api(server, "/rich", provider="rich"), given=given)
    assert reasons(run) == {"rich; 127.0.0.1 failed: budget_spent"}


def test_a_question_is_the_same_for_both_steps(root: Path, server: Server) -> None:
    class Remembering(_Unkept):
        def __init__(self) -> None:
            self.kept: dict[str, str] = {}

        def call(self, key: str, send: Callable[[], str]) -> str:
            if key not in self.kept:
                self.kept[key] = send()
            return self.kept[key]

    calls = Remembering()
    server.says({"industry": "Power", "city": "Rome"})
    ask(root, api(server), given=Given("test", START, calls=calls))
    run_step(http, [LEAD], options=api(server), given=Given("test", START, calls=calls))
    assert len(server.asked) == 1


def test_fields_of_any_type_are_keys_and_are_filled(root: Path) -> None:
    (root / "sizes.csv").write_text("Number,Size\n7,120\n8,many\n", encoding="utf-8")
    table = {"table": "sizes.csv", "on": {"number": "Number"}, "take": {"size": "Size"}}
    leads = [{"number": number, "size": size} for number, size in ((7, None), (8, None), (9, 0))]
    run = run_step(waterfall, leads, options={"providers": [table]}, root=root)
    assert run.outcomes == ["changed", "failed:wrong_type", "skipped:already_filled"]
    assert run.leads[0] == {"number": 7, "size": 120}


def test_fields_read_and_written_are_those_of_all_providers(root: Path, server: Server) -> None:
    options = waterfall.options.validate(
        {"providers": [TABLE, api(server)], "certainties": {"city": "sure"}, "overwrite": "less_certain"},
        {"root": root},
    )
    named = {"industry": False, "city": False, "sure": False, "company": False, "domain": False}
    assert waterfall.fields_read(options) == named
    assert waterfall.fields_written(options) == {"industry": None, "city": None, "sure": None}


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_text(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50))
def test_any_text_is_looked_up_without_an_exception(root: Path, text: str) -> None:
    said = ask(root, TABLE, lead={**LEAD, "company": text}).outcomes[0]
    assert said in ("changed", "skipped:empty", "skipped:not_found")


RIGHT: Mapping[str, Any] = {"url": "https://api.acme.example/{domain}", "take": {"industry": "$.industry"}}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"providers": []}, "name at least one provider"),
        ({"providers": ["companies.csv"]}, "a provider is a table or an API; give it either table: or url:"),
        ({"providers": [{"take": BOTH}]}, "a provider is a table or an API"),
        ({"providers": [{**RIGHT, "table": "companies.csv"}]}, "a provider is a table or an API"),
        ({"providers": [{**TABLE, "table": "nowhere.csv"}]}, "there is no file nowhere.csv in the project"),
        ({"providers": [{**TABLE, "on": {"company": "Nmae"}}]}, 'did you mean "Name"?'),
        ({"providers": [{**TABLE, "tabel": "x"}]}, "Unexpected keyword argument"),
        ({"providers": [{**RIGHT, "certainty": "0"}]}, "greater than 0"),
        ({"providers": [{**RIGHT, "url": "https://{domain}/"}]}, "a lead must not decide who is called"),
        ({"providers": [{**RIGHT, "body": {"a": "b"}}]}, "a GET has no body"),
        ({"enough": "2"}, "less than or equal to 1"),
        ({"protect": ["city"]}, "city is not taken"),
        ({"certainties": {"city": "sure"}}, "city is not taken"),
        ({"overwrite": "less_certain"}, "nothing says how certain a field is"),
        ({"if_down": "stop"}, "'wait' or 'next'"),
    ],
)
def test_wrong_options_are_found_when_the_project_is_loaded(root: Path, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        waterfall.options.validate({"providers": [RIGHT], **wrong}, {"root": root})
    assert message in str(caught.value)


FLOW = """
campaign: nightly
kind: batch
flow:
  - use: enrich.waterfall
    with:
      providers:
        - table: companies.csv
          on: {company: Name}
          take: {industry: Industry}
        - url: https://api.acme.example/{domain}
          take: {industry: $.industry}
          method: PUT
"""


def test_a_wrong_option_of_a_provider_is_told_with_its_place() -> None:
    files = {"companies.csv": "Name,Industry\nAcme,Energy\n", "campaigns/nightly.yaml": FLOW}
    with pytest.raises(ProjectError) as caught:
        run_campaign(files, [{"id": "1", **LEAD}])
    said = 'campaigns/nightly.yaml:13: the option "providers.1.method" of enrich.waterfall is "PUT"'
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("table", "same"), [("Name,Industry\nAcme,Energy\n", True), ("Name,Industry\nAcme,Oil\n", False)]
)
def test_a_changed_table_makes_another_plan(table: str, same: bool) -> None:
    def digest(table: str) -> str:
        flow = FLOW.replace("          method: PUT\n", "")
        run = run_campaign({"companies.csv": table, "campaigns/nightly.yaml": flow}, [{"id": "1", **LEAD}])
        return run.plan.digest

    assert (digest(table) == digest("Name,Industry\nAcme,Energy\n")) is same
