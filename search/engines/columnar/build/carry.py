"""Carry documents of an older archive over into a new one, without reading their texts again.

Numbers stay dense, and a document that is carried over or changed keeps its own: what comes takes the numbers of what
goes, then new ones at the end; if more goes than comes, the last documents move into the gaps, as documents that go and
come again.  So only the lists of the words of documents that come or go change (`patch`); stored articles are copied as
compressed bytes.  Where documents are not numbered in the order of their ids, a column tells that order: equal scores
are ordered by it, as in a full build whose articles are added in that order.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.article import Article
from search.article_json import decode_article
from search.engines.columnar.format.columns import ColumnTables
from search.engines.columnar.format.meta import read_meta
from search.engines.columnar.format.segment import STORED, Blobs, FieldArrays, Segment

#: Bytes from which stored articles are left in the file that they are in.  To copy those of a million takes half of the
#: time of an increment; of fewer it takes none, and each generation has bytes of its own.
LEFT_FROM: Final = 256_000_000
#: They are copied once what came since is more than this share of them, or what went.
_CAME, _WENT = 1 / 8, 1 / 4

Numbers = npt.NDArray[np.int64]


class Carried:
    """The documents of an older archive, those that are kept and those that are not."""

    def __init__(self, directory: Path) -> None:
        """Open the older archive.  Raises IndexMissing, IndexDamaged or IndexOutdated; it is never changed."""
        meta = read_meta(directory)
        self._directory = directory
        self.segment = Segment.open(directory, meta["segment"], verify=False)
        self.segment.verify()  # what is damaged must not go into a new archive under a new checksum
        self.tables = ColumnTables.from_json(meta["tables"])
        self.by_id = _single_docs(self.segment.fields["id"])
        self.kept = np.ones(self.segment.doc_count, bool)

    def remove(self, ids: Iterable[str]) -> None:
        """Leave documents out; ids that are not there are no error."""
        found = self._find(ids)
        self.kept[found[found >= 0]] = False

    def _find(self, ids: Iterable[str]) -> Numbers:
        """Return the numbers of ids, -1 for each that is not there."""
        ordinals = self.segment.fields["id"].find_many([key.encode("utf-8", "surrogatepass") for key in ids])
        return np.append(self.by_id, -1)[ordinals]

    def displaced(self, added: int) -> list[Article]:
        """Return the kept articles whose numbers are too high once `added` come: they must be removed and added."""
        kept = np.flatnonzero(self.kept)
        return self._articles(kept[kept >= len(kept) + added])

    def number(self, added: Iterable[str]) -> Numbers:
        """Number added ids: a changed document's stays; the others get those left, ascending as they come."""
        numbers = self._find(added)
        count = len(numbers) + int(np.count_nonzero(self.kept))
        numbers[numbers >= count] = -1
        free = np.ones(count, bool)
        free[np.flatnonzero(self.kept)] = False
        free[numbers[numbers >= 0]] = False
        numbers[numbers < 0] = np.flatnonzero(free)
        return numbers

    def dropped(self) -> tuple[Numbers, list[Article]]:
        """Return the numbers of the documents that are not kept, ascending, and their articles."""
        docs = np.flatnonzero(~self.kept)
        return docs, self._articles(docs)

    def _articles(self, docs: Numbers) -> list[Article]:
        stored, removed = self.segment.blobs("stored"), self.segment.blobs("removed")
        return [decode_article(stored.get(doc), removed.get(doc)) for doc in docs.tolist()]

    def order(self, added: Mapping[str, int], count: int) -> Numbers:
        """Return the place of every document of the result in the order of the ids."""
        kept = self.kept[self.by_id]
        ids = sorted((key.encode("utf-8", "surrogatepass"), doc) for key, doc in added.items())
        before = np.append(0, np.cumsum(kept))  # kept ids before each id of the base
        at = np.array([self.segment.fields["id"].terms_.lower_bound(key) for key, _ in ids], np.int64)
        docs = np.insert(self.by_id[kept], before[at], [doc for _, doc in ids])
        order = np.empty(count, np.int64)
        order[docs] = np.arange(count)
        return order

    def spread(self, name: str, added: npt.NDArray[Any], numbers: Numbers, count: int) -> npt.NDArray[Any]:
        """Return a column of the result: the kept rows of the old one, and those of the added documents."""
        old = self.segment.columns[name]
        column = np.zeros(count, np.result_type(old, added))
        kept = np.flatnonzero(self.kept)
        column[kept] = old[kept]
        column[numbers] = added
        return column

    def stretches(self, count: int) -> Iterator[tuple[int, int]]:
        """Yield (low, high) of kept documents that lie side by side, and (-1, 0) for each one between them."""
        kept = np.zeros(count, bool)
        kept[np.flatnonzero(self.kept)] = True
        breaks = np.flatnonzero(kept[1:] != kept[:-1]) + 1
        for low, high in zip([0, *breaks.tolist()], [*breaks.tolist(), count], strict=True):
            if low < high and kept[low]:
                yield low, high
            else:
                yield from [(-1, 0)] * (high - low)

    @property
    def holder(self) -> Path:
        """The file that most stored articles are in."""
        return self._directory / f"{self.segment.holder}{STORED}"

    def worth_leaving(self, stores: Collection[Blobs], coming: int) -> int:
        """Return the bytes of the holder if articles are to be left there while `coming` bytes come; 0 if copied."""
        first = next(iter(stores))
        size, came = (first.earlier_bytes, first.own_bytes) if first.earlier_bytes else (first.own_bytes, 0)
        if size < LEFT_FROM or came + coming > size * _CAME:
            return 0
        spans = [blobs.span(0, len(self.kept)) for blobs in stores]
        held = sum(int(sizes[self.kept & (starts < size)].sum(dtype=np.int64)) for starts, sizes in spans)
        return size if held >= size * (1 - _WENT) else 0

    def close(self) -> None:
        """Release the older archive."""
        del self.segment


def _single_docs(field: FieldArrays) -> Numbers:
    """Return the one document of every term [terms]."""
    records = field.records(0, field.term_count)
    if (records.rare_df == 1).all() and (records.sizes == 4).all():  # three bytes of number, one of frequency
        rows = np.frombuffer(records.data, np.uint8).reshape(-1, 4).astype(np.int64)
        numbers: Numbers = rows[:, 0] | rows[:, 1] << 8 | rows[:, 2] << 16
        return numbers
    return np.array([int(field.record(ordinal).docs()[0]) for ordinal in range(field.term_count)], np.int64)
