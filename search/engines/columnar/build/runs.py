"""Inverted runs on disk: one batch of articles each, field by field, its terms in the order of their bytes.

Every part of a field is a plain array, in the smallest type that holds it, so that merging reads it from front to
back in stretches of any length.
"""

import mmap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.engines.columnar.format.postings import Postings

#: The fields with inverted lists, and whether they keep positions.
FIELDS: Final = {"author": False, "fold": True, "id": False, "key": False, "source": False, "title_fold": False,
                 "title_key": False}  # fmt: skip
#: Parts with a number per document: exact length of a field; positions of the title, and in all.
BY_DOCUMENT: Final = ("lengths", "title_words", "words")
#: Long parts, whose numbers are mostly small.
_NARROW: Final = ("docs", "freqs", "positions")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive numbers of one file, from byte `start` on."""

    path: str
    dtype: str
    start: int
    count: int

    def part(self, first: int, count: int) -> "Stretch":
        """Return where `count` of the numbers lie, from number `first` on."""
        return Stretch(self.path, self.dtype, self.start + first * np.dtype(self.dtype).itemsize, count)

    def mapped(self) -> npt.NDArray[Any]:
        """Return the numbers where they lie in the file."""
        if not self.count:
            return np.empty(0, self.dtype)
        return np.asarray(np.memmap(self.path, self.dtype, "r", self.start, self.count))

    @staticmethod
    def let_go(mapped: npt.NDArray[Any]) -> None:
        """Give back the pages of a whole array of `mapped`; it stays good: read again, they cost a fault."""
        if isinstance(mapped.base, np.memmap):
            mapped.base._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]

    def read(self) -> npt.NDArray[Any]:
        """Return the numbers."""
        if not self.count:
            return np.empty(0, self.dtype)
        return np.fromfile(self.path, self.dtype, self.count, offset=self.start)


@dataclass(frozen=True)
class Run:
    """One spilled batch: `docs` consecutive documents from `first`.

    Per field `terms` (bytes, side by side), `term_sizes`, `df` and, with positions, `tokens` [terms]; `docs`, which
    count from `first`, and `freqs` [sum of df]; `positions` [sum of tokens]; `lengths` [documents].
    """

    first: int
    docs: int
    parts: Mapping[str, Stretch]

    def count(self, field: str, part: str) -> int:
        """Return how many numbers a part has."""
        name = f"{field}.{part}"
        return self.parts[name].count if name in self.parts else 0

    def part(self, field: str, part: str) -> Stretch:
        """Return where a part lies."""
        return self.parts[f"{field}.{part}"]

    def array(self, field: str, part: str) -> npt.NDArray[Any]:
        """Return the whole of a part."""
        return self.part(field, part).read()

    def terms(self, field: str) -> list[bytes]:
        """Return the terms of a field, ascending; none of one that it does not have."""
        if not self.count(field, "df"):
            return []
        return cut(self.array(field, "terms").tobytes(), self.array(field, "term_sizes"))

    def remove(self) -> None:
        """Delete the files."""
        for path in {part.path for part in self.parts.values()}:
            Path(path).unlink(missing_ok=True)


def cut(data: bytes, sizes: npt.NDArray[Any]) -> list[bytes]:
    """Cut `data` into strings of bytes of these sizes."""
    ends = np.cumsum(sizes, dtype=np.int64).tolist()
    return [data[start:end] for start, end in pairwise([0, *ends])]


class RunWriter:
    """Writes a run into one file, every part at once.

    With `types` given by part, parts are written bit by bit, each into a file of its own; what is written to a field
    must have later terms than what was.
    """

    def __init__(self, stem: str, first: int, docs: int, types: Mapping[str, str] | None = None) -> None:
        self.first, self.docs = first, docs
        self._stem, self._types = stem, types
        self._parts: dict[str, Stretch] = {}
        self._end = 0

    def write(self, field: str, postings: Postings) -> None:
        """Add the lists of some terms."""
        self.save(field, "terms", np.frombuffer(b"".join(postings.terms), np.uint8))
        self.save(field, "term_sizes", np.fromiter(map(len, postings.terms), np.uint32, len(postings.terms)))
        self.save(field, "df", postings.df.astype(np.uint32))
        self.save(field, "docs", postings.docs)
        self.save(field, "freqs", postings.freqs)
        if postings.positions is not None:
            ends = np.concatenate([[0], np.cumsum(postings.freqs, dtype=np.int64)])
            tokens = np.diff(ends[np.concatenate([[0], np.cumsum(postings.df)])])
            self.save(field, "tokens", tokens.astype(np.uint32))
            self.save(field, "positions", postings.positions)

    def save(self, field: str, part: str, values: npt.NDArray[Any]) -> None:
        """Add numbers to a part."""
        name = f"{field}.{part}"
        if self._types is None:
            dtype = _smallest(values) if part in _NARROW else values.dtype.str
            old = Stretch(self._stem, dtype, self._end, 0)
            self._end += len(values) * np.dtype(dtype).itemsize
        else:
            dtype = self._types.get(name, values.dtype.str)
            old = self._parts.get(name, Stretch(f"{self._stem}.{name}", dtype, 0, 0))
        if len(values):
            with Path(old.path).open("ab") as file:
                values.astype(dtype, copy=False).tofile(file)
        self._parts[name] = replace(old, count=old.count + len(values))

    def close(self) -> Run:
        """Return the run."""
        return Run(self.first, self.docs, self._parts)


def _smallest(values: npt.NDArray[Any]) -> str:
    """Return the smallest unsigned type for numbers from 0 on."""
    return np.min_scalar_type(int(values.max(initial=0))).str
