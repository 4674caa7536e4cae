"""The same articles through Whoosh's default codec and through ours."""

from dataclasses import dataclass
from pathlib import Path

from whoosh import fields, index
from whoosh.codec.base import Codec
from whoosh.searching import Searcher

from search.engines.columnar.whoosh.codec import ColumnarCodec
from search.engines.columnar.whoosh.schema import product_schema
from search.text import PIPELINE
from tests.search.engines.oracle.corpus import Sample
from tests.search.engines.oracle.queries import Vocabulary


def oracle_schema() -> fields.Schema:
    """The product's fields, and a number, a date and a list of tags."""
    schema = product_schema()
    schema.add("year", fields.NUMERIC(int, sortable=True))
    schema.add("day", fields.DATETIME(stored=True))
    schema.add("tags", fields.KEYWORD(scorable=True, sortable=True))
    return schema


@dataclass
class Pair:
    """One index per codec."""

    default: index.FileIndex
    columnar: index.FileIndex

    def searchers(self) -> tuple[Searcher, Searcher]:
        return self.default.searcher(), self.columnar.searcher()

    def delete(self, ids: list[str]) -> None:
        for each, codec in ((self.default, None), (self.columnar, ColumnarCodec())):
            writer = each.writer(codec=codec)
            for key in ids:
                writer.delete_by_term("id", key)
            writer.commit(merge=False)


def build(directory: Path, samples: list[Sample], segments: int) -> Pair:
    default, columnar = directory / "default", directory / "columnar"
    return Pair(_build(default, samples, segments, None), _build(columnar, samples, segments, ColumnarCodec()))


def _build(directory: Path, samples: list[Sample], segments: int, codec: Codec | None) -> index.FileIndex:
    directory.mkdir(parents=True)
    made = index.create_in(str(directory), oracle_schema())
    size = -(-len(samples) // segments)
    for start in range(0, len(samples), size):
        writer = made.writer(codec=codec, limitmb=512)
        for sample in samples[start : start + size]:
            writer.add_document(
                id=sample.id, fold=sample.body, key=sample.body, title_fold=sample.title, title_key=sample.title,
                author=sample.author, year=sample.year, day=sample.day, tags=sample.tags,
            )
        writer.commit(merge=False)
    return made


def vocabulary(samples: list[Sample]) -> Vocabulary:
    tokens = [list(PIPELINE.tokens(PIPELINE.normalize(sample.body))) or [] for sample in samples]
    texts = [text for text in tokens if len(text) > 8]
    folds = [[token.fold for token in text if not token.whole] for text in texts]
    return Vocabulary(folds, [[token.key for token in text] for text in texts])
