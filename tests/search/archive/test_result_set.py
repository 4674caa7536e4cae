"""One result set: what is counted is what is walked; marks decide; facets add up; a filter never adds."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article, ArticleDate, PlaceEvidence
from search.engines.facets import Filters
from search.engines.port import Sort
from search.errors import BadRequest
from search.results.answer import Answer, Request
from search.text import fold

WORDS = [
    "chó", "cho", "chợ", "mèo", "bão", "bao", "tai", "nạn", "giao", "thông", "Thanh", "Hóa", "hội", "nghị", "sắt",
]  # fmt: skip
FILTERS = [
    Filters(year=2020), Filters(year=0), Filters(("Thanh Hóa",)), Filters(("",)), Filters(sources=("Báo A", "")),
    Filters(date_from=20200101, date_to=20201231), Filters(countries=("Lào",)), Filters(countries=("", "Nga")),
]  # fmt: skip
COUNTRIES: tuple[tuple[str, ...], ...] = ((), (), ("Lào",), ("Lào", "Nga"), ("Nga",))
PLACES, SOURCES = ("", "Thanh Hóa", "Nghệ An"), ("", "Báo A", "Báo B")
QUERIES = st.lists(st.sampled_from([*WORDS, "cho", "hoa", "OR", "-mèo", '"tai nạn"']), max_size=4).map(" ".join)
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest", "added")
TRIES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def made(number: int, chance: random.Random) -> Article:
    text = " ".join(chance.choices(WORDS, k=chance.randint(3, 14)))
    if number % 5 == 0:  # written without marks
        text = " ".join(map(fold, text.split()))
    year = chance.choice(["", "2019", "2020", "2020-05", "2020-05-06"])
    precision = {0: "unknown", 4: "year", 7: "month", 10: "day"}[len(year)]
    cluster = f"n{number - number % 7:03}" if number % 7 < 2 else ""
    return Article(
        f"n{number:03}", "", text[:30], text, date=ArticleDate(year, precision),  # type: ignore[arg-type]
        province=chance.choice(PLACES), source=chance.choice(SOURCES), cluster=cluster,
        countries=tuple(PlaceEvidence(name, 1.0, name) for name in chance.choice(COUNTRIES)),
    )  # fmt: skip


ARTICLES = {article.id: article for article in (made(number, random.Random(number)) for number in range(120))}


@pytest.fixture(scope="module")
def random_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    directory: Path = tmp_path_factory.mktemp("random") / "archive"
    with ArchiveBuilder(directory) as builder:
        builder.add(ARTICLES.values())
    opened = Archive.open(directory, "")
    yield opened
    opened.close()


def pages(archive: Archive, q: str, sort: Sort, size: int, filters: Filters = Filters()) -> list[Answer]:
    first = archive.search(Request(q, filters, sort, size=size))
    count = -(-max(first.groups, 1) // size)
    return [first, *(archive.search(Request(q, filters, sort, page, size)) for page in range(2, count + 1))]


@TRIES
@given(QUERIES, st.sampled_from(SORTS), st.sampled_from([1, 3, 7, 50]))
def test_all_pages_together_show_every_member_once_in_one_order(
    random_archive: Archive, q: str, sort: Sort, size: int
) -> None:
    walked = [hit for answer in pages(random_archive, q, sort, size) for hit in answer.hits]
    whole = [hit for answer in pages(random_archive, q, sort, 100) for hit in answer.hits]
    total = random_archive.search(Request(q, sort=sort)).total
    assert [hit.article.id for hit in walked] == [hit.article.id for hit in whole]
    assert len({hit.article.id for hit in walked}) == len(walked)
    assert sum(1 + hit.twins for hit in walked if hit.member) == total
    assert sort == "relevance" or all(hit.member for hit in walked)


@TRIES
@given(QUERIES, st.sampled_from(SORTS), st.sampled_from([1, 4, 9]))
def test_a_cursor_walks_the_same_order_to_its_end(random_archive: Archive, q: str, sort: Sort, size: int) -> None:
    whole = [hit.article.id for answer in pages(random_archive, q, sort, 100) for hit in answer.hits]
    answer = random_archive.search(Request(q, sort=sort, size=size))
    walked = [hit.article.id for hit in answer.hits]
    while answer.next:
        answer = random_archive.search(Request(q, sort=sort, size=size, after=answer.next))
        walked += [hit.article.id for hit in answer.hits]
    assert walked == whole


def test_a_cursor_of_another_search_is_refused_by_name(random_archive: Archive) -> None:
    cursor = random_archive.search(Request("chó", size=1)).next
    others = (Request("mèo", after=cursor), Request("chó", sort="newest", after=cursor), Request("chó", after="x"))
    for request in others:
        with pytest.raises(BadRequest, match="after"):
            random_archive.search(request)


@TRIES
@given(QUERIES, st.sampled_from(FILTERS))
def test_a_filter_never_adds_an_article_and_facets_add_up(random_archive: Archive, q: str, filters: Filters) -> None:
    def members(given: Filters) -> set[str]:
        return {hit.article.id for answer in pages(random_archive, q, "newest", 50, given) for hit in answer.hits}

    everything, narrowed = random_archive.search(Request(q)), random_archive.search(Request(q, filters))
    assert narrowed.total <= everything.total
    if not any(hit.twins for hit in everything.hits):  # of twins another one may stand for the others
        assert members(filters) <= members(Filters()) or any(ARTICLES[name].cluster for name in members(filters))
    for facet in ("years", "provinces", "countries", "sources", "sections", "kinds"):
        assert sum(getattr(everything.facets, facet).values()) == everything.total
    for year, count in everything.facets.years.items():
        assert random_archive.search(Request(q, Filters(year=year))).total == count
    for source, count in everything.facets.sources.items():
        assert random_archive.search(Request(q, Filters(sources=(source,)))).total == count


@pytest.mark.parametrize("word", ["chó", "chợ", "bão", "mèo"])
def test_a_marked_word_means_that_word_or_the_bare_one_in_an_article_without_marks(
    random_archive: Archive, word: str
) -> None:
    expected = {
        article.id for article in ARTICLES.values()
        if word in article.body.split() or (article.body.isascii() and fold(word) in article.body.split())
    }  # fmt: skip
    answer = random_archive.search(Request(word, sort="newest", size=100))
    assert answer.total == len(expected)
    assert {hit.article.id for hit in answer.hits} <= expected
    others = random_archive.search(Request(word, loose=True)).total - answer.total
    told = [notice for notice in answer.notices if notice.code == "other-marks"]
    assert [notice.en for notice in told] == ([f"Also with other marks: {others}."] if others else [])


def test_a_query_that_says_nothing_finds_nothing_and_says_so(random_archive: Archive) -> None:
    for q in ("%", "🙂", '""', "-"):
        answer = random_archive.search(Request(q))
        assert (answer.total, answer.hits) == (0, ())
        assert "nothing" in [notice.code for notice in answer.notices]
    assert random_archive.search(Request("  ")).total == len(ARTICLES)


def test_the_grade_of_a_hit_is_empty_where_nothing_is_marked(random_archive: Archive) -> None:
    assert {hit.grade for hit in random_archive.search(Request("source:Báo")).hits} == {""}
