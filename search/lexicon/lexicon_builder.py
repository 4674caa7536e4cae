"""Build the lexicon: the vocabulary comes from the engine, neighbours are counted on a sample of the text."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from search.article import Article
from search.engines.port import Reader
from search.lexicon import files
from search.lexicon.sample import LONGEST_WORD, SAMPLE_BUDGET, Part, Sample, count
from search.text.fold import TONE_SEPARATOR, fold, letters_of

#: A table pruned to this many pairs loses nothing (measured on 50,000 articles, 12 million pairs).
MAX_PAIRS: Final = 465_000
MAX_WORDS: Final = 200_000
#: Articles that are read back together where a sample must be counted afresh.
_BLOCK: Final = 500


class LexiconBuilder:
    """Takes what was counted of articles, and writes the lexicon when the engine's index is ready."""

    def __init__(self, budget: int = SAMPLE_BUDGET) -> None:
        self._budget = budget
        self._sample = Sample(budget)

    @property
    def top(self) -> int:
        """The highest level of articles whose words need to be counted."""
        return self._sample.top

    def join(self, part: Part) -> None:
        """Count articles in, those that belong to the sample."""
        self._sample.join(part)

    def change(self, base: Path, gone: Iterable[Article], added: Iterable[Article], reader: Reader) -> None:
        """Take over the lexicon `base`, less and more some articles.  Raises IndexDamaged.

        Counts are exact.  Where the sample takes in another share of the articles than before (it halves and doubles
        as the archive grows and shrinks), it is counted afresh from all articles of `reader`, the finished index.
        """
        self._sample = Sample.read(base)
        if self._sample.change(gone, added):
            return
        self._sample = Sample(self._budget)
        for first in range(0, reader.count, _BLOCK):
            articles = reader.cards(range(first, min(first + _BLOCK, reader.count)))
            self._sample.join(count(articles, self._sample.top))

    def write(self, directory: Path, reader: Reader) -> None:
        """Write the lexicon of everything added to the new `directory`; `reader` has the finished index."""
        directory.mkdir(parents=True, exist_ok=True)
        words = vocabulary(reader)
        counts, keys = self._sample.counts(), self._sample.keys
        place = {key: at for at, (_, key, _, _) in enumerate(words)}
        renumber = np.fromiter((place.get(key, -1) for key in keys), np.int64, len(keys))
        counted = np.flatnonzero(renumber[: len(counts.words)] >= 0)
        seen = np.zeros(len(words), np.int64)
        seen[renumber[counted]] = counts.words[counted]
        left, right = renumber[counts.pairs >> 32], renumber[counts.pairs & 0xFFFFFFFF]
        both = (left >= 0) & (right >= 0)
        files.write(directory, words, seen, *_pairs((left * len(words) + right)[both], counts.times[both]))
        self._sample.write(directory)


def vocabulary(reader: Reader) -> list[tuple[str, str, int, int]]:
    """Return (folded form, tone key, df, cf) of the archive's words, sorted by form and key."""
    least = 2 if reader.count >= 2_000 else 1
    words = [
        (df, key, cf)
        for key, df, cf in reader.terms("key")
        if df >= least and len(key) <= LONGEST_WORD and key.partition(TONE_SEPARATOR)[0].isalpha()
    ]
    if len(words) > MAX_WORDS:
        words = sorted(words, reverse=True)[:MAX_WORDS]
    return sorted((fold(letters_of(key)), key, df, cf) for df, key, cf in words)


def _pairs(codes: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the most frequent pairs of neighbours as codes (left x size + right, ascending) and counts."""
    order = np.argsort(codes)
    codes, counts = codes[order], counts[order]
    if len(codes) > MAX_PAIRS:
        least = np.partition(counts, len(counts) - MAX_PAIRS)[len(counts) - MAX_PAIRS]
        kept = counts > least
        room = MAX_PAIRS - int(kept.sum())
        kept[np.flatnonzero(counts == least)[:room]] = True
        codes, counts = codes[kept], counts[kept]
    return codes, counts
