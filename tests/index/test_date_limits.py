"""Where the rules for dates end: the last day, year and distance at which each still holds, and what is beyond."""

from datetime import date
from typing import Any

import pytest

from index.dates import DateInput, dateline, find_dates, is_dateline, parse_dates
from index.dates.labels import company, find_dateline
from index.dates.parse import lunar_days
from index.dates.years import YearClues, year_before
from search.article import ArticleDate


def year_of(month: int, day: int, *body: str, title: str = "") -> int | None:
    found = YearClues(title, body).year_of(month, day)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("told", "year"),
    [
        ("Hồ sơ được gửi hôm 29/1/2017.", 2017), ("Hồ sơ được gửi hôm 28/1/2017.", None),
        ("Hạn nộp là 10/2/2017.", None), ("Gửi hôm 11/12/2016, hạn 9/4/2017.", 2017),
        ("Gửi hôm 9/12/2016, hạn 9/4/2017.", None), ("Gửi hôm 11/12/2016, hạn 10/4/2017.", None),
        ("Gửi ngày 8/2/2017 rồi.", 2017), ("Gửi ngày 8/2/2016, gửi lại ngày 8/2/2017.", None),
        ("Hồ sơ được gửi hôm 1/2/1997.", None), ("Gửi hôm 1/2/2017, đến ngày 3/9/2018 mới xong.", None),
    ],
)  # fmt: skip
def test_full_dates_tell_the_year_of_a_near_day_only(told: str, year: int | None) -> None:
    assert year_of(2, 8, "Ngày 8/2, xã họp.", told) == year


def test_a_day_of_january_is_of_the_year_after_a_full_date_shortly_before_it() -> None:
    assert year_of(1, 5, "Ngày 5/1, xã họp.", "Hồ sơ được gửi hôm 29/12/2016.") == 2017
    assert year_of(1, 5, "Ngày 5/1, xã họp.", "Hồ sơ được gửi hôm 9/12/2016, hạn 9/2/2017.") == 2017


@pytest.mark.parametrize(
    ("month", "told", "year"),
    [
        (6, "6 tháng đầu năm 2017", 2017), (5, "6 tháng đầu năm 2017", None), (8, "6 tháng cuối năm 2019", 2019),
        (5, "6 tháng cuối năm 2019", None), (6, "những tháng cuối năm 2019", 2019), (1, "các tháng đầu năm 2017", 2017),
        (9, "6 tháng đầu năm 2017, còn năm 2018", None), (9, "6 tháng đầu năm 2017, mục tiêu năm 2030", 2017),
    ],
)  # fmt: skip
def test_a_part_of_the_year_tells_the_year_of_the_months_that_fit(month: int, told: str, year: int | None) -> None:
    assert year_of(month, 8, f"Xã đánh giá {told}.") == year


@pytest.mark.parametrize(
    ("lead", "month", "year"),
    [
        ("Hội nghị tổng kết công tác năm 2023", 12, 2023), ("Hội nghị tổng kết công tác năm 2023", 10, 2023),
        ("Hội nghị tổng kết công tác năm 2023", 1, 2024), ("Hội nghị tổng kết công tác năm 2023", 3, 2024),
        ("Hội nghị tổng kết công tác năm 2023", 4, None), ("Hội nghị tổng kết công tác năm 2023", 9, None),
        ("Triển khai nhiệm vụ năm 2024", 12, 2023), ("Triển khai nhiệm vụ năm 2024", 1, 2024),
    ],
)  # fmt: skip
def test_reviews_and_plans_are_made_at_the_turn_of_the_year(lead: str, month: int, year: int | None) -> None:
    assert year_of(month, 8, f"Ngày 8/{month}, {lead.lower()} được tổ chức.") == year


@pytest.mark.parametrize(
    ("body", "year"),
    [
        ("chuyện cách đây 70 năm, đêm 19/12/1946", 2016), ("chuyện cách đây 70 năm, đêm 19/12/1946 và 50 năm", 2016),
        ("chuyện cách đây 7 năm, đêm 19/12/1946", None), ("chuyện cách đây 70 năm, năm 1946", None),
        ("chuyện cách đây 70 năm, đêm 19/6/1946", None), ("chuyện cách đây 10 năm, đêm 19/12/1946", None),
    ],
)  # fmt: skip
def test_an_anniversary_tells_the_year_if_its_day_is_near(body: str, year: int | None) -> None:
    assert year_of(12, 11, f"Các cụ kể {body}.") == year


