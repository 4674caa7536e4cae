"""Marks inside quotation marks are graded at the place of the phrase."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article
from search.results.answer import Request

FILLER = "Bài viết kể chuyện một ngày ở chợ quê, người mua kẻ bán đông vui. " * 3
TEXTS = {
    # The letters of the phrase stand there again and again, its marked words only apart.
    "apart": "Ông Dương sát vai Dương sát cánh, Dương sát hạch. Con đường có cột sắt.",
    "whole": f"{FILLER} Tuyến Đường\u00a0Sắt mới đã thông. {FILLER}",
    "bare": "Tin ngan: duong sat moi da thong xe. Con đường và thanh sắt.",
    "old-style": f"{FILLER} Người dân Hòa Thuỷ đi xem. {FILLER}",
    "other-hoa": "Hoa thúy, hoa thúy, hoa thúy: Hòa nói về dòng thủy triều.",
    "slop": f"{FILLER} Con đường của sắt thép. {FILLER}",
}


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    directory: Path = tmp_path_factory.mktemp("phrases") / "archive"
    with ArchiveBuilder(directory) as builder:
        builder.add([Article(name, "", "Tin", body) for name, body in sorted(TEXTS.items())])
    archive = Archive.open(directory)
    yield archive
    archive.close()


def ids(archive: Archive, q: str, **options: int) -> list[str]:
    return [hit.article.id for hit in archive.search(Request(q, **options)).hits]  # type: ignore[arg-type]


def test_an_article_with_the_marked_phrase_comes_before_one_with_its_words_apart(phrases: Archive) -> None:
    assert ids(phrases, '"đường sắt"') == ["whole", "bare", "apart"]
    assert set(ids(phrases, '"duong sat"')) == {"whole", "bare", "apart"}


SAME = ['"ĐƯỜNG SẮT"', '"đường sat"', '"đừơng sắt"', unicodedata.normalize("NFD", '"đường sắt"')]


@pytest.mark.parametrize("q", SAME)
def test_capitals_decomposed_letters_and_words_without_marks_do_not_matter_in_a_phrase(
    phrases: Archive, q: str
) -> None:
    assert ids(phrases, q)[0] == "whole"


@pytest.mark.parametrize("q", ['"hòa thủy"', '"hoà thuỷ"', '"hoà thủy"'])
def test_the_style_of_tone_placement_does_not_matter_in_a_phrase(phrases: Archive, q: str) -> None:
    assert ids(phrases, q) == ["old-style", "other-hoa"]


def test_the_grade_of_a_hit_is_that_of_the_phrase_at_its_place(phrases: Archive) -> None:
    grades = {hit.article.id: hit.grade for hit in phrases.search(Request('"đường sắt"')).hits}
    assert grades == {"whole": "exact", "bare": "unmarked", "apart": "other"}


def test_pages_of_a_phrase_cut_one_order(phrases: Archive) -> None:
    whole = ids(phrases, '"đường sắt"')
    assert [*ids(phrases, '"đường sắt"', size=2), *ids(phrases, '"đường sắt"', size=2, page=2)] == whole
    assert phrases.search(Request('"đường sắt"', size=1)).total == 3


def test_a_loose_phrase_is_verified_with_its_slop(phrases: Archive) -> None:
    assert set(ids(phrases, '"đường sắt"~2')[:2]) == {"whole", "slop"}


def test_a_phrase_beside_an_alternative_is_not_held_against_the_alternative(phrases: Archive) -> None:
    hits = phrases.search(Request('"đường sắt" OR thuỷ')).hits
    assert {hit.article.id for hit in hits} == {"whole", "bare", "apart", "old-style", "other-hoa"}
