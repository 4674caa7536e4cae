"""Inverted runs on disk and their merging, so that memory does not grow with the archive."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.invert import Postings

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
        """Return the terms of one field."""
        text = self._path(field, "terms").read_text(encoding="utf-8")
        return text.split("\n") if text else []

    def array(self, field: str, part: str) -> npt.NDArray[Any]:
        """Return one array, memory-mapped where it can be long."""
        path = self._path(field, part + ".npy")
        values: npt.NDArray[Any] = np.load(path, mmap_mode=None if path.stat().st_size < 4096 else "r")
        return values


@dataclass(frozen=True)
class _Source:
    """A run during the merge of one field: ascending ranks of its terms among all terms, and where its lists lie."""

    ranks: npt.NDArray[np.int64]
    postings: "_Blocks"
    positions: "_Blocks"
    docs: npt.NDArray[Any]
    freqs: npt.NDArray[Any]
    places: npt.NDArray[Any] | None
    first: int


@dataclass(frozen=True)
class _Blocks:
    """Consecutive blocks of elements in the order of the ranks: where each starts, and its size."""

    starts: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]

    def indices(self, low: int, high: int) -> npt.NDArray[np.int64]:
        """Return the indices of the elements of blocks low..high, block after block.  Linear."""
        sizes = self.sizes[low:high]
        places = np.cumsum(sizes) - sizes
        return np.repeat(self.starts[low:high] - places, sizes) + np.arange(int(sizes.sum()))


def merge_runs(runs: Sequence[Run], field: str, tokens: int) -> Iterator[Postings]:
    """Yield the merged lists of one field in chunks of consecutive terms, about `tokens` tokens each.

    Terms come in the order of their UTF-8 bytes.  Runs cover disjoint, ascending documents, so a merged list
    is the concatenation of the runs' lists: blocks are copied whole, and sorted is only one small number per
    (run, term).  Linear in the postings; memory bounded by `tokens` (or by the longest single list) and by
    the vocabulary.
    """
    vocabulary = [run.terms(field) for run in runs]
    terms = sorted(set().union(*vocabulary))
    index = {term: rank for rank, term in enumerate(terms)}
    sources = [_open(run, field, names, index) for run, names in zip(runs, vocabulary, strict=True)]
    weight = np.zeros(len(terms) + 1, np.int64)
    for source in sources:
        weight[source.ranks + 1] += source.positions.sizes
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
    token_ends = np.concatenate([[0], np.cumsum(freqs, dtype=np.int64)])[posting_ends]
    order = np.argsort(ranks)
    places = run.array(field, "positions") if FIELDS[field] else None
    return _Source(
        ranks[order],
        _Blocks(posting_ends[:-1][order], df[order]),
        _Blocks(token_ends[:-1][order], np.diff(token_ends)[order]),
        run.array(field, "docs"), freqs, places, run.first,
    )  # fmt: skip


def _merge_chunk(sources: Sequence[_Source], terms: list[str], low: int, high: int) -> Postings:
    ranks, df, tf, docs, freqs, places = [], [], [], [], [], []
    for source in sources:
        start, end = (int(place) for place in np.searchsorted(source.ranks, (low, high)))
        ranks.append(source.ranks[start:end] - low)
        df.append(source.postings.sizes[start:end])
        tf.append(source.positions.sizes[start:end])
        chosen = source.postings.indices(start, end)
        docs.append(source.docs[chosen] + np.uint32(source.first))
        freqs.append(source.freqs[chosen])
        if source.places is not None:
            places.append(source.places[source.positions.indices(start, end)])
    rank, sizes = np.concatenate(ranks), np.concatenate(df)
    order = np.argsort(rank, kind="stable")
    blocks = _reordered(sizes, order)
    merged = np.bincount(rank, weights=sizes, minlength=high - low).astype(np.int64)
    where = np.concatenate(places)[_reordered(np.concatenate(tf), order)] if places else None
    return Postings(terms[low:high], merged, np.concatenate(docs)[blocks], np.concatenate(freqs)[blocks], where)


def _reordered(sizes: npt.NDArray[np.int64], order: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the indices that bring consecutive blocks of `sizes` elements into `order`."""
    return _Blocks((np.cumsum(sizes) - sizes)[order], sizes[order]).indices(0, len(sizes))
