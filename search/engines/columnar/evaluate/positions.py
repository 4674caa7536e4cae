"""The occurrences of folded terms in some documents, read where they lie in the file.

In d documents, w words with o occurrences cost O(w d + o); nothing is decoded as a whole unless d is large.  Of few
documents all words are read together: an array operation costs more to begin than to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.bm25f import WordLists
from search.engines.columnar.evaluate.docsets import Docs
from search.engines.columnar.evaluate.locating import locate
from search.engines.columnar.evaluate.posting_lists import FewPostings, Ints, ManyPostings, Places, Stretch, TermList
from search.engines.columnar.format.postings import PositionView, read_together

#: From one of so many of a term's documents on it is cheaper to read all positions around than only those wanted.
_MOST: Final = 2
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

        It is the document's place in `docs`, shifted by `bits`, plus the position.  A compound and its first part stand
        at one place, which is told once.
        """
        found = [self._codes(each, docs, bits) for term in terms if (each := self._list(term)) is not None]
        if len(found) == 1:
            return found[0]
        codes: Codes = np.concatenate(found or [np.empty(0, np.int32)])
        codes.sort(kind="stable")
        fresh = np.ones(len(codes), bool)
        np.not_equal(codes[1:], codes[:-1], out=fresh[1:])
        return codes.compress(fresh)

    def _codes(self, found: TermList, docs: Docs, bits: int) -> Codes:
        kind = np.int32 if len(docs).bit_length() + bits < 32 else np.int64
        if isinstance(found, ManyPostings) and len(docs):
            ends = int(docs[0]), int(docs[-1])
            if len(docs) * _MOST > found.df_between(*ends):
                return self._all_codes(found, found.between(*ends), docs, bits, kind)
        counts, starts = found.locate(docs, self._words.size)
        counts = counts.astype(np.intp)
        first: Codes = np.arange(len(docs), dtype=kind)
        codes = (first << bits).repeat(counts)
        assert found.places is not None, "only the field with positions is asked for them"
        codes += found.places.take(_spread(counts, starts)).astype(kind, copy=False)
        return codes

    def _all_codes(self, found: ManyPostings, stretch: Stretch, docs: Docs, bits: int, kind: type[Any]) -> Codes:
        """Read all positions of a term in a stretch in one go, and keep those in `docs`."""
        assert isinstance(found.places, PositionView), "only the field with positions is asked for them"
        docs = docs[: docs.searchsorted(stretch.first + len(stretch.members))]  # the last ones may be behind its bits
        place = np.full(len(stretch.members), -1, kind)
        place[docs - stretch.first] = np.arange(len(docs), dtype=kind)
        place = place.compress(stretch.members)
        codes: Codes = (place << bits).repeat(stretch.freqs)
        codes += found.places.between(stretch.before, stretch.before + len(codes))
        return codes.compress((place >= 0).repeat(stretch.freqs))

    def occurrences(self, terms: Sequence[str], docs: Docs) -> Occurrences:
        """Return all occurrences of `terms` in the few, ascending `docs`."""
        counts = np.zeros((len(terms), len(docs)), np.intp)
        lists = [self._list(term) for term in terms]
        found = [(word, each) for word, each in enumerate(lists) if each is not None]
        if not found or not len(docs):
            return Occurrences(counts, np.empty(0, np.int32))
        starts = np.zeros((len(terms), len(docs)), np.int64)
        many = [(word, each) for word, each in found if isinstance(each, ManyPostings)]
        if many:
            rows = [word for word, _ in many]
            counts[rows], starts[rows] = locate([each for _, each in many], docs)
        for word, each in found:
            if isinstance(each, FewPostings):
                counts[word], starts[word] = each.locate(docs, self._words.size)
            if isinstance(each.places, PositionView):
                self._field.was_read(each.places.start, each.mapped)
        at = _spread(counts.ravel(), starts.ravel())
        ends = counts.sum(axis=1).cumsum().tolist()
        places = [(each.places, ends[word - 1] if word else 0, ends[word]) for word, each in found]
        return Occurrences(counts, self._gathered(places, at))

    def _gathered(self, places: Sequence[tuple[Places | None, int, int]], at: Ints) -> Ints:
        """Return the positions at some places: from `start` to `end` they are those of one list.

        Lists that lie in the file are read together.
        """
        views = [each for each, _, _ in places if isinstance(each, PositionView)]
        if len(views) == len(places):
            return read_together(self._field.postings, views, [end for _, _, end in places], at)
        return np.concatenate([each.take(at[start:end]) for each, start, end in places if each is not None])


def _spread(counts: Ints, starts: Ints) -> Ints:
    """Return the places from each of `starts` on, as many as `counts` says."""
    ends = counts.cumsum()
    at: Ints = (starts - ends + counts).repeat(counts)
    at += np.arange(len(at))
    return at
