"""Fields beside the body: crawler's prefix, section, by-line, captions, what a page states of itself."""

import json

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fields import (
    StructuredData,
    compose_body,
    find_captions,
    find_photographer,
    head_section,
    split_glued_head,
    structured_data,
    take_crawl_prefix,
    take_signoff,
)

LONG = "Trong năm, toàn tỉnh đã tiếp nhận nhiều chương trình, dự án và phi dự án mới, góp phần phát triển kinh tế."


@pytest.mark.parametrize(
    ("text", "value", "precision", "rest"),
    [
        (" date 2026-01-15 Đổi mới\n\nThân bài", "2026-01-15", "day", "Đổi mới\n\nThân bài"),
        (" date 2025-06 Xây dựng Đảng", "2025-06", "month", "Xây dựng Đảng"),
        ("date 2026-02-31 Sai ngày", "", "unknown", "date 2026-02-31 Sai ngày"),
        ("Tiêu đề date 2025-06", "", "unknown", "Tiêu đề date 2025-06"),
        ("update 2025-06 x", "", "unknown", "update 2025-06 x"),
    ],
)
def test_the_prefix_is_taken_off_only_at_the_very_start(text: str, value: str, precision: str, rest: str) -> None:
    crawl, left = take_crawl_prefix(text)
    assert (crawl.value, crawl.precision, left) == (value, precision, rest)


@given(st.text(max_size=60))
def test_a_text_without_the_prefix_is_left_as_it_is(text: str) -> None:
    crawl, left = take_crawl_prefix(text)
    assert text.endswith(left) and (crawl.value or left == text)


@pytest.mark.parametrize(
    ("line", "section", "title", "lead"),
    [
        ("Xây dựng Đảng Chi bộ Sở tổ chức Đại hội lần thứ IV nhiệm kỳ 2025-2030 Sáng 25/6, Chi bộ Sở tổ chức Đại hội.",
         "Xây dựng Đảng", "Chi bộ Sở tổ chức Đại hội lần thứ IV nhiệm kỳ 2025-2030",
         "Sáng 25/6, Chi bộ Sở tổ chức Đại hội."),
        ("Thời sự Dấu ấn đối ngoại của tỉnh", "Thời sự", "Dấu ấn đối ngoại của tỉnh", ""),
        ("Đổi mới, nâng cao chất lượng hoạt động", "", "Đổi mới, nâng cao chất lượng hoạt động", ""),
        ("Kinh tế số là động lực mới của tỉnh", "", "Kinh tế số là động lực mới của tỉnh", ""),
        ("Du lịch Thanh Hóa khởi sắc", "", "Du lịch Thanh Hóa khởi sắc", ""),
        ("Chính trị - Xã hội Khai mạc kỳ họp thứ bảy của tỉnh Ngày 5/3/2024, kỳ họp khai mạc.",
         "Chính trị - Xã hội", "Khai mạc kỳ họp thứ bảy của tỉnh", "Ngày 5/3/2024, kỳ họp khai mạc."),
    ],
)  # fmt: skip
def test_a_glued_first_line_is_parted(line: str, section: str, title: str, lead: str) -> None:
    head = split_glued_head(line)
    assert (head.section, head.title, head.lead) == (section, title, lead)


@given(st.text(max_size=200))
def test_parting_a_line_loses_no_letter(line: str) -> None:
    head = split_glued_head(line)
    kept = "".join((head.section, head.title, head.lead))
    assert [char for char in kept if char.isalnum()] == [char for char in line if char.isalnum()]


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("Hoạt động Sở Ngoại vụ - Đăng ngày: 31/12/2023", "Hoạt động Sở Ngoại vụ"), ("CHÍNH TRỊ", "CHÍNH TRỊ"),
        ("Trang chủ » Tin tức » Chính trị", "Chính trị"), ("Chuyên mục: Đối ngoại", "Đối ngoại"),
        ("Văn hoá - Xã hội", "Văn hoá - Xã hội"),
        ("Đăng ngày: 31/12/2023", None), ("Hội nghị tổng kết công tác năm", None), ("", None),
    ],
)  # fmt: skip
def test_a_line_of_the_head_may_name_the_section(line: str, section: str | None) -> None:
    assert head_section(line) == section


@pytest.mark.parametrize(
    ("last", "author"),
    [
        ("Lê Hợi", "Lê Hợi"), ("Thái Linh", "Thái Linh"), ("Tin, ảnh: Mỹ Nga", "Mỹ Nga"), ("Tác giả: Nguyễn Văn A",
        "Nguyễn Văn A"),
        ("Hà Thu (tổng hợp)", "Hà Thu"), ("Anh Minh", "Anh Minh"), ("LÊ HOÀI THƯƠNG", "Lê Hoài Thương"),
        ("Thu Hà - Văn Tâm", "Thu Hà - Văn Tâm"), ("(TTXVN)", "TTXVN"),
    ],
)  # fmt: skip
def test_the_sign_off_becomes_the_author_and_leaves_the_body(last: str, author: str) -> None:
    signed = take_signoff([LONG, LONG, last])
    assert (signed.author, signed.paragraphs) == (author, (LONG, LONG))


@pytest.mark.parametrize(
    "last", ["Hà Nội", "Thanh Hóa", "Ban Tổ chức", "Sở Ngoại vụ", "Xem chi tiết", LONG, "Quảng Ninh", "Việt Nam",
    "Bài 2"]
)
def test_places_offices_and_sentences_sign_nothing(last: str) -> None:
    signed = take_signoff([LONG, last])
    assert (signed.author, signed.paragraphs) == ("", (LONG, last))


