"""Values that come with a record or a file: dates as people write them, provinces, escaped text, days in names."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import given_date, named_day
from index.decode import unescape
from index.extract.extracting import extract
from index.places.given import given_provinces
from index.read.records import RawDocument
from search.article import Article

DAY = "2018-03-12"
VIETNAM = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    "written",
    [
        "2018-03-12",
        "2018/03/12",
        "2018.3.12",
        "2018-3-12",
        "12/03/2018 10:15",
        "12.3.2018",
        "12-3-2018",
        "12/3/18",
        "12 Thg 3 2018",
        "12 thg 3, 2018, 10:15",
        "12-Mar-2018",
        "12 tháng 3, 2018",
        "Tháng Ba 12, 2018",
        "12th March 2018",
        "Thứ Hai, 12/03/2018, 10:15 (GMT+7)",
        "Mon, 12 Mar 2018 10:15:00 +0700",
        "2018-03-12T10:15:00+07:00",
        "2018-03-12T10:15:00+0700",
        "20180312",
        "20180312101500",
        "201803121015",
        "20180312T101500Z",
        "10h15, 12/3/2018",
        "12/03/2018 10:15:00 CH",
        "2018-03-12 10:15:00.0",
        "Mar 12, 2018 10:15 AM",
        "Thứ hai, ngày 12 tháng 3 năm 2018",
        "1520824500",
        "1520824500.0",
        "1520824500.123",
        "1520824500000",
        "1520824500000000",
        "1520824500000000000",
        "1.5208245e9",
        "/Date(1520824500000)/",
        1520824500,
        1520824500.5,
        1520824500123,
    ],
)
def test_a_day_is_read_however_it_is_written(written: object) -> None:
    found = given_date(written)
    assert (found.value, found.precision, found.source) == (DAY, "day", "given")


@pytest.mark.parametrize(
    "written",
    [
        "Sun, 11 Mar 2018 20:15:00 GMT",
        "2018-03-11T20:15:00Z",
        "2018-03-11T20:15:00+00",
        "2018-03-11 20:15:00 UTC",
        "2018-03-11 20:15:00 +0000",
        "Sun Mar 11 2018 20:15:00 GMT+0000 (UTC)",
        "Sun, 11 Mar 2018 13:15:00 -0700",
        "Sun Mar 11 20:15:00 UTC 2018",
        "2018-03-11T15:15:00-05:00",
        "11 Mar 2018 15:15 EST",
        "2018-03-12T03:15:00+07",
        "Mon Mar 12 2018 03:15:00 GMT+0700 (Indochina Time)",
        "Mon Mar 12 03:15:00 ICT 2018",
        "2018/03/11 20:15:00 GMT",
    ],
)
def test_a_moment_is_the_day_it_was_in_vietnam(written: str) -> None:
    assert given_date(written).value == DAY


@pytest.mark.parametrize(
    "written",
    [
        "",
        "hôm qua",
        "2 giờ trước",
        "31/02/2018",
        "2018-13-45",
        "10",
        "March",
        "abc",
        "0",
        "-1",
        "99999999999999",
        None,
        True,
        "12 de marzo",
        "x" * 500,
        "2018-02-30T10:00:00Z",
        "25:61",
        "1/2/3/4",
    ],
)
def test_what_is_no_date_gives_none(written: object) -> None:
    assert given_date(written).value == ""


@pytest.mark.parametrize(
    ("written", "value", "precision"),
    [
        ("2018", "2018", "year"),
        ("2018-03", "2018-03", "month"),
        ("3/2018", "2018-03", "month"),
        ("2018/3", "2018-03", "month"),
        ("2018-Q2", "2018-Q2", "quarter"),
        ("--03-12", "--03-12", "daymonth"),
        (2018, "2018", "year"),
        ("03/13/2018", "2018-03-13", "day"),
    ],
)
def test_no_more_is_read_than_is_told(written: object, value: str, precision: str) -> None:
    found = given_date(written)
    assert (found.value, found.precision) == (value, precision)


@given(st.datetimes(datetime(1975, 1, 1), datetime(2090, 1, 1)), st.integers(-12, 14))
def test_every_way_to_write_a_moment_gives_the_same_day(moment: datetime, hours: int) -> None:
    moment = moment.replace(tzinfo=timezone(timedelta(hours=hours)), microsecond=0)
    day = moment.astimezone(VIETNAM).date().isoformat()
    seconds = int(moment.timestamp())
    rfc = moment.strftime("%a, %d %b %Y %H:%M:%S %z")
    for written in (
        moment.isoformat(),
        f"{moment:%Y-%m-%d %H:%M:%S%z}",
        rfc,
        moment.astimezone(UTC).isoformat(),
        f"{moment:%Y/%m/%d %H:%M:%S %z}",
        seconds,
        seconds * 1000,
        str(seconds * 10**6),
    ):
        assert given_date(written).value == day, written


@given(st.text(max_size=150))
def test_no_text_makes_the_reader_of_dates_fail(text: str) -> None:
    found = given_date(text)
    assert found.value == "" or found.source == "given"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("kho/2018-03-12-hoi-nghi.html", DAY),
        ("kho/20180312101500.htm", DAY),
        ("kho/2018/03/12/tin.html", DAY),
        ("kho/12-03-2018.txt", DAY),
        ("kho/2018.3.12.txt", DAY),
        ("a.zip#2018/03/12/tin.html", DAY),
        ("https://bao.example/2018/03/12/tin.html", DAY),
        ("kho/bai-12345678.html", ""),
        ("kho/20181399.txt", ""),
        ("kho/tin.html", ""),
        ("kho/12032018.html", ""),
    ],
)
def test_the_day_in_a_name_is_read(name: str, day: str) -> None:
    assert named_day(name).value == day


BODY = "Hội nghị tổng kết phong trào được tổ chức với sự tham gia của hơn một trăm đại biểu đến từ các thôn bản."


def article(name: str, **record: str) -> Article:
    found = extract(RawDocument(name, name, record={"title": "Hội nghị tổng kết", "text": BODY, **record}))
    assert isinstance(found, Article)
    return found


def test_the_day_in_a_files_name_is_used_and_labelled_only_if_nothing_else_tells_one() -> None:
    named = article("kho/2018-03-12.json").date
    assert (named.value, named.source, named.evidence) == (DAY, "file", "2018-03-12")
    assert article("kho/2018-03-12.json", date="2017-01-02").date.value == "2017-01-02"
    told = article("kho/2018-03-12.json", text=f"Sáng 5/3, {BODY}").event_date
    assert told.value == "2018-03-05"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Quảng Trị", ["Quảng Trị"]),
        ("tỉnh Quảng Trị", ["Quảng Trị"]),
        ("Huyện Hướng Hóa, tỉnh Quảng Trị", ["Quảng Trị"]),
        ("Quảng Trị, Việt Nam", ["Quảng Trị"]),
        ("Đông Hà - Quảng Trị", ["Quảng Trị"]),
        ("Quang Tri Province", ["Quảng Trị"]),
        ("Hà Nội\nThanh Hóa", ["Hà Nội", "Thanh Hóa"]),
        ("Hà Nội, Thanh Hóa", ["Hà Nội", "Thanh Hóa"]),
        ("thị xã Sơn Tây, Hà Nội", ["Hà Nội"]),
        ("Bà Rịa - Vũng Tàu", ["Bà Rịa - Vũng Tàu"]),
        ("TP.HCM", ["Hồ Chí Minh"]),
        ("Huyện Hướng Hóa tỉnh Quảng Trị", ["Quảng Trị"]),
        ("miền Trung", []),
        ("", []),
    ],
)
def test_provinces_are_read_from_names_lists_and_addresses(written: str, names: list[str]) -> None:
    assert list(given_provinces(written)) == names


def test_the_first_given_province_is_the_articles_and_all_are_among_its_provinces() -> None:
    found = article("a.json", province="Hà Nội\nThanh Hóa")
    assert found.province == "Hà Nội"
    assert found.provinces[:2] == ("Hà Nội", "Thanh Hóa")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Lễ hội &quot;Hoa&quot; &amp; đêm", 'Lễ hội "Hoa" & đêm'),
        ("H&#7897;i ngh&#x1ecb;", "Hội nghị"),
        ("S&aacute;ng&nbsp;nay", "Sáng\xa0nay"),
        ("A&amp;quot;B", "A&quot;B"),
        ("AT&T và R&D", "AT&T và R&D"),
        ("Một.\\nHai.\\nBa.", "Một.\nHai.\nBa."),
        ("H\\u1ed9i ngh\\u1ecb", "Hội nghị"),
        ("ổ C:\\new và D:\\temp", "ổ C:\\new và D:\\temp"),
        ("dòng thật\nvà \\n trong mã", "dòng thật\nvà \\n trong mã"),
        ("H=E1=BB=99i ngh=E1=BB=8B t=E1=BB=95ng k=E1=BA=BFt", "Hội nghị tổng kết"),
        ("x=C3 và y=A1", "x=C3 và y=A1"),
        ("<p>A &amp; B</p>", "<p>A &amp; B</p>"),
        ("Giá < 5 và > 3", "Giá < 5 và > 3"),
    ],
)
def test_escapes_are_undone_once_where_they_plainly_are_some(written: str, text: str) -> None:
    assert unescape(written) == text


@pytest.mark.parametrize(
    ("written", "body"),
    [
        (
            "<p>Sáng nay, <b>lễ hội</b> khai mạc.</p><p>Đông người dự.</p>",
            "Sáng nay, lễ hội khai mạc.\n\nĐông người dự.",
        ),
        (
            "Giá xăng tăng.<br/>Người dân lo lắng &#8211; theo khảo sát.",
            "Giá xăng tăng.\n\nNgười dân lo lắng – theo khảo sát.",
        ),
        (
            "&lt;p&gt;Sáng nay khai mạc.&lt;/p&gt;&lt;p&gt;Đông người dự.&lt;/p&gt;",
            "Sáng nay khai mạc.\n\nĐông người dự.",
        ),
    ],
)
def test_markup_in_a_records_text_becomes_paragraphs(written: str, body: str) -> None:
    assert article("a.json", text=written).body == body


def test_the_lead_of_a_record_stands_first_unless_the_text_begins_with_it() -> None:
    lead = "Phong trào đạt nhiều kết quả."
    assert article("a.json", lead=lead).body == f"{lead}\n\n{BODY}"
    assert article("a.json", lead=BODY[:60] + "...").body == BODY
    assert article("a.json", text="", lead=lead).body == lead


@pytest.mark.parametrize(
    ("written", "day"),
    [
        # A moment is told as its day in Vietnam where hour and zone are such, else the day is taken as written.
        ("2018-03-12T16:59Z", "2018-03-12"), ("2018-03-12T17:00Z", "2018-03-13"), ("12/03/2018 17:00", "2018-03-12"),
        ("12/03/2018 23:59 UTC", "2018-03-13"), ("12/03/2018 24:00 UTC", "2018-03-12"),
        ("12/03/2018 23:60 UTC", "2018-03-12"),
        ("2018-03-12T02:00+14:00", "2018-03-11"), ("2018-03-12T02:00+15:00", "2018-03-12"),
        ("2018-03-12T23:00-14:00", "2018-03-13"), ("2018-03-12T23:00-15:00", "2018-03-12"),
        ("2018-03-12T00:30+07:59", "2018-03-11"), ("2018-03-12T00:30+07:60", "2018-03-12"),
        ("2018-03-12T13:29-03:30", "2018-03-12"), ("2018-03-12T13:30-03:30", "2018-03-13"),
        ("12/03/2018 4:59 PM UTC", "2018-03-12"), ("12/03/2018 5:00 PM UTC", "2018-03-13"),
        ("12/03/2018 5:00 CH UTC", "2018-03-13"),
        ("12/03/2018 5:00 SA UTC", "2018-03-12"), ("12/03/2018 12:30 PM UTC", "2018-03-12"),
        ("12/03/2018 12:30 AM UTC", "2018-03-12"), ("9999-12-31T23:00Z", ""), ("12/03/2018 UTC", "2018-03-12"),
        # Moments since 1970 from 1973 on to 2099, and how many digits they have.
        ("4102419599", "2099-12-31"), ("4102419600", ""), ("152082450", "1974-10-27"), ("15208245", ""),
        ("15208245000", ""),
        ("152082450012", "1974-10-27"), ("1520824500123", "2018-03-12"), ("15208245001234", ""),
        ("152082450012345", "1974-10-27"), ("1520824500123456", "2018-03-12"), ("15208245001234567", ""),
        ("152082450012345678", "1974-10-27"), ("1520824500123456789", "2018-03-12"), ("1520824500/", ""),
        ("/1520824500", ""),
        # Months, quarters and years.
        ("2018", "2018"), ("2018-3", "2018-03"), ("2018-12", "2018-12"), ("2018/1", "2018-01"), ("2018-Q4", "2018-Q4"),
        ("2018Q1", "2018-Q1"), ("--12-31", "--12-31"), ("--02-30", ""), ("1899", ""),
        ("12/03/2018 " + "x" * 109, "2018-03-12"), ("12/03/2018 " + "x" * 110, ""), (None, ""), (True, ""),
        (2018, "2018"),
        ("March 2018", ""), ("12 March", ""), ("12/03/2018 - 13/03/2018", ""), ("12/03/2018; 14/03/2018", ""),
        ("12 March 1899", ""), ("12 March 1901", "1901-03-12"), ("12 March 2099", "2099-03-12"), ("12 March 2100", ""),
    ],
)  # fmt: skip
def test_a_given_value_is_read_within_its_limits(written: object, day: str) -> None:
    assert given_date(written).value == day
