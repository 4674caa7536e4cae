"""Where the rules for by-lines, captions and structured data end."""

import json

import pytest
from lxml import html

from index.fields import (
    compose_body,
    find_captions,
    find_photographer,
    structured_data,
    take_crawl_prefix,
    take_signoff,
)
from index.fields.names import is_outlet, read_signature
from index.fields.sections import head_section, split_glued_head
from search.article import Span

SENTENCE = "Bà con kể về con đường mới. "


def text_of(length: int) -> str:
    return (SENTENCE * 40)[: length - 1].rstrip(". ") + "."


def test_a_name_behind_a_short_paragraph_is_a_caption_and_behind_a_long_one_a_by_line() -> None:
    assert take_signoff([text_of(240) + " Mỹ Nga"]).author == ""
    assert take_signoff([text_of(260) + " Mỹ Nga"]).author == "Mỹ Nga"


def test_a_by_line_before_captions_is_found_only_if_they_are_short() -> None:
    text = text_of(600) + " Hoài Sơn"
    assert take_signoff([text, text_of(240)]).author == "Hoài Sơn"
    assert take_signoff([text, text_of(390)]).author == ""
    assert take_signoff([text, *["Cổng làng."] * 9]).signed_at == 1


@pytest.mark.parametrize(("size", "author"), [(400, "Hoài Sơn"), (401, "")])
def test_a_caption_behind_the_by_line_has_four_hundred_characters_at_most(size: int, author: str) -> None:
    caption = "a" * (size - len(". Ảnh: bà con")) + ". Ảnh: bà con"
    assert take_signoff([text_of(600) + " Hoài Sơn", caption]).author == author


def test_a_text_that_ends_with_capitals_alone_is_a_list_of_names() -> None:
    assert take_signoff([text_of(260).rstrip(".") + " Mỹ Nga" * 20]).author == ""


def test_only_the_last_three_lines_sign() -> None:
    assert take_signoff([text_of(300), "Lê Hợi", "Theo Báo A"]).author == "Lê Hợi"
    assert take_signoff([text_of(300), "Lê Hợi", "Bà con họp.", "Theo Báo A"]).author == ""
    assert take_signoff(["Lê Hợi"]).author == ""
    assert take_signoff([text_of(300), "Lê Hợi " + "x" * 100]).author == ""


@pytest.mark.parametrize(
    ("text", "evidence", "names"),
    [
        ("Minh", "label", 1), ("Minh", "place", 0), ("Minh", "none", 0), ("Lê Thị Thu Hà Mai", "none", 1),
        ("Lê Thị Thu Hà Mai Lan", "none", 0), ("A, B, C, D, E", "label", 5), ("A, B, C, D, E, G", "label", 0),
        ("Mỹ Nga & Lê Hợi", "place", 2), ("Mỹ Nga và Lê Hợi", "label", 2), ("Zing Zang", "place", 0),
        ("Khánh Lynh", "place", 1), ("Khánh Lynh", "none", 0), ("LÊ HỢI", "none", 1), ("MỸ NGA", "none", 0),
        ("MỸ NGA", "place", 1), ("lê hợi", "place", 0), ("Lê hợi", "place", 0), ("Lê Hợi 3", "place", 0),
        ("Ông Lê Hợi", "place", 0), ("Hà Nội", "place", 0), ("Cửu Long", "none", 0), ("Trường Văn", "none", 0),
    ],
)  # fmt: skip
def test_what_is_a_name_depends_on_the_evidence(text: str, evidence: str, names: int) -> None:
    assert len(read_signature(text, evidence).names) == names  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "outlet"),
    [("TTXVN", True), ("Báo Sông Biển", True), ("vnexpress.net", True), ("tin.bao.com.vn", True),
     ("Tạp chí Rừng", True), ("Mỹ Nga", False), ("Báo", False), ("dân trí", True), ("xã A", False)],
)  # fmt: skip
def test_outlets_are_told_from_persons(text: str, outlet: bool) -> None:
    assert is_outlet(text) is outlet


def test_captions_behind_the_text_end_where_they_grow_long() -> None:
    joined = SENTENCE * 25
    assert find_captions(["Lead.", joined, "Cổng làng.", "Bà con."]) == (2, 3)
    assert find_captions([joined, "Cổng làng."]) == (1,)
    assert find_captions(["Lead.", "Lead.", joined, "Cổng làng."]) == ()
    assert find_captions(["Lead.", SENTENCE * 20, "Cổng làng."]) == ()
    assert find_captions(["Lead.", joined, text_of(380)]) == ()
    assert find_captions(["Lead.", joined, "a " * 79 + "b"]) == (2,)
    assert find_captions(["Lead.", joined, "a " * 80 + "b"]) == ()
    assert find_captions(["Lead.", "a" * 800, "Cổng làng."]) == ()
    assert find_captions([SENTENCE, SENTENCE, "Cổng làng."], signed_at=2) == (2,)
    assert find_captions([SENTENCE, "Cổng làng." * 9], signed_at=1) == ()
    assert find_captions([SENTENCE, "Bà con đến."], marked=(1,)) == (1,)


