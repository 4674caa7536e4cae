"""Invented pages in the shapes of the systems that Vietnamese portals and newspapers run: articles and lists.

A template is the page around an article; `$title`, `$lead`, `$text`, `$day`, `$author` are filled in, `$others` are
links to other articles, `$cards` cards of them.  Markup follows the public themes of each system; all text is invented.
"""

from string import Template

from tests.index.portals import PORTALS, Shape

TITLES = (
    "Xã Bình Yên dời chợ phiên ra bãi đất trống", "Nhóm thợ trẻ nhóm lại lò gốm cuối làng",
    "Cầu tre qua suối Lạnh được thay bằng cầu treo", "Đội ghe nữ về nhất mùa nước nổi", "Thư viện thôn mở cửa buổi tối",
)  # fmt: skip
LEADS = (
    "Chợ phiên họp sát lòng đường đã nhiều năm sẽ chuyển ra bãi đất trống cạnh nhà văn hóa từ đầu tháng sau.",
    "Lò gốm tắt lửa mười năm đỏ lửa trở lại nhờ bốn người thợ bỏ phố về quê học nghề của ông bà để lại.",
    "Học trò hai bản không còn phải lội suối vào mùa mưa khi cây cầu treo dài bốn mươi mét vừa được bắc xong.",
    "Sau mười năm tập luyện, đội ghe của các cô nuôi tôm lần đầu về nhất trong giải đua giữa mùa nước nổi.",
    "Từ tuần này, trẻ em trong thôn có thể đến đọc sách sau giờ cơm tối, có người lớn trông và có đèn bàn.",
)
TEXTS = (
    "Ông Trưởng thôn cho biết bà con đã bàn ba buổi mới thống nhất được chỗ mới, vì ai cũng muốn gần đường lớn.",
    "Hai dãy lều bạt được dựng trước, phần mái tôn sẽ làm khi có thêm tiền đóng góp của các hộ buôn bán lâu năm.",
    "Điện thoại của tổ trực: 0900 111 222.",
    "Nhiều người lo mùa mưa bãi đất sẽ lầy, nên tổ thợ nề đã đổ thêm hai lớp đá dăm và đào rãnh thoát nước quanh bãi.",
    "Dự kiến phiên chợ đầu tiên sẽ họp vào sáng chủ nhật, các hộ bốc thăm chỗ ngồi ngay trong chiều thứ bảy.",
)
COMMENTS = "Chỗ tôi cũng mong có được một cái chợ sạch sẽ như vậy, mong xã bên này học theo sớm cho bà con nhờ."
DAY, WRITTEN = "2031-05-17", "17/05/2031"
AUTHOR = "Mai Hồng Nga"


def _cards(card: str) -> str:
    """Return cards of the other articles; `$title` and `$lead` are filled in."""
    return "".join(Template(card).substitute(title=title, lead=lead, day="12/05/2031")
                   for title, lead in zip(TITLES[1:], LEADS[1:], strict=True))


MENU = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Trang chủ", "Tin xã", "Đời sống", "Liên hệ"))
ROWS = "".join(f'<tr><td><a href="/tin/{at}">{title}</a></td></tr>' for at, title in enumerate(TITLES[1:]))
LINKS = "".join(f'<li><a href="/tin/{at}">{title}</a></li>' for at, title in enumerate(TITLES[1:]))

