"""From texts to numbered pieces: what stands between two spaces or brackets is looked up once, then known by its bytes.

The rules of `search.text.tokenize` decide what a piece means; this module only finds again, by array operations
on the bytes of a whole batch, the pieces that it has met before.  The look-up is exact: it compares bytes.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.text.fold import fold, tone_key
from search.text.tokens import MAX_TOKEN, tokenize

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

#: Bytes of UTF-8 that can stand in a token or join two parts of one; no token reaches across any other byte.
_INSIDE: Final = bytes(byte >= 128 or chr(byte).isalnum() or chr(byte) in "./-" for byte in range(256))
#: Never part of a token at the border of a piece.  Not complete: what is missing costs a number more.
_PUNCTUATION: Final = "./-“”‘’«»…–—"
#: A tokenizer that knows more pieces of text than this starts afresh.
MAX_PIECES: Final = 300_000
#: Pieces looked up by one pass of array operations: few enough for the processor's caches.
_BLOCK: Final = 1 << 15
_SLOT_BITS: Final = 19
#: Odd factors without structure (the golden ratio and the square root of 2, in 64 bits): multiplicative hashing.
_FACTORS: Final = np.array([0x9E3779B97F4A7C15, 0x6A09E667F3BCC909], np.uint64)
#: `_MASKS[n]` keeps the first n bytes of a little-endian word.
_MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
_LONGEST: Final = 16


class _Vocabulary(dict[bytes, int]):
    """Numbers terms in the order of their first look-up."""

    def __missing__(self, term: bytes) -> int:
        self[term] = number = len(self)
        return number


class Pieces(dict[str, int]):
    """Numbers pieces of text (`TP.HCM`, `Hoà.`).

    Piece p has `parts[p]` positions and `counts[p]` tokens; the tokens of all pieces lie one after the other in
    `tokens` (per form, numbers of its vocabulary), token t stands at position `places[t]` of its piece.  Pieces
    that differ in punctuation around them have one number.
    """

    def __init__(self) -> None:
        super().__init__()
        self.vocabularies = {"fold": _Vocabulary(), "key": _Vocabulary()}
        self.tokens = {"fold": array("i"), "key": array("i")}
        self.places, self.counts, self.parts = array("i"), array("i"), array("i")

    def __missing__(self, piece: str) -> int:
        core = piece.strip(_PUNCTUATION)
        number = self.get(core)
        if number is None:
            number = self[core] = self._add(core)
        self[piece] = number
        return number

    def _add(self, piece: str) -> int:
        count = parts = 0
        for key, folded, whole in _tokens(piece):
            self.tokens["fold"].append(self.vocabularies["fold"][folded.encode()])
            self.tokens["key"].append(self.vocabularies["key"][key.encode()])
            self.places.append(parts)
            count += 1
            parts += not whole
        self.counts.append(count)
        self.parts.append(parts)
        return len(self.counts) - 1


def _tokens(piece: str) -> Iterator[tuple[str, str, bool]]:
    """Yield (tone key, folded form, whether it is a compound) as `tokenize` does, faster for one plain word."""
    if piece.isalnum():
        word = piece[:MAX_TOKEN]
        yield tone_key.__wrapped__(word), fold.__wrapped__(word), False  # looked up once: no need of their caches
        return
    for token in tokenize(piece):
        yield token.key, token.fold, token.whole


@dataclass(frozen=True)
class Batch:
    """Pieces of many texts by number: `ends[i]` is where text i ends in `numbers`."""

    numbers: npt.NDArray[np.int32]
    ends: Ints
    table: Pieces


class Tokenizer:
    """Reads texts as numbered pieces; remembers the pieces until they are too many.

    Pieces of up to 16 bytes are found by two words of 8 bytes each in a table with one place per hash; the
    first to come has it, so it is the frequent ones that are there.  The others cost a dictionary look-up.
    """

    def __init__(self, most: int = MAX_PIECES) -> None:
        """Remember up to `most` pieces."""
        self._most = most
        self._forget()

    def _forget(self) -> None:
        self._pieces = Pieces()
        self._low, self._high = np.zeros((2, 1 << _SLOT_BITS), np.uint64)
        self._numbers = np.zeros(1 << _SLOT_BITS, np.int32)

    def read(self, texts: Sequence[bytes]) -> Batch:
        """Look up every piece of every text, given in UTF-8: some array operations per byte and per piece."""
        if len(self._pieces) > self._most:
            self._forget()
        data = b"".join((b"\n", b"\n".join(texts), b"\n" * _LONGEST))
        inside = np.frombuffer(data.translate(_INSIDE), bool)
        edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
        starts, sizes = edges[0::2], edges[1::2] - edges[0::2]
        numbers = np.empty(len(starts), np.int32)
        for first in range(0, len(starts), _BLOCK):
            block = slice(first, first + _BLOCK)
            numbers[block] = self._look_up(data, starts[block], sizes[block])
        text_ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
        return Batch(numbers, np.searchsorted(starts, text_ends).astype(np.int64), self._pieces)

    def _look_up(self, data: bytes, starts: Ints, sizes: Ints) -> npt.NDArray[np.int32]:
        eights: Any = np.ndarray(len(data) - 7, "<u8", data, strides=(1,))
        low = eights[starts] & _MASKS[np.minimum(sizes, 8)]
        high = eights[starts + 8] & _MASKS[np.minimum(np.maximum(sizes, 8) - 8, 8)]
        slots = ((low * _FACTORS[0] + high * _FACTORS[1]) >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)
        numbers: npt.NDArray[np.int32] = self._numbers[slots]
        missed = np.flatnonzero((self._low[slots] != low) | (self._high[slots] != high) | (sizes > _LONGEST))
        if len(missed):
            look_up = self._pieces.__getitem__
            begins, ends = starts[missed], starts[missed] + sizes[missed]
            found = [
                look_up(data[begin:end].decode("utf-8", "surrogatepass"))
                for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
            ]
            numbers[missed] = found
            self._remember(slots, low, high, numbers, missed[sizes[missed] <= _LONGEST])
        return numbers

    def _remember(
        self, slots: Ints, low: Words, high: Words, numbers: npt.NDArray[np.int32], missed: Ints
    ) -> None:
        """Give places of the table that are free to the first of the missed pieces that has their hash."""
        free = missed[self._low[slots[missed]] == 0]  # no piece begins with a zero byte
        chosen = free[np.unique(slots[free], return_index=True)[1]]
        places = slots[chosen]
        self._low[places], self._high[places] = low[chosen], high[chosen]
        self._numbers[places] = numbers[chosen]