@pytest.mark.parametrize(
    ("paragraph", "caption"),
    [
        ("Bà con xem lễ. Ảnh: Lê Hợi", True), ("Bà con xem lễ - Ảnh: LÊ HỢI.", True), ("(Ảnh minh họa)", True),
        ("Nguồn ảnh: TTXVN", True), ("Ảnh tư liệu của bảo tàng", True), ("Bà con chụp ảnh ở sân đình.", False),
        ("Quang cảnh hội nghị", True), ("Quang cảnh hội nghị;", False), ("Đồng chí Lê Hợi phát biểu khai mạc", True),
        ("Đồng chí Lê Hợi đã phát biểu", False), ("Đồng chí Lê Hợi về quê", False), ("Tại hội nghị, bà con nói", False),
        ("Đại biểu nêu: phải làm", False), ("Quang cảnh lễ. Bà con đến đông.", False),
    ],
)  # fmt: skip
def test_captions_are_told_by_their_credit_or_their_scene(paragraph: str, caption: bool) -> None:
    assert (find_captions([SENTENCE, paragraph]) == (1,)) is caption


def test_the_most_frequent_credit_names_the_photographer() -> None:
    lines = ["Một. Ảnh: Lê Hợi", "Hai. Ảnh: Mỹ Nga", "Ba. Ảnh: Mỹ Nga", "Bốn. Ảnh: bạn đọc"]
    assert find_photographer(lines, (0, 1, 2, 3)) == "Mỹ Nga"
    assert find_photographer(lines, (0, 1)) == "Lê Hợi"
    assert find_photographer(lines, (3,)) == ""


def test_a_body_has_spans_for_its_lead_and_captions() -> None:
    assert compose_body(["Ảnh.", "Lead."], (0,), lead=True) == (
        "Ảnh.\n\nLead.", (Span(0, 4, "caption"), Span(6, 11, "lead"))
    )  # fmt: skip
    assert compose_body(["A.", "B."], (), lead=False)[1] == ()
    assert compose_body(["A.", "B."], (), lead=1)[1] == (Span(4, 6, "lead"),)


@pytest.mark.parametrize(
    ("prefix", "precision"), [("date 2025-06-25", "day"), ("date 2025-06", "month"), ("date 2025", "year"),
                              ("date 2025-13", "unknown"), ("ngày 2025-06-25", "unknown")],
)  # fmt: skip
def test_the_crawlers_prefix_is_as_precise_as_it_is_written(prefix: str, precision: str) -> None:
    found, rest = take_crawl_prefix(f"{prefix} Chi bộ họp")
    assert found.precision == precision
    assert rest == ("Chi bộ họp" if precision != "unknown" else f"{prefix} Chi bộ họp")


def page(*scripts: str) -> str:
    tags = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return structured_data(html.fromstring(f"<html><head>{tags}</head><body><p>x</p></body></html>")).published


def test_json_ld_is_read_as_templates_write_it() -> None:
    article = '{"@type": "NewsArticle", "headline": "A", "datePublished": "2018-03-12"}'
    for written in (article, f"//<![CDATA[\n{article}\n//]]>", f"<!-- {article} -->", f"{article};",
                    article[:-1] + ",}", f"[{article},]", f'{{"@graph": [{article}]}}',
                    f'{{"@graph": {{"@graph": [{article}]}}}}'):
        assert page(written) == "2018-03-12", written
    deep: object = json.loads(article)
    for _ in range(6):
        deep = {"@graph": [deep]}
    long = article[:-1] + f', "x": "{"a" * 200_001}"}}'
    for written in ("{", "", json.dumps(deep), article.replace("NewsArticle", "Person"), long):
        assert page(written) == "", written[:200]


