"""Where a headline, a card, a list, an error page and the role of an element begin and end."""

from collections.abc import Sequence

import lxml.html
import pytest

from index.body.chrome import cards, is_headline, mark_chrome, shared_start
from index.body.kind import Look, error_of, is_list
from index.page.blocks import Block
from index.page.roles import marks_of, names_author, words_of
from index.page.sites import NOTHING_KNOWN


def link(text: str, **more: object) -> Block:
    return Block(text, linked=len(text), **more)  # type: ignore[arg-type]


def prose(size: int, **more: object) -> Block:
    return Block("a" * (size - 1) + ".", **more)  # type: ignore[arg-type]


HEADLINE = "Xã Mẫu dời chợ phiên về đầu làng"


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (link("a" * 15), True), (link("a" * 14), False), (link("a" * 15 + ".pdf"), False),
        (link("a" * 15 + ".pdf "), False),
        (Block("a" * 18 + "bb", linked=18), True), (Block("a" * 17 + "bbb", linked=17), False),
        (Block("a" * 15 + " (12/05/2031)", linked=15), True), (Block("a" * 14 + " (12/05/2031)", linked=14), False),
        (Block("a" * 15 + " (12/05/2031)", linked=15, role="meta"), False), (Block("a" * 30, linked=15), False),
        (Block("a" * 18 + "bb 12/05/2031", linked=18), True), (Block("a" * 18 + "bbb 12/05/2031", linked=18), False),
        (Block("a" * 18 + " 7", linked=18), True), (Block("a" * 30), False),
    ],
)  # fmt: skip
def test_a_headline_is_a_link_of_fifteen_characters_with_nothing_but_its_day(block: Block, found: bool) -> None:
    assert is_headline(block) == found


def card(number: int, teaser: int = 100, title: str = HEADLINE) -> list[Block]:
    """Return the blocks of an element with a linked headline and a teaser."""
    path = (1, 10 * number)
    below = [prose(teaser, path=(*path, 10 * number + 2), tag="p", names="div > p")] if teaser else []
    return [link(title, path=(*path, 10 * number + 1), tag="h3", names="div > h3", heading=3), *below]


def flat(*parts: Sequence[Block]) -> list[Block]:
    return [block for part in parts for block in part]


@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        (flat(card(1), card(2)), {0, 1, 2, 3}), (card(1), set()), (flat(card(1, 0), card(2, 0)), set()),
        (flat(card(1), card(2, 0)), set()), (flat(card(1), card(2), card(3, 0)), {0, 1, 2, 3, 4}),
        (flat(card(1, 700), card(2, 700)), {0, 1, 2, 3}), (flat(card(1, 701), card(2, 700)), set()),
        (flat(card(1, 701), card(2), card(3)), {2, 3, 4, 5}), (flat(card(1, title="Ngắn"), card(2)), set()),
        (flat([prose(90, path=(1, 2))], card(1), card(2), [prose(90, path=(1, 99))]), {1, 2, 3, 4}),
    ],
)  # fmt: skip
def test_two_elements_with_headline_and_short_teaser_beside_each_other_are_cards(
    blocks: list[Block], found: set[int]
) -> None:
    assert cards(blocks, {}) == found
    assert cards(blocks, dict.fromkeys(range(len(blocks)), "cue")) == set()


def row(count: int, teasers: int = 1, size: int = 100, **more: object) -> list[Block]:
    """Return linked headings of one parent, each with teasers below it."""
    found = []
    for number in range(count):
        at = 10 * number
        found.append(link(HEADLINE, path=(1, at), **{"tag": "h3", "names": "div > h3", "heading": 3, **more}))
        found += [prose(size, path=(1, at + 1 + part), tag="p", names="div > p") for part in range(teasers)]
    return found


