"""The bulk builder: articles to one segment, in batches, with bounded memory, in one or several processes.

1. `make` collects sources until a batch is full and hands the batch to a worker, or works itself (`batches`).
2. Of a batch, articles are made, stored as compressed blobs (`storing`) and read into columns (`format.columns`);
   it is tokenised and inverted by array operations (`tokenizer`, `inverter`) and spilled to disk (`runs`).
3. `finish` merges the runs field by field (`merging`) into the segment (`segment_writer`), the workers encoding, and
   writes columns, the table of contents that `whoosh.index.open_dir` reads, and Dấu's own `archive.json`.

Memory holds a batch, or a chunk of the merged lists, and what a tokenizer remembers, all by `memory_mb`; besides
about 70 bytes an article (columns, places of stored blobs) and, while it is written, the dictionary of one field.
"""

import secrets
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from search.article import Article
from search.engines.columnar.build.batches import (
    Batch,
    Inverter,
    Look,
    Made,
    encode_chunk,
    encode_in_worker,
    make_in_worker,
    row,
)
from search.engines.columnar.build.carry import Carried, Numbers
from search.engines.columnar.build.increment import Patch
from search.engines.columnar.build.inverter import MAX_BATCH_DOCS, MAX_POSITION
from search.engines.columnar.build.merging import Chunk, Runs, merge
from search.engines.columnar.build.pairs import FrequentWords, encode_kept, fits, merge_pairs, spill
from search.engines.columnar.build.processes import run_here, start_pool
from search.engines.columnar.build.runs import FIELDS, Run
from search.engines.columnar.build.storing import Stored
from search.engines.columnar.build.tokenizer import MAX_PIECES
from search.engines.columnar.format.columns import ORDER, ColumnBuilder, ColumnTables, smallest
from search.engines.columnar.format.meta import write_meta
from search.engines.columnar.format.pairs import PAIR_FIELDS, PairRule
from search.engines.columnar.format.postings import Records
from search.engines.columnar.format.segment_writer import SegmentWriter, length_codes
from search.engines.columnar.whoosh.codec import write_toc
from search.engines.port import Builder, Seen
from search.engines.sources import Given, Source

#: Bytes of memory that one token of a batch costs while it is inverted (measured peak, arrays of 8 bytes).
BYTES_PER_TOKEN = 150
#: Bytes that a tokenizer needs to remember one piece of text: 300,000 took about 100 MB.
BYTES_PER_PIECE = 330
#: With less, a process forgets the pieces that it knows so often that it is no help.
MB_PER_PROCESS = 100
#: Code points of Vietnamese text per token, spaces included (measured on 88,000 articles).
CHARS_PER_TOKEN = 4.4


