"""`enrich.http`: take fields of a lead from what a JSON API answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from lustrum import Answer, Calls, Failed, Skip, step
from lustrum.contracts.options import OptionValues
from lustrum_plugins.enrich.claims import Filling, Written
from lustrum_plugins.enrich.filling_options import Certainties, OverwriteOption, Protected
from lustrum_plugins.enrich.http_answer import NOT_FOUND
from lustrum_plugins.enrich.http_options import Address, Body, Budget, Certainty, Length, Method, Provider, Query, Rate
from lustrum_plugins.enrich.http_provider import EMPTY, HttpProvider
from lustrum_plugins.enrich.http_request import RequestForm
from lustrum_plugins.web.json_path import PathOption
from lustrum_plugins.web.options import Headers, Taken, Timeout


def _filling(options: OptionValues) -> Filling:
    return Filling(
        tuple(options["take"]), options["overwrite"], frozenset(options["protect"]), options["certainties"] or {}
    )


def _reads(options: OptionValues) -> dict[str, bool]:
    """Name the fields read: those said to the provider, and those whose present value counts."""
    form = RequestForm(options["method"], options["url"], options["query"] or {}, options["body"])
    return {**dict.fromkeys(_filling(options).reads(), False), **form.reads}


@step("enrich.http", reads=_reads, writes=lambda options: _filling(options).writes())
def http(
    *values: object,
    calls: Calls,
    url: Address,
    take: Taken,
    method: Method = "GET",
    query: Query | None = None,
    body: Body | None = None,
    headers: Headers | None = None,
    results: PathOption | None = None,
    provider: Provider | None = None,
    version: str | None = None,
    budget: Budget | None = None,
    rate: Rate | None = None,
    timeout: Timeout = 10.0,
    keep_for: Length | None = None,
    keep_not_found_for: Length | None = None,
    certainty: Certainty = 1.0,
    certainties: Certainties | None = None,
    overwrite: OverwriteOption = "empty",
    protect: Protected = (),
    missing: Literal["fail", "skip"] = "skip",
) -> Answer[Written] | Skip | Failed:
    """Take fields of a lead from what a JSON API answers; no call is made twice, however many runs ask.

    What is said:

    * `url`: the address, http or https, with fields in braces behind the host: `…/companies/{domain}`. They are
      percent-encoded. `{env: API_URL}` is a secret address, which has no fields.
    * `method`: `GET` (default) or `POST`.
    * `query`, `body`: what is added to the query, or sent as JSON: texts with fields (`"{company}"`), or
      `{env: API_KEY}` for a secret. In a body a field alone keeps its type, and `true`, `7` and `null` are JSON.
      What has an empty `{state?}` is left out; every other field is needed.
    * `headers`: further headers; a secret stands in the environment: `{Authorization: {env: API_TOKEN}}`.

    What is taken:

    * `take`: `field: path`, such as `{industry: $.industry, city: "$.places[0].city"}`. Nothing else is ever written.
      An empty or absent value is "not known": the field keeps what it has. Types are those of the fields.
    * `results`: the path to a list of results, of which there must be one, or several that agree; `take` leads on from
      there.
    * `overwrite`: `empty` (default) fills empty fields, and asks nobody where there are none; `always` writes over
      others; `less_certain` over those of less `certainty` (0 to 1) than this step's, as `certainties` tells:
      `{industry: industry_certainty}` names the fields that hold it. A filled field of `protect` is never written.
    * `missing`: whether a lead the provider does not know is a `skip` (default) or a `fail`.

    What it costs:

    * Every answer is kept in the journal, by `provider` (default: the host), `version` and all that is said but the
      headers; also that there is none (404, 410, 204). The same question is answered from there, in later runs too, and
      after a dry one, which calls as well. Another `version` asks again. `keep_for` and `keep_not_found_for` say how
      long an answer counts (`90 days`); left out, for ever. Failures are not kept. An answer at hand takes 0.1 ms.
    * `budget`: how many calls a run may make; 0: only what is kept. `rate`: how many a second.
    * `timeout`: how long to wait for an answer, in seconds.

    Failures that may pass by themselves are tried again as `retry: {transient: …}` says: `http_429`, `http_408` and
    `http_5..` (after `Retry-After`, if the answer says so), `timeout`, `no_connection`. Redirects are followed within
    the host only, and no answer of more than 1 MB is read.

    Skips with `empty` (a needed field is empty), `already_filled`, `less_certain` or `not_found`.

    Fails with `not_found` (with `missing: fail`), `http_403` and the like (any other status), `no_answer` (no JSON, or
    nothing at any path), `ambiguous` (several results differ), `wrong_type` (what is taken is no single value, or none
    of the field's type), `budget_spent`, `unusable` (a field of the address is `.` or `..`) or `no_secret` (the
    environment lacks one; nobody is called).

    ```yaml
    - use: enrich.http
      with:
        url: https://api.acme.example/v1/companies/{domain}
        headers: {Authorization: {env: API_TOKEN}}
        take: {industry: $.industry}
    ```
    """
    asked = HttpProvider(
        url, take, method, query, body, headers, results, provider, version, budget, rate, timeout, keep_for,
        keep_not_found_for, certainty,
    )  # fmt: skip
    filling = Filling(tuple(take), overwrite, frozenset(protect), certainties or {})
    cells = dict(zip({**dict.fromkeys(filling.reads(), False), **asked.needs}, values, strict=True))
    wanted = filling.open_fields(cells)
    if not wanted:
        return Skip("already_filled")
    said = asked.claims(cells, wanted, calls)
    if isinstance(said, Mapping):
        return filling.write(said, cells)
    passes = said.code == EMPTY or (said.code == NOT_FOUND and missing == "skip")
    return Skip(said.code) if passes else said
