"""How one posting list lies in bytes, and how whole-array operations read it back.

Two kinds of records:

- *rare* terms (at most `RARE` documents): 3 bytes per document number, 1 per frequency, 2 per position.  Thousands
  of them are written by a few array operations.
- *full* records: a header, then

  - documents: a bitmap where that is smallest (more than about N/8 documents), else gaps in 1 or 2 bytes, where
    gap 0 stands for the next one of a list of longer gaps
  - frequencies: 2 bits each (1, 2, 3, more), the rest in a list; nothing at all if all are 1
  - weights: float32, only where a weight is not its frequency (Whoosh's boosts)
  - positions: the low byte of each, then one bit plane per further bit, and a list of the few that need more
  - values: Whoosh's opaque posting values, only for formats with more than positions

  Positions are absolute, so those of any candidate can be read without decoding the list.

Every decoder is linear in the length of its part: `unpackbits`, `cumsum`, table look-up, `flatnonzero`.
"""

import struct
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[Any]

#: Longest list that is written as a rare record.
RARE: Final = 32
_MAX_RARE_DOC: Final = 1 << 24
MAX_PLANES: Final = 12
#: df, cf, bytes of documents, bytes of frequencies, long positions, kinds of documents and frequencies, planes, flags
HEADER: Final = struct.Struct("<IIIIIBBBB")
BITMAP, GAPS8, GAPS16 = 0, 1, 2
ALL_ONE, REST8, REST16, REST32 = 0, 1, 2, 3
HAS_WEIGHTS, HAS_VALUES = 1, 2
_REST_DTYPE: Final = {REST8: "<u1", REST16: "<u2", REST32: "<u4"}
_GAP_DTYPE: Final = {GAPS8: "<u1", GAPS16: "<u2"}
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
    doc_kind, doc_bytes = _encode_docs(docs)
    freq_kind, freq_bytes = _encode_freqs(freqs)
    planes, long_count, position_bytes = 0, 0, b""
    if batch.positions is not None:
        positions = batch.positions[token_starts[span.start] : token_starts[span.stop]]
        planes, long_count, position_bytes = _encode_positions(positions.astype(np.int64))
    flags = 0
    weight_bytes = value_bytes = b""
    if batch.weights is not None and not np.array_equal(batch.weights[span], freqs):
        flags |= HAS_WEIGHTS
        weight_bytes = batch.weights[span].astype("<f4").tobytes()
    if batch.values is not None:
        flags |= HAS_VALUES
        values = batch.values[span]
        value_bytes = np.array([len(value) for value in values], dtype="<u4").tobytes() + b"".join(values)
    header = HEADER.pack(len(docs), int(freqs.sum()), len(doc_bytes), len(freq_bytes), long_count, doc_kind, freq_kind,
                         planes, flags)
    return b"".join((header, doc_bytes, freq_bytes, weight_bytes, position_bytes, value_bytes))