@dataclass(frozen=True)
class BuildOptions:
    """`memory_mb` bounds all processes together, beside the 40 MB that each has from the start.

    `workers` 1 works in this process, more in others.  `base` is an older archive whose
    documents are carried over, but for those removed or added anew.
    """

    memory_mb: int = 512
    workers: int = 1
    base: Path | None = None

    @property
    def processes(self) -> int:
        """Processes that work: `workers`, or fewer where each would have less memory than it needs to be fast."""
        return max(1, min(self.workers, self.memory_mb // MB_PER_PROCESS))

    @property
    def tokens(self) -> int:
        """Tokens of a batch: larger ones are no faster, they leave the processor's caches."""
        return min(1_000_000, max(20_000, self._share // (BYTES_PER_TOKEN * 2)))

    @property
    def pieces(self) -> int:
        """Pieces of text that a tokenizer remembers."""
        return min(MAX_PIECES, max(20_000, self._share // (BYTES_PER_PIECE * 4)))

    @property
    def _share(self) -> int:
        """Bytes of one process."""
        return self.memory_mb * 1_000_000 // self.processes


Item = TypeVar("Item")
Done = TypeVar("Done")


def _doubled(key: str) -> ValueError:
    return ValueError(f"Two articles have the id {key!r}; ids must be unique.")


def _unseen(articles: Sequence[Article]) -> None:
    """Look for nothing."""


def _key(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


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
        self._stored = Stored(self._writer, waiting=self._base is not None)
        #: Numbers of the added articles; without a base only of those of the batch, to find doubles early.
        self._ids: dict[str, int] = {}
        self._count = 0
        self._sources: list[Source] = []
        self._letters = 0
        self._inverter = Inverter(options.pieces)
        processes = options.processes
        self._pool = start_pool(processes) if processes > 1 else None
        self._runs = Runs(self._spill, options.tokens, self._pool.submit if self._pool else run_here)
        self._pending: deque[Future[Made[Any]]] = deque()
        self._done = False

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; two with one id are a ValueError, here or in `finish`."""
        for _ in self._collect(map(Given, articles), _unseen):
            pass

    def make(self, sources: Iterable[Source], look: Look[Seen]) -> Iterator[Seen]:
        """Add the articles of `sources`, made where they are inverted; yield what `look` returns of each batch.

        Two with one id are a ValueError, here or in `finish`.
        """
        self._settle()  # what was added before
        yield from self._collect(sources, look)
        self._flush(look)
        yield from self._taken(0)

    def _collect(self, sources: Iterable[Source], look: Look[Seen]) -> Iterator[Seen]:
        """Take in sources and have those of full batches made; yield what is seen of those that are done."""
        for source in sources:
            if source.id in self._ids:
                raise _doubled(source.id)
            self._ids[source.id] = self._count
            self._count += 1
            self._sources.append(source)
            self._letters += source.size
            if self._letters > self._options.tokens * CHARS_PER_TOKEN or len(self._sources) == MAX_BATCH_DOCS:
                self._flush(look)
                yield from self._taken(self._options.processes)

    def remove(self, ids: Iterable[str]) -> None:
        """Leave articles of the base out; ids that it does not have are no error."""
        if self._base is not None:
            self._base.remove(ids)

    def _flush(self, look: Look[Any]) -> None:
        """Have what was collected made, if there is anything."""
        sources, self._sources, self._letters = self._sources, [], 0
        if not sources:
            return
        if self._base is None:
            self._ids.clear()
        first = self._count - len(sources)
        batch = Batch(sources, look, str(self._spill / f"run{first:09d}"), first)
        if self._pool is None:
            self._pending.append(run_here(self._inverter.make, batch))
        else:
            self._pending.append(self._pool.submit(make_in_worker, batch, self._options.pieces))

    def _taken(self, most: int) -> Iterator[Any]:
        """Take in batches, in order, until no more than `most` are being made; yield what was seen of each."""
        while len(self._pending) > (most if self._pool else 0):
            made = self._pending.popleft().result()
            self._runs.add(made.run)
            self._columns.join(made.columns)
            self._stored.add(made.blobs)
            yield made.seen

    def _settle(self) -> None:
        """Have everything made that was added."""
        self._flush(_unseen)
        for _ in self._taken(0):
            pass

    def _complete(self) -> int:
        """Merge the runs, and the base, and write everything out; removes the temporary files.

        Raises ValueError if two articles have one id.
        """
        self._displace()
        self._settle()
        numbers = self._number()
        if self._base is None or numbers is None:
            self._write_fields()
        else:
            self._patch_fields(self._base, numbers)
        self._write_columns(numbers)
        self._stored.finish(self._base, numbers, self._count)
        self._writer.finish(self._count)
        write_toc(self._directory, self._name, self._count)
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
        if self._base is None:
            return None
        self._count = len(self._ids) + int(np.count_nonzero(self._base.kept))
        return self._base.number(self._ids)

    def _patch_fields(self, base: Carried, numbers: Numbers) -> None:
        """Write the fields of an increment."""
        docs, articles = base.dropped()
        gone = self._inverter.spill([row(article) for article in articles], str(self._spill / "gone"), 0)
        patch = Patch(base, self._runs.all(), numbers, (gone, docs), self._count, self._options.tokens)
        patch.check()
        for field, positions in FIELDS.items():
            self._writer.start_field(field, positions=positions)
            if field == "id":
                added = dict(zip(map(_key, self._ids), numbers.tolist(), strict=True))
                patch.write_ids(self._writer, [_key(article.id) for article in articles], added)
            else:
                patch.write(self._writer, field)
        self._patch_pairs(patch)

    def _patch_pairs(self, patch: Patch) -> None:
        """Write the pairs of an increment by the rule of its base."""
        segment, (gone, docs) = patch.base.segment, patch.gone
        rule = segment.pair_rule if fits(self._words()) else PairRule()
        inverted = spill(gone, rule, str(self._spill / "gone"), len(docs) * MAX_POSITION) or [gone]
        patch = replace(patch, added=self._pair_runs(rule), gone=(inverted[0], docs))
        for field in PAIR_FIELDS:
            self._writer.start_field(field, positions=False)
            if rule.words:
                patch.write(self._writer, field)
            else:
                self._writer.finish_field()
        self._writer.add_pair_rule(rule)

    def _write_fields(self) -> None:
        """Write the fields of a build from nothing."""
        self._inverter.forget()
        runs, frequent = self._runs.all(), FrequentWords(self._count)
        for field, positions in FIELDS.items():
            self._writer.start_field(field, positions=positions)
            for chunk, terms, records in self._encoded(merge(runs, field, self._options.tokens)):
                if field == "id" and (records.df > 1).any():
                    raise _doubled(chunk.terms[int(np.argmax(records.df > 1))].decode("utf-8", "surrogatepass"))
                sizes = np.fromiter(map(len, chunk.terms), np.int64, len(chunk.terms))
                self._writer.add_records(terms, sizes, records)
                if field == "fold":
                    frequent.note(chunk, records.df)
            if field == "id":
                self._writer.finish_field()
            else:
                lengths = self._runs.by_document(field, "lengths")
                self._writer.finish_field(length_codes(lengths), int(lengths.sum(dtype=np.int64)))
        self._write_pairs(frequent)

    def _write_pairs(self, frequent: FrequentWords) -> None:
        """Write the lists of pairs of frequent words."""
        every = frequent.rule() if fits(self._words()) else PairRule()
        runs = self._pair_runs(every)
        rule = frequent.chosen(every.words, runs)
        encoded, size = partial(encode_kept, rule=rule), len(rule.words) ** 2
        for field in PAIR_FIELDS:
            self._writer.start_field(field, positions=False)
            for _, made in self._worked(merge_pairs(runs, field, size, self._options.tokens), encoded, encoded):
                self._writer.add_records(*made)
            self._writer.finish_field()
        self._writer.add_pair_rule(rule)

    def _pair_runs(self, rule: PairRule) -> list[Run]:
        """Return the pairs of the added articles."""
        directory = self._spill / "pairs"
        directory.mkdir()
        work = partial(spill, rule=rule, stem=str(directory / "run"), tokens=self._options.tokens)
        made = self._worked(self._runs.all() if rule.words else (), work, work)
        return [run for _, runs in made for run in runs]

    def _words(self) -> Numbers:
        """Return how many words the added articles have, [articles]."""
        return self._runs.by_document("text", "words")

    def _encoded(self, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, bytes, Records]]:
        """Yield chunks with their terms and lists encoded, in order."""
        for chunk, made in self._worked(chunks, encode_chunk, encode_in_worker):
            yield chunk, *made

    def _worked(
        self, items: Iterable[Item], here: Callable[[Item], Done], there: Callable[[Item], Done]
    ) -> Iterator[tuple[Item, Done]]:
        """Yield what is made of each item, in order, here or in the workers, which are some items ahead."""
        ahead: deque[tuple[Item, Future[Done]]] = deque()
        for item in items:
            if self._pool is None:
                yield item, here(item)
                continue
            ahead.append((item, self._pool.submit(there, item)))
            if len(ahead) > self._options.processes:
                done, future = ahead.popleft()
                yield done, future.result()
        for done, future in ahead:
            yield done, future.result()

    def _write_columns(self, numbers: Numbers | None) -> None:
        counted = ((name, self._runs.by_document("text", name)) for name in ("title_words", "words"))
        for name, values in chain[tuple[str, NDArray[Any]]](self._columns.arrays(), counted):
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
