"""What a provider has answered: as it is kept, and what it claims about a lead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from lustrum import Failed
from lustrum_plugins.enrich.claims import Claim, Claims
from lustrum_plugins.web.document import NoValue, cell_text, read_document
from lustrum_plugins.web.json_path import JsonPath
from lustrum_plugins.web.secret import Secret
from lustrum_plugins.web.wire import NO_ANSWER, Heard

NOT_FOUND = "not_found"
AMBIGUOUS = "ambiguous"
WRONG_TYPE = "wrong_type"

_NOTHING_HERE = frozenset({f"http_{HTTPStatus.NOT_FOUND}", f"http_{HTTPStatus.GONE}"})
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SHORTEST = 6
"""A shorter word is in too many texts to be taken for a secret."""
_NOTHING = ""
"""How the answer that there is nothing is kept."""


class Refused(Exception):
    """A call has failed for good; it is not kept."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.message)
        self.failed = failed


def kept_text(heard: Heard | Failed) -> str:
    """Write an answer as it is kept: the whole JSON, or nothing where there is nothing. Raises `Refused`."""
    if isinstance(heard, Failed):
        if heard.code in _NOTHING_HERE:
            return _NOTHING
        raise Refused(heard)
    if heard.status == HTTPStatus.NO_CONTENT:
        return _NOTHING
    try:
        text = heard.body.decode("utf-8-sig")
        read_document(text)
    except ValueError as error:
        raise Refused(Failed(NO_ANSWER, "the answer is no JSON")) from error
    return text


def without_secrets(answer: str, secrets: Iterable[Secret]) -> str:
    """Put the names of secrets where the texts of an answer repeat them (an address of the next page).

    Raises `SecretMissing`.
    """
    told = [(word, str(secret)) for secret in secrets for word in secret.reveal().split() if len(word) >= _SHORTEST]
    for word, shown in told:
        if word in answer:
            answer = _STRING.sub(lambda text, word=word, shown=shown: text[0].replace(word, shown), answer)  # type: ignore[misc]  # mypy does not infer a default's type
    return answer


def says_nothing(answer: str) -> bool:
    """Say whether a kept answer is that there is nothing."""
    return answer == _NOTHING


@dataclass(frozen=True)
class AnswerReader:
    """Reads answers: `take` says where each field's value stands, in the answer or in the one result of `results`."""

    source: str
    take: Mapping[str, JsonPath]
    results: JsonPath | None = None
    certainty: float = 1.0

    def claims(self, answer: str, wanted: Sequence[str]) -> Claims | Failed:
        """Say what an answer claims of the wanted fields, or fail; an empty value claims nothing."""
        nothing = Failed(NOT_FOUND, f"{self.source} has nothing for this lead")
        if says_nothing(answer):
            return nothing
        found = self._results(read_document(answer))
        if isinstance(found, Failed):
            return found
        claimed = [self._one(result, wanted) for result in found]
        failed = next((each for each in claimed if isinstance(each, Failed)), None)
        return failed or self._agreed([each for each in claimed if not isinstance(each, Failed)]) or nothing

    def _agreed(self, claimed: Sequence[Claims]) -> Claims | Failed | None:
        differing = {tuple(each.items()): each for each in claimed}
        if len(differing) > 1:
            readings = (", ".join(claim.value for claim in each.values()) or "nothing" for each in differing.values())
            return Failed(AMBIGUOUS, f"{self.source} has several results that differ", tuple(dict.fromkeys(readings)))
        return next(iter(differing.values()), None)

    def _results(self, document: object) -> list[object] | Failed:
        if self.results is None:
            return [document]
        for found in self.results.find(document):
            if isinstance(found, list):
                return cast("list[object]", found)
        return Failed(NO_ANSWER, f"the answer of {self.source} has no list at {self.results}")

    def _one(self, document: object, wanted: Sequence[str]) -> Claims | Failed:
        found = {name: tuple(self.take[name].find(document)) for name in self.take}
        if not any(found.values()):
            places = ", ".join(map(str, self.take.values()))
            return Failed(NO_ANSWER, f"the answer of {self.source} has nothing at {places}")
        claims: dict[str, Claim] = {}
        for name in wanted:
            for value in found[name]:
                try:
                    text = cell_text(value)
                except NoValue:
                    return Failed(WRONG_TYPE, f"what {self.source} has at {self.take[name]} is no single value")
                if text and (stripped := text.strip()):
                    claims[name] = Claim(stripped, self.source, self.certainty)
        return claims
