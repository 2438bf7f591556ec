"""`enrich.waterfall`: ask one provider after the other, as long as something is not known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from lustrum import Answer, Calls, Failed, Skip, step
from lustrum.contracts.options import OptionValues
from lustrum_plugins.enrich.claims import Filling, Written
from lustrum_plugins.enrich.filling_options import Certainties, OverwriteOption, Protected
from lustrum_plugins.enrich.waterfall_options import Enough, Provider, Providers
from lustrum_plugins.enrich.waterfall_round import Round


def _filling(options: OptionValues) -> Filling:
    providers: Iterable[Provider] = options["providers"]
    taken = dict.fromkeys(name for provider in providers for name in provider.take)
    return Filling(tuple(taken), options["overwrite"], frozenset(options["protect"]), options["certainties"] or {})


def _reads(options: OptionValues) -> dict[str, bool]:
    """Name the fields read; none is needed, for a provider that cannot be asked is passed by."""
    providers: Iterable[Provider] = options["providers"]
    asked = [name for provider in providers for name in provider.needs]
    return dict.fromkeys([*_filling(options).reads(), *asked], False)


@step("enrich.waterfall", reads=_reads, writes=lambda options: _filling(options).writes())
def waterfall(
    *values: object,
    calls: Calls,
    providers: Providers,
    enough: Enough | None = None,
    certainties: Certainties | None = None,
    overwrite: OverwriteOption = "empty",
    protect: Protected = (),
    if_down: Literal["wait", "next"] = "wait",
    missing: Literal["fail", "skip"] = "skip",
) -> Answer[Written] | Skip | Failed:
    """Take fields of a lead from the first provider that knows them; the next is asked only for what is left.

    Options:

    * `providers`: who is asked, in this order: tables, each with the options `table`, `on`, `take` and `ignore_case` of
      `enrich.lookup`, and APIs, each with the options of `enrich.http` that say whom to ask, what to take and on which
      terms. Each may take other fields. `certainty` (0 to 1, 1 unless told otherwise) is how much its word counts.
    * `enough`: a field is known when it has a value of this certainty; a provider of less is followed by the next one,
      and the most certain value counts, among equals the first. Left out, any value is enough.
    * `overwrite`, `protect`, `certainties`: which fields may be written, as in `enrich.http`. A provider that knows
      only fields which are known already is not asked.
    * `if_down`: what becomes of a lead where an API fails in a way that may pass. `wait` (default): the lead is tried
      again from the start, as `retry: {transient: …}` says; so nobody dearer is asked because somebody is busy. `next`:
      the next is asked now, and the lead is tried again only where nobody has known anything.
    * `missing`: whether a lead nobody knows is a `skip` (default) or a `fail`.

    A provider whose inputs are empty is passed by; so is one that fails for good, and the reason of the change says so.
    The reason tells for each field who has said it.

    Answers of APIs are kept and counted as those of `enrich.http`, and the same questions are one call for both.

    Skips with `empty` (nobody could be asked), `already_filled`, `less_certain` or `not_found`.

    Fails with `not_found` (with `missing: fail`), or, where no provider has known anything and one has failed, with the
    code of the first that did: `ambiguous`, `table_wrong`, `budget_spent`, `no_answer`, `wrong_type`, `unusable`,
    `no_secret`, `http_403` and the like.

    ```yaml
    - use: enrich.waterfall
      with:
        providers:
          - {table: tables/companies.csv, on: {company: Name}, take: {industry: Industry}}
          - {url: "https://api.acme.example/v1/companies/{domain}", take: {industry: $.industry}}
    ```
    """
    options = {"providers": providers, "overwrite": overwrite, "protect": protect, "certainties": certainties}
    filling = _filling(options)
    cells = dict(zip(_reads(options), values, strict=True))
    if not filling.open_fields(cells, enough or 1.0):
        return Skip("already_filled")
    asked = Round(filling, enough, cells)
    asked.ask(providers, calls, wait=if_down == "wait")
    return asked.answer(missing_fails=missing == "fail")
