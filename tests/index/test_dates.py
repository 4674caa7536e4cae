"""Dates: read with the precision they have, told apart by where they stand, never completed."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.dates import DateInput, DateMention, find_dates, given_date, is_dateline, parse_dates
from index.dates.parse import lunar_days
from search.article import ArticleDate

DAYS = st.dates(date(1990, 1, 1), date(2049, 12, 31))
LAYOUTS = st.sampled_from(
    ["{d}/{m}/{y}", "{d:02}/{m:02}/{y}", "{d:02}-{m:02}-{y}", "{d}.{m}.{y}", "ngày {d} tháng {m} năm {y}",
     "{y}-{m:02}-{d:02}",
     "Thứ Sáu, {d}/{m}/{y}, 14:05 GMT+7", "Cập nhật lúc 10:20, {d:02}/{m:02}/{y} (GMT+7)", "ngày {d} tháng {m}/{y}"]
)  # fmt: skip


def values(text: str) -> list[str]:
    return [mention.value for mention in parse_dates(text)]


def agrees(found: tuple[DateMention, ...], expected: str | None) -> bool:
    if expected is None:
        return not found
    if len(found) != 1:
        return False
    if expected == "range":
        return bool(found[0].until)
    first, _, last = expected.partition("..")
    return found[0].value == first and found[0].until.endswith(last)


@pytest.mark.shared
def test_all_53_shared_cases_are_read_as_expected(shared_data: Path) -> None:
    cases = [json.loads(line) for line in (shared_data / "date_cases.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong = [case for case in cases if not agrees(parse_dates(case["text"]), case["date"])]
    assert len(cases) == 53 and wrong == []


@given(DAYS, LAYOUTS)
def test_a_day_is_read_back_from_every_layout(day: date, layout: str) -> None:
    text = layout.format(d=day.day, m=day.month, y=day.year)
    assert values(text) == [day.isoformat()]
    assert values(f"Sáng nay, {text} và còn nữa") == [day.isoformat()]


@given(st.integers(1, 31), st.integers(1, 12), st.integers(1990, 2049))
def test_only_days_of_the_calendar_are_dates(day: int, month: int, year: int) -> None:
    try:
        expected = [date(year, month, day).isoformat()]
    except ValueError:
        expected = []
    assert values(f"ngày {day}/{month}/{year}") == expected


@given(st.text(alphabet="0123456789/.-– ngàythángnămquýsáng", max_size=60))
def test_no_text_breaks_the_reader_and_every_value_is_in_the_calendar(text: str) -> None:
    for mention in parse_dates(text):
        assert text[mention.start : mention.end]
        if mention.precision == "day":
            date.fromisoformat(mention.value)
            assert not mention.until or mention.until >= mention.value


@pytest.mark.parametrize(
    "text",
    ["tổng số 11.561.360 USD", "1,9 triệu", "tăng 3/4", "mở cửa 24/7", "Nghị định 47/2014/QH13", "giai đoạn 2021-2030",
     "đạt 4.313 lượt", "hotline 024.3974.3410", "trận thắng 2-1", "IP 192.168.1.12", "31/12/9999", "ngày 30/02/2020",
     "phiên bản 2.10.3", "tỷ lệ 1/500"],
)  # fmt: skip
def test_numbers_ratios_terms_and_laws_are_no_dates(text: str) -> None:
    assert values(text) == []


def test_the_day_of_a_law_is_marked_as_such() -> None:
    (mention,) = parse_dates("Quyết định số 92/QĐ-UBND ngày 18/01/2019 của UBND tỉnh")
    assert mention.law and mention.value == "2019-01-18"


def test_a_publication_label_is_the_date_and_the_lead_the_event() -> None:
    published, event = find_dates(DateInput(
        head=("Hoạt động - Đăng ngày: 31/12/2023",), body=("Ngày 29/12/2023, Sở tổ chức hội nghị.",),
    ))  # fmt: skip
    assert (published.value, published.source) == ("2023-12-31", "published")
    assert (event.value, event.source) == ("2023-12-29", "stated")


def test_a_line_that_is_only_a_date_states_it() -> None:
    published, event = find_dates(DateInput(head=("17/02/2017",), body=("Ngày 17/2, cụm thi đua tổ chức lễ ký.",)))
    assert (published.value, published.source) == ("2017-02-17", "stated")
    assert (event.value, event.source) == ("2017-02-17", "inferred")


def test_a_crawled_day_is_stated_and_a_crawled_month_is_filled_by_the_event() -> None:
    lead = ("Sáng 25/6, Chi bộ tổ chức Đại hội nhiệm kỳ 2025 - 2030.",)
    by_day, _ = find_dates(DateInput(body=lead, crawl=ArticleDate("2025-06-26", "day", "crawl", "date 2025-06-26")))
    by_month, _ = find_dates(DateInput(body=lead, crawl=ArticleDate("2025-06", "month", "crawl", "date 2025-06")))
    alone, _ = find_dates(DateInput(body=("Không có ngày.",), crawl=ArticleDate("2025-06", "month", "crawl",
    "date 2025-06")))
    assert (by_day.value, by_day.source) == ("2025-06-26", "stated")
    assert (by_month.value, by_month.source) == ("2025-06-25", "inferred")
    assert (alone.value, alone.precision, alone.source) == ("2025-06", "month", "crawl")


@pytest.mark.parametrize(
    ("lead", "value"),
    [
        ("Chiều 26/12, Sở tổ chức hội nghị tổng kết năm 2025, triển khai nhiệm vụ năm 2026.", "2025-12-26"),
        ("Chiều 15/1, Liên hiệp tổ chức hội nghị tổng kết năm 2025, triển khai nhiệm vụ năm 2026.", "2026-01-15"),
        ("Ngày 5/3, huyện ra quân trồng cây.", "--03-05"),
        ("Ngày 5/3, huyện trao giải thưởng năm 2019.", "--03-05"),
    ],
)
def test_the_year_comes_from_what_the_lead_reviews_or_stays_unknown(lead: str, value: str) -> None:
    published, _ = find_dates(DateInput(body=(lead,)))
    assert (published.value, published.source) == (value, "inferred")


def test_the_only_year_of_an_article_dates_it_if_the_title_names_it() -> None:
    lead = ("Ngày 5/3, huyện ra quân trồng cây.",)
    alone, _ = find_dates(DateInput(title="Huyện ra quân trồng cây năm 2019", body=lead))
    among, _ = find_dates(DateInput(title="Huyện ra quân trồng cây năm 2019", body=(*lead, "So với năm 2018.")))
    assert (alone.value, among.value) == ("2019-03-05", "--03-05")


def test_a_full_day_deep_in_the_lead_does_not_date_the_article() -> None:
    published, event = find_dates(DateInput(body=("Vụ án kéo dài nhiều năm.", "Ngày 31/7/2008, tòa mở phiên xử đầu.")))
    assert published == ArticleDate() and event.value == "2008-07-31"


@given(DAYS, DAYS)
def test_an_event_without_a_year_is_the_latest_not_after_the_publication(published: date, event: date) -> None:
    assume((event.month, event.day) != (2, 29))
    _, found = find_dates(DateInput(given=published.isoformat(), body=(f"Sáng {event.day}/{event.month}, Sở họp.",)))
    day = date.fromisoformat(found.value)
    assert (day.month, day.day) == (event.month, event.day)
    assert published - timedelta(days=366) <= day <= published + timedelta(days=1)


@pytest.mark.parametrize(
    "text",
    ["Giấy phép số 112 cấp ngày 22/5/2018", "Hôm nay là Thứ Ba, 05/08/2025", "Thứ năm, 09/05/2019",
     "Hội nghị diễn ra ngày 12/05/2021.",
     "Kỷ niệm 90 năm Ngày Thành lập (28/7/1929 - 28/7/2019)"],
)  # fmt: skip
def test_licences_calendars_and_slogans_that_repeat_are_no_datelines(text: str) -> None:
    assert not is_dateline(text, repeated=True)


@pytest.mark.parametrize(
    "text",
    ["08/08/2019", "thứ năm, 08 08 2019 08:51", "(05.08.2019 16:32)", "07-03-2026 - 00:01 AM | Thị trường chứng khoán",
     "Thứ bảy, 7/3/2026, 00:05 (GMT+7)", "Chủ nhật - 29/09/2024 19:43 35 0", "Ngày đăng: 29/12/2023 - 10:20",
     "Bến Tre, ngày 30/4/2022",
     "Tháng Mười Hai 29, 2023", "29 Th12, 2023", "December 29, 2023", "Số lượt xem: 35 - Ngày 29/12/2023",
     "29/12/23 08:00"],
)  # fmt: skip
def test_lines_that_date_an_article_are_datelines_though_they_repeat(text: str) -> None:
    assert is_dateline(text, repeated=True)


def test_a_sentence_in_the_body_is_not_the_publication() -> None:
    published, event = find_dates(DateInput(body=(
        "Theo Quyết định số 12/QĐ-UBND ngày 5/3/2019, tỉnh hỗ trợ người dân.", "Kỷ niệm 50 năm ngày 30/4/1975.",
    )))  # fmt: skip
    assert published == event == ArticleDate()


def test_an_announced_day_does_not_date_the_article() -> None:
    published, event = find_dates(DateInput(body=("Ngày 20/4/2024, tỉnh sẽ khai mạc lễ hội.",)))
    assert published == ArticleDate() and event.value == "2024-04-20"


@pytest.mark.parametrize(
    ("written", "value", "precision"),
    [
        ("2023-12-31", "2023-12-31", "day"), ("2017-02-06T15:41:52+07:00", "2017-02-06", "day"),
        ("2019-05-17T20:00:00Z", "2019-05-18", "day"), ("31/12/2023", "2023-12-31", "day"), ("2023-12", "2023-12",
        "month"),
        ("12/2023", "2023-12", "month"), ("2023", "2023", "year"), ("2023-Q4", "2023-Q4", "quarter"),
        ("--12-26", "--12-26", "daymonth"), ("1698934268", "2023-11-02", "day"), ("", "", "unknown"),
        ("31/02/2019", "", "unknown"), ("hôm qua", "", "unknown"), ("9999-99-99", "", "unknown"),
    ],
)  # fmt: skip
def test_a_given_date_is_brought_into_one_form_or_dropped(written: str, value: str, precision: str) -> None:
    found = given_date(written)
    assert (found.value, found.precision, found.source) == (value, precision, "given" if value else "unknown")


@given(st.text(max_size=40) | st.integers() | st.floats(allow_nan=True) | st.none() | st.booleans())
def test_any_given_value_is_a_date_or_none(value: object) -> None:
    found = given_date(value)
    assert (found.value == "") == (found.precision == "unknown")


def test_a_given_date_stands_above_all_others() -> None:
    published, _ = find_dates(DateInput(given="2020-01-02", head=("Đăng ngày: 31/12/2023",), meta=("2021-01-01",)))
    assert (published.value, published.source) == ("2020-01-02", "given")


def test_structured_data_dates_a_page_that_shows_no_date() -> None:
    published, _ = find_dates(DateInput(meta=("2025-10-22T19:25:52+07:00",), body=("Người đàn ông 63 tuổi đau bụng.",)))
    assert (published.value, published.source) == ("2025-10-22", "published")


def event_of(*body: str, title: str = "", published: str = "") -> str:
    return find_dates(DateInput(title=title, body=body, given=published))[1].value


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (("Chiều 17-5, tàu cập cảng.", "Chuyến thăm kéo dài từ ngày 17-5-2018 đến ngày 2-6-2018."), "2018-05-17"),
        (("Sáng 9/6, Quốc hội thảo luận về ngân sách những tháng đầu năm 2017.",), "2017-06-09"),
        (("Chiều 1.8, huyện triển khai nhiệm vụ 6 tháng cuối năm 2019.",), "2019-08-01"),
        (("Sáng 11/12, các cụ ôn lại chuyện cách đây 70 năm.", "Lệnh được phát đêm 19/12/1946."), "2016-12-11"),
        (("Sáng 27/2, các cụ ôn lại chuyện cách đây 70 năm.", "Làng bị đốt ngày 29/2/1952."), "2022-02-27"),
        (("Tối 4/7, khai mạc Ngày hội Sông Biển 2017.",), "2017-07-04"),
        (("Ngày 8/2, tỉnh họp.", "Hạn nộp là 20/2/2017, theo văn bản gửi đi hôm 23/1/2017."), "2017-02-08"),
        (("Ngày 8/2, tỉnh họp.", "Vụ việc bắt đầu vào ngày 3/1/2015."), "--02-08"),
        (("Ngày 8/2, tỉnh họp về Luật Đất đai 2013.",), "--02-08"),
        (("Ngày 8/2, tỉnh nêu mục tiêu đến năm 2030.",), "--02-08"),
        (("Trưởng thôn nói về con đường chiều nay.", "Cuộc gặp diễn ra chiều 12/9 tại nhà văn hóa."), "--09-12"),
        (("Lễ hội được tổ chức từ ngày 3-8/3/2017 ở công viên.",), "2017-03-03"),
        (("Chính sách mới có hiệu lực từ tháng 12/2018.",), "2018-12"),
        (("Giá vàng tăng.", "Năm 2014, giá cũng tăng."), ""),
        (("Giá vàng tăng.", "Ngày 23/6/2015, giá giảm."), "2015-06-23"),
        (("Giá vàng tăng.", "Giá đã tăng.", "Ngày 23/6/2015, giá giảm."), ""),
    ],
)  # fmt: skip
def test_the_year_of_an_event_is_found_wherever_the_text_tells_it(body: tuple[str, ...], event: str) -> None:
    assert event_of(*body) == event


def test_a_title_that_names_a_year_dates_an_event_of_which_no_day_is_told() -> None:
    assert event_of("Bà con dựng gian hàng.", title="Ngày hội sách tỉnh năm 2019") == "2019"
    assert event_of("Bà con dựng gian hàng.", title="Năm Du lịch quốc gia 2017") == "2017"
    assert event_of("Bà con dựng gian hàng.", title="Điểm mới của Luật Đất đai 2013") == ""
    assert event_of("Bà con dựng gian hàng năm 2021.", title="Ngày hội sách tỉnh năm 2019") == ""


@pytest.mark.parametrize(
    "lead",
    ["Cách đây gần 70 năm, ngày 12-8-1952, báo đăng bài về một làng.", "Ngày 3/2/1930, Đảng ra đời.",
     "Kỷ niệm 50 năm ngày 30/4/1975, tỉnh tổ chức lễ."],
)  # fmt: skip
def test_an_anniversary_is_neither_the_publication_nor_the_event(lead: str) -> None:
    assert find_dates(DateInput(body=(lead, "Đến nay làng vẫn giữ nếp ấy.")))[0] == ArticleDate()
    assert event_of(lead) == ""


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Ngày 10/3 âm lịch", ["10/3"]), ("ngày 15 tháng 7 âm lịch", ["ngày 15 tháng 7"]),
        ("ngày 10 tháng 3 năm Mậu Tuất", ["ngày 10 tháng 3"]), ("mùng 6 tháng Giêng", ["mùng 6 tháng Giêng"]),
        ("Ngày 10/3 (âm lịch) hằng năm", ["10/3"]), ("âm lịch: ngày 10/3", ["10/3"]), ("ngày 2/9 dương lịch", []),
    ],
)  # fmt: skip
def test_a_lunar_day_is_told_and_is_no_day_of_ours(text: str, days: list[str]) -> None:
    assert [day in text for day in lunar_days(text)] == [True] * len(days)
    assert all(wanted.lower() in told.lower() for wanted, told in zip(days, lunar_days(text), strict=True))
    assert bool(parse_dates(text)) == (not days)
    published, event = find_dates(DateInput(body=(f"{text}, bà con đi lễ.",)))
    if days:
        assert published == ArticleDate() and event.value == "" and "âm lịch" in event.evidence


def test_the_solar_day_beside_a_lunar_one_is_read() -> None:
    assert values("Ngày 21/4 (tức 10/3 âm lịch)") == ["--04-21"]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("T3, 03/13/2018 - 10:15", "2018-03-13"), ("Submitted by admin on T3, 03/13/2018 - 10:15", "2018-03-13"),
        ("Được gửi bởi admin vào T3, 13/03/2018 - 10:15", "2018-03-13"), ("T6, 02/03/2018", "2018-03-02"),
        ("Tháng Ba 12, 2018 bởi admin", "2018-03-12"), ("12 Thg 3, 2018", "2018-03-12"),
        ("12 Thg 3 2018", "2018-03-12"),
        ("Thg 3 12, 2018", "2018-03-12"), ("2018/03/12", "2018-03-12"), ("12-Mar-2018", "2018-03-12"),
        ("3/13/2018 10:15 AM", "2018-03-13"), ("thứ năm, 29 06, 2017", "2017-06-29"),
        ("Viết bởi Lê Hợi - Thứ hai, 12 Tháng 3 2018", "2018-03-12"),
        ("Được viết ngày Thứ hai, 12 Tháng 3 2018 08:15", "2018-03-12"),
        ("Created on Monday, 12 March 2018", "2018-03-12"), ("Đăng lúc: 08:15 - 12/03/2018", "2018-03-12"),
        ("Thứ ba - 13/03/2018 10:15", "2018-03-13"), ("Lần cập nhật cuối: 12/03/2018", "2018-03-12"),
    ],
)  # fmt: skip
def test_datelines_of_the_common_systems_are_read(line: str, day: str) -> None:
    published, _ = find_dates(DateInput(head=(line,)))
    assert published.value == day


@pytest.mark.parametrize("text", ["số 2018/13/45", "13/13/2018 10:15 AM", "T3, 45/13/2018", "1/2000"])
def test_what_fits_no_calendar_is_no_date(text: str) -> None:
    assert [value for value in values(text) if len(value) == 10] == []


@given(st.sampled_from([
    "ngày 5/3/2019", "Thứ Sáu, 05/03/2019", "ngày 5 tháng ba năm 2019", "ngày mùng 5 tháng 3", "sáng 5/3",
    "quý III/2019", "tháng mười hai năm 2019", "từ ngày 3-8/3/2019", "từ ngày 30/6 đến ngày 2/7/2019",
    "Nghị quyết 92/NQ-HĐND ngày 5/3/2019", "mùng 6 tháng Giêng", "5/3 âm lịch", "March 5, 2019",
    "2019-03-05T10:00:00.000+07:00",
]), st.integers(0, 3), st.integers(0, 3))  # fmt: skip
def test_a_date_reads_the_same_wherever_in_a_long_text_it_stands(written: str, before: int, behind: int) -> None:
    sentence = "Bà con trong xóm kể lại chuyện dời chợ với giá 1.250 đồng một chỗ, ai nấy đều vui vẻ đồng tình. "
    alone, text = parse_dates(written), f"{sentence * before}{written}. {sentence * behind}"
    found = parse_dates(text)
    assert [mention.value for mention in found] == [mention.value for mention in alone]
    assert all(text[mention.start : mention.end] in written for mention in found)
