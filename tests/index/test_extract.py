"""From a raw document to an article: pages, text dumps and records, with what was removed and why."""

import json
from pathlib import Path

import pytest

from index.extract.extracting import article_id, extract, observe
from index.page.sites import SiteMemory
from index.read.records import RawDocument, Rejected
from search.article import Article

TITLE = "Hơn hai trăm học sinh tìm hiểu học nghề"
PARAGRAPHS = (
    "Sáng 25/6/2025, Sở Ngoại vụ tỉnh Nghệ An giới thiệu cơ hội học nghề tại thành phố kết nghĩa cho 200 học sinh.",
    "Tại hội nghị, đại diện ba trường nghề đã trình bày chương trình học, chi phí và chỗ ở cho học viên.",
    "Ban tổ chức cho biết hồ sơ được nhận đến hết tháng 8, ưu tiên học sinh ở các huyện miền núi của tỉnh.",
)
FOOTER = "Giấy phép số 12/GP-STTTT do Sở Thông tin và Truyền thông cấp ngày 5/1/2020"


def page(title: str, paragraphs: tuple[str, ...], date: str = "26/06/2025") -> bytes:
    """Return a portal's page in table layout: constant `<title>`, menu, slogan, related news, counters."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"""<html><head><title>Trang chủ - Sở Ngoại vụ</title></head><body><form><table>
    <tr><td class="banner">CỔNG THÔNG TIN SỞ NGOẠI VỤ</td></tr>
    <tr><td><a href="/">Trang chủ</a> <a href="/gt">Giới thiệu</a> <a href="/tt">Tin tức</a></td></tr>
    <tr><td><div class="marquee">Nhiệt liệt chào mừng kỷ niệm 80 năm ngày thành lập ngành Ngoại giao!</div></td></tr>
    <tr><td><table><tr><td class="tieudetin">{title}</td></tr><tr><td class="ngay">{date}</td></tr>
    <tr><td>{body}<p>Tin, ảnh: Thu Hà</p><a href="/tep/mau-don.pdf">Mẫu đơn</a></td></tr>
    <tr><td>TIN ĐÃ ĐƯA</td></tr><tr><td><ul>
    <li><a href="/1">Khai trương phòng đọc sách ngoại văn cho thiếu nhi</a> (01/06/2025)</li>
    <li><a href="/2">Đoàn công tác thăm và làm việc tại thành phố kết nghĩa</a> (02/06/2025)</li>
    </ul></td></tr></table></td></tr><tr><td>SỐ LƯỢT TRUY CẬP</td></tr><tr><td>1234567</td></tr>
    <tr><td>{FOOTER}</td></tr></table></form></body></html>""".encode()


def article_of(raw: RawDocument, memory: SiteMemory | None = None) -> Article:
    found = extract(raw, memory)
    assert isinstance(found, Article), found
    return found


def test_a_page_alone_gives_its_article_without_the_chrome() -> None:
    found = article_of(RawDocument("a.html", "x/a.html", page(TITLE, PARAGRAPHS)))
    assert found.title == TITLE
    assert found.body == "\n\n".join(PARAGRAPHS)
    assert (found.date.value, found.author) == ("2025-06-26", "Thu Hà")
    assert (found.kind, found.province) == ("article", "Nghệ An")
    assert found.links == ("/tep/mau-don.pdf",)


def test_an_author_who_is_credited_in_capitals_is_one_person() -> None:
    captioned = [*PARAGRAPHS[:1], "Quang cảnh buổi lễ. Ảnh: THU HÀ", *PARAGRAPHS[1:]]
    found = article_of(RawDocument("a.html", "x/a.html", page(TITLE, captioned)))
    assert (found.author, found.photographer) == ("Thu Hà", "Thu Hà")


def test_everything_left_out_is_kept_apart_with_its_reason() -> None:
    found = article_of(RawDocument("a.html", "x/a.html", page(TITLE, PARAGRAPHS)))
    reasons = {removed.text: removed.reason for removed in found.removed}
    assert reasons["Tin, ảnh: Thu Hà"] == "by-line"
    assert reasons["TIN ĐÃ ĐƯA"] == "cue"
    assert FOOTER in reasons
    assert not any(text in found.body for text in reasons)


def test_what_the_other_pages_of_a_site_share_is_chrome() -> None:
    slogan = "Toàn tỉnh chung tay xây dựng một nền hành chính phục vụ, minh bạch và gần dân hơn mỗi ngày."
    raws = [
        RawDocument(f"{n}.html", f"x/{n}.html", page(f"Bản tin đối ngoại số {name} của tỉnh",
                                                   (slogan, *(f"{text} Kỳ {name}." for text in PARAGRAPHS))))
        for n, name in enumerate(("một", "hai", "ba", "bốn"))
    ]
    memory = SiteMemory.from_observations(seen for raw in raws if (seen := observe(raw)))
    assert slogan in article_of(raws[0]).body
    learned = article_of(raws[0], memory)
    assert "TRUY CẬP" not in learned.body
    assert learned.title == "Bản tin đối ngoại số một của tỉnh"


def test_a_notice_is_labelled_and_not_padded() -> None:
    data = page("Thông báo lịch tiếp công dân quý III", ("Xem chi tiết tại đây",))
    found = article_of(RawDocument("a.html", "x/a.html", data))
    assert found.kind == "notice"
    assert found.title == "Thông báo lịch tiếp công dân quý III"
    assert len(found.body) < 100


def test_a_listing_is_labelled_as_one() -> None:
    items = "".join(f'<li><a href="/{n}">Bản tin đối ngoại nhân dân số {n} của tỉnh</a></li>' for n in range(20))
    found = article_of(RawDocument("a.html", "x/a.html", f"<html><body><ul>{items}</ul></body></html>".encode()))
    assert found.kind in ("listing", "notice")
    assert not found.confident or found.kind == "listing"


def test_a_dash_inside_a_title_is_no_site_name() -> None:
    head = '<meta property="og:title" content="Tàu Phú Quốc - Sihanoukville chạy thử hôm nay">'
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    data = f"<html><head>{head}</head><body><h1>Tàu Phú Quốc - Sihanoukville chạy thử hôm nay</h1>{body}</body></html>"
    found = article_of(RawDocument("a.html", "a.html", data.encode()))
    assert found.title == "Tàu Phú Quốc - Sihanoukville chạy thử hôm nay"


def test_a_text_dump_ends_at_the_cut_cue() -> None:
    lines = [
        "SỞ NGOẠI VỤ TỈNH NGHỆ AN", "NỔI BẬT:", TITLE, "Đăng ngày: 26/06/2025", *PARAGRAPHS, "Thu Hà",
        "Các tin cùng chuyên mục:", "• Khai trương phòng đọc sách ngoại văn cho thiếu nhi của tỉnh", "VĂN BẢN MỚI",
        "77/QĐ-UBND (18/01/2019) - Công bố thủ tục hành chính mới trong lĩnh vực hợp tác quốc tế của tỉnh",
    ]
    found = article_of(RawDocument("a.txt", "x/a.txt", "\n\n".join(lines).encode()))
    assert found.title == TITLE
    assert found.body == "\n\n".join(PARAGRAPHS)
    assert (found.author, found.date.value) == ("Thu Hà", "2025-06-26")


def test_a_record_keeps_the_fields_it_gives() -> None:
    record = {"title": "Học nghề ở thành phố kết nghĩa", "text": "\n".join(PARAGRAPHS), "date": "2025-06-27",
              "author": "Lê An", "source": "Báo Ví dụ", "url": "https://www.vidu.vn/tin/1",
              "id": "tin-1", "province": "Hà Tĩnh"}
    found = article_of(RawDocument("a.json", "a.json", None, record))
    assert (found.id, found.title, found.date.value, found.author) == ("tin-1", record["title"], "2025-06-27", "Lê An")
    assert (found.source, found.url, found.province) == ("Báo Ví dụ", "https://www.vidu.vn/tin/1", "Hà Tĩnh")
    assert found.body == "\n\n".join(PARAGRAPHS)


def test_a_record_may_hold_html() -> None:
    record = {"html": page(TITLE, PARAGRAPHS).decode()}
    assert article_of(RawDocument("a.json#1", "a.json#1", None, record)).body == "\n\n".join(PARAGRAPHS)


def test_text_is_stored_in_nfc_with_the_encoding_it_came_in() -> None:
    data = page(TITLE, PARAGRAPHS).decode().encode("utf-16")
    found = article_of(RawDocument("a.html", "a.html", data))
    assert (found.body, found.encoding) == ("\n\n".join(PARAGRAPHS), "utf-16")


def test_ids_follow_the_place_in_the_archive_or_the_record() -> None:
    assert article_id(RawDocument("/1/a.txt", "x/a.txt", b"")) == article_id(RawDocument("/2/a.txt", "x/a.txt", b""))
    assert article_id(RawDocument("a.txt", "x/a.txt", b"")) != article_id(RawDocument("a.txt", "y/a.txt", b""))
    assert article_id(RawDocument("a.json", "a.json", None, {"id": 17})) == "17"


@pytest.mark.parametrize(("name", "data", "word"), [
    ("empty.txt", b"", "empty"), ("spaces.html", b" \n\n ", "empty"), ("nul.txt", b"\x00" * 4000, "empty"),
    ("paper.html", b"%PDF-1.7\n" + bytes(range(256)) * 50, "PDF"),
    ("cut.html", b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "cut off"),
    ("noise.txt", bytes(range(256)) * 200, "binary"),
    ("scripts.html", b"<html><script>var a = 1;</script></html>", "no text"),
    ("lt.html", b"<" * 50_000, "markup"), ("dots.txt", b"... !!! ...", "no text"),
])
def test_what_is_no_article_is_rejected_with_a_reason(name: str, data: bytes, word: str) -> None:
    found = extract(RawDocument(name, name, data))
    assert isinstance(found, Rejected)
    assert found.path == name
    assert word in found.reason


def test_the_command_prints_what_would_be_indexed(tmp_path: Path, dau) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "a.html"
    file.write_bytes(page(TITLE, PARAGRAPHS))
    done = dau("extract", file, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"] == TITLE
    assert "[cue] TIN ĐÃ ĐƯA" in dau("explain", file).stdout
    (tmp_path / "b.html").write_bytes(b"%PDF-1.4")
    assert dau("extract", tmp_path / "b.html").returncode == 1


def test_a_dateline_below_the_lead_is_the_date_and_no_text() -> None:
    text = "Ủy ban xã đã cử bốn cán bộ trực tại nhà văn hóa thôn Đông để ghi nhận từng kiến nghị của bà con. " * 2
    lines = ["Xe khách lần đầu vào tận bản đón học trò đi thi.", "Mai Nga Thứ tư, 16/08/2017 16:03", text, text]
    page = "<h1>Bản Nậm có đường mới</h1>" + "".join(f"<p>{line}</p>" for line in lines)
    found = extract(RawDocument("a.html", "a.html", f"<html><body><div>{page}</div></body></html>".encode()))
    assert isinstance(found, Article)
    assert (found.date.value, found.author) == ("2017-08-16", "Mai Nga")
    assert "16/08/2017" not in found.body
