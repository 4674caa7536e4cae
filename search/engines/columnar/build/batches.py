"""What is done with a batch of articles, and with a chunk of terms: in this process, or in workers.

Everything that is handed over is bytes, arrays and names of files.
"""

from collections.abc import Sequence

import numpy as np

from search.article import Article
from search.engines.columnar.build.inverter import expand, invert
from search.engines.columnar.build.merging import Chunk
from search.engines.columnar.build.runs import FIELDS, Run, RunWriter
from search.engines.columnar.build.tokenizer import Tokenizer
from search.engines.columnar.format.postings import Postings, Records
from search.engines.columnar.format.postings_writer import encode

#: Id, title, body, author and source in UTF-8.
Row = tuple[bytes, bytes, bytes, bytes, bytes]


def row(article: Article) -> Row:
    """Return what is indexed of an article."""
    ident, title, body, author, source = (
        text.encode("utf-8", "surrogatepass")
        for text in (article.id, article.title, article.body, article.author, article.source)
    )
    return ident, title, body, author, source


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

    def forget(self) -> None:
        """Give back the memory of the tokenizer."""
        self._tokenizer = None


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


def spill_in_worker(rows: Sequence[Row], stem: str, first: int, pieces: int) -> Run:
    """Do what `Inverter.spill` does, with the one inverter of this process."""
    global _worker
    _worker = _worker or Inverter(pieces)
    return _worker.spill(rows, stem, first)


def encode_in_worker(chunk: Chunk) -> tuple[bytes, Records]:
    """Do what `encode_chunk` does; batches are over, so their tokenizer is forgotten."""
    if _worker is not None:
        _worker.forget()
    return encode_chunk(chunk)