@pytest.mark.parametrize(
    ("blocks", "count"),
    [
        (row(3), 6), (row(2), 0), (row(3, 4), 15), (row(3, 5), 0), (row(3, 1, 700), 6), (row(3, 1, 701), 0),
        (row(3, 0), 0),
        (row(3, tag="p", heading=0), 0), (row(3, tag="dt", heading=0), 6),
        ([*row(3), prose(90, path=(1, 99)), prose(90, path=(1, 98))], 6), ([prose(90, path=(1, 99)), *row(3)], 6),
    ],
)  # fmt: skip
def test_three_headings_of_one_parent_with_up_to_four_short_teasers_each_are_cards(
    blocks: list[Block], count: int
) -> None:
    assert len(cards(blocks, {})) == count


@pytest.mark.parametrize(
    ("one", "other", "count"), [("", "", 0), ("ab", "ab", 2), ("ab", "abc", 2), ("abc", "ab", 2), ("ab", "ac", 1),
    ("a", "b", 0)]
)
def test_what_two_paths_share_is_what_they_begin_with(one: str, other: str, count: int) -> None:
    assert shared_start(one, other) == count


def beside(outside: int, inside: Sequence[int], role: str = "beside") -> set[int]:
    """Return which blocks are beside the content, where an element says so that has this much text."""
    blocks = [prose(outside, path=(1, 2)), *(prose(size, path=(1, 3, at)) for at, size in enumerate(inside, 4))]
    return {index for index, reason in mark_chrome(blocks, NOTHING_KNOWN, {3: role}).items() if reason == role}


def test_an_element_beside_the_content_does_not_hold_nearly_all_of_the_text() -> None:
    assert beside(200, [400, 400]) == {1, 2}  # a fifth is left
    assert beside(199, [400, 400]) == set()
    assert beside(160, [800]) == {1}  # one paragraph is no text
    assert beside(80, [200, 200]) == set() and beside(80, [200, 199]) == {1, 2}
    assert beside(80, [400, 400], "comments") == {1, 2}


def test_cues_come_before_elements_and_elements_before_cards() -> None:
    blocks = [Block("Giấy phép số 12/GP-STTTT cấp ngày 5/1/2020", path=(1, 3, 4)), *flat(card(1), card(2), card(3))]
    assert list(mark_chrome(blocks, NOTHING_KNOWN, {3: "beside", 10: "beside"}).values()) == [
        "cue", "beside", "beside", "card", "card", "card", "card"]  # fmt: skip
    assert mark_chrome([prose(90, path=(1, 2))], NOTHING_KNOWN) == {}


@pytest.mark.parametrize(
    ("size", "titles", "heading", "error"),
    [
        (900, ["404 Not Found"], False, "404 Not Found"), (901, ["404 Not Found"], False, ""), (90, [], False, ""),
        (90, [], True, "Không tìm thấy trang"), (90, ["Tin xã", "Bad gateway"], False, "Bad gateway"),
        (90, [""], False, ""),
    ],
)  # fmt: skip
def test_an_error_page_says_so_and_little_else(size: int, titles: list[str], heading: bool, error: str) -> None:
    said = "Không tìm thấy trang"
    blocks = [Block("Một."), Block("Hai."), Block("Ba."), Block(said, heading=1) if heading else Block("x" * len(said))]
    blocks.append(Block("a" * (size - sum(len(block.text) for block in blocks))))
    assert error_of([*blocks, link("b" * 2000)], titles) == error
    assert error_of([Block("b" * 100, linked=50)], ["404"]) == "404"


@pytest.mark.parametrize(("place", "error"), [(0, True), (2, True), (3, False)])
def test_an_error_is_told_in_the_first_three_lines(place: int, error: bool) -> None:
    lines = ["Một.", "Hai.", "Ba.", "Bốn."]
    lines[place] = "Không tìm thấy trang"
    assert bool(error_of([Block(line) for line in lines], [])) == error
    assert error_of([*map(Block, lines[:place]), Block(lines[place], bold=True)], []) == lines[place]


# Lists -----------------------------------------------------------------------------------------------------------


TITLE = Block("Tin xã Mẫu", heading=1)


