"""The rules of text, case by case: what is repaired, folded, spelled, and cut into terms."""

import re

import pytest

from search.text import PIPELINE, fold, fold_text, mend, normalize, tokenize, tone_key, visible
from search.text.fold import letters_of, tone_of
from search.text.spelling import has_marks, spell, unmarked
from search.text.tokens import MAX_TOKEN

E_CIRCUMFLEX_ACUTE = "\u1ebf"


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("e\u0301\u0302", E_CIRCUMFLEX_ACUTE),  # tone before quality
        ("e\u0302\u0301", E_CIRCUMFLEX_ACUTE),
        ("e\u0301\u0301", "\u00e9"),  # a tone twice
        ("a\u0306\u0306\u0301", "\u1eaf"),  # a quality mark twice
        ("\u00ea\u0301", E_CIRCUMFLEX_ACUTE),  # a composed letter and a mark more
        ("u\u0323\u031b", "\u1ef1"),
        ("a\u0340 a\u0341", "\u00e0 \u00e1"),  # twins of Windows-1258
        ("e\u0340\u0302 e\u0341\u0302", "\u1ec1 \u1ebf"),
        *((f"a{sign}b", "ab") for sign in "\u00ad\u061c\u200b\u200f\u202a\u202e\u2060\u2064\u2066\u206f\ufeff"),
        *((f"a{sign}b", "ab") for sign in "\x00\x08\x0e\x1b\x7f\x9f"),
        *((f"a{sign}b", "a\ufffdb") for sign in "\ud800\udfff\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff"),
        ("\u00d0", "\u0110"),
        ("\u00d0\u1eafk \u00f0i \u0189", "\u0110\u1eafk \u0111i \u0110"),  # eth for đ
        ("th\u00ad\u1ecb \u200btr\u1ea5n\ufeff", "th\u1ecb tr\u1ea5n"),  # soft hyphen, zero width, byte order mark
        ("\u202eab\u202c\u2066c\u2069\u061c", "abc"),  # directions
        ("a\x00b\x1bc\x7fd", "abcd"),  # controls that show nothing go
        ("a\x0bb\x1cc\x85d", "a b c d"),  # those that part lines are spaces
        ("\ud83d\ude00", "\U0001f600"),  # two halves are one character
        ("m\u1ed9t \ud83d hai", "m\u1ed9t \ufffd hai"),  # a lone half
        ("\ufdd0\uffff\U0001ffff", "\ufffd\ufffd\ufffd"),  # no characters, of the first plane and beyond
        ("\U0001f600 e\u0301\u0302", f"\U0001f600 {E_CIRCUMFLEX_ACUTE}"),
        ("m\u1ed9t\u00a0hai\tba\nb\u1ed1n\r\n", "m\u1ed9t\u00a0hai\tba\nb\u1ed1n\r\n"),  # blanks stay
        ("x\u0301\u0302", "x\u0302\u0301"),
    ],
)
def test_damaged_text_is_repaired_and_the_rest_stays(raw: str, stored: str) -> None:
    assert normalize(raw) == stored
    assert PIPELINE.normalize(raw) == stored


def test_the_fingerprint_of_the_rules_is_16_hex_digits() -> None:
    assert re.fullmatch("[0-9a-f]{16}", PIPELINE.fingerprint)


def test_mending_alone_leaves_marks_and_invisible_signs_to_others() -> None:
    assert mend("e\u0301\u0302 \u200b\x00 \ud83d") == "e\u0301\u0302 \u200b \ufffd"
    sound = "Thanh Hóa 😀"
    assert mend(sound) is sound


def test_what_a_terminal_would_obey_is_shown_by_its_number() -> None:
    assert visible("tệp\x1b[2J\n\u202ecod") == "tệp\\x1b[2J\\n\\u202ecod"
    assert visible("một\u00a0hai\u3000ba \u200b") == "một\u00a0hai\u3000ba \\u200b"
    assert visible("Sở Ngoại vụ") == "Sở Ngoại vụ"


