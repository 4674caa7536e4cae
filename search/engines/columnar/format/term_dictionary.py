"""The term dictionary of one field: sorted byte strings in one array, found by their first eight bytes.

A look-up is a binary search over 8-byte keys (built once, 8 bytes per term), then over the few terms that
share them.  A prefix is two look-ups and gives a range of ordinals, since ordinals follow byte order.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_KEY: Final = 8


class TermDictionary:
    """Sorted terms: `data` holds their bytes, term `i` is `data[ends[i - 1]:ends[i]]`."""

    def __init__(self, data: memoryview, ends: NDArray[Any]) -> None:
        self._data = data
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, ordinal: int) -> bytes:
        """Return the term with an ordinal."""
        start = int(self._ends[ordinal - 1]) if ordinal else 0
        return bytes(self._data[start : int(self._ends[ordinal])])

    def terms(self, low: int = 0, high: int | None = None) -> Iterator[bytes]:
        """Yield the terms with ordinals from `low` up to `high`, in byte order."""
        high = len(self) if high is None else high
        start = int(self._ends[low - 1]) if low else 0
        for end in self._ends[low:high].tolist():
            yield bytes(self._data[start:end])
            start = end

    def span(self, low: int, high: int) -> tuple[memoryview, NDArray[np.int64]]:
        """Return the bytes of all terms with ordinals from `low` up to `high`, and their lengths."""
        start = int(self._ends[low - 1]) if low else 0
        ends = np.concatenate(([start], self._ends[low:high])).astype(np.int64)
        return self._data[start : int(ends[-1])], np.diff(ends)

    @cached_property
    def _keys(self) -> NDArray[np.uint64]:
        """The first eight bytes of each term as a big-endian number, padded with zeros; sorted."""
        count = len(self)
        keys = np.zeros((count, _KEY), dtype=np.uint8)
        if count:
            data = np.frombuffer(self._data, dtype=np.uint8)
            starts = np.concatenate(([0], self._ends[:-1])).astype(np.int64)
            lengths = self._ends.astype(np.int64) - starts
            for byte in range(_KEY):
                rows = np.flatnonzero(lengths > byte)
                keys[rows, byte] = data[starts[rows] + byte]
        return keys.view(">u8").ravel().astype(np.uint64)

    def lower_bound(self, term: bytes) -> int:
        """Return the ordinal of the first term that is not less than `term`."""
        key = np.uint64(int.from_bytes(term[:_KEY].ljust(_KEY, b"\0"), "big"))
        low = int(self._keys.searchsorted(key, "left"))
        high = int(self._keys.searchsorted(key, "right"))
        return low if low == high else bisect_left(_Slice(self, low, high), term) + low

    def find(self, term: bytes) -> int:
        """Return the ordinal of `term`, -1 if it is not there."""
        ordinal = self.lower_bound(term)
        return ordinal if ordinal < len(self) and self[ordinal] == term else -1

    def prefix(self, stem: bytes) -> range:
        """Return the ordinals of all terms that begin with `stem`."""
        head = stem.rstrip(b"\xff")
        after = self.lower_bound(head[:-1] + bytes((head[-1] + 1,))) if head else len(self)
        return range(self.lower_bound(stem), after)


class _Slice(Sequence[bytes]):
    """A stretch of the dictionary as the sequence that `bisect` wants."""

    def __init__(self, terms: TermDictionary, low: int, high: int) -> None:
        self._terms, self._low, self._high = terms, low, high

    def __len__(self) -> int:
        return self._high - self._low

    def __getitem__(self, index: Any) -> Any:
        return self._terms[self._low + index]
