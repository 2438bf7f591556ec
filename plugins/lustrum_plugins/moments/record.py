"""`moment.record`: note an interesting moment for sales."""

from __future__ import annotations

from lustrum import Moment, Skip, Template, step
from lustrum.words.outcomes import MomentType


@step("moment.record")
def record(*, type: MomentType, text: Template) -> Moment | Skip:  # noqa: A002 - the option's name in a campaign
    """Record an interesting moment of a lead, for sales to see.

    Options:

    * `type`: `Email`, `Milestone` or `Web`.
    * `text`: what happened, in a few words. Tokens may stand in it: `"Downloaded {{my.asset}} from {{my.vendor}}"`.

    The text is written on one line: line ends and runs of spaces, as tokens bring them, become one space. A moment is
    an effect: it happens once for a lead and a text, however often the campaign runs. No field is written.

    Skips with `empty` where nothing is left of the text once its tokens are rendered.

    >>> record(type="Milestone", text="Became  qualified ")
    Moment(type='Milestone', text='Became qualified')
    >>> record(type="Web", text=" ")
    Skip(reason='empty')
    """
    line = " ".join(text.split())
    return Moment(type, line) if line else Skip("empty")
