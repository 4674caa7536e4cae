"""Write the fields of an increment, whose carried documents keep their numbers, without decoding what stays.

A list changes only if one of its documents comes or goes.  The terms of the documents that come are in the runs of
the build; those of the documents that go are found by inverting their stored texts again.  All other lists, and the
stretches of the dictionary between new and vanished terms, are copied as they lie in the file: the cost is that of a
copy and of the changed articles' own words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.build.carry import Carried, Numbers
from search.engines.columnar.build.merging import merge
from search.engines.columnar.build.runs import Run
from search.engines.columnar.build.splicing import MOST, Change, spliced
from search.engines.columnar.format.postings import FullRecord, Postings, Records
from search.engines.columnar.format.postings_writer import encode
from search.engines.columnar.format.segment import FieldArrays
from search.engines.columnar.format.segment_writer import SegmentWriter, length_codes
from search.errors import IndexDamaged

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

    def changes(self) -> list[Change]:
        """Return the documents one by one; in a field without positions, zeros stand for them."""
        places = self.places if len(self.places) else np.zeros(int(self.freqs.sum()), np.int64)
        return list(map(Change, self.docs.tolist(), np.split(places, np.cumsum(self.freqs)[:-1])))

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

    def get(self, term: bytes) -> _Lists:
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
    """What changes: runs of documents that come, with their `numbers` [documents that come]; those that go.

    `gone` has a run of them and their numbers in the base; `count` is of the result; `tokens` bounds the lists that
    are encoded together.
    """

    base: Carried
    added: Sequence[Run]
    numbers: Numbers
    gone: tuple[Run, Numbers]
    count: int
    tokens: int

    def check(self) -> None:
        """See that inverting what goes gave as many words as when the base was built.  Raises IndexDamaged."""
        run, docs = self.gone
        columns = self.base.segment.columns
        for name in ("words", "title_words"):
            if not np.array_equal(run.array("text", name), columns[name][docs]):
                raise IndexDamaged("The texts of the older index do not fit its lists: rebuild it in full.")

    def write(self, writer: SegmentWriter, field: str) -> None:
        """Write one field, that was started, and end it."""
        segment = self.base.segment
        arrays = segment.fields.get(field) or segment.pairs[field]
        added = _Added(chunk.postings(self.numbers) for chunk in merge(self.added, field, self.tokens))
        touched = added.place.keys() | set(self.gone[0].terms(field))
        self._write_lists(writer, arrays, {term: added.get(term) for term in touched})
        writer.finish_field(*self._lengths(field, arrays))

    def write_ids(self, writer: SegmentWriter, gone: Iterable[bytes], added: Mapping[bytes, int]) -> None:
        """Write the field of the ids, that was started, and end it."""
        one = np.ones(1, np.uint32)
        lists = dict.fromkeys(gone, _NOTHING)
        lists |= {key: _Lists(np.array([number]), one, _EMPTY) for key, number in added.items()}
        self._write_lists(writer, self.base.segment.fields["id"], lists)
        writer.finish_field()

    def _write_lists(self, writer: SegmentWriter, arrays: FieldArrays, coming: Mapping[bytes, _Lists]) -> None:
        """Write all lists of a field; of the terms of `coming`, what is kept and what comes."""
        done = 0
        for terms, ordinals, held, lists in self._batches(arrays, coming):
            for term, low, high, records in zip(terms, ordinals, ordinals + held, _encoded(lists), strict=True):
                _copy(writer, arrays, done, low)
                done = high
                if records is not None:
                    writer.add_records(term, np.array([len(term)]), records)
        _copy(writer, arrays, done, arrays.term_count)

    def _batches(
        self, arrays: FieldArrays, coming: Mapping[bytes, _Lists]
    ) -> Iterator[tuple[list[bytes], Numbers, Numbers, list[_Lists | Records]]]:
        """Yield (terms, ordinals, whether the base has them as 0 or 1, new lists), about `tokens` tokens each."""
        terms = sorted(coming)
        ordinals = np.array([arrays.terms_.lower_bound(term) for term in terms], np.int64)
        held = np.array([ordinal < arrays.term_count and arrays.term(ordinal) == term
                         for term, ordinal in zip(terms, ordinals.tolist(), strict=True)], np.int64)
        sizes = np.append(arrays.records(0, arrays.term_count).sizes, 0)  # in bytes, about one a token
        for span in _spans(np.where(held, sizes[ordinals], 0), self.tokens):
            lists = [
                self._changed(arrays, ordinal, coming[term]) if there else coming[term]
                for term, ordinal, there in zip(terms[span], ordinals[span].tolist(), held[span].tolist(), strict=True)
            ]
            yield terms[span], ordinals[span], held[span], lists

    def _changed(self, arrays: FieldArrays, ordinal: int, coming: _Lists) -> _Lists | Records:
        """Return the list of a term with the documents that come, without those that go."""
        record, gone = arrays.record(ordinal), self.gone[1]
        if isinstance(record, FullRecord) and record.is_marked and len(coming.docs) + len(gone) <= MOST:
            changes = {doc: Change(doc, _EMPTY) for doc in gone.tolist()}
            changes |= {each.doc: each for each in coming.changes()}
            found = spliced(record, changes.values(), arrays.has_positions)
            if found is not None:
                data, df = found
                return Records(data, np.array([len(data)]), np.zeros(1, np.uint8), np.array([df]))
        places = record.positions() if arrays.has_positions else _EMPTY
        lists = _Lists(record.docs().astype(np.int64), record.freqs().astype(np.uint32), places)
        return lists.without(gone).joined(coming)

    def _lengths(self, field: str, arrays: FieldArrays) -> tuple[npt.NDArray[np.uint8] | None, int]:
        """Return length codes [count] and the exact sum of the lengths."""
        if arrays.lengths is None:
            return None, 0
        codes = np.zeros(self.count, np.uint8)
        kept = np.flatnonzero(self.base.kept)
        codes[kept] = arrays.lengths[kept]
        total = arrays.total_length - int(self.gone[0].array(field, "freqs").sum(dtype=np.int64))
        for run in self.added:
            exact = run.array(field, "lengths")
            codes[self.numbers[run.first : run.first + run.docs]] = length_codes(exact)
            total += int(exact.sum(dtype=np.int64))
        return codes, total


def _spans(sizes: Numbers, most: int) -> Iterator[slice]:
    """Yield slices of consecutive elements whose sizes add up to about `most`."""
    group = (np.cumsum(sizes) - 1) // most
    bounds = np.flatnonzero(np.diff(group)) + 1
    yield from (slice(low, high) for low, high in pairwise([0, *bounds.tolist(), len(sizes)]))


def _encoded(lists: Sequence[_Lists | Records]) -> Iterator[Records | None]:
    """Yield the record of every list, None for an empty one; those that are not encoded are encoded together."""
    filled = [each for each in lists if isinstance(each, _Lists) and len(each.docs)]
    if not filled:
        yield from (each if isinstance(each, Records) else None for each in lists)
        return
    df = np.array([len(each.docs) for each in filled])
    places = np.concatenate([each.places for each in filled])
    records = encode(Postings([], df, np.concatenate([each.docs for each in filled]),
                              np.concatenate([each.freqs for each in filled]), places if len(places) else None))
    data, sizes = memoryview(records.data), records.sizes
    ends = np.cumsum(sizes).tolist()
    place = 0
    for each in lists:
        if isinstance(each, Records) or not len(each.docs):
            yield each if isinstance(each, Records) else None
            continue
        one = slice(place, place + 1)
        yield Records(data[ends[place] - int(sizes[place]) : ends[place]], sizes[one], records.rare_df[one], df[one])
        place += 1


def _copy(writer: SegmentWriter, arrays: FieldArrays, low: int, high: int) -> None:
    """Copy the lists of the terms with ordinals from `low` up to `high`."""
    if low < high:
        writer.add_records(*arrays.terms_.span(low, high), arrays.records(low, high))
