"""`list.add`, `list.remove`: who is on a list."""

from __future__ import annotations

from lustrum import KEEP, Keep, ListField, step
from lustrum.contracts.options import OptionValues


def _field(options: OptionValues) -> list[str]:
    return [options["list"]]


@step("list.add", writes=_field)
def add(*, list: ListField) -> bool:  # noqa: A002 - the option's name in a campaign
    """Put a lead on a list.

    Options:

    * `list`: the name of the list, as `lists:` in lustrum.yaml has it: `hot` is the boolean field `list.hot`.

    A lead that is on the list already stays on it, unchanged. The step never fails and never skips.

    >>> add(list="hot")
    True
    """
    del list  # the engine writes the result there
    return True


@step("list.remove", reads=_field, writes=_field)
def remove(*values: bool | None, list: ListField) -> bool | Keep:  # noqa: A002 - the option's name in a campaign
    """Take a lead off a list.

    Options:

    * `list`: the name of the list, as `lists:` in lustrum.yaml has it: `hot` is the boolean field `list.hot`.

    A lead that is not on the list, or was never on it (the field is empty), is left unchanged. The step never fails
    and never skips.

    >>> remove(True, list="hot"), remove(None, list="hot")
    (False, KEEP)
    """
    del list  # the engine reads it into `values` and writes the result there
    return False if any(values) else KEEP
