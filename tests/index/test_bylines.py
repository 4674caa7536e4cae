"""Who signs an article: from a label, from its place, from lines beside the text, and never from nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fields import Signoff, find_captions, take_signoff

SENTENCE = "Trong năm, toàn xã đã làm xong ba con đường mới và một trạm bơm cho bà con vùng cao. "
TEXT = SENTENCE * 8


def signed(last: str, *captions: str) -> Signoff:
    return take_signoff([SENTENCE, TEXT + last, *captions])


@pytest.mark.parametrize(
    ("last", "author", "source"),
    [
        ("Hoài Sơn", "Hoài Sơn", ""), ("NHẬT MINH", "Nhật Minh", ""), ("Trường Văn", "Trường Văn", ""),
        ("Khánh Lynh", "Khánh Lynh", ""), ("H.Y", "H.Y", ""), ("N. HÀ/TTO", "N. Hà", "TTO"),
        ("Hoài Sơn/VOV", "Hoài Sơn", "VOV"), ("Hoài Sơn - Dân trí", "Hoài Sơn", "Dân trí"),
        ("Hoài Sơn (Theo AFP)", "Hoài Sơn", "AFP"), ("Hoài Sơn (t / h)", "Hoài Sơn", ""),
        ("Hoài Sơn (TTXVN)", "Hoài Sơn", "TTXVN"), ("Hoài Sơn thực hiện", "Hoài Sơn", ""),
        ("Tin, ảnh: Hoài Sơn", "Hoài Sơn", ""), ("Tin-ảnh: B.Vân", "B.Vân", ""),
        ("Bài và ảnh: Hoài Sơn/Báo Tin Tức", "Hoài Sơn", "Báo Tin Tức"),
        ("Theo Như Tâm/Vnexpress", "Như Tâm", "Vnexpress"), ("Hoài Sơn Ảnh: Lê Lâm", "Hoài Sơn", ""),
        ("Hoài Sơn * Bài viết thể hiện quan điểm riêng của tác giả", "Hoài Sơn", ""), ("TTXVN", "TTXVN", ""),
        ("Theo TTXVN", "", "TTXVN"), ("Dân trí", "", "Dân trí"), ("Theo Báo Sông Biển", "", "Báo Sông Biển"),
        ("Cửu Long", "Cửu Long", ""),
    ],
)  # fmt: skip
def test_what_stands_behind_the_last_sentence_signs_the_article(last: str, author: str, source: str) -> None:
    found = signed(last)
    assert (found.author, found.source) == (author, source)


@pytest.mark.parametrize(
    ("last", "authors"),
    [("Võ Hải - Thanh Tâm", ("Võ Hải", "Thanh Tâm")), ("LÊ PHONG - SƠN NHUNG", ("Lê Phong", "Sơn Nhung")),
     ("Anh Hiếu- Nguyễn Hùng", ("Anh Hiếu", "Nguyễn Hùng")), ("Tin, ảnh: Mỹ Nga, Lê Hợi", ("Mỹ Nga", "Lê Hợi")),
     ("Mỹ Nga", ("Mỹ Nga",))],
)  # fmt: skip
def test_several_authors_are_several(last: str, authors: tuple[str, ...]) -> None:
    assert signed(last).authors == authors


@pytest.mark.parametrize(
    "last",
    ["Hà Nội", "Khánh Hòa", "Xem Thêm", "Ban Tổ Chức", "Dự án mới", "Ông Lê Văn A", "NSƯT Mỹ Nga", "Chính trị",
     "Hội nghị bế mạc.", "Lê Văn A nói.", "30/4/2019", "Thông Báo Mới"],
)  # fmt: skip
def test_a_place_an_office_a_sentence_and_a_titled_person_sign_nothing(last: str) -> None:
    assert signed(last).author == ""


def test_a_name_within_the_last_sentence_signs_nothing() -> None:
    assert signed("Người dân cảm ơn ca sĩ Mỹ Nga").author == ""
    assert signed("Giá vé có ở bảng sau đây Mỹ Nga").author == "Mỹ Nga"
    assert take_signoff(["Giá vé có ở bảng sau đây Mỹ Nga"]).author == ""


def test_what_follows_the_by_line_is_captions() -> None:
    found = signed("Hoài Sơn", "Bà con chờ đến lượt trong sân.", "Cổng làng mới.")
    assert found.signed_at == 2
    assert find_captions(found.paragraphs, signed_at=found.signed_at) == (2, 3)


def test_what_follows_a_text_of_one_paragraph_is_captions_unless_it_is_long() -> None:
    assert find_captions([SENTENCE, TEXT, "Bà con chờ đến lượt trong sân."]) == (2,)
    assert find_captions([SENTENCE, TEXT, SENTENCE * 6]) == ()
    assert find_captions([SENTENCE, SENTENCE, "Bà con chờ đến lượt trong sân."]) == ()


def test_a_line_that_the_page_marks_as_a_heading_names_nobody() -> None:
    assert take_signoff([TEXT], tail=["Lê Hợi"]).author == "Lê Hợi"
    assert take_signoff([TEXT], tail=["Lê Hợi"], headings=frozenset({"Lê Hợi"})).author == ""
    assert take_signoff([TEXT, "Lê Hợi"], headings=frozenset({"Lê Hợi"})).author == ""


@pytest.mark.parametrize("line", ["Dịch Vụ Trực Tuyến", "Tin Mới Nhận", "KẾT LUẬN", "Hoàng Sa", "Quà Tặng Cuộc Sống"])
def test_a_lone_heading_is_nobody(line: str) -> None:
    assert take_signoff([TEXT, line]).author == ""
    assert take_signoff([TEXT], tail=[line]).author == ""


@pytest.mark.parametrize(
    ("line", "author"),
    [("Mai Nga Thứ tư, 16/08/2017 16:03", "Mai Nga"), ("thứ năm, 29 06, 2017 | N.BÌNH", "N.Bình"),
     ("Viết bởi Lê Hợi - Thứ hai, 12 Tháng 3 2018", "Lê Hợi"), ("Tác giả: Lê Hợi | 15/01/2026", "Lê Hợi"),
     ("16/08/2017 16:03", ""), ("Thời sự - 16/08/2017 16:03", "")],
)  # fmt: skip
def test_a_name_beside_the_date_is_the_author(line: str, author: str) -> None:
    assert take_signoff([TEXT], head=[line]).author.lower() == author.lower()


def test_a_label_beside_the_text_comes_before_bare_names_and_the_text_before_both() -> None:
    assert take_signoff([TEXT], head=["Lê Hợi"], tail=["Tác giả: Mỹ Nga"]).author == "Mỹ Nga"
    assert take_signoff([TEXT + "Hoài Sơn"], tail=["Tác giả: Mỹ Nga"]).author == "Hoài Sơn"


def test_a_source_line_that_names_a_person_is_a_by_line() -> None:
    assert take_signoff([TEXT, "Nguồn tin: Nguyễn Văn Phú"]).author == "Nguyễn Văn Phú"
    assert take_signoff([TEXT, "(Nguồn: Báo Dân trí)"]).author == ""


def test_the_evidence_is_the_text_that_names_the_author() -> None:
    assert signed("Tin, ảnh: Hoài Sơn").evidence == "Tin, ảnh: Hoài Sơn"
    assert signed("Tin, ảnh: Hoài Sơn").photographer == "Hoài Sơn"
    assert take_signoff([TEXT], known="Lê Hợi, Mỹ Nga").authors == ("Lê Hợi", "Mỹ Nga")


@given(st.lists(st.text(max_size=300), max_size=6))
def test_no_text_makes_the_by_line_raise_or_lose_more_than_its_line(paragraphs: list[str]) -> None:
    found = take_signoff(paragraphs)
    assert len(found.paragraphs) >= len(paragraphs) - 3
    assert (found.signed_at or 0) <= len(paragraphs)


@pytest.mark.parametrize(
    ("lines", "author", "source", "signed_at"),
    [
        (("Lê Hợi",), "Lê Hợi", "", 1), (("Lê Hợi", "Theo TTXVN"), "Lê Hợi", "TTXVN", 1),
        (("Theo TTXVN", "Lê Hợi"), "Lê Hợi",
                                                                                       "TTXVN", 2),
        (("Nguồn: Mỹ Nga",), "", "Mỹ Nga", None), (("Nguồn: Lê Mỹ Nga",), "Lê Mỹ Nga", "", 2),
        (("Lê Hợi", "Nguồn: Lê Mỹ Nga"), "Lê Mỹ Nga", "", 3),
        (("Trích nguồn tin: Báo ".ljust(70, "a"),), "", "Báo " + "a" * 49, None),
        (("Trích nguồn tin: Báo ".ljust(71, "a"),), "", "", None), (("*" * 85 + "Tác giả: Lê Hợi",), "Lê Hợi", "", 1),
        (("*" * 86 + "Tác giả: Lê Hợi",), "", "", None), (("Theo TTXVN", "Theo VOV"), "", "VOV", None),
        (("Theo Báo A...",), "", "",
                                                                                                   None),
        (("(TTXVN)",), "TTXVN", "", 1), (("Tin, ảnh: Lê Hợi | 12/03/2018",), "Lê Hợi", "", 1),
        (("Lê Hợi.",), "", "", None),
    ],
)  # fmt: skip
def test_the_last_lines_sign_and_tell_where_the_text_is_from(
    lines: tuple[str, ...], author: str, source: str, signed_at: int | None
) -> None:
    found = take_signoff([TEXT, *lines])
    assert (found.author, found.source, found.signed_at) == (author, source, signed_at)


@pytest.mark.parametrize(
    ("last", "author"),
    [
        ("bảng sau Bài và ảnh: Hoài Sơn", "Hoài Sơn"), ("bảng sau Ảnh: Hoài Sơn", ""), ("bảng Mỹ Nga", "Mỹ Nga"),
        ("bảng Nga", ""),
        ("bảng Lê Mỹ Nga", "Lê Mỹ Nga"), ("bảng Xa Mỹ Nga", "Mỹ Nga"), ("bảng Lê Thị Mỹ Nga", "Lê Thị Mỹ Nga"),
        ("bảng Lê Thị Mỹ Nga An", ""), ("BẢNG Mỹ Nga", ""), ("của Mỹ Nga", ""),
    ],
)  # fmt: skip
def test_a_text_without_a_stop_ends_with_a_label_or_two_to_four_words_of_a_name(last: str, author: str) -> None:
    assert signed("Giá vé có ở " + last).author == author


@pytest.mark.parametrize(("size", "author"), [(251, "Mỹ Nga"), (250, "")])
def test_a_paragraph_with_a_name_behind_it_is_longer_than_a_caption(size: int, author: str) -> None:
    text = "Bà con vui. " + "a" * (size - 20) + ". Mỹ Nga"
    assert len(text) == size and take_signoff([text]).author == author


def test_pictures_are_the_authors_own_only_if_the_by_line_says_so() -> None:
    told = ("Tin, ảnh: Lê Hợi", "Tác giả: Lê Hợi", "Lê Hợi")
    assert [take_signoff([TEXT, line]).photographer for line in told] == ["Lê Hợi", "", ""]
    assert [take_signoff([TEXT], tail=[line]).photographer for line in told] == ["Lê Hợi", "", ""]


def test_an_author_of_the_page_is_spelled_as_the_page_does_and_stands_behind_the_texts_own() -> None:
    assert take_signoff([TEXT, "LÊ HỢI"], known="Lê hợi").author == "Lê hợi"
    assert take_signoff([TEXT + "Hoài Sơn"], known="Lê Hợi").author == "Lê Hợi"
    assert take_signoff([TEXT, "Hoài Sơn"], known="Lê Hợi").author == "Hoài Sơn"
    assert take_signoff([TEXT + "Tác giả: Hoài Sơn"], known="Lê Hợi").author == "Hoài Sơn"
    known = take_signoff([TEXT], known="LÊ HỢI - MỸ NGA; An Nhiên")
    assert (known.authors, known.evidence) == (("Lê Hợi", "Mỹ Nga", "An Nhiên"), "LÊ HỢI - MỸ NGA; An Nhiên")


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Theo báo Thanh niên", "báo Thanh niên"),
        ("Theo Cổng thông tin điện tử bộ Công an", "Cổng thông tin điện tử bộ Công an"),
        ("Theo AFP, Reuters", "AFP, Reuters"),
        ("Theo hsw.cn", "hsw.cn"),
        ("Theo Trung tâm Khí tượng thủy văn TP. Vinh", "Trung tâm Khí tượng thủy văn TP. Vinh"),
        ("Nguồn: internet", "internet"),
        ("Theo kế hoạch, cầu sẽ xong vào năm sau", ""),
        ("Theo bà Lan, xã đã hỏi dân", ""),
        ("Theo Luật giáo dục nghề nghiệp", ""),
        ("Theo Sở Xây dựng, hè này sẽ lát lại vỉa hè", ""),
        ("Theo báo cáo của Bộ Y tế", ""),
    ],
)
def test_whom_a_text_is_from_is_named_and_not_told_in_a_sentence(line: str, source: str) -> None:
    assert take_signoff(["Một đoạn văn dài về lễ hội. " * 12, line]).source == source
