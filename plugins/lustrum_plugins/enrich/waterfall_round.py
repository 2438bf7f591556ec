"""One lead on its way from provider to provider: what has been said, and who could not say anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from lustrum import KEEP, Answer, Calls, Failed, Skip, Transient
from lustrum_plugins.enrich.claims import Cells, Claim, Claims, Filling, Written, best
from lustrum_plugins.enrich.http_answer import NOT_FOUND
from lustrum_plugins.enrich.http_provider import EMPTY
from lustrum_plugins.enrich.waterfall_options import Provider

_KNOWS_NOTHING = frozenset({EMPTY, NOT_FOUND})


@dataclass
class Round:
    """Asks providers about one lead. Any claim is `enough` where that is None."""

    filling: Filling
    enough: float | None
    cells: Cells
    claims: Claims = field(default_factory=dict[str, Claim])
    lost: dict[str, list[Claim]] = field(default_factory=dict[str, list[Claim]])
    unanswered: dict[str, Failed] = field(default_factory=dict[str, Failed])
    passing: Transient | None = None

    def ask(self, providers: Iterable[Provider], calls: Calls, *, wait: bool) -> None:
        """Ask one after the other for what is not known. Raises `Transient` at once with `wait`."""
        for provider in providers:
            wanted = self._wanted(provider)
            if not wanted:
                continue
            try:
                said = provider.claims(self.cells, wanted, calls)
            except Transient as error:
                if wait:
                    raise
                self.passing = self.passing or error
                said = Failed(error.code, error.message)
            if isinstance(said, Failed):
                self.unanswered.setdefault(provider.name, said)
            else:
                self._weigh(said)

    def answer(self, missing_fails: bool) -> Answer[Written] | Skip | Failed:
        """Give what is written, or why nothing is. Raises `Transient` where only a provider that was busy may know."""
        if self.claims:
            written = self.filling.write(self.claims, self.cells)
            return self._told(written) if isinstance(written, Answer) else written
        if self.passing:
            raise self.passing
        for said in self._failed.values():
            return replace(said, message=self._why())
        if all(said.code == EMPTY for said in self.unanswered.values()) and self.unanswered:
            return Skip(EMPTY)
        return Failed(NOT_FOUND, "nobody knows this lead") if missing_fails else Skip(NOT_FOUND)

    def _weigh(self, said: Claims) -> None:
        """Take what is claimed where it is more certain than what was, and keep what lost."""
        chosen = best([self.claims, said])
        for name, claim in [*self.claims.items(), *said.items()]:
            if claim.value != chosen[name].value:
                self.lost.setdefault(name, []).append(claim)
        self.claims = chosen

    def _told(self, written: Answer[Written]) -> Answer[Written]:
        lost = [
            (name, claim) for name, claims in self.lost.items() if written.value[name] is not KEEP for claim in claims
        ]
        ranked = sorted(lost, key=lambda each: -each[1].certainty)
        readings = tuple(f"{name} {claim.value} ({claim.source})" for name, claim in ranked)
        return replace(written, reason=self._reason(written.reason), candidates=readings)

    def _wanted(self, provider: Provider) -> Sequence[str]:
        still = self.filling.open_fields(self.cells, self.enough or 1.0)
        return [name for name in still if name in provider.take and not self._is_known(name)]

    def _is_known(self, name: str) -> bool:
        return name in self.claims and self.claims[name].certainty >= (self.enough or 0.0)

    @property
    def _failed(self) -> dict[str, Failed]:
        """Who failed, beside those that know nothing of the lead."""
        return {name: said for name, said in self.unanswered.items() if said.code not in _KNOWS_NOTHING}

    def _reason(self, sources: str) -> str:
        failed = [f"{name} failed: {said.code}" for name, said in self._failed.items()]
        return "; ".join([sources, *failed] if sources else failed)

    def _why(self) -> str:
        return "; ".join(f"{name}: {said.message or said.code}" for name, said in self._failed.items())
