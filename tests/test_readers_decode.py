"""Bytes to text: every encoding an article may come in, and bytes that are no text."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.errors import InputError
from attrib.readers.decode import declared_encoding, decode

ENGLISH = (
    "The mayor said on Tuesday that the plan would “go ahead” — and critics didn’t agree. "
    "“It’s a café in Zürich,” one of them said, “and it cost £5m.” "
)
FRENCH = (
    "Le président a déclaré mardi que le projet serait achevé à l'été, «malgré son coût». "
    "Les élèves français étaient très déçus, où qu'ils fussent. "
)
GERMAN = (
    "Der Präsident erklärte am Dienstag, dass die Maßnahmen für die Bürger größer würden. "
    "Über die Zölle wurde nicht gesprochen. "
)
RUSSIAN = (
    "Президент заявил во вторник, что план будет выполнен. "
    "Оппозиция раскритиковала его за высокую стоимость проекта. "
)
JAPANESE = "大統領は火曜日、計画を予定どおり進めると述べた。野党は費用が高すぎると批判した。"
CZECH = "Prezident v úterý prohlásil, že příliš žluťoučký kůň bude pokračovat v cestě. "


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *[(ENGLISH, e) for e in ("cp1252", "mac_roman", "utf-8-sig", "utf-16", "utf-32")],
        *[(ENGLISH, e) for e in ("utf-16-le", "utf-16-be", "utf-8")],
        *[(FRENCH, e) for e in ("latin-1", "cp1252", "mac_roman")],
        *[(GERMAN, e) for e in ("latin-1", "cp1252", "mac_roman", "utf-16")],
        *[(RUSSIAN, e) for e in ("cp1251", "koi8_r")],
        *[(JAPANESE, e) for e in ("shift_jis", "euc_jp", "iso2022_jp", "utf-16")],
        (CZECH, "cp1250"),
    ],
)
@pytest.mark.parametrize("times", [1, 20])
def test_text_comes_out_right(text: str, encoding: str, times: int) -> None:
    assert decode((text * times).encode(encoding), "x") == text * times


CONTROLS = "".join(map(chr, [*range(9), *range(14, 27), *range(28, 32), 127]))


@given(st.text(st.characters(exclude_characters=CONTROLS, codec="utf-8")))
def test_utf8_is_kept_to_the_character(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode(), "x") == text
    if not text.startswith("\ufeff") and "\x1b$" not in text:
        assert decode(text.encode(), "x") == text


@given(st.text(st.characters(codec="utf-8")), st.sampled_from(["utf-16", "utf-32"]))
def test_marked_text_is_kept_to_the_character(text: str, encoding: str) -> None:
    # A NUL after the mark of UTF-16 makes it that of UTF-32.
    if text.count("\ufffd") <= 1 and not text.startswith("\0"):
        assert decode(text.encode(encoding), "x") == text


def test_only_the_byte_order_mark_goes() -> None:
    assert decode("\ufeff\ufeffa\u200b\r\n\x01\x85".encode() + b"words " * 9, "x").startswith(
        "\ufeffa\u200b\r\n\x01\x85"
    )


def test_a_broken_byte_in_utf8_does_not_turn_the_text_into_another_encoding() -> None:
    raw = ENGLISH.encode() + b"\xe2\x80"
    assert decode(raw, "x") == ENGLISH + "\ufffd"


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a binary file (PNG image); save the article as text"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a binary file (JPEG image); save the article as text"),
        (b"%PDF-1.7\n1 0 obj", "a binary file (PDF document); save the article as text"),
        (b"PK\x03\x04\x14\0", "a binary file (ZIP archive or Office document); unpack it first"),
        (gzip.compress(b"words"), "a binary file (gzip archive); unpack it first"),
        (b"{\\rtf1\\ansi words}", "a binary file (RTF document); save the article as text"),
        (b"words\0and more words", "a binary file; save the article as text"),
        (b"\0" * 100, "a binary file; save the article as text"),
        (bytes(range(1, 256)) * 4, "a binary file; save the article as text"),
        (b"\xff\xfe" + b"\x00\xdc\x41\x00" * 50, "a binary file; save the article as text"),
    ],
)
def test_what_is_no_text_is_an_error(raw: bytes, found: str) -> None:
    with pytest.raises(InputError) as error:
        decode(raw, "news/a.txt")
    assert str(error.value).startswith(f"news/a.txt: expected text, found {found}")


@pytest.mark.parametrize(
    ("page", "encoding"),
    [
        (b"<meta charset=windows-1251>", "windows-1251"),
        (b"<html><META http-equiv=x content='text/html; charset=ISO-8859-1'>", "cp1252"),
        (b"<?xml version='1.0' encoding='Shift_JIS'?>", "cp932"),
        (b"<meta charset=utf-8>", None),  # tried first anyway
        (b"<meta charset=unicode_escape>", None),
        (b"<meta charset=rot13>", None),
        (b"<p>charset=windows-1251</p>", None),
    ],
)
def test_pages_declare_their_encoding(page: bytes, encoding: str | None) -> None:
    assert declared_encoding(page) == encoding


def test_a_declaration_decides_where_a_guess_could_not() -> None:
    raw = "Ё.".encode("cp1251")
    assert decode(raw, "x", "windows-1251") == "Ё."
    assert decode("Ё.".encode(), "x", "windows-1251") == "Ё."  # UTF-8 all the same