def test_a_name_with_a_year_tells_it_unless_a_later_one_is_written() -> None:
    assert year_of(7, 4, "Khai mạc Ngày hội Sông Biển 2017.") == 2017
    assert year_of(7, 4, "Khai mạc Ngày hội Sông Biển 2017.", "Năm 2018 sẽ khác.") is None
    assert year_of(7, 4, "Khai mạc Ngày hội Sông Biển 2017.", "Đến năm 2025 sẽ khác.") == 2017
    assert year_of(7, 4, "Khai mạc Ngày hội Sông Biển 1997.") is None
    assert year_of(7, 4, "Chị Mỹ (SN 2017) cười.") is None
    assert year_of(7, 4, "Bà con xem lễ.", "Ngày hội Sông Biển 2017 đã xong.") is None
    assert year_of(7, 4, "Bà con xem lễ.", title="Ngày hội Sông Biển 2017") == 2017


def test_the_latest_year_that_fits_the_publication_is_taken() -> None:
    assert year_before(6, 10, date(2020, 6, 9)) == 2020
    assert year_before(6, 11, date(2020, 6, 9)) == 2019
    assert year_before(6, 10, date(2020, 6, 10)) == 2020
    assert year_before(1, 1, date(2019, 12, 31)) == 2020
    assert year_before(10, 7, date(2020, 6, 9), announced=True) == 2020
    assert year_before(10, 8, date(2020, 6, 9), announced=True) == 2019
    assert year_before(2, 29, date(2019, 6, 9)) == 2016


@pytest.mark.parametrize(("year", "kept"), [(2020, True), (2017, True), (2016, False)])
def test_an_event_long_before_the_publication_is_history(year: int, kept: bool) -> None:
    _, event = find_dates(DateInput(given="2020-06-09", body=(f"Ngày 5/5/{year}, xã họp dân.",)))
    assert bool(event.value) is kept


@pytest.mark.parametrize(("year", "kept"), [(1997, False), (1998, True)])
def test_nothing_was_published_on_the_net_before_1998(year: int, kept: bool) -> None:
    published, event = find_dates(DateInput(body=(f"Ngày 5/5/{year}, xã họp dân.",)))
    assert (bool(event.value), bool(published.value)) == (kept, kept)


def test_the_crawlers_month_bounds_the_event_and_its_year() -> None:
    crawl = ArticleDate("2025-06", "month", "crawl", "date 2025-06")
    assert find_dates(DateInput(crawl=crawl, body=("Sáng 25/6, chi bộ họp.",)))[1].value == "2025-06-25"
    assert find_dates(DateInput(crawl=crawl, body=("Sáng 25/6, chi bộ họp.",)))[0].value == "2025-06-25"
    assert find_dates(DateInput(crawl=crawl, body=("Sáng 25/7, chi bộ họp.",)))[1].value == "2024-07-25"
    assert find_dates(DateInput(crawl=crawl, body=("Sáng 25/7, chi bộ họp.",)))[0].value == "2025-06"


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (("Cập nhật: 15/03/2018", "Đăng ngày: 12/03/2018"), "2018-03-12"),
        (("12/03/2018", "Thứ ba, 13/03/2018, 10:15"), "2018-03-13"), (("12/03/2018", "15/03/2018"), "2018-03-15"),
        (("Thời sự | 15/03/2018", "12/03/2018"), "2018-03-12"), (("Thứ ba, 13/03/2018", "12/03/2018"), "2018-03-12"),
        (("Giấy phép số 5 ngày 12/03/2018",), ""), (("Hạn nộp hồ sơ là 12/03/2018 nhé bà con",), ""),
        (("Bến Tre, ngày 30/4/2022",), "2022-04-30"), (("12/03/2018 - 15/03/2018",), ""), (("2018",), ""),
    ],
)  # fmt: skip
def test_the_surest_dateline_wins_and_of_equal_ones_the_latest(lines: tuple[str, ...], day: str) -> None:
    found = find_dateline(lines)
    assert (found.mention.value if found else "") == day