WORDPRESS = Shape(
    """<html><head><title>$title – Báo Xóm Mới</title><meta property="og:type" content="article"></head>
<body class="single single-post has-sidebar"><header class="site-header"><p class="site-title">
<a href="/">Báo Xóm Mới</a></p>
<nav class="main-navigation"><ul class="menu">$menu</ul></nav></header><div class="site-content">
<main class="site-main">
<article class="post-12 post type-post status-publish hentry category-doi-song tag-cho"><header class="entry-header">
<span class="cat-links"><a href="/c">Đời sống</a></span><h1 class="entry-title">$title</h1><div class="entry-meta">
<span class="posted-on"><time class="entry-date published" datetime="2031-05-17T08:00:00+07:00">$day</time></span>
<span class="byline"><span class="author vcard"><a class="url fn n" href="/a">$author</a></span></span></div></header>
<div class="entry-content"><p><strong>$lead</strong></p>$text<div class="sharedaddy sd-sharing-enabled">
<h3 class="sd-title">
Chia sẻ bài này:</h3><ul><li><a href="/f">Facebook</a></li></ul></div></div><footer class="entry-footer">
<span class="tags-links"><a href="/t">chợ phiên</a></span></footer></article><div class="related-posts">
<h3>Bài đọc thêm</h3>
$cards</div><div id="comments" class="comments-area"><h2 class="comments-title">Một ý kiến</h2><ol><li><div
class="comment-content"><p>$comment</p></div></li></ol></div></main><aside class="widget-area">
<section class="widget">
<h2 class="widget-title">Bài mới</h2><ul>$links</ul></section></aside></div>
<footer class="site-footer"><p>Ghi rõ nguồn khi dùng lại.</p></footer></body></html>""",
    """<html><head><title>Đời sống – Báo Xóm Mới</title></head><body class="archive"><nav class="main-navigation"><ul>
$menu</ul></nav><main><header class="page-header"><h1 class="page-title">Chuyên mục: Đời sống</h1>
</header>$cards</main>
</body></html>""", author=True,
)  # fmt: skip
WORDPRESS_CARD = """<article class="post hentry"><h2 class="entry-title"><a href="/p">$title</a></h2><div
class="entry-summary"><p>$lead</p></div></article>"""

JOOMLA = Shape(
    """<html><head><title>$title</title></head><body><div class="header"><div class="brand">Huyện Bình Yên</div></div>
<div class="navigation"><ul class="nav menu">$menu</ul></div><div id="content" class="span9"><div class="item-page"
itemscope itemtype="https://schema.org/Article"><div class="page-header"><h2 itemprop="headline">$title</h2></div>
<dl class="article-info muted"><dd class="createdby" itemprop="author">Viết bởi <span itemprop="name">$author</span>
</dd>
<dd class="published"><time datetime="2031-05-17T08:00:00+07:00" itemprop="datePublished">Ngày đăng: $day</time></dd>
<dd class="hits">Lượt xem: 312</dd></dl><div itemprop="articleBody"><p>$lead</p>$text</div>
<ul class="pager pagenav"><li class="previous"><a href="/p">Trước</a></li></ul></div></div>
<div class="moduletable"><h3>Tin mới nhất</h3><ul class="latestnews">$links</ul></div></body></html>""",
    """<html><head><title>Tin xã</title></head><body><ul class="nav menu">$menu</ul><div class="blog"><div
class="page-header"><h1>Tin xã</h1></div>$cards</div></body></html>""", author=True,
)  # fmt: skip
JOOMLA_CARD = """<div class="items-row"><div class="item"><div class="page-header"><h2><a href="/p">$title</a></h2>
</div>
<p>$lead</p><p class="readmore"><a href="/p">Đọc thêm</a></p></div></div>"""

DRUPAL = Shape(
    """<html><head><title>$title | Sở Mẫu</title></head><body><header role="banner"><a href="/">Sở Mẫu</a></header>
<nav role="navigation"><ul>$menu</ul></nav><main role="main"><div class="region region-content">
<h1 class="page-title">
<span class="field field--name-title">$title</span></h1><article class="node node--type-article"><footer
class="node__meta"><div class="node__submitted">Đăng bởi $author, 17/05/2031 - 08:00</div></footer><div
class="node__content"><div class="clearfix text-formatted field field--name-body field--label-hidden field__item">
<p>$lead</p>
$text</div></div></article><section class="views-element-container block"><h2 class="block__title">Tin khác</h2>$cards
</section></div></main><footer role="contentinfo">Bản quyền Sở Mẫu</footer></body></html>""",
    """<html><head><title>Tin tức | Sở Mẫu</title></head><body><nav role="navigation"><ul>$menu</ul></nav>
<main role="main">
<h1 class="page-title">Tin tức</h1><div class="view view-news"><div class="view-content">$cards</div></div></main>
</body>
</html>""", author=True,
)  # fmt: skip
DRUPAL_CARD = """<div class="views-row"><div class="views-field views-field-title"><a href="/p">$title</a></div><div
class="views-field views-field-body"><p>$lead</p></div></div>"""