def listed(blocks: Sequence[Block], body: Sequence[int] = (), title: int | None = 0, **more: object) -> bool:
    chrome = dict.fromkeys(cards(blocks, {}), "card")
    return is_list(Look(blocks, chrome, title, body, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(("count", "found"), [(3, True), (2, False)])
def test_three_cards_are_a_list(count: int, found: bool) -> None:
    blocks = [TITLE, *flat(*(card(number) for number in range(1, count + 1))), prose(160)]
    assert listed(blocks, [len(blocks) - 1]) == found


@pytest.mark.parametrize(("size", "found"), [(359, True), (360, False)])
def test_a_list_has_less_running_text_than_its_cards_and_a_fifth_more(size: int, found: bool) -> None:
    blocks = [TITLE, *flat(card(1), card(2), card(3)), Block("x"), prose(size)]
    assert listed(blocks, [len(blocks) - 1]) == found


@pytest.mark.parametrize(
    ("size", "title", "more", "found"),
    [
        (250, TITLE, {}, False), (249, TITLE, {}, True), (150, TITLE, {"dated": True}, False),
        (149, TITLE, {"dated": True}, True),
        (250, link("Tin xã Mẫu hôm nay"), {}, True), (250, link("Tin xã Mẫu hôm nay"), {"named": True}, False),
    ],
)  # fmt: skip
def test_a_text_of_its_own_above_the_first_card_is_no_list(
    size: int, title: Block, more: dict[str, bool], found: bool
) -> None:
    blocks = [title, prose(size), *flat(card(1, 300), card(2, 300), card(3, 300))]
    assert listed(blocks, [1], **more) == found


@pytest.mark.parametrize(
    ("size", "others", "more", "found"),
    [(599, 3, {}, True), (600, 3, {}, False), (599, 2, {}, False), (599, 3, {"dated": True}, False)],
)
def test_a_text_below_a_linked_headline_with_three_others_is_a_teaser(
    size: int, others: int, more: dict[str, bool], found: bool
) -> None:
    blocks = [TITLE, link(HEADLINE), Block("12/05/2031"), prose(size), *[link(HEADLINE)] * others]
    assert listed(blocks, [3], **more) == found
    assert not listed([link(HEADLINE), prose(size), *[link(HEADLINE)] * others], [1], **more)


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("http://a.vn/", True), ("http://a.vn/index.html", True), ("http://a.vn/vi/trang-chu", True),
        ("http://a.vn/tin", False),
        ("index.php", True), ("tin.html", False), ("a/default.aspx", True), ("", False), ("http://a.vn", True),
    ],
)
def test_a_home_page_without_a_title_is_a_list(address: str, home: bool) -> None:
    assert listed([prose(599)], [0], None, addresses=[address]) == home
    assert listed([Block("Vui.")], [0], None, addresses=["tin.html", address]) == home
    assert not listed([prose(600)], [0], None, addresses=[address])
    assert not listed([TITLE, prose(599)], [1], addresses=[address])


@pytest.mark.parametrize(
    ("headlines", "found"),
    [
        ([link("a" * 25)] * 3, True), ([link("a" * 25)] * 2, False), ([link("a" * 24)] * 9, False),
        ([Block("a" * 15 + " 12/05/2031", linked=15)], True),
        ([Block("Khác", heading=2), *[link("a" * 25)] * 3], False),
        ([Block("Tin liên quan"), *[link("a" * 25)] * 3], False),
        ([link("Mục khác", heading=2), *[link("a" * 25)] * 3], True),
    ],
)  # fmt: skip
def test_without_running_text_three_headlines_or_one_with_its_day_are_a_list(
    headlines: list[Block], found: bool
) -> None:
    assert listed([TITLE, *headlines]) == found


@pytest.mark.parametrize(("size", "count", "found"), [(60, 3, True), (59, 3, False), (60, 2, False)])
def test_without_a_title_three_long_cells_of_a_table_are_a_list(size: int, count: int, found: bool) -> None:
    blocks = [Block("a" * size, tag="td")] * count
    assert listed(blocks, range(count), None) == found
    assert not listed([Block("a" * size, tag="p")] * count, range(count), None)


