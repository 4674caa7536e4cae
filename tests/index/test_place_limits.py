"""What each sign weighs in the choice of the own province, and where the rules for places end."""

import pytest

from index.places import PlaceInput, find_countries, find_mentions, find_places, host_province, name_countries
from index.places.districts import find_districts
from search.article import ArticleDate
from search.places import all_units, kind_at, merged_into, name_as_of, period, province_now, provinces_now

PASSING = "Giá vàng tăng mạnh trong phiên sáng nay ở nhiều nơi trên cả một vùng rộng lớn. "
FAR = PASSING * 10


def score(name: str = "Lào Cai", **told: object) -> float:
    """The weight behind a score: `score = weight / (weight + 3)`."""
    found = find_places(PlaceInput(**told))  # type: ignore[arg-type]
    shown = next(item.score for item in found.evidence if item.name == name)
    return round(3 * shown / (1 - shown), 1)


@pytest.mark.parametrize(
    ("told", "weight"),
    [
        ({"body": (FAR + "Dân Lào Cai vui.",)}, 1.0), ({"body": (PASSING + "Dân Lào Cai vui.",)}, 1.5),
        ({"body": ("Dân Lào Cai vui.",)}, 2.5), ({"title": "Lào Cai vui"}, 4.0),
        ({"body": ("Tại Lào Cai, dân vui.",)}, 3.3), ({"body": ("UBND tỉnh Lào Cai họp.",)}, 4.0),
        ({"body": (PASSING + "UBND tỉnh Lào Cai họp.",)}, 2.0), ({"body": (PASSING + "Ở Lào Cai vui.",)}, 2.3),
        ({"body": (FAR + "Dân Lào Cai vui. Dân Lào Cai cười.",)}, 1.5),
        ({"host": "laocai.gov.vn", "body": ("a",)}, 4.0),
        ({"body": (FAR + "Anh A (quê Lào Cai) cười.",)}, 0.3), ({"publisher": "Báo Lào Cai"}, 4.0),
        ({"head": ("SỞ NGOẠI VỤ TỈNH LÀO CAI",)}, 4.0), ({"imprint": ("Bản quyền thuộc UBND tỉnh Lào Cai",)}, 3.0),
        ({"body": (FAR + "Công ty A tỉnh Lào Cai lãi.",)}, 0.0),
    ],
)  # fmt: skip
def test_each_sign_has_its_weight(told: dict[str, object], weight: float) -> None:
    assert score(**told) == weight


def test_a_district_weighs_less_in_passing_than_in_the_beginning() -> None:
    lead = find_places(PlaceInput(body=("Công an huyện Đắk Song bắt hai người.", FAR)))
    passing = find_places(PlaceInput(body=(FAR + "Công an huyện Đắk Song bắt hai người.",)))
    assert (lead.own, passing.own) == ("Đắk Nông", "")


@pytest.mark.parametrize(
    ("body", "own"),
    [
        ("Dân Lào Cai vui.", True), (PASSING + "Dân Lào Cai vui. Lào Cai đông.", False),
        (PASSING + "Dân ở Lào Cai vui. Lào Cai đông. Lào Cai.", True), (FAR + "Lào Cai. Lào Cai. Lào Cai.", False),
        (FAR + "Lào Cai. " * 7, True), (PASSING + "Ở Lào Cai vui.", False), (PASSING + "Ở Lào Cai vui. Lào Cai.", True),
    ],
)  # fmt: skip
def test_how_often_and_where_a_province_must_be_named(body: str, own: bool) -> None:
    assert bool(find_places(PlaceInput(body=(body,))).own) is own


def test_captions_name_provinces_but_are_no_lead() -> None:
    body = ("Ảnh: Lào Cai", "Dân vui.", "Tỉnh Hà Giang vui.")
    assert score(body=body, captions=(0,)) == 1.0
    assert score("Hà Giang", body=body, captions=(0,)) == 1.5


@pytest.mark.parametrize(
    ("count", "listed"), [(3, False), (4, True)],
)  # fmt: skip
def test_a_list_has_four_provinces_and_more(count: int, listed: bool) -> None:
    names = ["Lào Cai", "Hà Giang", "Yên Bái", "Sơn La"][:count]
    assert [mention.listed for mention in find_mentions(", ".join(names))] == [listed] * count
    assert not any(mention.listed for mention in find_mentions("Lào Cai, Hà Giang. Mưa to suốt ngày. Yên Bái, Sơn La"))


