"""The bulk builder: articles to one segment, in batches, with bounded memory, in one or several processes.

1. `add` collects articles until a batch is full and hands the batch to a worker (or works itself).
2. A batch is tokenised and inverted by array operations (`invert`) and spilled to disk (`spill`).
3. `finish` merges the runs field by field into the segment (`segment_writer`), writes columns, stored
   articles, the table of contents that `whoosh.index.open_dir` reads, and Dấu's own `archive.json`.
"""

import secrets
import shutil
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from search.article import Article
from search.engines.base import Builder
from search.engines.columnar.carry import Carried, Numbers
from search.engines.columnar.columns import ORDER, ColumnBuilder, ColumnTables, smallest
from search.engines.columnar.invert import MAX_BATCH_DOCS, expand, invert
from search.engines.columnar.meta import write_meta
from search.engines.columnar.patch import Patch
from search.engines.columnar.pieces import Tokenizer
from search.engines.columnar.schema import product_schema
from search.engines.columnar.segment_writer import SegmentWriter
from search.engines.columnar.spill import FIELDS, Run, merge, run_source
from search.engines.columnar.stored import encode_card, encode_removed
from search.engines.columnar.toc import SegmentRef, write_toc

#: Bytes of memory that one token of a batch costs while it is inverted (measured peak, arrays of 8 bytes).
BYTES_PER_TOKEN = 150
#: Code points of Vietnamese text per token, spaces included (measured on 88,000 articles).
CHARS_PER_TOKEN = 4.4

#: Title, body, author and source in UTF-8.
Row = tuple[bytes, bytes, bytes, bytes]


