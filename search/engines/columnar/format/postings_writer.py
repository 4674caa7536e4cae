"""Encode posting lists; `postings` says how they lie in bytes and reads them back.

Whole batches of terms are given at once: the thousands of rare terms are written by a few array operations, the
others one by one.  Every encoder is linear in the length of its part.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from search.engines.columnar.format.postings import (
    ABSOLUTE,
    ALL_ONE,
    BITMAP,
    DOCS_SQUEEZED,
    FREQS_SQUEEZED,
    GAPS,
    HAS_VALUES,
    HAS_WEIGHTS,
    HEADER,
    REST8,
    REST16,
    REST32,
    REST_DTYPE,
    STEPS,
)
from search.engines.columnar.format.split_numbers import Ints, split, squeeze

#: Longest list that is written as a rare record.
RARE: Final = 32
_MAX_RARE_DOC: Final = 1 << 24
#: A bitmap is smaller than gaps, when both are compressed, from one document in 10 to 20 on, and read faster.
_BITMAP_SHARE: Final = 12


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
    freq_bytes, squeezed = squeeze(freq_bytes)
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


def _encode_docs(docs: Ints) -> tuple[int, bytes, bool]:
    """Return (kind, bytes, compressed or not)."""
    if _BITMAP_SHARE * len(docs) < docs[-1]:
        return GAPS, split(np.diff(docs, prepend=-1) - 1), False
    bits = np.zeros(int(docs[-1]) + 1, dtype=np.uint8)
    bits[docs] = 1
    return BITMAP, *squeeze(np.packbits(bits, bitorder="little").tobytes())


def _encode_freqs(freqs: Ints) -> tuple[int, bytes]:
    top = int(freqs.max())
    if top == 1 and freqs.min() == 1:
        return ALL_ONE, b""
    rest = freqs[(freqs > 3) | (freqs < 1)]
    kind = REST8 if top < 256 else REST16 if top < 65536 else REST32
    codes = np.where((freqs > 3) | (freqs < 1), 3, freqs - 1).astype(np.uint8)
    codes = np.concatenate((codes, np.zeros(-len(codes) % 4, dtype=np.uint8))).reshape(-1, 4)
    packed = codes[:, 0] | codes[:, 1] << 2 | codes[:, 2] << 4 | codes[:, 3] << 6
    return kind, packed.tobytes() + rest.astype(REST_DTYPE[kind]).tobytes()


def _encode_positions(positions: Ints, freqs: Ints) -> tuple[int, bytes]:
    """Return (kind, bytes)."""
    if not len(positions):
        return STEPS, b""
    steps = np.diff(positions, prepend=0)
    firsts = (np.cumsum(freqs) - freqs)[freqs > 0]
    steps[firsts] = positions[firsts]
    if steps.min() < 0:
        return ABSOLUTE, positions.astype("<u4").tobytes()
    return STEPS, split(steps)
