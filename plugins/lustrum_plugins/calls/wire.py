"""The wire: one call over HTTP, and what its end means."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

from lustrum import Failed, Transient, __version__
from lustrum_plugins.calls.message import Message
from lustrum_plugins.calls.reply import NO_ANSWER

if TYPE_CHECKING:
    import httpx

IDEMPOTENCY_KEY = "Idempotency-Key"
IN_QUERY = frozenset({"GET", "DELETE"})
"""Methods that carry the lead in the address, for they have no body."""

_OWN_HEADERS = {"User-Agent": f"lustrum/{__version__}", "Accept": "application/json"}
_TRIED_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_REDIRECTS = 5
_LARGEST = 10_000_000


class Wire:
    """Calls one address. What it raises and returns names the host and the status, never a header nor the address."""

    def __init__(self, url: str, method: str, headers: Mapping[str, str], timeout: float) -> None:
        self._url = url
        self._method = method
        self._headers = dict(headers)
        self._timeout = timeout
        self._open = ExitStack()
        self._client: httpx.Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    def send(self, message: Message) -> bytes | Failed:
        """Give the body of the answer, or why there will be none. Raises `Transient` for what may pass by itself."""
        import httpx

        try:
            return self._exchange(self._request(message), monotonic() + self._timeout)
        except httpx.TimeoutException as error:
            raise self._too_slow() from error
        except (httpx.NetworkError, httpx.ProxyError, httpx.RemoteProtocolError) as error:
            what = f"{self._host} cannot be reached ({type(error).__name__})"
            raise Transient(what, code="no_connection") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Failed(NO_ANSWER, f"the call failed ({type(error).__name__})")

    @property
    def _host(self) -> str:
        import httpx

        return httpx.URL(self._url).host

    def _too_slow(self) -> Transient:
        return Transient(f"{self._host} did not answer within {self._timeout:g} seconds", code="timeout")

    def _request(self, message: Message) -> httpx.Request:
        import httpx

        if self._client is None:
            self._client = self._open.enter_context(httpx.Client(timeout=self._timeout))
        headers = httpx.Headers({**_OWN_HEADERS, IDEMPOTENCY_KEY: message.key})
        headers.update(self._headers)
        if self._method in IN_QUERY:
            url = httpx.URL(self._url).copy_merge_params(message.query)
            return self._client.build_request(self._method, url, headers=headers)
        headers.setdefault("Content-Type", "application/json")
        return self._client.build_request(self._method, self._url, headers=headers, content=message.body)

    def _exchange(self, request: httpx.Request, until: float, hops: int = 0) -> bytes | Failed:
        client = self._client
        assert client is not None
        response = client.send(request, stream=True)
        try:
            ahead = response.next_request
            if ahead is None or hops == _REDIRECTS or not _same_place(request, ahead):
                return self._read(response, until)
        finally:
            response.close()
        return self._exchange(ahead, until, hops + 1)

    def _read(self, response: httpx.Response, until: float) -> bytes | Failed:
        status = response.status_code
        said = f"{self._host} answered {status} {response.reason_phrase}".strip()
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _TRIED_AGAIN:
            raise Transient(said, code=f"http_{status}", retry_after=_seconds(response.headers.get("Retry-After")))
        if not response.is_success:
            return Failed(f"http_{status}", said)
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if monotonic() > until:
                raise self._too_slow()
            if len(body) > _LARGEST:
                return Failed(NO_ANSWER, f"{self._host} answered more than {_LARGEST // 1_000_000} MB")
        return bytes(body)
