"""What is suggested while typing: names as the archive writes them, neither cut short nor cut out of longer ones."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article
from search.text import fold_text

Suggest = Callable[[str], list[str]]

SENTENCES = (
    "Hôm nay, Sở Ngoại vụ họp với đoàn khách.",
    "Theo Sở Ngoại vụ tỉnh, đoàn đến vào tháng sau.",
    "Khi ấy Bộ Công an đã trả lời.",
    "Đại diện Bộ Công an và Bộ Công Thương cùng dự.",
    "Với Bộ Công Thương thì khác.",
    "Nay thành phố Hồ Chí Minh đông hơn.",
    "Về thành phố Hồ Chí Minh thì xa.",
    "Bà Nguyễn Thị Lan gặp ông Nguyễn Thị Hoàng.",
    "Ở đây có Nguyễn Thị Lan và Nguyễn Thị Hoàng.",
    "Người ta thấy Huế đẹp, thấy Đà Nẵng vui.",
    "Tàu tới Đà Nẵng rồi về Đà Nẵng.",
)

TITLES = (
    "Khổ công học tập", "Khô hạn ở miền Trung", "Khó khăn chung", "“Kho” hàng xóm", "Đường hoà bình",
    "Quyết định 92/QĐ-UBND",
)  # fmt: skip


@pytest.fixture
def suggest(tmp_path: Path) -> Suggest:
    with ArchiveBuilder(tmp_path) as builder:
        builder.add(Article(f"a{at}", "", f"Bài {at}", text) for at, text in enumerate(SENTENCES))
    archive = Archive.open(tmp_path)
    return lambda typed: [found.text for found in archive.suggest(typed)]


def test_an_office_is_suggested_with_the_small_word_that_ends_its_name(suggest: Suggest) -> None:
    assert suggest("so ngoai") == ["Sở Ngoại vụ"]


@pytest.mark.parametrize("typed", ["sowr ngoaij", "so73 ngoai5"])
def test_keystrokes_of_telex_and_vni_are_read_where_nothing_begins_with_them(suggest: Suggest, typed: str) -> None:
    assert suggest(typed) == ["Sở Ngoại vụ"]


def test_a_beginning_of_two_names_is_suggested_as_both_of_them(suggest: Suggest) -> None:
    assert set(suggest("bo cong")) == {"Bộ Công an", "Bộ Công Thương"}


def test_the_beginning_of_a_longer_name_is_not_suggested_as_a_name_or_a_phrase(suggest: Suggest) -> None:
    assert suggest("ho chi") == ["Hồ Chí Minh"]
    assert set(suggest("nguyen")) == {"Nguyễn Thị Lan", "Nguyễn Thị Hoàng"}


def test_a_name_that_ends_where_it_ends_stays_whatever_follows(suggest: Suggest) -> None:
    assert suggest("da nang") == ["Đà Nẵng"]


def test_words_that_are_hardly_ever_capitalised_are_shown_in_small_letters(tmp_path: Path) -> None:
    spelled = ["Theo Ủy Ban ấy, xong.", "Theo Ủy Ban kia, xong."]
    common = [f"Năm {year} ủy ban họp, ủy ban bàn, rồi ủy ban quyết." for year in range(2000, 2025)]
    with ArchiveBuilder(tmp_path) as builder:
        builder.add(Article(f"a{at:02}", "", f"Bài {at}", text) for at, text in enumerate([*spelled, *common]))
    assert [found.text for found in Archive.open(tmp_path).suggest("uy ban")] == ["ủy ban"]


@pytest.fixture(scope="module")
def titles(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    directory = tmp_path_factory.mktemp("titles")
    with ArchiveBuilder(directory) as builder:
        builder.add(Article(f"a{at}", "", title, "Không có gì.") for at, title in enumerate(TITLES))
    return Archive.open(directory)


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("kho", {"Khổ công học tập", "Khô hạn ở miền Trung", "Khó khăn chung", "“Kho” hàng xóm"}),
        ("khô", {"Khổ công học tập", "Khô hạn ở miền Trung"}),
        ("khô ", {"Khô hạn ở miền Trung"}),
        ("KHỔ", {"Khổ công học tập"}),
        ("khó kh", {"Khó khăn chung"}),
        ("kho khă", {"Khó khăn chung"}),
        ("khọ", set()),
        ("khô cong", set()),
        ("đườ", {"Đường hoà bình"}),
        ("đường hòa", {"Đường hoà bình"}),
    ],
)
def test_a_marked_beginning_is_completed_by_words_that_it_may_become(
    titles: Archive, typed: str, suggested: set[str]
) -> None:
    assert {found.text for found in titles.suggest(typed)} == suggested


@given(st.sampled_from(TITLES), st.integers(2, 30), st.sampled_from(["NFC", "NFD"]), st.booleans())
def test_every_beginning_of_a_title_is_completed_to_it(
    titles: Archive, title: str, length: int, form: Literal["NFC", "NFD"], bare: bool
) -> None:
    typed = unicodedata.normalize(form, title[:length])
    assert title in {found.text for found in titles.suggest(fold_text(title[:length]) if bare else typed)}