def _encode_docs(docs: Ints) -> tuple[int, bytes]:
    """Choose the smallest of bitmap, one-byte gaps and two-byte gaps."""
    gaps = np.diff(docs, prepend=-1)
    sizes = {BITMAP: (int(docs[-1]) + 8) // 8}
    for kind, limit, width in ((GAPS8, 255, 1), (GAPS16, 65535, 2)):
        sizes[kind] = len(docs) * width + 4 * int((gaps > limit).sum())
    kind = min(sizes, key=lambda kind: sizes[kind])
    if kind == BITMAP:
        bits = np.zeros(int(docs[-1]) + 1, dtype=np.uint8)
        bits[docs] = 1
        return kind, np.packbits(bits, bitorder="little").tobytes()
    long = gaps > (255 if kind == GAPS8 else 65535)
    return kind, np.where(long, 0, gaps).astype(_GAP_DTYPE[kind]).tobytes() + gaps[long].astype("<u4").tobytes()


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


def _encode_positions(positions: Ints) -> tuple[int, int, bytes]:
    """Return (planes, long ones, bytes) with the number of bit planes that makes the bytes fewest."""
    count = len(positions)
    if not count:
        return 0, 0, b""
    over = np.bincount(np.minimum(np.frexp(positions.astype(np.float64))[1], 40), minlength=41)
    longer = count - np.cumsum(over)  # longer[b]: positions that need more than b bits
    costs = [planes * ((count + 7) // 8) + 8 * int(longer[8 + planes]) for planes in range(MAX_PLANES + 1)]
    planes = int(np.argmin(costs))
    long = np.flatnonzero(positions >= 256 << planes)
    parts = [(positions & 255).astype(np.uint8).tobytes()]
    parts += [np.packbits((positions >> (8 + plane) & 1).astype(np.uint8), bitorder="little").tobytes()
              for plane in range(planes)]
    parts += [long.astype("<u4").tobytes(), positions[long].astype("<u4").tobytes()]
    return planes, len(long), b"".join(parts)


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

    def positions_at(self, places: Ints) -> Ints:
        """Return the positions at `places` of the list."""
        return self.position_list[places]

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
    """A full record; each part is decoded only when asked for.  Offsets are relative to `data`."""

    __slots__ = ("_data", "_doc_bytes", "_doc_kind", "_flags", "_freq_bytes", "_freq_kind", "_long", "_planes", "cf",
                 "df", "has_positions")

    def __init__(self, data: memoryview, has_positions: bool) -> None:
        (self.df, self.cf, self._doc_bytes, self._freq_bytes, self._long, self._doc_kind, self._freq_kind,
         self._planes, self._flags) = HEADER.unpack_from(data)
        self._data = data
        self.has_positions = has_positions

    @property
    def is_bitmap(self) -> bool:
        """Say whether the documents are stored as a bitmap."""
        return bool(self._doc_kind == BITMAP)

    def bitmap(self, doc_count: int) -> NDArray[np.uint8]:
        """Return 0 or 1 per document [doc_count].  Costs doc_count / 8 bytes read, doc_count written."""
        out = np.zeros(doc_count, dtype=np.uint8)
        if self.is_bitmap:
            bits = self._part("<u1", self._doc_bytes, HEADER.size)
            known = min(doc_count, 8 * self._doc_bytes)
            out[:known] = np.unpackbits(bits, count=known, bitorder="little")
        else:
            out[self.docs()] = 1
        return out

    def docs(self) -> NDArray[np.int32]:
        """Return document numbers [df], ascending.  One pass over the gaps, or over all documents of a bitmap."""
        if self.is_bitmap:
            bits = self._part("<u1", self._doc_bytes, HEADER.size)
            return np.flatnonzero(np.unpackbits(bits, bitorder="little").view(bool)).astype(np.int32)
        dtype = np.dtype(_GAP_DTYPE[self._doc_kind])
        short = self._part(dtype, self.df, HEADER.size)
        gaps = short.astype(np.int32)
        listed = self.df * dtype.itemsize
        if self._doc_bytes > listed:
            gaps[short == 0] = self._part("<u4", (self._doc_bytes - listed) // 4, HEADER.size + listed)
        gaps[0] -= 1
        return np.cumsum(gaps, dtype=np.int32)

    def freqs(self) -> Ints:
        """Return frequencies [df] as uint8, or a wider type where one needs it."""
        if self._freq_kind == ALL_ONE:
            return np.ones(self.df, dtype=np.uint8)
        start, packed = HEADER.size + self._doc_bytes, (self.df + 3) // 4
        dtype = np.dtype(_REST_DTYPE[self._freq_kind])
        short = _FOUR[self._part("<u1", packed, start)].view(np.uint8)[: self.df]
        out = short.astype(dtype) if dtype.itemsize > 1 else short
        rest = (self._freq_bytes - packed) // dtype.itemsize
        if rest:
            out[short == 0] = self._part(dtype, rest, start + packed)
        return out

    def weights(self) -> NDArray[np.float32]:
        """Return Whoosh's weights [df]; the frequencies where none are stored."""
        if not self._flags & HAS_WEIGHTS:
            return self.freqs().astype(np.float32)
        return self._part("<f4", self.df, HEADER.size + self._doc_bytes + self._freq_bytes)

    def _positions_start(self) -> int:
        weights = 4 * self.df if self._flags & HAS_WEIGHTS else 0
        return int(HEADER.size + self._doc_bytes + self._freq_bytes + weights)

    def _planes_start(self, plane: int) -> int:
        return int(self._positions_start() + self.cf + plane * ((self.cf + 7) // 8))

    def positions(self) -> NDArray[np.int32]:
        """Return all positions [cf].  One pass per bit plane."""
        out = self._part("<u1", self.cf, self._positions_start()).astype(np.int32)
        for plane in range(self._planes):
            bits = self._part("<u1", (self.cf + 7) // 8, self._planes_start(plane))
            out |= np.unpackbits(bits, count=self.cf, bitorder="little").astype(np.int32) << (8 + plane)
        if self._long:
            start = self._planes_start(self._planes)
            out[self._part("<u4", self._long, start)] = self._part("<u4", self._long, start + 4 * self._long)
        return out

    def positions_at(self, places: Ints) -> NDArray[np.int32]:
        """Return the positions at `places` of the list without decoding it: linear in the number of places."""
        out = self._part("<u1", self.cf, self._positions_start())[places].astype(np.int32)
        byte, bit = places >> 3, (places & 7).astype(np.uint8)
        for plane in range(self._planes):
            bits = self._part("<u1", (self.cf + 7) // 8, self._planes_start(plane))
            out |= (bits[byte] >> bit & 1).astype(np.int32) << (8 + plane)
        if self._long:
            start = self._planes_start(self._planes)
            where = self._part("<u4", self._long, start)
            found = np.minimum(np.searchsorted(where, places), self._long - 1)
            hit = where[found] == places
            out[hit] = self._part("<u4", self._long, start + 4 * self._long)[found[hit]]
        return out

    def values(self) -> list[bytes] | None:
        """Return Whoosh's opaque values [df], None where the format needs none."""
        if not self._flags & HAS_VALUES:
            return None
        start = self._planes_start(self._planes) + 8 * self._long if self.has_positions else self._positions_start()
        lengths = self._part("<u4", self.df, start)
        ends = (start + 4 * self.df + np.cumsum(lengths, dtype=np.int64)).tolist()
        begins = [start + 4 * self.df, *ends[:-1]]
        return [bytes(self._data[begin:end]) for begin, end in zip(begins, ends, strict=True)]

    def _part(self, dtype: Any, count: int, start: int) -> Ints:
        return np.frombuffer(self._data, dtype=dtype, count=count, offset=start)
