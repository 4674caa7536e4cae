"""Phrases and neighbours by position arithmetic.

Every word of the archive has an address: the sum of the lengths of the documents before it plus its position.
Two words stand side by side where their addresses differ by one, so a phrase is a join of sorted integer lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.cache import ByteCache
from search.engines.columnar.matches import NOTHING, Docs, Matches, Sparse, intersect
from search.engines.columnar.words import WordLists, saturate
from search.query.tree import Phrase, Word
from search.text.fold import fold, letters_of

Addresses = npt.NDArray[np.signedinteger[Any]]

#: Addresses left free between documents; a phrase's slop is cut to it so that it never reaches across.
DOCUMENT_GAP = 64
#: Reading the positions of some documents costs about so many times as much per document as decoding all.
_FEW = 3
#: A binary search costs as much as so many steps of direct addressing.
_FEW_RANKS = 64
#: From 1/5 of all documents on, frequencies are kept for every document.
_DENSE = 5
#: Frequencies are summed up to every so many.
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The addresses of one term, ascending."""

    addresses: Addresses

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self.addresses.nbytes) + 300


@dataclass(frozen=True, slots=True)
class Places:
    """The positions of a term, document after document, and how many there are in each.

    `freqs` are those of `docs`, or of all documents where `docs` is None: a byte for each document of the archive is
    less than five for each of the term.  `sums` are those before each block of `freqs`.
    """

    docs: npt.NDArray[np.int32] | None
    freqs: npt.NDArray[Any]
    sums: npt.NDArray[np.int64]
    positions: npt.NDArray[Any]

    @classmethod
    def of(cls, docs: npt.NDArray[np.int32], freqs: npt.NDArray[Any], positions: npt.NDArray[Any],
           size: int) -> "Places":  # fmt: skip
        """Keep decoded lists of an archive of `size` documents in little memory."""
        dense = len(docs) * _DENSE > size
        count = size if dense else len(docs)
        every = np.zeros(-(-count // _BLOCK) * _BLOCK, freqs.dtype)
        every[docs if dense else slice(count)] = freqs
        blocks = every.reshape(-1, _BLOCK).sum(axis=1, dtype=np.int64)
        fits = int(positions.max(initial=0)) < 1 << 16
        return cls(None if dense else docs, every, np.cumsum(blocks) - blocks,
                   positions.astype(np.uint16 if fits else np.int32))  # fmt: skip

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        held = (self.docs, self.freqs, self.sums, self.positions)
        return sum(int(each.nbytes) for each in held if each is not None) + 300

    def find(self, wanted: Docs, size: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Return the places in the sorted `wanted` of those that have the term, and their places in `freqs`."""
        if self.docs is not None:
            return ranks(self.docs, wanted, size)
        hit = np.flatnonzero(self.freqs[wanted])
        return hit, wanted[hit]

    def ends(self, places: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
        """Return where the positions end of those at `places` in `freqs`: few are summed within their blocks."""
        if len(places) * _BLOCK > len(self.freqs):
            every: npt.NDArray[np.int64] = np.cumsum(self.freqs, dtype=np.int64)[places]
            return every
        block = places // _BLOCK
        before = np.arange(_BLOCK) <= (places % _BLOCK)[:, None]
        inside: npt.NDArray[np.int64] = (self.freqs.reshape(-1, _BLOCK)[block] * before).sum(axis=1, dtype=np.int64)
        return self.sums[block] + inside


class PhraseFinder:
    """Finds phrases in the `fold` field of one segment."""

    def __init__(self, words: WordLists, spans: npt.NDArray[Any], title_words: npt.NDArray[Any], budget: int) -> None:
        """`spans` [documents]: the last position of each document plus one."""
        self._words, self._title_words = words, title_words
        ends = np.cumsum(spans.astype(np.int64) + DOCUMENT_GAP)
        small = len(ends) == 0 or int(ends[-1]) < (1 << 31) - DOCUMENT_GAP
        self.base = (ends - spans - DOCUMENT_GAP).astype(np.int32 if small else np.int64)
        self._cache: ByteCache[Occurrences] = ByteCache(budget // 2)
        self._places: ByteCache[Places] = ByteCache(budget // 2)

    def find(self, phrase: Phrase) -> Matches:
        """Return the documents with the phrase; tf is the number of its occurrences, idf the sum of its words'."""
        if not phrase.words:
            return NOTHING
        words = self._words
        candidates = intersect([words.impacts(word.terms, phrase.field if word.field == "all" else word.field)
                                for word in phrase.words], words.size)  # fmt: skip
        if not candidates.count:
            return NOTHING
        ends = self.ends(phrase, candidates.sparse().docs)
        docs = np.searchsorted(self.base, ends, "right") - 1
        if phrase.field == "title":
            docs = docs[ends - self.base[docs] < self._title_words[docs]]
        counts = np.bincount(docs, minlength=words.size)
        member, _ = candidates.probe(found := np.flatnonzero(counts), words.size)
        found = found[member]
        idf = sum(word.boost * words.idf(words.word_df(word)) for word in phrase.words)
        tf = counts[found].astype(np.float32)
        norm = words.norm(phrase.field)[found]
        return Sparse(found, saturate(tf, norm, words.scheme.k1) * np.float32(idf * phrase.boost))

    def ends(self, phrase: Phrase, docs: Docs) -> Addresses:
        """Return the addresses of the last words of all occurrences of the phrase in `docs`, and maybe in others."""
        lists = [self.addresses(folded_forms(word), docs) for word in phrase.words]
        slop = min(max(phrase.slop, 1), DOCUMENT_GAP)
        return adjacent(lists) if slop == 1 else within(lists, slop)

    def addresses(self, terms: Sequence[str], docs: Docs) -> Addresses:
        """Return the sorted addresses of any of `terms`: in `docs`, or in all documents where `docs` are many."""
        lists = []
        for term in terms:
            if len(docs) * _FEW < self._words.df("fold", term):
                lists.append(self.addresses_in(term, docs))
            elif (found := self.occurrences(term)) is not None:
                lists.append(found.addresses)
        if not lists:
            return np.empty(0, np.int64)
        return lists[0] if len(lists) == 1 else np.sort(np.concatenate(lists))

    def occurrences(self, term: str) -> Occurrences | None:
        """Return the occurrences of a folded term; one pass over its positions, then cached."""
        ordinal = self._words.ordinal("fold", term)
        if ordinal < 0:
            return None
        field = self._words.segment.fields["fold"]

        def decode() -> Occurrences:
            found = field.postings(ordinal)
            freqs = found.freqs.astype(np.int64)
            addresses = np.repeat(self.base[found.docs], freqs) + field.positions(ordinal)
            return Occurrences(addresses)

        return self._cache.get(term, decode)

    def addresses_in(self, term: str, docs: Docs) -> Addresses:
        """Return the addresses of a folded term in the sorted `docs`; computes none of others."""
        owners, positions = self.positions_in(term, docs)
        found: Addresses = self.base[docs[owners]] + positions
        return found

    def positions_in(self, term: str, docs: Docs) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Return (places in `docs`, positions) of a folded term in the sorted `docs`, both ascending.

        Linear in documents, by search for few and by direct addressing for many, once the positions are decoded
        and cached.
        """
        ordinal = self._words.ordinal("fold", term)
        if ordinal < 0:
            return np.empty(0, np.int64), np.empty(0, np.int32)
        field = self._words.segment.fields["fold"]

        def decode() -> Places:
            found = field.postings(ordinal)
            return Places.of(found.docs, found.freqs, field.positions(ordinal), self._words.size)

        held = self._places.get(ordinal, decode)
        hit, places = held.find(docs, self._words.size)
        freqs = held.freqs[places].astype(np.int64)
        shift = np.repeat(held.ends(places) - np.cumsum(freqs), freqs)
        return np.repeat(hit, freqs), held.positions[np.arange(len(shift)) + shift].astype(np.int32)

    def clear(self) -> None:
        """Forget all decoded lists."""
        self._cache.clear()
        self._places.clear()


def ranks(
    values: npt.NDArray[np.int32], docs: Docs, size: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the places in `docs` of those that are in `values`, and their places there; both arrays ascend.

    O(d log v) for few documents; for many O(d + v) by direct addressing over all `size` documents.
    """
    if len(docs) * _FEW_RANKS < size:
        wanted = docs.astype(values.dtype)  # of another type, every search would convert all values
        places = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
        hit = np.flatnonzero(values[places] == wanted)
        return hit, places[hit]
    rank = np.full(size, -1, np.int32)
    rank[values] = np.arange(len(values), dtype=np.int32)
    found = rank[docs]
    hit = np.flatnonzero(found >= 0)
    return hit, found[hit].astype(np.intp)


def folded_forms(word: Word) -> tuple[str, ...]:
    """Return the folded forms that a word stands for."""
    forms = (term.text if term.form == "fold" else fold(letters_of(term.text)) for term in word.terms)
    return tuple(dict.fromkeys(forms))


def adjacent(lists: Sequence[Addresses]) -> Addresses:
    """Return the addresses of the last word wherever all words follow each other.

    Starts at the rarest word and looks the others up: O(a log b) for a starts in lists of b.
    """
    order = sorted(range(len(lists)), key=lambda place: len(lists[place]))
    starts = lists[order[0]] - order[0]
    for place in order[1:]:
        starts = starts[contains(lists[place], starts + place)]
    return starts + (len(lists) - 1)


def within(lists: Sequence[Addresses], slop: int) -> Addresses:
    """Return the addresses of last words that are reached from a first word by steps of at most `slop`."""
    reached = lists[0]
    for addresses in lists[1:]:
        if not len(reached):
            return reached
        before = np.searchsorted(reached, addresses, "left") - 1
        near = (before >= 0) & (addresses - reached[np.maximum(before, 0)] <= slop)
        reached = addresses[near]
    return reached


def contains(values: Addresses, wanted: Addresses) -> npt.NDArray[np.bool_]:
    """Say which of `wanted` are in the sorted `values`."""
    if not len(values):
        return np.zeros(len(wanted), bool)
    places = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    found: npt.NDArray[np.bool_] = values[places] == wanted
    return found
