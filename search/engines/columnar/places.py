"""Positions of folded terms, decoded and cached, and the occurrences in some documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.cache import ByteCache
from search.engines.columnar.lists import DENSE_SHARE, find
from search.engines.columnar.sets import Docs
from search.engines.columnar.words import WordLists

#: A binary search costs as much as so many steps of direct addressing.
_FEW_RANKS = 64
#: Frequencies are summed up to every so many.
_BLOCK = 64
#: Row r has ones before place r.
_BEFORE = np.tril(np.ones((_BLOCK, _BLOCK), np.uint8), -1)


@dataclass(frozen=True, slots=True)
class Places:
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
           size: int) -> "Places":  # fmt: skip
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

    def find(self, wanted: Docs, size: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Return the places in the ascending `wanted` of those that have the term, and their places in `freqs`.

        O(d log p) for few documents; for many O(d + p) by direct addressing over all `size` documents.
        """
        if self.docs is None:
            hit = self.freqs.take(wanted).nonzero()[0]
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

    def inside(self, docs: Docs, size: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[Any]]:
        """Return (places in the ascending `docs`, positions) of all occurrences in `docs`, in order."""
        hit, places = self.find(docs, size)
        freqs = self.freqs.take(places).astype(np.intp)
        shift = self.ends(places) - np.cumsum(freqs)
        owners = np.repeat(np.arange(len(hit)), freqs)
        at = shift.take(owners)
        at += np.arange(len(at))
        return hit.take(owners), self.positions.take(at)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Occurrences of several words in some documents, word after word.

    `owners` are places in the list of documents, `words` in the list of words; `has` says of [word, document] whether
    there are any.
    """

    owners: npt.NDArray[np.intp]
    positions: npt.NDArray[Any]
    words: npt.NDArray[np.intp]
    has: npt.NDArray[np.bool_]


class PlaceLists:
    """Decodes positions in the `fold` field of one segment; kept in the same cache as its words."""

    def __init__(self, words: WordLists, cache: ByteCache) -> None:
        self._words, self._cache = words, cache
        self._field = words.segment.fields["fold"]

    def of(self, term: str) -> Places | None:
        """Return the positions of a folded term, None if there are none.  One pass over its positions, then cached."""
        ordinal = self._words.ordinal("fold", term)
        return None if ordinal < 0 else self._cache.get((ordinal, "places"), lambda: self._decode(ordinal))

    def _decode(self, ordinal: int) -> Places:
        found = self._field.postings(ordinal)
        return Places.of(found.docs, found.freqs, self._field.positions(ordinal), self._words.size)

    def inside(self, terms: Sequence[str], docs: Docs) -> tuple[npt.NDArray[np.intp], npt.NDArray[Any]]:
        """Return (places in the ascending `docs`, positions) of any of `terms` in `docs`."""
        found = [places.inside(docs, self._words.size) for term in terms if (places := self.of(term)) is not None]
        if len(found) == 1:
            return found[0]
        none = np.empty(0, np.intp), np.empty(0, np.uint16)
        owners, positions = (np.concatenate(each) for each in zip(none, *found, strict=True))
        order = np.lexsort((positions, owners))
        return owners[order], positions[order]

    def occurrences(self, terms: Sequence[str], docs: Docs) -> Occurrences:
        """Return all occurrences of `terms` in the few, ascending `docs`: O(64 d + o) for o occurrences."""
        held = [(word, found) for word, term in enumerate(terms) if (found := self.of(term)) is not None]
        has = np.zeros((len(terms), len(docs)), bool)
        if not held:
            none = np.empty(0, np.intp)
            return Occurrences(none, none, none, has)
        hits, places = zip(*(found.find(docs, self._words.size) for _, found in held), strict=True)
        for (word, _), hit in zip(held, hits, strict=True):
            has[word, hit] = True
        block, rest = np.divmod(np.concatenate(places), _BLOCK)
        ends = np.cumsum([len(each) for each in hits])
        parts = [(found, block[end - len(hit) : end]) for (_, found), hit, end in zip(held, hits, ends, strict=True)]
        rows = np.concatenate([found.freqs.reshape(-1, _BLOCK).take(part, axis=0) for found, part in parts])
        freqs = rows[np.arange(len(rows)), rest].astype(np.intp)
        rows *= _BEFORE.take(rest, axis=0)
        starts = np.concatenate([found.sums.take(part) for found, part in parts]) + rows.sum(axis=1, dtype=np.int32)
        until = np.cumsum(freqs)
        owners = np.repeat(np.arange(len(freqs)), freqs)
        at = (starts - until + freqs).take(owners)
        at += np.arange(len(at))
        bounds = [0, *np.concatenate(([0], until)).take(ends).tolist()]
        positions = [found.positions.take(at[low:high])
                     for (found, _), (low, high) in zip(parts, pairwise(bounds), strict=True)]  # fmt: skip
        numbers = np.repeat([word for word, _ in held], np.diff(bounds))
        return Occurrences(np.concatenate(hits).take(owners), np.concatenate(positions), numbers, has)
