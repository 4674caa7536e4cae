"""How one posting list lies in bytes, and how whole-array operations read it back.

Three kinds of records:

- *rare* terms (few documents): 3 bytes per document number, 1 per frequency, 2 per position
- *listed* terms: a header, gaps between documents as split numbers, frequencies in 2 bits each (1, 2, 3, more) with the
  rest in a list, both compressed, nothing at all if all are 1; positions
- *marked* terms (in more than 1/12 of the documents): a header, a bit per document, how many occurrences there are
  before every 32nd posting (only with positions), frequencies as nibbles; positions

Positions lie in a byte and a nibble each, from the start of the document, and are not compressed: those of any document
can be read alone, by the number of occurrences before it, and so can the bits and frequencies of marked terms.  The
second look at the best documents and phrases of rare words need a few of millions.  On 88,514 news articles, bytes an
article, compressed as a whole and like this: positions 629 and 840, documents 229 and 275, frequencies 146 and 260;
decoding 130,000 positions took .8 ms.

Every decoder is linear in the length of its part: decompression at about 1 GB/s, `unpackbits`, `cumsum`, table
look-up.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import zstandard
from numpy.typing import NDArray

from search.engines.columnar.format.nibbles import LISTED, Nibbles
from search.engines.columnar.format.split_numbers import Ints, join, unsqueeze
from search.errors import IndexDamaged

#: df, cf, bytes of documents, of frequencies and of positions, kinds of documents and frequencies, flags
HEADER: Final = struct.Struct("<IIIIIBBBx")
BITMAP, GAPS = 0, 1
ALL_ONE, REST8, REST16, REST32 = 0, 1, 2, 3
FREQS_SQUEEZED = 1
REST_DTYPE: Final = {REST8: "<u1", REST16: "<u2", REST32: "<u4"}
#: Marked terms count their occurrences before every so many postings.
STEP: Final = 32
#: Positions: how many of their bits lie in a byte of their own.
LOW_BITS: Final = 8
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
    """Encoded lists of consecutive terms: `data`, `sizes` [terms] in bytes, `rare_df` (0 of others) and `df`."""

    data: bytes | memoryview
    sizes: Ints
    rare_df: Ints
    df: Ints


@dataclass(frozen=True, slots=True)
class PositionView:
    """The positions of a list as they lie on disk: read all, or some by their place.

    `start` is where they begin in all postings of the field: the lower bytes, then the nibbles.
    """

    low: NDArray[np.uint8]
    high: Nibbles
    start: int

    @property
    def nbytes(self) -> int:
        """Bytes of the file."""
        return self.low.nbytes + self.high.nbytes

    def take(self, at: Ints) -> NDArray[np.int32]:
        """Return the positions at some places."""
        found = self.high.take(at).astype(np.int32)
        found <<= LOW_BITS
        found |= self.low.take(at)
        return found

    def between(self, start: int, stop: int) -> NDArray[np.int32]:
        """Return the positions at the places from `start` up to `stop`."""
        found = self.high.between(start, stop).astype(np.int32)
        found <<= LOW_BITS
        found |= self.low[start:stop]
        return found


def read_together(
    postings: NDArray[np.uint8], views: Sequence[PositionView], ends: Sequence[int], at: Ints
) -> NDArray[np.int32]:
    """Return the positions at some places of several lists of a field: those of a list up to its number in `ends`."""
    sizes = np.diff(ends, prepend=0)
    found = postings.take((at >> 1) + np.array([view.start + len(view.low) for view in views]).repeat(sizes))
    found >>= ((at & 1) << 2).astype(np.uint8)
    found &= LISTED
    listed = (found == LISTED).nonzero()[0]
    positions: NDArray[np.int32] = found.astype(np.int32)
    for view, low, high in zip(views, *listed.searchsorted([[0, *ends[:-1]], ends]).tolist(), strict=True):
        if low < high:
            some = listed[low:high]
            positions[some] = view.high.values.take(view.high.places.searchsorted(at.take(some).astype(np.uint32)))
    positions <<= LOW_BITS
    positions |= postings.take(at + np.array([view.start for view in views]).repeat(sizes))
    return positions


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

    def places(self) -> Ints:
        """Return what gives positions by their place."""
        return self.position_list


def decode_rare(data: memoryview, df: int, has_positions: bool) -> Rare:
    """Read a rare record that starts at the beginning of `data`."""
    raw = np.frombuffer(data, dtype=np.uint8, count=3 * df).reshape(df, 3).astype(np.int32)
    freqs = np.frombuffer(data, dtype=np.uint8, count=df, offset=3 * df)
    count = int(freqs.sum()) if has_positions else 0
    positions = np.frombuffer(data, dtype="<u2", count=count, offset=4 * df).astype(np.int32)
    return Rare(raw[:, 0] | raw[:, 1] << 8 | raw[:, 2] << 16, freqs, positions)


class FullRecord:
    """A listed or marked record; each part is decoded only when asked for.

    A part that can't be decompressed (opening compares checksums, so it was altered since) is `IndexDamaged`.
    """

    __slots__ = ("_data", "_doc_bytes", "_flags", "_freq_bytes", "_freq_kind", "_position_bytes", "_start", "_where",
                 "cf", "df", "is_marked")  # fmt: skip

    def __init__(self, data: memoryview, where: str = "", start: int = 0) -> None:
        """`where` names the file for errors; the record lies at `start` in the postings of its field."""
        (self.df, self.cf, self._doc_bytes, self._freq_bytes, self._position_bytes, kind, self._freq_kind,
         self._flags) = HEADER.unpack_from(data)
        self._data, self._where, self._start = data, where, start
        self.is_marked = kind == BITMAP

    def bits(self) -> NDArray[np.uint64]:
        """Return the bits of a marked term in words of 64 documents, up to the last that has it.

        They are copied, since records begin anywhere.
        """
        return np.frombuffer(self._part(0, self._doc_bytes).tobytes(), "<u8")

    def words(self) -> NDArray[np.uint8]:
        """Return the bits of a marked term where they lie: eight bytes for 64 documents, [words, 8]."""
        return np.frombuffer(self._part(0, self._doc_bytes), np.uint8).reshape(-1, 8)

    def steps(self) -> Ints:
        """Return how many occurrences of a marked term there are before every `STEP` postings; none without positions.
        """
        return np.frombuffer(self._part(self._doc_bytes, 4 * self._step_count), "<u4")

    def nibbles(self) -> Nibbles:
        """Return the frequencies of a marked term."""
        steps = 4 * self._step_count
        return Nibbles.of(self._part(self._doc_bytes + steps, self._freq_bytes - steps), self.df)

    def rows(self) -> NDArray[np.uint8]:
        """Return the half bytes of `nibbles` in rows of `STEP`; behind the last posting stands anything."""
        start, size = HEADER.size + self._doc_bytes + 4 * self._step_count, -(-self.df // STEP) * STEP // 2
        data = self._data[start : start + size]
        held = data if len(data) == size else data.tobytes() + bytes(size - len(data))
        return np.frombuffer(held, np.uint8).reshape(-1, STEP // 2)

    @property
    def _step_count(self) -> int:
        return int(-(-self.df // STEP)) if self._position_bytes else 0

    def docs(self) -> NDArray[np.int32]:
        """Return document numbers [df], ascending.  One pass over the gaps, or over all documents of a bitmap."""
        if self.is_marked:
            bits = np.unpackbits(self.bits().view(np.uint8), bitorder="little").view(bool)
            found = np.flatnonzero(bits).astype(np.int32)
            if len(found) != self.df:
                raise self._damaged("its bitmap has another number of documents")
            return found
        try:
            gaps = join(self._part(0, self._doc_bytes), self.df)
        except (zstandard.ZstdError, MemoryError, ValueError) as error:
            raise self._damaged(error) from error
        docs: NDArray[np.int32] = np.cumsum(gaps, dtype=np.int32)
        docs += np.arange(self.df, dtype=np.int32)
        return docs

    def freqs(self) -> Ints:
        """Return frequencies [df] as uint8, or a wider type where one needs it."""
        if self.is_marked:
            return self.nibbles().all(self.df)
        if self._freq_kind == ALL_ONE:
            return np.ones(self.df, dtype=np.uint8)
        data: NDArray[np.uint8] = self._unsqueezed(self._part(self._doc_bytes, self._freq_bytes))
        packed, dtype = (self.df + 3) // 4, np.dtype(REST_DTYPE[self._freq_kind])
        short: Ints = _FOUR[data[:packed]].view(np.uint8)[: self.df]
        out: Ints = short.astype(dtype) if dtype.itemsize > 1 else short
        try:
            if len(data) > packed:
                out[short == 0] = np.frombuffer(data[packed:].data, dtype=dtype)
        except ValueError as error:
            raise self._damaged(error) from error
        return out

    def places(self) -> PositionView:
        """Return what gives positions by their place."""
        data = self._part(self._doc_bytes + self._freq_bytes, self._position_bytes)
        if not len(data):
            return PositionView(np.empty(0, np.uint8), Nibbles.of(data, 0), 0)
        start = self._start + HEADER.size + self._doc_bytes + self._freq_bytes
        return PositionView(np.frombuffer(data, np.uint8, self.cf), Nibbles.of(data[self.cf :], self.cf), start)

    def positions(self) -> NDArray[np.int32]:
        """Return all positions [cf]."""
        return self.places().between(0, self.cf)

    def _part(self, start: int, size: int) -> memoryview:
        return self._data[HEADER.size + start : HEADER.size + start + size]

    def _unsqueezed(self, part: memoryview) -> NDArray[Any]:
        try:
            return np.frombuffer(unsqueeze(part) if self._flags & FREQS_SQUEEZED else part, dtype=np.uint8)
        except (zstandard.ZstdError, MemoryError) as error:
            raise self._damaged(error) from error

    def _damaged(self, reason: object) -> IndexDamaged:
        return IndexDamaged(f"A posting list of the index file {self._where} is damaged ({reason}): "
                            "rebuild the index.")  # fmt: skip


def marked_record(df: int, cf: int, bits: Ints, steps: bytes, freqs: bytes, positions: bytes) -> bytes:
    """Return a marked record of its parts."""
    header = HEADER.pack(df, cf, bits.nbytes, len(steps) + len(freqs), len(positions), BITMAP, ALL_ONE, 0)
    return b"".join((header, bits.tobytes(), steps, freqs, positions))