def test_a_mention_tells_what_stands_around_it() -> None:
    (office,) = find_mentions("Giám đốc Sở Ngoại vụ tỉnh Lào Cai nói")
    assert office.office == "Sở Ngoại vụ tỉnh" and not office.origin and not office.located
    (origin,) = find_mentions("anh A (ngụ tỉnh Lào Cai)")
    assert origin.origin
    (located,) = find_mentions("lễ hội tại tỉnh Lào Cai")
    assert located.located and located.office == ""
    assert find_mentions("Nguyễn Lào Cai") == [] and find_mentions("Lào Cai Nguyễn Văn A")[0].name == "Lào Cai"
    assert find_mentions("Hà Nam (Trung Quốc)") == [] and find_mentions("XEM LÀO CAI") == []
    assert find_mentions("TỈNH LÀO CAI")[0].name == "Lào Cai"


@pytest.mark.parametrize(
    ("when", "name"),
    [("2025-06-30", "Phú Yên"), ("2025-07-01", "Đắk Lắk"), ("2025", "Phú Yên"), ("2026", "Đắk Lắk"), ("", "Phú Yên"),
     ("2025-06", "Phú Yên"), ("2025-07", "Đắk Lắk"), ("2025-Q2", "Phú Yên"), ("2025-Q3", "Đắk Lắk"),
     ("--07-01", "Phú Yên"), ("1988-05-01", "Phú Khánh"), ("1989-06-30", "Phú Yên")],
)  # fmt: skip
def test_the_name_of_a_province_at_a_date(when: str, name: str) -> None:
    assert name_as_of("Phú Yên", when) == name or when.startswith("198")


def test_provinces_in_time() -> None:
    assert province_now("Phú Yên") == "Đắk Lắk" and province_now("Atlantis") == ""
    assert provinces_now("Nghệ Tĩnh") == ("Nghệ An", "Hà Tĩnh") and province_now("Nghệ Tĩnh") == ""
    merger = merged_into("Phú Yên")
    assert merger is not None and (merger.into, merger.since.isoformat()) == (("Đắk Lắk",), "2025-07-01")
    assert merged_into("Hà Nội") is None and merged_into("Atlantis") is None
    assert kind_at("Đồng Nai", "2024-01-01") == "tỉnh" and kind_at("Đồng Nai", "") == "thành phố"
    assert kind_at("Atlantis", "") == "" and len({unit.name for unit in all_units()}) > 63
    for value, days in (("2025", ("2025-01-01", "2025-12-31")), ("2025-02", ("2025-02-01", "2025-02-28")),
                        ("2025-Q4", ("2025-10-01", "2025-12-31")), ("2025-02-03", ("2025-02-03", "2025-02-03"))):
        found = period(value)
        assert found is not None and tuple(day.isoformat() for day in found) == days
    assert period("") is None and period("--02-03") is None


def test_hosts_of_provinces() -> None:
    assert host_province("https://www.laocai.gov.vn/tin") == "Lào Cai" and host_province("laocai.com") == ""
    assert host_province("baolaocai.vn:8080") == "Lào Cai" and host_province("laocaitv.vn") == "Lào Cai"
    assert host_province("sngvthanhhoa.com.vn") == ""


def test_districts_span_their_kind_and_are_not_counted_twice() -> None:
    text = "TP. Nha Trang đón khách"
    (found,) = find_districts(text)
    assert text[found.start : found.end] == "TP. Nha Trang"
    assert [item.name for item in find_districts("Nha Trang và Nha Trang")] == ["Khánh Hòa", "Khánh Hòa"]


def test_a_country_is_scored_by_how_often_it_is_named() -> None:
    once, twice, often = (name_countries("", ("Đoàn Brazil. " * count,))[0] for count in (1, 2, 6))
    assert (once.score, twice.score, often.score) == (0.333, 0.5, 0.75)
    assert once.evidence == "Đoàn Brazil · 1×"
    (mention,) = find_countries("gặp Tổng thống Mỹ tại")
    assert (mention.start, mention.end, mention.kind, mention.sign) == (15, 17, "name", "Tổng thống Mỹ")
    assert find_countries("tỉnh Hủa Phăn")[0].kind == "province" and find_countries("ở Seoul")[0].kind == "capital"


