"""Titles and offices before a person's name."""

import pytest

from search.query.persons import offices
from search.text import PIPELINE


def name_of(text: str) -> str:
    tokens = [token for token in PIPELINE.tokens(text) if not token.whole]
    typed = [text[token.start : token.end] for token in tokens]
    left_out = offices([token.key for token in tokens], typed)
    return " ".join(word for at, word in enumerate(typed) if at not in left_out)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("đồng chí Trịnh Văn Chiến", "Trịnh Văn Chiến"),
        ("bí thư trịnh văn chiến", "trịnh văn chiến"),
        ("bi thu trinh van chien", "trinh van chien"),
        ("Chủ tịch UBND tỉnh Thanh Hóa Nguyễn Đình Xứng", "Nguyễn Đình Xứng"),
        ("bộ trưởng Trần Hồng Hà", "Trần Hồng Hà"),
        ("ông Võ Cự", "Võ Cự"),
        ("bà Quỳnh Anh", "Quỳnh Anh"),
        ("ông Nguyễn An", "Nguyễn An"),
        ("ông Nguyễn Hoàng Minh Khánh", "Nguyễn Hoàng Minh Khánh"),
    ],
)
def test_titles_and_offices_are_told_from_the_name(query: str, name: str) -> None:
    assert name_of(query) == name


@pytest.mark.parametrize(
    "query",
    [
        "giám đốc sở",
        "anh hùng lao động",
        "chủ tịch nước",
        "Võ Kim Cự",
        "ông Nguyễn nói gì",
        "Chủ tịch UBND huyện Kỳ Anh",
        "bà con",
    ],
)
def test_without_a_name_nothing_is_a_title(query: str) -> None:
    assert name_of(query) == query


@pytest.mark.parametrize(
    ("query", "name"),
    [
        # Three or four words make a name, behind a title two; capitals are asked for where the query has any.
        ("ông lê an", "lê an"), ("ông lê", "ông lê"), ("ông lê an x y", "lê an x y"), ("ông Lê An x y", "Lê An x y"),
        ("ông lê a b c d", "ông lê a b c d"),
        ("ông ở huyện lê an", "ông ở huyện lê an"), ("ông ở huyện lê văn an", "lê văn an"),
        ("ông Lê an", "ông Lê an"), ("Ông lê an", "Ông lê an"), ("ông Lê An", "Lê An"), ("Ông Lê An", "Lê An"),
        ("ông ông lê an", "lê an"), ("phó tổng giám đốc lê an", "lê an"), ("nguyên phó chánh văn phòng Lê An", "Lê An"),
        # Without a family name: one or two words in capitals behind a title, unless all is in capitals.
        ("bà Quỳnh", "Quỳnh"), ("Bà Quỳnh Anh", "Quỳnh Anh"), ("BÀ QUỲNH ANH", "BÀ QUỲNH ANH"),
        ("bà Quỳnh anh", "bà Quỳnh anh"),
        ("bà Quỳnh Xuân Anh", "bà Quỳnh Xuân Anh"), ("ông", "ông"),
    ],
)  # fmt: skip
def test_a_name_has_two_to_four_words_and_the_capitals_of_the_query(query: str, name: str) -> None:
    assert name_of(query) == name
