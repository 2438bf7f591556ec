"""Free text of a lead, in clean Unicode."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from html.entities import html5
from typing import TYPE_CHECKING, Literal

from lustrum import Failed, step
from lustrum_plugins.standardise.characters import visible
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.text_column import texts_at_once

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

_BLANKS = re.compile(r"[^\S\n]+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_MANY_LINES = re.compile(r"\n{3,}")


@step("standardise.text", vectorised=texts_at_once)
def text(
    text: str,
    *,
    lines: Literal["keep", "join"] = "keep",
    mojibake: Literal["repair", "keep"] = "repair",
    entities: Literal["keep", "read"] = "keep",
    unicode: Literal["NFC", "NFKC"] = "NFC",
    placeholders: Literal["keep", "empty", "fail"] = "keep",
) -> str | Failed | None:
    """Repair the characters of a text, and nothing else: it is never shortened or reworded.

    Broken encodings are undone (MÃ¼ller becomes Müller), Unicode composed (NFC), control and invisible characters taken
    out, and every run of blanks, no-break spaces among them, becomes one space.

    Options: `lines: keep` keeps the line breaks (at most one empty line between two), `join` makes one line.
    `mojibake: keep` leaves broken encodings alone. `entities: read` reads HTML entities (`&amp;` becomes &; a text may
    also speak of them). `unicode: NFKC` writes full-width letters, ligatures and the like as plain ones too.
    `placeholders: empty` empties a field that holds only n/a, -, unknown and the like; `fail` refuses it.

    Fails with `placeholder`, where asked to.

    >>> text("  MÃ¼ller \\u200b&\\xa0 Co "), text("one\\r\\n\\r\\n\\r\\n\\r\\ntwo "), text("one \\n two", lines="join")
    ('Müller & Co', 'one\\n\\ntwo', 'one two')
    >>> text("Tom &amp; Jo", entities="read"), text("n/a"), text("n/a", placeholders="empty")
    ('Tom & Jo', 'n/a', None)
    """
    before, clean = "", text
    while clean != before:
        repaired = _repaired(clean) if mojibake == "repair" and not clean.isascii() else clean
        read = _ENTITY.sub(_character, repaired) if entities == "read" and "&" in repaired else repaired
        before, clean = clean, _clean(unicodedata.normalize(unicode, read), lines)
    if placeholders != "keep" and is_placeholder(clean):
        return None if placeholders == "empty" else Failed("placeholder", "the text only fills the field")
    return clean or None


def _clean(text: str, lines: str) -> str:
    seen = visible(_LINE_ENDS.sub("\n", text))
    if lines == "join":
        return " ".join(seen.split())
    trimmed = "\n".join(_BLANKS.sub(" ", line).strip() for line in seen.split("\n"))
    return _MANY_LINES.sub("\n\n", trimmed).strip()


def _character(entity: re.Match[str]) -> str:
    if entity[0][1] != "#":
        return html5.get(entity[0][1:], entity[0])
    read = html.unescape(entity[0])
    return entity[0] if "\ufffd" in read else read


def _repaired(text: str) -> str:
    import ftfy

    return ftfy.fix_text(unicodedata.normalize("NFC", text.strip(" \t\r\n")), _config())


@cache
def _config() -> TextFixerConfig:
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        normalization="NFC",
        explain=False,
    )