def test_the_date_chooses_the_name_of_a_mention() -> None:
    day = ArticleDate("2026-03-01", "day", "published", "x")
    found = find_places(PlaceInput(title="Phú Yên vui", body=("Phú Yên, Đắk Lắk vui.",), date=day))
    assert found.own == "Đắk Lắk" and set(found.names) == {"Đắk Lắk", "Phú Yên"}


OPENING = "Giá vàng tăng mạnh trong phiên sáng nay ở nhiều nơi. "


@pytest.mark.parametrize(("start", "weight"), [(699, 1.5), (700, 1.0)])
def test_the_lead_has_seven_hundred_characters_of_all_paragraphs(start: int, weight: float) -> None:
    assert score(body=(OPENING.ljust(start - 1, "b") + " Lào Cai vui.",)) == weight
    assert score(body=(OPENING.ljust(300, "b"), "Chú thích.",
    "b" * (start - 301) + " Lào Cai vui."), captions=(1,)) == weight


@pytest.mark.parametrize(("stop", "weight"), [(40, 1.5), (39, 2.5)])
def test_the_first_sentence_has_forty_characters_at_least(stop: int, weight: float) -> None:
    assert score(body=("a" * stop + ". Dân Lào Cai vui.",)) == weight
    assert score(body=("Vui.", "Dân Lào Cai vui.")) == 1.5


@pytest.mark.parametrize(("size", "names"), [(120, True), (121, False)])
def test_a_header_has_a_hundred_and_twenty_characters_at_most(size: int, names: bool) -> None:
    line = "Sở Ngoại vụ tỉnh Lào Cai ".ljust(size, "x")
    assert bool(find_places(PlaceInput(head=(line,), body=("Vui.",))).own) == names


@pytest.mark.parametrize(("size", "names"), [(200, True), (201, False)])
def test_an_imprint_has_two_hundred_characters_at_most(size: int, names: bool) -> None:
    line = "Bản quyền thuộc UBND tỉnh Lào Cai ".ljust(size, "x")
    assert bool(find_places(PlaceInput(imprint=(line,), body=("Vui.",))).own) == names


@pytest.mark.parametrize(
    ("told", "own"),
    [
        ({"head": ("Lào Cai",)}, ""), ({"head": ("Trang tin Lào Cai",)}, "Lào Cai"),
        ({"head": ("UBND tỉnh Lào Cai",)}, "Lào Cai"),
        ({"head": ("UBND tỉnh: Lào Cai, Hà Giang, Yên Bái, Sơn La",)}, ""), ({"imprint": ("UBND tỉnh Lào Cai",)}, ""),
        ({"imprint": ("Bản quyền của UBND thành phố Hà Nội",)}, ""), ({"publisher": "Báo Lào Cai"}, "Lào Cai"),
        ({"title": "Lào Cai vui"}, "Lào Cai"), ({"title": "Thủ tướng thăm Lào Cai"}, "Lào Cai"),
        ({"body": ("Dân Lào Cai vui.",)}, "Lào Cai"), ({"body": ("Thủ tướng thăm dân Lào Cai.",)}, ""),
        ({"title": "Thủ tướng đi thăm", "body": ("Dân Lào Cai vui.",)}, ""),
        ({"body": (OPENING + "Thủ tướng đi thăm.", "Dân Lào Cai vui. Ở Lào Cai.")}, "Lào Cai"),
        ({"given": "Hà Giang", "title": "Lào Cai vui"}, "Hà Giang"), ({"title": "Cảng Lào Cai, Lào Cai"}, "Lào Cai"),
        ({"title": "Văn phòng Chính phủ họp"}, ""), ({}, ""),
    ],
)  # fmt: skip
def test_where_an_article_is_from(told: dict[str, object], own: str) -> None:
    assert find_places(PlaceInput(**told)).own == own  # type: ignore[arg-type]


