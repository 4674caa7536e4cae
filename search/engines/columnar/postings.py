"""How one posting list lies in bytes, and how whole-array operations read it back.

Two kinds of records:

- *rare* terms (at most `RARE` documents): 3 bytes per document number, 1 per frequency, 2 per position.  Thousands
  of them are written by a few array operations.
- *full* records: a header, then

  - documents: a bitmap where more than 1/12 of the documents have the term, else gaps as split numbers
  - frequencies: 2 bits each (1, 2, 3, more), the rest in a list; nothing at all if all are 1
  - weights: float32, only where a weight is not its frequency (Whoosh's boosts)
  - positions: the first of each document and then gaps, as split numbers
  - values: Whoosh's opaque posting values, only for formats with more than positions

*Split numbers*: the low 4 (or 8) bits, which are noise, as they are; the rest, in a byte of its own, is skewed and
compressed; the few that need more are listed.  Bitmaps, frequencies and those bytes are compressed with zstd 1,
which does Huffman coding and little else here, where that saves a tenth.  Measured on 88,503 news articles, bytes an
article, before (bit planes, one-byte gaps) and after: positions 782 to 629, documents 293 to 229, frequencies 201 to
146.  On a tenth of the terms, first positions and gaps on their own would save 3 % more of the positions, absolute
ones in the same form save half as much, other numbers of low bits (2, 6) are within 5 %.  Decoding 130,000 positions
takes 0.8 ms (planes: 0.2), 13,000 0.1 ms; so decoded positions are what the caches of the evaluator hold.

Every decoder is linear in the length of its part: decompression at about 1 GB/s, `unpackbits`, `cumsum`, table
look-up, `flatnonzero`.
"""

import struct
import threading
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import zstandard
from numpy.typing import NDArray

from search.errors import IndexDamaged

Ints = NDArray[Any]

#: Longest list that is written as a rare record.
RARE: Final = 32
_MAX_RARE_DOC: Final = 1 << 24
#: df, cf, bytes of documents, of frequencies and of positions, kinds of documents, frequencies and positions, flags
HEADER: Final = struct.Struct("<IIIIIBBBB")
BITMAP, GAPS = 0, 1
ALL_ONE, REST8, REST16, REST32 = 0, 1, 2, 3
#: Positions as gaps; absolute in 4 bytes, for the lists (of other writers) where some do not ascend.
STEPS, ABSOLUTE = 0, 1
HAS_WEIGHTS, HAS_VALUES, DOCS_SQUEEZED, FREQS_SQUEEZED = 1, 2, 4, 8
#: A bitmap is smaller than gaps, when both are compressed, from one document in 10 to 20 on, and read faster.
_BITMAP_SHARE: Final = 12
_REST_DTYPE: Final = {REST8: "<u1", REST16: "<u2", REST32: "<u4"}
#: Split numbers: flags, bytes of the upper parts.
_SPLIT: Final = struct.Struct("<BI")
_SQUEEZED, _LOW_BYTE = 1, 2
#: With 4 low bits, numbers above 4,079 are listed; from this mean on 8 low bits cost less.
_LONG_MEAN: Final = 500
#: Shorter parts are left as they are: a frame and its Huffman table take about 40 bytes.
_SQUEEZE_FROM: Final = 64
_MAGICLESS: Final = zstandard.FORMAT_ZSTD1_MAGICLESS
_local = threading.local()
#: Four frequencies per byte: code 0, 1, 2 is 1, 2, 3; code 3 is 0, to be replaced from the list.
_FOUR: Final = np.array([[(1, 2, 3, 0)[byte >> shift & 3] for shift in (0, 2, 4, 6)] for byte in range(256)],
                        dtype=np.uint8).view("<u4").ravel()


@dataclass(frozen=True, slots=True)
class PostingBatch:
    """Posting lists of several terms, one after the other.

    `dfs` [terms]; `docs` and `freqs` [sum of dfs], documents ascending per term; `positions` [sum of freqs] or None;
    `weights` [sum of dfs] float, None where they are the frequencies; `values` one bytes per posting or None.
    """

    dfs: Ints
    docs: Ints
    freqs: Ints
    positions: Ints | None = None
    weights: Ints | None = None
    values: list[bytes] | None = None


