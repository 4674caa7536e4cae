"""The occurrences of folded terms in some documents, read where they lie in the file.

In d documents, w words with o occurrences cost O(w d + o); nothing is decoded as a whole unless d is large.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.bm25f import WordLists
from search.engines.columnar.evaluate.docsets import Docs
from search.engines.columnar.evaluate.posting_lists import Ints, TermList

Codes = npt.NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Occurrences of several words in d documents.

    `counts` [word, document] says how many there are, `positions` where they stand: word after word, document after
    document, ascending.
    """

    counts: npt.NDArray[np.intp]
    positions: npt.NDArray[Any]


class Positions:
    """Reads positions in the `fold` field of one segment."""

    def __init__(self, words: WordLists) -> None:
        self._words = words
        self._field = words.segment.fields["fold"]

    def _list(self, term: str) -> TermList | None:
        return self._words.term("fold", term, "all")

    def codes(self, terms: Sequence[str], docs: Docs, bits: int) -> Codes:
        """Return a number for each occurrence of any of `terms` in the ascending `docs`, in order.

        It is the document's place in `docs`, shifted by `bits`, plus the position.
        """
        found = [self._codes(each, docs, bits) for term in terms if (each := self._list(term)) is not None]
        if len(found) == 1:
            return found[0]
        codes: Codes = np.concatenate(found or [np.empty(0, np.int32)])
        codes.sort(kind="stable")
        return codes

    def _codes(self, found: TermList, docs: Docs, bits: int) -> Codes:
        kind = np.int32 if len(docs).bit_length() + bits < 32 else np.int64
        counts, starts = found.locate(docs, self._words.size)
        counts = counts.astype(np.intp)
        first: Codes = np.arange(len(docs), dtype=kind)
        codes = (first << bits).repeat(counts)
        codes += _positions(found, _spread(counts, starts)).astype(kind, copy=False)
        return codes

    def occurrences(self, terms: Sequence[str], docs: Docs) -> Occurrences:
        """Return all occurrences of `terms` in the few, ascending `docs`."""
        counts = np.zeros((len(terms), len(docs)), np.intp)
        parts: list[Ints] = []
        for word, term in enumerate(terms):
            found = self._list(term)
            if found is not None and len(docs):
                counts[word], starts = found.locate(docs, self._words.size)
                parts.append(_positions(found, _spread(counts[word], starts)))
                self._field.was_read(len(docs))
        return Occurrences(counts, np.concatenate(parts) if parts else np.empty(0, np.int32))


def _spread(counts: Ints, starts: Ints) -> Ints:
    """Return the places from each of `starts` on, as many as `counts` says."""
    ends = counts.cumsum()
    at: Ints = (starts - ends + counts).repeat(counts)
    at += np.arange(len(at))
    return at


def _positions(found: TermList, at: Ints) -> Ints:
    assert found.places is not None, "only the field with positions is asked for them"
    return found.places.take(at)
