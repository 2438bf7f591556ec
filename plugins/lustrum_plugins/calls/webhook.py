"""`call_webhook`: tell another system about leads, and take what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

import polars as pl

from lustrum import Calls, Failed, step
from lustrum.contracts.options import OptionValues
from lustrum_plugins.calls.caller import Caller
from lustrum_plugins.calls.cells import answer_frame
from lustrum_plugins.calls.message import messages
from lustrum_plugins.calls.options import Method, Results, Sent, Size
from lustrum_plugins.calls.reply import Reader, Reply
from lustrum_plugins.web.address import open_address
from lustrum_plugins.web.content import digest
from lustrum_plugins.web.options import Headers, Taken, Timeout, Url
from lustrum_plugins.web.secret import SecretMissing, revealed
from lustrum_plugins.web.wire import Wire


def _reads(options: OptionValues) -> dict[str, bool]:
    """Name the fields sent, which are needed, and those written, whose types tell how an answer is read."""
    return dict.fromkeys(options["take"] or (), False) | dict.fromkeys(options["send"].values(), True)


@step("call_webhook", reads=_reads, writes=lambda options: list(options["take"] or ()), adds_up=True, deferred=True)
def call_webhook(
    leads: pl.DataFrame,
    *,
    calls: Calls,
    url: Url,
    method: Method = "POST",
    size: Size = 1,
    send: Sent,
    headers: Headers | None = None,
    timeout: Timeout = 30.0,
    take: Taken | None = None,
    results: Results | None = None,
) -> pl.DataFrame:
    """Call a webhook: send fields of leads to another system as JSON, and take fields from its answer.

    Options:

    * `url`: the address, http or https. A secret address stands in the environment: `{env: HOOK_URL}`.
    * `method`: `POST` unless told otherwise, `PUT`, `PATCH`, `GET` or `DELETE`. The last two have no body: the lead
      goes into the query of the address, empty fields left out.
    * `size`: how many leads go into one call. 1 (default): one JSON object a lead. More: a list of objects, each with
      an `id` by which the answer tells them apart (the key of the lead's effect; send the lead's own key beside it).
    * `send`: the fields sent, as a list, or as `name in the JSON: field of the lead`. An empty field is sent as null,
      dates as ISO 8601. A lead is blocked while a field to be sent is unsettled.
    * `headers`: further headers. A secret stands in the environment, whole (`Bearer …`), and is named here:
      `{Authorization: {env: HOOK_TOKEN}}`. It is in no file, journal or message.
    * `timeout`: how long to wait for an answer, in seconds.
    * `take`: what is taken from the answer, as `field: path`: `{score: data.score}`, `{city: "places[0].city"}`. No
      other field is ever written. A null empties the field. Types are those of the fields.
    * `results`: with `size` above 1, the path to the list of results, each with the `id` it is about; left out, the
      answer is that list.

    Without `take` (and `results`) an answer counts by its status alone.

    A call adds up: it happens once for a lead and a reason, however often the campaign runs. Each carries an
    `Idempotency-Key`, the same when it is tried again, so that the other side can tell; a time-out does not say that
    nothing has happened there. A call stands in no executable campaign, for it does not finish within the call; request
    a batch campaign for it. Redirects are followed within the host and by the same method only.

    Failures that may pass by themselves are tried again as `retry: {transient: …}` says: `http_429`, `http_408` and
    `http_5..` (after `Retry-After`, if the answer says so), `timeout`, `no_connection`. Where that happens five times
    running, the rest is left for the next time without a call (`provider_down`).

    Fails with `http_404` and the like (any other status), `no_answer` (no JSON, or nothing at a path; in a call for
    several leads only those without a result), `wrong_type` (what was taken is no value of the field's type) or
    `no_secret` (the environment lacks one; nobody is called).

    ```yaml
    - use: call_webhook
      with:
        url: https://hooks.acme.example/leads
        headers: {Authorization: {env: HOOK_TOKEN}}
        send: {mail: email, company: company}
        take: {segment: data.segment}
    ```
    """
    try:
        address, shown = open_address(url)
        secrets = {name: revealed(text) for name, text in (headers or {}).items()}
    except SecretMissing as error:
        return answer_frame([Reply.of(Failed("no_secret", str(error)))] * leads.height, _types(leads, take))
    what = digest("call_webhook", method, str(url), repr(take), repr(results))
    with closing(Wire(shown, method, secrets, timeout)) as wire:
        caller = Caller(calls, wire, address, method, Reader(take or {}, results), what)
        replies = [reply for message in messages(leads, send, size) for reply in caller.ask(message)]
    return answer_frame(replies, _types(leads, take))


def _types(leads: pl.DataFrame, take: Mapping[str, object] | None) -> dict[str, pl.DataType]:
    return {name: leads.schema[name] for name in take or ()}
