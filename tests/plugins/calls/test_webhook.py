"""`call_webhook` against a server: what is sent, what is taken, what fails and what is tried again."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lustrum.engine.given import Given, NoWait
from lustrum.testing import StepRun, run_campaign, run_step
from lustrum_plugins.calls.webhook import call_webhook

Server = Any
"""The fixture of `conftest.py`."""

ADA: Mapping[str, Any] = {"email": "ada.lead1@acme.example", "company": "Acme"}
START = datetime(2026, 1, 31, 3, tzinfo=UTC)


def call(server: Server, *rows: Mapping[str, Any], given: Given | None = None, **options: Any) -> StepRun:
    chosen = {"url": server.url, "send": ["email", "company"], **options}
    return run_step(call_webhook, rows or [ADA], options=chosen, given=given)


def messages(run: StepRun) -> list[str]:
    return run.result.quarantine["message"].to_list() + run.result.details["message"].drop_nulls().to_list()


def test_a_lead_is_sent_as_one_json_object(server: Server) -> None:
    run = call(server)
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/leads", dict(ADA))
    assert asked.headers["Content-Type"] == "application/json"
    assert run.outcomes == ["unchanged"]


def test_a_call_is_an_effect_with_a_key(server: Server) -> None:
    run = call(server)
    (effect,) = run.result.effects.to_dicts()
    assert effect["kind"] == "call_webhook"
    assert server.asked[0].headers["Idempotency-Key"] == effect["effect"]


def test_fields_go_under_the_names_that_are_given(server: Server) -> None:
    call(server, send={"mail": "Email", "Company Name": "company"})
    assert server.asked[0].body == {"mail": ADA["email"], "Company Name": "Acme"}


def test_values_keep_their_type_and_empty_ones_are_null(server: Server) -> None:
    lead = {
        "score": 7,
        "rate": 1.5,
        "wants_mail": True,
        "met": date(2024, 5, 1),
        "seen": datetime(2024, 5, 1, 12, tzinfo=UTC),
        "note": None,
    }
    call(server, lead, send=list(lead))
    assert server.asked[0].body == {**lead, "met": "2024-05-01", "seen": "2024-05-01T12:00:00Z"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_most_methods_have_a_body(server: Server, method: str) -> None:
    call(server, method=method)
    assert (server.asked[0].method, server.asked[0].body) == (method, dict(ADA))


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_others_carry_the_lead_in_the_address(server: Server, method: str) -> None:
    lead = {"email": "a+b@acme.example", "company": None, "wants_mail": True}
    call(server, lead, method=method, send=list(lead), url=f"{server.url}?list=7")
    (asked,) = server.asked
    assert (asked.method, asked.body) == (method, None)
    assert asked.path == "/leads?list=7&email=a%2Bb%40acme.example&wants_mail=true"


def test_what_is_taken_is_written_and_nothing_else(server: Server) -> None:
    server.says({"data": {"segment": "B2B", "tags": ["x", "y"]}, "company": "Hijacked"})
    run = call(server, take={"segment": "data.segment", "tag": "data.tags[1]"})
    assert run.leads == [{**ADA, "segment": "B2B", "tag": "y"}]
    assert run.outcomes == ["changed"]


@pytest.mark.parametrize(
    ("field", "said", "held"),
    [
        ({"score": 1}, 7, 7),
        ({"score": 1}, "8", 8),
        ({"score": 1}, 7.0, 7),
        ({"score": 1}, None, None),
        ({"rate": 0.5}, 2, 2.0),
        ({"wants_mail": False}, True, True),
        ({"met": date(2020, 1, 1)}, "2024-05-01", date(2024, 5, 1)),
        ({"seen": START}, "2024-05-01T12:00:00+02:00", datetime(2024, 5, 1, 10, tzinfo=UTC)),
        ({"note": "old"}, 7, "7"),
        ({"note": "old"}, 7.10, "7.1"),
        ({"note": "old"}, False, "false"),
        ({"note": "old"}, "", None),
        ({"note": "old"}, None, None),
    ],
)
def test_an_answer_becomes_what_the_field_holds(server: Server, field: dict[str, Any], said: object, held: Any) -> None:
    server.says({"said": said})
    (name,) = field
    run = call(server, {**ADA, **field}, take={name: "said"})
    assert run.leads[0][name] == held
    assert run.outcomes == ["changed"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("many", 'the answer for score is "many", no integer'),
        (7.5, 'the answer for score is "7.5", no integer'),
        (1e300, 'the answer for score is "1e+300", no integer'),
        ([7], "what the answer has at said is no single value"),
        ({"score": 7}, "what the answer has at said is no single value"),
        ("\ud800", "what the answer has at said is no single value"),
    ],
)
def test_an_answer_of_the_wrong_type_fails_and_writes_nothing(server: Server, said: object, message: str) -> None:
    server.says({"said": said, "segment": "B2B"})
    run = call(server, {**ADA, "score": 1, "segment": None}, take={"score": "said", "segment": "segment"})
    assert run.outcomes == ["failed:wrong_type"]
    assert run.leads == [{**ADA, "score": 1, "segment": None}]
    assert message in messages(run)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"<html>", "the answer is no JSON"),
        (b"", "the answer is no JSON"),
        (b'{"data": NaN}', "the answer is no JSON"),
        (b"[" * 100_000, "the answer is no JSON"),
        ({"date": 1}, "the answer has nothing at data.segment"),
        ({"data": []}, "the answer has nothing at data.segment"),
        ([], "the answer has nothing at data.segment"),
    ],
)
def test_an_answer_without_what_is_taken_fails(server: Server, said: object, message: str) -> None:
    server.says(said)
    run = call(server, take={"segment": "data.segment"})
    assert run.outcomes == ["failed:no_answer"]
    assert message in messages(run)


@pytest.mark.parametrize("said", [b"", b"OK", {"any": "thing"}])
def test_where_nothing_is_taken_the_status_alone_counts(server: Server, said: object) -> None:
    server.says((202, said))
    assert call(server).outcomes == ["unchanged"]


@pytest.mark.parametrize("status", [400, 401, 404, 422, 304])
def test_other_statuses_are_failures_that_are_not_tried_again(server: Server, status: int) -> None:
    server.says((status, {}))
    run = call(server)
    assert run.outcomes == [f"failed:http_{status}"]
    assert len(server.asked) == 1
    assert any(message.startswith(f"127.0.0.1 answered {status}") for message in messages(run))
    assert run.result.effects.is_empty()


@pytest.mark.parametrize("status", [429, 408, 500, 503])
def test_a_failure_that_passes_is_tried_again_with_the_same_key(server: Server, status: int) -> None:
    server.says((status, {}), {"segment": "B2B"})
    run = call(server, take={"segment": "segment"})
    assert (run.outcomes, run.leads[0]["segment"]) == (["changed"], "B2B")
    assert len({asked.headers["Idempotency-Key"] for asked in server.asked}) == 1
    assert len(server.asked) == 2


def test_a_server_that_stays_down_is_a_failure_in_the_end(server: Server) -> None:
    server.says((500, {}))
    run = call(server)
    assert run.outcomes == ["failed:http_500"]
    assert len(server.asked) == 3
    assert "127.0.0.1 answered 500 Internal Server Error" in messages(run)


def test_a_server_that_asks_for_time_gets_it(server: Server) -> None:
    clock = NoWait()
    server.says((429, {}), headers={"Retry-After": "17"})
    call(server, given=Given("test", START, clock=clock))
    assert clock.waits
    assert min(clock.waits) >= 17


def test_a_slow_server_is_tried_again(server: Server) -> None:
    server.says({"segment": "B2B"}, drip=0.05)
    run = call(server, timeout=0.1, take={"segment": "segment"})
    assert run.outcomes == ["failed:timeout"]
    assert "127.0.0.1 did not answer within 0.1 seconds" in messages(run)
    assert len(server.asked) == 3


def test_a_server_that_says_nothing_is_slow_too(server: Server) -> None:
    server.says({"segment": "B2B"}, drip=0.4)
    assert call(server, timeout=0.1, take={"segment": "segment"}).outcomes == ["failed:timeout"]


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        run = run_step(call_webhook, [ADA], url=url, send=["email"])
    assert run.outcomes == ["failed:no_connection"]
    assert "127.0.0.1 cannot be reached (ConnectError)" in messages(run)


def test_after_five_failures_running_nobody_else_is_called_for_now(server: Server) -> None:
    server.says((503, {}))
    leads = [{**ADA, "email": f"lead{number}@acme.example"} for number in range(20)]
    run = call(server, *leads)
    assert set(run.outcomes) == {"failed:http_503", "failed:provider_down"}
    assert len(server.asked) <= 5 * 3


def batched(document: Callable[[list[Any]], object]) -> Callable[[Any], object]:
    return lambda sent: document([{"id": lead["id"], "score": len(lead["email"])} for lead in sent])


LEADS = [{"email": "x" * length, "company": "Acme", "score": None} for length in (3, 1, 4, 1, 5)]


def test_several_leads_go_into_one_call(server: Server) -> None:
    server.replies(batched(lambda results: {"data": {"results": results[::-1]}}))
    run = call(server, *LEADS, size=2, take={"score": "score"}, results="data.results")
    assert [lead["score"] for lead in run.leads] == ["3", "1", "4", "1", "5"]
    assert [len(asked.body) for asked in server.asked] == [2, 2, 1]
    assert server.asked[0].body[0] == {"id": run.result.effects["effect"][0], "email": "xxx", "company": "Acme"}
    assert len({asked.headers["Idempotency-Key"] for asked in server.asked}) == 3


def test_the_answer_may_be_the_list_itself(server: Server) -> None:
    server.replies(batched(lambda results: results))
    assert [lead["score"] for lead in call(server, *LEADS, size=9, take={"score": "score"}).leads] == list("31415")


def test_a_lead_without_a_result_fails_alone(server: Server) -> None:
    server.replies(batched(lambda results: [*results[:1], "odd", {"id": results[2]["id"]}, *results[3:], results[3]]))
    run = call(server, *LEADS, size=5, take={"score": "score"})
    assert run.outcomes == ["changed", *["failed:no_answer"] * 3, "changed"]
    assert {
        "the answer has no result for this lead",
        "the answer has nothing at score",
        "the answer has several results for this lead",
    } <= set(messages(run))


@pytest.mark.parametrize(
    ("said", "results", "message"),
    [
        ({"results": []}, None, "the answer is no list"),
        ({"results": {}}, "results", "the answer has no list at results"),
        ({"data": []}, "results", "the answer has no list at results"),
    ],
)
def test_an_answer_about_several_without_a_list_fails_for_all(
    server: Server, said: object, results: str | None, message: str
) -> None:
    server.says(said)
    named: dict[str, Any] = {"results": results} if results else {}
    run = call(server, *LEADS, size=9, take={"score": "score"}, **named)
    assert run.outcomes == ["failed:no_answer"] * 5
    assert message in messages(run)


def test_a_secret_comes_from_the_environment_and_is_in_no_message(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_TOKEN", "Bearer s3cr3t\n")
    monkeypatch.setenv("HOOK_URL", f"{server.url}?code=s3cr3t")
    server.says((403, {"you sent": "s3cr3t"}))
    run = call(server, url={"env": "HOOK_URL"}, headers={"Authorization": {"env": "HOOK_TOKEN"}, "X-Team": "mops"})
    (asked,) = server.asked
    assert (asked.headers["Authorization"], asked.headers["X-Team"]) == ("Bearer s3cr3t", "mops")
    assert asked.path == "/leads?code=s3cr3t"
    assert messages(run) == ["the address of {env: HOOK_URL} answered 403 Forbidden"]
    assert "s3cr3t" not in repr(run.result)


@pytest.mark.parametrize("failing", ["http://127.0.0.1:1/?code=s3cr3t", "s3cr3t", "ftp://s3cr3t", "http://[s3cr3t"])
def test_a_secret_is_in_no_message_of_a_call_that_cannot_be_made(failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_URL", failing)
    run = run_step(call_webhook, [ADA], url={"env": "HOOK_URL"}, send=["email"])
    assert run.outcomes in (["failed:no_connection"], ["failed:no_secret"])
    assert all("s3cr3t" not in message for message in messages(run))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "the environment has no variable HOOK_TOKEN"),
        (" \n", "the environment has no variable HOOK_TOKEN"),
        ("s3\ncr3t", "the variable HOOK_TOKEN of the environment has letters that no header can carry"),
        ("s3cr€t", "the variable HOOK_TOKEN of the environment has letters that no header can carry"),
    ],
)
def test_without_its_secret_nobody_is_called(
    server: Server, text: str | None, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOOK_TOKEN", raising=False)
    if text is not None:
        monkeypatch.setenv("HOOK_TOKEN", text)
    run = call(server, headers={"Authorization": {"env": "HOOK_TOKEN"}}, take={"note": "note"})
    assert (run.outcomes, server.asked) == (["failed:no_secret"], [])
    assert message in messages(run)


class Remembering:
    """A calls port that keeps what was answered, as the journal does."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def call(self, key: str, send: Callable[[], str]) -> str:
        if key not in self.kept:
            self.kept[key] = send()
        return self.kept[key]


