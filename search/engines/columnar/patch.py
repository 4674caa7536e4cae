"""Write the fields of an increment whose carried documents keep their numbers, without decoding what stays.

A list changes only if one of its documents comes or goes.  The terms of the documents that come are in the runs of
the build; those of the documents that go are found by inverting their stored texts again.  All other lists are
copied as they lie in the file, so the cost is that of a copy and of the changed articles' own words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.carry import Carried, Numbers
from search.engines.columnar.invert import Postings
from search.engines.columnar.segment import FieldArrays
from search.engines.columnar.segment_writer import SegmentWriter, length_codes
from search.engines.columnar.spill import Run, merge, run_source

#: Up to so many changed lists, one by one, patching is faster than merging all lists in whole arrays.
MAX_TERMS = 10_000
#: A run and the numbers of documents by their place in it (`gone`) or in the build (`added`).
Numbered = tuple[Run, Numbers]


_EMPTY = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Lists:
    """One posting list: `docs` and `freqs` [df], `places` [sum of freqs] or empty."""

    docs: Numbers
    freqs: npt.NDArray[np.uint32]
    places: npt.NDArray[Any]

    def without(self, gone: Numbers) -> "_Lists":
        """Leave out the documents `gone`, ascending."""
        at = np.searchsorted(self.docs, gone)
        held = at < len(self.docs)
        held[held] = self.docs[at[held]] == gone[held]
        at = at[held]
        if not len(at):
            return self
        tokens = self._tokens(at) if len(self.places) else _EMPTY
        return _Lists(np.delete(self.docs, at), np.delete(self.freqs, at), np.delete(self.places, tokens))

    def _tokens(self, at: Numbers) -> Numbers:
        """Return the indices in `places` of the documents at `at`."""
        ends = np.cumsum(self.freqs, dtype=np.int64)
        return np.concatenate([np.arange(ends[place] - self.freqs[place], ends[place]) for place in at.tolist()])

    def joined(self, other: "_Lists") -> "_Lists":
        """Add the documents of another list, none of which is in this one."""
        if not len(other.docs) or not len(self.docs):
            return self if len(self.docs) else other
        at = np.searchsorted(self.docs, other.docs)
        ends = np.append(0, np.cumsum(self.freqs, dtype=np.int64))
        places = self.places
        if len(places):
            places = np.insert(places, np.repeat(ends[at], other.freqs), other.places)
        return _Lists(np.insert(self.docs, at, other.docs), np.insert(self.freqs, at, other.freqs), places)


_NOTHING = _Lists(_EMPTY, np.empty(0, np.uint32), _EMPTY)


class _Added:
    """The lists of the documents that come, by term."""

    def __init__(self, chunks: Iterable[Postings]) -> None:
        self._chunks = list(chunks)
        self.place = {term: (number, place) for number, chunk in enumerate(self._chunks)
                      for place, term in enumerate(chunk.terms)}
        self._ends = [np.append(0, np.cumsum(chunk.df)) for chunk in self._chunks]
        self._token_ends = [np.append(0, np.cumsum(chunk.freqs, dtype=np.int64)) for chunk in self._chunks]

    def get(self, term: str) -> _Lists:
        """Return the list of a term, documents ascending."""
        if term not in self.place:
            return _NOTHING
        number, place = self.place[term]
        chunk = self._chunks[number]
        low, high = self._ends[number][place : place + 2].tolist()
        places: npt.NDArray[Any] = _EMPTY
        if chunk.positions is not None:
            places = chunk.positions[self._token_ends[number][low] : self._token_ends[number][high]]
        return _Lists(chunk.docs[low:high].astype(np.int64), chunk.freqs[low:high].astype(np.uint32), places)


@dataclass(frozen=True, slots=True)
class Patch:
    """What changes: documents `added` and `gone`, the latter numbered as in the base; `count` is of the result."""

    base: Carried
    added: Sequence[Numbered]
    gone: Numbered | None
    count: int

    def fits(self) -> bool:
        """Say whether it pays, and inverting what goes gave as many words as when the base was built."""
        if sum(len(run.terms("fold")) for run, _ in self.added) > MAX_TERMS:
            return False
        if self.gone is None:
            return True
        run, docs = self.gone
        columns = self.base.segment.columns
        return len(run.terms("fold")) <= MAX_TERMS and all(
            np.array_equal(run.array("fold", name), columns[name][docs]) for name in ("words", "title_words")
        )

    def write(self, writer: SegmentWriter, field: str, tokens: int) -> None:
        """Write one field, that was started, and end it."""
        arrays = self.base.segment.fields[field]
        added = _Added(merge([run_source(run, field, numbers) for run, numbers in self.added], tokens, ordered=False))
        touched = sorted(added.place.keys() | set(self.gone[0].terms(field) if self.gone else ()))
        done = 0
        for name in touched:
            term = name.encode()
            ordinal = arrays.terms_.lower_bound(term)
            held = ordinal < arrays.term_count and arrays.term(ordinal) == term
            _copy(writer, arrays, done, ordinal)
            done = ordinal + held
            lists = self._without_gone(arrays, ordinal) if held else _NOTHING
            lists = lists.joined(added.get(name))
            if len(lists.docs):
                df = np.array([len(lists.docs)])
                writer.add_terms([term], df, lists.docs, lists.freqs, lists.places if arrays.has_positions else None)
        _copy(writer, arrays, done, arrays.term_count)
        writer.finish_copied_field(*self._lengths(field, arrays))

    def _without_gone(self, arrays: FieldArrays, ordinal: int) -> _Lists:
        found = arrays.postings(ordinal)
        places = arrays.positions(ordinal) if arrays.has_positions else _EMPTY
        lists = _Lists(found.docs.astype(np.int64), found.freqs.astype(np.uint32), places)
        return lists if self.gone is None else lists.without(self.gone[1])

    def _lengths(self, field: str, arrays: FieldArrays) -> tuple[npt.NDArray[np.uint8] | None, int]:
        """Return length codes [count] and the exact sum of the lengths."""
        if arrays.lengths is None:
            return None, 0
        codes = np.zeros(self.count, np.uint8)
        kept = np.flatnonzero(self.base.new_numbers >= 0)
        codes[kept] = arrays.lengths[kept]
        total = arrays.total_length
        for run, numbers in self.added:
            exact = np.bincount(run.array(field, "docs"), weights=run.array(field, "freqs"), minlength=run.docs)
            codes[numbers[run.first : run.first + run.docs]] = length_codes(exact)
            total += int(exact.sum())
        if self.gone is not None:
            total -= int(self.gone[0].array(field, "freqs").sum(dtype=np.int64))
        return codes, total


def _copy(writer: SegmentWriter, arrays: FieldArrays, low: int, high: int) -> None:
    """Copy the lists of the terms with ordinals from `low` up to `high`."""
    if low < high:
        writer.add_records(list(arrays.terms(low, high)), arrays.records(low, high))