@pytest.mark.parametrize(
    ("line", "rank", "beside"),
    [
        ("Đăng ngày: 12/03/2018", 4, ""), ("12/03/2018 10:15", 3, ""), ("12/03/2018", 2, ""),
        ("Thời sự | 12/03/2018", 1, "Thời sự"), ("Cập nhật: 12/03/2018", 1, ""),
        ("Mai Nga - Thứ hai, 12/03/2018 10:15", 3, "Mai Nga"), ("12/03/2018 | N.Bình", 1, "N.Bình"),
    ],
)  # fmt: skip
def test_a_dateline_says_how_sure_it_is_and_what_stands_beside_the_date(line: str, rank: int, beside: str) -> None:
    found = dateline(line)
    assert found is not None and (found.rank, found.labelled) == (rank, rank >= 3)
    assert company(line) == beside


def test_long_lines_and_sentences_are_no_datelines() -> None:
    assert is_dateline("Thời sự | " + "a" * 30 + " | 12/03/2018")
    assert not is_dateline("Thời sự | " + "a" * 60 + " | 12/03/2018")
    assert not is_dateline("12/03/2018 10:15 " + "x" * 120)
    assert not is_dateline("Bà con họp - 12/03/2018.")
    assert company("Bà con họp hôm qua.") == ""


MONTHS = ["Một", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Mười Hai"]


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_is_read_by_its_word_and_its_english_name(month: int) -> None:
    day = f"2018-{month:02}-05"
    english = date(2018, month, 5).strftime("%B")
    assert [mention.value for mention in parse_dates(f"ngày 5 tháng {MONTHS[month - 1]} năm 2018")] == [day]
    assert [mention.value for mention in parse_dates(f"{english} 5, 2018")] == [day]
    assert [mention.value for mention in parse_dates(f"5 {english[:3]} 2018")] == [day]
    assert [mention.value for mention in parse_dates("tháng bốn năm 2018")] == ["2018-04"]
    assert [mention.value for mention in parse_dates("ngày 5 tháng bẩy năm 2018")] == ["2018-07-05"]


@pytest.mark.parametrize("day", range(5, 12))
def test_the_weekday_tells_which_number_is_the_month(day: int) -> None:
    short = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"][date(2018, 3, day).weekday()]
    wrong = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"][date(2018, day, 3).weekday()]
    english = date(2018, 3, day).strftime("%A")
    if short != wrong:
        assert [mention.value for mention in parse_dates(f"{short}, 03/{day:02}/2018")] == [f"2018-03-{day:02}"]
        assert [mention.value for mention in parse_dates(f"{english}, 03/{day:02}/2018")] == [f"2018-03-{day:02}"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("quý I/2018", ["2018-Q1"]), ("quý II năm 2018", ["2018-Q2"]), ("quý 3/2018", ["2018-Q3"]),
        ("quý IV/2018", ["2018-Q4"]), ("ngày 5/3/18", ["2018-03-05"]), ("5/3/18", ["2018-03-05"]),
        ("20180305", ["2018-03-05"]), ("2018-03", ["2018-03"]), ("năm 2018", ["2018"]), ("ngày 5/3/2100", []),
        ("ngày 5/3/2099", ["2099-03-05"]), ("ngày 5/3/1900", ["1900-03-05"]), ("ngày 5/3/1899", []),
        ("tháng 12/2018", ["2018-12"]), ("tháng 13/2018", []), ("ngày 3 - 5/3/2018", ["2018-03-03"]),
        ("ngày 30/12/2017 - 2/1/2018", ["2017-12-30"]), ("ngày 7 - 5/3/2018", []), ("chiều 5-3", ["--03-05"]),
        ("lúc 6h 27/3", ["--03-27"]), ("tỷ lệ 3/4", []), ("số 92/QĐ-UBND (18/01/2019)", ["2019-01-18"]),
        ("2018-03-11T20:15:00Z", ["2018-03-12"]), ("2018-03-11T10:15:00+07:00", ["2018-03-11"]),
    ],
)  # fmt: skip
def test_forms_and_limits_of_dates(text: str, values: list[str]) -> None:
    assert [mention.value for mention in parse_dates(text)] == values


