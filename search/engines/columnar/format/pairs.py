"""Which neighbouring words have posting lists of their own, written with every segment.

A phrase of two words that stand in every third article is two lists of millions of positions, and one of some
thousand documents as a term of its own (CommonGrams; Bahle, Williams and Zobel 2002).  Of the words in more than a
twelfth of the documents, every two that stand side by side as often as chance has it are such a term.  Where both
words are frequent and the pair is not `left_out`, its list is complete, and one that is not there stands nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

#: The fields of pairs: in title and body, and in the title alone.  No field of Whoosh's: it has phrases of its own.
PAIRS, TITLE_PAIRS = "pair", "title_pair"
PAIR_FIELDS: Final = (PAIRS, TITLE_PAIRS)
#: Bytes of a pair as a term: the place of the left word x words + that of the right, the highest byte first.
TERM_SIZE: Final = 3
_BETWEEN: Final = b" "


@dataclass(frozen=True)
class PairRule:
    """The frequent words of an index, ascending, and which pairs of them have no list, [left, right]."""

    words: Sequence[bytes] = ()
    left_out: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), bool))

    @cached_property
    def _place(self) -> dict[bytes, int]:
        return {word: place for place, word in enumerate(self.words)}

    def term(self, left: bytes, right: bytes) -> bytes | None:
        """Return the term of a pair whose list is complete, or empty where there is none; else None."""
        at = self._place.get(left), self._place.get(right)
        if at[0] is None or at[1] is None or self.left_out[at]:
            return None
        return (at[0] * len(self.words) + at[1]).to_bytes(TERM_SIZE, "big")

    def packed(self) -> tuple[bytes, NDArray[np.uint8]]:
        """Return the rule as it is written."""
        return _BETWEEN.join(self.words), np.packbits(self.left_out)

    @classmethod
    def unpacked(cls, words: bytes, left_out: NDArray[np.uint8]) -> Self:
        """Return a rule that was packed."""
        names = words.split()
        bits = np.unpackbits(left_out, count=len(names) ** 2).view(bool)
        return cls(names, bits.reshape(len(names), len(names)))


def terms_of(pairs: NDArray[np.integer[Any]]) -> bytes:
    """Return the terms of pairs by their numbers, side by side."""
    return pairs.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 4 - TERM_SIZE :].tobytes()


def numbers_of(terms: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the numbers of pairs from their terms, side by side."""
    bytes_ = terms.reshape(-1, TERM_SIZE).astype(np.int64)
    return bytes_[:, 0] << 16 | bytes_[:, 1] << 8 | bytes_[:, 2]
