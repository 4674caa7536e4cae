"""Merge runs, field by field, in chunks of consecutive terms; memory does not grow with what is merged.

All runs are read from front to back, a few hundred terms of each at a time.  A merged list is the concatenation of
those of the runs, since each run holds later documents than the one before: blocks are copied whole, and sorted is
only one small number per (run, term).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.engines.columnar.build.processes import finished
from search.engines.columnar.build.runs import BY_DOCUMENT, FIELDS, Run, RunWriter, Stretch, cut
from search.engines.columnar.format.postings import Postings

Numbers = npt.NDArray[np.int64]

#: Runs that are merged at once; more are first joined to longer ones.
FAN_IN: Final = 128
#: Terms of a run that are looked at together: so many bytes objects per run.
_BLOCK: Final = 512


@dataclass(frozen=True, slots=True)
class _Part:
    """The lists that one run has of the terms of a chunk: `ranks` of the terms, `df`, `tokens` [terms of the run]."""

    first: int
    ranks: Numbers
    df: Numbers
    tokens: Numbers
    docs: Stretch
    freqs: Stretch
    positions: Stretch | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive terms of a field, and where their lists are; any process can read them."""

    terms: list[bytes]
    parts: list[_Part]

    def postings(self, numbers: Numbers | None = None) -> Postings:
        """Return the merged lists; `numbers` [documents of the build] renumbers the documents."""
        df = np.concatenate([part.df for part in self.parts])
        docs = np.concatenate([part.docs.read().astype(np.uint32) + np.uint32(part.first) for part in self.parts])
        freqs = np.concatenate([part.freqs.read() for part in self.parts])
        stretches = [part.positions for part in self.parts if part.positions is not None]
        positions = np.concatenate([each.read() for each in stretches]) if stretches else None
        if len(self.parts) > 1:
            ranks = np.concatenate([part.ranks for part in self.parts])
            order = np.argsort(ranks, kind="stable")
            places = reordered(df, order)
            docs, freqs = docs[places], freqs[places]
            if positions is not None:
                tokens = np.concatenate([part.tokens for part in self.parts])
                positions = positions[reordered(tokens, order)]
            df = np.bincount(ranks, weights=df, minlength=len(self.terms)).astype(np.int64)
        merged = Postings(self.terms, df, docs, freqs, positions)
        return merged if numbers is None else _renumbered(merged, numbers)


class _Cursor:
    """Reads the terms of one field of a run from front to back."""

    def __init__(self, run: Run, field: str) -> None:
        self._run, self._field, self._placed = run, field, FIELDS.get(field, False)
        self._done = self._bytes = self._docs = self._tokens = 0
        self.terms: list[bytes] = []
        self._df = self._weights = np.empty(0, np.int64)

    @property
    def more(self) -> bool:
        """Say whether there are terms that were not read."""
        return self._done < self._run.count(self._field, "df")

    def fill(self) -> None:
        """See that there are some terms to take, if the run has them.

        Between one and two blocks: where all runs have about as many, they come forward about as fast.
        """
        if len(self.terms) >= _BLOCK or not self.more:
            return
        count = min(_BLOCK, self._run.count(self._field, "df") - self._done)
        sizes = self._read("term_sizes", self._done, count)
        total = int(sizes.sum())
        self.terms += cut(self._read("terms", self._bytes, total).tobytes(), sizes)
        df = self._read("df", self._done, count)
        tokens = self._read("tokens", self._done, count) if self._placed else df
        self._df, self._weights = np.concatenate([self._df, df]), np.concatenate([self._weights, tokens])
        self._done += count
        self._bytes += total

    def _read(self, part: str, start: int, count: int) -> npt.NDArray[Any]:
        return self._part(part, start, count).read()

    def _part(self, part: str, start: int, count: int) -> Stretch:
        return self._run.part(self._field, part).part(start, count)

    def take(self, bound: bytes | None) -> tuple[list[bytes], _Part]:
        """Take the terms that were read up to `bound`: return them, and their lists, not ranked yet."""
        count = len(self.terms) if bound is None else bisect_right(self.terms, bound)
        terms, self.terms = self.terms[:count], self.terms[count:]
        df, self._df = self._df[:count], self._df[count:]
        tokens, self._weights = self._weights[:count], self._weights[count:]
        postings, places = int(df.sum()), int(tokens.sum())
        docs, freqs = (self._part(part, self._docs, postings) for part in ("docs", "freqs"))
        positions = self._part("positions", self._tokens, places) if self._placed else None
        part = _Part(self._run.first, np.empty(0, np.int64), df, tokens, docs, freqs, positions)
        self._docs += postings
        self._tokens += places
        return terms, part


def merge(runs: Sequence[Run], field: str, tokens: int) -> Iterator[Chunk]:
    """Yield the merged lists of one field in chunks of at most `tokens` tokens each, or of a single term.

    Terms come in the order of their bytes.
    """
    cursors = [_Cursor(run, field) for run in runs if run.count(field, "df")]
    while cursors:
        for cursor in cursors:
            cursor.fill()
        bound = min((cursor.terms[-1] for cursor in cursors if cursor.more), default=None)
        taken = [cursor.take(bound) for cursor in cursors]
        yield from _chunks([each for each in taken if each[0]], tokens)
        cursors = [cursor for cursor in cursors if cursor.terms or cursor.more]


