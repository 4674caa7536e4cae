"""Other forms of words: abbreviations, foreign places, numbers."""

from pathlib import Path

import pytest

from search.query.synonyms import OWN_FILE, Choice, Synonyms, load, twin_spellings
from search.text import PIPELINE, tone_key


@pytest.fixture(scope="module")
def synonyms() -> Synonyms:
    return load()


def forms(synonyms: Synonyms, text: str) -> set[str]:
    tokens = [token for token in PIPELINE.tokens(text) if not token.whole]
    assert synonyms.longest(tokens) >= 1
    choice = synonyms.others(tokens, text)
    return {form.text for form in choice.forms} if choice else set()


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("BĐBP", "Bộ đội Biên phòng"),
        ("tai nạn giao thông", "TNGT"),
        ("ĐBSCL", "đồng bằng sông Cửu Long"),
        ("Hủa Phăn", "Houaphan"),
        ("Houaphan", "Hủa Phăn"),
        ("Vientiane", "Viêng Chăn"),
        ("bo ly kham xay", "Bolikhamxay"),
        ("Myanmar", "Miến Điện"),
        ("30000", "30.000"),
        ("8/3", "8 tháng 3"),
    ],
)
def test_words_have_their_other_forms(synonyms: Synonyms, typed: str, other: str) -> None:
    assert other in forms(synonyms, typed)


@pytest.mark.parametrize("typed", ["Lào", "Nga", "Mỹ", "chị lê", "cụ bà"])
def test_words_that_are_others_as_well_have_none(synonyms: Synonyms, typed: str) -> None:
    tokens = list(PIPELINE.tokens(typed))
    assert synonyms.others(tokens, typed) is None


@pytest.mark.parametrize("typed", ["đầu tư", "ngo doc", "ĐẦU TƯ"])
def test_a_syllable_is_no_abbreviation_unless_it_is_typed_in_capitals(synonyms: Synonyms, typed: str) -> None:
    tokens = list(PIPELINE.tokens(typed))
    assert [synonyms.others([token], typed) for token in tokens] == [None, None]
    assert synonyms.others(list(PIPELINE.tokens("TƯ")), "TƯ") and synonyms.others(list(PIPELINE.tokens("ubnd")), "ubnd")


def test_i_and_y_are_twins_in_both_directions() -> None:
    twins = twin_spellings()
    assert (twins[tone_key("kỹ")], twins[tone_key("kĩ")]) == (tone_key("kĩ"), tone_key("kỹ"))
    assert "#" not in twins and tone_key("tai") not in twins


def choice(synonyms: Synonyms, text: str) -> Choice | None:
    return synonyms.others([token for token in PIPELINE.tokens(text) if not token.whole], text)


def test_a_form_typed_with_marks_is_that_form_and_one_without_is_any() -> None:
    known = Synonyms([["má", "mẹ"], ["mã", "ngựa"]])
    assert [forms(known, typed) for typed in ("má", "mã", "mà", "ma")] == [{"mẹ"}, {"ngựa"}, set(), {"mẹ", "ngựa"}]


@pytest.mark.parametrize(
    ("typed", "whole", "foreign"),
    [("tai nạn giao thông", False, False), ("Viêng Chăn", True, True), ("30000", True, False), ("Đắc Lắc", True, False),
     ("Myanmar", True, False)],
)  # fmt: skip
def test_names_and_numbers_are_one_thing_and_names_from_abroad_are_known_as_such(
    synonyms: Synonyms, typed: str, whole: bool, foreign: bool
) -> None:
    found = choice(synonyms, typed)
    assert found is not None and (found.whole, found.foreign) == (whole, foreign)


def test_a_day_in_digits_is_searched_as_a_compound_with_every_joiner(synonyms: Synonyms) -> None:
    found = choice(synonyms, "8/3")
    assert found is not None
    wholes = {form.text: form.wholes for form in found.forms}
    assert wholes["08/03"] == ("08/03", "08-03", "08.03") and wholes["8 tháng 3"] == ()


def test_forms_that_differ_in_marks_alone_are_searched_once(synonyms: Synonyms) -> None:
    assert forms(Synonyms([["a b", "à b", "co d", "cọ d"]]), "a b") == {"co d"}
    assert forms(Synonyms([["ab", "cọ", "co"]]), "ab") == {"cọ", "co"}
    assert not Synonyms([["hoa", "hòa"], ["", "x"]]).longest(list(PIPELINE.tokens("hoa")))


def test_the_longest_form_tells_how_many_words_are_looked_at() -> None:
    known = Synonyms([["a b c d e f g h", "i"], ["a b", "k"]])
    lengths = [known.longest(list(PIPELINE.tokens(typed))) for typed in ("a", "i x", "b x", "30 x", "hoa 30")]
    assert lengths == [8, 2, 2, 6, 6] and known.longest([]) == 0
    assert known.longest(list(PIPELINE.tokens("hoa"))) == 0


@pytest.mark.parametrize(
    ("typed", "known"),
    [("TƯ", True), ("tư", False), ("ĐẦU TƯ", False), ("đầu TƯ", True), ("TU", True), ("UBND", True), ("ubnd", True)],
)
def test_an_abbreviation_that_is_a_syllable_is_typed_in_capitals_among_small_letters(typed: str, known: bool) -> None:
    table = Synonyms([["TƯ", "trung ương"], ["UBND", "ủy ban"]])
    *_, last = PIPELINE.tokens(typed)
    assert (table.others([last], typed) is not None) == known


def test_an_own_file_is_read_beside_the_default_and_changes_the_digest(tmp_path: Path, synonyms: Synonyms) -> None:
    assert load(tmp_path).digest == synonyms.digest != ""
    (tmp_path / OWN_FILE).write_text("# ghi chú = chú thích\n\nbáo Dấu = tờ Dấu\n", encoding="utf-8-sig")
    own = load(tmp_path)
    assert forms(own, "báo Dấu") == {"tờ Dấu"} and "TNGT" in forms(own, "tai nạn giao thông")
    assert choice(own, "ghi chú") is None and own.digest != synonyms.digest
