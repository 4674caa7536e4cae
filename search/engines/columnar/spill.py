"""Inverted runs on disk and their merging, so that memory does not grow with the archive."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.invert import Postings

Numbers = npt.NDArray[np.int64]

#: The fields with inverted lists, and whether they keep positions.
FIELDS: dict[str, bool] = {
    "author": False, "fold": True, "key": False, "source": False, "title_fold": False, "title_key": False,
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One spilled batch: `docs` consecutive documents from `first`, its files start with `stem`."""

    stem: Path
    first: int
    docs: int

    def _path(self, field: str, part: str) -> Path:
        return self.stem.with_name(f"{self.stem.name}.{field}.{part}")

    def write(self, field: str, postings: Postings) -> None:
        """Write the lists of one field."""
        self._path(field, "terms").write_text("\n".join(postings.terms), encoding="utf-8")
        self.save(field, "df", postings.df)
        self.save(field, "docs", postings.docs)
        self.save(field, "freqs", postings.freqs)
        if postings.positions is not None:
            self.save(field, "positions", postings.positions)

    def save(self, field: str, part: str, values: npt.NDArray[Any]) -> None:
        """Write one array."""
        np.save(self._path(field, part + ".npy"), values)

    def terms(self, field: str) -> list[str]:
        """Return the terms of one field, in the order of its lists."""
        text = self._path(field, "terms").read_text(encoding="utf-8")
        return text.split("\n") if text else []

    def array(self, field: str, part: str) -> npt.NDArray[Any]:
        """Return one array, memory-mapped where it can be long."""
        path = self._path(field, part + ".npy")
        values: npt.NDArray[Any] = np.load(path, mmap_mode=None if path.stat().st_size < 4096 else "r")
        return values


@dataclass(frozen=True)
class Part:
    """The lists of some terms from one source: `df` [terms]; `docs`, `freqs` [sum of df]; `places` [sum of freqs]."""

    df: Numbers
    docs: npt.NDArray[Any]
    freqs: npt.NDArray[Any]
    places: npt.NDArray[Any] | None


class Source(ABC):
    """Lists to be merged; `weights` [terms] says about how many elements each takes."""

    weights: Numbers

    @abstractmethod
    def take(self, terms: Numbers) -> Part:
        """Return the lists of some terms, in that order, with documents numbered as in the result."""


class _RunLists(Source):
    """The lists of one field of a run; `numbers` [documents of the build] renumbers documents if given."""

    def __init__(self, run: Run, field: str, numbers: Numbers | None) -> None:
        self._first, self._numbers = run.first, numbers
        self._docs, self._freqs = run.array(field, "docs"), run.array(field, "freqs")
        self._places = run.array(field, "positions") if FIELDS[field] else None
        self._df = run.array(field, "df")
        ends = np.concatenate([[0], np.cumsum(self._df)])
        token_ends = np.concatenate([[0], np.cumsum(self._freqs, dtype=np.int64)])[ends]
        self._starts, self._token_starts, self.weights = ends[:-1], token_ends[:-1], np.diff(token_ends)

    def take(self, terms: Numbers) -> Part:
        df = self._df[terms]
        chosen = _ragged(self._starts[terms], df)
        docs = self._docs[chosen].astype(np.int64) + self._first
        places = None
        if self._places is not None:
            places = self._places[_ragged(self._token_starts[terms], self.weights[terms])]
        return Part(df, docs if self._numbers is None else self._numbers[docs], self._freqs[chosen], places)


@dataclass(frozen=True)
class _Ranked:
    """A source with the ranks of its terms among all terms: ascending `ranks`, `terms` in that order."""

    source: Source
    ranks: Numbers
    terms: Numbers


Listed = tuple[list[str], Source]


def run_source(run: Run, field: str, numbers: Numbers | None = None) -> Listed:
    """Return the terms of a run and what gives their lists."""
    return run.terms(field), _RunLists(run, field, numbers)


def merge(listed: Sequence[Listed], tokens: int, ordered: bool) -> Iterator[Postings]:
    """Yield the merged lists of one field in chunks of consecutive terms, about `tokens` tokens each.

    Terms come in the order of their UTF-8 bytes.  If sources are `ordered` (each holds later documents than
    the one before), a merged list is the concatenation of theirs: blocks are copied whole, and sorted is only
    one small number per (source, term).  Otherwise postings are sorted by document.  Memory is bounded by
    `tokens` (or by the longest single list) and by the vocabulary.
    """
    terms = sorted(set().union(*(names for names, _ in listed)))
    index = {term: rank for rank, term in enumerate(terms)}
    weight = np.zeros(len(terms) + 1, np.int64)
    sources = []
    for names, source in listed:
        ranks = np.fromiter(map(index.__getitem__, names), np.int64, len(names))
        weight[ranks + 1] += source.weights
        order = np.argsort(ranks)
        sources.append(_Ranked(source, ranks[order], order))
    weight = np.cumsum(weight)
    low = 0
    while low < len(terms):
        high = max(int(np.searchsorted(weight, weight[low] + tokens, "right")) - 1, low + 1)
        merged = _merge_chunk(sources, terms, low, high)
        yield merged if ordered else _sorted(merged)
        low = high


def _merge_chunk(sources: Sequence[_Ranked], terms: list[str], low: int, high: int) -> Postings:
    ranks, parts = [], []
    for source in sources:
        start, end = (int(place) for place in np.searchsorted(source.ranks, (low, high)))
        ranks.append(source.ranks[start:end] - low)
        parts.append(source.source.take(source.terms[start:end]))
    rank, sizes = np.concatenate(ranks), np.concatenate([part.df for part in parts])
    order = np.argsort(rank, kind="stable")
    freqs = np.concatenate([part.freqs for part in parts])
    blocks = _reordered(sizes, order)
    df = np.bincount(rank, weights=sizes, minlength=high - low).astype(np.int64)
    where = None
    if any(part.places is not None for part in parts):
        ends = np.concatenate([[0], np.cumsum(freqs, dtype=np.int64)])
        posting_ends = np.concatenate([[0], np.cumsum(sizes)])
        tokens = np.diff(ends[posting_ends])
        where = np.concatenate([part.places for part in parts if part.places is not None])[_reordered(tokens, order)]
    docs = np.concatenate([part.docs for part in parts])[blocks]
    return Postings(terms[low:high], df, docs.astype(np.uint32), freqs[blocks], where)


def _sorted(postings: Postings) -> Postings:
    """Sort every list by document, and drop terms without documents."""
    df, freqs = postings.df, postings.freqs
    key = (np.repeat(np.arange(len(df)), df) << 32) | postings.docs.astype(np.int64)
    order = np.argsort(key)
    where = None
    if postings.positions is not None:
        where = postings.positions[_reordered(freqs.astype(np.int64), order)]
    kept = np.flatnonzero(df)
    terms = postings.terms if len(kept) == len(df) else [postings.terms[place] for place in kept.tolist()]
    return Postings(terms, df[kept], postings.docs[order], freqs[order], where)


def _ragged(starts: Numbers, sizes: Numbers) -> Numbers:
    """Return the indices of blocks of elements, block after block.  Linear."""
    places = np.cumsum(sizes) - sizes
    return np.repeat(starts - places, sizes) + np.arange(int(sizes.sum()))


def _reordered(sizes: Numbers, order: Numbers) -> Numbers:
    """Return the indices that bring consecutive blocks of `sizes` elements into `order`."""
    return _ragged((np.cumsum(sizes) - sizes)[order], sizes[order])