def encode_batch(batch: PostingBatch) -> tuple[list[bytes], Ints, Ints]:
    """Return (pieces, bytes per term, rare df per term or 0): the concatenated pieces are the records in order."""
    starts = _starts(batch.dfs)
    token_starts = _starts(batch.freqs) if batch.positions is not None else starts
    rare = _rare_terms(batch, starts, token_starts)
    data, sizes = _encode_rare(batch, rare, starts, token_starts)
    pieces: list[bytes] = []
    rare_ends = np.concatenate(([0], np.cumsum(sizes)))
    done = 0
    for term in np.flatnonzero(~rare):
        until = rare_ends[term]
        if until > done:
            pieces.append(data[done:until].tobytes())
            done = until
        record = _encode_full(batch, slice(starts[term], starts[term + 1]), token_starts)
        sizes[term] = len(record)
        pieces.append(record)
    pieces.append(data[done:].tobytes())
    return pieces, sizes, np.where(rare, batch.dfs, 0).astype(np.uint8)


def _starts(counts: Ints) -> Ints:
    out = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=out[1:])
    return out


def _rare_terms(batch: PostingBatch, starts: Ints, token_starts: Ints) -> NDArray[np.bool_]:
    """Say which terms can be rare records: short, plain, and with small numbers."""
    if batch.weights is not None or batch.values is not None or not len(batch.docs):
        return np.zeros(len(batch.dfs), dtype=bool)
    big = (batch.docs >= _MAX_RARE_DOC) | (batch.freqs > 255)
    if batch.positions is not None and len(batch.positions):
        long_tokens = np.concatenate(([0], np.cumsum(batch.positions > 65535)))
        big |= (long_tokens[token_starts[1:]] - long_tokens[token_starts[:-1]]) > 0
    bad = np.concatenate(([0], np.cumsum(big)))
    out: NDArray[np.bool_] = (batch.dfs <= RARE) & (bad[starts[1:]] == bad[starts[:-1]])
    return out


def _encode_rare(batch: PostingBatch, rare: NDArray[np.bool_], starts: Ints, token_starts: Ints) -> tuple[Ints, Ints]:
    """Write all rare records into one byte array by scattering each part to its place."""
    tokens = token_starts[starts[1:]] - token_starts[starts[:-1]] if batch.positions is not None else 0
    sizes = np.where(rare, 4 * batch.dfs + 2 * tokens, 0).astype(np.int64)
    ends = np.cumsum(sizes)
    out = np.zeros(ends[-1] if len(ends) else 0, dtype=np.uint8)
    base = ends - sizes
    chosen = np.repeat(rare, batch.dfs)
    within = np.arange(len(batch.docs)) - np.repeat(starts[:-1], batch.dfs)
    place = (np.repeat(base, batch.dfs) + 3 * within)[chosen]
    docs = batch.docs[chosen].astype(np.int64)
    for byte in range(3):
        out[place + byte] = docs >> (8 * byte) & 255
    out[(np.repeat(base + 3 * batch.dfs, batch.dfs) + within)[chosen]] = batch.freqs[chosen]
    if batch.positions is not None:
        _scatter_positions(batch.positions, out, np.where(rare, tokens, 0), base + 4 * batch.dfs, token_starts[starts])
    return out, sizes


def _scatter_positions(positions: Ints, out: Ints, tokens: Ints, base: Ints, first: Ints) -> None:
    """Put 2 bytes per position of the rare terms at `base`; `tokens` is 0 for the other terms."""
    within = np.arange(tokens.sum()) - np.repeat(np.cumsum(tokens) - tokens, tokens)
    values = positions[np.repeat(first[:-1], tokens) + within].astype(np.int64)
    place = np.repeat(base, tokens) + 2 * within
    out[place] = values & 255
    out[place + 1] = values >> 8