def test_several_authors_of_json_ld_are_several_and_microdata_dates_the_page() -> None:
    authors = '"author": [{"name": "Lê Hợi"}, {"name": "Mỹ Nga"}, {"name": "Lê Hợi"}]'
    script = f'<script type="application/ld+json">{{"@type": "Article", "headline": "A", {authors}}}</script>'
    times = ('<time itemprop="datePublished" datetime="2018-03-12">a</time>'
             '<time itemprop="dateModified" datetime="2018-03-15">b</time>')
    data = structured_data(html.fromstring(f"<html><head>{script}</head><body>{times}</body></html>"))
    assert (data.author, data.published) == ("Lê Hợi, Mỹ Nga", "2018-03-12")
    two = times.replace("dateModified", "datePublished")
    assert structured_data(html.fromstring(f"<html><body>{two}</body></html>")).published == ""


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("Chính trị", "Chính trị"), ("chính  trị", "chính  trị"), ("Trang chủ » Tin tức » Chính trị", "Chính trị"),
        ("Chuyên mục: Chính trị", "Chính trị"), ("Xứ lạ", None), ("Ảnh", None),
        ("a" * 50 + " Đăng ngày: 31/12/2023", "a" * 50),
        ("a" * 51 + " Đăng ngày: 31/12/2023", None), ("abc - Đăng ngày: 31/12/2023", "abc"),
        ("ab - Đăng ngày: 31/12/2023", None),
        ("Tin 24 - Đăng ngày: 31/12/2023", None), ("Đăng ngày: 31/12/2023", None),
        ("Tin xã / Chính trị", "Chính trị"), ("", None),
    ],
)  # fmt: skip
def test_a_line_names_its_section_by_a_known_name_or_before_the_label_of_its_day(
    line: str, section: str | None
) -> None:
    assert head_section(line) == section


@pytest.mark.parametrize(
    ("line", "section", "title", "lead"),
    [
        ("Chính trị Xã họp bàn về đường mới", "Chính trị", "Xã họp bàn về đường mới", ""),
        ("Chính trị xã họp bàn", "", "Chính trị xã họp bàn", ""), ("Chính trị", "", "Chính trị", ""),
        ("Du lịch Thanh Hóa đón khách", "", "Du lịch Thanh Hóa đón khách", ""),
        ("Du lịch: Thanh Hóa đón khách", "Du lịch", "Thanh Hóa đón khách", ""),
        ("Xã họp về đường Sáng 25/6, xã họp.", "", "Xã họp về đường", "Sáng 25/6, xã họp."),
        ("Xã họp vui Sáng 25/6, xã họp.", "", "Xã họp vui Sáng 25/6, xã họp.", ""),
        ("Sáng 25/6, xã họp.", "", "", "Sáng 25/6, xã họp."), ("(TTXVN) - Xã họp.", "", "", "(TTXVN) - Xã họp."),
        ("Xã họp về đường mới. Sáng 25/6, xã họp.", "", "Xã họp về đường mới. Sáng 25/6, xã họp.", ""),
    ],
)  # fmt: skip
def test_a_first_line_is_cut_into_section_title_and_lead(line: str, section: str, title: str, lead: str) -> None:
    found = split_glued_head(line)
    assert (found.section, found.title, found.lead) == (section, title, lead)


@pytest.mark.parametrize(("size", "cut"), [(121, True), (120, False)])
def test_a_lead_that_opens_with_a_word_is_long(size: int, cut: bool) -> None:
    lead = "Theo ".ljust(size, "b")
    assert (split_glued_head(f"Xã họp về đường {lead}").lead == lead) == cut


@pytest.mark.parametrize(
    ("paragraph", "caption"),
    [
        ("Quang cảnh hội nghị " + "a " * 26, True), ("Quang cảnh hội nghị " + "a " * 27, False),
        ("Đồng chí Lê Hợi phát biểu " + "a " * 42, True), ("Đồng chí Lê Hợi phát biểu " + "a " * 43, False),
        ("Quang cảnh hội nghị ".ljust(400, "a"), True), ("Quang cảnh hội nghị ".ljust(401, "a"), False),
        ("a" * 488 + " Ảnh: Lê An", True), ("a" * 491 + " Ảnh: Lê An", False),
        ("Quang cảnh TP. Huế", True), ("Quang cảnh lễ. Vui.", False),
    ],
)  # fmt: skip
def test_a_caption_is_one_short_sentence_or_ends_with_its_credit(paragraph: str, caption: bool) -> None:
    assert (find_captions([SENTENCE, paragraph]) == (1,)) is caption
    assert find_captions([paragraph, SENTENCE]) == ((0,) if caption and "Ảnh:" in paragraph else ())


@pytest.mark.parametrize(("who", "name"), [("A B C D E G", "A B C D E G"), ("A B C D E G H", ""), ("bạn", ""),
("TTXVN.", "TTXVN")])
def test_who_is_credited_has_six_words_at_most(who: str, name: str) -> None:
    assert find_photographer([f"Cổng làng. Ảnh: {who}"], (0,)) == name


