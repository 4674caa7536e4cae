"""How one posting list lies in bytes, and how whole-array operations read it back.

Two kinds of records:

- *rare* terms (few documents): 3 bytes per document number, 1 per frequency, 2 per position
- *full* records: a header, then

  - documents: a bitmap where more than 1/12 of the documents have the term, else gaps as split numbers
  - frequencies: 2 bits each (1, 2, 3, more), the rest in a list; nothing at all if all are 1
  - weights: float32, only where a weight is not its frequency (Whoosh's boosts)
  - positions: the first of each document and then gaps, as split numbers
  - values: Whoosh's opaque posting values, only for formats with more than positions

Split numbers are those of `split_numbers`; bitmaps and frequencies are compressed in the same way.  Measured on
88,503 news articles, bytes an article, before (bit planes, one-byte gaps) and after: positions 782 to 629, documents
293 to 229, frequencies 201 to 146.  On a tenth of the terms, first positions and gaps on their own would save 3 % more
of the positions, absolute ones in the same form save half as much, other numbers of low bits (2, 6) are within 5 %.
Decoding 130,000 positions takes 0.8 ms (planes: 0.2), 13,000 0.1 ms; so decoded positions are what the caches of the
evaluator hold.

Every decoder is linear in the length of its part: decompression at about 1 GB/s, `unpackbits`, `cumsum`, table
look-up, `flatnonzero`.
"""

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
import zstandard
from numpy.typing import NDArray

from search.engines.columnar.format.split_numbers import Ints, join, unsqueeze
from search.errors import IndexDamaged

#: df, cf, bytes of documents, of frequencies and of positions, kinds of documents, frequencies and positions, flags
HEADER: Final = struct.Struct("<IIIIIBBBB")
BITMAP, GAPS = 0, 1
ALL_ONE, REST8, REST16, REST32 = 0, 1, 2, 3
#: Positions as gaps; absolute in 4 bytes, for the lists (of other writers) where some do not ascend.
STEPS, ABSOLUTE = 0, 1
HAS_WEIGHTS, HAS_VALUES, DOCS_SQUEEZED, FREQS_SQUEEZED = 1, 2, 4, 8
REST_DTYPE: Final = {REST8: "<u1", REST16: "<u2", REST32: "<u4"}
#: Four frequencies per byte: code 0, 1, 2 is 1, 2, 3; code 3 is 0, to be replaced from the list.
_FOUR: Final = np.array([[(1, 2, 3, 0)[byte >> shift & 3] for shift in (0, 2, 4, 6)] for byte in range(256)],
                        dtype=np.uint8).view("<u4").ravel()


@dataclass(frozen=True, slots=True)
class Rare:
    """A rare record, decoded: all parts are tiny."""

    doc_list: Ints
    freq_list: Ints
    position_list: Ints

    def docs(self) -> Ints:
        """Return document numbers [df], ascending."""
        return self.doc_list

    def freqs(self) -> Ints:
        """Return frequencies [df]."""
        return self.freq_list

    def weights(self) -> NDArray[np.float32]:
        """Return Whoosh's weights [df]: in rare records always the frequencies."""
        return self.freq_list.astype(np.float32)

    def positions(self) -> Ints:
        """Return all positions [cf]."""
        return self.position_list

    def values(self) -> None:
        """Return None: records with opaque values are never rare."""


def decode_rare(data: memoryview, df: int, has_positions: bool) -> Rare:
    """Read a rare record that starts at the beginning of `data`."""
    raw = np.frombuffer(data, dtype=np.uint8, count=3 * df).reshape(df, 3).astype(np.int32)
    freqs = np.frombuffer(data, dtype=np.uint8, count=df, offset=3 * df)
    count = int(freqs.sum()) if has_positions else 0
    positions = np.frombuffer(data, dtype="<u2", count=count, offset=4 * df).astype(np.int32)
    return Rare(raw[:, 0] | raw[:, 1] << 8 | raw[:, 2] << 16, freqs, positions)


