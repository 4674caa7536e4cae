"""Countries: found behind what makes them countries, never inside the names of people, towns and things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.places import find_countries, name_countries
from search.article import Article, PlaceEvidence
from search.article_json import decode_article, encode_card
from search.places import country_spellings

NAMES = st.sampled_from([row for row in country_spellings() if len(row.spelling) > 5 and row.kind != "capital"])


def countries(text: str) -> list[str]:
    return [mention.country for mention in find_countries(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tổng thống Mỹ Donald Trump", ["Hoa Kỳ"]), ("Hoa Kỳ và Trung Quốc", ["Hoa Kỳ", "Trung Quốc"]),
        ("CHDCND Lào", ["Lào"]), ("nước bạn Lào", ["Lào"]), ("Thủ tướng Lào Thongloun Sisoulith", ["Lào"]),
        ("quan hệ Việt - Hàn", ["Hàn Quốc"]), ("căng thẳng Mỹ-Triều", ["Hoa Kỳ", "Triều Tiên"]),
        ("hợp tác Việt – Trung", ["Trung Quốc"]), ("tổng thống Hàn", ["Hàn Quốc"]), ("Liên bang Nga", ["Nga"]),
        ("binh sĩ Pháp", ["Pháp"]), ("người đàn ông Nhật 70 tuổi", ["Nhật Bản"]), ("sân bay Vienna (Áo)", ["Áo", "Áo"]),
        ("tỉnh Hủa Phăn (Lào)", ["Lào", "Lào"]), ("tỉnh Bôlykhămxay", ["Lào"]), ("Xiêng Khoảng", ["Lào"]),
        ("Houaphan", ["Lào"]), ("Svay Rieng", ["Campuchia"]), ("Xiêm Riệp", ["Campuchia"]), ("Viêng Chăn", ["Lào"]),
        ("ở Mát-xcơ-va", ["Nga"]), ("Cu-ba", ["Cuba"]), ("thuỷ thủ Thuỵ Điển", ["Thụy Điển"]),
        ("Trung Quốc và Nga cũng đồng ý", ["Trung Quốc", "Nga"]), ("Jordan ký thỏa thuận", ["Jordan"]),
        ("yêu cầu Triều Tiên dừng thử", ["Triều Tiên"]), ("Ấn Độ", ["Ấn Độ"]),
    ],
)  # fmt: skip
def test_countries_are_found_as_the_news_write_them(text: str, found: list[str]) -> None:
    assert countries(text) == found


@pytest.mark.parametrize(
    "text",
    ["Mỹ Tho", "Phú Mỹ", "Bảo tàng Mỹ thuật", "mỹ phẩm", "thợ hàn xì", "sông Hàn", "Hàn Mặc Tử", "Chủ Nhật", "anh Nhật",
     "chị Nga bán hàng. Nga nói.", "Phương Nga", "Nga Sơn", "ông Đức", "Đức Thọ", "bầu Đức",
     "Anh cho biết. Anh nói thêm.", "Vân Anh", "Pháp luật nước ta", "Ý kiến của dân", "Áo dài", "tiếng Anh",
     "sáu thứ tiếng: Anh, Pháp, Nga",
     "tỉnh Lào Cai", "gió Lào",
     "Michael Jordan", "Báo Washington Post", "Ấn Độ Dương", "châu Mỹ", "nước Mỹ Latinh",
     "458 Italia", "a ten minute walk", "Việt Nam", "Trung tâm", "miền Trung - Tây Nguyên", "vua Thái", "Thái Bình",
     "trường Hà Nội - Amsterdam"],
)  # fmt: skip
def test_what_only_sounds_like_a_country_is_none(text: str) -> None:
    assert countries(text) == []


def test_a_doubtful_name_is_believed_where_the_article_has_the_country() -> None:
    assert countries("Nga bán tên lửa. Tổng thống Nga đã ký.") == ["Nga", "Nga"]
    assert countries("Nga bán hàng ở chợ.") == []
    assert countries("Phương Nga kể chuyện. Lời khai của Nga đã rõ.") == []
    assert countries("Vệ tinh của Anh chụp được ảnh.") == ["Anh"]


@given(NAMES, st.sampled_from(["nước {}", "tại {} hôm nay", "Đoàn đến {}, rồi về."]))
def test_every_long_name_is_found_in_a_sentence(row, frame: str) -> None:  # type: ignore[no-untyped-def]
    assert row.country in countries(frame.format(row.spelling)) or row.spelling in ("New Mexico",)


@given(st.text(max_size=120) | st.lists(st.sampled_from(
    ["Mỹ", "Anh", "Nga", "Trung", " - ", "và", ", ", "ông ", "nước ", "Phú", "tiếng ", "(", ")", ". "]), max_size=12
).map(" ".join))
def test_any_text_is_searched_without_harm(text: str) -> None:
    for mention in find_countries(text):
        assert text[mention.start : mention.end] and text[mention.start].isupper()


def test_the_countries_of_an_article_are_ranked_with_their_evidence() -> None:
    found = name_countries("Thủ tướng Lào thăm Mỹ", ("Thủ tướng Lào đến Washington. Lào và Mỹ ký kết.", "Lào cảm ơn."))
    assert [country.name for country in found] == ["Lào", "Hoa Kỳ"]
    assert found[0].evidence == "Thủ tướng Lào · Lào · 4×"
    assert 0 < found[1].score < found[0].score < 1
    assert name_countries("Xã họp dân", ("Bà con đến đông.",)) == ()


def test_countries_are_kept_in_the_stored_article() -> None:
    named = (PlaceEvidence("Lào", 0.5, "Lào · 2×"),)
    article = Article("a", "a.txt", "Lào", "Lào.", countries=named, authors=("A", "B"))
    assert decode_article(encode_card(article)) == article