def test_what_was_answered_is_remembered_and_no_more_of_it_than_is_taken(server: Server) -> None:
    calls = Remembering()
    server.says({"segment": "B2B", "private": "s3cr3t"})
    first = call(server, given=Given("test", START, calls=calls), take={"segment": "segment"})
    again = call(server, given=Given("test", START, calls=calls), take={"segment": "segment"})
    assert first.leads == again.leads
    assert len(server.asked) == 1
    assert "s3cr3t" not in "".join(calls.kept.values())


def test_a_failure_that_may_pass_is_not_remembered(server: Server) -> None:
    calls = Remembering()
    server.says((503, {}))
    call(server, given=Given("test", START, calls=calls))
    assert calls.kept == {}


def test_a_batch_without_leads_calls_nobody(server: Server) -> None:
    run_step(call_webhook, [], url=server.url, send=["email"])
    assert server.asked == []


PROJECT = {
    "lustrum.yaml": "leads: {from: leads.csv, to: out/leads.csv, key: id}\nfields: {segment: text}\n",
    "campaigns/nightly.yaml": """
campaign: nightly
kind: batch
flow:
  - use: standardise.email
  - use: call_webhook
    with: {url: URL, send: {mail: email}, take: {segment: segment}}
""",
}


def test_a_lead_is_not_sent_while_a_field_of_it_is_unsettled(server: Server) -> None:
    server.says({"segment": "B2B"})
    files = {name: text.replace("URL", server.url) for name, text in PROJECT.items()}
    leads = [{"id": "1", "email": "not an address"}, {"id": "2", "email": "ada.lead1@acme.example"}, {"id": "3"}]
    run = run_campaign(files, leads)
    assert run.outcomes["nightly > call_webhook"] == ["blocked", "changed", "changed"]
    assert [asked.body for asked in server.asked] == [{"mail": "ada.lead1@acme.example"}, {"mail": None}]