class FullRecord:
    """A full record; each part is decoded only when asked for.  Offsets are relative to `data`.

    A part that can't be decompressed (opening compares checksums, so it was altered since) is `IndexDamaged`.
    """

    __slots__ = ("_data", "_doc_bytes", "_doc_kind", "_flags", "_freq_bytes", "_freq_kind", "_position_bytes",
                 "_position_kind", "_where", "cf", "df", "has_positions")

    def __init__(self, data: memoryview, has_positions: bool, where: str = "") -> None:
        """`where` names the file for errors."""
        (self.df, self.cf, self._doc_bytes, self._freq_bytes, self._position_bytes, self._doc_kind, self._freq_kind,
         self._position_kind, self._flags) = HEADER.unpack_from(data)
        self._data, self._where = data, where
        self.has_positions = has_positions

    @property
    def is_bitmap(self) -> bool:
        """Say whether the documents are stored as a bitmap."""
        return bool(self._doc_kind == BITMAP)

    def docs(self) -> NDArray[np.int32]:
        """Return document numbers [df], ascending.  One pass over the gaps, or over all documents of a bitmap."""
        if self.is_bitmap:
            found = np.flatnonzero(np.unpackbits(self._bits(), bitorder="little").view(bool)).astype(np.int32)
            if len(found) != self.df:
                raise self._damaged("its bitmap has another number of documents")
            return found
        docs = np.cumsum(self._joined(HEADER.size, self._doc_bytes, self.df), dtype=np.int32)
        docs += np.arange(self.df, dtype=np.int32)
        return docs

    def _bits(self) -> Ints:
        return self._bytes(HEADER.size, self._doc_bytes, bool(self._flags & DOCS_SQUEEZED))

    def freqs(self) -> Ints:
        """Return frequencies [df] as uint8, or a wider type where one needs it."""
        if self._freq_kind == ALL_ONE:
            return np.ones(self.df, dtype=np.uint8)
        data = self._bytes(HEADER.size + self._doc_bytes, self._freq_bytes, bool(self._flags & FREQS_SQUEEZED))
        packed, dtype = (self.df + 3) // 4, np.dtype(REST_DTYPE[self._freq_kind])
        short = _FOUR[data[:packed]].view(np.uint8)[: self.df]
        out = short.astype(dtype) if dtype.itemsize > 1 else short
        try:
            if len(data) > packed:
                out[short == 0] = np.frombuffer(data[packed:].data, dtype=dtype)
        except ValueError as error:
            raise self._damaged(error) from error
        return out

    def weights(self) -> NDArray[np.float32]:
        """Return Whoosh's weights [df]; the frequencies where none are stored."""
        if not self._flags & HAS_WEIGHTS:
            return self.freqs().astype(np.float32)
        start = HEADER.size + self._doc_bytes + self._freq_bytes
        return np.frombuffer(self._data, dtype="<f4", count=self.df, offset=start)

    def _positions_start(self) -> int:
        weights = 4 * self.df if self._flags & HAS_WEIGHTS else 0
        return int(HEADER.size + self._doc_bytes + self._freq_bytes + weights)

    def positions(self) -> NDArray[np.int32]:
        """Return all positions [cf]: reads the frequencies too, then two sums over all steps."""
        start = self._positions_start()
        if self._position_kind == ABSOLUTE:
            return np.frombuffer(self._data, dtype="<u4", count=self.cf, offset=start).astype(np.int32)
        if not self.cf:
            return np.empty(0, dtype=np.int32)
        steps = self._joined(start, self._position_bytes, self.cf)
        freqs = self.freqs()
        ends = np.cumsum(freqs, dtype=np.int64)
        if len(ends) != self.df or ends[-1] != self.cf:
            raise self._damaged("its frequencies don't add up")
        if not freqs.all():
            ends = ends[freqs > 0]
        # Step back at each document's first position by the last one of the document before, then sum up all steps.
        # Sums over the whole list may wrap around; their differences within a document don't.
        signed = steps.astype(np.int32)
        last = np.diff(np.cumsum(signed, dtype=np.int32)[ends - 1], prepend=np.int32(0))
        signed[ends[:-1]] -= last[:-1]
        return np.cumsum(signed, dtype=np.int32, out=signed)

    def values(self) -> list[bytes] | None:
        """Return Whoosh's opaque values [df], None where the format needs none."""
        if not self._flags & HAS_VALUES:
            return None
        start = self._positions_start() + self._position_bytes
        lengths = np.frombuffer(self._data, dtype="<u4", count=self.df, offset=start)
        ends = (start + 4 * self.df + np.cumsum(lengths, dtype=np.int64)).tolist()
        begins = [start + 4 * self.df, *ends[:-1]]
        return [bytes(self._data[begin:end]) for begin, end in zip(begins, ends, strict=True)]

    def _bytes(self, start: int, size: int, squeezed: bool) -> NDArray[np.uint8]:
        part = self._data[start : start + size]
        try:
            return np.frombuffer(unsqueeze(part) if squeezed else part, dtype=np.uint8)
        except (zstandard.ZstdError, MemoryError) as error:
            raise self._damaged(error) from error

    def _joined(self, start: int, size: int, count: int) -> Ints:
        try:
            return join(self._data[start : start + size], count)
        except (zstandard.ZstdError, MemoryError, ValueError) as error:
            raise self._damaged(error) from error

    def _damaged(self, reason: object) -> IndexDamaged:
        return IndexDamaged(f"A posting list of the index file {self._where} is damaged ({reason}): "
                            "rebuild the index.")
