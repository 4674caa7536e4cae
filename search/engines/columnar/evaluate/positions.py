"""Positions of folded terms, decoded and cached, and the occurrences in some documents.

Decoding a list is one pass over its positions.  In d documents, w words with o occurrences cost O(32 w d + o).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.bm25f import WordLists
from search.engines.columnar.evaluate.cache import ByteCache
from search.engines.columnar.evaluate.docsets import Docs
from search.engines.columnar.evaluate.posting_lists import DENSE_SHARE, find

Codes = npt.NDArray[np.signedinteger[Any]]

#: A binary search costs as much as so many steps of direct addressing.
_FEW_RANKS = 64
#: Frequencies are summed up to every so many.
_BLOCK = 32
_SHIFT = _BLOCK.bit_length() - 1
#: Row r has ones before place r.
_BEFORE = np.tril(np.ones((_BLOCK, _BLOCK), np.uint8), -1)
#: A product with ones sums up a row in a third of the time that a sum takes; numbers below 2^24 are exact.
_ONES = np.ones(_BLOCK, np.float32)


@dataclass(frozen=True, slots=True)
class PositionList:
    """The positions of a term, document after document, and how many there are in each.

    `freqs` are those of `docs`, or of all documents where `docs` is None: a byte for each document of the archive is
    less than five for each of the term.  `sums` are those before each block of `freqs`.
    """

    docs: npt.NDArray[np.int32] | None
    freqs: npt.NDArray[Any]
    sums: npt.NDArray[np.int32]
    positions: npt.NDArray[Any]

    @classmethod
    def of(cls, docs: npt.NDArray[np.int32], freqs: npt.NDArray[Any], positions: npt.NDArray[Any],
           size: int) -> "PositionList":  # fmt: skip
        """Keep decoded lists of an archive of `size` documents in little memory."""
        dense = len(docs) * DENSE_SHARE > size
        count = size if dense else len(docs)
        every = np.zeros(-(-count // _BLOCK) * _BLOCK, freqs.dtype)
        every[docs.astype(np.intp) if dense else slice(count)] = freqs
        blocks = every.reshape(-1, _BLOCK).sum(axis=1, dtype=np.int64)
        sums = np.cumsum(blocks) - blocks
        fits = int(positions.max(initial=0)) < 1 << 16
        return cls(None if dense else docs, every, sums.astype(np.min_scalar_type(len(positions))),
                   positions.astype(np.uint16 if fits else np.int32))  # fmt: skip

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        held = (self.docs, self.freqs, self.sums, self.positions)
        return sum(int(each.nbytes) for each in held if each is not None) + 300

    @property
    def rows(self) -> npt.NDArray[Any]:
        """`freqs` in blocks [blocks, 32]."""
        return self.freqs.reshape(-1, _BLOCK)

    def look_up(self, wanted: Docs, narrow: npt.NDArray[np.int32],
                counts: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:  # fmt: skip
        """Return the places in `freqs` of the few `wanted` (the same as `narrow`) and write their `counts`, 0 of
        those without the term."""
        if self.docs is None:
            counts[:] = self.freqs.take(wanted)
            return wanted
        places: npt.NDArray[np.intp] = self.docs.searchsorted(narrow)
        np.multiply(self.freqs.take(places, mode="clip"), self.docs.take(places, mode="clip") == narrow, out=counts)
        return places

    def find(self, wanted: Docs, size: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Return the places in the ascending `wanted` of those that have the term, and their places in `freqs`.

        O(d log p) for few documents; for many O(d + p) by direct addressing over all `size` documents.
        """
        if self.docs is None:
            freqs = self.freqs.take(wanted)
            if freqs.all():  # as where only documents with all words are looked at
                return np.arange(len(wanted)), wanted
            hit = freqs.nonzero()[0]
            return hit, wanted.take(hit)
        if len(wanted) * _FEW_RANKS < size:
            places, found = find(self.docs, wanted)
            hit = found.nonzero()[0]
            return hit, places.take(hit)
        rank = np.full(size, -1, np.int32)
        rank[self.docs.astype(np.intp)] = np.arange(len(self.docs), dtype=np.int32)
        ranks = rank.take(wanted)
        hit = (ranks >= 0).nonzero()[0]
        return hit, ranks.take(hit).astype(np.intp)

    def ends(self, places: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
        """Return where the positions end of those at `places` in `freqs`: few are summed within their blocks."""
        if len(places) * _BLOCK > len(self.freqs):
            every: npt.NDArray[np.int64] = np.cumsum(self.freqs, dtype=np.int64).take(places)
            return every
        block, rest = np.divmod(places, _BLOCK)
        before = self.freqs.reshape(-1, _BLOCK).take(block, axis=0) * _BEFORE.take(rest, axis=0)
        ends: npt.NDArray[np.int64] = before.sum(axis=1, dtype=np.int64) + self.sums.take(block)
        ends += self.freqs.take(places)
        return ends

    def codes(self, docs: Docs, bits: int, size: int) -> Codes:
        """Return the numbers of all occurrences in the ascending `docs`, in order; see `Positions.codes`."""
        kind = np.int32 if len(docs).bit_length() + bits < 32 else np.int64
        hit, places = self.find(docs, size)
        if not len(hit):
            return np.empty(0, kind)
        freqs = self.freqs.take(places).astype(np.intp)
        ends = freqs.cumsum()
        starts = ends - freqs
        total, until = int(ends[-1]), self.ends(places)
        at = np.ones(total, np.intp)  # steps of one, and the way from one document to the next
        at[starts] = np.diff(until, prepend=1) - freqs + 1
        codes: Codes = np.zeros(total, kind)
        codes[starts] = np.diff(hit << bits, prepend=0)
        codes.cumsum(out=codes)
        codes += self.positions.take(at.cumsum(out=at)).astype(kind)
        return codes


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Occurrences of several words in d documents.

    `counts` [word, document] says how many there are, `positions` where they stand: word after word, document after
    document, ascending.
    """

    counts: npt.NDArray[np.intp]
    positions: npt.NDArray[Any]


class Positions:
    """Decodes positions in the `fold` field of one segment; kept in the same cache as its words."""

    def __init__(self, words: WordLists, cache: ByteCache) -> None:
        self._words, self._cache = words, cache
        self._field = words.segment.fields["fold"]

    def of(self, term: str) -> PositionList | None:
        """Return the positions of a folded term, None if there are none.  One pass over its positions, then cached."""
        if not self._words.df("fold", term):
            return None
        return self._cache.get((term, "positions"), lambda: self._decode(term))

    def _decode(self, term: str) -> PositionList:
        ordinal = self._words.ordinal("fold", term)
        found = self._field.record(ordinal)
        return PositionList.of(found.docs(), found.freqs(), found.positions(), self._words.size)

    def codes(self, terms: Sequence[str], docs: Docs, bits: int) -> Codes:
        """Return a number for each occurrence of any of `terms` in the ascending `docs`, in order.

        It is the document's place in `docs`, shifted by `bits`, plus the position.
        """
        found = [each.codes(docs, bits, self._words.size) for term in terms if (each := self.of(term)) is not None]
        if len(found) == 1:
            return found[0]
        codes: Codes = np.concatenate(found or [np.empty(0, np.int32)])
        codes.sort(kind="stable")
        return codes

    def occurrences(self, terms: Sequence[str], docs: Docs) -> Occurrences:
        """Return all occurrences of `terms` in the few, ascending `docs`: a gather per word, all else in one."""
        counts = np.zeros((len(terms), len(docs)), np.intp)
        held = [(word, found) for word, term in enumerate(terms) if (found := self.of(term)) is not None]
        if not held or not len(docs):
            return Occurrences(counts, np.empty(0, np.uint16))
        narrow = docs.astype(np.int32)
        places = np.concatenate([found.look_up(docs, narrow, counts[word]) for word, found in held])
        blocks, rest = places >> _SHIFT, places & (_BLOCK - 1)
        each_block = blocks.reshape(len(held), -1)
        rows = np.concatenate([found.rows.take(block, axis=0, mode="clip")
                               for (_, found), block in zip(held, each_block, strict=True)])  # fmt: skip
        rows *= _BEFORE.take(rest, axis=0)
        starts = rows.astype(np.float32).dot(_ONES).astype(np.intp)
        starts += np.concatenate([found.sums.take(block, mode="clip")
                                  for (_, found), block in zip(held, each_block, strict=True)])  # fmt: skip
        return Occurrences(counts, _gather(held, counts, starts))


def _gather(held: Sequence[tuple[int, PositionList]], counts: npt.NDArray[np.intp],
            starts: npt.NDArray[np.intp]) -> npt.NDArray[Any]:  # fmt: skip
    """Return `counts` [word, document] positions of each word from `starts` [word held, document] on."""
    sizes = counts.ravel() if len(held) == len(counts) else counts[[word for word, _ in held]].ravel()
    ends = sizes.cumsum()
    starts -= ends
    starts += sizes
    at = starts.repeat(sizes)
    at += np.arange(len(at))
    parts, low = [], 0
    for (_, found), high in zip(held, ends[counts.shape[1] - 1 :: counts.shape[1]].tolist(), strict=True):
        parts.append(found.positions.take(at[low:high]))
        low = high
    return np.concatenate(parts)