@dataclass(frozen=True)
class BuildOptions:
    """`memory_mb` bounds the arrays of one process; `workers` 1 works in this process, more in others.

    `base` is an older archive whose documents are carried over, but for those removed or added anew.
    """

    memory_mb: int = 512
    workers: int = 1
    base: Path | None = None

    @property
    def tokens(self) -> int:
        """Tokens of a batch: larger ones are no faster, they leave the processor's caches."""
        return min(1_000_000, max(20_000, self.memory_mb * 1_000_000 // (BYTES_PER_TOKEN * 2)))


def _row(article: Article) -> Row:
    title, body, author, source = (
        text.encode("utf-8", "surrogatepass")
        for text in (article.title, article.body, article.author, article.source)
    )
    return title, body, author, source


def _key(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


class _Inverter:
    """Spills batches; lives in the worker process and keeps its tokenizer between batches."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer()

    def spill(self, rows: Sequence[Row], run: Run) -> Run:
        tokens = expand(self._tokenizer.read([text for row in rows for text in row[:2]]), texts_per_doc=2)
        titles = tokens.titles()
        for form in ("fold", "key"):
            run.write(form, invert(tokens, form, FIELDS[form]))
            run.write(f"title_{form}", invert(titles, form, False))
        run.save("fold", "title_words", tokens.title_words)
        run.save("fold", "words", tokens.words)
        for place, field in ((2, "author"), (3, "source")):
            tokens = expand(self._tokenizer.read([row[place] for row in rows]))
            run.write(field, invert(tokens, "fold", False))
        return run


_worker: _Inverter | None = None


def _spill_in_worker(rows: Sequence[Row], run: Run) -> Run:
    global _worker
    _worker = _worker or _Inverter()
    return _worker.spill(rows, run)


class _Stored:
    """Writes stored articles as they come, or keeps them `waiting` until documents are numbered."""

    NAMES = ("stored", "removed", "title")

    def __init__(self, writer: SegmentWriter, waiting: bool) -> None:
        self._writer = writer
        self._blobs = [writer.blobs(name) for name in self.NAMES]
        self._waiting: list[tuple[bytes, bytes, bytes]] | None = [] if waiting else None

    def add(self, article: Article) -> None:
        title = article.title.encode("utf-8", "surrogatepass")
        row = encode_card(article), encode_removed(article), title
        if self._waiting is None:
            self._append(row)
        else:
            self._waiting.append(row)

    def _append(self, row: tuple[bytes, bytes, bytes]) -> None:
        stored, removed, title = self._blobs
        stored.append(row[0])
        removed.append(row[1])
        title.append_compressed(row[2])

    def finish(self, base: Carried | None, numbers: Numbers | None, count: int) -> None:
        """Write what waited, and copy the base's, in the order of the documents."""
        if base is None or numbers is None or self._waiting is None:
            return
        old = {name: base.segment.blobs(name) for name in self.NAMES}
        waiting = iter([self._waiting[place] for place in np.argsort(numbers).tolist()])
        for low, high in base.stretches(count):
            if low >= 0:
                self._writer.copy_blobs(old, low, high)
            else:
                self._append(next(waiting))


class ColumnarBuilder(Builder):
    """Writes one segment and the files around it into an empty or missing directory."""

    def __init__(self, directory: Path, options: BuildOptions) -> None:
        self._base = Carried(options.base) if options.base else None  # first: if it can't be read, nothing is written
        directory.mkdir(parents=True, exist_ok=True)
        self._directory, self._options = directory, options
        self._spill = directory / f"spill-{secrets.token_hex(4)}"
        self._spill.mkdir()
        name = "MAIN_" + secrets.token_hex(8)
        self._writer = SegmentWriter(directory, name)
        self._name = name
        self._columns = ColumnBuilder(self._base.tables if self._base else ColumnTables())
        self._stored = _Stored(self._writer, waiting=self._base is not None)
        self._ids: dict[str, int] = {}
        self._rows: list[Row] = []
        self._chars = 0
        self._runs: list[Run] = []
        self._inverter = _Inverter()
        self._pool = ProcessPoolExecutor(options.workers, get_context("fork")) if options.workers > 1 else None
        self._pending: deque[Future[Run]] = deque()
        self._count = 0
        self._done = False

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; raises ValueError on an id that was added before."""
        for article in articles:
            if article.id in self._ids:
                raise ValueError(f"Two articles have the id {article.id!r}; ids must be unique.")
            self._ids[article.id] = len(self._ids)
            self._columns.add(article)
            self._stored.add(article)
            self._rows.append(_row(article))
            self._chars += len(article.title) + len(article.body)
            if self._chars > self._options.tokens * CHARS_PER_TOKEN or len(self._rows) == MAX_BATCH_DOCS:
                self._flush()

    def remove(self, ids: Iterable[str]) -> None:
        """Leave articles of the base out; ids that it does not have are no error."""
        if self._base is not None:
            self._base.remove(ids)

    def _flush(self) -> None:
        rows, self._rows, self._chars = self._rows, [], 0
        if not rows:
            return
        run = Run(self._spill / f"run{len(self._runs):05d}", len(self._ids) - len(rows), len(rows))
        self._runs.append(run)
        if self._pool is None:
            self._inverter.spill(rows, run)
            return
        self._pending.append(self._pool.submit(_spill_in_worker, rows, run))
        while len(self._pending) > self._options.workers:
            self._pending.popleft().result()

    def finish(self) -> int:
        """Merge the runs, and the base, and write everything out; removes the temporary files."""
        if self._done:
            return self._count
        self._displace()
        self._flush()
        for future in self._pending:
            future.result()
        numbers = self._number()
        self._write_fields(numbers)
        self._write_columns(numbers)
        self._stored.finish(self._base, numbers, self._count)
        self._writer.finish(self._count)
        write_toc(self._directory, product_schema(), [SegmentRef(self._name, self._count)])
        write_meta(self._directory, self._name, self._count, self._columns.tables.to_json())
        self._close()
        return self._count

    def _displace(self) -> None:
        """Have the articles of the base added anew whose numbers are too high for the result."""
        if self._base is not None:
            self._base.remove(self._ids)
            articles = self._base.displaced(len(self._ids))
            self.add(articles)
            self._base.remove(article.id for article in articles)

    def _number(self) -> Numbers | None:
        """Return the document numbers of the added articles; None if they are numbered as they were added."""
        self._count = len(self._ids)
        if self._base is None:
            return None
        self._count += int(np.count_nonzero(self._base.kept))
        return self._base.number(self._ids)

    def _patch(self, base: Carried, numbers: Numbers) -> Patch:
        """Return what writes the fields of an increment."""
        docs, articles = base.dropped()
        gone = Run(self._spill / "gone", 0, len(articles))
        self._inverter.spill([_row(article) for article in articles], gone)
        self._gone = [_key(article.id) for article in articles]
        patch = Patch(base, [(run, numbers) for run in self._runs], (gone, docs), self._count, self._options.tokens)
        patch.check()
        return patch

    def _write_fields(self, numbers: Numbers | None) -> None:
        patch = None if self._base is None or numbers is None else self._patch(self._base, numbers)
        for field, positions in sorted({**FIELDS, "id": False}.items()):
            self._writer.start_field(field, positions=positions)
            if patch is not None and numbers is not None:
                if field == "id":
                    ids = map(_key, self._ids)
                    patch.write_ids(self._writer, self._gone, dict(zip(ids, numbers.tolist(), strict=True)))
                else:
                    patch.write(self._writer, field)
            elif field == "id":
                self._write_ids()
            else:
                self._merge_field(field)

    def _merge_field(self, field: str) -> None:
        lengths = np.zeros(self._count)
        for chunk in merge([run_source(run, field) for run in self._runs], self._options.tokens, ordered=True):
            lengths += np.bincount(chunk.docs, weights=chunk.freqs, minlength=self._count)
            terms = [term.encode() for term in chunk.terms]
            self._writer.add_terms(terms, chunk.df, chunk.docs, chunk.freqs, chunk.positions)
        self._writer.finish_field(lengths.astype(np.uint32))

    def _write_ids(self) -> None:
        """Write the field that finds a document by its id."""
        ids = sorted(self._ids)
        docs = np.fromiter(map(self._ids.__getitem__, ids), np.uint32, len(ids))
        ones = np.ones(len(ids), np.int64)
        self._writer.add_terms([_key(name) for name in ids], ones, docs, ones.astype(np.uint32), None)
        self._writer.finish_field(None)

    def _write_columns(self, numbers: Numbers | None) -> None:
        columns = self._columns.arrays()
        for name in ("title_words", "words"):
            parts = [run.array("fold", name) for run in self._runs]
            columns[name] = np.concatenate(parts) if parts else np.empty(0, np.int64)
        for name, values in columns.items():
            if self._base is not None and numbers is not None:
                values = self._base.spread(name, values, numbers, self._count)
            self._writer.add_column(name, smallest(values))
        if self._base is not None and numbers is not None:
            order = self._base.order(dict(zip(self._ids, numbers.tolist(), strict=True)), self._count)
            if not np.array_equal(order, np.arange(self._count)):
                self._writer.add_column(ORDER, smallest(order))

    def discard(self) -> None:
        """Stop the workers and remove everything that was written."""
        if not self._done:
            self._writer.discard()
            self._close()

    def _close(self) -> None:
        self._done = True
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        if self._base is not None:
            self._base.close()
        shutil.rmtree(self._spill, ignore_errors=True)
