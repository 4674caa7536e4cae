"""Whoosh answers the same from our index as from one that stock Whoosh made of the same articles.

2,000 generated queries of every kind on 2,000 real articles (their first 300 code points): documents, order and scores
(relative 1e-4) are compared, then stored fields, statistics, sorting, grouping and highlights.  Without the development
data the articles are generated.
"""

from dataclasses import dataclass

import pytest
from whoosh import query as q
from whoosh import sorting
from whoosh.index import FileIndex
from whoosh.qparser import QueryParser
from whoosh.searching import Results

from search.article import Article
from tests.folders import SHARED
from tests.search.engines.oracle import corpus, indexes, queries

ARTICLES = 2000
QUERIES = 2000
#: Page sizes that queries take in turn: short pages make Whoosh skip blocks by quality, None scores all.
PAGES = (10, 10, 3, 10, 50, 10, 10, 3, 20, None)
#: Whoosh counts the documents behind a short page by a second search, so only every so many queries are counted.
COUNTED = 4

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("oracle")]


@dataclass(frozen=True)
class Pair:
    articles: list[Article]
    stock: FileIndex
    ours: FileIndex
    asked: list[q.Query]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    directory = tmp_path_factory.mktemp("oracle")
    samples = corpus.articles(SHARED, ARTICLES)
    articles = indexes.articles(samples)
    asked = queries.Generator(7, indexes.vocabulary(samples)).queries(QUERIES)
    stock, ours = indexes.stock(directory / "stock", articles), indexes.ours(directory / "ours", articles)
    return Pair(articles, stock, ours, asked)


def test_every_kind_of_query_gives_the_documents_order_and_scores_of_stock_whoosh(pair: Pair) -> None:
    matched = 0
    with pair.stock.searcher() as stock, pair.ours.searcher() as ours:
        for number, query in enumerate(pair.asked):
            limit = PAGES[number % len(PAGES)]
            wanted, found = stock.search(query, limit=limit), ours.search(query, limit=limit)
            assert [doc for _, doc in found.top_n] == [doc for _, doc in wanted.top_n], repr(query)
            scores = [score for score, _ in wanted.top_n]
            assert [score for score, _ in found.top_n] == pytest.approx(scores, rel=1e-4), repr(query)
            if number % COUNTED == 0:
                assert len(found) == len(wanted), repr(query)
            matched += bool(scores)
    assert matched > len(pair.asked) * 0.8, "most generated queries should find something"


def test_terms_and_their_statistics_are_those_of_stock_whoosh(pair: Pair) -> None:
    def statistics(index: FileIndex) -> list[object]:
        with index.reader() as reader:
            return [
                [(text, info.weight(), info.doc_frequency(), info.min_length(), info.max_length(), info.max_weight(),
                  info.min_id(), info.max_id()) for (_, text), info in reader if _ == name]
                + [reader.field_length(name), reader.min_field_length(name), reader.max_field_length(name)]
                for name in ("author", "fold", "title_key")
            ] + [sorted(reader.terms_within("fold", "thanj", 2)), list(reader.expand_prefix("fold", "ngh")),
                 reader.most_frequent_terms("fold", 3), reader.doc_frequency("fold", "khôngcó")]  # fmt: skip

    assert statistics(pair.ours) == statistics(pair.stock)


def parsed(index: FileIndex, text: str) -> q.Query:
    return QueryParser("fold", index.schema).parse(text)


@pytest.mark.parametrize("text", ["Thanh Hóa", "công ty OR người", '"Việt Nam"', "hà NOT nội", "ngh*"])
def test_a_typed_query_is_parsed_highlighted_sorted_and_grouped_as_by_stock_whoosh(pair: Pair, text: str) -> None:
    def answer(index: FileIndex) -> tuple[object, ...]:
        with index.searcher() as searcher:
            found = searcher.search(parsed(index, text), limit=12, terms=True)
            shown = [(hit["id"], hit["title"], hit["body"], hit["author"], hit.highlights("fold"),
                      hit.highlights("fold", text=hit["body"])) for hit in found]
            return shown, order(searcher.search(parsed(index, text), limit=None, sortedby="date")), order(
                searcher.search(parsed(index, text), limit=None, sortedby=sorting.FieldFacet("date", reverse=True))
            ), searcher.search(parsed(index, text), limit=None, groupedby="province").groups()  # fmt: skip

    def order(results: Results) -> list[int]:
        return [hit.docnum for hit in results]

    wanted = answer(pair.stock)
    assert wanted[0], "the query should find something"
    assert answer(pair.ours) == wanted


def test_dates_and_provinces_filter_a_typed_query(pair: Pair) -> None:
    with pair.ours.searcher() as searcher:
        for text, fits in (
            ("co date:2019", lambda article: article.date.year == 2019),
            ("co date:[2018-03 to 2019-06-15]", lambda article: "2018-03" <= article.date.value <= "2019-06-15"),
            ("co date:[2020 to]", lambda article: article.date.value >= "2020"),
            ('co province:"Thanh Hóa"', lambda article: article.province == "Thanh Hóa"),
        ):
            found = {hit["id"] for hit in searcher.search(parsed(pair.ours, text), limit=None)}
            every = {hit["id"] for hit in searcher.search(parsed(pair.ours, "co"), limit=None)}
            assert found == {article.id for article in pair.articles if fits(article) and article.id in every}
            assert found
        assert not searcher.search(parsed(pair.ours, "date:hôm-qua"))


def test_whoosh_can_not_change_an_archive_and_says_how_to(pair: Pair) -> None:
    with pytest.raises(NotImplementedError, match="dau rebuild"), pair.ours.writer() as writer:
        writer.delete_by_term("id", pair.articles[0].id)
