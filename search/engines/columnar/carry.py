"""Carry documents of an older archive over into a new one, without reading their texts again.

The lists of the old segment are decoded, renumbered and joined with those of the new articles, term by term
in whole arrays; stored articles are copied as compressed bytes.  Documents of the result are numbered by the
order of their ids, so it answers as a full build would whose articles are added in that order.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.article import Article
from search.engines.columnar.columns import ColumnTables
from search.engines.columnar.meta import read_meta
from search.engines.columnar.segment import FieldArrays, Segment
from search.engines.columnar.spill import Part, Source
from search.engines.columnar.stored import decode_article

Numbers = npt.NDArray[np.int64]


class Carried:
    """The documents of an older archive that are kept."""

    def __init__(self, directory: Path) -> None:
        """Open the older archive.  Raises IndexMissing, IndexDamaged or IndexOutdated; it is never changed."""
        meta = read_meta(directory)
        self.segment = Segment.open(directory, meta["segment"], verify=False)
        self.segment.verify()  # what is damaged must not go into a new archive under a new checksum
        self.tables = ColumnTables.from_json(meta["tables"])
        field = self.segment.fields["id"]
        docs = np.array([int(field.docs(ordinal)[0]) for ordinal in range(field.term_count)], np.int64)
        names = [term.decode("utf-8", "surrogatepass") for term in field.terms()]
        self._numbers = dict(zip(names, docs.tolist(), strict=True))
        self._kept = np.ones(self.segment.doc_count, bool)
        self.new_numbers: Numbers = np.empty(0, np.int64)

    def remove(self, ids: Iterable[str]) -> None:
        """Leave documents out; ids that are not there are no error."""
        for key in ids:
            number = self._numbers.get(key)
            if number is not None:
                self._kept[number] = False

    def number(self, added: Sequence[str]) -> tuple[Numbers, int]:
        """Number all documents by their ids: return (numbers of the added ones, number of documents)."""
        kept = [(key, number) for key, number in self._numbers.items() if self._kept[number]]
        order = sorted([*(key for key, _ in kept), *added])
        rank = {key: place for place, key in enumerate(order)}
        self.new_numbers = np.full(self.segment.doc_count, -1, np.int64)
        for key, number in kept:
            self.new_numbers[number] = rank[key]
        return np.array([rank[key] for key in added], np.int64), len(order)

    def numbers(self) -> dict[str, int]:
        """Return the new numbers of the kept ids."""
        return {key: int(self.new_numbers[number]) for key, number in self._numbers.items() if self._kept[number]}

    def spread(self, name: str, added: npt.NDArray[Any], numbers: Numbers, count: int) -> npt.NDArray[Any]:
        """Return a column of the result: the kept rows of the old one, and those of the added documents."""
        old = self.segment.columns[name]
        column = np.zeros(count, np.result_type(old, added))
        kept = self.new_numbers >= 0
        column[self.new_numbers[kept]] = old[kept]
        column[numbers] = added
        return column

    @property
    def steady(self) -> bool:
        """Say whether all kept documents have the numbers that they had: then untouched lists are copied as bytes."""
        return bool(np.array_equal(self.new_numbers[self._kept], np.flatnonzero(self._kept)))

    def dropped(self) -> tuple[Numbers, list[Article]]:
        """Return the old numbers of the documents that are not kept, and their articles."""
        docs = np.flatnonzero(~self._kept)
        stored = self.segment.blobs("stored")
        return docs, [decode_article(stored.get(doc)) for doc in docs.tolist()]

    def stretches(self, count: int) -> Iterator[tuple[int, int]]:
        """Yield (low, high) of old documents that stay side by side, in the order of the result.

        For an added document it yields (-1, 0).
        """
        old = np.full(count, -2, np.int64)  # never followed by one more
        kept = np.flatnonzero(self.new_numbers >= 0)
        old[self.new_numbers[kept]] = kept
        breaks = np.flatnonzero(np.diff(old) != 1) + 1
        starts, ends = np.append(0, breaks), np.append(breaks, count)
        for first, size in zip(old[starts].tolist() if count else [], (ends - starts).tolist(), strict=False):
            yield (first, first + size) if first >= 0 else (-1, 0)

    def source(self, field: str) -> tuple[list[str], Source]:
        """Return the terms of a field and what gives their kept postings."""
        arrays = self.segment.fields[field]
        return [term.decode("utf-8", "surrogatepass") for term in arrays.terms()], _OldLists(arrays, self.new_numbers)

    def close(self) -> None:
        """Release the older archive."""
        self.segment.close()


class _OldLists(Source):
    """The lists of one field of the old segment, renumbered."""

    def __init__(self, field: FieldArrays, numbers: Numbers) -> None:
        self._field, self._numbers = field, numbers
        self.weights = field.cfs if field.has_positions else field.df.astype(np.int64)

    def take(self, terms: Numbers) -> Part:
        """Decode the lists of some terms: one Python step per term, arrays within."""
        dfs, freqs, docs, places = [], [], [], []
        for ordinal in terms.tolist():
            found = self._field.postings(ordinal)
            numbers = self._numbers[found.docs]
            kept = numbers >= 0
            if self._field.has_positions:
                positions = self._field.positions(ordinal)
                places.append(positions if kept.all() else positions[np.repeat(kept, found.freqs)])
            docs.append(numbers[kept])
            freqs.append(found.freqs[kept].astype(np.uint32))
            dfs.append(int(np.count_nonzero(kept)))
        return Part(
            np.array(dfs, np.int64),
            np.concatenate(docs) if docs else np.empty(0, np.int64),
            np.concatenate(freqs) if freqs else np.empty(0, np.uint32),
            np.concatenate(places) if places else None,
        )
