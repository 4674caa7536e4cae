"""Provinces in articles: found by their spelling, told apart from what only sounds alike, own one and others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.places import PlaceInput, find_mentions, find_places, host_province
from index.places.districts import find_districts
from search.article import ArticleDate
from search.places import all_names
from search.text import fold_text

NAMES = st.sampled_from([name for name in all_names() if name not in {"Hồ Chí Minh"}])


def names(text: str) -> list[str]:
    return [mention.name for mention in find_mentions(text)]


def day(value: str) -> ArticleDate:
    return ArticleDate(value, "day", "published", value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sở Ngoại vụ tỉnh Thanh Hoá", ["Thanh Hóa"]), ("SỞ NGOẠI VỤ TỈNH PHÚ YÊN", ["Phú Yên"]),
        ("tại Đăk Lăk và ĐắkNông", ["Đắk Lắk", "Đắk Nông"]), ("TP.HCM, TP. Hồ Chí Minh", ["Hồ Chí Minh",
        "Hồ Chí Minh"]),
        ("Bà Rịa – Vũng Tàu", ["Bà Rịa - Vũng Tàu"]), ("Thừa Thiên - Huế", ["Thừa Thiên Huế"]),
        ("UBND Nghệ\u00a0An", ["Nghệ An"]),
        ("Tại Hà Nội, Thủ tướng", ["Hà Nội"]), ("Hà Nội - Nguyễn Nam Hải", ["Hà Nội"]), ("tỉnh Hà Bắc cũ", ["Hà Bắc"]),
        ("tỉnh Vĩnh Phú và Vĩnh Phúc", ["Vĩnh Phú", "Vĩnh Phúc"]), ("Công an Quảng Bình", ["Quảng Bình"]),
        ("phía Nam Hà Nội", ["Hà Nội"]), ("xã A, thị xã Tây Ninh", ["Tây Ninh"]),
    ],
)  # fmt: skip
def test_provinces_are_found_as_they_are_written(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    ["vùng Thái Bình Dương", "TP. Điện Biên Phủ", "Hoàng Anh Gia Lai", "ông Trương Hòa Bình",
     "Nguyễn Thanh Hóa khai", "yêu hòa bình",
     "hải dương học", "cao bằng núi", "tỉnh Hà Nam (Trung Quốc)", "Hà Nam, Trung Quốc", "tư tưởng Hồ Chí Minh",
     "đường Hồ Chí Minh",
     "đường Điện Biên", "sông Đồng Nai", "chị Huế", "Nguyễn Thị Huế", "hoa binh, nam dinh, thanh hoa",
     "dãy Hoàng Liên Sơn",
     "Xô viết Nghệ Tĩnh", "Đồng bằng sông Cửu Long", "huyện Quảng Ninh", "Đại học Thanh Hoa", "Hải Nam, Quảng Đông"],
)  # fmt: skip
def test_what_only_sounds_like_a_province_is_none(text: str) -> None:
    assert names(text) == []


@given(NAMES)
def test_every_name_is_found_after_the_word_province_and_never_unmarked(name: str) -> None:
    text = f"Lãnh đạo tỉnh {name} dự hội nghị."
    (mention,) = find_mentions(text)
    assert mention.name == name
    assert text[mention.start : mention.end].endswith(name)
    if not name.isascii():
        assert fold_text(name).title() == name or find_mentions(f"xem {fold_text(name)} nay") == []


@given(st.text(max_size=80))
def test_any_text_is_searched_without_harm(text: str) -> None:
    for mention in find_mentions(text):
        assert mention.name in all_names() and text[mention.start : mention.end]


def test_an_office_and_the_lead_make_the_own_province_and_lists_only_mentions() -> None:
    places = find_places(PlaceInput(
        title="Lễ ký giao ước thi đua",
        body=("Ngày 17/2, Cụm thi đua tổ chức lễ ký tại Sở Ngoại vụ tỉnh Phú Thọ.",
              "Cụm gồm: Bắc Giang, Bắc Ninh, Hà Nội, Hải Phòng, Hoà Bình và Phú Thọ."),
        date=day("2017-02-17"),
    ))  # fmt: skip
    assert (places.own, places.own_now) == ("Phú Thọ", "Phú Thọ")
    assert places.names == ("Phú Thọ", "Bắc Giang", "Bắc Ninh", "Hà Nội", "Hải Phòng", "Hòa Bình")
    scores = {item.name: item.score for item in places.evidence}
    assert scores["Phú Thọ"] > 0 and scores["Bắc Giang"] == 0
    assert "Sở Ngoại vụ tỉnh Phú Thọ" in places.evidence[0].evidence


def test_only_a_list_of_four_and_more_gives_no_own_province() -> None:
    places = find_places(PlaceInput(body=("Mưa to ở Thanh Hóa, Nghệ An, Hà Tĩnh, Quảng Bình.",)))
    assert places.own == "" and len(places.names) == 4


def test_the_header_of_the_page_outweighs_a_guest() -> None:
    places = find_places(PlaceInput(
        head=("SỞ NGOẠI VỤ TỈNH PHÚ YÊN",), body=("Đoàn công tác của tỉnh Đắk Lắk đến thăm.",), date=day("2023-12-31"),
    ))  # fmt: skip
    assert (places.own, places.own_now, places.names) == ("Phú Yên", "Đắk Lắk", ("Phú Yên", "Đắk Lắk"))


def test_after_the_merger_the_own_province_is_the_new_one_and_the_old_name_stays_a_mention() -> None:
    body = ("UBND tỉnh Phú Yên trước đây đã bàn giao hồ sơ.",)
    assert find_places(PlaceInput(body=body, date=day("2026-03-01"))).names == ("Đắk Lắk", "Phú Yên")
    assert find_places(PlaceInput(body=body, date=day("2024-03-01"))).names == ("Phú Yên",)


def test_hue_before_2025_is_thua_thien_hue() -> None:
    places = find_places(PlaceInput(title="Lễ hội ở Huế", body=("Tại Huế, lễ hội khai mạc.",), date=day("2020-05-01")))
    assert (places.own, places.own_now) == ("Thừa Thiên Huế", "Huế")


def test_where_a_person_is_from_is_not_where_the_story_is() -> None:
    places = find_places(PlaceInput(body=(
        "Công an thị xã Thuận An, tỉnh Bình Dương tạm giam Phạm Văn Thực (ngụ tỉnh Bình Phước).",
    ), date=day("2019-01-28")))  # fmt: skip
    assert places.own == "Bình Dương"


def test_world_news_has_no_province() -> None:
    places = find_places(PlaceInput(title="Triều Tiên thử tên lửa", body=("Bộ chỉ huy Thái Bình Dương Mỹ lên tiếng.",)))
    assert places == type(places)()


def test_a_given_province_is_normalised_and_stands() -> None:
    places = find_places(PlaceInput(given="thanh hoá", body=("Tại Hà Nội, Bộ Y tế họp.",)))
    assert places.own == "Thanh Hóa" and places.evidence[0].evidence.startswith("given")
    assert find_places(PlaceInput(given="Atlantis")).own == ""


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("https://ngoaivu.phuyen.gov.vn/tin", "Phú Yên"), ("baonghean.vn", "Nghệ An"), ("krongno.daknong.gov.vn",
        "Đắk Nông"),
        ("sngvthanhhoa.gov.vn", "Thanh Hóa"), ("tphcm.chinhphu.vn", "Hồ Chí Minh"), ("vnexpress.net", ""),
        ("dantri.com.vn", ""),
        ("chinhphu.vn", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_host_name_may_name_its_province(host: str, name: str) -> None:
    assert host_province(host) == name


def test_the_imprint_of_a_portal_names_its_home_but_not_that_of_a_national_paper() -> None:
    portal = PlaceInput(imprint=("Giấy phép số: 16/GPTTĐT-STTTT, do Sở Thông tin - Truyền thông tỉnh Đắk Nông cấp",))
    paper = PlaceInput(imprint=("Giấy phép số 2216/GP-TTĐT do Sở Thông tin và Truyền thông Hà Nội cấp",))
    assert find_places(portal).own == "Đắk Nông"
    assert find_places(paper).own == ""


def test_a_menu_of_provinces_above_the_article_is_no_header() -> None:
    assert find_places(PlaceInput(head=("Yên Bái", "Lào Cai"), body=("Giá vàng tăng.",))).own == ""


@pytest.mark.parametrize(
    "text",
    ["tàu Hải Dương 8 rút khỏi vùng biển", "Công ty cổ phần Cồn rượu Hà Nội", "CLB Hà Nội thắng trận",
     "Nhà hát Hòa Bình", "xi măng Nghệ An", "phố Hà Nội", "đội Thanh Hóa"],
)  # fmt: skip
def test_a_ship_a_company_a_team_and_a_house_are_no_province(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    "text",
    ["Tòa án nhân dân thành phố Hà Nội", "Công ty A ở Hà Nội", "Công ty TNHH A (Hà Nội)", "Nhà hát Kịch TP Hà Nội",
     "Hà Nội 5 năm qua", "Ngân hàng Nhà nước chi nhánh tỉnh Hà Nội"],
)  # fmt: skip
def test_what_is_of_a_province_or_lies_in_it_names_it(text: str) -> None:
    assert names(text) == ["Hà Nội"]


@pytest.mark.parametrize(
    "body",
    [
        "Phiên sáng nay, cổ phiếu tăng hết biên độ. Sở Giao dịch chứng khoán TP. Hồ Chí Minh yêu cầu giải trình.",
        "Bộ trưởng cho biết việc sắp xếp các sở được tạm dừng. Ông dẫn ví dụ Sở Xây dựng tỉnh Lào Cai đã ổn định.",
        "Giá vàng tăng mạnh trong phiên sáng nay ở nhiều nơi. Một tiệm vàng tại Hà Nội bán hết hàng trong ngày.",
        "Giới yêu cá cảnh chi nhiều tiền cho thú chơi của mình. Có người ở huyện Đắk Song mua cả xe cá.",
    ],
)  # fmt: skip
def test_one_office_one_company_or_one_place_in_passing_make_no_own_province(body: str) -> None:
    assert find_places(PlaceInput(title="Chuyện hôm nay", body=(body,))).own == ""


def test_an_office_in_the_first_sentence_and_a_name_in_the_title_make_the_own_province() -> None:
    assert find_places(PlaceInput(body=("Sáng nay, UBND tỉnh Lào Cai họp.",))).own == "Lào Cai"
    assert find_places(PlaceInput(title="Lào Cai đón khách", body=("Khách đến đông.",))).own == "Lào Cai"
    often = "Mưa to từ đêm qua làm nhiều nơi ngập. Lào Cai ngập nặng. Dân Lào Cai chạy lũ. Cả Lào Cai mất điện."
    assert find_places(PlaceInput(body=(often,))).own == "Lào Cai"


def test_a_national_story_needs_more_to_be_of_a_province() -> None:
    body = ("Chiều nay, đoàn khách đã rời Hà Nội.", "Đoàn sẽ trở lại Hà Nội.")
    assert find_places(PlaceInput(title="Đoàn khách lên đường", body=body)).own == "Hà Nội"
    assert find_places(PlaceInput(title="Thủ tướng lên đường", body=body)).own == ""


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("Hội Nông dân huyện Đăkr’lấp", "Đắk Nông"), ("Công an huyện Đắk Song", "Đắk Nông"), ("TX Chũ", "Bắc Giang"),
        ("TP. Biên Hoà", "Đồng Nai"), ("cập cảng Nha Trang", "Khánh Hòa"), ("H.Bình Chánh", "Hồ Chí Minh"),
        ("HUYỆN KRÔNG NÔ", "Đắk Nông"), ("Huyện ủy Cư M’gar", "Đắk Lắk"), ("quận Hoàn Kiếm", "Hà Nội"),
        ("huyện Châu Thành", ""), ("huyện Phú Tân", ""), ("TP Chu Hải", ""), ("quận 1", ""), ("ông Bình Chánh", ""),
        ("huyện đông anh", ""),
    ],
)  # fmt: skip
def test_a_district_tells_its_province_where_only_one_has_it(text: str, home: str) -> None:
    assert [mention.name for mention in find_districts(text)] == ([home] if home else [])


def test_districts_make_the_own_province_and_are_its_evidence_but_no_mention() -> None:
    body = ("Công an huyện Đắk Song bắt hai người.",)
    places = find_places(PlaceInput(title="Công an huyện Đắk Song phá án", body=body))
    assert places.own == "Đắk Nông" and places.names == ("Đắk Nông",)
    assert "huyện Đắk Song" in places.evidence[0].evidence
    other = find_places(PlaceInput(title="Lào Cai", body=("Lào Cai đón khách từ huyện Đắk Song.",)))
    assert other.names == ("Lào Cai",)


@given(st.text(max_size=80))
def test_any_text_is_searched_for_districts_without_harm(text: str) -> None:
    for mention in find_districts(text):
        assert text[mention.start : mention.end].strip()
