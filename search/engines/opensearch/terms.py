"""The terms of an archive with their documents and occurrences: counted while articles pass, kept beside the lexicon.

A cluster can't tell them: it counts by shard, and deleted documents with them.  A table is read where it lies on the
disk; in memory, while it is made, a term costs about 150 bytes.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from search.engines.columnar.format.term_dictionary import TermDictionary
from search.errors import IndexDamaged

FORMS: Final = ("fold", "key")
Counts = npt.NDArray[np.int64]


class TermCounts:
    """Counts documents and occurrences of terms; what is taken away is counted below zero."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._size = 0
        self._table: Counts = np.zeros((1024, 2), np.int64)

    def add(self, terms: Iterable[str], counts: Counts) -> None:
        """Add [term, (documents, occurrences)] of distinct terms."""
        places = self._places
        at = np.fromiter((places.setdefault(term, len(places)) for term in terms), np.int64)
        if len(places) > len(self._table):
            self._table = np.resize(self._table, (2 * len(places), 2))
            self._table[self._size :] = 0
        self._size = len(places)
        self._table[at] += counts

    def write(self, directory: Path, form: str, base: "TermTable | None") -> None:
        """Write the table of a form: what was counted, on top of `base`."""
        known = self._places
        if base is not None:
            for term, df, cf in base:
                self.add([term], np.array([[df, cf]]))
        terms = sorted((term.encode("utf-8", "surrogatepass"), place) for term, place in known.items()
                       if self._table[place, 0] > 0)  # fmt: skip
        (directory / f"{form}.terms").write_bytes(b"".join([term for term, _ in terms]))
        sizes = np.cumsum(np.fromiter((len(term) for term, _ in terms), np.int64, len(terms)))
        kept = self._table[np.fromiter((place for _, place in terms), np.int64, len(terms))]
        np.save(directory / f"{form}.npy", np.column_stack([sizes, kept]).astype(np.int64).reshape(-1, 3))


class TermTable:
    """The table of one form, on the disk."""

    def __init__(self, directory: Path, form: str) -> None:
        """Raises IndexDamaged."""
        try:
            path = directory / f"{form}.terms"
            data: npt.NDArray[np.uint8] = np.empty(0, np.uint8)
            if path.stat().st_size:
                data = np.memmap(path, np.uint8, "r")
            table: Counts = np.load(directory / f"{form}.npy", mmap_mode="r" if len(data) else None)
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"The terms in {directory} can't be read ({error}): rebuild the index.") from error
        self._ends, self._df, self._cf = table[:, 0], table[:, 1], table[:, 2]
        self._terms = TermDictionary(data.data, np.ascontiguousarray(self._ends))

    def df(self, term: str) -> int:
        """Return the number of documents with a term."""
        found = self._terms.find(term.encode("utf-8", "surrogatepass"))
        return int(self._df[found]) if found >= 0 else 0

    def total(self) -> int:
        """Return the number of occurrences of all terms."""
        return int(self._cf.sum())

    def most_frequent(self, stem: str, count: int) -> list[str]:
        """Return the terms that begin with a stem, if there are more than `count` the most frequent ones."""
        span = self._terms.prefix(stem.encode("utf-8", "surrogatepass"))
        places = np.arange(span.start, span.stop)
        if len(places) > count:
            places = places[np.argsort(-self._df[span.start : span.stop], kind="stable")[:count]]
        return [self._terms[place].decode("utf-8", "surrogatepass") for place in places.tolist()]

    def __iter__(self) -> Iterator[tuple[str, int, int]]:
        """Yield (term, documents, occurrences), sorted by code point."""
        for term, df, cf in zip(self._terms.terms(), self._df.tolist(), self._cf.tolist(), strict=True):
            yield term.decode("utf-8", "surrogatepass"), df, cf
