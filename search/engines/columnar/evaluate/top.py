"""Choose the best documents of many."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.bm25f import Scores

#: Sizes of the groups whose best score is looked at first; the largest that leaves enough groups.
_BLOCKS = (64, 16, 4)
#: Keys that order the places of equal scores.
TieKeys = Callable[[npt.NDArray[np.intp]], npt.NDArray[Any]]


def top(scores: Scores, count: int, ties: TieKeys | None = None) -> npt.NDArray[np.intp]:
    """Return the places of the `count` highest scores, best first; ties by the key that `ties` gives, or by place.

    The count-th highest maximum of groups of scores is a lower bound of the count-th highest score, so one pass
    leaves few candidates to sort: O(m + c log c).
    """
    size = len(scores)
    block = next((block for block in _BLOCKS if size > block * 2 * count > 0), 0)
    if block:
        maxima = scores[: size - size % block].reshape(block, -1).max(axis=0)
        bound = np.partition(maxima, len(maxima) - count)[len(maxima) - count]
        places = (scores >= bound).nonzero()[0]
    elif size > 2 * count > 0:
        places = (scores >= np.partition(scores, size - count)[size - count]).nonzero()[0]
    else:
        places = np.arange(size)
    keys = -scores.take(places)
    order = np.argsort(keys, kind="stable") if ties is None else np.lexsort((ties(places), keys))
    best: npt.NDArray[np.intp] = places[order[:count]]
    return best
