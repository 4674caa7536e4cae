"""Damaged text is mended where it is plain what stood there, and lines of codes are no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.body.damaged import damaged_lines
from index.decode import is_scrambled, mend
from index.extract.extracting import extract
from index.page.blocks import Block
from index.read.records import RawDocument
from search.article import Article
from search.text import normalize

CODE = "aGVsbG8gd29ybGQgMTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A="


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("nga ̀ y 5/5", "ngày 5/5"), ("Trươ ́ c đo ́ , ông", "Trước đó, ông"), ("dư ̣  a ́ n mới", "dự  án mới"),
        ("dư ̣ a ́ n mới", "dự án mới"), ("đê ̀  xuâ ́ t", "đề  xuất"), ("đê ̀ ra", "đề ra"), ("thi ̣ trâ ́ n", "thị trấn"),
        ("cu ̉ a", "của"), ("hoc sinh", "hoc sinh"), ("ngày", "ngày"),
    ],
)  # fmt: skip
def test_marks_torn_off_by_blanks_are_put_back(torn: str, whole: str) -> None:
    assert normalize(mend(torn)) == whole


@pytest.mark.parametrize("zero", ["\u200b", "\u200c", "\u2060", "\ufeff"])
@pytest.mark.parametrize(
    ("left", "right", "whole"),
    [("tỉnh", "Thanh Hóa", "tỉnh Thanh Hóa"), ("A", "cho", "A cho"), ("ng", "ày", "ngày"), ("inter", "net", "internet"),
     ("tỉnh ", "Thanh", "tỉnh Thanh"), ("", "tỉnh", "tỉnh"), ("tỉnh", "", "tỉnh"), ("hòa", "", "hòa")],
)  # fmt: skip
def test_a_blank_that_shows_as_nothing_parts_whole_words_only(zero: str, left: str, right: str, whole: str) -> None:
    assert normalize(mend(left + zero + right)) == whole


@given(st.text(alphabet="aăâeêioôơuưy ngh\u0300\u0301\u0323\u0302\u031b\u200b.,", max_size=60))
def test_mending_keeps_every_letter_and_mark(text: str) -> None:
    def ink(value: str) -> str:
        return "".join(char for char in value if char not in " \u200b")

    assert ink(mend(text)) == ink(text)


@given(st.text(alphabet="abcdeghiklmnopqrstuvxyđâăêôơư áàảãạ.,;:-0123456789\n", max_size=80))
def test_sound_text_is_left_as_it_is(text: str) -> None:
    assert mend(normalize(text)) == normalize(text)


@pytest.mark.parametrize(
    ("line", "scrambled"),
    [(CODE, True), (f"  {CODE}{CODE}  ", True), (f"Ảnh {CODE}", True),
     (f"{'Bà con xem ảnh trong sân. ' * 4}{CODE}", False),
     ("https://bao.example/tin-tuc/hoi-nghi-tong-ket-phong-trao-xa.html", False),
     ("0938 779 660", False), ("", False),
     ("a" * 60, False), ("A" * 60 + "1", False), ("hoi-nghi-tong-ket-phong-trao-toan-xa-nam-2019-va-2020", False)],
)  # fmt: skip
def test_a_line_of_codes_is_told_from_text(line: str, scrambled: bool) -> None:
    assert is_scrambled(line) is scrambled


def test_a_line_that_repeats_another_without_marks_is_alternative_text() -> None:
    lines = [Block(text) for text in ("Hà Tĩnh chú trọng ngoại giao", "Bà con xem.", "ha-tinh-chu-trong-ngoai-giao")]
    assert damaged_lines(lines) == {2: "alternative text"}
    assert damaged_lines(lines[1:], "Hà Tĩnh chú trọng ngoại giao") == {1: "alternative text"}
    assert damaged_lines(lines[1:]) == {}
    assert damaged_lines([Block("Hà Nội"), Block("ha noi")]) == {}


def test_codes_in_a_dump_are_removed_with_their_reason() -> None:
    sentence = "Bà con thôn Đông chờ đến lượt trong sân nhà văn hóa để nói về con đường mới của cả thôn. "
    text = f"Xã Đông tiếp dân đầu tháng\n\n{sentence * 3}\n\n{CODE}\n\n{sentence * 2}"
    found = extract(RawDocument("a.txt", "a.txt", text.encode()))
    assert isinstance(found, Article)
    assert CODE not in found.body and found.body.count("thôn Đông") == 5
    assert [block.reason for block in found.removed if block.text == CODE] == ["codes"]
