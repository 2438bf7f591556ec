"""Campaign parameters (UTM): where a click came from, in one spelling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lustrum import KEEP, Answer, Failed, Keep, Skip, step
from lustrum_plugins.standardise.utm_text import NAMES, has_click_id, in_address, plain_value

Part = Literal["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"]


@dataclass(frozen=True, slots=True)
class Utm:
    """The five parameters; KEEP where nothing is told."""

    utm_source: str | Keep | None = KEEP
    utm_medium: str | Keep | None = KEEP
    utm_campaign: str | Keep | None = KEEP
    utm_term: str | Keep | None = KEEP
    utm_content: str | Keep | None = KEEP


@step("standardise.utm")
def utm(
    utm_source: str | None = None,
    utm_medium: str | None = None,
    utm_campaign: str | None = None,
    utm_term: str | None = None,
    utm_content: str | None = None,
    landing_page: str | None = None,
    *,
    keep_case: tuple[Part, ...] = (),
) -> Answer[Utm] | Failed | Skip:
    """Write the campaign parameters of a click in lower case, decoded, in their five fields.

    They are taken from `landing_page`, the address clicked, only where all five fields are empty: parameters of two
    clicks are never mixed. To keep first and last touch apart use the step twice, with other `reads`. What stands for
    nothing is emptied: `(not set)`, `undefined`, and what a template should have filled (`{keyword}`,
    `{{campaign.name}}`). Google Analytics' `(direct)` and `(none)` stay.

    Options: `keep_case` names parameters whose case means something (a content id).

    Fails with `ambiguous` where the address says a parameter twice, differently (both are candidates). Skips leads
    that tell nothing (`no_utm`), or only that an advertisement was clicked (`click_id_only`: gclid, fbclid, msclkid …).

    >>> utm(landing_page="https://acme.com/?utm_source=Google&utm_medium=CPC&utm_campaign=spring%2520sale").value.utm_campaign
    'spring sale'
    >>> utm("LinkedIn", "Paid Social", "(not set)").value
    Utm(utm_source='linkedin', utm_medium='paid social', utm_campaign=None, utm_term=KEEP, utm_content=KEEP)
    """
    texts = (utm_source, utm_medium, utm_campaign, utm_term, utm_content)
    given = {name: text for name, text in zip(NAMES, texts, strict=True) if text}
    told = {name: [plain_value(text, lower=name not in keep_case)] for name, text in given.items()}
    if not any(values[0] for values in told.values()):
        clicked = in_address(landing_page or "")
        told |= {name: [plain_value(text, lower=name not in keep_case) for text in clicked[name]] for name in clicked}
    if not told:
        return Skip("click_id_only" if has_click_id(landing_page or "") else "no_utm")
    for name, values in told.items():
        if len({*values} - {None}) > 1:
            listed = tuple(sorted({value for value in values if value}))
            return Failed("ambiguous", f"the address says {name} more than once, differently", listed)
    return _answer({name: next(filter(None, values), None) for name, values in told.items()}, given)


def _answer(told: Mapping[str, str | None], given: Mapping[str, str]) -> Answer[Utm]:
    changed = [name for name, value in told.items() if value != given.get(name)]
    source = "from the landing page" if any(name not in given for name in told) else "in one spelling"
    return Answer(Utm(**told), f"{', '.join(changed)} {source}" if changed else "")