def _encode_full(batch: PostingBatch, span: slice, token_starts: Ints) -> bytes:
    docs, freqs = batch.docs[span].astype(np.int64), batch.freqs[span].astype(np.int64)
    flags = 0
    doc_kind, doc_bytes, squeezed = _encode_docs(docs)
    flags |= DOCS_SQUEEZED * squeezed
    freq_kind, freq_bytes = _encode_freqs(freqs)
    freq_bytes, squeezed = _squeeze(freq_bytes)
    flags |= FREQS_SQUEEZED * squeezed
    position_kind, position_bytes = STEPS, b""
    if batch.positions is not None:
        positions = batch.positions[token_starts[span.start] : token_starts[span.stop]]
        position_kind, position_bytes = _encode_positions(positions.astype(np.int64), freqs)
    weight_bytes = value_bytes = b""
    if batch.weights is not None and not np.array_equal(batch.weights[span], freqs):
        flags |= HAS_WEIGHTS
        weight_bytes = batch.weights[span].astype("<f4").tobytes()
    if batch.values is not None:
        flags |= HAS_VALUES
        values = batch.values[span]
        value_bytes = np.array([len(value) for value in values], dtype="<u4").tobytes() + b"".join(values)
    header = HEADER.pack(len(docs), int(freqs.sum()), len(doc_bytes), len(freq_bytes), len(position_bytes), doc_kind,
                         freq_kind, position_kind, flags)
    return b"".join((header, doc_bytes, freq_bytes, weight_bytes, position_bytes, value_bytes))


def _squeeze(data: bytes) -> tuple[bytes, bool]:
    """Return (bytes, compressed or not): compressed where that saves a tenth."""
    if len(data) < _SQUEEZE_FROM:
        return data, False
    if not hasattr(_local, "compressor"):  # not safe between threads
        _local.compressor = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters.from_level(
            1, format=_MAGICLESS, write_content_size=True, write_checksum=False))
    squeezed: bytes = _local.compressor.compress(data)
    return (squeezed, True) if 10 * len(squeezed) <= 9 * len(data) else (data, False)


def _unsqueeze(data: memoryview) -> bytes:
    if not hasattr(_local, "decompressor"):
        _local.decompressor = zstandard.ZstdDecompressor(format=_MAGICLESS)
    out: bytes = _local.decompressor.decompress(data)
    return out


def _split(numbers: Ints) -> bytes:
    """Write numbers 0..2^32-1 as low bits, compressed upper parts, and those whose upper part is 255 or more."""
    low_byte = numbers.mean() >= _LONG_MEAN
    high = np.minimum(numbers >> (8 if low_byte else 4), 255).astype(np.uint8)
    if low_byte:
        low = (numbers & 255).astype(np.uint8)
    else:
        half = (len(numbers) + 1) // 2
        low = (numbers[:half] & 15).astype(np.uint8)
        low[: len(numbers) - half] |= (numbers[half:] & 15).astype(np.uint8) << 4
    high_bytes, squeezed = _squeeze(high.tobytes())
    flags = _SQUEEZED * squeezed | _LOW_BYTE * bool(low_byte)
    listed = numbers[high == 255].astype("<u4")
    return b"".join((_SPLIT.pack(flags, len(high_bytes)), high_bytes, low.tobytes(), listed.tobytes()))


def _join(data: memoryview, count: int) -> NDArray[np.uint16] | NDArray[np.uint32]:
    """Read `count` split numbers."""
    flags, high_bytes = _SPLIT.unpack_from(data)
    upper = data[_SPLIT.size : _SPLIT.size + high_bytes]
    high = np.frombuffer(_unsqueeze(upper) if flags & _SQUEEZED else upper, dtype=np.uint8, count=count)
    start, half = _SPLIT.size + high_bytes, (count + 1) // 2
    out = high.astype(np.uint16)
    if flags & _LOW_BYTE:
        out <<= 8
        out |= np.frombuffer(data, dtype=np.uint8, count=count, offset=start)
        end = start + count
    else:
        out <<= 4
        low = np.frombuffer(data, dtype=np.uint8, count=half, offset=start)
        out[:half] |= low & 15
        out[half:] |= low[: count - half] >> 4
        end = start + half
    if end == len(data):
        return out
    wide = out.astype(np.uint32)
    wide[high == 255] = np.frombuffer(data, dtype="<u4", offset=end)
    return wide


