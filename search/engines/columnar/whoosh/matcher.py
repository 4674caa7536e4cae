"""Whoosh's matcher over an array posting list.

It decodes the whole list at once, which costs less than Whoosh's own block reader for every list that is read at
all, and keeps the blocks of 128 postings, so that quality skipping takes the same decisions as in Whoosh's codec.
"""

from bisect import bisect_left
from copy import copy
from functools import cached_property
from itertools import accumulate
from typing import Any, Final, Self

import numpy as np
from whoosh import formats
from whoosh.matching.mcore import LeafMatcher, ReadTooFar
from whoosh.system import pack_uint

from search.engines.columnar.format.segment import LENGTH_OF_CODE, FieldArrays

BLOCK: Final = 128


class ArrayMatcher(LeafMatcher):
    """Postings of one term, in order."""

    def __init__(self, field: FieldArrays, ordinal: int, format_: Any, term: tuple[str, bytes], scorer: Any) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._field = field
        self._record = field.record(ordinal)
        self._docs = self._record.docs()
        self._ids: list[int] = self._docs.tolist()
        self._i = 0

    @cached_property
    def _weights(self) -> list[float]:
        weights: list[float] = self._record.freqs().astype(np.float32).tolist()
        return weights

    @cached_property
    def _positions(self) -> list[int]:
        positions: list[int] = self._record.positions().tolist()
        return positions

    @cached_property
    def _ends(self) -> list[int]:
        """Where the positions of each posting end."""
        return list(accumulate(self._record.freqs().tolist()))

    @cached_property
    def _block_weights(self) -> list[float]:
        starts = np.arange(0, len(self._docs), BLOCK)
        weights: list[float] = np.maximum.reduceat(self._record.freqs(), starts).astype(np.float32).tolist()
        return weights

    @cached_property
    def _block_lengths(self) -> tuple[list[int], list[int]]:
        """Smallest and greatest field length in each block; 0 in fields that are not scored."""
        starts = np.arange(0, len(self._docs), BLOCK)
        if self._field.lengths is None:
            return [0] * len(starts), [0] * len(starts)
        codes = self._field.lengths[self._docs]
        low = np.minimum.reduceat(np.where(codes, codes, 255), starts)
        return LENGTH_OF_CODE[low].tolist(), LENGTH_OF_CODE[np.maximum.reduceat(codes, starts)].tolist()

    def is_active(self) -> bool:
        """Say whether there is a current posting."""
        return self._i < len(self._ids)

    def reset(self) -> None:
        """Go back to the first posting."""
        self._i = 0

    def copy(self) -> Self:
        """Return a matcher at the same posting."""
        return copy(self)

    def id(self) -> int:
        """Return the document of the current posting."""
        return self._ids[self._i]

    def next(self) -> bool:  # type: ignore[override]  # collectors read the answer of a leaf
        """Go to the next posting; True if that is in another block."""
        self._i += 1
        return self._i % BLOCK == 0 or self._i == len(self._ids)

    def skip_to(self, targetid: int) -> None:
        """Go to the first posting whose document is not less than `targetid`."""
        if not self.is_active():
            raise ReadTooFar
        if targetid > self._ids[self._i]:
            self._i = bisect_left(self._ids, targetid, self._i)

    def skip_to_quality(self, minquality: float) -> int:
        """Skip blocks whose best score is not over `minquality`; return how many."""
        skipped = 0
        while self.is_active() and self.scorer.block_quality(self) <= minquality:
            self._i = (self._i // BLOCK + 1) * BLOCK
            skipped += 1
        return skipped

    def weight(self) -> float:
        """Return the weight of the current posting."""
        return self._weights[self._i]

    def value(self) -> bytes:
        """Return the value of the current posting as its format would encode it."""
        if isinstance(self.format, formats.Positions):
            return bytes(self.format.encode(self._current_positions()))
        return pack_uint(int(self._record.freqs()[self._i])) if isinstance(self.format, formats.Frequency) else b""

    def _current_positions(self) -> list[int]:
        start = self._ends[self._i - 1] if self._i else 0
        return self._positions[start : self._ends[self._i]]

    def value_as(self, astype: str) -> Any:
        """Return the value of the current posting, decoded."""
        if astype == "positions" and self._field.has_positions:
            return self._current_positions()
        return self.format.decoder(astype)(self.value())

    @property
    def _block(self) -> int:
        """The current block; past the end the last one, which union matchers still ask about."""
        return min(self._i, len(self._ids) - 1) // BLOCK

    def block_min_id(self) -> int:
        """Return the first document of the current block."""
        return self._ids[self._block * BLOCK]

    def block_max_id(self) -> int:
        """Return the last document of the current block."""
        return self._ids[min((self._block + 1) * BLOCK, len(self._ids)) - 1]

    def block_min_length(self) -> int:
        """Return the smallest field length in the current block."""
        return self._block_lengths[0][self._block]

    def block_max_length(self) -> int:
        """Return the greatest field length in the current block."""
        return self._block_lengths[1][self._block]

    def block_max_weight(self) -> float:
        """Return the greatest weight in the current block."""
        return self._block_weights[self._block]
