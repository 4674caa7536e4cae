"""The bulk builder: articles to one segment, in batches, with bounded memory, in one or several processes.

1. `add` collects articles until a batch is full and hands the batch to a worker (or works itself).
2. A batch is tokenised and inverted by array operations (`invert`) and spilled to disk (`spill`).
3. `finish` merges the runs field by field into the segment (`segment_writer`), writes columns, stored
   articles, the table of contents that `whoosh.index.open_dir` reads, and Dấu's own `archive.json`.
"""

import json
import secrets
import shutil
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.article import Article
from search.engines.base import Builder
from search.engines.columnar.columns import ColumnBuilder
from search.engines.columnar.invert import MAX_BATCH_DOCS, Postings, Tokenizer, expand, invert
from search.engines.columnar.schema import META_FILE, SCHEMA_VERSION, product_schema
from search.engines.columnar.segment_writer import SegmentWriter
from search.engines.columnar.spill import FIELDS, Run, merge_runs
from search.engines.columnar.stored import encode_card, encode_removed
from search.engines.columnar.toc import SegmentRef, write_toc
from search.text import PIPELINE

#: Bytes of memory that one token of a batch costs while it is inverted (measured peak, arrays of 8 bytes).
BYTES_PER_TOKEN = 150
#: Code points of Vietnamese text per token, spaces included (measured on 88,000 articles).
CHARS_PER_TOKEN = 4.4

Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class BuildOptions:
    """`memory_mb` bounds the arrays of one process; `workers` 1 works in this process, more in others."""

    memory_mb: int = 512
    workers: int = 1

    @property
    def tokens(self) -> int:
        """Tokens of a batch: larger ones are no faster, they leave the processor's caches."""
        return min(1_000_000, max(20_000, self.memory_mb * 1_000_000 // (BYTES_PER_TOKEN * 2)))


class _Inverter:
    """Spills batches; lives in the worker process and keeps its tokenizer between batches."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer()

    def spill(self, rows: Sequence[Row], run: Run) -> Run:
        tokens = expand(self._tokenizer.read([text for row in rows for text in row[:2]]), texts_per_doc=2)
        titles = tokens.titles()
        for form in ("fold", "key"):
            _write(run, form, invert(tokens, form, FIELDS[form]))
            _write(run, f"title_{form}", invert(titles, form, False))
        run.save("fold", "title_words", tokens.title_words)
        run.save("fold", "words", tokens.words)
        for place, field in ((2, "author"), (3, "source")):
            tokens = expand(self._tokenizer.read([row[place] for row in rows]))
            _write(run, field, invert(tokens, "fold", False))
        return run


_worker: _Inverter | None = None


def _spill_in_worker(rows: Sequence[Row], run: Run) -> Run:
    global _worker
    _worker = _worker or _Inverter()
    return _worker.spill(rows, run)


def _write(run: Run, field: str, postings: Postings) -> None:
    lengths = np.bincount(postings.docs, weights=postings.freqs, minlength=run.docs).astype(np.uint32)
    run.write(field, postings, lengths)


class ColumnarBuilder(Builder):
    """Writes one segment and the files around it into an empty or missing directory."""

    def __init__(self, directory: Path, options: BuildOptions) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory, self._options = directory, options
        self._spill = directory / f"spill-{secrets.token_hex(4)}"
        self._spill.mkdir()
        name = "MAIN_" + secrets.token_hex(8)
        self._writer = SegmentWriter(directory, name)
        self._name = name
        self._columns = ColumnBuilder()
        self._ids: dict[str, int] = {}
        self._rows: list[Row] = []
        self._chars = 0
        self._runs: list[Run] = []
        self._inverter = _Inverter()
        self._pool = ProcessPoolExecutor(options.workers, get_context("fork")) if options.workers > 1 else None
        self._pending: deque[Future[Run]] = deque()
        self._done = False

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; raises ValueError on an id that was added before."""
        stored, removed, titles = map(self._writer.blobs, ("stored", "removed", "title"))
        for article in articles:
            if article.id in self._ids:
                raise ValueError(f"Two articles have the id {article.id!r}; ids must be unique.")
            self._ids[article.id] = len(self._ids)
            self._columns.add(article)
            stored.append(encode_card(article))
            removed.append(encode_removed(article))
            titles.append_compressed(article.title.encode("utf-8", "surrogatepass"))
            self._rows.append((article.title, article.body, article.author, article.source))
            self._chars += len(article.title) + len(article.body)
            if self._chars > self._options.tokens * CHARS_PER_TOKEN or len(self._rows) == MAX_BATCH_DOCS:
                self._flush()

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
        """Merge the runs and write everything out; removes the temporary files."""
        if self._done:
            return len(self._ids)
        self._flush()
        for future in self._pending:
            future.result()
        self._write_fields()
        self._write_columns()
        count = len(self._ids)
        self._writer.finish(count)
        write_toc(self._directory, product_schema(), [SegmentRef(self._name, count)])
        self._write_meta(count)
        self._close()
        return count

    def _write_fields(self) -> None:
        tokens = self._options.tokens
        for field, positions in sorted({**FIELDS, "id": False}.items()):
            self._writer.start_field(field, positions=positions)
            if field == "id":
                self._write_ids()
                continue
            for chunk in merge_runs(self._runs, field, tokens):
                terms = [term.encode() for term in chunk.terms]
                self._writer.add_terms(terms, chunk.df, chunk.docs, chunk.freqs, chunk.positions)
            self._writer.finish_field(self._joined(field, "lengths"))

    def _write_ids(self) -> None:
        ids = sorted(self._ids)
        ones = np.ones(len(ids), np.uint32)
        docs = np.fromiter(map(self._ids.__getitem__, ids), np.uint32, len(ids))
        self._writer.add_terms([key.encode("utf-8", "surrogatepass") for key in ids], ones.astype(np.int64), docs, ones, None)
        self._writer.finish_field(None)

    def _joined(self, field: str, part: str) -> npt.NDArray[Any]:
        parts = [run.array(field, part) for run in self._runs]
        return np.concatenate(parts) if parts else np.empty(0, np.uint32)

    def _write_columns(self) -> None:
        for name, values in self._columns.arrays().items():
            self._writer.add_column(name, values)
        self._writer.add_column("title_words", np.minimum(self._joined("fold", "title_words"), 65535).astype(np.uint16))
        self._writer.add_column("words", self._joined("fold", "words").astype(np.uint32))

    def _write_meta(self, count: int) -> None:
        meta = {"version": SCHEMA_VERSION, "text": PIPELINE.fingerprint, "segment": self._name, "articles": count,
                "tables": self._columns.tables.to_json()}  # fmt: skip
        (self._directory / META_FILE).write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")

    def discard(self) -> None:
        """Stop the workers and remove everything that was written."""
        if not self._done:
            self._writer.discard()
            self._close()

    def _close(self) -> None:
        self._done = True
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        shutil.rmtree(self._spill, ignore_errors=True)