def test_the_results_of_a_search_are_a_list() -> None:
    assert listed([Block("Kết quả tìm kiếm", heading=1)]) and not listed([Block("Nhà tìm kiếm", heading=1)])


@pytest.mark.parametrize(
    ("columns", "rows", "size", "told", "found"),
    [(["Số hiệu", "Trích yếu"], 3, 40, 249, True), (["Số hiệu", "Trích yếu"], 3, 40, 250, False),
     (["Số hiệu", "Trích yếu"], 2, 40, 9, False), (["Số hiệu", "Trích yếu"], 3, 39, 9, False),
     (["Số hiệu", "Số hiệu"], 3, 40, 9, False), (["Số hiệu", "Trích yếu".ljust(41)], 3, 40, 9, False),
     (["Số hiệu", "Trích yếu".ljust(40)], 3, 40, 9, True)],
)  # fmt: skip
def test_a_register_has_two_columns_three_rows_and_hardly_a_sentence(
    columns: list[str], rows: int, size: int, told: int, found: bool
) -> None:
    blocks = [TITLE, *map(Block, columns), *[Block("a" * size)] * rows, prose(told)]
    assert listed(blocks, [len(blocks) - 1]) == found


# Roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "role"),
    [
        ("<nav>", "beside"), ("<aside>", "beside"), ("<footer>", "beside"), ("<div role=navigation>", "beside"),
        ("<div itemprop=breadcrumb>", "beside"), ("<div itemprop=articleBody class=sidebar>", "body"),
        ("<div itemprop=comment>", "comments"), ("<figcaption>", "caption"), ("<div class=sidebar>", "beside"),
        ("<div class=has-sidebar>", ""), ("<div class='content no-sidebar'>", "main"),
        ("<div class=elementor-sidebar>", ""),
        ("<div class=twitter-sidebar>", ""), ("<div class=AllowMenuPost>", ""), ("<div id=sidebar>", "beside"),
        ("<div class=comment-content>", "comments"), ("<div itemprop=author>", "meta"), ("<time>", "meta"),
        ("<article>", "main"), ("<main>", "main"), ("<div role=main>", "main"), ("<div role=article>", "main"),
        ("<p>", ""),
        ("<article class=sidebar>", "beside"), ("<time class=content>", "meta"), ("<div class=content>", "main"),
    ],
)  # fmt: skip
def test_an_element_is_for_what_it_says_it_is(html: str, role: str) -> None:
    element = lxml.html.fragment_fromstring(html + "x")
    assert marks_of(element, element.tag).role == role


@pytest.mark.parametrize(
    ("html", "hidden"),
    [
        ("<p hidden>", True), ("<p style='display: none'>", True), ("<p style='visibility:hidden'>", True),
        ("<p>", False),
        ("<p class='a SR-only'>", True), ("<p style='display:block'>", False), ("<p class=hidden-tin>", False),
    ],
)  # fmt: skip
def test_an_element_that_is_not_shown_says_so(html: str, hidden: bool) -> None:
    element = lxml.html.fragment_fromstring(html + "x")
    assert marks_of(element, element.tag).hidden == hidden


def test_the_body_of_a_page_is_not_beside_itself() -> None:
    element = lxml.html.document_fromstring("<html class=sidebar><body class=sidebar>x</body></html>")
    assert marks_of(element, "html").role == marks_of(element.body, "body").role == "main"


def test_the_names_of_an_element_are_its_tag_and_words_in_small_letters() -> None:
    element = lxml.html.fragment_fromstring("<div class='Tin Moi' id=A itemprop=Text data-x=y>x</div>")
    assert marks_of(element, "div").names == "div tin moi a text"
    assert names_author("div > p author-name") and names_author("p author > span > b") is False
    assert names_author("div author > b")


def test_an_unknown_table_of_roles_is_refused() -> None:
    with pytest.raises(KeyError):
        words_of("nothing")
