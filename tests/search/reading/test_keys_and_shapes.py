"""Keystrokes that no editor decoded, the shape of what was typed, and what typists leave out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.reading.error_model import (
    AS_MEANT,
    DROP_RATES,
    FAITHFUL,
    drops_marks,
    left_out,
    marks_chance,
    slip_chance,
    slip_kind,
)
from search.reading.keyboards import telex, vni
from search.reading.shapes import looks_foreign, shapes
from search.text import PIPELINE, fold, tone_key
from search.text.spelling import spell


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("ddoosi", "đối"), ("DDOOSI", "đối"), ("ddi", "đi"), ("did", "đi"), ("aan", "ân"), ("een", "ên"), ("awn", "ăn"),
        ("anw", "ăn"), ("ow", "ơ"), ("uw", "ư"), ("tuw", "tư"), ("w", None), ("nguowif", "người"), ("nguowfi", "người"),
        ("duongwf", "dường"), ("dduwowngf", "đường"), ("thuowr", "thuở"), ("quow", "quơ"), ("quys", "quý"),
        ("hoaf", "hòa"), ("hofa", "hòa"), ("toans", "toán"), ("vieetj", "việt"), ("hoaxs", None), ("thf", None),
        ("nam", None), ("s", None), ("abcdefghijklms", None), ("việt", None), ("u23", None),
        ("trans", "trán"), ("as", "á"), ("sas", "sá"),
        ("thenhhoangcs", "thénhhoangc"), ("thenhhoangccs", None), ("ass", None), ("dd", None),
        ("muaw", "mưa"), ("kher", "khẻ"), ("mejx", None), ("huow", "huơ"),
    ],
)  # fmt: skip
def test_telex_keys_mean_a_word_or_none(keys: str, word: str | None) -> None:
    assert telex(keys) == (word and tone_key(word))


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("d9o61i", "đối"), ("D9O61I", "đối"), ("ngoai5", "ngoại"), ("ngu7o7i2", "người"), ("nguoi72", "người"),
        ("a8n", "ăn"), ("a6n", "ân"), ("e6", "ê"), ("tu7", "tư"), ("quo7", "quơ"), ("thuo73", "thuở"), ("hoa2", "hòa"),
        ("la4", "lã"), ("hoa1", "hóa"), ("ba12", None), ("b1", None), ("a9", None), ("d99", None), ("u6", None),
        ("e7", None), ("e8", None), ("ba0", None), ("1a", None), ("thanh", None), ("a", None), ("2025", None),
        ("abcdefghijk1", "ábcdefghijk"), ("a1", "á"), ("o6e6", "ôê"), ("oe6", "ôe"), ("a6o", "âo"), ("1", None),
        ("abcdefghijkl1", None), ("đa1", None),
    ],
)  # fmt: skip
def test_vni_keys_mean_a_word_or_none(keys: str, word: str | None) -> None:
    assert vni(keys) == (word and tone_key(word))


@given(st.text("adeiouwfsrxj123456789^.-\x01 bg", max_size=13))
def test_any_keys_mean_a_word_that_can_be_written_or_none(keys: str) -> None:
    for key in filter(None, (telex(keys), vni(keys))):
        assert tone_key(spell(key)) == key


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("hội nghị", "plain plain"),
        ("HỘI NGHỊ", "plain plain"),
        ("gặp ông Nguyễn Văn", "plain plain name name"),
        ("Gặp ông Nguyễn", "plain plain name"),
        ("đội U23", "plain code"),
        ("họp UBND tỉnh", "plain code plain"),
        ("khối A1", "plain code"),
        ("mở facebook", "plain foreign"),
        ("mo facebook", "plain plain"),
        ("ddoosi ngoaij U23", "plain plain code"),
        ("d9o61i ngoai5", "plain plain"),
        ("ngoai5", "plain"),
        ("su30", "code"),
        ("toi thichs Kento vaf", "plain plain plain plain"),
        ("toi thichs Kento", "plain plain name"),
        ("a1 o1", "plain plain"),
        ("a1 o", "code plain"),
        ("so1", "code"),
        ("ngo1", "plain"),
        ("Ngo1", "plain"),
        ("NGO1", "code"),
        ("đối ngoai5", "plain code"),
        ("họp uBnd", "plain code"),
        ("họp A tỉnh", "plain name plain"),
        ("hop misa", "plain plain"),
        ("họp misa", "plain foreign"),
        ("92/QĐ-UBND", "code plain plain"),
    ],
)
def test_names_codes_and_foreign_words_are_told_from_plain_ones(query: str, expected: str) -> None:
    words = [token for token in PIPELINE.tokens(query) if not token.whole]
    assert " ".join(shapes(query, words)) == expected


def test_a_word_of_several_syllables_or_of_none_looks_foreign() -> None:
    words = ["facebook", "formosa", "kg", "nguyen", "thanh", "viet", "hanoi", "sam", "xuan"]
    assert [word for word in words if looks_foreign(word)] == ["facebook", "formosa", "kg", "hanoi"]


def chance(typed: str, meant: str) -> float:
    return sum(marks_chance(tone_key(typed), tone_key(meant), fold(meant)))


def test_what_is_left_out_is_likelier_than_what_is_changed() -> None:
    assert chance("hòa", "hòa") > chance("hoa", "hòa") > chance("hoá", "hòa") > chance("hôa", "hòa") * 2
    assert chance("đương", "đường") > chance("đướng", "đường")  # the tone left out, another tone
    assert chance("dường", "đường") > chance("dướng", "đường")  # a mark of a letter left out, both wrong
    assert chance("hoa", "hoa") == 3 * marks_chance("hoa", "hoa", "hoa")[0]
    careful, half, careless = marks_chance("hoa", "hoa^1", "hoa")
    assert careful < half < careless
    careful, half, careless = marks_chance("hoa^1", "hoa^1", "hoa")
    assert careful > half > careless


def test_who_means_a_marked_word_types_it_with_its_marks_or_without() -> None:
    kept, dropped = marks_chance("hoa^1", "hoa^1", "hoa"), marks_chance("hoa", "hoa^1", "hoa")
    assert [one + other for one, other in zip(kept, dropped, strict=True)] == pytest.approx(AS_MEANT)
    assert dropped == pytest.approx([rate * FAITHFUL for rate in DROP_RATES]) and max(AS_MEANT) < 1


def test_marks_left_out_are_none_that_were_changed() -> None:
    pairs = [("đuong", "đường"), ("duờng", "đường"), ("đưong", "đường"), ("đướng", "đường"), ("đừơng", "dường"),
             ("đườn", "đường")]  # fmt: skip
    dropped = [typed for typed, meant in pairs if drops_marks(tone_key(typed), tone_key(meant))]
    assert dropped == ["đuong", "duờng", "đưong"]


def test_a_slip_is_rarer_still_in_a_word_without_its_marks_of_a_careful_typist() -> None:
    bare = slip_chance(unmarked=True, meant_bare=False)
    assert bare[0] < bare[1] < bare[2] < slip_chance(unmarked=False, meant_bare=False)[0]
    assert slip_chance(unmarked=True, meant_bare=True) == slip_chance(unmarked=False, meant_bare=True)
    assert max(slip_chance(unmarked=False, meant_bare=False)) < chance("hôa", "hòa")


@pytest.mark.parametrize(
    ("likelier", "rarer"),
    [
        (("sahc", "sach"), ("kach", "sach")), (("sch", "sach"), ("szach", "sach")),
        (("dach", "sach"), ("pach", "sach")), (("saach", "sach"), ("sapch", "sach")),
        (("swach", "sach"), ("sajch", "sach")), (("xach", "sach"), ("mach", "sach")),
        (("chai", "trai"), ("pai", "tai")), (("lam", "nam"), ("tam", "nam")),
    ],
)  # fmt: skip
def test_letters_turned_round_or_left_out_and_keys_next_door_are_the_likeliest_slips(
    likelier: tuple[str, str], rarer: tuple[str, str]
) -> None:
    assert slip_kind(*likelier) > slip_kind(*rarer)


def test_keys_touch_within_a_row_and_between_rows_and_no_further() -> None:
    near = {key for key in "qwertyuiopasdfghjklzxcvbnm" if key != "g" and slip_kind("g", key) == slip_kind("g", "h")}
    assert near == set("fhtyvb")


def test_who_types_marks_leaves_none_out_beside_a_slip_but_with_the_letter() -> None:
    assert left_out("hich", "thích") == left_out("thich", tone_key("thích")) == 1
    assert left_out(tone_key("sáhc"), tone_key("sách")) == 1
    assert left_out(tone_key("đờng"), tone_key("đường")) == 1
    assert left_out(tone_key("sáhc"), tone_key("sắc")) < 1
