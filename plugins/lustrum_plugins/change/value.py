"""`change.value`: write a fixed or tokenised value into a field."""

from __future__ import annotations

from typing import Annotated

from lustrum import FieldName, Template, WrittenTo, step
from lustrum.contracts.options import OptionValues
from lustrum.words.tokens import parse_text

_EMPTYING = frozenset({"", "NULL"})


def _appends(options: OptionValues) -> bool:
    text = parse_text(options.get("value") or "")
    return len(text.parts) > 1 and options["field"] in text.lead_fields


@step("change.value", writes=lambda options: [options["field"]], adds_up=_appends)
def value(*, field: FieldName, value: Annotated[Template, WrittenTo(emptying=_EMPTYING)] | None = None) -> str | None:
    """Write a value into a field, or empty the field.

    Options:

    * `field`: the field that is written, in either spelling.
    * `value`: the text to write. Tokens may stand in it, several of them and between other text:
      `"{{lead.city}}, {{lead.state}}"`. Left out, or `NULL` in capitals, it empties the field. So does a text that is
      empty once its tokens are rendered; `{{lead.state:default=unknown}}` says what to write instead.

    The value is written as it stands, spaces and case included, also over a value that differs in case only. A value
    that appends to its own field (`"{{lead.tags}};EMEA"`) adds up: it happens once for a lead, however often the
    campaign runs. The step never skips. It empties without asking: name the leads with `when:`.

    A value that is none of the field's type (`abc` for an integer) is refused when the campaign is loaded; a lead for
    which the tokens render to none fails with the code `wrong_type`.

    >>> value(field="territory", value="EMEA")
    'EMEA'
    >>> value(field="territory", value="NULL") is value(field="territory") is None
    True
    """
    del field  # the engine writes the result there
    return None if value in _EMPTYING else value