def test_the_evidence_shows_three_signs_the_count_and_what_was_given() -> None:
    found = find_places(PlaceInput(
        title="Lào Cai vui", given="Lào Cai",
        body=("Dân Lào Cai vui.", "UBND tỉnh Lào Cai họp với Sở Ngoại vụ tỉnh Lào Cai và dân Hà Giang."),
    ))  # fmt: skip
    first, second = found.evidence
    assert (first.name, first.score, second.name) == ("Lào Cai", 1.0, "Hà Giang")
    assert first.evidence == "given · tiêu đề: Lào Cai · câu đầu: Lào Cai · UBND tỉnh Lào Cai · 4×"
    assert second.evidence == "1×" and 0 < second.score < 0.5


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("sngvlaocai.gov.vn", "Lào Cai"), ("sngvlaocai.vn", ""), ("sngvhanoi.gov.vn", ""), ("hanoi.gov.vn", "Hà Nội"),
        ("laocai.vn.com", ""), ("http://a.b/laocai.vn", ""), ("LAOCAI.GOV.VN", "Lào Cai"),
        ("hoilaocai.hanoi.gov.vn", "Hà Nội"),
        ("www.gov.vn", ""), ("", ""), ("sngvhatay.gov.vn", ""), ("baohagiang.vn", "Hà Giang"),
        ("hagiangtv.vn", "Hà Giang"),
    ],
)  # fmt: skip
def test_a_host_of_vietnam_names_a_province_by_one_of_its_parts(host: str, name: str) -> None:
    assert host_province(host) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("LỄ HỘI TẠI LÀO CAI", "Lào Cai"), ("XEM LÀO CAI", ""), ("Xem LÀO CAI", "Lào Cai"), ("Ở LÀO CAI", "Lào Cai"),
        ("Tàu Lào Cai", ""), ("đội Lào Cai 8", ""), ("ở Lào Cai 8", ""), ("ở Lào Cai 8 người", "Lào Cai"),
        ("tỉnh Lào Cai 8", "Lào Cai"),
        ("Khách sạn Lào Cai", ""), ("Khách sạn ở Lào Cai", "Lào Cai"), ("công ty Lào Cai", ""),
        ("công ty tỉnh Lào Cai", "Lào Cai"),
        ("Bà Lào Cai", ""), ("bảng “Lào Cai", "Lào Cai"), ("Mai Lào Cai", ""), ("Lào Cai Mai", "Lào Cai"),
        ("Lào Cai Xanh", ""), ("UBND Lào Cai Xanh", "Lào Cai"), ("Lào Cai ĐẸP", "Lào Cai"), ("A1 Lào Cai", "Lào Cai"),
    ],
)  # fmt: skip
def test_what_touches_a_name_tells_whether_it_is_the_province(text: str, names: str) -> None:
    assert " ".join(mention.name for mention in find_mentions(text)) == names


@pytest.mark.parametrize(
    ("gap", "listed"),
    [(", ", True), (" và ", True), (" cùng các tỉnh ", True), ("; ", True), (" rồi ", False), (". ", False),
    ("," + " " * 29, True),
     ("," + " " * 30, False)],
)  # fmt: skip
def test_a_list_goes_on_over_commas_and_links(gap: str, listed: bool) -> None:
    text = f"Hà Giang, Yên Bái, Sơn La{gap}Lào Cai"
    assert [mention.listed for mention in find_mentions(text)] == [listed] * 4
    assert not any(mention.listed for mention in find_mentions("Lào Cai, Hà Giang, Yên Bái, Lào Cai"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("huyện Đắk Song", "Đắk Nông"), ("huyện Đăk R’Lấp", "Đắk Nông"), ("huyện đắk song", ""), ("huyện Song", ""),
        ("HUYỆN ĐẮK SONG", "Đắk Nông"), ("H. Đắk Song", "Đắk Nông"), ("xã Đắk Song", ""), ("Nha Trang", "Khánh Hòa"),
        ("TP Nha Trang Xanh", "Khánh Hòa"), ("huyện ủy Đắk Song", "Đắk Nông"),
        ("huyện Đắk Song và TP Nha Trang", "Đắk Nông Khánh Hòa"),
    ],
)  # fmt: skip
def test_a_district_is_told_by_its_kind_or_by_its_name(text: str, names: str) -> None:
    assert " ".join(mention.name for mention in find_districts(text)) == names
