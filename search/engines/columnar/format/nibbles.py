"""Small numbers of four bits each, any of which can be read alone; the few from 15 on are listed beside them.

Frequencies and the upper parts of positions lie on disk like this: a quarter larger than compressed, but nothing has to
be decoded before the numbers of a few documents are read, and mapped pages are shared between processes.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[Any]

#: From here on a number is listed.
LISTED: Final = 15
#: Both numbers of a byte: the one in its lower half comes first.
_TWO: Final = np.array([(byte & 15, byte >> 4) for byte in range(256)], np.uint8).view("<u2").ravel()


def pack(numbers: Ints) -> bytes:
    """Write numbers 0..2^32-1: half a byte each, then the places and the values of those that are listed."""
    short = np.minimum(numbers, LISTED).astype(np.uint8)
    if len(short) % 2:
        short = np.append(short, np.uint8(0))
    places = np.flatnonzero(numbers >= LISTED)
    listed = np.concatenate((places, numbers[places])).astype("<u4")
    return (short[::2] | short[1::2] << 4).tobytes() + listed.tobytes()


@dataclass(frozen=True, slots=True)
class Nibbles:
    """What `pack` wrote; `packed` [bytes], `places` ascending and `values` of the listed numbers."""

    packed: NDArray[np.uint8]
    places: Ints
    values: Ints

    @property
    def nbytes(self) -> int:
        """Bytes of the file."""
        return self.packed.nbytes + self.held

    @property
    def held(self) -> int:
        """Bytes held beside the file."""
        return self.places.nbytes + self.values.nbytes

    @classmethod
    def of(cls, data: memoryview, count: int) -> "Nibbles":
        """View `count` numbers."""
        size = (count + 1) // 2
        listed = np.frombuffer(data[size:], dtype="<u4").reshape(2, -1).astype(np.uint32)  # aligned, for searching
        return cls(np.frombuffer(data, np.uint8, size), *listed)

    def take(self, at: Ints) -> Ints:
        """Return the numbers at some places: as uint8, or as int64 where one of them is listed."""
        short = self.packed.take(at >> 1)
        short >>= ((at & 1) << 2).astype(np.uint8)
        short &= LISTED
        if not len(self.places):
            return short
        listed = (short == LISTED).nonzero()[0]
        if not len(listed):
            return short
        out = short.astype(np.int64)
        out[listed] = self.values.take(self.places.searchsorted(at.take(listed).astype(np.uint32)))
        return out

    def all(self, count: int) -> Ints:
        """Return the first `count` numbers, which are all there are."""
        return self.between(0, count)

    def between(self, start: int, stop: int) -> Ints:
        """Return the numbers from `start` up to `stop`: as uint8, or as uint16 or uint32 where one is listed."""
        short = _TWO.take(self.packed[start >> 1 : stop + 1 >> 1]).view(np.uint8)[start & 1 :][: stop - start]
        low, high = self.places.searchsorted((start, stop))
        if low == high:
            return short
        values = self.values[low:high]
        out = short.astype(np.uint16 if int(values.max()) < 1 << 16 else np.uint32)
        out[self.places[low:high] - np.uint32(start)] = values
        return out

    def spliced(self, count: int, start: int, stop: int, numbers: Ints) -> "Nibbles":
        """Return the `count` numbers with those from `start` up to `stop` replaced: what is behind them is moved."""
        middle = [*self._halves(start & ~1, start), *np.minimum(numbers, LISTED).tolist()]
        after = stop
        if len(middle) % 2 and after < count:
            middle += self._halves(after, after + 1)
            after += 1
        tail = self.packed[after // 2 :]
        if after % 2:
            tail = (tail >> 4 | np.append(tail[1:], np.uint8(0)) << 4).astype(np.uint8)
        edge = np.array([*middle, *([0] * (len(middle) % 2))], np.uint8)
        tail = tail[: (count - after + 1) // 2]
        packed = np.concatenate((self.packed[: start // 2], edge[::2] | edge[1::2] << 4, tail))
        low, high = self.places.searchsorted((start, stop))
        listed = np.flatnonzero(numbers >= LISTED)
        moved = self.places[high:].astype(np.int64) + (len(numbers) - (stop - start))
        return Nibbles(packed, np.concatenate((self.places[:low], listed + start, moved)),
                       np.concatenate((self.values[:low], numbers[listed], self.values[high:])))  # fmt: skip

    def _halves(self, start: int, stop: int) -> list[int]:
        return [int(self.packed[at >> 1]) >> (at & 1) * 4 & LISTED for at in range(start, stop)]

    def tobytes(self) -> bytes:
        """Return the numbers as `pack` writes them."""
        return self.packed.tobytes() + np.concatenate((self.places, self.values)).astype("<u4").tobytes()
