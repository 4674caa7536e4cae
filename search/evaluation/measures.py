"""Measures of ranked lists, as TREC defines them (checked against `ir-measures` in the tests).

nDCG uses gain = relevance and discount log2(rank + 1); unjudged documents count as not relevant.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Final, NamedTuple

import numpy as np

#: Resamples of the bootstrap; the interval holds its middle 95 %.
RESAMPLES: Final = 2_000


class QueryMeasures(NamedTuple):
    """What one query reaches; `correction` is what was searched instead of the words typed, "" if these were."""

    ndcg10: float
    mrr10: float
    recall100: float
    ms: float
    correction: str = ""


@dataclass(frozen=True, slots=True)
class Measures:
    """Means over the queries of one form; `interval` is the 95 % bootstrap interval of nDCG@10."""

    ndcg10: float
    mrr10: float
    recall100: float
    ms: float
    interval: tuple[float, float]
    queries: int
    by_query: Mapping[str, QueryMeasures] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Mapping[str, QueryMeasures]) -> "Measures":
        """Return the means over queries; all 0 if there are none."""
        if not found:
            return cls(0.0, 0.0, 0.0, 0.0, (0.0, 0.0), 0)
        ndcgs, ranks, recalls, times, _ = zip(*found.values(), strict=True)
        return cls(fmean(ndcgs), fmean(ranks), fmean(recalls), fmean(times), bootstrap(ndcgs), len(ndcgs), found)

    @property
    def corrections(self) -> dict[str, str]:
        """Return what was searched instead of the words typed, by query."""
        return {query: found.correction for query, found in self.by_query.items() if found.correction}


def ndcg(ranked: Sequence[str], relevance: Mapping[str, int], depth: int = 10) -> float:
    """Return nDCG of a ranked list at a depth."""
    gains = [relevance.get(doc, 0) / math.log2(rank + 2) for rank, doc in enumerate(ranked[:depth])]
    best = sorted(relevance.values(), reverse=True)[:depth]
    ideal = sum(value / math.log2(rank + 2) for rank, value in enumerate(best) if value > 0)
    return sum(gains) / ideal if ideal else 0.0


def reciprocal_rank(ranked: Sequence[str], relevance: Mapping[str, int], depth: int = 10) -> float:
    """Return 1 / rank of the first relevant document within a depth, else 0."""
    return next((1 / rank for rank, doc in enumerate(ranked[:depth], 1) if relevance.get(doc, 0) > 0), 0.0)


def recall(ranked: Sequence[str], relevance: Mapping[str, int], depth: int = 100) -> float:
    """Return the share of relevant documents within a depth."""
    wanted = {doc for doc, value in relevance.items() if value > 0}
    return len(wanted.intersection(ranked[:depth])) / len(wanted) if wanted else 0.0


def bootstrap(values: Sequence[float], seed: int = 1) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the mean.

    Of the differences between two runs on the same queries this is the paired bootstrap.
    """
    if not values:
        return (0.0, 0.0)
    sample = np.asarray(values)
    rows = np.random.default_rng(seed).integers(0, len(sample), (RESAMPLES, len(sample)))
    low, high = np.percentile(sample[rows].mean(axis=1), [2.5, 97.5])
    return (float(low), float(high))
