"""Asking about one message after the other, through the port that remembers what was answered."""

from __future__ import annotations

from lustrum import Calls, Failed, Transient
from lustrum_plugins.calls.message import Message
from lustrum_plugins.calls.reply import Reader, Reply, dump, load
from lustrum_plugins.web.content import digest
from lustrum_plugins.web.wire import Wire

DOWN_AFTER = 5
"""After so many failures running that may pass, nobody else is called for now."""


class Caller:
    """Calls for one batch of leads. What is remembered of an answer is no more than is taken from it."""

    def __init__(self, calls: Calls, wire: Wire, url: str, method: str, reader: Reader, what: str) -> None:
        self._calls = calls
        self._wire = wire
        self._url = url
        self._method = method
        self._reader = reader
        self._what = what
        self._failing = 0

    def ask(self, message: Message) -> list[Reply]:
        """Give what is said of each lead of the message; `what` and its content are the key it is remembered by."""
        if self._failing >= DOWN_AFTER:
            down = Transient(f"not called: {DOWN_AFTER} calls failed running", code="provider_down")
            return [Reply.of(down) for _ in message.ids]
        key = digest(self._what, message.key, message.body.decode())
        try:
            replies = load(self._calls.call(key, lambda: dump(self._send(message))))
        except Transient as error:
            self._failing += 1
            return [Reply.of(error) for _ in message.ids]
        self._failing = 0
        return replies

    def _send(self, message: Message) -> list[Reply]:
        said = self._wire.send(message.content(self._url, self._method))
        if isinstance(said, Failed):
            return [Reply.of(said) for _ in message.ids]
        return self._reader.replies(said, message.ids, several=message.several)
