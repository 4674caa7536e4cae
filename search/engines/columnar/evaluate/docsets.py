"""Sets of documents: listed, or a mask over the archive, and the algebra that queries need of them.

With N documents and sets of m <= n members: probing a mask costs O(m), an operation on two masks O(N) bytes
(0.03 ns each); nothing is sorted or searched.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Docs = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Listed:
    """Documents in ascending order."""

    docs: Docs

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self.docs.nbytes) + 100

    @property
    def count(self) -> int:
        """Number of documents."""
        return len(self.docs)

    def mask(self, size: int) -> Mask:
        """Return the set as a mask over `size` documents."""
        mask = np.zeros(size, bool)
        mask[self.docs] = True
        return mask

    def has(self, docs: Docs, size: int) -> Mask:
        """Say which of `docs` are members."""
        return self.mask(size).take(docs)

    def only(self, allowed: Mask) -> "Listed":
        """Return the members inside of a mask over all documents."""
        return Listed(self.docs[allowed.take(self.docs)])


@dataclass(frozen=True)
class Masked:
    """Says of every document whether it is a member."""

    members: Mask

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self.members.nbytes) + 100

    @cached_property
    def count(self) -> int:
        """Number of documents."""
        return int(np.count_nonzero(self.members))

    @cached_property
    def docs(self) -> Docs:
        """Members in ascending order."""
        return self.members.nonzero()[0]

    def mask(self, size: int) -> Mask:
        """Return the mask itself."""
        return self.members

    def has(self, docs: Docs, size: int) -> Mask:
        """Say which of `docs` are members."""
        return self.members.take(docs)

    def only(self, allowed: Mask) -> "Masked":
        """Return the members inside of a mask over all documents."""
        return Masked(self.members & allowed)


Members = Listed | Masked

#: A listed document takes so many bytes, one of a mask takes one.
_LISTED_BYTES = 8

NOBODY = Listed(np.empty(0, np.intp))


def intersect(left: Members, right: Members, size: int) -> Members:
    """Return the documents in both sets."""
    if isinstance(left, Masked):
        return right.only(left.members)
    if isinstance(right, Masked):
        return left.only(right.members)
    few, many = sorted((left, right), key=lambda each: each.count)
    return Listed(few.docs[many.has(few.docs, size)])


def kept_small(members: Members, size: int) -> Members:
    """Return a set as it takes the least memory."""
    if members.count * _LISTED_BYTES < size:
        return members if isinstance(members, Listed) else Listed(members.docs)
    return members if isinstance(members, Masked) else Masked(members.mask(size))


def unite(sets: list[Members], size: int) -> Members:
    """Return the documents in any set."""
    if len(sets) == 1:
        return sets[0]
    mask = np.zeros(size, bool)
    for each in sets:
        if isinstance(each, Masked):
            mask |= each.members
        else:
            mask[each.docs] = True
    return Masked(mask)


def subtract(kept: Members, excluded: Members, size: int) -> Members:
    """Return the documents of `kept` that are not in `excluded`."""
    if isinstance(kept, Listed):
        return Listed(kept.docs[~excluded.has(kept.docs, size)])
    return Masked(kept.members & ~excluded.mask(size))
