"""The neighbouring words of a query as pairs, each with the number of articles that are expected to have it.

A pair weighs as rare as the pair is, not as its words are: two common syllables may make one rare name.  Against the
idf of the rarer word this gives 0.7 points of nDCG@10 over all tasks, and 2.4 on questions typed without marks.
Counting the pair itself in the index would give 0.1 more, but costs a pass over the positions of both words.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np

from search.engines.port import Pair, Sought
from search.lexicon.lexicon import Lexicon
from search.planning.clauses import QueryWord
from search.text.spelling import unmarked

#: Articles per occurrence of a pair: the median over the pairs of 2,000 queries is 0.4 to 1, by frequency.
ARTICLES_PER_OCCURRENCE: Final = 0.7
#: Articles with a pair that the sample does not have, at least.
LEAST: Final = 3.0
#: Share of the rarer word's articles that have a pair of words the lexicon does not keep (numbers, codes).
UNKNOWN_SHARE: Final = 0.05

#: Readings of so much weight are looked for in titles.
IN_TITLE: Final = 0.4


class PairFrequency:
    """Estimates from the lexicon's pairs how many articles have two folded words side by side."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.occurrences = lru_cache(maxsize=5_000)(self._occurrences)
        self.share = lru_cache(maxsize=5_000)(self._share)

    def expected(self, left: str, right: str, rarer: float) -> float:
        """Return the expected number of articles with a folded pair; never more than have the rarer word."""
        found = self.occurrences(left, right)
        expected = rarer * UNKNOWN_SHARE if found is None else found * ARTICLES_PER_OCCURRENCE
        return min(max(expected, LEAST), rarer)

    def _share(self, left: str, right: str) -> float:
        """Return which share of a folded pair's occurrences has these tone keys; one without marks is every variant.

        0 where the archive's sample does not have the pair.
        """
        lefts, rights = (self._lexicon.numbers(unmarked(key)) for key in (left, right))
        counts = self._lexicon.pair_counts(np.array([*lefts.values()], int), np.array([*rights.values()], int))
        if not (total := counts.sum()):
            return 0.0
        rows, columns = (
            [typed in (key, unmarked(typed)) for key in numbers]
            for typed, numbers in ((left, lefts), (right, rights))
        )
        return float(counts[rows][:, columns].sum() / total)

    def _occurrences(self, left: str, right: str) -> float | None:
        """Return how often two folded words stand side by side in the archive, None if it does not know one of them."""
        lefts, rights = self._lexicon.numbers(left), self._lexicon.numbers(right)
        if not lefts or not rights:
            return None
        counts = self._lexicon.pair_counts(np.array([*lefts.values()]), np.array([*rights.values()]))
        return float(counts.sum()) / self._lexicon.sampled


def sought(words: Sequence[QueryWord]) -> list[Sought]:
    """Return the words as they are looked for in the best articles: of the likeliest readings."""
    return [
        Sought(
            (corrected or reading.best).fold, clause.boost, clause.df or 0.0,
            tuple([term.text for term in clause.terms if term.form == "key" and term.weight >= IN_TITLE]),
        )
        for clause, reading, corrected, _ in words
    ]  # fmt: skip


def pairs(words: Sequence[Sought], frequency: PairFrequency, weight: float) -> tuple[Pair, ...]:
    """Return the neighbouring words as pairs, each pair once; of one with two readings, as the last says."""
    found = {}
    for left, right in pairwise(words):
        expected = frequency.expected(left.text, right.text, min(left.df, right.df))
        found[left.text, right.text] = Pair(left.text, right.text, weight, expected)
    return tuple(found.values())
