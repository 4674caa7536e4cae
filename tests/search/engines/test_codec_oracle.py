"""Whoosh's own searcher over our codec answers as over Whoosh's default codec: documents, order and scores.

2,000 generated queries on 2,000 real articles (their first 300 code points), over one segment and over five,
before and after deletions.  Without the development data the articles are generated.
"""

import shutil
from pathlib import Path

import pytest
from whoosh import query as q
from whoosh.searching import Searcher

from search.engines.columnar.codec import ColumnarCodec
from tests.conftest import SHARED
from tests.search.engines.oracle import corpus, indexes, queries

ARTICLES = 2000
QUERIES = 2000
#: Page sizes that queries take in turn: short pages make Whoosh skip blocks by quality, None scores all.
PAGES = (10, 10, 3, 10, 50, 10, 10, 3, 20, None)

pytestmark = pytest.mark.slow
SEGMENTS = [
    pytest.param(1, marks=pytest.mark.xdist_group("oracle 1"), id="one segment"),
    pytest.param(5, marks=pytest.mark.xdist_group("oracle 5"), id="five segments"),
]


@pytest.fixture(scope="module")
def samples() -> list[corpus.Sample]:
    return corpus.articles(SHARED, ARTICLES)


@pytest.fixture(scope="module")
def asked(samples: list[corpus.Sample]) -> list[q.Query]:
    return queries.Generator(7, indexes.vocabulary(samples), samples).queries(QUERIES)


@pytest.fixture(scope="module", params=SEGMENTS)
def pair(request: pytest.FixtureRequest, samples: list[corpus.Sample], tmp_path_factory: pytest.TempPathFactory):
    directory = tmp_path_factory.mktemp("oracle")
    yield indexes.build(directory, samples, request.param)
    shutil.rmtree(directory)


def answer(searcher: Searcher, query: q.Query, limit: int | None) -> tuple[int, list[int], list[float]]:
    results = searcher.search(query, limit=limit)
    return len(results), [doc for _, doc in results.top_n], [score for score, _ in results.top_n]


def compare(pair: indexes.Pair, asked: list[q.Query]) -> None:
    default, columnar = pair.searchers()
    matched = 0
    with default, columnar:
        for number, query in enumerate(asked):
            limit = PAGES[number % len(PAGES)]
            total, docs, scores = answer(default, query, limit)
            assert answer(columnar, query, limit) == (total, docs, pytest.approx(scores, rel=1e-4)), repr(query)
            matched += bool(docs)
    assert matched > len(asked) * 0.8, "most generated queries should find something"


def test_answers_are_the_default_codecs_before_deletions(pair: indexes.Pair, asked: list[q.Query]) -> None:
    compare(pair, asked)


def test_answers_are_the_default_codecs_after_deletions(
    pair: indexes.Pair, asked: list[q.Query], samples: list[corpus.Sample]
) -> None:
    pair.delete([sample.id for sample in samples[::7]])
    compare(pair, asked)


def test_answers_are_the_default_codecs_after_merging(pair: indexes.Pair, asked: list[q.Query]) -> None:
    pair.default.optimize()
    pair.columnar.optimize(codec=ColumnarCodec())
    assert pair.columnar.doc_count_all() == pair.default.doc_count_all()
    compare(pair, asked[:300])