@pytest.mark.parametrize(("size", "text"), [(600, True), (599, False)])
def test_a_text_that_was_joined_has_six_hundred_characters_and_four_sentences(size: int, text: bool) -> None:
    joined = ("Bà con vui. " * 4).ljust(size - 1, "a") + "."
    assert (find_captions(["Lead.", joined, "Cổng làng."]) == (2,)) == text
    assert find_captions(["Lead.", ("Bà con vui. " * 3).ljust(899, "a") + ".", "Cổng làng."]) == ()


@pytest.mark.parametrize(
    ("told", "author"),
    [
        ("Lê Hợi", "Lê Hợi"), ("Theo: Lê Hợi", "Lê Hợi"), ("http://a.vn/le-hoi", ""), ("a.vn", ""), ("a@b", ""),
        ("123", ""),
        ("Báo Mẫu", ""), ("Mẫu", ""), ("Báo Mẫu Online", ""), ("Lê H.", "Lê H."), ("", ""),
    ],
)  # fmt: skip
def test_an_author_of_the_head_is_a_name_and_not_the_site(told: str, author: str) -> None:
    head = f'<meta name="author" content="{told}"><meta property="og:site_name" content="Báo Mẫu">'
    assert structured_data(html.fromstring(f"<html><head>{head}</head><body>x</body></html>")).author == author


META = """<meta property="og:title" content="A"><meta property="og:title" content="B">
<meta name="twitter:title" content="C"><meta name="pubdate" content="2018-01-02">
<meta name="section" content="Chính trị"><meta content="x">"""
LINKED = """<script type="application/ld+json">{"@type": ["Article"], "headline": "D", "datePublished": "2018-01-01",
"articleSection": ["Văn hóa", "x"], "publisher": {"name": "Báo Mẫu"}}</script>"""
TIME = "<time datetime=2018-01-04>x</time>"
MARKED = "<time itemprop=datePublished datetime=2018-01-03>x</time>"


def head_of(head: str, body: str, dated: bool = True) -> tuple[str, str, str, str]:
    found = structured_data(html.fromstring(f"<html><head>{head}</head><body>{body}</body></html>"), dated)
    assert found.dates == ((found.published,) if found.published else ())
    return found.title, found.published, found.section, found.site


@pytest.mark.parametrize(
    ("head", "body", "dated", "told"),
    [
        (META, TIME, True, ("A", "2018-01-02", "Chính trị", "")),
        (LINKED + META, TIME, True, ("D", "2018-01-01", "Văn hóa", "Báo Mẫu")),
        (META, MARKED, True, ("A", "2018-01-03", "Chính trị", "")),
        (META, MARKED, False, ("A", "2018-01-02", "Chính trị", "")), ("", TIME, True, ("", "2018-01-04", "", "")),
        ("", TIME + TIME, True, ("", "2018-01-04", "", "")), ("", "x", True, ("", "", "", "")),
        ("", TIME + "<time datetime=2017-01-01>y</time>", True, ("", "", "", "")),
    ],
)  # fmt: skip
def test_what_is_surer_in_the_head_comes_first_and_the_first_of_equals_counts(
    head: str, body: str, dated: bool, told: tuple[str, str, str, str]
) -> None:
    assert head_of(head, body, dated) == told


@pytest.mark.parametrize(("count", "names"), [(8, 8), (9, 8)])
def test_eight_authors_are_named(count: int, names: int) -> None:
    authors = json.dumps([{"name": f"Lê {letter}"} for letter in "ABCDEGHIK"[:count]])
    script = f'<script type="application/ld+json">{{"@type": "Article", "headline": "A", "author": {authors}}}</script>'
    found = structured_data(html.fromstring(f"<html><head>{script}</head><body>x</body></html>")).author
    assert len(found.split(", ")) == names


@pytest.mark.parametrize("author", ['"Lê Hợi"', '{"name": "Lê Hợi"}', '["Lê Hợi"]', '[{"name": "<b>Lê  Hợi</b>"}]'])
def test_an_author_is_a_name_an_object_or_a_list(author: str) -> None:
    script = f'<script type="application/ld+json">{{"@type": "Article", "headline": "A", "author": {author}}}</script>'
    assert structured_data(html.fromstring(f"<html><head>{script}</head><body>x</body></html>")).author == "Lê Hợi"


@pytest.mark.parametrize(("depth", "day"), [(4, "2018-03-12"), (5, "")])
def test_articles_are_looked_for_four_graphs_deep(depth: int, day: str) -> None:
    nested: object = {"@type": "Article", "datePublished": "2018-03-12"}
    for _ in range(depth):
        nested = {"@graph": nested}
    assert page(json.dumps(nested)) == day


