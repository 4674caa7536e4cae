"""More invented pages in the shapes of systems, for `tests.index.templates`: portals of offices and newspapers.

Each has what was seen to mislead: a banner's calendar, boxes before the text and inside of it, headings of modules,
names that machines made, paragraphs without an element of their own.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """A system: its page of an article, its page of a list; whether its pages show a lead, a day, an author."""

    article: str
    listing: str
    lead: bool = True
    day: bool = True
    author: bool = False


_BANNER = """<div class="top-bar"><span class="today">Thứ Sáu, 23/05/2031</span> <a href="/en">English</a>
<a href="/rss">RSS</a></div>"""

VNPT = Shape(
    """<html><head><title>$title - Cổng thông tin xã Bình Yên</title></head><body><div id="page"><div class="wrap">
<div class="portal-header"><div class="header-date">Thứ Sáu, 23/05/2031</div><ul class="mainmenu">$menu</ul></div>
<div class="row"><div class="col-sm-9"><div class="ModuleWrapper"><div class="ArticleDetailControl">
<div class="ArticleHeader"><a href="/tin">Tin trong xã</a></div>
<div class="ArticleContent"><h2 class="Title">$title</h2><span class="PostDate">$day 08:12</span>
<p class="Head">$lead</p><div class="ArticleText">$text</div></div>
<div class="ArticleOther"><h3>Các tin khác</h3><ul>$links</ul></div></div></div></div>
<div class="col-sm-3"><div class="BoxRight"><h3>Thông báo</h3><ul>$links</ul></div>
<div class="BoxRight"><h3>Thống kê truy cập</h3><p>Hôm nay: 120</p><p>Tất cả: 91.233</p></div></div></div></div></div>
</body></html>""",
    """<html><head><title>Tin trong xã - Cổng thông tin xã Bình Yên</title></head><body><div id="page">
<div class="wrap">
<div class="portal-header"><div class="header-date">Thứ Sáu, 23/05/2031</div><ul class="mainmenu">$menu</ul></div>
<div class="ArticleList"><h2 class="Title">Tin trong xã</h2><ul>$cards</ul></div>
<div class="Paging"><a href="?p=2">2</a> <a href="?p=3">3</a></div></div></div></body></html>""",
)  # fmt: skip
VNPT_CARD = """<li><a href="/p">$title</a> <span class="PostDate">($day)</span></li>"""

SHAREPOINT = Shape(
    """<html><head><title>Trang chủ - Sở Mẫu</title></head><body><form id="aspnetForm" action="/x.aspx">
<div id="s4-workspace"><table width="100%"><tr><td class="ms-banner">"""
    + _BANNER + """</td></tr><tr><td><table><tr><td width="200" valign="top">
<div class="ms-quicklaunch"><ul>$menu</ul></div></td><td valign="top"><div id="MSOZoneCell_WebPartWPQ2"><table><tr><td>
<div id="ctl00_pnlDetail"><h3 id="ctl00_lblTieuDe">$title</h3><span id="ctl00_lblNgay">($day 09:30)</span><br>
<div id="ctl00_lblTrichDan"><b>$lead</b></div><div class="ExternalClassA1B2C3"><div>$text</div></div></div>
<div><div id="ctl00_lblKhac">Tin đã đưa:</div><table>$rows</table></div></td></tr></table></div></td></tr></table></td>
</tr></table></div></form></body></html>""",
    """<html><head><title>Trang chủ - Sở Mẫu</title></head><body><form id="aspnetForm" action="/x.aspx"><table><tr>
<td>"""
    + _BANNER + """</td></tr><tr><td><table><tr><td class="ms-header">Văn bản</td></tr><tr><td>Số/Ký hiệu</td>
<td>Ngày ban hành</td><td>Trích yếu</td></tr>$cards</table></td></tr></table></form></body></html>""",
)  # fmt: skip
SHAREPOINT_CARD = """<tr><td>12/QĐ</td><td>$day</td><td>Quyết định về việc: $title</td></tr>"""

DNN = Shape(
    """<html><head><title>Chi tiết tin</title></head><body id="Body"><form id="Form"><div class="skinwrapper">
