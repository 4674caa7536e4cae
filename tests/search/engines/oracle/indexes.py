"""The same articles in an index that stock Whoosh made and in one of ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoosh import fields, index
from whoosh.analysis.tokenizers import Tokenizer

from search.article import Article, ArticleDate
from search.engines.columnar.whoosh.schema import PipelineTokenizer, product_schema
from search.engines.port import create_builder
from search.text import PIPELINE
from tests.search.engines.model import GAP
from tests.search.engines.oracle.corpus import Sample
from tests.search.engines.oracle.queries import Vocabulary

PROVINCES = ("Thanh Hóa", "Phú Yên", "", "Nghệ An", "Hà Nội")
PARTED = "\n\n"


class GappedTokenizer(Tokenizer):
    """Title and body as one text with free positions between them."""

    def __init__(self, form: str) -> None:
        self._tokenizer = PipelineTokenizer(form)

    def __call__(self, value: str, **options: Any) -> Iterator[Any]:
        title, _, body = value.partition(PARTED)
        last = -1
        for token in self._tokenizer(title, **options):
            last = max(last, token.pos)
            yield token
        for token in self._tokenizer(body, **options):
            token.pos += last + 1 + GAP
            token.startchar += len(title) + len(PARTED)
            token.endchar += len(title) + len(PARTED)
            yield token


def articles(samples: list[Sample]) -> list[Article]:
    return [
        Article(sample.id, sample.id, PIPELINE.normalize(sample.title), PIPELINE.normalize(sample.body),
                author=sample.author, date=ArticleDate(f"{sample.day:%Y-%m-%d}", "day"),
                province=PROVINCES[place % len(PROVINCES)])
        for place, sample in enumerate(samples)
    ]  # fmt: skip


def ours(directory: Path, made: list[Article]) -> index.FileIndex:
    with create_builder(directory) as builder:
        builder.add(made)
    return index.open_dir(str(directory))


def stock(directory: Path, made: list[Article]) -> index.FileIndex:
    """Return an index that knows nothing of ours: Whoosh's own codec, fields and columns; only the words are ours."""
    schema = product_schema()
    for name in ("date", "province", "fold", "key"):
        schema.remove(name)
    schema.add("date", fields.NUMERIC(int, sortable=True))
    schema.add("province", fields.ID(sortable=True))
    schema.add("fold", fields.TEXT(analyzer=GappedTokenizer("fold"), stored=True))
    schema.add("key", fields.TEXT(analyzer=GappedTokenizer("key"), phrase=False))
    directory.mkdir(parents=True)
    opened = index.create_in(str(directory), schema)
    with opened.writer(limitmb=512) as writer:
        for article in made:
            text = f"{article.title}{PARTED}{article.body}"
            writer.add_document(
                id=article.id, fold=text, key=text, title_fold=article.title, title_key=article.title,
                author=article.author, source=article.source, title=article.title, body=article.body, url=article.url,
                date=int(article.date.value.replace("-", "")), province=article.province,
            )
    return opened


def vocabulary(samples: list[Sample]) -> Vocabulary:
    tokens = [list(PIPELINE.tokens(PIPELINE.normalize(sample.body))) or [] for sample in samples]
    texts = [text for text in tokens if len(text) > 8]
    folds = [[token.fold for token in text if not token.whole] for text in texts]
    return Vocabulary(folds, [[token.key for token in text] for text in texts])
