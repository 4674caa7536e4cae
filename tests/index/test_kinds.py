"""What kind of page it is: lists of every make, pages that only look like lists, errors; invented texts."""

from collections.abc import Callable

import pytest

from index.extract.extracting import extract
from index.read.records import RawDocument, Rejected
from search.article import Article
from tests.index.templates import LEADS, TEXTS, TITLES

STORIES = tuple(zip((*TITLES, "Đội văn nghệ thôn tập lại bài chòi"), (*LEADS, LEADS[0]), strict=True))
TITLE, LEAD = STORIES[0]
DAY = "12/05/2031"


def _each(shape: str, count: int = len(STORIES)) -> str:
    """Return a shape for each story, with `{i}`, `{t}` and `{l}` filled in."""
    return "".join(shape.format(i=at, t=title, l=lead, d=DAY) for at, (title, lead) in enumerate(STORIES[:count]))


def _page(title: str, body: str, name: str = "tin-xa.html") -> Article | Rejected:
    menu = "<div id=top><a href=/>Trang chủ</a> <a href=/tin>Tin tức</a> <a href=/lh>Liên hệ</a></div>"
    html = f"<html><head><title>{title}</title></head><body>{menu}{body}<div>Bản quyền thuộc xã Mẫu</div></body></html>"
    return extract(RawDocument(name, name, html.encode()))