<div class="skinheader"><div class="language">"""
    + _BANNER + """</div><ul id="dnnMenu">$menu</ul></div><div class="row"><div id="dnn_LeftPane" class="col-3">
<div class="DnnModule"><h2><span class="Head">Tin mới</span></h2><ul>$links</ul></div></div>
<div id="dnn_ContentPane" class="col-9"><div class="DnnModule DnnModule-DesktopModules"><div class="contTitle">
<span class="Head">Chi tiết tin</span></div><div class="contmain"><div class="newsdetail-wrap">
<div class="news-title">$title</div><div class="news-time">Ngày đăng: $day</div>
<div class="news-brief"><strong>$lead</strong></div><div class="news-full">$text</div>
<div class="news-relate"><b>Tin liên quan</b><ul>$links</ul></div></div></div></div></div></div></div></form></body>
</html>""",
    """<html><head><title>Danh sách tin</title></head><body id="Body"><form id="Form"><ul id="dnnMenu">$menu</ul>
<div id="dnn_ContentPane"><div class="DnnModule"><h2><span class="Head">Tin tức</span></h2><div>$cards</div></div></div>
</form></body></html>""",
)  # fmt: skip
DNN_CARD = """<div class="item"><a class="tt" href="/p">$title</a><br><span>$day</span><div>$lead</div>
<a class="more" href="/p">Xem chi tiết</a></div>"""

LONGFORM = Shape(
    """<html><head><title>$title | Báo Làng</title></head><body><header class="c-header"><div class="c-date">
Thứ Sáu, 23/05/2031</div><nav><ul>$menu</ul></nav></header><div class="l-main"><div class="l-content content-col">
<div class="breadcrumb-x"><a href="/d">Đời sống</a></div><h1 class="sc-header-title block-sc-title">$title</h1>
<div class="sc-header-meta"><span class="sc-author block-sc-author">$author</span>
<span class="sc-publish-time">16:06 | $day</span></div>
<p class="sc-header-sapo block-sc-sapo">$lead</p><div class="entry no-padding">$text</div>
<div class="c-box"><div class="c-box__title">Đọc tiếp</div>$cards</div></div>
<div class="sidebar-1"><div class="c-box"><div class="c-box__title">Mới nhất</div><ul>$links</ul></div></div></div>
</body></html>""",
    """<html><head><title>Đời sống | Báo Làng</title></head><body><header class="c-header"><div class="c-date">
Thứ Sáu, 23/05/2031</div><nav><ul>$menu</ul></nav></header><div class="l-main"><h1 class="c-cate">Đời sống</h1>
<div class="c-template-list">$cards</div></div></body></html>""",
    author=True,
)  # fmt: skip
LONGFORM_CARD = """<div class="b-grid"><h3 class="b-grid__title"><a href="/p">$title</a></h3>
<div class="b-grid__time">$day</div></div>"""

FONTS = Shape(
    """<html><head><title>Trang tin nội bộ</title></head><body bgcolor="#ffffff"><center><table width="780"><tr>
<td colspan="3"><font size="1">Thứ Sáu, 23/05/2031</font></td></tr><tr><td width="150" valign="top"><table>$rows
</table></td><td valign="top"><font size="4" color="#003399"><b>$title</b></font><br><br>
<font size="1" color="gray"><i>Cập nhật lúc: $day 10:05</i></font><br><br><font size="2"><b>$lead</b><br><br>$breaks
</font></td><td width="120" valign="top"><font size="1">Quảng cáo</font></td></tr></table></center></body></html>""",
    """<html><head><title>Trang tin nội bộ</title></head><body><center><table width="780"><tr><td valign="top">
<table>$rows</table></td><td><font size="3"><b>Tin trong làng</b></font><table>$cards</table></td></tr></table></center>
</body></html>""",
)  # fmt: skip
FONTS_CARD = """<tr><td><a href="/p"><b>$title</b></a> <font size="1">($day)</font><br><font size="2">$lead</font>
</td></tr>"""

TAGDIV = Shape(
    """<html><head><title>$title - Làng Tôi</title></head><body class="post-template-default single">
