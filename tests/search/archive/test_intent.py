"""What a query asks for by name: persons without their titles, a province's own articles, a time."""

from collections.abc import Iterator

import pytest

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article, ArticleDate
from search.results.answer import Request


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    directory = tmp_path_factory.mktemp("intent") / "archive"
    articles = [
        Article("title", "", "Họp tỉnh", "Đồng chí Trịnh Văn Chiến chủ trì cuộc họp hôm nay."),
        Article("name", "", "Thăm mỏ", "Ông Trịnh Văn Chiến thăm mỏ than."),
        Article("other", "", "Đồng chí khác", "Đồng chí Lê Thu dự họp cùng các đồng chí."),
        Article("own", "", "Lũ lớn", "Lũ quét ở Yên Bái cuốn trôi cầu.", province="Yên Bái", provinces=("Yên Bái",)),
        Article("mention", "", "Lũ lớn", "Lũ quét ở Yên Bái cuốn trôi cầu."),
        Article("then", "", "Xả thải", "Nhà máy Formosa xả thải.", date=ArticleDate("2017-05-12", "day")),
        Article("named", "", "Xả thải", "Vụ Formosa tháng 5/2017 đã xong.", date=ArticleDate("2018-01-01", "day")),
        Article("later", "", "Xả thải", "Nhà máy Formosa xả thải.", date=ArticleDate("2018-05-12", "day")),
        Article("storm", "", "Tin", "Bão số 10 năm 2017 đến. Trộm lĩnh 10 năm tù theo Thông tư 30/2014."),
    ]
    with ArchiveBuilder(directory) as builder:
        builder.add(articles)
    opened = Archive.open(directory)
    yield opened
    opened.close()


def members(archive: Archive, query: str, strict: bool = False) -> set[str]:
    return {hit.article.id for hit in archive.search(Request(q=query, sort="newest", strict=strict)).hits}


@pytest.mark.parametrize("query", ["đồng chí Trịnh Văn Chiến", "dong chi trinh van chien", "Bí thư Trịnh Văn Chiến"])
def test_who_is_asked_for_is_found_without_title_and_office(archive: Archive, query: str) -> None:
    assert members(archive, query) == {"title", "name"}


def test_the_title_asked_for_comes_first(archive: Archive) -> None:
    hits = archive.search(Request(q="đồng chí Trịnh Văn Chiến")).hits
    assert [hit.article.id for hit in hits][:2] == ["title", "name"]


def test_a_province_that_is_named_lifts_its_own_articles(archive: Archive) -> None:
    first, second = archive.search(Request(q="lũ quét Yên Bái")).hits[:2]
    assert (first.article.id, second.article.id) == ("own", "mention")
    assert first.score > second.score


def test_a_month_of_a_year_is_in_the_text_or_that_of_the_article_and_it_is_said(archive: Archive) -> None:
    answer = archive.search(Request(q="Formosa tháng 5 2017", sort="newest"))
    assert {hit.article.id for hit in answer.hits} == {"then", "named"}
    (notice,) = [found for found in answer.notices if found.code == "dated"]
    assert notice.action == {"strict": "1"}
    assert members(archive, "Formosa tháng 5 2017", strict=True) == {"named"}


def test_a_year_is_in_the_text_or_that_of_the_article(archive: Archive) -> None:
    assert members(archive, "Formosa 2017") == {"then", "named"}
    assert members(archive, "Formosa năm 2018") == {"later", "named"}


def units(archive: Archive, query: str) -> list[str]:
    explained = archive.search(Request(q=query, explain=True)).explain
    assert explained is not None
    return [str(unit["text"]) for unit in explained["units"]]  # type: ignore[attr-defined]


def test_a_number_goes_with_what_numbers_it_before_what_it_could_count(archive: Archive) -> None:
    assert units(archive, "đến số 10 năm 2017")[-2:] == ["số 10", "năm 2017"]
    assert units(archive, "lĩnh 10 năm tù")[1] == "10 năm"
    assert units(archive, "Thông tư 30/2014")[0] == "Thông tư"


def test_title_and_office_score_little_beside_the_name(archive: Archive) -> None:
    explained = archive.search(Request(q="Bí thư Trịnh Văn Chiến", explain=True)).explain
    assert explained is not None
    boosts = [word["boost"] for word in explained["words"]]  # type: ignore[attr-defined]
    assert max(boosts[:2]) < 0.5 < min(boosts[2:])
