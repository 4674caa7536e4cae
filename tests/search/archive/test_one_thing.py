"""One thing in many spellings: a day, an amount, a name from abroad, an abbreviation."""

from collections.abc import Iterator

import pytest

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article
from search.results.answer import Request

TEXTS = {
    "slash": "Mít tinh mừng 8/3 tại xã.",
    "padded": "Mít tinh mừng 08-03 tại xã.",
    "words": "Mít tinh mừng ngày 8 tháng 3 tại xã.",
    "year": "Mít tinh hôm 8/3/2017 tại xã.",
    "decimal": "Trộm lấy đi 8,3 tỷ trong tủ.",
    "october": "Mít tinh hôm 8/10 rồi 3/8.",
    "dots": "Cầu trị giá 1.000 tỷ đồng vừa xong.",
    "none": "Cầu trị giá 1000 tỉ đồng vừa xong.",
    "apart": "Có 1.000 xe và 5 tỷ đồng tiền phí.",
    "marked": "Đoàn đến Phnôm Pênh hôm qua.",
    "foreign": "Đoàn đến Phnom Penh hôm qua.",
    "laos": "Đoàn đến Bolikhamxay hôm qua.",
    "scattered": "Bộ trưởng lý giải việc khám bệnh, nhà xay lúa cũng khám.",
    "short": "Lãnh đạo UBND dự họp ở xã.",
    "long": "Lãnh đạo Ủy ban nhân dân dự.",
    "members": "Lũ quét làm sập cầu ở Kỳ Anh.",
    "part": "Lũ quét, lũ quét và lũ quét. Lũ quét về xã bên.",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    directory = tmp_path_factory.mktemp("one-thing") / "archive"
    with ArchiveBuilder(directory) as builder:
        builder.add([Article(name, "", "Tin", text) for name, text in TEXTS.items()])
    opened = Archive.open(directory)
    yield opened
    opened.close()


def members(archive: Archive, query: str) -> set[str]:
    return {hit.article.id for hit in archive.search(Request(q=query, sort="newest", size=50)).hits}


@pytest.mark.parametrize("query", ["8/3", "08/03", "8-3", "ngày 8 tháng 3", "mùng 8/3", "8 thang 3"])
def test_a_day_is_found_however_it_is_written_and_a_decimal_is_none(archive: Archive, query: str) -> None:
    assert members(archive, query) == {"slash", "padded", "words", "year"}


@pytest.mark.parametrize("query", ["1.000 tỷ đồng", "1000 tỷ đồng", "1000 ty dong"])
def test_an_amount_stands_before_what_it_counts_with_or_without_dots(archive: Archive, query: str) -> None:
    assert members(archive, query) == {"dots", "none"}


def test_a_name_from_abroad_is_found_without_its_marks(archive: Archive) -> None:
    assert members(archive, "Phnôm Pênh") == {"marked", "foreign"}


@pytest.mark.parametrize("query", ["bo ly kham xay", "Bô Ly Khăm Xay"])
def test_a_name_is_never_scattered_words(archive: Archive, query: str) -> None:
    assert [hit.article.id for hit in archive.search(Request(q=query)).hits] == ["laos"]


def test_abbreviation_and_long_form_are_weighed_by_what_both_are_in(archive: Archive) -> None:
    for query, typed, other in (("UBND", "short", "long"), ("UBND lãnh đạo", "short", "long")):
        scores = {hit.article.id: hit.score for hit in archive.search(Request(q=query)).hits}
        assert scores[typed] >= scores[other] > scores[typed] * 0.7


def test_an_article_with_every_part_stands_before_one_that_repeats_some(archive: Archive) -> None:
    first, *others = archive.search(Request(q="lũ quét Kỳ Anh")).hits
    assert (first.article.id, first.member) == ("members", True)
    assert all(not hit.member and hit.missing for hit in others)
