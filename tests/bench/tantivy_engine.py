"""Tantivy through its Python package: simple tokenizer, lower case, ASCII folding, one thread.

Facets are term aggregations over fast fields; an unfiltered query needs one search and one aggregation, a
filtered one a second aggregation, since a facet is counted without its own filter.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.corpus import Question, Sample
from tests.bench.engine import BenchEngine, Reply

_MONTHS = {"month": {"terms": {"field": "month", "size": 1000}}}
_PROVINCES = {"province": {"terms": {"field": "province", "size": 1000}}}


class Tantivy(BenchEngine):
    """The native engine to compare with."""

    name = "tantivy 0.27"

    def __init__(self) -> None:
        import tantivy

        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=False, tokenizer_name="folding")
        builder.add_text_field("title", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("province", fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field("month", indexed=True, fast=True)
        builder.add_unsigned_field("year", indexed=True, fast=True)
        self._schema = builder.build()

    def _index(self, directory: Path) -> Any:
        tantivy = self._tantivy
        index = tantivy.Index(self._schema, path=str(directory))
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        analyzer = analyzer.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
        index.register_tokenizer("folding", analyzer.build())
        return index

    def build(self, samples: Sequence[Sample], directory: Path) -> None:
        index = self._index(directory)
        writer = index.writer(512_000_000, 1)
        for sample in samples:
            article = sample.article
            document = self._tantivy.Document(text=f"{article.title}\n{article.body}", title=article.title,
                                              province=sample.province)  # fmt: skip
            document.add_unsigned("month", sample.month)
            document.add_unsigned("year", sample.month // 100)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, directory: Path) -> None:
        self._open = self._index(directory)
        self._open.reload()
        self._searcher = self._open.searcher()

    def answer(self, question: Question) -> Reply:
        text = self._text(question)
        full = self._filtered(text, question)
        result = self._searcher.search(full, 10)
        titles = [self._searcher.doc(address)["title"][0] for _, address in result.hits]
        if not question.province and not question.year:
            facets = self._searcher.aggregate(full, {**_MONTHS, **_PROVINCES})
        elif question.province:
            facets = self._searcher.aggregate(full, _MONTHS) | self._searcher.aggregate(text, _PROVINCES)
        else:
            facets = self._searcher.aggregate(full, _PROVINCES) | self._searcher.aggregate(text, _MONTHS)
        months = {int(item["key"]): item["doc_count"] for item in facets["month"]["buckets"] if item["key"]}
        provinces = {item["key"]: item["doc_count"] for item in facets["province"]["buckets"] if item["key"]}
        return Reply(result.count, titles, months, provinces)

    def _text(self, question: Question) -> Any:
        query, occur = self._tantivy.Query, self._tantivy.Occur
        if question.prefix:
            return query.regex_query(self._schema, "text", question.words[0] + ".*")
        if question.phrase and len(question.words) > 1:
            return query.phrase_query(self._schema, "text", list(question.words))
        clauses = [(occur.Must, query.term_query(self._schema, "text", word)) for word in question.words]
        clauses += [(occur.MustNot, query.term_query(self._schema, "text", word)) for word in question.excluded]
        return query.boolean_query(clauses)

    def _filtered(self, text: Any, question: Question) -> Any:
        query, must = self._tantivy.Query, self._tantivy.Occur.Must
        clauses = [(must, text)]
        if question.province:
            term = query.term_query(self._schema, "province", question.province)
            clauses.append((must, query.const_score_query(term, 0.0)))
        if question.year:
            clauses.append((must, query.const_score_query(query.term_query(self._schema, "year", question.year), 0.0)))
        return query.boolean_query(clauses) if len(clauses) > 1 else text

    def index_bytes(self, directory: Path) -> int:
        return sum(path.stat().st_size for path in directory.iterdir() if path.suffix not in (".store", ".json"))
