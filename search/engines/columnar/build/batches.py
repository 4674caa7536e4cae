"""What is done with a batch of articles, and with a chunk of terms: in this process, or in workers.

What is handed to a worker is what its articles are made of (`Source`); what comes back is bytes, arrays and names of
files, and what the one who builds looked for in the articles.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from search.article import Article
from search.engines.columnar.build.inverter import expand, invert
from search.engines.columnar.build.merging import Chunk
from search.engines.columnar.build.runs import FIELDS, Run, RunWriter
from search.engines.columnar.build.storing import Blobs, make_blobs
from search.engines.columnar.build.tokenizer import Tokenizer
from search.engines.columnar.format.columns import ColumnBuilder, ColumnTables
from search.engines.columnar.format.postings import Postings, Records
from search.engines.columnar.format.postings_writer import encode
from search.engines.sources import Source
from search.memory import give_back

Seen = TypeVar("Seen")
Look = Callable[[Sequence[Article]], Seen]

#: Id, title, body, author and source in UTF-8.
Row = tuple[bytes, bytes, bytes, bytes, bytes]


def row(article: Article) -> Row:
    """Return what is indexed of an article."""
    ident, title, body, author, source = (
        text.encode("utf-8", "surrogatepass")
        for text in (article.id, article.title, article.body, article.author, article.source)
    )
    return ident, title, body, author, source


@dataclass(frozen=True, slots=True)
class Batch(Generic[Seen]):
    """Consecutive articles of a build, numbered from `first` on; their run is written to files that begin with `stem`.

    `look` is given all of them; it, and `sources`, must pickle if a worker makes the batch.
    """

    sources: Sequence[Source]
    look: Look[Seen]
    stem: str
    first: int


@dataclass(frozen=True, slots=True)
class Made(Generic[Seen]):
    """All that a build needs of a batch: the inverted `run`, the rows of the columns, what is stored, what was seen."""

    run: Run
    columns: ColumnBuilder
    blobs: Blobs
    seen: Seen


class Inverter:
    """Spills batches; keeps its tokenizer, which remembers up to `pieces` pieces of text, between batches."""

    def __init__(self, pieces: int) -> None:
        self._pieces = pieces
        self._tokenizer: Tokenizer | None = None

    def spill(self, rows: Sequence[Row], stem: str, first: int) -> Run:
        """Write a run of articles numbered from `first` on."""
        tokenizer = self._tokenizer = self._tokenizer or Tokenizer(self._pieces)
        run = RunWriter(stem, first, len(rows))
        tokens = expand(tokenizer.read([text for row in rows for text in row[1:3]]), texts_per_doc=2)
        run.save("text", "title_words", tokens.title_words.astype(np.uint32))
        run.save("text", "words", tokens.words.astype(np.uint32))
        titles = tokens.titles()
        for form in ("fold", "key"):
            _write(run, form, invert(tokens, form, FIELDS[form]))
            _write(run, f"title_{form}", invert(titles, form, False))
        del tokens, titles
        for place, field in ((3, "author"), (4, "source")):
            _write(run, field, invert(expand(tokenizer.read([row[place] for row in rows])), "fold", False))
        run.write("id", _ids([row[0] for row in rows]))
        return run.close()

    def make(self, batch: Batch[Seen]) -> Made[Seen]:
        """Make the articles of a batch, and everything that a build needs of them."""
        articles = [source.article() for source in batch.sources]
        columns = ColumnBuilder(ColumnTables())
        for article in articles:
            columns.add(article)
        seen, blobs, rows = batch.look(articles), make_blobs(articles), list(map(row, articles))
        del articles  # inverting takes the most memory
        return Made(self.spill(rows, batch.stem, batch.first), columns, blobs, seen)

    def forget(self) -> None:
        """Give back the memory of the tokenizer, and what batches took beside it."""
        self._tokenizer = None
        give_back()


def _write(run: RunWriter, field: str, postings: Postings) -> None:
    run.write(field, postings)
    lengths = np.bincount(postings.docs, weights=postings.freqs, minlength=run.docs)
    run.save(field, "lengths", lengths.astype(np.uint32))


def _ids(ids: list[bytes]) -> Postings:
    """Return the lists of the field that finds a document by its id."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    ones = np.ones(len(ids), np.int64)
    return Postings([ids[place] for place in order], ones, np.array(order, np.uint32), ones.astype(np.uint32), None)


def encode_chunk(chunk: Chunk) -> tuple[bytes, Records]:
    """Return the terms of a chunk, side by side, and their lists as they lie in a segment."""
    merged = chunk.postings()
    return b"".join(merged.terms), encode(merged)


_worker: Inverter | None = None


def make_in_worker(batch: Batch[Seen], pieces: int) -> Made[Seen]:
    """Do what `Inverter.make` does, with the one inverter of this process."""
    global _worker
    _worker = _worker or Inverter(pieces)
    return _worker.make(batch)


def encode_in_worker(chunk: Chunk) -> tuple[bytes, Records]:
    """Do what `encode_chunk` does; batches are over, so their memory is given back."""
    global _worker
    if _worker is not None:
        _worker.forget()
        _worker = None  # once is enough
    return encode_chunk(chunk)