def _encode_docs(docs: Ints) -> tuple[int, bytes, bool]:
    """Return (kind, bytes, compressed or not)."""
    if _BITMAP_SHARE * len(docs) < docs[-1]:
        return GAPS, _split(np.diff(docs, prepend=-1) - 1), False
    bits = np.zeros(int(docs[-1]) + 1, dtype=np.uint8)
    bits[docs] = 1
    return BITMAP, *_squeeze(np.packbits(bits, bitorder="little").tobytes())


def _encode_freqs(freqs: Ints) -> tuple[int, bytes]:
    top = int(freqs.max())
    if top == 1 and freqs.min() == 1:
        return ALL_ONE, b""
    rest = freqs[(freqs > 3) | (freqs < 1)]
    kind = REST8 if top < 256 else REST16 if top < 65536 else REST32
    codes = np.where((freqs > 3) | (freqs < 1), 3, freqs - 1).astype(np.uint8)
    codes = np.concatenate((codes, np.zeros(-len(codes) % 4, dtype=np.uint8))).reshape(-1, 4)
    packed = codes[:, 0] | codes[:, 1] << 2 | codes[:, 2] << 4 | codes[:, 3] << 6
    return kind, packed.tobytes() + rest.astype(_REST_DTYPE[kind]).tobytes()


def _encode_positions(positions: Ints, freqs: Ints) -> tuple[int, bytes]:
    """Return (kind, bytes)."""
    if not len(positions):
        return STEPS, b""
    steps = np.diff(positions, prepend=0)
    firsts = (np.cumsum(freqs) - freqs)[freqs > 0]
    steps[firsts] = positions[firsts]
    if steps.min() < 0:
        return ABSOLUTE, positions.astype("<u4").tobytes()
    return STEPS, _split(steps)


@dataclass(frozen=True, slots=True)
class Rare:
    """A rare record, decoded: all parts are tiny."""

    doc_list: Ints
    freq_list: Ints
    position_list: Ints
    is_bitmap: ClassVar[bool] = False

    @property
    def cf(self) -> int:
        """Occurrences in all documents."""
        return int(self.freq_list.sum())

    def docs(self) -> Ints:
        """Return document numbers [df], ascending."""
        return self.doc_list

    def freqs(self) -> Ints:
        """Return frequencies [df]."""
        return self.freq_list

    def weights(self) -> NDArray[np.float32]:
        """Return Whoosh's weights [df]: in rare records always the frequencies."""
        return self.freq_list.astype(np.float32)

    def bitmap(self, doc_count: int) -> NDArray[np.uint8]:
        """Return 0 or 1 per document [doc_count]."""
        out = np.zeros(doc_count, dtype=np.uint8)
        out[self.doc_list] = 1
        return out

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

    def bitmap(self, doc_count: int) -> NDArray[np.uint8]:
        """Return 0 or 1 per document [doc_count].  Costs doc_count / 8 bytes read, doc_count written."""
        out = np.zeros(doc_count, dtype=np.uint8)
        if self.is_bitmap:
            bits = self._bits()
            known = min(doc_count, 8 * len(bits))
            out[:known] = np.unpackbits(bits, count=known, bitorder="little")
        else:
            out[self.docs()] = 1
        return out

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
        packed, dtype = (self.df + 3) // 4, np.dtype(_REST_DTYPE[self._freq_kind])
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
            return np.frombuffer(_unsqueeze(part) if squeezed else part, dtype=np.uint8)
        except (zstandard.ZstdError, MemoryError) as error:
            raise self._damaged(error) from error

    def _joined(self, start: int, size: int, count: int) -> Ints:
        try:
            return _join(self._data[start : start + size], count)
        except (zstandard.ZstdError, MemoryError, ValueError) as error:
            raise self._damaged(error) from error

    def _damaged(self, reason: object) -> IndexDamaged:
        return IndexDamaged(f"A posting list of the index file {self._where} is damaged ({reason}): "
                            "rebuild the index.")
