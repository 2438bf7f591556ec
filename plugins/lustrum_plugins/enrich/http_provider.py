"""A JSON API as a provider: what it is asked, on which terms, and what it claims about a lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import ConfigDict

from lustrum import Calls, Failed
from lustrum.contracts.terms import BudgetSpent, Terms, on_terms
from lustrum_plugins.enrich.claims import Cells, Claims
from lustrum_plugins.enrich.http_answer import AnswerReader, Refused, kept_text, says_nothing, without_secrets
from lustrum_plugins.enrich.http_options import Address, Body, Budget, Certainty, Length, Method, Provider, Query, Rate
from lustrum_plugins.enrich.http_request import InputUnusable, Request, RequestForm
from lustrum_plugins.web.content import digest
from lustrum_plugins.web.json_path import PathOption
from lustrum_plugins.web.options import Headers, Taken, Timeout
from lustrum_plugins.web.secret import Secret, SecretMissing, revealed
from lustrum_plugins.web.wires import open_wire

EMPTY = "empty"


@dataclass(frozen=True)
class HttpProvider:
    """The options of a look-up over HTTP, which `enrich.http` explains, and how certain what it says is."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    url: Address
    take: Taken
    method: Method = "GET"
    query: Query | None = None
    body: Body | None = None
    headers: Headers | None = None
    results: PathOption | None = None
    provider: Provider | None = None
    version: str | None = None
    budget: Budget | None = None
    rate: Rate | None = None
    timeout: Timeout = 10.0
    keep_for: Length | None = None
    keep_not_found_for: Length | None = None
    certainty: Certainty = 1.0

    @property
    def needs(self) -> Mapping[str, bool]:
        """The fields said to the provider, each with whether it is needed."""
        return self._form.reads

    @property
    def name(self) -> str:
        """How the provider is called: as the options say, else its host."""
        return self.provider or self._host

    def claims(self, cells: Cells, wanted: Sequence[str], calls: Calls) -> Claims | Failed:
        """Say what the provider claims of the wanted fields, or fail as `enrich.http` does, or with `empty`.

        Raises `Transient` for what may pass by itself.
        """
        try:
            request = self._form.fill(cells)
        except InputUnusable as error:
            return Failed("unusable", str(error))
        if request is None:
            return Failed(EMPTY, f"what {self.name} is asked about is empty")
        answer = self._answer(request, calls)
        return answer if isinstance(answer, Failed) else self._reader.claims(answer, wanted)

    def _answer(self, request: Request, calls: Calls) -> str | Failed:
        key = digest("enrich.http", self.name, self.version or "", request.text)
        try:
            return on_terms(calls, self._terms).call(key, lambda: self._send(request))
        except Refused as refused:
            return refused.failed
        except BudgetSpent as spent:
            return Failed("budget_spent", str(spent))

    def _send(self, request: Request) -> str:
        named = self.headers or {}
        secrets = [*request.secrets, *(text for text in named.values() if isinstance(text, Secret))]
        try:
            content, shown = request.content()
            headers = tuple((name, revealed(text)) for name, text in named.items())
            heard = open_wire(shown, self.method, headers, self.timeout).ask(content)
            return without_secrets(kept_text(heard), secrets)
        except SecretMissing as error:
            raise Refused(Failed("no_secret", str(error))) from error

    def _counts(self, answer: str, age: timedelta) -> bool:
        longest = self.keep_not_found_for if says_nothing(answer) else self.keep_for
        return longest is None or age <= longest

    @cached_property
    def _host(self) -> str:
        shown = str(self.url)
        return shown if isinstance(self.url, Secret) else urlsplit(shown).hostname or shown

    @cached_property
    def _form(self) -> RequestForm:
        return RequestForm(self.method, self.url, self.query or {}, self.body)

    @cached_property
    def _terms(self) -> Terms:
        return Terms(self.name, self.budget, self.rate, self._counts)

    @cached_property
    def _reader(self) -> AnswerReader:
        return AnswerReader(self.name, self.take, self.results, self.certainty)
