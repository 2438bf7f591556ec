"""The wire: one call over HTTP, and what its end means."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING

from lustrum import Failed, Transient, __version__
from lustrum_plugins.web.content import Content

if TYPE_CHECKING:
    import httpx

NO_ANSWER = "no_answer"

_OWN_HEADERS = {"User-Agent": f"lustrum/{__version__}", "Accept": "application/json"}
_PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_REDIRECTS = 5
_LARGEST = 10_000_000


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer that is no failure."""

    status: int
    body: bytes


class Wire:
    """Calls one host, `timeout` in seconds; an answer of more than `largest` bytes is none.

    What it raises and gives names the host as `shown` and the status, never a header, nor the rest of the address.
    """

    def __init__(
        self, shown: str, method: str, headers: Mapping[str, str], timeout: float, largest: int = _LARGEST
    ) -> None:
        self._shown = shown
        self._method = method
        self._headers = dict(headers)
        self._timeout = timeout
        self._largest = largest
        self._client: httpx.Client | None = None

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()

    def send(self, content: Content) -> bytes | Failed:
        """Give the body of the answer, or why there will be none. Raises `Transient` for what may pass by itself."""
        heard = self.ask(content)
        return heard if isinstance(heard, Failed) else heard.body

    def ask(self, content: Content) -> Heard | Failed:
        """Give the answer, or why there will be none. Raises `Transient` for what may pass by itself."""
        import httpx

        try:
            return self._exchange(self._request(content), monotonic() + self._timeout)
        except httpx.TimeoutException as error:
            raise self._too_slow() from error
        except (httpx.NetworkError, httpx.ProxyError, httpx.RemoteProtocolError) as error:
            raise Transient(
                f"{self._shown} cannot be reached ({type(error).__name__})", code="no_connection"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Failed(NO_ANSWER, f"the call failed ({type(error).__name__})")

    def _too_slow(self) -> Transient:
        return Transient(f"{self._shown} did not answer within {self._timeout:g} seconds", code="timeout")

    def _opened(self) -> httpx.Client:
        import httpx

        if self._client is None:
            self._client = httpx.Client(timeout=self._timeout)
        self._client.cookies.clear()
        return self._client

    def _request(self, content: Content) -> httpx.Request:
        import httpx

        headers = httpx.Headers({**_OWN_HEADERS, **content.headers})
        headers.update(self._headers)
        if content.body is not None:
            headers.setdefault("Content-Type", "application/json")
        url = httpx.URL(content.url).copy_merge_params(content.query) if content.query else content.url
        return self._opened().build_request(self._method, url, headers=headers, content=content.body)

    def _exchange(self, request: httpx.Request, until: float, hops: int = 0) -> Heard | Failed:
        with closing(self._opened().send(request, stream=True)) as response:
            ahead = response.next_request
            if ahead is None or hops == _REDIRECTS or not _is_same_call(request, ahead):
                return self._read(response, until)
        return self._exchange(ahead, until, hops + 1)

    def _read(self, response: httpx.Response, until: float) -> Heard | Failed:
        status = response.status_code
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _PASSING:
            waits = seconds_until(response.headers.get("Retry-After"), datetime.now(UTC))
            raise Transient(self._answered(status), code=f"http_{status}", retry_after=waits)
        if not response.is_success:
            return Failed(f"http_{status}", self._answered(status))
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if monotonic() > until:
                raise self._too_slow()
            if len(body) > self._largest:
                return Failed(NO_ANSWER, f"{self._shown} answered more than {self._largest // 1_000_000} MB")
        return Heard(status, bytes(body))

    def _answered(self, status: int) -> str:
        known = {known.value: known.phrase for known in HTTPStatus}
        return f"{self._shown} answered {status} {known.get(status, '')}".strip()


def _is_same_call(request: httpx.Request, ahead: httpx.Request) -> bool:
    """Say whether a redirect leads to the same host by the same method; it may lead from http to https."""
    if ahead.method != request.method or ahead.url.host != request.url.host:
        return False
    upgraded = request.url.scheme == "http" and ahead.url.scheme == "https"
    return upgraded or (ahead.url.scheme, ahead.url.port) == (request.url.scheme, request.url.port)


def seconds_until(retry_after: str | None, now: datetime) -> float | None:
    """Read the header `Retry-After`: seconds, or a date; None where it says nothing.

    >>> now = datetime(2026, 1, 31, 3, tzinfo=UTC)
    >>> seconds_until("120", now), seconds_until("Sat, 31 Jan 2026 03:01:00 GMT", now), seconds_until("soon", now)
    (120.0, 60.0, None)
    """
    text = (retry_after or "").strip()
    try:
        date = None if text.isdigit() else parsedate_to_datetime(text)
        seconds = float(text) if date is None else (_in_utc(date) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _in_utc(date: datetime) -> datetime:
    return date if date.tzinfo else date.replace(tzinfo=UTC)
