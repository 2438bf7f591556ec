"""`enrich.http` against a server: what is said, what is taken, what fails, what is tried again."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_text
from hypothesis import strategies as st
from pydantic import ValidationError

from lustrum.engine.given import Given, NoWait
from lustrum.testing import StepRun, run_campaign, run_step
from lustrum_plugins.enrich.http import http

Server = Any
"""The fixture of `conftest.py`."""

ACME: Mapping[str, Any] = {"domain": "acme.example", "company": None}
START = datetime(2026, 1, 31, 3, tzinfo=UTC)
TAKE = {"company": "$.name"}


def ask(server: Server, *rows: Mapping[str, Any], given: Given | None = None, **options: Any) -> StepRun:
    chosen = {"url": f"{server.url}/{{domain}}", "take": TAKE, **options}
    return run_step(http, rows or [ACME], options=chosen, given=given)


def messages(run: StepRun) -> list[str]:
    return run.result.quarantine["message"].to_list() + run.result.details["message"].drop_nulls().to_list()


def reasons(run: StepRun) -> list[str]:
    return run.result.trail["reason"].to_list()


def test_a_lead_is_asked_about_by_its_fields_in_the_address(server: Server) -> None:
    server.says({"name": "Acme"})
    run = ask(server)
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.body) == ("GET", "/leads/acme.example", None)
    assert run.leads == [{"domain": "acme.example", "company": "Acme"}]
    assert reasons(run) == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("a b", "a%20b"),
        ("a/../b?c=d&e#f", "a%2F..%2Fb%3Fc%3Dd%26e%23f"),
        (" Köln ", "K%C3%B6ln"),
        ("Ko\u0308ln", "K%C3%B6ln"),
        ("%2e%2e", "%252e%252e"),
        ("株式会社", "%E6%A0%AA%E5%BC%8F%E4%BC%9A%E7%A4%BE"),
        ("a\x00b\r\nX-Evil: 1", "a%00b%0D%0AX-Evil%3A%201"),
        ("{domain}", "%7Bdomain%7D"),
    ],
)
def test_what_a_lead_says_is_percent_encoded(server: Server, value: str, path: str) -> None:
    server.says({"name": "Acme"})
    ask(server, {"domain": value, "company": None})
    ask(server, {"domain": value, "company": None}, url=f"{server.url}?a=1&d={{domain}}")
    assert [asked.path for asked in server.asked] == [f"/leads/{path}", f"/leads?a=1&d={path}"]


@pytest.mark.parametrize("step", [".", "..", " .. "])
def test_a_lead_does_not_lead_elsewhere(server: Server, step: str) -> None:
    run = ask(server, {"domain": step, "company": None})
    assert (run.outcomes, server.asked) == (["failed:unusable"], [])


def test_the_query_has_fields_texts_and_secrets(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "s3cr3t")
    server.says((403, {}))
    run = ask(
        server,
        {"domain": "acme.example", "company": None, "state": None, "employees": 12},
        url=server.url,
        query={"d": "{domain}", "size": "{employees}+", "in": "{state?}", "fields": "a,b", "key": {"env": "API_KEY"}},
    )
    assert server.asked[0].path == "/leads?d=acme.example&size=12%2B&fields=a%2Cb&key=s3cr3t"
    assert set(messages(run)) == {"127.0.0.1 answered 403 Forbidden"}
    assert "s3cr3t" not in repr(run.result)


def test_a_body_is_json_with_the_types_of_the_fields(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "s3cr3t")
    lead = {"domain": " acme.example", "company": None, "state": None, "size": 12, "met": date(2024, 5, 1)}
    body = {
        "where": {"domain": "{domain}", "state": "{state?}", "size": "{size}", "met": "{met}", "text": "of {size}"},
        "list": ["{domain}", "{state?}", "7"],
        "limit": "1",
        "exact": "true",
        "share": "0.5",
        "zip": "01234",
        "huge": "1e999",
        "none": "null",
        "flag": True,
        "auth": {"key": {"env": "API_KEY"}},
    }
    ask(server, lead, url=server.url, method="POST", body=body)
    assert server.asked[0].body == {
        "where": {"domain": "acme.example", "size": 12, "met": "2024-05-01", "text": "of 12"},
        "list": ["acme.example", 7],
        "limit": 1,
        "exact": True,
        "share": 0.5,
        "zip": "01234",
        "huge": "1e999",
        "none": None,
        "flag": True,
        "auth": {"key": "s3cr3t"},
    }
    assert server.asked[0].headers["Content-Type"] == "application/json"


def test_a_secret_comes_from_the_environment_and_is_in_no_message(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", "Bearer s3cr3t\n")
    monkeypatch.setenv("API_URL", f"{server.url}/s3cr3t")
    server.says((403, {"you sent": "s3cr3t"}))
    run = ask(
        server,
        url={"env": "API_URL"},
        query={"d": "{domain}"},
        headers={"Authorization": {"env": "API_TOKEN"}, "X-Team": "mops"},
    )
    (asked,) = server.asked
    assert (asked.headers["Authorization"], asked.headers["X-Team"]) == ("Bearer s3cr3t", "mops")
    assert asked.path == "/leads/s3cr3t?d=acme.example"
    assert set(messages(run)) == {"the address of {env: API_URL} answered 403 Forbidden"}
    assert "s3cr3t" not in repr(run.result)


def test_spaces_around_a_header_do_not_count(server: Server) -> None:
    ask(server, headers={"X-Team": " mops "})
    assert server.asked[0].headers["X-Team"] == "mops"


@pytest.mark.parametrize("where", ["headers", "query", "url", "body"])
def test_without_its_secret_nobody_is_called(server: Server, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("API_KEY", raising=False)
    secret = {"env": "API_KEY"}
    told: dict[str, Any] = {"url": secret, "headers": {"K": secret}, "query": {"k": secret}, "body": {"k": secret}}
    run = ask(server, method="POST", **{where: told[where]})
    assert (run.outcomes, server.asked) == (["failed:no_secret"], [])
    assert "the environment has no variable API_KEY" in messages(run)


@pytest.mark.parametrize("empty", [None, "", "  ", "\u2003"])
def test_a_lead_without_what_is_asked_by_is_skipped(server: Server, empty: str | None) -> None:
    run = ask(server, {"domain": empty, "company": None}, missing="fail")
    assert (run.outcomes, server.asked) == (["skipped:empty"], [])


def test_what_may_be_empty_is_left_out_but_not_all_of_it(server: Server) -> None:
    server.says({"name": "Acme"})
    leads = [
        {"domain": d, "state": s, "company": None} for d, s in ((None, None), ("acme.example", None), (None, "NY"))
    ]
    run = ask(server, *leads, url=server.url, query={"d": "{domain?}", "s": "{state?}"})
    assert run.outcomes == ["skipped:empty", "changed", "changed"]
    assert [asked.path for asked in server.asked] == ["/leads?d=acme.example", "/leads?s=NY"]


def test_only_what_is_taken_is_written(server: Server) -> None:
    server.says({"name": "Acme", "domain": "hijacked.example", "places": [{"city": "Rome"}]})
    run = ask(server, {**ACME, "city": None}, take={"company": "name", "city": "$.places[0].city"})
    assert run.leads == [{"domain": "acme.example", "company": "Acme", "city": "Rome"}]


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ({"name": None, "city": "Rome"}, {"company": None, "city": "Rome"}),
        ({"name": " ", "city": "Rome"}, {"company": None, "city": "Rome"}),
        ({"city": "Rome"}, {"company": None, "city": "Rome"}),
        ({"name": " Acme ", "city": ""}, {"company": "Acme", "city": None}),
    ],
)
def test_what_is_empty_or_absent_is_not_known(server: Server, said: object, held: Mapping[str, Any]) -> None:
    server.says(said)
    run = ask(server, {**ACME, "city": None}, take={"company": "name", "city": "city"})
    assert run.leads == [{"domain": "acme.example", **held}]
    assert run.outcomes == ["changed"]


@pytest.mark.parametrize(
    ("field", "said", "held"),
    [
        (1, 7, 7),
        (1, "8", 8),
        (0.5, 2, 2.0),
        (True, False, False),
        (date(2020, 1, 1), "2024-05-01", date(2024, 5, 1)),
        (START, "2024-05-01T12:00:00+02:00", datetime(2024, 5, 1, 10, tzinfo=UTC)),
        ("old", 7, "7"),
        ("old", True, "true"),
    ],
)
def test_an_answer_becomes_what_the_field_holds(server: Server, field: object, said: object, held: object) -> None:
    server.says({"said": said})
    run = ask(server, {"domain": "a", "x": field}, take={"x": "said"}, overwrite="always")
    assert run.leads == [{"domain": "a", "x": held}]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("many", 'the answer for size is "many", no integer'),
        (7.5, 'the answer for size is "7.5", no integer'),
        ([7], "what 127.0.0.1 has at size is no single value"),
        ({"n": 7}, "what 127.0.0.1 has at size is no single value"),
        ("\ud800", "what 127.0.0.1 has at size is no single value"),
    ],
)
def test_an_answer_of_the_wrong_type_writes_nothing(server: Server, said: object, message: str) -> None:
    server.says({"size": said, "name": "Acme"})
    leads = [{**ACME, "size": size} for size in (None, 1)]
    run = ask(server, *leads, take={"size": "size", "company": "name"}, overwrite="always")
    assert run.outcomes == ["failed:wrong_type"] * 2
    assert run.leads == leads
    assert message in messages(run)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"<html>", "the answer is no JSON"),
        (b"", "the answer is no JSON"),
        (b" ", "the answer is no JSON"),
        (b'{"name": NaN}', "the answer is no JSON"),
        (b'{"name": "\xff"}', "the answer is no JSON"),
        (b"[" * 100_000, "the answer is no JSON"),
        ({}, "the answer of 127.0.0.1 has nothing at name"),
        ([], "the answer of 127.0.0.1 has nothing at name"),
        ("Acme", "the answer of 127.0.0.1 has nothing at name"),
        (b"x" * 1_000_001, "127.0.0.1 answered more than 1 MB"),
    ],
)
def test_an_answer_that_says_nothing_of_it_fails(server: Server, said: object, message: str) -> None:
    server.says(said)
    run = ask(server)
    assert run.outcomes == ["failed:no_answer"]
    assert message in messages(run)


def test_an_answer_may_begin_with_a_byte_order_mark(server: Server) -> None:
    server.says(b'\xef\xbb\xbf{"name": "Acme"}')
    assert ask(server).leads[0]["company"] == "Acme"


@pytest.mark.parametrize("said", [(404, {}), (410, {}), (204, b""), (404, b"<html>"), {"name": None}, {"name": ""}])
def test_a_lead_nobody_knows_is_skipped_or_fails(server: Server, said: object) -> None:
    server.says(said)
    assert ask(server).outcomes == ["skipped:not_found"]
    failed = ask(server, missing="fail")
    assert failed.outcomes == ["failed:not_found"]
    assert "127.0.0.1 has nothing for this lead" in messages(failed)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 422, 304])
def test_other_statuses_are_failures_that_are_not_tried_again(server: Server, status: int) -> None:
    server.says((status, {"name": "Acme"}))
    assert ask(server).outcomes == [f"failed:http_{status}"]
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 408, 500, 503])
def test_a_failure_that_passes_is_tried_again(server: Server, status: int) -> None:
    server.says((status, {}), {"name": "Acme"})
    run = ask(server)
    assert (run.outcomes, run.leads[0]["company"]) == (["changed"], "Acme")
    assert len(server.asked) == 2


def test_a_server_that_stays_down_is_a_failure_in_the_end(server: Server) -> None:
    server.says((500, {}))
    run = ask(server)
    assert (run.outcomes, len(server.asked)) == (["failed:http_500"], 3)
    assert "127.0.0.1 answered 500 Internal Server Error" in messages(run)


def test_a_server_that_asks_for_time_gets_it(server: Server) -> None:
    clock = NoWait()
    server.says((429, {}), headers={"Retry-After": "17"})
    ask(server, given=Given("test", START, clock=clock))
    assert min(clock.waits) >= 17


def test_a_slow_server_is_tried_again(server: Server) -> None:
    server.says({"name": "Acme"}, drip=0.05)
    run = ask(server, timeout=0.1)
    assert (run.outcomes, len(server.asked)) == (["failed:timeout"], 3)
    assert "127.0.0.1 did not answer within 0.1 seconds" in messages(run)


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/{{domain}}"
        run = run_step(http, [ACME], url=url, take=TAKE)
    assert run.outcomes == ["failed:no_connection"]


def test_where_the_server_is_down_most_leads_are_not_asked_about(server: Server) -> None:
    server.says((503, {}))
    run = ask(server, *({"domain": f"{number}.example", "company": None} for number in range(20)))
    assert set(run.outcomes) == {"failed:http_503", "failed:provider_down"}
    assert len(server.asked) <= 8


def test_a_redirect_to_another_host_is_not_followed(server: Server) -> None:
    server.says((302, {}), headers={"Location": "http://elsewhere.example/"})
    assert ask(server).outcomes == ["failed:http_302"]


def test_a_redirect_within_the_host_is_followed(server: Server) -> None:
    server.says((301, {}), {"name": "Acme"}, headers={"Location": "/moved"})
    assert ask(server).outcomes == ["changed"]
    assert [asked.path for asked in server.asked] == ["/leads/acme.example", "/moved"]


def test_leads_with_the_same_input_are_one_call(server: Server) -> None:
    server.says({"name": "Acme"})
    run = ask(server, *[ACME] * 50)
    assert (set(run.outcomes), len(server.asked)) == ({"changed"}, 1)


def test_nobody_is_asked_where_nothing_is_to_be_filled(server: Server) -> None:
    run = ask(server, {"domain": "acme.example", "company": "Acme Inc"})
    assert (run.outcomes, server.asked) == (["skipped:already_filled"], [])


@pytest.mark.parametrize(
    ("options", "company", "city"),
    [
        ({}, "Old", "Rome"),
        ({"overwrite": "always"}, "Acme", "Rome"),
        ({"overwrite": "always", "protect": ["Company"]}, "Old", "Rome"),
    ],
)
def test_filled_fields_are_written_over_where_the_campaign_says_so(
    server: Server, options: Mapping[str, Any], company: str, city: str
) -> None:
    server.says({"name": "Acme", "city": "Rome"})
    lead = {"domain": "acme.example", "company": "Old", "city": None}
    run = ask(server, lead, take={"company": "name", "city": "city"}, **options)
    assert run.leads == [{"domain": "acme.example", "company": company, "city": city}]


@pytest.mark.parametrize(("held", "company"), [(0.5, "Acme"), (0.9, "Old"), (None, "Old")])
def test_less_certain_values_are_written_over(server: Server, held: float | None, company: str) -> None:
    server.says({"name": "Acme"})
    lead = {"domain": "acme.example", "company": "Old", "sure": held}
    weighed: dict[str, Any] = {"certainty": 0.8, "certainties": {"company": "sure"}, "overwrite": "less_certain"}
    run = ask(server, lead, {**lead, "sure": 0.1}, **weighed)
    assert run.leads[0] == {**lead, "company": company, "sure": 0.8 if company == "Acme" else held}


@pytest.mark.parametrize(
    ("results", "outcome", "company"),
    [
        ([{"name": "Acme"}], "changed", "Acme"),
        ([{"name": "Acme", "id": 1}, {"name": "Acme", "id": 2}], "changed", "Acme"),
        ([{"name": "Acme"}, {"name": "Acme Ltd"}], "failed:ambiguous", None),
        ([{"name": "Acme"}, {"name": None}], "failed:ambiguous", None),
        ([{"name": "Acme"}, {"id": 1}], "failed:no_answer", None),
        ([], "skipped:not_found", None),
        ({"name": "Acme"}, "failed:no_answer", None),
    ],
)
def test_of_several_results_none_is_guessed(server: Server, results: object, outcome: str, company: str | None) -> None:
    server.says({"data": results})
    run = ask(server, results="$.data")
    assert (run.outcomes, run.leads[0]["company"]) == ([outcome], company)


def test_an_ambiguous_answer_names_its_readings(server: Server) -> None:
    server.says({"data": [{"name": "Acme"}, {"name": "Acme Ltd"}, {"name": None}]})
    said = "127.0.0.1 has several results that differ (could be: Acme, Acme Ltd, nothing)"
    assert said in messages(ask(server, results="data"))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_text(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50))
def test_any_text_is_asked_about_without_an_exception(server: Server, text: str) -> None:
    server.says({"name": "Acme"})
    assert ask(server, {"domain": text, "company": None}).outcomes[0] in ("changed", "skipped:empty", "failed:unusable")


def test_a_text_too_long_for_an_address_fails(server: Server) -> None:
    assert ask(server, {"domain": "株" * 10_000, "company": None}).outcomes == ["failed:no_answer"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"url": "api.acme.example/{domain}"}, "a lead must not decide who is called"),
        ({"url": "https://{domain}/"}, "a lead must not decide who is called"),
        ({"url": "https://api.{domain}/"}, "a lead must not decide who is called"),
        ({"url": "https://api.acme.example{domain}"}, "a lead must not decide who is called"),
        ({"url": "https://api.acme.example:{domain}/"}, "a lead must not decide who is called"),
        ({"url": "{domain}"}, "a lead must not decide who is called"),
        ({"url": "ftp://api.acme.example/"}, "write an address of the web"),
        ({"url": "https://me:pw@api.acme.example/{domain}"}, "a password belongs into no file"),
        ({"url": "https://api.acme.example/{domain?}"}, "a field of the address cannot be left out"),
        ({"url": "https://api.acme.example/{domain"}, "a brace stands alone"),
        ({"url": {"environment": "X"}}, "write a text, or {env: NAME}"),
        ({"url": 7}, "write a text, or {env: NAME}"),
        ({"query": {"d": {"domain": None}}}, 'a field in quotes as "{domain}"'),
        ({"query": {}}, "at least 1 item"),
        ({"body": {"d": "x"}}, "a GET has no body"),
        ({"body": ["x"], "method": "POST"}, "valid dictionary"),
        ({"body": {"d": {"domain": None}}, "method": "POST"}, 'write a field in quotes, as "{domain}"'),
        ({"body": {"d": "}"}, "method": "POST"}, "a brace stands alone"),
        ({"method": "DELETE"}, "'GET' or 'POST'"),
        ({"headers": {"Host": "x"}}, "is set by the call itself"),
        ({"take": {}}, "at least 1 item"),
        ({"take": {"Company": "a", "company": "b"}}, "a field stands there twice"),
        ({"take": {"company": "$"}}, "is no path into an answer"),
        ({"protect": ["city"]}, "city is not taken"),
        ({"overwrite": "less_certain"}, "nothing says how certain a field is"),
        ({"overwrite": "never"}, "'always', 'empty' or 'less_certain'"),
        ({"budget": "-1"}, "greater than or equal to 0"),
        ({"rate": "0"}, "greater than 0"),
        ({"keep_for": "long"}, '"long" is no duration'),
        ({"certainty": "2"}, "less than or equal to 1"),
    ],
)
def test_wrong_options_are_found_when_the_project_is_loaded(wrong: dict[str, Any], message: str) -> None:
    right: dict[str, Any] = {"url": "https://api.acme.example/{domain}", "take": TAKE}
    with pytest.raises(ValidationError) as caught:
        http.options.validate({**right, **wrong})
    assert message in str(caught.value)


def test_fields_read_and_written_follow_the_options() -> None:
    right = {"url": "https://api.acme.example/{domain}", "take": TAKE, "query": {"s": "{State?}"}}
    options = http.options.validate(right)
    assert http.fields_read(options) == {"company": False, "domain": True, "state": False}
    assert http.fields_written(options) == {"company": None}


CHILD = """
campaign: enrich
kind: executable
flow:
  - use: standardise.country
  - use: enrich.http
    with:
      url: URL/{domain}
      query: {in: "{country}", near: "{{my.region}}"}
      take: {company: $.name}
"""


def test_it_finishes_within_the_call_and_so_may_stand_in_an_executable(server: Server) -> None:
    server.says({"name": "Acme"})
    files = {
        "lustrum.yaml": "leads: {from: leads.csv, to: out/leads.csv, key: id}\nmy: {region: EU}\n",
        "campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow:\n  - execute: enrich\n",
        "campaigns/enrich.yaml": CHILD.replace("URL", server.url),
    }
    leads = [
        {"id": str(number), "domain": "acme.example", "country": country, "company": None}
        for number, country in enumerate(("Italy", "Narnia"))
    ]
    run = run_campaign(files, leads)
    assert run.outcomes["nightly > enrich > enrich.http"] == ["changed", "blocked"]
    assert [asked.path for asked in server.asked] == ["/leads/acme.example?in=IT&near=EU"]
