"""Where frequent terms stand in some documents: how often in each, and how often in all documents before it.

A query asks several terms for the same 200 documents.  Each array operation costs more to begin than to do for so few,
so all terms go through each of them together, and only what is read differs.  Frequencies are summed up as they lie,
sixteen to a number of 64 bits.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.docsets import Docs, Mask
from search.engines.columnar.format.nibbles import LISTED
from search.engines.columnar.format.postings import STEP

if TYPE_CHECKING:
    from search.engines.columnar.evaluate.posting_lists import ManyPostings

Ints = npt.NDArray[Any]

_ONE: Final = np.uint64(1)
_HALF_BYTES: Final = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES: Final = np.uint64(0x00FF00FF00FF00FF)
#: A product with it sums up four numbers of 16 bits, in the highest of them.
_SUM: Final = np.uint64(0x0001000100010001)
#: The lowest bit of each half byte.
_LOWEST: Final = np.uint64(0x1111111111111111)
_TWO, _FOUR, _EIGHT, _TOP = np.uint64(2), np.uint64(4), np.uint64(8), np.uint64(48)
#: Row r leaves the first r of `STEP` half bytes of two numbers.
_BELOW: Final = np.array([[(1 << 4 * min(r, 16)) - 1, (1 << 4 * max(r - 16, 0)) - 1] for r in range(STEP)], np.uint64)
#: Bytes of `STEP` half bytes.
ROW: Final = STEP // 2


def ranked(terms: Sequence["ManyPostings"], docs: Docs) -> tuple[Mask, Ints]:
    """Return which of the ascending `docs` have each term, and their ranks among those that have it.

    [term, document]
    """
    shape = len(terms), len(docs)
    read, ranks = np.empty((*shape, 8), np.uint8), np.empty(shape, np.uint32)
    at = docs >> 6
    for row, each in enumerate(terms):
        each.bits.take(at, axis=0, out=read[row], mode="clip")
        each.ranks.take(at, out=ranks[row], mode="clip")
        if len(at) and at[-1] >= len(each.bits):  # behind the last document that has it
            read[row, at.searchsorted(len(each.bits)) :] = 0
    words = read.view("<u8")[..., 0]
    bit = _ONE << (docs & 63).astype(np.uint64)
    hit = (words & bit) != 0
    words &= bit - _ONE
    ranks += np.bitwise_count(words)
    np.minimum(ranks, np.array([[each.df - 1] for each in terms], np.uint32), out=ranks)
    return hit, ranks.astype(np.intp)


def locate(terms: Sequence["ManyPostings"], docs: Docs) -> tuple[Ints, Ints]:
    """Return how often each term occurs in each of the ascending `docs`, and how often in all documents before.

    [term, document]
    """
    hit, ranks = ranked(terms, docs)
    blocks, inside = ranks // STEP, ranks % STEP
    rows = np.empty((*ranks.shape, ROW), np.uint8)
    starts = np.empty(ranks.shape, np.int64)
    for row, each in enumerate(terms):
        each.rows.take(blocks[row], axis=0, out=rows[row], mode="clip")
        starts[row] = each.steps.take(blocks[row])
    at = inside >> 1
    at += np.arange(0, at.size * ROW, ROW).reshape(at.shape)
    counts = rows.ravel().take(at).astype(np.intp)
    counts >>= (inside & 1) << 2
    counts &= LISTED
    below = rows.view(np.uint64)
    below &= _BELOW.take(inside, axis=0)
    starts += _sums(below)
    _add_listed(terms, blocks, _listed(below), counts, starts)
    counts *= hit
    return counts, starts


def _sums(rows: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Return the sum of the half bytes of each row of two numbers."""
    sums = rows & _HALF_BYTES
    rest = rows >> _FOUR
    rest &= _HALF_BYTES
    sums += rest  # bytes up to 30
    both = sums[..., 0] + sums[..., 1]
    high = both >> _EIGHT
    high &= _BYTES
    both &= _BYTES
    both += high
    both *= _SUM
    both >>= _TOP
    return both.view(np.int64)


def _listed(rows: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Return how many half bytes of each row are `LISTED`, which has all its bits."""
    ones = rows & (rows >> _ONE)
    ones &= ones >> _TWO
    ones &= _LOWEST
    counts = np.bitwise_count(ones)
    return counts[..., 0] + counts[..., 1]


def _add_listed(terms: Sequence["ManyPostings"], blocks: Ints, below: Ints, counts: Ints, starts: Ints) -> None:
    """Make whole what was read of listed frequencies: `below` of them stand before each place in its block."""
    for row, each in enumerate(terms):
        more = (counts[row] == LISTED).nonzero()[0]
        if len(more) or below[row].any():
            first = each.listed_before.take(blocks[row])
            last = first + below[row]
            starts[row] += each.over.take(last)
            starts[row] -= each.over.take(first)
            counts[row, more] = each.nibbles.values.take(last.take(more))
