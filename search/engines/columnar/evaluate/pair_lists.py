"""The documents in which two frequent words stand side by side, from lists of their own (`format.pairs`)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.cache import ByteCache
from search.engines.columnar.evaluate.docsets import Docs
from search.engines.columnar.evaluate.posting_lists import find
from search.engines.columnar.format.pairs import PAIRS, TITLE_PAIRS
from search.engines.columnar.format.segment import Segment

Counts = npt.NDArray[Any]
_NONE = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True)
class PairPostings:
    """Ascending documents with a pair, how often each has it, and in how many of these places in its title."""

    docs: npt.NDArray[Any]
    freqs: Counts
    titled: Counts

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self.docs.nbytes + self.freqs.nbytes + self.titled.nbytes) + 400

    def within(self, docs: Docs) -> "PairPostings":
        """Return the same of those of some documents, ascending."""
        if not len(self.docs):
            return self
        places, hit = find(self.docs, docs)
        places = places.compress(hit)
        return PairPostings(self.docs.take(places), self.freqs.take(places), self.titled.take(places))

    def in_title(self) -> "PairPostings":
        """Return the same of titles alone."""
        places = self.titled.nonzero()[0]
        titled = self.titled.take(places)
        return PairPostings(self.docs.take(places), titled, titled)


class PairLists:
    """Reads the pairs of one segment; what is decoded is kept in `cache`."""

    def __init__(self, segment: Segment, cache: ByteCache) -> None:
        self._pairs, self._rule, self._cache = segment.pairs, segment.pair_rule, cache

    def term(self, left: str, right: str) -> bytes | None:
        """Return the term of a pair whose list, if there is one, has all of its documents; None of others."""
        if not self._rule.words:
            return None
        return self._rule.term(*(word.encode("utf-8", "surrogatepass") for word in (left, right)))

    def df(self, term: bytes) -> int:
        """Return the number of documents with a pair."""
        field = self._pairs[PAIRS]
        ordinal = field.find(term)
        return int(field.df[ordinal]) if ordinal >= 0 else 0

    def get(self, term: bytes) -> PairPostings:
        """Return the list of a pair."""
        return self._cache.get((PAIRS, term), lambda: self._decode(term))

    def _decode(self, term: bytes) -> PairPostings:
        docs, freqs = self._read(PAIRS, term)
        in_titles, title_freqs = self._read(TITLE_PAIRS, term)
        titled = np.zeros(len(docs), title_freqs.dtype)
        titled[docs.searchsorted(in_titles)] = title_freqs
        return PairPostings(docs, freqs, titled)

    def _read(self, name: str, term: bytes) -> tuple[npt.NDArray[np.int32], Counts]:
        ordinal = self._pairs[name].find(term)
        if ordinal < 0:
            return _NONE, np.empty(0, np.uint8)
        record = self._pairs[name].record(ordinal)
        return record.docs(), record.freqs()


#: The list of a pair that stands nowhere.
NONE = PairPostings(_NONE, _NONE, _NONE)


def merged(lists: list[PairPostings]) -> PairPostings:
    """Return several pairs as one: the forms of its words, as with i and with y."""
    filled = [each for each in lists if len(each.docs)]
    if len(filled) < 2:
        return filled[0] if filled else NONE
    docs, places = np.unique(np.concatenate([each.docs for each in filled]), return_inverse=True)
    freqs, titled = (np.bincount(places, np.concatenate(counts), len(docs)).astype(np.uint32)
                     for counts in ([each.freqs for each in filled], [each.titled for each in filled]))  # fmt: skip
    return PairPostings(docs, freqs, titled)


def in_turn(lists: list[PairPostings]) -> PairPostings:
    """Return several stretches of documents as one; at least one."""
    if len(lists) == 1:
        return lists[0]
    return PairPostings(np.concatenate([each.docs for each in lists]), np.concatenate([each.freqs for each in lists]),
                        np.concatenate([each.titled for each in lists]))  # fmt: skip