LISTS = {
    "headings and teasers without an element of their own": (
        "<h1>Tin xã</h1>"
        + _each("<h3><a href=/{i}>{t}</a></h3><p>{l}</p>")
    ),
    "the same with days": "<h1>Tin xã</h1>" + _each("<h3><a href=/{i}>{t}</a></h3><p>{d}</p><p>{l}</p>"),
    "links alone": "<h1>Tin xã</h1><ul>" + _each("<li><a href=/{i}>{t}</a></li>") + "</ul>",
    "a table of days and links": (
        "<table><tr><td>Tin xã</td></tr>"
        + _each("<tr><td>{d}</td><td><a href=/{i}>{t}</a></td></tr>")
        + "</table>"
    ),
    "rows of headlines, rows of teasers": (
        "<table><tr><td>Tin xã</td></tr>"
        + _each("<tr><td><a href=/{i}><b>{t}</b></a></td></tr><tr><td>{l}</td></tr>")
        + "</table>"
    ),
    "one long teaser above links": (
        f"<h1>Tin xã</h1><div><h2><a href=/a>{TITLE}</a></h2><p>{LEAD * 3}</p></div>"
        + _each("<div><a href=/{i}>{t}</a></div>")
    ),
    "cards that are links as a whole": (
        "<h1>Tin xã</h1>"
        + _each("<a href=/{i}><div><h4>{t}</h4><p>{l}</p><span>{d}</span></div></a>")
    ),
    "a link and the teaser in one element": (
        "<h1>Tin xã</h1>"
        + _each("<div class=n><a href=/{i}>{t}</a><br><span>{d}</span><div>{l}</div></div>")
    ),
    "links with days beside them": "<b>Tin xã</b><br>" + _each("<a href=/{i}>{t}</a> ({d})<br>"),
    "videos with their length": "<h1>Video</h1>" + _each("<div><a href=/{i}>{t}</a><span>05:12</span></div>"),
    "results of a search": (
        "<h2>Kết quả tìm kiếm cho chợ</h2>"
        + _each("<div><h4><a href=/{i}>{t}</a></h4><div>... {l} {l}</div></div>")
    ),
    "a register of documents": (
        "<h1>Văn bản</h1><div>Số hiệu</div><div>Trích yếu</div>"
        + _each("<div><div>{i}/QĐ</div><div>Về việc {t}</div></div>")
    ),
    "procedures": (
        "<h1>Thủ tục</h1><table><tr><th>Tên thủ tục</th><th>Lĩnh vực</th></tr>"
        + _each("<tr><td>Thủ tục {t}</td><td>Tư pháp</td></tr>")
        + "</table>"
    ),
    "a box with nothing in it": (
        "<div class=portlet><header class=portlet-topper><h1 class=portlet-title>Văn bản</h1></header></div>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_other_pages_is_a_listing_without_a_day(name: str) -> None:
    found = _page("Tin xã", f"<div>{LISTS[name]}</div>")
    assert isinstance(found, Article)
    assert (found.kind, found.date.value, found.author) == ("listing", "", "")


PAGES: dict[str, Callable[[], str]] = {
    "links between the paragraphs": lambda: "".join(
        f"<p>{text}</p><p><a href=/r>{title}</a></p>" for text, (title, _) in zip(TEXTS, STORIES, strict=False)),
    "headings in the text": lambda: "".join(
        f"<h3>{title}</h3><p>{text}</p>" for text, (title, _) in zip(TEXTS, STORIES, strict=False)),
    "questions in bold": (
        lambda: "".join(f"<p><b>Thưa ông, chuyện {text[:9]} ra sao?</b></p><p>{text}</p>" for text in TEXTS)
    ),
    "a table of documents below it": lambda: "".join(f"<p>{text}</p>" for text in TEXTS)
        + "<table><tr><td>Số ký hiệu</td><td>Trích yếu</td></tr>"
        + _each("<tr><td>{i}/QĐ</td><td>Quyết định: {t}</td></tr>") + "</table>",
    "the fields of one document": lambda: "<table><tr><td>Số ký hiệu</td><td>12/QĐ</td></tr><tr><td>Ngày ban hành</td>"
        f"<td>{DAY}</td></tr><tr><td>Trích yếu</td><td>Về việc {TITLE}</td></tr></table>",
    "files to load": lambda: _each("<li><a href=/{i}.pdf>Biểu số {i} kèm theo quyết định công khai.pdf</a></li>", 3),
    "a video with others below": (
        lambda: f"<p>{LEAD}</p><div><h3>Video khác</h3>"
        + _each("<div><a href=/{i}>{t}</a></div>")
        + "</div>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_with_a_text_of_its_own_is_no_list(name: str) -> None:
    bare = name in ("the fields of one document", "files to load", "a video with others below")
    lead = "" if bare else f"<p>{LEAD}</p>"
    found = _page("Xã Mẫu", f"<div><h1>Chuyện dời chợ phiên ở xã</h1>{lead}{PAGES[name]()}</div>", "chuyen.html")
    assert isinstance(found, Article)
    assert found.kind in ("article", "notice")
    assert found.title == "Chuyện dời chợ phiên ở xã"


@pytest.mark.parametrize("text", [
    "Bài viết không tồn tại hoặc đã bị xóa.", "Bạn không có quyền truy cập nội dung này.", "Tin bài không tồn tại!",
    "Xin lỗi, trang bạn yêu cầu không tồn tại.", "The requested resource was not found.", "Sorry, something went wrong",
    "404 - Article not found", "Oops! That page can’t be found.", "Không tìm thấy kết quả", "Category not found",
    "HTTP Error 503. The service is unavailable.", "Trang web đang được bảo trì, nâng cấp.", "Nothing Found",
    "You do not have permission to access this page.", "Checking your browser before accessing the site.",
    "Tên miền này đã hết hạn", "This Account has been suspended.", "Đường dẫn bạn truy cập không tồn tại.",
])  # fmt: skip
def test_what_a_server_says_instead_of_a_page_is_rejected(text: str) -> None:
    found = _page("Xã Mẫu", f"<h1>{text}</h1><p>Quay về trang chủ.</p>")
    assert isinstance(found, Rejected)
    assert "error page" in found.reason


@pytest.mark.parametrize(("above", "day"), [
    (f"<div class=hd><div>Thứ Hai, {DAY}</div></div><div><div><div><div>%s</div></div></div></div>", ""),
    (f"<div>Thứ Hai, {DAY}</div><div><a href=/a>Tin tức</a></div>%s", ""),
    (f"<div>Thứ Hai, {DAY} 14:05</div><div><a href=/a>Tin tức</a></div><div>10/05/2031</div>%s", "2031-05-10"),
    (f"<div><div>Thứ Hai, {DAY}</div>%s</div>", "2031-05-12"),
    (f"<div><div>Ngày đăng: {DAY}</div></div><div><div><div><div>%s</div></div></div></div>", "2031-05-12"),
])  # fmt: skip
def test_the_calendar_of_a_banner_is_no_day_of_publication(above: str, day: str) -> None:
    text = "".join(f"<p>{line}</p>" for line in TEXTS)
    found = _page("Xã Mẫu", above % f"<h1>Chuyện dời chợ phiên ở xã</h1>{text}", "chuyen.html")
    assert isinstance(found, Article)
    assert found.date.value == day
