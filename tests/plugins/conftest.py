"""A small web server in a thread, which answers as each test says and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, cast

import pytest


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """What the server says: a body (text, or what becomes JSON), one byte each `drip` seconds where that is given."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    drip: float = 0

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Server:
    """The server: `answer` decides what it says, `asked` is what it has heard."""

    url: str
    answer: Callable[[Asked], Answer] = lambda _: Answer({})
    asked: list[Asked] = field(default_factory=list[Asked])
    closing: Event = field(default_factory=Event)

    def says(self, *answers: Any, **more: Any) -> None:
        """Say these in turn, the last one for ever: `(status, body)`, or a body."""
        pairs: list[tuple[int, object]] = [said if isinstance(said, tuple) else (200, said) for said in answers]
        left = [Answer(body, status, **more) for status, body in pairs]
        self.answer = lambda _: left.pop(0) if len(left) > 1 else left[0]

    def replies(self, reply: Callable[[Any], object]) -> None:
        """Say what a function makes of what was sent."""
        self.answer = lambda asked: Answer(reply(asked.body))

    def steered(self) -> None:
        """Say what the header `X-Answer` of each request says: a status, then the body."""

        def answer(asked: Asked) -> Answer:
            status, _, body = asked.headers.get("X-Answer", "200 {}").partition(" ")
            return Answer(body.encode(), int(status))

        self.answer = answer


class _Handler(BaseHTTPRequestHandler):
    def _handle(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, self.path, dict(self.headers), json.loads(content) if content else None)
        told = cast("_Http", self.server).told
        told.asked.append(asked)
        answer = told.answer(asked)
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.content))}.items():
            self.send_header(name, value)
        self.end_headers()
        size = 1 if answer.drip else len(answer.content) or 1
        for part in (answer.content[start : start + size] for start in range(0, len(answer.content), size)):
            told.closing.wait(answer.drip)
            self.wfile.write(part)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815  # the standard library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
        """Say nothing."""


class _Http(ThreadingHTTPServer):
    told: Server

    def handle_error(self, request: object, client_address: object) -> None:
        """Think nothing of a client that has hung up."""


@pytest.fixture
def server() -> Iterator[Server]:
    http = _Http(("127.0.0.1", 0), _Handler)
    http.told = Server(f"http://127.0.0.1:{http.server_address[1]}/leads")
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield http.told
    http.told.closing.set()
    http.shutdown()
    http.server_close()
    thread.join()