def test_the_day_of_a_law_is_marked_and_a_range_has_its_last_day() -> None:
    assert [mention.law for mention in parse_dates("số 92/QĐ-UBND ngày 18/01/2019 và ngày 5/3/2019")] == [True, False]
    assert parse_dates("ngày 30/12/2017 - 2/1/2018")[0].until == "2018-01-02"
    assert parse_dates("ngày 3 - 5/3/2018")[0].until == "2018-03-05"
    mention = parse_dates("Sáng nay (5/3/2018), xã họp.")[0]
    assert "Sáng nay (5/3/2018), xã họp."[mention.start : mention.end] == "5/3/2018"


def test_a_full_day_is_an_event_only_in_the_first_400_characters_of_a_paragraph_of_the_lead() -> None:
    assert find_dates(DateInput(body=("Bà con kể. " * 34 + "Ngày 5/3/2018 xong.",)))[1].value == "2018-03-05"
    assert find_dates(DateInput(body=("Bà con kể. " * 38 + "Ngày 5/3/2018 xong.",)))[1].value == ""


def event_of(*body: str) -> str:
    return find_dates(DateInput(title="Chuyện ở xã", body=("Người dân kể lại chuyện cũ của làng.", *body)))[1].value


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("Trước đó, như báo đã đưa, khoảng 6h 27/3, xe rơi xuống vực.", "--03-27"),
        ("Sau đó, ngày 27/3, xe được kéo lên.", "--03-27"),
        ("Hạn nộp là trước ngày 27/3 theo thông lệ.", ""),
        ("Đập xây kể từ khi có điện đã xả lũ vào trưa 11/10.", "--10-11"),
        ("Đập xây kể từ ngày 11/10 theo thiết kế.", ""),
        ("Theo kết luận công bố ngày 15/11 vừa qua, hồ sơ còn thiếu.", "--11-15"),
        ("Theo kết luận công bố ngày 15/11, hồ sơ còn thiếu.", ""),
        ("Khán phòng trong đêm diễn 28-11 vắng khách.", "--11-28"),
        ("Mỗi đêm chừng 3-4 nhà mất ngủ.", ""),
    ],
)
def test_a_day_is_reported_where_a_part_of_the_day_or_what_follows_says_so(told: str, day: str) -> None:
    assert event_of(told) == day


@pytest.mark.parametrize(
    ("told", "year"),
    [
        ("Cuộc thi mở từ ngày 25/4/2019, kết quả công bố đến hết ngày 5/9/2019.", "2019"),
        ("Cuộc thi mở từ ngày 25/4/2019.", ""),
        ("Cuộc thi mở từ ngày 25/4/2018, kết quả công bố đến hết ngày 5/9/2019.", ""),
        ("Cuộc thi mở từ ngày 25/4/2019, kết quả đến hết ngày 5/9/2019, và lần sau là 2020.", ""),
        ("Đình dựng từ ngày 25/4/1997, xong trước ngày 5/9/1997.", ""),
    ],
)
def test_two_full_dates_of_one_year_tell_it_where_no_day_is_reported(told: str, year: str) -> None:
    assert event_of(told) == year


LABEL = "Đăng ngày: 12/03/2018 "


@pytest.mark.parametrize("place", range(8))
def test_a_dateline_in_the_body_is_one_of_its_first_or_last_three_lines(place: int) -> None:
    lines = [f"Dòng số {word}." for word in "abcdefgh"]
    lines[place] = LABEL
    published, _ = find_dates(DateInput(body=tuple(lines)))
    assert (published.value, published.source) == (("2018-03-12", "published") if place not in (3, 4) else ("",
    "unknown"))


@pytest.mark.parametrize(("size", "source"), [(80, "published"), (81, "unknown")])
def test_a_dateline_in_the_body_is_short(size: int, source: str) -> None:
    assert find_dates(DateInput(body=("Bà con họp.", LABEL.ljust(size, "x"))))[0].source == source


