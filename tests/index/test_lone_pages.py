"""Pages and records seen alone: what is around the text without another page of the site to tell it."""

import pytest

from index.extract.extracting import extract
from index.read.records import RawDocument, Rejected
from search.article import Article

TITLE = "Hội nghị tổng kết phong trào xã"
TEXT = (
    "Sáng nay, tại nhà văn hóa xã, hội nghị tổng kết được tổ chức với sự tham gia của hơn một trăm đại biểu.",
    "Các đại biểu thảo luận sôi nổi về kết quả đạt được và đề ra phương hướng cho thời gian tới.",
)


def page(below: str) -> RawDocument:
    text = "".join(f"<p>{part}</p>" for part in TEXT)
    head = f"<html><head><meta charset='utf-8'><title>{TITLE}</title></head>"
    return RawDocument(
        "a.html", "a.html", f"{head}<body><h1>{TITLE}</h1><div>{text}</div>{below}</body></html>".encode()
    )


def body(raw: RawDocument) -> str:
    found = extract(raw)
    assert isinstance(found, Article), found
    return found.body


@pytest.mark.parametrize(
    "lines",
    [
        ("Công ty cổ phần Truyền thông Thử", "Địa chỉ: 5 đường Mẫu, phường Nháp", "MST: 0123456789"),
        ("Bảo hành", "Đổi trả hàng", "Chính sách giao hàng", "Giấy phép số 12/GP-TTĐT"),
    ],
)
def test_an_imprint_in_another_element_below_the_text_is_no_part_of_it(lines: tuple[str, ...]) -> None:
    assert body(page("<div>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>")) == "\n\n".join(TEXT)


def test_short_lines_that_are_no_imprint_stay() -> None:
    lines = ("Giải nhất: Nguyễn Văn Thử", "Giải nhì: Trần Thị Mẫu", "Giải ba: Lê Văn Nháp")
    found = body(page("<div>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>"))
    assert all(line in found for line in lines)


@pytest.mark.parametrize(
    "title",
    [
        "301 Moved Permanently",
        "302 Moved Temporarily",
        "Object moved",
        "400 Bad Request",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "405 Method Not Allowed",
        "408 Request Timeout",
        "413 Request Entity Too Large",
        "429 Too Many Requests",
        "500 Internal Server Error",
        "502 Bad Gateway",
        "503 Service Temporarily Unavailable",
        "504 Gateway Time-out",
    ],
)
def test_an_answer_of_a_web_server_is_no_article(title: str) -> None:
    short = title.split(" ", 1)[1] if title[0].isdigit() else title
    html = f"<html><head><title>{title}</title></head><body><h1>{short}</h1><p>See here.</p><hr>nginx</body></html>"
    found = extract(RawDocument("a.html", "a.html", html.encode()))
    assert isinstance(found, Rejected)
    assert "error page" in found.reason


@pytest.mark.parametrize(
    "lines",
    [
        (
            "Sở Y tế công bố đường dây nóng.",
            "Điện thoại: 0237.3851.234.",
            "Thư điện tử: a@b.example.",
            "Tiếp nhận 24/24 giờ.",
        ),
        ("Copyright 2018 là dòng chữ xuất hiện cuối phim.",),
        ("Thư điện tử: a@b.example, điện thoại 0237.3851.234.",),
    ],
)
def test_a_records_own_text_keeps_what_would_be_an_imprint_elsewhere(lines: tuple[str, ...]) -> None:
    raw = RawDocument("a.json", "a.json", record={"title": "Công bố đường dây nóng", "text": "\n".join(lines)})
    assert body(raw) == "\n\n".join(lines)


def test_the_imprint_at_the_end_of_a_records_text_goes() -> None:
    record = {"title": TITLE, "text": "\n".join((*TEXT, "Bản quyền thuộc Báo Mẫu", "Điện thoại: 0237.3851.234"))}
    assert body(RawDocument("a.json", "a.json", record=record)) == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "line", ["Chia sẻ Facebook Zalo", "Facebook | Zalo | In bài viết", "Cập nhật: 17/05/2031 10:00"]
)
def test_buttons_and_a_labelled_day_below_the_text_are_no_part_of_it(line: str) -> None:
    assert body(page(f"<div>{line}</div>")) == "\n\n".join(TEXT)


def test_a_sentence_that_begins_with_a_button_word_stays() -> None:
    line = "Chia sẻ với bà con, ông trưởng thôn mong mọi người cùng góp sức."
    assert body(page(f"<p>{line}</p>")).endswith(line)