NUKEVIET = Shape(
    """<html><head><title>$title - Tin tức - Huyện Bình Yên</title><meta property="og:title" content="$title">
</head><body>
<div id="header"></div><ul class="nav navbar-nav">$menu</ul><ol class="breadcrumb"><li><a href="/">Trang nhất</a>
</li></ol>
<div class="news_column panel panel-default"><div class="panel-body"><h1 class="title margin-bottom-lg">$title</h1>
<div class="row margin-bottom-lg"><div class="col-md-12"><span class="h5">Chủ nhật - $day 08:00</span></div></div>
<div class="clearfix"><div class="hometext m-bottom">$lead</div></div>
<div id="news-bodyhtml" class="bodytext margin-bottom-lg">
$text</div><div class="margin-bottom-lg"><p class="h5 text-right"><strong>Tác giả bài viết: </strong>$author</p></div>
</div></div><div class="news_column panel panel-default"><div class="panel-body"><form><div>
<label>Tổng số điểm của bài
viết là: 0 trong 0 đánh giá</label></div></form></div></div><div class="news_column panel panel-default"><div
class="panel-body other-news"><p class="h3"><strong>Những tin mới hơn</strong></p>
<ul class="related list-items">$links</ul>
</div></div><footer id="footer"><p>Ủy ban huyện Bình Yên, số 1 đường Mới.</p></footer></body></html>""",
    """<html><head><title>Tin tức - Huyện Bình Yên</title></head><body><ul class="nav navbar-nav">$menu</ul><div
class="news_column"><h1 class="hidden">Tin tức</h1>$cards</div></body></html>""", author=True,
)  # fmt: skip
NUKEVIET_CARD = """<div class="panel panel-default"><div class="panel-body featured"><h3><a href="/p">$title</a></h3>
<div class="text-muted"><em class="fa fa-clock-o"></em> $day</div><p>$lead</p></div></div>"""

LIFERAY = Shape(
    """<html><head><title>Trang chủ - Cổng thông tin điện tử xã</title></head><body><div id="wrapper">
<div class="nav-menu">
<ul>$menu</ul></div><div class="portlet-boundary"><div class="portlet-topper">
<span class="portlet-title">Tin hoạt động</span>
</div><div class="portlet-body"><div class="journal-content-article"><div class="title-news">$title</div>
<div class="date-news">
($day 08:00)</div><div class="summary"><b>$lead</b></div><div class="content-news">$text</div></div></div></div>
<div class="portlet-boundary"><h2 class="portlet-title">Tin đã đưa</h2><ul>$links</ul></div><div class="footer">
Địa chỉ: số 1 đường Mới, xã Bình Yên.</div></div></body></html>""",
    """<html><head><title>Trang chủ - Cổng thông tin điện tử xã</title></head><body><ul class="nav-menu">$menu</ul>
<div class="portlet-body">$cards</div></body></html>""",
)  # fmt: skip
LIFERAY_CARD = """<div class="asset-abstract"><h3 class="asset-title"><a href="/p">$title</a></h3>
<div class="asset-content">
<div class="asset-summary">$lead</div></div></div>"""

TABLES = Shape(
    """<html><head><title>Trang thông tin điện tử Sở Mẫu</title></head><body><form><table><tr><td><table><tr><td
class="menuleft"><ul>$menu</ul></td></tr></table></td><td><table width="100%"><tr>
<td class="duongdan">Tin trong ngành</td>
</tr><tr><td class="TieuDe">$title</td></tr><tr><td class="NgayThang">$day</td></tr><tr>
<td class="TomTat">$lead</td></tr><tr>
<td class="NoiDung">$text</td></tr><tr><td><b>Các tin khác</b></td></tr><tr><td><ul>$links</ul></td></tr></table>
</td></tr>
<tr><td colspan="2">Trụ sở: số 1 đường Mới. Điện thoại: 0900 000 000</td></tr></table></form></body></html>""",
    """<html><head><title>Trang thông tin điện tử Sở Mẫu</title></head><body><form><table><tr><td><ul>$menu</ul>
</td><td>
<table><tr><td class="duongdan">Tin trong ngành</td></tr>$cards</table></td></tr></table></form></body></html>""",
)  # fmt: skip
TABLES_CARD = """<tr><td><table><tr><td><a href="/p" class="TieuDeTin">$title</a></td></tr><tr><td>$lead</td></tr>
</table>
</td></tr>"""