@pytest.mark.parametrize(("size", "found"), [(120, True), (121, False)])
def test_a_dateline_beside_the_body_has_a_hundred_and_twenty_characters_at_most(size: int, found: bool) -> None:
    line = LABEL.ljust(size, "x")
    published, _ = find_dates(DateInput(head=(line,)))
    assert (published.evidence == line, is_dateline(line)) == (found, found)


@pytest.mark.parametrize(("line", "found"), [
    ("a" * 45 + " | 12/03/2018", True), ("a" * 46 + " | 12/03/2018", False), ("12/03/2018 | " + "a" * 45, True),
    ("aa 12/03/2018 | bb", False), ("aa 12/03/2018", False), ("aa 12/03/2018 10:15", True), ("aa | 12/03/2018.", False),
    ("Đăng ngày: x 12/03/2018", True), ("Đăng ngày: xy 12/03/2018", False), ("Đăng ngày: 12/03", False),
    ("Bởi admin | 12/03/2018", True), ("Giờ truy cập: 12/03/2018", False), ("12/03/2018, 13/03/2018", False),
    ("tháng 3/2018", False), ("12/03/2018 - 13/03/2018", False), ("(12/03/2018)", True),
])  # fmt: skip
def test_a_dateline_has_few_words_beside_its_day(line: str, found: bool) -> None:
    assert is_dateline(line) == found


@pytest.mark.parametrize(
    ("told", "value", "source"),
    [
        ({"given": "2018-01-01", "head": (LABEL,)}, "2018-01-01", "given"),
        ({"head": (LABEL,), "tail": ("01/01/2018",)},
                                                                           "2018-03-12", "published"),
        ({"tail": (LABEL,), "body": ("01/01/2018",)}, "2018-03-12", "published"),
        ({"head": (LABEL,), "crawl": ArticleDate("2018-01-01", "day", "crawl")}, "2018-03-12", "published"),
        ({"head": ("12/03/2018",), "crawl": ArticleDate("2018-01-01", "day", "crawl")}, "2018-01-01", "stated"),
        ({"head": ("12/03/2018",), "meta": ("2018-01-01",)}, "2018-03-12", "stated"),
        ({"head": ("Thời sự | 12/03/2018",), "meta": ("2018-01-01",)}, "2018-01-01", "published"),
        ({"meta": ("2018", "2018-01-01T10:00", "2018-02-02")}, "2018-01-01", "published"),
        ({"head": ("Thời sự | 12/03/2018",)}, "2018-03-12", "stated"),
        ({"head": ("Thời sự | 12/03/2018",), "crawl": ArticleDate("2018-01", "month", "crawl")}, "2018-03-12",
         "stated"),
        ({"crawl": ArticleDate("2018-01", "month", "crawl")}, "2018-01", "crawl"),
        ({"named": ArticleDate("2018-01-02", "day", "file")}, "2018-01-02", "file"),
        ({"named": ArticleDate("2018-01-02", "day", "file"), "meta": ("2018-01-01",)}, "2018-01-01", "published"),
        ({"named": ArticleDate("2018-01-02", "day", "file"), "body": ("Sáng 2/1, xã họp.",)}, "2018-01-02", "file"),
        ({"body": ("Sáng 2/1, xã họp.",)}, "--01-02", "inferred"), ({"body": ("Sáng 2/1/2018, xã họp.",)}, "2018-01-02",
                                                                   "inferred"),
    ],
)  # fmt: skip
def test_what_is_surer_dates_the_article(told: dict[str, Any], value: str, source: str) -> None:
    published, _ = find_dates(DateInput(**told))
    assert (published.value, published.source) == (value, source)


@pytest.mark.parametrize(("opening", "dated"), [(40, True), (41, False)])
def test_a_day_dates_an_article_if_it_opens_its_first_sentence(opening: int, dated: bool) -> None:
    before = "x" * (opening - len(" sáng ")) + " sáng "
    published, event = find_dates(DateInput(body=(f"{before}5/3/2018 xã họp.",)))
    assert len(before) == opening and event.value == "2018-03-05"
    assert bool(published.value) == dated


