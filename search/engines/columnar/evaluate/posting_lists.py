"""Decoded posting lists, as the cache holds them: documents with frequencies, or a frequency for every document."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.docsets import Docs

Freqs = npt.NDArray[Any]

#: A frequency for every document takes a byte, a posting five (its document in four, its frequency in one).
DENSE_SHARE = 5
#: Frequent terms are looked up so much faster in a frequency for every document that it may take more room.
_MANY_SHARE = 8
#: A binary search costs as much as so many steps of direct addressing.
_SEARCH = 16


@dataclass(frozen=True, slots=True)
class FewPostings:
    """The documents of a term, ascending, and its frequency in each."""

    docs: npt.NDArray[np.int32]
    freqs: Freqs

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self.docs.nbytes + self.freqs.nbytes) + 300

    def at(self, docs: Docs, size: int) -> Freqs:
        """Return the frequencies in `docs`, 0 where the term is not.

        O(d + p) for d documents and p postings by direct addressing; O(d log p) or O(p log d) where one is few.
        """
        if len(docs) * _SEARCH < len(self.docs):
            places, hit = find(self.docs, docs)
            return self.freqs.take(places) * hit
        if len(self.docs) * _SEARCH < len(docs):
            out = np.zeros(len(docs), self.freqs.dtype)
            places, hit = find(docs, self.docs)
            out[places[hit]] = self.freqs[hit]
            return out
        every = np.zeros(size, self.freqs.dtype)
        every[self.docs.astype(np.intp)] = self.freqs
        return every.take(docs)

    def mark(self, mask: npt.NDArray[np.bool_]) -> None:
        """Set `mask` [all documents] where the term is."""
        mask[self.docs.astype(np.intp)] = True


@dataclass(frozen=True, slots=True)
class ManyPostings:
    """The frequency of a term in every document of the archive, 0 where it is not."""

    freqs: Freqs

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self.freqs.nbytes) + 300

    def at(self, docs: Docs, size: int) -> Freqs:
        """Return the frequencies in `docs`: O(d)."""
        return self.freqs.take(docs)

    def mark(self, mask: npt.NDArray[np.bool_]) -> None:
        """Set `mask` [all documents] where the term is."""
        np.logical_or(mask, self.freqs, out=mask)


TermList = FewPostings | ManyPostings


def find(values: npt.NDArray[Any], wanted: npt.NDArray[Any]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Return (places, hits): where each of `wanted` is in the ascending, non-empty `values`, if it is there."""
    wanted = wanted.astype(values.dtype, copy=False)  # of another type, every search would convert all values
    places = np.minimum(values.searchsorted(wanted), len(values) - 1)
    hit: npt.NDArray[np.bool_] = values.take(places) == wanted
    return places, hit


def term_list(docs: npt.NDArray[np.int32], freqs: Freqs, size: int) -> TermList:
    """Keep postings in little memory: for every document of `size`, or one by one."""
    if len(docs) * _MANY_SHARE < size:
        return FewPostings(docs, freqs)
    every = np.zeros(size, freqs.dtype)
    every[docs.astype(np.intp)] = freqs
    return ManyPostings(every)


def add_weighted(docs: npt.NDArray[np.int32], freqs: Freqs, inside: npt.NDArray[np.int32], counts: Freqs,
                 weight: float) -> Freqs:  # fmt: skip
    """Return `freqs` of `docs` with `weight` x `counts` added in the documents `inside`, which are among `docs`.

    In the smallest type that holds them; float32 where the weight is not a whole number.
    """
    places = docs.searchsorted(inside)
    if not float(weight).is_integer():
        scaled = freqs.astype(np.float32)
        scaled[places] += counts * np.float32(weight)
        return scaled
    sums = freqs[places] + counts.astype(np.int64) * int(weight)
    wide = np.promote_types(freqs.dtype, np.min_scalar_type(int(sums.max(initial=0))))
    out = freqs.astype(wide)
    out[places] = sums
    return out
