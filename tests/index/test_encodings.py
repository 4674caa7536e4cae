"""From bytes to text: Unicode in all its forms, the Vietnamese encodings from before it, and damage of all kinds."""

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from viparse.normalize.encodings import CHARMAPS

from index.decode import Decoded, Undecodable, decode, is_syllable, repair

TEXT = (
    "Sở Ngoại vụ tỉnh Đắk Lắk vừa tổ chức hội nghị tổng kết công tác đối ngoại năm 2025. Đại diện các huyện, thị xã"
    " và thành phố Buôn Ma Thuột đã thảo luận về việc đón các đoàn khách quốc tế, quảng bá cà phê và cồng chiêng."
)
TONES = "\u0300\u0301\u0303\u0309\u0323"


def in_cp1258(text: str) -> bytes:
    """Write text as Windows-1258 does: base letter, then the tone as a mark of its own."""
    pieces = []
    for char in text:
        marks = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
        pieces.append(base + "".join(mark for mark in marks if mark in TONES))
    return "".join(pieces).encode("cp1258")


def in_font(text: str, name: str) -> str:
    """Write text with the letters of a legacy font, as they look in Latin-1."""
    table: dict[str, str] = {}
    for shown, letter in CHARMAPS[name].pairs:
        table.setdefault(letter, shown)
    return "".join(table.get(char, table.get(char.lower(), char)) for char in text)


@pytest.mark.parametrize("name", ["tcvn3", "vni", "viscii"])
def test_bytes_of_a_legacy_font_are_told_by_their_syllables(name: str) -> None:
    found = decode(in_font(TEXT, name).encode("latin-1"))
    assert isinstance(found, Decoded)
    assert (found.text.lower(), found.encoding) == (TEXT.lower(), name)


@pytest.mark.parametrize("name", ["tcvn3", "vni", "viscii"])
def test_legacy_letters_inside_a_utf8_file_are_repaired_and_said_to_be(name: str) -> None:
    found = decode(in_font(TEXT, name).encode())
    assert isinstance(found, Decoded)
    assert (found.text.lower(), found.encoding) == (TEXT.lower(), f"{name} in utf-8")


def test_windows_1258_is_composed() -> None:
    assert decode(in_cp1258(TEXT)) == Decoded(TEXT, "windows-1258")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_unicode_is_told_by_its_mark_or_its_nuls(encoding: str) -> None:
    found = decode(TEXT.encode(encoding))
    assert isinstance(found, Decoded)
    assert found.text == TEXT


def test_utf8_read_as_windows_1252_is_read_back() -> None:
    mangled = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in TEXT.encode())
    assert decode(mangled.encode()) == Decoded(TEXT, "utf-8 read as windows-1252")


def test_a_mark_at_the_start_is_no_part_of_the_text() -> None:
    assert decode(codecs.BOM_UTF8 + TEXT.encode()) == Decoded(TEXT, "utf-8")


def test_a_file_cut_off_inside_a_letter_loses_that_letter_only() -> None:
    found = decode("Hội nghị ở Huế".encode()[:-1])
    assert found == Decoded("Hội nghị ở Hu", "utf-8")


def test_a_charset_that_servers_declare_carelessly_does_not_win_over_the_bytes() -> None:
    page = f'<html><head><meta charset="iso-8859-1"></head><body>{TEXT}</body></html>'
    found = decode(page.encode(), is_html=True)
    assert isinstance(found, Decoded)
    assert TEXT in found.text


def test_two_readings_that_are_equally_good_are_refused() -> None:
    few = in_font("xe Ford là của nhóm A", "tcvn3").encode("latin-1")
    assert isinstance(decode(few), Undecodable)


@pytest.mark.parametrize("foreign", [
    "Le député français a été élu à l'unanimité après une journée très animée à la mairie.",
    "Die Bürger müssen künftig größere Gebühren für übermäßigen Verbrauch zahlen, hieß es.",
    "El señor Muñoz nació en España y después vivió en Perú, según explicó su compañía.",
])
def test_other_languages_are_left_as_they_are(foreign: str) -> None:
    assert decode(foreign.encode()) == Decoded(foreign, "utf-8")
    assert decode(foreign.encode("cp1252")) == Decoded(foreign, "windows-1252")


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậếềểễệ ,.\n", min_size=1, max_size=300))
def test_clean_vietnamese_letters_are_never_changed(text: str) -> None:
    assert repair(unicodedata.normalize("NFC", text)).encoding == "utf-8"


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_a_reason(data: bytes) -> None:
    found = decode(data)
    assert isinstance(found, Decoded | Undecodable)


GOOD = "nghiêng khuỷu quyết giếng gì quý thuở xoong Đường chuếch ngoằn yến oanh"
BROKEN = "cê kà ngiê hoàc tẹnh bàc Krông größere ăa qò đđi"


@pytest.mark.parametrize("word", GOOD.split())
def test_a_wellformed_syllable_is_one(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", BROKEN.split())
def test_what_breaks_the_spelling_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)
