"""Which documents have enough of what a query asks for: sums of masses over those that match each of its parts."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.docsets import Docs, Mask

#: The sum of all masses in `heavy`: with so many of them, each rounded up, it still fits a byte.
_SUM_IN_A_BYTE, _MOST_IN_A_BYTE = 190, 64


def heavy(hits: Sequence[Mask], masses: Sequence[float], need: float) -> tuple[Docs, npt.NDArray[np.float64]]:
    """Return the places that have any of `hits` with at least `need` of the masses together, and what they have.

    Sums in one byte, rounded up, leave few places to add up exactly: two operations on a byte per place and child.
    """
    scale = _SUM_IN_A_BYTE / max(sum(masses), 1e-9)
    kind: type[np.uint8 | np.uint16] = np.uint8 if len(hits) <= _MOST_IN_A_BYTE else np.uint16
    bound: npt.NDArray[np.unsignedinteger[Any]] = np.zeros(len(hits[0]) if hits else 0, kind)
    part = np.empty_like(bound)
    for hit, mass in zip(hits, masses, strict=True):
        np.multiply(hit.view(np.uint8), kind(max(math.ceil(mass * scale), 1)), out=part)
        np.add(bound, part, out=bound)
    places = (bound >= max(math.floor(need * scale), 1)).nonzero()[0]
    sums = np.zeros(len(places))
    for hit, mass in zip(hits, masses, strict=True):
        sums += hit.take(places) * mass
    enough = sums >= need
    return places.compress(enough), sums.compress(enough)


def last_of_best(values: npt.NDArray[np.float64], count: int) -> float:
    """Return the `count`-th highest of `values`, the lowest if there are fewer, 0 if there are none."""
    order = max(len(values) - count, 0)
    return float(np.partition(values, order)[order]) if len(values) else 0.0
