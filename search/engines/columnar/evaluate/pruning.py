"""Leave out, before they are scored in full, documents that can't be among the best (Turtle and Flood 1995, MaxScore).

A score is a sum over the words of a query, and what a word can add has a bound.  The word that can add most is scored
for all documents; those that it puts first are scored in full, so the last of the best among them is a bound from
below.  What can't reach it with all that the other words can add is left out, word by word.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from search.engines.columnar.evaluate.bm25f import Scores
from search.engines.columnar.evaluate.docsets import Docs
from search.engines.columnar.evaluate.evaluator import Evaluator
from search.engines.columnar.evaluate.top import top

#: With fewer documents for each of the best, it costs less to score them all.
_MANY: Final = 20
#: So many times the best are scored in full for the bound from below.
_SEEDS: Final = 2
#: Sums in another order differ by less than this share.
_ROUNDING: Final = 1e-5


def candidates(evaluator: Evaluator, docs: Docs, factors: Sequence[Scores], count: int) -> Docs | None:
    """Return places in the ascending `docs`, ascending: all of the `count` best are among them; None stands for all.

    `factors` [documents] multiply the scores.
    """
    summands = sorted(evaluator.summands(), key=lambda summand: -summand[1])
    known = sum(np.isinf(bound) for _, bound in summands) + 1
    if len(docs) < _MANY * count or len(summands) <= known:
        return None
    partial = np.zeros(len(docs), np.float32)
    for node, _ in summands[:known]:
        partial += evaluator.score_of(node, docs)
    factor = np.ones(len(docs), np.float32)
    for each in factors:
        factor *= each
    rest = summands[known:]
    seeds = np.sort(top(partial * factor, _SEEDS * count))
    sums = partial.take(seeds)
    for node, _ in rest:
        sums += evaluator.score_of(node, docs.take(seeds))
    sums *= factor.take(seeds)
    least = np.partition(sums, len(sums) - count)[len(sums) - count] * (1 - _ROUNDING)
    places = np.arange(len(docs))
    for at, (node, _) in enumerate(rest):
        bound = np.float32(sum(bound for _, bound in rest[at:]))
        kept = ((partial + bound) * factor >= least).nonzero()[0]
        places, partial, factor = places.take(kept), partial.take(kept), factor.take(kept)
        if at + 1 < len(rest):
            partial += evaluator.score_of(node, docs.take(places))
    return places