def _chunks(taken: Sequence[tuple[list[bytes], _Part]], most: int) -> Iterator[Chunk]:
    """Rank the terms of all runs and yield chunks of them."""
    terms = sorted(set().union(*(names for names, _ in taken)))
    rank = {term: place for place, term in enumerate(terms)}
    parts = [replace(part, ranks=np.fromiter(map(rank.__getitem__, names), np.int64, len(names)))
             for names, part in taken]  # fmt: skip
    weights = np.zeros(len(terms) + 1, np.int64)
    for part in parts:
        weights[part.ranks + 1] += part.tokens
    weights = np.cumsum(weights)
    low = 0
    while low < len(terms):
        high = max(int(np.searchsorted(weights, weights[low] + most, "right")) - 1, low + 1)
        found = [_cut(part, low, high) for part in parts]
        yield Chunk(terms[low:high], [part for part in found if len(part.df)])
        low = high


def _cut(part: _Part, low: int, high: int) -> _Part:
    """Return the lists of the terms with ranks from `low` up to `high`, ranked from 0 on."""
    start, end = np.searchsorted(part.ranks, (low, high)).tolist()
    df, tokens = part.df[start:end], part.tokens[start:end]
    postings = int(part.df[:start].sum()), int(df.sum())
    positions = part.positions
    if positions is not None:
        positions = positions.part(int(part.tokens[:start].sum()), int(tokens.sum()))
    return _Part(part.first, part.ranks[start:end] - low, df, tokens, part.docs.part(*postings),
                 part.freqs.part(*postings), positions)  # fmt: skip


def reordered(sizes: Numbers, order: Numbers) -> Numbers:
    """Return the indices that bring consecutive blocks of `sizes` elements into `order`.  Linear."""
    starts, sizes = (np.cumsum(sizes) - sizes)[order], sizes[order]
    places = np.cumsum(sizes) - sizes
    return np.repeat(starts - places, sizes) + np.arange(int(sizes.sum()))


def _renumbered(postings: Postings, numbers: Numbers) -> Postings:
    """Number documents otherwise, and sort every list by document."""
    docs, df = numbers[postings.docs], postings.df
    order = np.argsort((np.repeat(np.arange(len(df)), df) << 32) | docs)
    positions = postings.positions
    if positions is not None:
        positions = positions[reordered(postings.freqs.astype(np.int64), order)]
    return Postings(postings.terms, df, docs[order].astype(np.uint32), postings.freqs[order], positions)


def join(runs: Sequence[Run], stem: str, tokens: int) -> Run:
    """Write consecutive runs as one; their files are removed."""
    docs = sum(run.docs for run in runs)
    types = {}
    for field in FIELDS:
        for part in ("freqs", "positions"):
            held = [run.part(field, part).dtype for run in runs if run.count(field, part)]
            types[f"{field}.{part}"] = np.result_type(*held).str if held else "|u1"
        types[f"{field}.docs"] = np.min_scalar_type(docs).str
    writer = RunWriter(stem, runs[0].first, docs, types)
    for field in FIELDS:
        for chunk in merge(runs, field, tokens):
            postings = chunk.postings()
            writer.write(field, replace(postings, docs=postings.docs - np.uint32(writer.first)))
    for name in dict.fromkeys(name for run in runs for name in run.parts if name.endswith(BY_DOCUMENT)):
        for run in runs:
            field, part = name.split(".")
            writer.save(field, part, run.parts[name].read())
    for run in runs:
        run.remove()
    return writer.close()


class Runs:
    """The runs of a build; as soon as there are too many of about one length, they are joined to a longer one."""

    def __init__(self, directory: Path, tokens: int, start: Callable[..., Future[Run]]) -> None:
        """Joined runs are written to `directory`; `tokens` as in `merge`; `start` has a function called somewhere."""
        self._directory, self._tokens, self._start = directory, tokens, start
        self._levels: list[list[Future[Run]]] = [[]]
        self._joined = 0

    def add(self, run: Run) -> None:
        """Add a run whose documents come after those of all others."""
        coming = finished(run)
        for level in self._levels:
            level.append(coming)
            if len(level) < FAN_IN:
                return
            stem = str(self._directory / f"joined{self._joined:05d}")
            coming = self._start(join, [each.result() for each in level], stem, self._tokens)
            self._joined += 1
            level.clear()
        self._levels.append([coming])

    def all(self) -> list[Run]:
        """Return the runs in the order of their documents."""
        return [run.result() for level in reversed(self._levels) for run in level]

    def by_document(self, field: str, part: str) -> npt.NDArray[Any]:
        """Return a part that has a number per document, of all documents."""
        held = [run.array(field, part) for run in self.all()]
        return np.concatenate(held) if held else np.empty(0, np.uint32)