def test_an_author_run_into_the_last_paragraph_is_named_and_the_paragraph_kept() -> None:
    paragraph = f"{LONG} {LONG} {LONG} Đông Quân"
    assert take_signoff([paragraph]).author == "Đông Quân"
    assert take_signoff([paragraph]).paragraphs == (paragraph,)
    assert take_signoff([f"{LONG} {LONG} {LONG} Hà Nội"]).author == ""


def test_a_source_line_stays_in_the_body_and_is_told() -> None:
    signed = take_signoff([LONG, "Theo chinhphu.vn"])
    assert signed.source == "chinhphu.vn" and len(signed.paragraphs) == 2


def test_a_by_line_beside_the_article_or_in_its_data_names_the_author() -> None:
    assert take_signoff([LONG], head=["Tác giả: Lê Hợi | 15/01/2026"]).author == "Lê Hợi"
    assert take_signoff([LONG], known="Mỹ Nga").author == "Mỹ Nga"
    assert take_signoff([LONG, "LÊ HOÀI THƯƠNG"], known="Lê Hoài Thương").author == "Lê Hoài Thương"


@pytest.mark.parametrize(
    "caption",
    ["Các đại biểu tham dự Hội nghị", "Quang cảnh buổi làm việc.",
     "Một số hình ảnh tại Lễ ký kết Giao ước thi đua năm 2024",
     "Đ/c Nguyễn Lê Vũ, Phó Giám đốc Sở Ngoại vụ phát biểu khai mạc Hội nghị", "Cầu mới bắc qua sông. Ảnh: Mỹ Nga",
     "Giám đốc Sở Trần Thu Hằng phát biểu tại hội nghị.", "Ảnh minh họa"],
)  # fmt: skip
def test_captions_are_told_from_running_text(caption: str) -> None:
    assert find_captions([LONG, caption, LONG]) == (1,)


@pytest.mark.parametrize(
    "paragraph",
    [LONG, "Phát biểu tại hội nghị, đồng chí Giám đốc Sở chúc mừng các đơn vị.",
     "Đại hội đề ra 4 chỉ tiêu và 5 đột phá",
     "Đồng chí Giám đốc Sở đã phát biểu và khẳng định quyết tâm.", "Đưa công tác đối ngoại sâu rộng trên 3 trụ cột"],
)  # fmt: skip
def test_sentences_and_headings_are_no_captions(paragraph: str) -> None:
    assert find_captions([LONG, paragraph, LONG]) == ()


def test_the_photographer_is_the_most_frequent_credit() -> None:
    paragraphs = ["Lễ ký. Ảnh: Mỹ Nga", LONG, "Trao quà. (Ảnh: Mỹ Nga)", "Cầu mới. Ảnh: Văn Tâm",
    "Cây cau. Ảnh minh họa"]
    assert find_photographer(paragraphs, find_captions(paragraphs)) == "Mỹ Nga"


@given(st.lists(st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=30), max_size=6), st.data())
def test_spans_of_a_composed_body_are_its_paragraphs(paragraphs: list[str], data: st.DataObject) -> None:
    captions = data.draw(st.lists(st.sampled_from(range(len(paragraphs))), unique=True)) if paragraphs else []
    body, spans = compose_body(paragraphs, captions, lead=True)
    assert body == "\n\n".join(paragraphs)
    assert [body[span.start : span.end] for span in spans if span.kind == "caption"] == [
        paragraphs[index] for index in sorted(captions)
    ]
    assert sum(span.kind == "lead" for span in spans) == (len(captions) < len(paragraphs))


def page(head: str) -> StructuredData:
    return structured_data(lxml.html.document_fromstring(f"<html><head>{head}</head><body><p>x</p></body></html>"))


def test_json_ld_in_a_graph_is_read_before_open_graph() -> None:
    article = {
        "@type": ["NewsArticle"], "headline": "Tiêu đề", "datePublished": "2023-11-02T19:20:45+07:00",
        "author": [{"name": "Lê Hợi"}],
    }  # fmt: skip
    data = page(
        '<meta property="og:title" content="Tiêu đề | Báo Sông Biển">'
        '<meta property="og:site_name" content="Báo Sông Biển">'
        f'<script type="application/ld+json">{json.dumps({"@graph": [{"@type": "WebSite"}, article]})}</script>'
    )
    assert (data.title, data.author, data.site) == ("Tiêu đề", "Lê Hợi", "Báo Sông Biển")
    assert data.dates == ("2023-11-02T19:20:45+07:00",)


ADDRESSES = ["https://www.facebook.com/baodantri", "VnExpress", "vnexpress.net", "1482088941", ""]


@pytest.mark.parametrize("author", ADDRESSES)
def test_an_address_the_site_itself_and_a_number_are_no_authors(author: str) -> None:
    site = '<meta property="og:site_name" content="VnExpress">'
    assert page(f'{site}<meta name="author" content="{author}">').author == ""


@given(st.text(max_size=80))
def test_damaged_json_ld_is_passed_over(text: str) -> None:
    safe = text.replace("<", "").replace("\x00", "")
    try:
        data = page(f'<script type="application/ld+json">{safe}</script>')
    except (ValueError, lxml.etree.ParserError):  # the test's own page is no document
        return
    assert data == StructuredData()