def test_folding_takes_marks_capitals_and_foreign_letters() -> None:
    cases = {"Đắk": "dak", "THANH": "thanh", "Straße": "strasse", "北京": "beijing", "Ørsted": "orsted", "ﬁn": "fin",
             "Łódź": "lodz", "Я": "ia"}  # fmt: skip
    assert {word: fold(word) for word in cases} == cases
    assert fold_text("Đi\u00a0Đắk\nLắk\u3000ơi ß") == "di dak\nlak oi ß"
    assert fold_text("ABC\tD") == "abc\td"


def test_a_tone_key_names_letters_and_tone() -> None:
    cases = {"hoà": "hoa^1", "thủy": "thuy^2", "nguyễn": "nguyên^3", "Quý": "quy^4", "ĐẠI": "đai^5", "hoa": "hoa",
             "đô": "đô", "TP": "tp"}  # fmt: skip
    assert {word: tone_key(word) for word in cases} == cases
    assert (letters_of("nguyên^3"), tone_of("nguyên^3"), letters_of("đô"), tone_of("đô")) == ("nguyên", "3", "đô", "")


def test_marks_are_tones_qualities_and_the_barred_d() -> None:
    assert [has_marks(tone_key(word)) for word in ("đi", "ân", "hòa", "hoa")] == [True, True, True, False]
    assert [unmarked(key) for key in ("hoa^1", "đăk^4", "nguyên^3")] == ["hoa", "dak", "nguyen"]


def test_the_tone_is_spelled_on_the_vowel_that_carries_it() -> None:
    words = ("già", "giặt", "quốc", "quà", "quyển", "giếng", "gìn", "khuỷu", "ngoài", "rượu", "yếu", "ý", "tiền",
             "thuế", "hoạch", "oằn", "cứu", "xoá", "huỳnh")  # fmt: skip
    old = {"xoá": "xóa"}
    assert [spell(tone_key(word)) for word in words] == [old.get(word, word) for word in words]
    assert spell("hoa") == "hoa" and spell("tp^4") == "tṕ"


def test_tokens_have_their_places_and_parts_one_position_each() -> None:
    told = [(token.key, token.fold, token.start, token.end, token.position, token.whole)
            for token in tokenize("Số 92/QĐ-UBND, Chi-lê.")]  # fmt: skip
    assert told == [
        ("sô^4", "so", 0, 2, 0, False), ("92/qđ-ubnd", "92/qd-ubnd", 3, 13, 1, True), ("92", "92", 3, 5, 1, False),
        ("qđ", "qd", 6, 8, 2, False), ("ubnd", "ubnd", 9, 13, 3, False), ("chilê", "chile", 15, 21, 4, True),
        ("chi", "chi", 15, 18, 4, False), ("lê", "le", 19, 21, 5, False),
    ]  # fmt: skip


def test_a_compound_has_at_most_eight_parts_and_64_letters() -> None:
    def wholes(text: str) -> list[str]:
        return [token.key for token in tokenize(text) if token.whole]

    eight, long = "/".join("abcdefgh"), f"{'a' * 31}/{'b' * 32}"
    assert wholes(eight) == [eight] and wholes(f"{eight}/i") == []
    assert wholes(long) == [long] and wholes(f"{long}b") == []
    assert wholes("covid\u201119 2025–2030 Pê‑ru") == ["covid-19", "2025-2030", "pêru"]
    assert wholes("-đầu cuối- x--y 1.-2 snake_case O'Neil") == []


def test_of_a_longer_word_the_first_64_letters_are_the_term() -> None:
    (token,) = tokenize("ă" * (MAX_TOKEN + 1))
    assert (len(token.key), token.start, token.end) == (64, 0, 64)


def test_marks_that_can_not_be_composed_stay_inside_of_their_word() -> None:
    places = [(token.start, token.end, token.fold) for token in tokenize("q\u0301\u0302u x\u0323")]
    assert places == [(0, 4, "qu"), (5, 7, "x")]


def test_a_tone_key_is_spelled_with_the_tone_where_old_style_has_it() -> None:
    words = "áo ém ủy ếch oán hòa hoán già gì giá quý quán khuỷu ngoèo mía thuở rượu"
    assert [spell(tone_key(word)) for word in words.split()] == words.split()
