"""The options of `call_webhook`: what is wrong is told when the campaign is loaded."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from lustrum.testing import run_campaign
from lustrum.words.errors import ProjectError
from lustrum_plugins.calls.webhook import call_webhook
from lustrum_plugins.web.json_path import JsonPath
from lustrum_plugins.web.secret import Secret

GOOD: dict[str, Any] = {"url": "https://hooks.acme.example/leads", "send": ["email"]}


def chosen(**options: Any) -> dict[str, Any]:
    return call_webhook.options.validate({**GOOD, **options})


def refusal(**options: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        chosen(**options)
    return str(caught.value)


def test_the_defaults() -> None:
    options = chosen()
    assert (options["method"], options["size"], options["timeout"]) == ("POST", 1, 30)
    assert (options["headers"], options["take"], options["results"]) == (None, None, None)


def test_texts_become_what_is_meant() -> None:
    options = chosen(
        send={"mail": "E-Mail"}, size="50", timeout="2.5", take={"Lead Score": "data.score"}, results="data.items"
    )
    assert (options["send"], options["size"], options["timeout"]) == ({"mail": "e_mail"}, 50, 2.5)
    assert options["take"] == {"lead_score": JsonPath(("data", "score"))}
    assert str(options["results"]) == "data.items"


def test_a_list_of_fields_is_sent_by_their_names() -> None:
    assert chosen(send=["E-Mail", "company"])["send"] == {"e_mail": "e_mail", "company": "company"}


def test_secrets_are_named_and_not_read() -> None:
    options = chosen(url={"env": "HOOK_URL"}, headers={"Authorization": {"env": "TOKEN"}, "X-Team": "mops"})
    assert options["url"] == Secret("HOOK_URL")
    assert options["headers"] == {"Authorization": Secret("TOKEN"), "X-Team": "mops"}


def test_fields_sent_are_needed_and_fields_taken_are_written() -> None:
    options = chosen(send=["email", "score"], take={"score": "score", "segment": "data[0].segment"})
    assert call_webhook.fields_read(options) == {"email": True, "score": True, "segment": False}
    assert call_webhook.fields_written(options) == {"score": None, "segment": None}
    assert call_webhook.adds_up(options)
    assert call_webhook.deferred


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"url": "hooks.acme.example"}, "write an address of the web"),
        ({"url": "ftp://acme.example/"}, "write an address of the web"),
        ({"url": "https:///leads"}, "write an address of the web"),
        ({"url": "https://acme.example:0/"}, "write an address of the web"),
        ({"url": "https://acme.example:port/"}, "write an address of the web"),
        ({"url": "https://acme.example/a b"}, "write an address of the web"),
        ({"url": "https://ada:pass@acme.example/"}, "a password belongs into no file"),
        ({"url": {"env": "HOOK URL"}}, "{env: NAME} for a secret of the environment"),
        ({"url": {"file": "secret.txt"}}, "{env: NAME} for a secret of the environment"),
        ({"url": ["https://acme.example/"]}, "{env: NAME} for a secret of the environment"),
        ({"method": "HEAD"}, "'POST', 'GET', 'PUT', 'PATCH' or 'DELETE'"),
        ({"size": "0"}, "greater than or equal to 1"),
        ({"size": "1001"}, "less than or equal to 1000"),
        ({"size": "2", "method": "GET"}, "GET has no body, and carries one lead only"),
        ({"send": []}, "at least 1 item"),
        ({"send": ["email", "E-mail", "Email"]}, "email stands there twice"),
        ({"send": "email"}, "valid dictionary"),
        ({"send": {"id": "lead_id"}, "size": "2"}, "send the field by another name, as lead: lead_id"),
        ({"headers": {"X Team": "mops"}}, '"X Team" is no name of a header'),
        ({"headers": {"Idempotency-key": "1"}}, "the header Idempotency-key is set by the call itself"),
        ({"headers": {"Host": "acme.example"}}, "the header Host is set by the call itself"),
        ({"headers": {"X-Team": "möps"}}, "the header X-Team has letters that no header can carry"),
        ({"headers": {"X-Team": {"env": ""}}}, "{env: NAME} for a secret of the environment"),
        ({"timeout": "0"}, "greater than 0"),
        ({"timeout": "601"}, "less than or equal to 600"),
        ({"take": {}}, "at least 1 item"),
        ({"take": {"score": "data..score"}}, '"data..score" is no path into an answer'),
        ({"take": {"score": "a", "Score": "b"}}, "a field stands there twice, in two spellings"),
        ({"results": "data"}, "results are those of several leads; give size:"),
        ({"urls": "x"}, "urls"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any], message: str) -> None:
    assert message in refusal(**options)


@pytest.mark.parametrize("missing", ["url", "send"])
def test_an_address_and_something_to_send_are_asked_for(missing: str) -> None:
    with pytest.raises(ValidationError, match=missing):
        call_webhook.options.validate({name: value for name, value in GOOD.items() if name != missing})


def test_one_lead_may_send_its_id() -> None:
    assert chosen(send=["id", "email"])["send"] == {"id": "id", "email": "email"}


def test_the_options_have_a_schema() -> None:
    assert {"url", "send", "take"} <= set(call_webhook.options.schema()["properties"])


CHILD = """
campaign: child
kind: executable
flow:
  - use: call_webhook
    with: {url: "https://hooks.acme.example/leads", send: [email]}
"""
NIGHTLY = "campaign: nightly\nkind: batch\nflow: [{execute: child}]\n"


def test_it_stands_in_no_executable_campaign() -> None:
    with pytest.raises(ProjectError, match=r"campaigns/child.yaml:5: call_webhook does not finish within the call"):
        run_campaign({"campaigns/child.yaml": CHILD, "campaigns/nightly.yaml": NIGHTLY}, [{"id": "1", "email": None}])
