"""Inverted runs on disk and their merging, so that memory does not grow with the archive."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.invert import Postings

#: The fields with inverted lists, and whether they keep positions.
FIELDS: dict[str, bool] = {"author": False, "fold": True, "key": False, "source": False, "title_fold": False, "title_key": False}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One spilled batch: `docs` consecutive documents from `first`, its files start with `stem`."""

    stem: Path
    first: int
    docs: int

    def _path(self, field: str, part: str) -> Path:
        return self.stem.with_name(f"{self.stem.name}.{field}.{part}")

    def write(self, field: str, postings: Postings, lengths: npt.NDArray[Any]) -> None:
        """Write the lists of one field."""
        self._path(field, "terms").write_text("\n".join(postings.terms), encoding="utf-8")
        parts = {"df": postings.df, "docs": postings.docs, "freqs": postings.freqs, "lengths": lengths}
        if postings.positions is not None:
            parts["positions"] = postings.positions
        for part, values in parts.items():
            self.save(field, part, values)

    def save(self, field: str, part: str, values: npt.NDArray[Any]) -> None:
        """Write one array."""
        np.save(self._path(field, part + ".npy"), values)

    def terms(self, field: str) -> list[str]:
        """Return the sorted terms of one field."""
        text = self._path(field, "terms").read_text(encoding="utf-8")
        return text.split("\n") if text else []

    def array(self, field: str, part: str) -> npt.NDArray[Any]:
        """Return one array, memory-mapped where it can be long."""
        path = self._path(field, part + ".npy")
        values: npt.NDArray[Any] = np.load(path, mmap_mode=None if path.stat().st_size < 4096 else "r")
        return values


@dataclass(frozen=True)
class _Source:
    """A run during the merge of one field: ranks of its terms among all terms, and where its lists lie."""

    ranks: npt.NDArray[np.int64]
    df: npt.NDArray[np.int64]
    posting_ends: npt.NDArray[np.int64]
    position_ends: npt.NDArray[np.int64]
    docs: npt.NDArray[Any]
    freqs: npt.NDArray[Any]
    positions: npt.NDArray[Any] | None
    first: int


def merge_runs(runs: Sequence[Run], field: str, tokens: int) -> Iterator[Postings]:
    """Yield the merged lists of one field in chunks of consecutive terms, about `tokens` tokens each.

    Runs cover disjoint, ascending documents, so a merged list is the concatenation of the runs' lists:
    blocks are copied whole, nothing is sorted but one small number per (run, term).  Linear in the
    postings, memory bounded by `tokens` (or by the longest single list) and by the vocabulary.
    """
    vocabulary = [run.terms(field) for run in runs]
    terms = sorted(set().union(*vocabulary))
    index = {term: rank for rank, term in enumerate(terms)}
    sources = [_open(run, field, names, index) for run, names in zip(runs, vocabulary, strict=True)]
    weight = np.zeros(len(terms) + 1, np.int64)
    for source in sources:
        weight[source.ranks + 1] += np.diff(source.position_ends)
    weight = np.cumsum(weight)
    low = 0
    while low < len(terms):
        high = max(int(np.searchsorted(weight, weight[low] + tokens, "right")) - 1, low + 1)
        yield _merge_chunk(sources, terms, low, high)
        low = high


def _open(run: Run, field: str, names: list[str], index: dict[str, int]) -> _Source:
    ranks = np.fromiter(map(index.__getitem__, names), np.int64, len(names))
    df, freqs = run.array(field, "df"), run.array(field, "freqs")
    posting_ends = np.concatenate([[0], np.cumsum(df)])
    position_ends = np.concatenate([[0], np.cumsum(freqs, dtype=np.int64)])[posting_ends]
    positions = run.array(field, "positions") if FIELDS[field] else None
    return _Source(ranks, df, posting_ends, position_ends, run.array(field, "docs"), freqs, positions, run.first)


def _merge_chunk(sources: Sequence[_Source], terms: list[str], low: int, high: int) -> Postings:
    ranks, df, tf, docs, freqs, positions = [], [], [], [], [], []
    for source in sources:
        start, end = (int(place) for place in np.searchsorted(source.ranks, (low, high)))
        ranks.append(source.ranks[start:end])
        df.append(source.df[start:end])
        tf.append(np.diff(source.position_ends[start : end + 1]))
        span = slice(source.posting_ends[start], source.posting_ends[end])
        docs.append(source.docs[span] + np.uint32(source.first))
        freqs.append(source.freqs[span])
        if source.positions is not None:
            positions.append(source.positions[source.position_ends[start] : source.position_ends[end]])
    order = np.argsort(np.concatenate(ranks) - low, kind="stable")
    sizes = np.concatenate(df)
    blocks = ragged_order(sizes, order)
    merged = np.bincount((np.concatenate(ranks) - low), weights=sizes, minlength=high - low).astype(np.int64)
    where = None
    if positions:
        where = np.concatenate(positions)[ragged_order(np.concatenate(tf), order)]
    return Postings(terms[low:high], merged, np.concatenate(docs)[blocks], np.concatenate(freqs)[blocks], where)


def ragged_order(sizes: npt.NDArray[np.int64], order: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the indices that bring consecutive blocks of `sizes` elements into `order`.  Linear."""
    starts = np.cumsum(sizes) - sizes
    sorted_sizes = sizes[order]
    places = np.cumsum(sorted_sizes) - sorted_sizes
    return np.repeat(starts[order] - places, sorted_sizes) + np.arange(int(sorted_sizes.sum()))