@pytest.mark.parametrize(
    ("body", "published", "event"),
    [
        (("Bà con vui.", "Sáng 5/3/2018, xã họp."), "", "2018-03-05"), (("a.", "b.", "Sáng 5/3/2018, xã họp."), "", ""),
        (("a.", "b.", "Sáng 5/3, xã họp."), "", "--03-05"), (("Sáng 5/3/2018, xã sẽ họp.",), "", "2018-03-05"),
        (("Sáng 5/3, xã sẽ họp.",), "", "--03-05"), (("Xã họp. Sáng 5/3, thôn họp.",), "--03-05", "--03-05"),
        (("Sáng 30/2/2018, xã họp.",), "", ""), (("Sáng 31/4, xã họp.",), "", ""),
    ],
)  # fmt: skip
def test_only_the_first_two_paragraphs_date_an_article_and_only_by_what_is_over(
    body: tuple[str, ...], published: str, event: str
) -> None:
    assert [found.value for found in find_dates(DateInput(body=body))] == [published, event]


@pytest.mark.parametrize(
    ("given", "told", "event"),
    [
        ("2018", "Sáng 5/3, xã họp.", "2018-03-05"), ("2018-06", "Sáng 5/6, xã họp.", "2018-06-05"),
        ("2018-06", "Sáng 5/7, xã họp.", "2017-07-05"), ("2018-06-05", "Sáng 5/6, xã họp.", "2018-06-05"),
        ("2018-06-05", "Sáng 6/6, xã họp.", "2018-06-06"), ("2018-06-05", "Sáng 7/6, xã họp.", "2017-06-07"),
        ("2018-06-05", "Sáng 7/6, xã sẽ họp.", "2018-06-07"), ("2018", "Sáng 29/2, xã họp.", "--02-29"),
        ("2016", "Sáng 29/2, xã họp.", "2016-02-29"), ("2018-06-05", "Tháng 5/2018, xã họp.", ""),
    ],
)  # fmt: skip
def test_the_day_of_an_event_is_the_latest_that_the_publication_allows(given: str, told: str, event: str) -> None:
    assert find_dates(DateInput(given=given, body=(told,)))[1].value == event


@pytest.mark.parametrize(
    ("title", "body", "event"),
    [
        ("", ("Tháng 5/2018, xã làm đường.",), "2018-05"), ("Chuyện tháng 5/2018", ("Xã làm đường.",), "2018-05"),
        ("", ("Xã vui.", "Tháng 5/2018, xã làm đường."), ""), ("", ("Từ tháng 4/2018 đến tháng 5/2018, xã vui.",), ""),
        ("", ("Tháng 5/2018, xã làm đường.", "Vui.", "Ngày 6/6/2019 xong."), ""), ("", ("Hệ số 5/2018 là đúng.",), ""),
        ("", ("Lễ cúng ngày 10/3 âm lịch ở đình.",), ""), ("Xã làm đường năm 2018", ("Bà con vui.",), "2018"),
        ("Xã làm đường năm 1997", ("Bà con vui.",), ""), ("Xã làm đường năm 1998", ("Bà con vui.",), "1998"),
        ("Xã làm đường năm 2018", ("Bà con vui, đến 2019.",), ""), ("", ("Xã làm đường năm 2018.",), ""),
    ],
)  # fmt: skip
def test_without_a_day_the_month_or_the_year_of_the_lead_is_told(title: str, body: tuple[str, ...], event: str) -> None:
    assert find_dates(DateInput(title=title, body=body))[1].value == event


def test_a_lunar_day_is_quoted_as_it_is_written() -> None:
    assert find_dates(DateInput(body=("Lễ cúng ngày 10/3 âm lịch ở đình.",)))[1].evidence == "ngày 10/3 âm lịch"
    assert [lunar_days(text) for text in ("mùng 6 tháng giêng", "ngày 6/3 (âm lịch)", "ngày 6/3 Mậu Tuất",
    "6/3/2018")] == [
        ("mùng 6 tháng giêng",), ("ngày 6/3",), ("ngày 6/3",), ()]  # fmt: skip


@pytest.mark.parametrize(("published", "year"), [(date(2020, 2, 27), 2016), (date(2020, 2, 28), 2020),
                                                 (date(2023, 12, 31), 2020), (date(1903, 6, 9), None)])  # fmt: skip
def test_the_29_of_february_is_one_of_the_last_leap_year(published: date, year: int | None) -> None:
    assert year_before(2, 29, published) == year