<div class="td-header-wrap"><div class="td-header-sp-logo"><a href="/">Làng Tôi</a></div><div class="tdb-date">
Thứ Sáu, 23 Tháng Năm, 2031</div><ul class="sf-menu">$menu</ul></div><div class="td-main-content-wrap">
<div class="td-container"><div class="td-pb-row"><div class="td-pb-span8 td-main-content"><article class="post">
<div class="td-post-header"><ul class="td-category"><li class="entry-category"><a href="/d">Đời sống</a></li></ul>
<header class="td-post-title"><h1 class="entry-title">$title</h1><div class="td-module-meta-info">
<div class="td-post-author-name"><a href="/a">$author</a></div><span class="td-post-date"><time
datetime="2031-05-17T08:00:00+07:00">17 Tháng Năm, 2031</time></span></div></header></div>
<div class="td-post-sharing">Chia sẻ</div><div class="td-post-content tagdiv-type"><p>$lead</p>$text</div>
<footer><div class="td-post-source-tags">Từ khóa</div></footer></article>
<div class="td_block_wrap td_block_related_posts"><h4>BÀI LIÊN QUAN</h4>$cards</div></div>
<div class="td-pb-span4 td-main-sidebar"><ul>$links</ul></div></div></div></div></body></html>""",
    """<html><head><title>Đời sống - Làng Tôi</title></head><body class="archive category">
<ul class="sf-menu">$menu</ul>
<div class="td-main-content-wrap"><h1 class="entry-title td-page-title">Đời sống</h1>$cards</div></body></html>""",
    author=True,
)  # fmt: skip
TAGDIV_CARD = """<div class="td_module_10"><div class="item-details"><h3 class="entry-title td-module-title">
<a href="/p">$title</a></h3><div class="td-module-meta-info"><span class="td-post-date">$day</span></div>
<div class="td-excerpt">$lead</div></div></div>"""

HASHED = Shape(
    """<html><head><title>$title</title><script type="application/ld+json">{"@type": "NewsArticle", "headline":
"$title",
"datePublished": "2031-05-17T08:00:00+07:00", "author": {"name": "$author"}}</script></head><body><div id="root">
<div class="css-1x9"><div class="css-8kq"><a href="/">Xóm</a>$menu</div></div><div class="css-77a"><div class="css-0b1">
<div class="css-3fd">$title</div><div class="css-d92"><span>$author</span><span>$day 08:00</span></div>
<div class="css-9cc">$lead</div><div class="css-9ce">$text</div><div class="css-5e5"><div>$cards</div></div></div></div>
</div></body></html>""",
    """<html><head><title>Đời sống</title></head><body><div id="root"><div class="css-8kq">
<a href="/">Xóm</a>$menu</div>
<div class="css-77a"><div class="css-3fd">Đời sống</div><div class="css-5e5">$cards</div></div></div></body></html>""",
    author=True,
)  # fmt: skip
HASHED_CARD = """<a class="css-a1" href="/p"><div class="css-a2">$title</div><div class="css-a3">$lead</div></a>"""

K2 = Shape(
    """<html><head><title>$title</title></head><body class="com_k2"><div class="header-top"><span>Thứ Sáu, 23/05/2031
</span></div><ul class="nav menu">$menu</ul><div id="k2Container" class="itemView"><div class="itemHeader">
<span class="itemDateCreated">Thứ bảy, 17 Tháng 5 2031 08:00</span><h2 class="itemTitle">$title</h2>
<span class="itemAuthor">Được viết bởi <a href="/a">$author</a></span></div><div class="itemToolbar"><ul>
<li>Cỡ chữ</li><li>In</li></ul></div><div class="itemBody"><div class="itemIntroText"><p>$lead</p></div>
<div class="itemFullText">$text</div></div><div class="itemLinks"><div class="itemCategory">
<span>Chuyên mục</span><a href="/d">Đời sống</a></div></div><div class="itemRelated"><h3>Bài liên quan</h3><ul>$links
</ul></div><div class="itemAuthorLatest"><h3>Bài mới nhất từ $author</h3><ul>$links</ul></div></div></body></html>""",
    """<html><head><title>Đời sống</title></head><body class="com_k2"><ul class="nav menu">$menu</ul>
