"""How one posting list lies in bytes, and how whole-array operations read it back.

Two kinds of records:

- *rare* terms (few documents): 3 bytes per document number, 1 per frequency, 2 per position
- *full* records: a header, then

  - documents: a bitmap where more than 1/12 of the documents have the term, else gaps as split numbers
  - frequencies: 2 bits each (1, 2, 3, more), the rest in a list; nothing at all if all are 1
  - positions: the first of each document and then gaps, as split numbers

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

#: df, cf, bytes of documents, of frequencies and of positions, kinds of documents and frequencies, flags
HEADER: Final = struct.Struct("<IIIIIBBBx")
BITMAP, GAPS = 0, 1
ALL_ONE, REST8, REST16, REST32 = 0, 1, 2, 3
DOCS_SQUEEZED, FREQS_SQUEEZED = 1, 2
REST_DTYPE: Final = {REST8: "<u1", REST16: "<u2", REST32: "<u4"}
#: Four frequencies per byte: code 0, 1, 2 is 1, 2, 3; code 3 is 0, to be replaced from the list.
_FOUR: Final = np.array([[(1, 2, 3, 0)[byte >> shift & 3] for shift in (0, 2, 4, 6)] for byte in range(256)],
                        dtype=np.uint8).view("<u4").ravel()


@dataclass(frozen=True, slots=True)
class Postings:
    """The posting lists of several terms, one after the other, as they go from the inverter to the disk.

    `terms` ascend in the order of their bytes.  `df[t]` documents of term t lie in `docs`, ascending, and `freqs`;
    `freqs[i]` positions of posting i in `positions`, ascending (None in a field without positions).
    """

    terms: list[bytes]
    df: Ints
    docs: Ints
    freqs: Ints
    positions: Ints | None


@dataclass(frozen=True, slots=True)
class Records:
    """Encoded lists of consecutive terms: `data`, `sizes` [terms] in bytes, `rare_df` (0 of full ones) and `df`."""

    data: bytes | memoryview
    sizes: Ints
    rare_df: Ints
    df: Ints


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

    def positions(self) -> Ints:
        """Return all positions [cf]."""
        return self.position_list


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
                 "_where", "cf", "df")

    def __init__(self, data: memoryview, where: str = "") -> None:
        """`where` names the file for errors."""
        (self.df, self.cf, self._doc_bytes, self._freq_bytes, self._position_bytes, self._doc_kind, self._freq_kind,
         self._flags) = HEADER.unpack_from(data)
        self._data, self._where = data, where

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

    def positions(self) -> NDArray[np.int32]:
        """Return all positions [cf]: reads the frequencies too, then two sums over all steps."""
        start = HEADER.size + self._doc_bytes + self._freq_bytes
        steps = self._joined(start, self._position_bytes, self.cf)
        freqs = self.freqs()
        ends = np.cumsum(freqs, dtype=np.int64)
        if len(ends) != self.df or ends[-1] != self.cf:
            raise self._damaged("its frequencies don't add up")
        # Step back at each document's first position by the last one of the document before, then sum up all steps.
        # Sums over the whole list may wrap around; their differences within a document don't.
        signed = steps.astype(np.int32)
        last = np.diff(np.cumsum(signed, dtype=np.int32)[ends - 1], prepend=np.int32(0))
        signed[ends[:-1]] -= last[:-1]
        return np.cumsum(signed, dtype=np.int32, out=signed)

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
