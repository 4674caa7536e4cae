"""Other forms of words: abbreviations, foreign places, numbers."""

import pytest

from search.query.synonyms import Synonyms, load, twin_spellings
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
