"""Stock Whoosh: the pinned fork with its default codec, folding by its own accent map, facets by `groupedby`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh import fields, index, query, sorting
from whoosh.analysis import CharsetFilter, LowercaseFilter, RegexTokenizer
from whoosh.support.charset import accent_map

from tests.bench.corpus import Question, Sample
from tests.bench.engine import BenchEngine, Reply


class StockWhoosh(BenchEngine):
    """What a user of Whoosh has today."""

    name = "whoosh"

    def build(self, samples: Sequence[Sample], directory: Path) -> None:
        analyzer = RegexTokenizer(r"\w+") | LowercaseFilter() | CharsetFilter(accent_map)
        schema = fields.Schema(text=fields.TEXT(analyzer=analyzer, phrase=True), title=fields.STORED,
                               month=fields.NUMERIC(sortable=True), province=fields.ID(sortable=True))  # fmt: skip
        writer = index.create_in(str(directory), schema).writer(limitmb=512)
        for sample in samples:
            writer.add_document(text=f"{sample.article.title}\n{sample.article.body}", title=sample.article.title,
                                month=sample.month, province=sample.province)  # fmt: skip
        writer.commit(optimize=True)

    def open(self, directory: Path) -> None:
        self._searcher = index.open_dir(str(directory)).searcher()

    def answer(self, question: Question) -> Reply:
        text, wanted = self._text(question), self._filter(question)
        facets = [sorting.FieldFacet(name, maptype=sorting.Count) for name in ("month", "province")]
        both = dict(zip(("m", "p"), facets, strict=True))
        results = self._searcher.search(text, limit=10, filter=wanted, groupedby=both)
        months, provinces = results.groups("m"), results.groups("p")
        if wanted is not None:
            every = self._searcher.search(text, limit=1, groupedby={"f": facets[1 if question.province else 0]})
            months, provinces = (months, every.groups("f")) if question.province else (every.groups("f"), provinces)
        return Reply(len(results), [hit["title"] for hit in results], {m: n for m, n in months.items() if m},
                     {p: n for p, n in provinces.items() if p})  # fmt: skip

    def _text(self, question: Question) -> Any:
        if question.prefix:
            return query.Prefix("text", question.words[0])
        if question.phrase and len(question.words) > 1:
            return query.Phrase("text", list(question.words))
        words = query.And([query.Term("text", word) for word in question.words])
        excluded = [query.Term("text", word) for word in question.excluded]
        return query.AndNot(words, query.Or(excluded)) if excluded else words

    def _filter(self, question: Question) -> Any:
        if question.province:
            return query.Term("province", question.province)
        if question.year:
            return query.NumericRange("month", question.year * 100, question.year * 100 + 12)
        return None

    def index_bytes(self, directory: Path) -> int:
        return sum(path.stat().st_size for path in directory.iterdir())

    def close(self) -> None:
        self._searcher.close()