<div id="k2Container" class="itemListView"><h1>Đời sống</h1><div id="itemListLeading">$cards</div></div></body>
</html>""",
    author=True,
)  # fmt: skip
K2_CARD = """<div class="itemContainer"><div class="catItemView"><div class="catItemHeader"><h3 class="catItemTitle">
<a href="/p">$title</a></h3></div><div class="catItemBody"><div class="catItemIntroText">$lead</div></div>
<div class="catItemReadMore"><a href="/p">Xem tiếp...</a></div></div></div>"""

NUKEVIET4 = Shape(
    """<html><head><title>$title - Phòng Mẫu</title></head><body><div class="section-header"><nav>
<div class="current-date">
Thứ sáu, 23/05/2031</div></nav></div><ul class="nav navbar-nav">$menu</ul><div class="row"><div class="col-md-18">
<div class="news_column panel panel-default"><div class="panel-body"><h1 class="title margin-bottom-lg">$title</h1>
<div class="row margin-bottom-lg"><div class="col-md-12"><span class="h5">Thứ bảy - 17/05/2031 08:12</span></div>
<div class="col-md-12"><ul class="list-inline text-right"><li><a href="/in">In ra</a></li></ul></div></div>
<div class="clearfix"><div class="hometext m-bottom">$lead</div></div>
<div id="news-bodyhtml" class="bodytext">$text</div>
</div></div><div class="news_column"><p class="h5 text-right"><strong>Tác giả bài viết: </strong>$author</p></div>
<div class="news_column"><form id="rating"><div>Tổng số điểm của bài viết là: 0 trong 0 đánh giá</div></form></div>
<div class="news_column other-news"><p class="h3"><strong>Những tin cũ hơn</strong></p><ul>$links</ul></div></div></div>
</body></html>""",
    """<html><head><title>Đời sống - Phòng Mẫu</title></head><body><div class="current-date">Thứ sáu, 23/05/2031</div>
<ul class="nav navbar-nav">$menu</ul><div class="viewlist"><h1>Đời sống</h1>$cards</div></body></html>""",
    author=True,
)  # fmt: skip
NUKEVIET4_CARD = """<div class="news_column panel"><div class="panel-body featured"><h2><a href="/p">$title</a></h2>
<p>$day 08:00</p><p>$lead</p></div></div>"""

BLOG = Shape(
    """<html><head><title>Sổ tay xóm: $title</title></head><body><div class="header section"><h1 class="title">
<a href="/">Sổ tay xóm</a></h1><p class="description"><span>Ghi chép của người trong xóm</span></p></div>
<div class="blog-posts hfeed"><div class="date-outer"><h2 class="date-header"><span>Thứ Bảy, 17 tháng 5, 2031</span>
</h2>
<div class="post hentry"><h3 class="post-title entry-title">$title</h3><div class="post-body entry-content">
<div>$lead</div>$text</div><div class="post-footer"><span class="post-author vcard">Người đăng:
<span class="fn">$author</span></span> <span class="post-timestamp">vào lúc <a href="/t">08:00</a></span></div></div>
</div></div><div class="sidebar"><h2>Lưu trữ Blog</h2><ul>$links</ul></div></body></html>""",
    """<html><head><title>Sổ tay xóm</title></head><body><div class="header section"><h1 class="title">Sổ tay xóm</h1>
</div>
<div class="blog-posts hfeed">$cards</div><div class="sidebar"><h2>Lưu trữ Blog</h2></div></body></html>""",
    author=True,
)  # fmt: skip
BLOG_CARD = """<div class="post hentry"><h3 class="post-title entry-title"><a href="/p">$title</a></h3>
<div class="post-body">$lead</div><div class="jump-link"><a href="/p">Đọc thêm »</a></div></div>"""

PORTALS = {
    "vnpt": (VNPT, VNPT_CARD), "sharepoint": (SHAREPOINT, SHAREPOINT_CARD), "dnn": (DNN, DNN_CARD),
    "longform": (LONGFORM, LONGFORM_CARD), "fonts": (FONTS, FONTS_CARD), "tagdiv": (TAGDIV, TAGDIV_CARD),
    "hashed": (HASHED, HASHED_CARD), "k2": (K2, K2_CARD), "nukeviet4": (NUKEVIET4, NUKEVIET4_CARD),
    "blog": (BLOG, BLOG_CARD),
}
