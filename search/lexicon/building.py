"""Build the lexicon: the vocabulary comes from the engine, neighbours are counted on a sample of the text.

The sample holds the articles whose id hashes below a limit that is halved whenever more than `budget` words
are kept: memory is bounded (4 bytes a word), and the sample depends on the set of articles alone, not on
their order or on how many builds led to it.
"""

from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from search.article import Article
from search.engines.base import Reader
from search.lexicon import files
from search.text.fold import TONE_SEPARATOR, fold, letters_of, tone_key
from search.text.tokens import WORDS

#: Words whose neighbours are counted; more changes nothing for restoration and costs build time.
SAMPLE_BUDGET: Final = 16_000_000
#: A table pruned to this many pairs loses nothing (measured on 50,000 articles, 12 million pairs).
MAX_PAIRS: Final = 465_000
MAX_WORDS: Final = 200_000
LONGEST_WORD: Final = 24
_NO_WORD: Final = 0


class _Ids(dict[str, int]):
    """Numbers for tone keys, found by the word as written; words that are no letters share number 0."""

    def __init__(self) -> None:
        self.keys_seen: dict[str, int] = {"": _NO_WORD}

    def __missing__(self, word: str) -> int:
        if not word.isalpha() or len(word) > LONGEST_WORD:
            return _NO_WORD
        number = self.keys_seen.setdefault(tone_key(word), len(self.keys_seen))
        self[word] = number
        return number


class LexiconBuilder:
    """Takes articles as they pass to the engine, and writes the lexicon when the engine's index is ready."""

    def __init__(self, budget: int = SAMPLE_BUDGET) -> None:
        self._budget = budget
        self._limit = 1 << 32
        self._ids = _Ids()
        self._sample: list[tuple[int, NDArray[np.uint32]]] = []
        self._kept = 0

    def add(self, article: Article) -> None:
        """Count an article in, if it belongs to the sample."""
        rank = crc32(article.id.encode())
        if rank >= self._limit:
            return
        words = [*WORDS.findall(article.title), "\n", *WORDS.findall(article.body), "\n"]
        numbers = np.fromiter(map(self._ids.__getitem__, words), np.uint32, len(words))
        self._sample.append((rank, numbers))
        self._kept += len(numbers)
        while self._kept > self._budget:
            self._limit >>= 1
            self._sample = [entry for entry in self._sample if entry[0] < self._limit]
            self._kept = sum(len(numbers) for _, numbers in self._sample)

    def write(self, directory: Path, reader: Reader) -> None:
        """Write the lexicon of everything added to the new `directory`; `reader` has the finished index."""
        directory.mkdir(parents=True, exist_ok=True)
        words = vocabulary(reader)
        stream = np.concatenate([numbers for _, numbers in self._sample]) if self._sample else np.zeros(1, np.uint32)
        renumber = np.full(len(self._ids.keys_seen), -1, np.int64)
        place = {key: at for at, (_, key, _, _) in enumerate(words)}
        for key, number in self._ids.keys_seen.items():
            renumber[number] = place.get(key, -1)
        numbers = renumber[stream]
        seen = np.bincount(numbers[numbers >= 0], minlength=len(words))
        codes, counts = _pairs(numbers, len(words))
        files.write(directory, words, seen, codes, counts)


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


def _pairs(numbers: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the most frequent pairs of neighbours as codes (left x size + right, ascending) and counts."""
    left, right = numbers[:-1], numbers[1:]
    codes, counts = np.unique((left * size + right)[(left >= 0) & (right >= 0)], return_counts=True)
    if len(codes) > MAX_PAIRS:
        least = np.partition(counts, len(counts) - MAX_PAIRS)[len(counts) - MAX_PAIRS]
        kept = counts > least
        room = MAX_PAIRS - int(kept.sum())
        kept[np.flatnonzero(counts == least)[:room]] = True
        codes, counts = codes[kept], counts[kept]
    return codes, counts
