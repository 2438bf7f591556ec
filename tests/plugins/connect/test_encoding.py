from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum_plugins.connect.encoding import (
    Encoding,
    declared_encoding,
    is_sound,
    marked_encoding,
    output_encoding,
    unmarked_encoding,
)

NAMES = ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "cp1252", "latin-1", "ascii", "cp932", "gb18030", "euc-kr"]


@given(st.lists(st.binary(max_size=12)), st.sampled_from(NAMES))
def test_whatever_the_bytes_and_chunks_decoding_loses_none(chunks: list[bytes], name: str) -> None:
    encoding = declared_encoding(name, b"")
    text = "".join(encoding.decode(chunks))
    assert encoding.encode(text) == b"".join(chunks)
    assert text == "".join(encoding.decode([b"".join(chunks)])) or name in {"cp932", "gb18030", "euc-kr"}


@pytest.mark.parametrize("name", NAMES)
def test_sound_text_stays_what_it_is(name: str) -> None:
    text = "id,name\r\n1,Jo\n"
    encoding = declared_encoding(name, b"")
    assert "".join(encoding.decode([text.encode(encoding.codec)])) == text
    assert encoding.write(text) == text.encode(encoding.codec)


def test_bytes_that_are_no_text_make_a_text_unsound() -> None:
    assert not is_sound("".join(Encoding("utf-8").decode([b"Zo\xeb"])))
    assert is_sound("Zoë 中 \U0001f600")


def test_a_character_written_with_other_bytes_than_it_was_read_from_is_unsound() -> None:
    shift_jis = declared_encoding("cp932", b"")
    text = "".join(shift_jis.decode([b"a\x87\x9ab"]))
    assert not is_sound(text)
    assert shift_jis.encode(text) == b"a\x87\x9ab"


def test_unsound_text_is_never_written_into_an_output() -> None:
    with pytest.raises(UnicodeEncodeError):
        Encoding("utf-8").write("Zo\udceb")


def test_the_bytes_windows_1252_leaves_open_are_read_and_written_as_latin_1() -> None:
    encoding = unmarked_encoding([b"\x80\x81\x8d\x8f\x90\x9d\xe9"])
    assert str(encoding) == "windows-1252"
    assert "".join(encoding.decode([b"\x80\x81\x9d"])) == "€\x81\x9d"
    assert encoding.write("€\x81\x9d") == b"\x80\x81\x9d"
    with pytest.raises(UnicodeEncodeError):
        encoding.write("\x80")


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (codecs.BOM_UTF8 + b"id", "utf-8 with BOM"),
        (codecs.BOM_UTF16_LE + "id".encode("utf-16-le"), "utf-16-le with BOM"),
        (codecs.BOM_UTF16_BE + "id".encode("utf-16-be"), "utf-16-be with BOM"),
        (codecs.BOM_UTF32_LE + "id".encode("utf-32-le"), "utf-32-le with BOM"),
        ("id,name\n1,Zoë\n".encode("utf-16-le"), "utf-16-le"),
        ("id,name\n1,Zoë\n".encode("utf-16-be"), "utf-16-be"),
        (b"id,name\n\x00,2\n", "None"),
        (b"id,name\n\x00\x00\x00\x00\x00\x00,2\n", "None"),
        (b"", "None"),
    ],
)
def test_a_byte_order_mark_or_the_nul_bytes_of_utf_16_tell_the_encoding(start: bytes, name: str) -> None:
    assert str(marked_encoding(start)) == name


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"plain", "utf-8"),
        ("Zoë Müller".encode(), "utf-8"),
        ("Zoë Müller".encode("cp1252"), "windows-1252"),
        ("Zoë Müller Weiß".encode() + b"\xff", "utf-8"),
        ("Zoë".encode() + b"\xff\xff", "windows-1252"),
    ],
)
def test_without_a_mark_the_whole_content_decides(content: bytes, name: str) -> None:
    assert str(unmarked_encoding([content[:3], content[3:]])) == name


@pytest.mark.parametrize(
    ("name", "start", "shown"),
    [
        ("UTF8", b"id", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8 with BOM"),
        ("utf-8-sig", b"id", "utf-8"),
        ("utf-16", codecs.BOM_UTF16_BE, "utf-16-be with BOM"),
        ("utf-16", b"i\x00", "utf-16-le"),
        ("windows-1252", codecs.BOM_UTF8, "windows-1252"),
        ("Shift_JIS", b"id", "shift_jis"),
    ],
)
def test_a_declared_encoding_takes_the_mark_of_its_family_only(name: str, start: bytes, shown: str) -> None:
    assert str(declared_encoding(name, start)) == shown


@pytest.mark.parametrize("name", ["utf-7", "iso2022_jp", "idna", "unicode_escape", "undefined"])
def test_encodings_whose_bytes_depend_on_what_stands_before_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="depends on the bytes before"):
        declared_encoding(name, b"")


@pytest.mark.parametrize("name", ["utf-99", "base64", "rot13"])
def test_what_is_no_encoding_of_text_is_unknown(name: str) -> None:
    with pytest.raises(LookupError):
        declared_encoding(name, b"")


def test_an_output_in_utf_16_begins_with_a_mark() -> None:
    assert output_encoding("utf-16").bom == codecs.BOM_UTF16_LE
    assert output_encoding("utf-8").bom == b""
