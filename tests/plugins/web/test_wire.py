"""The wire: redirects, cookies, sizes, and how long to wait."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from lustrum import Failed
from lustrum_plugins.web.content import Content
from lustrum_plugins.web.wire import Wire, seconds_until

Server = Any
"""The fixture of `conftest.py`."""

BODY = b'{"email":"ada.lead1@acme.example"}'
NOW = datetime(2026, 1, 31, 3, tzinfo=UTC)


def send(url: str, method: str = "POST", times: int = 1) -> bytes | Failed:
    wire = Wire("acme", method, {"X-Token": "s3cr3t"}, 5)
    content = Content(url, body=None if method == "GET" else BODY)
    try:
        return [wire.send(content) for _ in range(times)][-1]
    finally:
        wire.close()


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_within_the_host_is_followed_with_the_same_body(server: Server, status: int) -> None:
    server.says((status, {}), {"ok": True}, headers={"Location": "/moved"})
    assert send(server.url) == b'{"ok": true}'
    assert [(asked.method, asked.path, asked.body) for asked in server.asked] == [
        ("POST", "/leads", {"email": "ada.lead1@acme.example"}),
        ("POST", "/moved", {"email": "ada.lead1@acme.example"}),
    ]


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_would_lose_the_body_is_not_followed(server: Server, status: int) -> None:
    server.says((status, {}), headers={"Location": "/moved"})
    said = send(server.url)
    assert isinstance(said, Failed)
    assert said.code == f"http_{status}"
    assert len(server.asked) == 1


def test_a_call_without_a_body_follows_any(server: Server) -> None:
    server.says((302, {}), {"ok": True}, headers={"Location": "/moved?x=1"})
    assert send(server.url, "GET") == b'{"ok": true}'


@pytest.mark.parametrize("where", ["http://localhost:{port}/", "http://127.0.0.1:1/", "//elsewhere.example/"])
def test_a_redirect_to_another_place_is_not_followed(server: Server, where: str) -> None:
    port = httpx.URL(server.url).port
    server.says((307, {}), headers={"Location": where.format(port=port)})
    assert send(server.url) == Failed("http_307", "acme answered 307 Temporary Redirect")
    assert len(server.asked) == 1


def test_redirects_in_a_circle_end(server: Server) -> None:
    server.says((307, {}), headers={"Location": "/leads"})
    assert send(server.url) == Failed("http_307", "acme answered 307 Temporary Redirect")
    assert len(server.asked) == 6


def test_one_lead_carries_no_cookie_of_another(server: Server) -> None:
    server.says({}, headers={"Set-Cookie": "lead=1"})
    send(server.url, times=2)
    assert all("Cookie" not in asked.headers for asked in server.asked)


def test_an_answer_without_end_is_none(server: Server) -> None:
    server.says(b"x" * 10_000_001)
    assert send(server.url) == Failed("no_answer", "acme answered more than 10 MB")


def test_an_answer_packed_wrongly_is_none(server: Server) -> None:
    server.says(b"no gzip", headers={"Content-Encoding": "gzip"})
    assert send(server.url) == Failed("no_answer", "the call failed (DecodingError)")


def test_a_status_that_nobody_knows_has_no_name(server: Server) -> None:
    server.says((499, {}))
    assert send(server.url) == Failed("http_499", "acme answered 499")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("Sat, 31 Jan 2026 03:00:30 GMT", 30),
        ("Sat, 31 Jan 2026 02:00:00 GMT", 0),
        ("Sat, 31 Jan 2026 03:00:30 -0000", 30),
        ("", None),
        (None, None),
        ("-5", None),
        ("soon", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_until(header, NOW) == seconds