def run_nightly(server: Server, entry: str, leads: list[dict[str, Any]], given: Given | None = None) -> Any:
    flow = f"campaign: nightly\nkind: batch\nflow:\n  - use: call_webhook\n    {entry}\n"
    return run_campaign({"campaigns/nightly.yaml": flow.replace("URL", server.url)}, leads, given=given)


def test_a_call_that_an_applied_run_has_made_is_not_made_again(server: Server) -> None:
    leads = [{"id": "1", "email": "ada.lead1@acme.example"}]
    entry = "with: {url: URL, send: [email]}"
    first = run_nightly(server, entry, leads)
    done = dict.fromkeys(first.result.effects["effect"], START)
    again = run_nightly(server, entry, leads, Given("test", START, effects=done))
    assert again.outcomes["nightly > call_webhook"] == ["skipped:already_done"]
    assert len(server.asked) == 1


def test_a_call_that_failed_is_no_effect_and_holds_nobody_up_who_goes_on(server: Server) -> None:
    server.says((404, {}))
    run = run_nightly(server, "with: {url: URL, send: [email]}\n    on_fail: continue", [{"id": "1", "email": "x"}])
    assert run.outcomes["nightly > call_webhook"] == ["failed:http_404"]
    assert (run.quarantine, run.result.effects.height) == ([], 0)
