"""Wires that stay open between calls."""

from __future__ import annotations

from typing import Any

from lustrum_plugins.web.content import Content
from lustrum_plugins.web.wire import Heard
from lustrum_plugins.web.wires import close_wires, open_wire

Server = Any
"""The fixture of `conftest.py`."""


def test_calls_of_one_kind_share_a_wire_and_others_do_not() -> None:
    assert open_wire("acme", "GET", (), 1) is open_wire("acme", "GET", (), 1)
    assert open_wire("acme", "GET", (), 1) is not open_wire("acme", "GET", (("X-Token", "other"),), 1)


def test_only_the_latest_stay_open() -> None:
    first, second = open_wire("acme", "GET", (), 1), open_wire("acme", "GET", (), 2)
    for timeout in range(3, 9):
        open_wire("acme", "GET", (), timeout)
    assert open_wire("acme", "GET", (), 1) is first
    open_wire("acme", "GET", (), 9)
    assert open_wire("acme", "GET", (), 1) is first
    assert open_wire("acme", "GET", (), 2) is not second


def test_a_closed_wire_is_opened_anew(server: Server) -> None:
    for _ in range(2):
        assert open_wire("acme", "GET", (), 5).ask(Content(server.url)) == Heard(200, b"{}")
        close_wires()
