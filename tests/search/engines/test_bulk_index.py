"""What the bulk builder writes is a Whoosh index: the terms that Whoosh's own writer makes of the same articles."""

import pytest
from whoosh import index
from whoosh import query as q
from whoosh.index import FileIndex

from search.article import Article
from search.engines.columnar.whoosh.schema import product_schema
from search.engines.port import create_builder
from tests.folders import SHARED
from tests.search.engines.oracle import corpus

SAMPLES = corpus.articles(SHARED, 150)


@pytest.fixture(scope="module")
def bulk(tmp_path_factory: pytest.TempPathFactory) -> FileIndex:
    directory = tmp_path_factory.mktemp("bulk")
    with create_builder(directory) as builder:
        for start in range(0, len(SAMPLES), 40):
            builder.add(
                Article(id=sample.id, path=sample.id, title=sample.title, body=sample.body, author=sample.author)
                for sample in SAMPLES[start : start + 40]
            )
    return index.open_dir(str(directory))


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory: pytest.TempPathFactory) -> FileIndex:
    made = index.create_in(str(tmp_path_factory.mktemp("whoosh")), product_schema())
    with made.writer() as writer:
        for sample in SAMPLES:
            text = f"{sample.title}\n\n{sample.body}"
            writer.add_document(id=sample.id, fold=text, key=text, title_fold=sample.title, title_key=sample.title,
                                author=sample.author)
    return made


@pytest.mark.parametrize("field", ["fold", "key", "title_fold", "title_key", "author", "id"])
def test_a_bulk_built_field_has_whooshs_terms_frequencies_and_lengths(
    bulk: FileIndex, one_by_one: FileIndex, field: str
) -> None:
    def content(made: FileIndex) -> tuple[object, object, object]:
        with made.reader() as reader:
            postings = [item[1:4] for item in reader.iter_postings() if item[0] == field]
            lengths = [reader.doc_field_length(doc, field) or 0 for doc in range(len(SAMPLES))]
            return postings, lengths, reader.field_length(field)

    assert content(bulk) == content(one_by_one)


def words_of(text: str) -> list[str]:
    return [token.text for token in product_schema()["fold"].analyzer(text)]


def plain_words(text: str, count: int) -> list[str]:
    """Return the first `count` words in a row without a compound, whose parts stand at its own position."""
    words = words_of(text)
    found = (words[start : start + count] for start in range(5, len(words)))
    return next(span for span in found if all(word.isalpha() for word in span))


def holds(words: list[str], wanted: list[str]) -> bool:
    return any(words[place : place + len(wanted)] == wanted for place in range(len(words)))


def test_phrases_of_the_body_are_found_as_by_whoosh(bulk: FileIndex, one_by_one: FileIndex) -> None:
    with bulk.searcher() as ours, one_by_one.searcher() as stock:
        for sample in SAMPLES[:40]:
            phrase = q.Phrase("fold", plain_words(sample.body, 3))
            wanted = {stock.stored_fields(doc)["id"] for doc in stock.docs_for_query(phrase)}
            assert wanted
            assert {SAMPLES[doc].id for doc in ours.docs_for_query(phrase)} == wanted


def test_no_phrase_reaches_from_the_title_into_the_body(bulk: FileIndex) -> None:
    with bulk.searcher() as searcher:
        for doc, sample in enumerate(SAMPLES[:40]):
            title, body = words_of(sample.title), words_of(sample.body)
            across = [*title[-1:], *body[:1]]
            alone = holds(title, across) or holds(body, across)
            assert (doc in set(searcher.docs_for_query(q.Phrase("fold", across)))) == alone
