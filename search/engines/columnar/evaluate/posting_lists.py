"""Posting lists as the evaluator holds them: few documents decoded, many as they lie in the file.

Both give frequencies in which a title occurrence counts several times, and for the position view of the term the
number of occurrences before those of any document.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.docsets import Docs, Mask
from search.engines.columnar.evaluate.locating import locate, ranked
from search.engines.columnar.format.nibbles import LISTED, Nibbles
from search.engines.columnar.format.postings import STEP, FullRecord

Ints = npt.NDArray[Any]
Freqs = npt.NDArray[Any]

#: A binary search costs as much as so many steps of direct addressing.
_SEARCH: Final = 16
#: ... and a step of it as much as to clear so many bytes.
_CLEARED: Final = 32
#: For more than this part of all documents, a pass over all costs less than a look at each (measured on a million).
_SHARE: Final = 3
#: Listed frequencies are summed up to every so many.
BLOCK: Final = 32
#: Row r has ones before place r.
_BEFORE: Final = np.tril(np.ones((BLOCK, BLOCK), np.uint8), -1)


class Places(Protocol):
    """Gives positions by their place in the list of all of a term."""

    def take(self, at: Ints, /) -> Ints:
        """Return the positions at some places."""

    @property
    def nbytes(self) -> int:
        """Bytes that they take where they lie."""


@dataclass(frozen=True)
class FewPostings:
    """The documents of a term, ascending, its frequency in each, and what counts with the title's occurrences."""

    docs: npt.NDArray[np.int32]
    freqs: Freqs
    scored: Freqs
    places: Places | None = None

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        own = self.scored.nbytes if self.scored is not self.freqs else 0
        return int(self.docs.nbytes + 2 * self.freqs.nbytes + own) + 500

    @property
    def mapped(self) -> int:
        """Bytes of the file that are read where they lie."""
        return self.places.nbytes if self.places is not None else 0

    @cached_property
    def _rows(self) -> tuple[Freqs, Ints]:
        """Frequencies in rows of `BLOCK`, and how many occurrences there are before each row."""
        every = np.zeros(-(-len(self.freqs) // BLOCK) * BLOCK, self.freqs.dtype)
        every[: len(self.freqs)] = self.freqs
        rows = every.reshape(-1, BLOCK)
        sums = rows.sum(axis=1, dtype=np.int64)
        return rows, np.cumsum(sums) - sums

    def at(self, docs: Docs, size: int) -> Freqs:
        """Return the frequencies in `docs`, 0 where the term is not, title occurrences weighted.

        O(d + p) for d documents and p postings by direct addressing; O(d log p) or O(p log d) where one is few.
        """
        if not len(self.docs):
            return np.zeros(len(docs), np.uint8)
        if len(docs) * _SEARCH < max(len(self.docs), size // _CLEARED):
            places, hit = find(self.docs, docs)
            return self.scored.take(places) * hit
        if len(self.docs) * _SEARCH < len(docs):
            out = np.zeros(len(docs), self.scored.dtype)
            places, hit = find(docs, self.docs)
            out[places[hit]] = self.scored[hit]
            return out
        every = np.zeros(size, self.scored.dtype)
        every[self.docs.astype(np.intp)] = self.scored
        return every.take(docs)

    def has(self, docs: Docs, size: int) -> Mask:
        """Say which of `docs` have the term."""
        hit: Mask = self.at(docs, size) != 0
        return hit

    def mark(self, mask: Mask) -> None:
        """Set `mask` [all documents] where the term is."""
        mask[self.docs.astype(np.intp)] = True

    def locate(self, docs: Docs, size: int) -> tuple[Ints, Ints]:
        """Return how often the term occurs in each of the ascending `docs`, and how often in all documents before."""
        if len(docs) * _SEARCH < size:
            places, hit = find(self.docs, docs)
        else:
            rank = np.full(size, -1, np.int32)
            rank[self.docs.astype(np.intp)] = np.arange(len(self.docs), dtype=np.int32)
            places = rank.take(docs).astype(np.intp)
            hit = places >= 0
        rows, before = self._rows
        if len(docs) * BLOCK > len(self.docs):
            ends = np.cumsum(self.freqs, dtype=np.int64)
            counts = self.freqs.take(places, mode="clip")
            return counts * hit, ends.take(places, mode="clip") - counts
        block, rest = np.divmod(places, BLOCK)
        window = rows.take(block, axis=0) * _BEFORE.take(rest, axis=0)
        return self.freqs.take(places) * hit, window.sum(axis=1, dtype=np.int64) + before.take(block)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A term in consecutive documents from `first` on: which `members` [documents] have it, and its `freqs` in these.

    `before` it occurs in all documents before them.
    """

    first: int
    members: Mask
    freqs: Freqs
    before: int


@dataclass(frozen=True)
class ManyPostings:
    """A term of many documents: a bit for each up to the last that has it, and its frequencies by rank.

    `bits` [words, 8 bytes] lie in the file.  `ranks` [words] counts the documents before each word, `steps` the
    occurrences before every `STEP` postings, whose frequencies are `rows` of half bytes; `titles` are the documents
    with the term in their title and what that adds to the frequency.
    """

    bits: npt.NDArray[np.uint8]
    ranks: npt.NDArray[np.uint32]
    nibbles: Nibbles
    rows: npt.NDArray[np.uint8]
    steps: Ints
    df: int
    titles: FewPostings | None = None
    places: Places | None = None

    @classmethod
    def of(cls, record: FullRecord, titles: FewPostings | None, places: Places | None) -> "ManyPostings":
        """Rank the bits of a marked record."""
        counts = np.bitwise_count(record.bits()).astype(np.uint32)
        ranks = np.cumsum(counts, dtype=np.uint32) - counts
        steps = record.steps().astype(np.uint32)  # aligned: else every look-up would copy them all
        return cls(record.words(), ranks, record.nibbles(), record.rows(), steps, record.df, titles, places)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        titles = self.titles.nbytes if self.titles else 0
        own = self.ranks.nbytes + self.steps.nbytes + self.nibbles.held * 3 // 2 + self.df // 8
        return int(own) + titles + 500

    @property
    def mapped(self) -> int:
        """Bytes of the file that are read where they lie."""
        return self.bits.nbytes + self.nibbles.nbytes + (self.places.nbytes if self.places is not None else 0)

    @cached_property
    def listed_before(self) -> Ints:
        """How many listed frequencies there are before each row."""
        first = np.arange(0, self.df, STEP, dtype=np.uint32)
        before: Ints = self.nibbles.places.searchsorted(first)
        return before.astype(np.uint32)

    @cached_property
    def over(self) -> Ints:
        """How much more than a half byte holds the first n listed frequencies are together."""
        over: Ints = np.zeros(len(self.nibbles.values) + 1, np.uint32)
        np.cumsum(self.nibbles.values - np.uint32(LISTED), out=over[1:])
        return over

    def has(self, docs: Docs, size: int) -> Mask:
        """Say which of `docs` have the term."""
        at, every = docs >> 3, self.bits.ravel()
        hit = every.take(at, mode="clip")
        hit >>= (docs & 7).astype(np.uint8)
        hit &= 1
        if len(every) * 8 < size:
            hit &= at < len(every)
        return hit.view(bool)

    def at(self, docs: Docs, size: int) -> Freqs:
        """Return the frequencies in `docs`, 0 where the term is not, title occurrences weighted: some steps each."""
        if len(docs) * _SHARE > size:
            return self.every(size).take(docs)
        hit, ranks = ranked([self], docs)
        freqs: Freqs = self.nibbles.take(ranks[0]) * hit[0]
        return freqs if self.titles is None else freqs.astype(np.float32) + self.titles.at(docs, size)

    def members(self, size: int) -> Mask:
        """Return the documents that have the term, as a mask over all."""
        return np.unpackbits(self.bits.ravel(), count=size, bitorder="little").view(bool)

    def mark(self, mask: Mask) -> None:
        """Set `mask` [all documents] where the term is."""
        np.logical_or(mask, self.members(len(mask)), out=mask)

    def _rank(self, word: int) -> int:
        """Return how many documents of the term are before those of a word of 64."""
        return int(self.ranks[word]) if word < len(self.ranks) else self.df

    def df_between(self, first: int, last: int) -> int:
        """Return how many documents `first` to `last`, and some around them, have the term."""
        return self._rank((last >> 6) + 1) - self._rank(first >> 6)

    def between(self, first: int, last: int) -> Stretch:
        """Return what there is of the term in the documents `first` to `last`, and some around them."""
        low, high = first >> 6, (last >> 6) + 1
        start, stop = self._rank(low), self._rank(high)
        step = start // STEP
        freqs = self.nibbles.between(step * STEP, stop)
        before = (int(self.steps[step]) if step < len(self.steps) else 0) + int(freqs[: start % STEP].sum())
        members = np.unpackbits(self.bits[low:high].ravel(), bitorder="little").view(bool)
        return Stretch(low << 6, members, freqs[start % STEP :], before)

    def every(self, size: int) -> Freqs:
        """Return the frequencies in all documents, title occurrences weighted: one pass over them."""
        members = self.members(size)
        freqs = self.nibbles.all(self.df)
        every = np.zeros(size, freqs.dtype)
        every[members] = freqs
        return every if self.titles is None else raised(every, self.titles.docs.astype(np.intp), self.titles.scored)

    def locate(self, docs: Docs, size: int) -> tuple[Ints, Ints]:
        """Return how often the term occurs in each of the ascending `docs`, and how often in all documents before."""
        around = (int(docs[0]), int(docs[-1])) if len(docs) else (0, -1)
        if len(docs) * STEP > 2 * self.df_between(*around) > 0:
            hit, ranks = ranked([self], docs)
            stretch, at = self.between(*around), ranks[0] - self._rank(around[0] >> 6)
            ends, counts = np.cumsum(stretch.freqs, dtype=np.int64), stretch.freqs.take(at, mode="clip")
            return counts * hit[0], stretch.before + ends.take(at, mode="clip") - counts
        counts, starts = locate([self], docs)
        return counts[0], starts[0]


TermList = FewPostings | ManyPostings


def find(values: npt.NDArray[Any], wanted: npt.NDArray[Any]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Return (places, hits): where each of `wanted` is in the ascending, non-empty `values`, if it is there."""
    wanted = wanted.astype(values.dtype, copy=False)  # of another type, every search would convert all values
    places = np.minimum(values.searchsorted(wanted), len(values) - 1)
    hit: npt.NDArray[np.bool_] = values.take(places) == wanted
    return places, hit


def raised(freqs: Freqs, places: Ints, added: Freqs) -> Freqs:
    """Return `freqs` with `added` numbers at some places, in the smallest type that holds them."""
    if added.dtype.kind == "f":
        out = freqs.astype(np.float32)
        out[places] += added
        return out
    sums = freqs[places] + added.astype(np.int64)
    out = freqs.astype(np.promote_types(freqs.dtype, np.min_scalar_type(int(sums.max(initial=0)))))
    out[places] = sums
    return out


def times(freqs: Freqs, weight: float) -> Freqs:
    """Return `freqs` times a weight: as whole numbers where it is one, in the smallest type, else float32."""
    if not float(weight).is_integer():
        return freqs * np.float32(weight)
    raised = freqs.astype(np.int64) * int(weight)
    return raised.astype(np.min_scalar_type(int(raised.max(initial=0))))
