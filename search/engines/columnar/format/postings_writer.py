"""Encode posting lists; `postings` says how they lie in bytes and reads them back.

Whole batches of terms are given at once: the thousands of rare terms are written by a few array operations, the
others one by one.  Every encoder is linear in the length of its part.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from search.engines.columnar.format.nibbles import pack
from search.engines.columnar.format.postings import (
    ALL_ONE,
    FREQS_SQUEEZED,
    GAPS,
    HEADER,
    LOW_BITS,
    REST8,
    REST16,
    REST32,
    REST_DTYPE,
    STEP,
    Postings,
    Records,
    marked_record,
)
from search.engines.columnar.format.split_numbers import Ints, split, squeeze

#: Longest list that is written as a rare record.
RARE: Final = 32
_MAX_RARE_DOC: Final = 1 << 24
#: From one document in so many on, a bit for each takes about the room of gaps and is read without decoding.
_BITMAP_SHARE: Final = 12


def encode(lists: Postings) -> Records:
    """Return the records of all terms, in order."""
    starts = _starts(lists.df)
    token_starts = _starts(lists.freqs) if lists.positions is not None else starts
    rare = _rare_terms(lists, starts, token_starts)
    data, sizes = _encode_rare(lists, rare, starts, token_starts)
    pieces: list[bytes] = []
    rare_ends = np.concatenate(([0], np.cumsum(sizes)))
    done = 0
    for term in np.flatnonzero(~rare):
        until = rare_ends[term]
        if until > done:
            pieces.append(data[done:until].tobytes())
            done = until
        record = _encode_full(lists, slice(starts[term], starts[term + 1]), token_starts)
        sizes[term] = len(record)
        pieces.append(record)
    pieces.append(data[done:].tobytes())
    return Records(b"".join(pieces), sizes, np.where(rare, lists.df, 0).astype(np.uint8), lists.df)


def _starts(counts: Ints) -> Ints:
    out = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=out[1:])
    return out


def _rare_terms(lists: Postings, starts: Ints, token_starts: Ints) -> NDArray[np.bool_]:
    """Say which terms can be rare records: short, and with small numbers."""
    if not len(lists.docs):
        return np.zeros(len(lists.df), dtype=bool)
    big = (lists.docs >= _MAX_RARE_DOC) | (lists.freqs > 255)
    if lists.positions is not None and len(lists.positions):
        long_tokens = np.concatenate(([0], np.cumsum(lists.positions > 65535)))
        big |= (long_tokens[token_starts[1:]] - long_tokens[token_starts[:-1]]) > 0
    bad = np.concatenate(([0], np.cumsum(big)))
    out: NDArray[np.bool_] = (lists.df <= RARE) & (bad[starts[1:]] == bad[starts[:-1]])
    return out


def _encode_rare(lists: Postings, rare: NDArray[np.bool_], starts: Ints, token_starts: Ints) -> tuple[Ints, Ints]:
    """Write all rare records into one byte array by scattering each part to its place."""
    tokens = token_starts[starts[1:]] - token_starts[starts[:-1]] if lists.positions is not None else 0
    sizes = np.where(rare, 4 * lists.df + 2 * tokens, 0).astype(np.int64)
    ends = np.cumsum(sizes)
    out = np.zeros(ends[-1] if len(ends) else 0, dtype=np.uint8)
    base = ends - sizes
    chosen = np.repeat(rare, lists.df)
    within = np.arange(len(lists.docs)) - np.repeat(starts[:-1], lists.df)
    place = (np.repeat(base, lists.df) + 3 * within)[chosen]
    docs = lists.docs[chosen].astype(np.int64)
    for byte in range(3):
        out[place + byte] = docs >> (8 * byte) & 255
    out[(np.repeat(base + 3 * lists.df, lists.df) + within)[chosen]] = lists.freqs[chosen]
    if lists.positions is not None:
        _scatter_positions(lists.positions, out, np.where(rare, tokens, 0), base + 4 * lists.df, token_starts[starts])
    return out, sizes


def _scatter_positions(positions: Ints, out: Ints, tokens: Ints, base: Ints, first: Ints) -> None:
    """Put 2 bytes per position of the rare terms at `base`; `tokens` is 0 for the other terms."""
    within = np.arange(tokens.sum()) - np.repeat(np.cumsum(tokens) - tokens, tokens)
    values = positions[np.repeat(first[:-1], tokens) + within].astype(np.int64)
    place = np.repeat(base, tokens) + 2 * within
    out[place] = values & 255
    out[place + 1] = values >> 8


def _encode_full(lists: Postings, span: slice, token_starts: Ints) -> bytes:
    docs, freqs = lists.docs[span].astype(np.int64), lists.freqs[span].astype(np.int64)
    position_bytes = b""
    if lists.positions is not None:
        positions = lists.positions[token_starts[span.start] : token_starts[span.stop]]
        position_bytes = (positions & ((1 << LOW_BITS) - 1)).astype(np.uint8).tobytes() + pack(positions >> LOW_BITS)
    if is_frequent(len(docs), int(docs[-1])):
        steps = (np.cumsum(freqs) - freqs)[::STEP].astype("<u4").tobytes() if position_bytes else b""
        return marked_record(len(docs), int(freqs.sum()), _bits(docs), steps, pack(freqs), position_bytes)
    doc_bytes = split(np.diff(docs, prepend=-1) - 1)
    freq_kind, freq_bytes = _encode_freqs(freqs)
    freq_bytes, squeezed = squeeze(freq_bytes)
    header = HEADER.pack(len(docs), int(freqs.sum()), len(doc_bytes), len(freq_bytes), len(position_bytes), GAPS,
                         freq_kind, FREQS_SQUEEZED * squeezed)  # fmt: skip
    return b"".join((header, doc_bytes, freq_bytes, position_bytes))


def is_frequent(df: int, last: int) -> bool:
    """Say whether a term of `df` documents, up to document `last`, is written with a bit for each document."""
    return df > RARE and df * _BITMAP_SHARE >= last


def _bits(docs: Ints) -> Ints:
    """Return a bit per document, in whole words of 64."""
    bits = np.zeros((int(docs[-1]) // 64 + 1) * 64, dtype=np.uint8)
    bits[docs] = 1
    return np.packbits(bits, bitorder="little")


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
