"""Characters nobody sees: control characters, zero-width blanks, marks of direction."""

from __future__ import annotations

import re
import unicodedata

_CONTROLS = re.compile("[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_JOINERS = re.compile(r"(?<![^\s\x00-\u024f])[\u200c\u200d]|[\u200c\u200d](?![^\s\x00-\u024f])")


def visible(text: str) -> str:
    """Compose a text (NFC) and take out what nobody sees; joiners stay where scripts and emoji need them.

    >>> visible("Jo\u00ads\u200be\u0301"), visible("a\u200db"), len(visible("می\u200cخواهم"))
    ('José', 'ab', 8)
    """
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _JOINERS.sub("", _INVISIBLE.sub("", _CONTROLS.sub("", text))))


def one_line(text: str) -> str:
    """Give the visible text with every run of blanks as one space, none at the ends.

    >>> one_line("\\ufeff Jo\\u00a0 \\n Doe ")
    'Jo Doe'
    """
    return " ".join(visible(text).split())