NEWSPAPER = Shape(
    """<html><head><title>$title - Nhật báo Mẫu</title><meta property="og:title" content="$title"><meta
property="article:published_time" content="2031-05-17T08:00:00+07:00"><script type="application/ld+json">{"@type":
"NewsArticle","headline":"$title","datePublished":"2031-05-17T08:00:00+07:00"}</script></head><body>
<nav class="main-nav"><ul>
$menu</ul></nav><section class="section page-detail"><div class="container"><div class="sidebar-1">
<div class="header-content">
<ul class="breadcrumb"><li><a href="/x">Đời sống</a></li></ul>
<span class="date">Thứ bảy, 17/5/2031, 08:00 (GMT+7)</span></div>
<h1 class="title-detail">$title</h1><p class="description">$lead</p><article class="fck_detail">$text
<p class="author_mail" style="text-align:right;"><strong>$author</strong></p></article>
<div class="box-tinlienquanv2">$cards
</div><div id="box_comment" class="box_comment"><h3>Ý kiến (1)</h3><div class="content-comment"><p>$comment</p>
</div></div>
</div><div class="sidebar-2"><h2 class="title-box"><a href="/m">Xem nhiều</a></h2>$cards</div></div></section><footer>
<p>Tổng biên tập: Nguyễn Văn Mẫu</p></footer></body></html>""",
    """<html><head><title>Đời sống - Nhật báo Mẫu</title></head><body><nav class="main-nav"><ul>$menu</ul></nav>
<section class="section"><h1 class="title-folder"><a href="/d">Đời sống</a></h1><div class="col-left">$cards</div>
</section>
</body></html>""", author=True,
)  # fmt: skip
NEWSPAPER_CARD = """<article class="item-news"><h3 class="title-news"><a href="/p">$title</a></h3>
<p class="description">
<a href="/p">$lead</a></p></article>"""

PLAIN = Shape(
    """<html><body><div><a href="/">Về trang đầu</a> <a href="/tin">Tin</a></div><div><div><h1>$title</h1>
<div>$day</div>
<div>$lead</div>$text</div><div><div>Tin liên quan</div><ul>$links</ul></div></div></body></html>""",
    """<html><body><div><h1>Tin</h1>$cards</div></body></html>""",
)  # fmt: skip
PLAIN_CARD = """<div><h2><a href="/p">$title</a></h2><p>$lead</p></div>"""

SHAPES = {
    "wordpress": (WORDPRESS, WORDPRESS_CARD), "joomla": (JOOMLA, JOOMLA_CARD), "drupal": (DRUPAL, DRUPAL_CARD),
    "nukeviet": (NUKEVIET, NUKEVIET_CARD), "liferay": (LIFERAY, LIFERAY_CARD), "tables": (TABLES, TABLES_CARD),
    "newspaper": (NEWSPAPER, NEWSPAPER_CARD), "plain": (PLAIN, PLAIN_CARD),
    **PORTALS,
}


def article_page(name: str, number: int = 0) -> str:
    """Return the page of the article of this number."""
    shape, card = SHAPES[name]
    text = "".join(f"<p>{line}</p>" for line in _text(number))
    return Template(shape.article).substitute(
        title=TITLES[number], lead=LEADS[number], text=text, day=WRITTEN, author=AUTHOR, menu=MENU, links=LINKS,
        cards=_cards(card), comment=COMMENTS, rows=ROWS, breaks="<br><br>".join(_text(number)),
    )


def _text(number: int) -> tuple[str, ...]:
    """Return the paragraphs of an article: its own, but for the telephone, which all articles name."""
    return tuple(line if "0900" in line else f"{line} Đó là chuyện của thôn {number + 2}." for line in TEXTS)


def body_of(number: int) -> str:
    """Return the body that the article of this number has."""
    return "\n\n".join((LEADS[number], *_text(number)))


def list_page(name: str) -> str:
    """Return a page that lists the articles."""
    shape, card = SHAPES[name]
    return Template(shape.listing).substitute(menu=MENU, cards=_cards(card), rows=ROWS)
